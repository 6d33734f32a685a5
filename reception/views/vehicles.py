"""Vehicles, their drivers and readings."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dealer_crm.access.permissions import Permission
from dealer_crm.ui.paging import keyset_page
from dealer_crm.values.phone import national_phone
from reception import actions, forms, queries
from reception.models import Customer, Vehicle, VehicleDriver
from reception.views.acting import act
from reception.views.customers import say_if_asked, store_of


def vehicle_list(request):
    """The cars that come; dormant ones are packed away under a tab of their own, and found by searching."""
    found = forms.VehicleFilter(request.GET, queries.vehicles_visible_to(request.user), request=request)
    before = queries.dormant_before(request.user.store, timezone.now())
    is_dormant, is_sought = "dormant" in request.GET, request.GET.get("q") or request.GET.get("owner")
    rows = found.qs.dormant(before) if is_dormant else found.qs if is_sought else found.qs.active(before)
    page = {
        "filter_form": found.form,
        "page": keyset_page(rows, request.GET, order=("-pk",)),
        "may_change": request.user.can(Permission.VEHICLE_CHANGE),
        "is_dormant": is_dormant,
        "dormant_before": before,
    }
    return render(request, "reception/vehicles.html" + ("#rows" if request.htmx else ""), page)


def vehicle(request, pk):
    vehicle = get_object_or_404(
        Vehicle.objects.visible_to(request.user)
        .select_related("owner", "store", "merged_into")
        .prefetch_related("owner__phones", "drivers"),
        pk=pk,
    )
    if vehicle.merged_into_id:
        messages.info(request, _("%(plate)s was merged into this vehicle.") % {"plate": vehicle.plate})
        return redirect(_page_of(vehicle.merged_into))
    page = {
        "vehicle": vehicle,
        "waiting": queries.waiting_changes(vehicle),
        "visits": queries.visits_of(vehicle, request.user)[:50],
        "suggestions": queries.suggestions_of(vehicle, request.user)[:30],
        "may_suggest": request.user.can(Permission.SUGGESTION_CHANGE),
        "readings": vehicle.readings.select_related("order", "read_by")[:20],
        "story": queries.story_of(vehicle, *vehicle.merged.all()),
        "may_change": request.user.can(Permission.VEHICLE_CHANGE),
        "may_decide": request.user.can(Permission.CUSTOMER_APPROVE),
        "may_reveal": request.user.can(Permission.PHONE_REVEAL),
        "may_take_in": request.user.can(Permission.ORDER_CREATE),
        "today": timezone.localdate(),
    }
    return render(request, "reception/vehicle.html", page)


def vehicle_new(request):
    owner = Customer.objects.visible_to(request.user).filter(pk=_number(request.GET.get("owner"))).first()
    initial = {"owner": owner.code} if owner else {}
    form = forms.NewVehicleForm(request.POST or None, staff=request.user, initial=initial)

    def deed(expected_version=None, **given):
        return actions.create_vehicle(by=request.user, at=timezone.now(), store=store_of(request.user), **given)

    return act(
        request, form, deed, title=_("New vehicle"), submit=_("Save"), back=reverse("reception:vehicles"), to=_page_of
    )


def vehicle_edit(request, pk):
    vehicle = get_object_or_404(Vehicle.objects.visible_to(request.user).select_related("owner"), pk=pk)
    form = forms.VehicleForm(request.POST or None, instance=vehicle, staff=request.user)

    def deed(**given):
        at = timezone.now()
        changed = actions.change_vehicle(vehicle=vehicle, by=request.user, at=at, **given)
        say_if_asked(request, vehicle, at)
        return changed

    return act(request, form, deed, title=vehicle.plate, submit=_("Save"), to=_page_of(vehicle))


# ── Drivers ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def driver_new(request, pk):
    vehicle = get_object_or_404(Vehicle.objects.visible_to(request.user), pk=pk)
    form = forms.DriverForm(request.POST or None)

    def deed(**given):
        return actions.add_driver(vehicle=vehicle, by=request.user, at=timezone.now(), **given)

    return act(request, form, deed, title=_("Another driver"), submit=_("Save"), to=_page_of(vehicle))


@require_POST
def driver_remove(request, pk):
    driver = _driver(request, pk)
    actions.remove_driver(driver=driver, by=request.user, at=timezone.now())
    return redirect(_page_of(driver.vehicle))


@require_POST
def driver_reveal(request, pk):
    """The driver's whole number, once, for a reason that is kept."""
    driver = _driver(request, pk)
    reason = request.POST.get("reason", "")
    number = actions.reveal_driver_phone(driver=driver, reason=reason, by=request.user, at=timezone.now())
    page = {"title": driver.name, "back": _page_of(driver.vehicle), "number": number, "shown": national_phone(number)}
    return render(request, "reception/phone.html" + ("#number" if request.htmx else ""), page)


def _driver(request, pk) -> VehicleDriver:
    drivers = VehicleDriver.objects.filter(vehicle__in=Vehicle.objects.visible_to(request.user))
    return get_object_or_404(drivers.select_related("vehicle__store"), pk=pk)


def _page_of(vehicle) -> str:
    return reverse("reception:vehicle", args=[vehicle.pk])


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 19 else None
