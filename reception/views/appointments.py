"""The appointment book: the day, the week, one appointment and what is done with it."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from dealer_crm.access.permissions import Permission
from dealer_crm.organization.queries import store_of, stores_visible_to
from dealer_crm.ui.home import Card, Item, among
from dealer_crm.ui.posted import version_of
from dealer_crm.ui.search import Hit
from dealer_crm.values import Refusal
from reception import actions, forms, queries
from reception.choices import AppointmentState, AppointmentWay, OrderKind
from reception.formulas.identity import folded_code, plate_form
from reception.formulas.slots import ALL
from reception.models import Appointment, Customer, Vehicle
from reception.views.acting import act

CHANGED = "appointments-changed"
"""The event that tells every part of a page that shows appointments to ask again."""


# ── The book ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def appointments(request):
    """One day, hour by hour."""
    store, day, form = _asked(request)
    page = {**_of_day(request, store, day), "filter_form": form}
    template = "reception/appointments.html#book" if request.htmx else "reception/appointments.html"
    return render(request, template, page)


def appointment_week(request):
    """Seven days from the chosen one side by side: what is taken and what is free."""
    store, day, form = _asked(request)
    days = queries.days_of(store, day, day + timedelta(days=6))
    hours = sorted({slot.hour for one in days for slot in one.slots})
    page = {
        "store": store,
        "days": days,
        "rows": [(hour, [(one, one.slot_at(hour)) for one in days]) for hour in hours],
        "day": day,
        "before": day - timedelta(days=7),
        "after": day + timedelta(days=7),
        "today": _today(store),
        "filter_form": form,
        **_rights(request, store),
    }
    template = "reception/appointment_week.html#book" if request.htmx else "reception/appointment_week.html"
    return render(request, template, page)


def appointment_print(request):
    """The day's list on paper."""
    store, day, _form = _asked(request)
    ended = (AppointmentState.CANCELLED, AppointmentState.MISSED)
    coming = [one for one in queries.appointments_of_day(store, day) if one.state not in ended]
    return render(request, "reception/appointment_print.html", {"store": store, "day": day, "appointments": coming})


def appointment(request, pk):
    appointment = _visible(request, pk)
    page = {
        "appointment": appointment,
        "story": queries.story_of(appointment),
        "now": timezone.now(),
        **_rights(request, appointment.store),
    }
    template = "reception/appointment.html#page" if request.htmx else "reception/appointment.html"
    return render(request, template, page)


def customer_appointments(request, pk):
    """A customer's appointments, as a card of the pages that tell of the customer."""
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    return _card(request, request.GET.get("plate", ""), customer=customer)


def vehicle_appointments(request, pk):
    vehicle = get_object_or_404(Vehicle.objects.visible_to(request.user), pk=pk)
    return _card(request, vehicle.plate, vehicle=vehicle)


def _card(request, plate: str, **whose):
    page = {
        "appointments": queries.appointments_of(request.user, **whose)[:8],
        "plate": plate,
        "way": request.GET.get("way", ""),
        **_rights(request, request.user.store),
    }
    return render(request, "reception/appointment_card.html", page)


# ── Making and changing ──────────────────────────────────────────────────────────────────────────────────────────────
def appointment_new(request):
    store = store_of(request.user)
    form = forms.AppointmentForm(request.POST or None, store=store, initial=_wished(request, store))

    def deed(**_given):
        return actions.make_appointment(by=request.user, at=timezone.now(), store=store, **form.said(store))

    return _act(
        request, form, deed, title=_("New appointment"), submit=_("Make the appointment"), to=_page_of,
        done=_("The appointment is made."), template="reception/appointment_form.html",
        back=reverse("reception:appointments"), **_beside(request, form, store),
    )  # fmt: skip


def appointment_car(request):
    """What is known of the car whose plate is being typed."""
    store = store_of(request.user)
    form = forms.AppointmentForm(store=store, initial=_wished(request, store))
    return render(request, "reception/appointment_form.html#car", {"form": form, **_car(form)})


def appointment_hours(request):
    """The free hours of the day and for the type that is being chosen."""
    store = store_of(request.user)
    number = request.GET.get("besides", "")
    moved = _visible(request, number) if number.isdigit() else None
    form = forms.AppointmentForm(store=store, initial=_wished(request, store))
    page = {"form": form, **_hours(form, moved.store if moved else store, besides=moved)}
    return render(request, "reception/appointment_form.html#hours", page)


def appointment_change(request, pk):
    appointment = _visible(request, pk)
    names = ("kind", "advisor", "contact_name", "wishes", "version")
    form = forms.AppointmentChangeForm(
        request.POST or None, store=appointment.store, initial={name: getattr(appointment, name) for name in names}
    )

    def deed(expected_version, **_given):
        return actions.change_appointment(
            appointment=appointment, by=request.user, at=timezone.now(), expected_version=expected_version,
            **form.said(),
        )  # fmt: skip

    return _act(
        request, form, deed, title=_("Change the appointment"), submit=_("Save"), to=_page_of,
        back=_page_of(appointment),
    )  # fmt: skip


def appointment_move(request, pk):
    appointment = _visible(request, pk)
    initial = {"version": appointment.version, "kind": appointment.kind, **_wished(request, appointment.store)}
    form = forms.MoveForm(request.POST or None, initial=initial)

    def deed(expected_version, **given):
        return actions.move_appointment(
            appointment=appointment, starts_at=form.starts_at(appointment.store), reason=given["reason"],
            by=request.user, at=timezone.now(), expected_version=expected_version,
        )  # fmt: skip

    return _act(
        request, form, deed, title=_("Move to another time"), submit=_("Move the appointment"), to=_page_of,
        done=_("The appointment is moved."), template="reception/appointment_form.html",
        back=_page_of(appointment), appointment=appointment, **_hours(form, appointment.store, besides=appointment),
    )  # fmt: skip


def appointment_cancel(request, pk):
    appointment = _visible(request, pk)
    form = forms.ReasonForm(request.POST or None, initial={"version": appointment.version})

    def deed(**given):
        return actions.cancel_appointment(appointment=appointment, by=request.user, at=timezone.now(), **given)

    return _act(
        request, form, deed, title=_("Cancel the appointment"), submit=_("Cancel the appointment"), tone="danger",
        to=_page_of, done=_("The appointment is cancelled."), back=_page_of(appointment),
    )  # fmt: skip


@require_POST
def appointment_confirm(request, pk):
    return _done(request, actions.confirm_appointment, _visible(request, pk), _("The appointment is confirmed."))


@require_POST
def appointment_miss(request, pk):
    return _done(request, actions.miss_appointment, _visible(request, pk), _("Noted as missed."))


def slot_places(request):
    """How many cars each hour of the week takes, from a day on."""
    store = store_of(request.user)
    today = _today(store)
    kind = request.GET.get("kind", ALL) if request.GET.get("kind") in OrderKind.values else ALL
    on = _day_in(request.GET.get("on"), today)
    week = queries.week_places(store, kind, on=on)
    form = forms.SlotPlacesForm(request.POST or None, week=week, kind=kind, initial={"starts_on": max(on, today)})
    if request.method == "POST" and form.is_valid() and _set_places(request, form, store, kind):
        return redirect(f"{reverse('reception:slot_places')}?kind={kind}&on={form.cleaned_data['starts_on']}")
    page = {"form": form, "kind": kind, "week": week, "on": on, "kinds": OrderKind.choices, "store": store}
    return render(request, "reception/slot_places.html", page, status=422 if request.method == "POST" else 200)


def _set_places(request, form, store, kind) -> bool:
    try:
        changed = actions.set_slot_places(
            store=store, kind=kind, places=form.places(), starts_on=form.cleaned_data["starts_on"], by=request.user,
            at=timezone.now(),
        )  # fmt: skip
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return False
    messages.success(request, _("%(count)d hours of the week are changed.") % {"count": changed})
    return True


# ── First page and search box ────────────────────────────────────────────────────────────────────────────────────────
@among(lambda staff, at: queries.expected_today(staff, at))
def appointments_card(staff, at, coming) -> Card | None:
    """First page of those who make appointments: who is still expected today."""
    items = [
        Item(
            f"{one.starts_at.astimezone(staff.store.tz):%H:%M} {one.plate} {one.contact_name}",
            str(one.get_state_display()),
            _page_of(one),
            "warning" if one.starts_at < at else one.tone,
        )
        for one in coming.first(8)
    ]
    return Card(_("Expected today"), items, url=reverse("reception:appointments"), count=coming.count, tone="info")


def find_appointments(staff, query) -> list[Hit]:
    return [
        Hit(
            f"{timezone.localtime(one.starts_at):%m-%d %H:%M} {one.plate}",
            f"{one.contact_name} {one.get_kind_display()} {one.get_state_display()}",
            _page_of(one),
        )
        for one in queries.appointments_found(staff, query, timezone.now())
    ]


# ── What they share ──────────────────────────────────────────────────────────────────────────────────────────────────
def _act(request, form, deed, **shown):
    """As `act`; in a dialog the page below stays, and whatever on it shows appointments asks again."""
    answer = act(request, form, deed, **shown)
    return _told() if request.htmx and answer.status_code == 302 else answer


def _done(request, deed, appointment: Appointment, said: str):
    """One press, one act; the version the person has seen comes with it."""
    deed(appointment=appointment, by=request.user, at=timezone.now(), expected_version=version_of(request))
    messages.success(request, said)
    return _told() if request.htmx else redirect(_page_of(appointment))


def _told() -> HttpResponse:
    return trigger_client_event(trigger_client_event(HttpResponse(status=204), "close-dialog"), CHANGED)


def _visible(request, pk) -> Appointment:
    return get_object_or_404(queries.appointments_visible_to(request.user), pk=pk)


def _page_of(appointment: Appointment) -> str:
    return reverse("reception:appointment", args=[appointment.pk])


def _rights(request, store) -> dict:
    """What of the book this person may write, in a store."""
    is_own = store is not None and request.user.store_id == store.pk
    return {
        "may_change": is_own and request.user.can(Permission.APPOINTMENT_CHANGE),
        "may_take_in": is_own and request.user.can(Permission.ORDER_CREATE),
        "may_set_places": is_own and request.user.can(Permission.SLOT_CHANGE),
    }


def _asked(request):
    """The store and day a page was asked for, with the form to ask for others."""
    stores = stores_visible_to(request.user) if request.user.sees_all_stores else None
    form = forms.DayForm(request.GET or None, stores=stores)
    said = form.cleaned_data if form.is_valid() else {}
    store = said.get("store") or request.user.store or (stores.order_by("code").first() if stores else None)
    if store is None:
        raise Refusal(_("There is no store yet."), code="no_store")
    day = said.get("day") or _today(store)
    chosen = {"day": day, "store": store.code}
    return store, day, forms.DayForm(chosen, stores=stores)


def _today(store) -> date:
    return timezone.localdate(timezone=store.tz)


def _day_in(text: str | None, default: date) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return default


def _of_day(request, store, day: date) -> dict:
    booked, now = list(queries.appointments_of_day(store, day)), timezone.now()
    book = queries.day_of(store, day)
    states = [one.state for one in booked]
    return {
        "store": store,
        "day": day,
        "book": book,
        "hours": queries.by_hour(book, booked, store.tz),
        "expected": sum(one.is_expected for one in booked),
        "arrived": states.count(AppointmentState.ARRIVED),
        "missed": states.count(AppointmentState.MISSED),
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "today": _today(store),
        "now": now,
        **_rights(request, store),
    }


def _wished(request, store) -> dict:
    """What the address says of the appointment that is wanted; where it names no day, the next one with room."""
    given = request.POST if request.method == "POST" else request.GET
    names = ("plate", "kind", "time", "way", "contact_name")
    wished = {name: given[name] for name in names if given.get(name)}
    if wished.get("kind") not in OrderKind.values:
        wished.pop("kind", None)
    if wished.get("way") not in AppointmentWay.values:
        wished.pop("way", None)
    if given.get("day"):
        return {**wished, "day": _day_in(given["day"], _today(store))}
    kind = wished.get("kind", OrderKind.MAINTENANCE)
    free = queries.free_times(store, kind, after=timezone.now(), count=1)
    return {**wished, "day": free[0].astimezone(store.tz).date() if free else _today(store)}


def _beside(request, form, store) -> dict:
    return {**_car(form), **_hours(form, store)}


def _car(form) -> dict:
    """The known car of the plate, or that nobody knows it."""
    plate = folded_code(form["plate"].value() or "")
    vehicle = queries.vehicle_at_gate(plate) if plate else None
    return {
        "plate": plate,
        "is_wrong": bool(plate) and plate_form(plate) is None,
        "vehicle": vehicle,
        "phone_shown": queries.owners_phone_shown(vehicle),
    }


def _hours(form, store, *, besides=None) -> dict:
    """The hours of the chosen day with what is free for the chosen type."""
    value = form["day"].value()
    day = value if isinstance(value, date) else _day_in(value, _today(store))
    kind = besides.kind if besides else form["kind"].value() or OrderKind.MAINTENANCE
    book, now = queries.day_of(store, day, besides=besides), timezone.now()
    chosen = str(form["time"].value() or "")[:5]
    is_today, clock = day == _today(store), now.astimezone(store.tz).time()
    choices = [(f"{slot.begins:%H:%M}", slot.free_for(kind), is_today and slot.begins <= clock) for slot in book.slots]
    return {"hours": choices, "book": book, "chosen": chosen, "besides": besides}
