"""The gate: from the plate to an open order."""

from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.access.permissions import Permission
from dealer_crm.organization.queries import figure
from dealer_crm.values import Refusal
from reception import actions, queries
from reception.choices import SignedPaper
from reception.forms import IntakeForm, IntakeLines, WalkRoundSheet
from reception.formulas.catalogue import finished_at
from reception.formulas.identity import folded_code, plate_form
from reception.models import Appointment, Vehicle
from reception.queries.visits import car_parts
from reception.settings import HOURLY_RATE, USUAL_STAY_HOURS
from reception.views.acting import attempt


@dataclass(frozen=True)
class Arrival:
    """Who stands at the gate: the plate as typed, the car of that plate, what it was expected for."""

    plate: str
    vehicle: Vehicle | None
    appointment: Appointment | None


def intake(request):
    now = timezone.now()
    _refuse_without_store(request.user)
    arrival = _arrival(request.user, request.POST or request.GET, now)
    posted, initial = request.POST or None, _proposed(request.user, arrival, now)
    form = IntakeForm(
        posted, request.FILES or None, staff=request.user, at=now, vehicle=arrival.vehicle, initial=initial
    )
    lines, sheet = IntakeLines(posted), WalkRoundSheet(posted)
    if request.method == "POST" and all([form.is_valid(), lines.is_valid(), sheet.is_valid()]):
        order = attempt(form, lambda: _take_in(request.user, now, arrival, form, lines, sheet))
        if order is not None:
            messages.success(request, _("Order %(number)s is open.") % {"number": order.number})
            if request.POST.get("then") == "sign" and not form.cleaned_data["is_draft"]:
                return redirect("reception:order_sign", order.pk, SignedPaper.ORDER)
            return redirect("reception:order", order.pk)
    page = {
        "form": form, "lines": lines.formset, "sheet": sheet, "car_parts": car_parts(),
        "may_sign": request.user.can(Permission.SIGNATURE_TAKE), **_at_the_gate(request.user, form, arrival, now),
    }  # fmt: skip
    return render(request, "reception/intake.html", page, status=422 if request.method == "POST" else 200)


def intake_lookup(request):
    """What is known of the car whose plate is being typed."""
    now = timezone.now()
    _refuse_without_store(request.user)
    arrival = _arrival(request.user, request.GET, now)
    initial = _proposed(request.user, arrival, now)
    form = IntakeForm(None, staff=request.user, at=now, vehicle=arrival.vehicle, initial=initial)
    page = {"form": form, "is_looked_up": True, **_at_the_gate(request.user, form, arrival, now)}
    return render(request, "reception/intake.html#car", page)


def intake_favour(request):
    """What the owner of the car at the gate may expect: agreements, level, points. The card of the car asks for it."""
    _refuse_without_store(request.user)
    vehicle = queries.vehicle_at_gate(folded_code(request.GET.get("plate", "")))
    today = timezone.localdate()
    page = {"favour": vehicle and queries.favour_at_gate(vehicle, request.user.store, today)}
    return render(request, "reception/intake_favour.html" + ("#part" if request.htmx else ""), page)


def _arrival(staff, asked, now) -> Arrival:
    plate, named = folded_code(asked.get("plate", "")), asked.get("appointment", "")
    expected = None
    if named.isdecimal():
        expected = queries.appointments_visible_to(staff).filter(pk=named, plate=plate).first()
    if expected is None and plate:
        expected = queries.appointment_at_gate(staff.store, plate, now)
    return Arrival(plate, queries.vehicle_at_gate(plate), expected)


def _take_in(staff, now, arrival: Arrival, form: IntakeForm, lines: IntakeLines, sheet: WalkRoundSheet):
    rate = figure(HOURLY_RATE, store=staff.store, on=timezone.localdate(now))
    typed = form.cleaned_data
    return actions.take_in(
        by=staff, at=now, store=staff.store, vehicle=arrival.vehicle, plate=typed["plate"], car=form.of_new_car(),
        customer=form.of_customer(), owner=typed["owner"], appointment=arrival.appointment,
        suggestions=typed["suggestions"], walk_round=sheet.given_if_any(), photos=typed["photos"],
        lines=lines.drafts(hourly_rate=rate), **form.of_order(),
    )  # fmt: skip


def _proposed(staff, arrival: Arrival, now) -> dict:
    """What most intakes say, and what was said when the appointment was made; the advisor changes the rest."""
    hours = figure(USUAL_STAY_HOURS, store=staff.store, on=timezone.localdate(now))
    minute = timezone.localtime(now).replace(second=0, microsecond=0)
    proposed = {
        "plate": arrival.plate,
        "advisor": staff if staff.can(Permission.ORDER_CREATE) else None,
        "arrived_at": minute,
        "greeted_at": minute,
        "promised_at": finished_at(minute, hours, staff.store.opens_at, staff.store.closes_at),
    }
    expected = arrival.appointment
    if expected is None:
        return proposed
    return proposed | {
        "appointment": expected.pk, "kind": expected.kind, "symptoms": expected.wishes,
        "advisor": expected.advisor or proposed["advisor"], "owner": expected.customer_id,
    }  # fmt: skip


def _at_the_gate(staff, form: IntakeForm, arrival: Arrival, now) -> dict:
    """What the page tells about the car: its last visits here, an order that is open, or that nobody knows it."""
    vehicle, known = (
        arrival.vehicle,
        {"plate": arrival.plate, "vehicle": arrival.vehicle, "expected": arrival.appointment},
    )
    if vehicle is None:
        return known | {"is_wrong": bool(arrival.plate) and plate_form(arrival.plate) is None}
    visits = list(queries.visits_of(vehicle, staff)[:5])
    return known | {
        "visits": visits,
        "open_order": next((order for order in visits if order.is_in_shop), None),
        "is_from_elsewhere": vehicle.store_id != staff.store_id and not visits,
    }


def _refuse_without_store(staff) -> None:
    if staff.store is None:
        raise Refusal(_("Cars are taken in by people who belong to a store."))
