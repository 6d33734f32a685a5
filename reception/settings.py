"""Dated figures of the reception; a manager sees and changes them, with the day from which they hold."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from dealer_crm.values import Figure
from reception.choices import Urgency

DISCOUNT_FLOOR_RATE = Figure(
    "reception.discount_floor_rate",
    Decimal("0.80"),
    _("Share of the list price below which a discount needs approval"),
    "",
    "commission.md, A; reception.md, Lines",
)
USUAL_STAY_HOURS = Figure(
    "reception.usual_stay_hours",
    Decimal(3),
    _("Hours from arrival to the delivery time proposed at intake"),
    _("hours"),
    "reception.md, Intake",
)
STAY_BESIDES_WORK_HOURS = Figure(
    "reception.stay_besides_work_hours",
    Decimal(1),
    _("Hours besides the work (waiting, inspection, washing) in the delivery time proposed at intake"),
    _("hours"),
    "reception.md, Intake; workshop.md, Operations catalogue",
)
HOURLY_RATE = Figure(
    "reception.hourly_rate",
    Decimal("120.00"),
    _("Price of a standard hour proposed on labour lines"),
    _("CNY"),
    "reception.md, Lines",
)
FOLLOW_UP_DAYS = {
    Urgency.SAFETY: Figure(
        "reception.follow_up_days_safety",
        3,
        _("Days after which a suggestion that touches safety is asked about again"),
        _("days"),
        "reception.md, Repair suggestions",
    ),
    Urgency.SOON: Figure(
        "reception.follow_up_days_soon",
        30,
        _("Days after which a suggestion to do soon is asked about again"),
        _("days"),
        "reception.md, Repair suggestions",
    ),
    Urgency.WATCH: Figure(
        "reception.follow_up_days_watch",
        90,
        _("Days after which a suggestion to watch is asked about again"),
        _("days"),
        "reception.md, Repair suggestions",
    ),
}
NEXT_SERVICE_MONTHS = Figure(
    "reception.next_service_months", 6, _("Months to the next service"), _("months"), "reception.md, Delivery"
)
NEXT_SERVICE_KM = Figure(
    "reception.next_service_km", 10_000, _("Kilometres to the next service"), _("km"), "reception.md, Delivery"
)
NO_SHOW_MINUTES = Figure(
    "reception.no_show_minutes",
    30,
    _("Minutes after which an appointment counts as missed"),
    _("minutes"),
    "reception.md, Appointment",
)
SLOT_PLACES = Figure(
    "reception.slot_places",
    4,
    _("Cars an hour takes by appointment where the week's places say nothing else"),
    _("cars"),
    "reception.md, Appointment",
)
APPOINTMENT_DAYS_AHEAD = Figure(
    "reception.appointment_days_ahead",
    90,
    _("Days ahead for which appointments are made at most"),
    _("days"),
    "reception.md, Appointment",
)
DORMANT_MONTHS = Figure(
    "reception.dormant_months",
    24,
    _("Months without a visit after which a vehicle is dormant"),
    _("months"),
    "reception.md, Customer archive",
)
REPAIR_WARRANTY_DAYS = Figure(
    "reception.repair_warranty_days", 10, _("Days of warranty on a repair"), _("days"), "reception.md, Settlement"
)
REPAIR_WARRANTY_KM = Figure(
    "reception.repair_warranty_km", 2_000, _("Kilometres of warranty on a repair"), _("km"), "reception.md, Settlement"
)
AGREEMENT_WARNING_DAYS = Figure(
    "reception.agreement_warning_days",
    30,
    _("Days before the end of a service agreement at which the front desk is told"),
    _("days"),
    "reception.md, Customer archive",
)
AGREEMENT_LOW_TIMES = Figure(
    "reception.agreement_low_times",
    1,
    _("Times left of a covered item at which the agreement counts as running out"),
    "",
    "reception.md, Customer archive",
)
AGREEMENT_LOW_RATE = Figure(
    "reception.agreement_low_rate",
    Decimal("0.20"),
    _("Share of the prepaid amount left at which the agreement counts as running out"),
    "",
    "reception.md, Customer archive",
)

# ── Value classes: three measures give 1 to 4 points each, their sum gives the class. Source: reception.md ──
CLASS_MONTHS = Figure(
    "reception.class_months",
    24,
    _("Value class: months whose visits and money count"),
    _("months"),
    "reception.md, Customer archive",
)


def _step(code: str, default, label, unit) -> Figure:
    return Figure(f"reception.class_{code}", default, label, unit, "reception.md, Customer archive")


CLASS_RECENCY = (
    _step("recency_4", 90, _("Value class: days since the last visit for 4 points, at most"), _("days")),
    _step("recency_3", 180, _("Value class: days since the last visit for 3 points, at most"), _("days")),
    _step("recency_2", 365, _("Value class: days since the last visit for 2 points, at most"), _("days")),
)
CLASS_VISITS = (
    _step("visits_4", 6, _("Value class: visits for 4 points, at least"), ""),
    _step("visits_3", 4, _("Value class: visits for 3 points, at least"), ""),
    _step("visits_2", 2, _("Value class: visits for 2 points, at least"), ""),
)
CLASS_MONEY = (
    _step("money_4", Decimal("10000.00"), _("Value class: money spent for 4 points, at least"), _("CNY")),
    _step("money_3", Decimal("4000.00"), _("Value class: money spent for 3 points, at least"), _("CNY")),
    _step("money_2", Decimal("1500.00"), _("Value class: money spent for 2 points, at least"), _("CNY")),
)
CLASS_SUMS = (
    _step("a", 10, _("Value class: points for class A, at least"), ""),
    _step("b", 7, _("Value class: points for class B, at least"), ""),
    _step("c", 5, _("Value class: points for class C, at least"), ""),
)
ESTIMATE_VALID_DAYS = Figure(
    "reception.estimate_valid_days", 7, _("Days an estimate holds"), _("days"), "reception.md, Pages (print views)"
)
