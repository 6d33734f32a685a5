"""服务请求: the list, taking one down, one with its story, what a person answers, the figures, the public form."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from callback import actions, queries
from callback.forms.requests import (
    ActivityForm,
    CloseForm,
    PartRows,
    PublicRequestForm,
    RequestFilter,
    RequestForm,
    RequestHandOnForm,
    parts_said,
)
from callback.models import Contact, ServiceRequest
from callback.views.day import bounds
from complaints.queries import hits_of, store_of_token, whose
from dealer_crm.access.pace import asks_too_often
from dealer_crm.access.permissions import Permission
from dealer_crm.journal.queries import entries_about
from dealer_crm.journal.verbs import words_for
from dealer_crm.organization.models import Staff
from dealer_crm.organization.queries import store_of
from dealer_crm.ui.fields import month_asked
from dealer_crm.ui.paging import keyset_page
from dealer_crm.ui.posted import valid, version_of
from dealer_crm.ui.stores import store_asked
from dealer_crm.values import Period, Refusal
from dealer_crm.values.phone import national_phone
from reception.models import Customer, Vehicle
from reception.queries.agreements import agreements_for

NEWEST_FIRST = ("-received_at", "-pk")
# Sent and asked for from one address in ten minutes, as with the public form of complaints.
MOST_SENT, MOST_ASKED, SPAN = 5, 60, 600


# ── Lists ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def request_list(request):
    now = timezone.now()
    form = RequestFilter(
        request.GET, people=_people_visible(request.user), agreements=queries.agreements_asked_under(request.user)
    )
    said = dict(form.cleaned_data) if form.is_valid() else {}
    begin, until = bounds(request.user.store, said.pop("first", None), said.pop("last", None))
    rows = queries.requests_matching(request.user, at=now, begin=begin, until=until, **said)
    context = {
        "filter_form": form,
        "page": keyset_page(rows, request.GET, order=NEWEST_FIRST),
        "now": now,
        "shows_store": request.user.sees_all_stores,
        "may_create": request.user.can(Permission.SERVICE_REQUEST_CREATE) and request.user.store_id,
    }
    return render(request, "callback/requests.html#rows" if request.htmx else "callback/requests.html", context)


def mine(request):
    """What this person has to answer or to finish."""
    context = {
        "rows": queries.my_requests(request.user),
        "now": timezone.now(),
        "may_create": request.user.can(Permission.SERVICE_REQUEST_CREATE),
    }
    return render(request, "callback/my_requests.html", context)


def figures(request):
    """A month by problem, agreement, part and person; every count leads to its requests."""
    now = timezone.now()
    store = store_asked(request)
    period, form = month_asked(request.GET, Period.of(now, store.tz))
    begin, until = period.bounds(store.tz)
    context = {
        "form": form, "period": period, "store": store,
        "total": queries.request_figures(store, begin, until, at=now)[0],
        "tables": [
            (name, label, queries.request_figures(store, begin, until, at=now, by=name))
            for name, label in (
                ("kind", _("By what is wanted")), ("problem", _("By problem")), ("agreement", _("By agreement")),
                ("person", _("By person")),
            )
        ],
        "parts": queries.parts_asked_for(store, begin, until),
    }  # fmt: skip
    return render(request, "callback/request_figures.html", context)


# ── Taking one down ──────────────────────────────────────────────────────────────────────────────────────────────────
def request_new(request):
    """Take a request down; `?customer=`, `?vehicle=`, `?contact=` fill in whose it is."""
    store, now = store_of(request.user), timezone.now()
    is_sent = request.method == "POST"
    form = RequestForm(
        request.POST if is_sent else None, staff=request.user, people=_people(store), initial=_initial(request)
    )
    rows = PartRows(request.POST if is_sent else None, prefix="parts")
    if is_sent and all([form.is_valid(), rows.is_valid()]):
        try:
            made = actions.take_request(
                store=store, **form.cleaned_data, parts=parts_said(rows), by=request.user, at=now
            )
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("Request %(number)s is taken down.") % {"number": made.number})
            return redirect("callback:request", made.pk)
    context = {"form": form, "rows": rows}
    context |= _whose(request, store, form["customer"].value(), form["vehicle"].value())
    return render(request, "callback/request_new.html", context, status=422 if is_sent else 200)


@require_safe
def lookup(request):
    """`?q=`: what is found of what is being typed. Else the customer or car that was picked, and what is agreed."""
    if "q" in request.GET:
        found = hits_of(request.user, request.GET["q"], at=timezone.now())
        return render(request, "callback/request_new.html#hits", {"hits": found, "asked": request.GET["q"].strip()})
    known = whose(request.user, **{name: request.GET.get(name, "") for name in ("plate", "customer")})
    context = _whose(
        request, store_of(request.user), getattr(known.customer, "pk", ""), getattr(known.vehicle, "pk", "")
    )
    return render(request, "callback/request_new.html#picked", context)


def _initial(request) -> dict:
    given = {name: request.GET[name] for name in ("customer", "vehicle", "kind") if request.GET.get(name, "").strip()}
    if (pk := request.GET.get("contact", "")).isdecimal():
        contact = get_object_or_404(Contact.objects.visible_to(request.user), pk=pk)
        given |= {
            "contact": contact.pk, "customer": contact.customer_id, "vehicle": contact.vehicle_id,
            "description": contact.note or contact.facts.get("asked") or contact.facts.get("fault", ""),
            "kind": "rescue" if contact.category == "rescue" else "enquiry", "place": contact.facts.get("area", ""),
        }  # fmt: skip
    return given


def _whose(request, store, customer, vehicle) -> dict:
    """The customer and car of these keys as far as the person may know of them, and the agreement that answers them."""
    customer = _one(Customer.objects.visible_to(request.user), customer)
    vehicle = _one(Vehicle.objects.visible_to(request.user).select_related("owner"), vehicle)
    customer = customer or getattr(vehicle, "owner", None)
    now = timezone.now()
    return {
        "customer": customer,
        "vehicle": vehicle,
        "cars": list(customer.vehicles.order_by("plate")[:8]) if customer and not vehicle else [],
        "agreement": queries.agreement_answering(store, customer, vehicle, at=now),
        "agreements": list(agreements_for(vehicle, store, on=now.astimezone(store.tz).date())) if vehicle else [],
    }


def _one(rows, pk):
    return rows.filter(pk=pk).first() if str(pk or "").isdecimal() else None


# ── One request ──────────────────────────────────────────────────────────────────────────────────────────────────────
def service_request(request, pk):
    """One request with what is known, what was done, and what may be done now."""
    found, now = _visible(request, pk), timezone.now()
    leads = request.user.can(Permission.SERVICE_REQUEST_LEAD)
    works = found.is_open and (leads or request.user.pk in (found.person_id, found.entered_by_id))
    handing = {"department": found.department, "person": found.person_id}
    context = {
        "request_": found,
        "now": now,
        "activities": found.activities.select_related("by"),
        "parts": found.parts.all(),
        "call": queries.call_about(found),
        "story": [
            {"at": entry.at, "text": words_for(entry.verb), "by": entry.by_name, "detail": entry.note}
            for entry in entries_about(found).order_by("id")
        ],
        "works": works,
        "may_list": request.user.can(Permission.SERVICE_REQUEST_VIEW),
        "may_see_calls": request.user.can(Permission.CALL_VIEW),
        "may_name": leads and found.is_open and found.customer_id is None,
        "log_form": ActivityForm() if works else None,
        "part_rows": PartRows(prefix="parts") if works else None,
        "close_form": CloseForm() if works and found.state == "answered" else None,
        "hand_on_form": RequestHandOnForm(people=_people(found.store), initial=handing) if works and leads else None,
    }
    return render(request, "callback/request.html", context)


@require_POST
def log(request, pk):
    found, rows = _visible(request, pk), PartRows(request.POST, prefix="parts")
    said = valid(ActivityForm(request.POST))
    if not rows.is_valid():
        raise Refusal(_("A part needs its name and how many."), field="parts")
    actions.log_activity(request=found, **said, parts=parts_said(rows), **_by(request))
    messages.success(request, _("It is written down."))
    return redirect("callback:request", pk)


@require_POST
def hand_on(request, pk):
    found = _visible(request, pk)
    said = valid(RequestHandOnForm(request.POST, people=_people(found.store)))
    actions.hand_on_request(request=found, **said, **_by(request))
    messages.success(request, _("The request is handed on."))
    return redirect("callback:request", pk)


@require_POST
def named(request, pk):
    """Whose request it is, by the plate or the number of the customer typed."""
    found = _visible(request, pk)
    known = whose(request.user, plate=request.POST.get("plate", ""), customer=request.POST.get("customer", ""))
    if known.customer is None:
        raise Refusal(_("No customer is found of it; enter the customer first."), field="plate", code="not_found")
    actions.name_customer_of_request(request=found, customer=known.customer, vehicle=known.vehicle, **_by(request))
    messages.success(request, _("The request is %(customer)s's.") % {"customer": known.customer})
    return redirect("callback:request", pk)


@require_POST
def close(request, pk):
    actions.close_request(request=_visible(request, pk), **valid(CloseForm(request.POST)), **_by(request))
    messages.success(request, _("The request is closed; a call follows."))
    return redirect("callback:request", pk)


@require_POST
def withdraw(request, pk):
    actions.withdraw_request(request=_visible(request, pk), reason=request.POST.get("reason", ""), **_by(request))
    messages.success(request, _("The service request is withdrawn."))
    return redirect("callback:request", pk)


@require_POST
def phone(request, pk):
    number = actions.reveal_requester(request=_visible(request, pk), by=request.user, at=timezone.now())
    return render(request, "callback/request.html#number", {"number": national_phone(number), "dial": number})


# ── From outside ─────────────────────────────────────────────────────────────────────────────────────────────────────
def ask(request, token):
    """Ask us for something. Public: nothing of the house is shown but its name."""
    store, is_sent = store_of_token(token), request.method == "POST"
    if store is None:
        return _end(request, None, "forged", 404)
    if asks_too_often(request, "request-form", most=MOST_ASKED, span=SPAN):
        return _end(request, store, "busy", 429)
    form = PublicRequestForm(request.POST if is_sent else None)
    if is_sent and form.is_valid():
        if form.cleaned_data["website"]:
            return _end(request, store, "thanks", 200)  # a machine: it need not know
        if asks_too_often(request, "request-sent", most=MOST_SENT, span=SPAN):
            return _end(request, store, "busy", 429)
        try:
            made = actions.take_request_from_public(store=store, **form.facts(), at=timezone.now())
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            return _end(request, store, "thanks", 200, number=made.number)
    context = {"state": "open", "store": store, "form": form}
    return render(request, "callback/ask.html", context, status=422 if form.errors else 200)


def _end(request, store, state: str, status: int, number: str = ""):
    context = {"state": state, "store": store, "number": number}
    answer = render(request, "callback/ask.html", context, status=status)
    if status == 429:
        answer["Retry-After"] = SPAN
    return answer


def _visible(request, pk) -> ServiceRequest:
    return get_object_or_404(queries.requests_shown(request.user), pk=pk)


def _by(request) -> dict:
    return {"by": request.user, "at": timezone.now(), "expected_version": version_of(request)}


def _people(store):
    return Staff.objects.filter(store=store, is_active=True).order_by("work_number")


def _people_visible(staff):
    return Staff.objects.visible_to(staff).filter(is_active=True).order_by("work_number")
