"""The gate: from the plate to an open order."""

from datetime import timedelta

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.access.permissions import Permission
from dealer_crm.organization.queries import figure
from dealer_crm.values import Refusal
from reception import actions, queries
from reception.forms import IntakeForm
from reception.formulas.identity import folded_code, plate_form
from reception.settings import USUAL_STAY_HOURS
from reception.views.acting import attempt


def intake(request):
    now = timezone.now()
    _refuse_without_store(request.user)
    vehicle = queries.vehicle_at_gate(folded_code(request.POST.get("plate") or request.GET.get("plate", "")))
    form = IntakeForm(request.POST or None, staff=request.user, vehicle=vehicle, initial=_proposed(request, now))
    if request.method == "POST" and form.is_valid():
        order = attempt(form, lambda: _take_in(request.user, now, form, vehicle))
        if order is not None:
            messages.success(request, _("Order %(number)s is open.") % {"number": order.number})
            return redirect("reception:order", order.pk)
    page = {"form": form, **_at_the_gate(request.user, form, vehicle)}
    return render(request, "reception/intake.html", page, status=422 if request.method == "POST" else 200)


def intake_lookup(request):
    """What is known of the car whose plate is being typed."""
    _refuse_without_store(request.user)
    vehicle = queries.vehicle_at_gate(folded_code(request.GET.get("plate", "")))
    form = IntakeForm(None, staff=request.user, vehicle=vehicle, initial=_proposed(request, timezone.now()))
    return render(request, "reception/intake.html#car", {"form": form, **_at_the_gate(request.user, form, vehicle)})


def _take_in(staff, now, form: IntakeForm, vehicle):
    given = {"by": staff, "at": now, "store": staff.store, **form.of_order()}
    if vehicle:
        return actions.open_order(vehicle=vehicle, **given)
    return actions.take_in_new_car(
        plate=form.cleaned_data["plate"], car=form.of_new_car(), customer=form.of_customer(), **given
    )


def _proposed(request, now) -> dict:
    """What most intakes say; the advisor changes the rest."""
    staff = request.user
    hours = figure(USUAL_STAY_HOURS, store=staff.store, on=timezone.localdate(now))
    half_hour = timedelta(minutes=30)
    promised = timezone.localtime(now) + timedelta(hours=float(hours)) + half_hour
    promised = promised.replace(minute=promised.minute // 30 * 30, second=0, microsecond=0)
    return {
        "plate": request.GET.get("plate", ""),
        "advisor": staff if staff.can(Permission.ORDER_CREATE) else None,
        "promised_at": promised,
    }


def _at_the_gate(staff, form: IntakeForm, vehicle) -> dict:
    """What the page tells about the car: its last visits here, an order that is open, or that nobody knows it."""
    plate = folded_code(form.data.get("plate", "") if form.is_bound else form.initial.get("plate", ""))
    if vehicle is None:
        return {"plate": plate, "vehicle": None, "is_wrong": bool(plate) and plate_form(plate) is None}
    visits = list(queries.visits_of(vehicle, staff)[:5])
    return {
        "plate": plate,
        "vehicle": vehicle,
        "visits": visits,
        "open_order": next((order for order in visits if order.is_in_shop), None),
        "is_from_elsewhere": vehicle.store_id != staff.store_id and not visits,
    }


def _refuse_without_store(staff) -> None:
    if staff.store is None:
        raise Refusal(_("Cars are taken in by people who belong to a store."))
