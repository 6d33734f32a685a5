"""Dated figures of the reception; a manager sees and changes them, with the day from which they hold."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from dealer_crm.values import Figure

DISCOUNT_FLOOR_RATE = Figure(
    "reception.discount_floor_rate",
    Decimal("0.80"),
    _("Share of the list price at or below which a discount needs approval"),
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
HOURLY_RATE = Figure(
    "reception.hourly_rate",
    Decimal("120.00"),
    _("Price of a standard hour proposed on labour lines"),
    _("CNY"),
    "reception.md, Lines",
)
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
