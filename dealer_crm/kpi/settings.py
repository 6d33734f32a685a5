"""The figures measures are held against, where no target of the month says otherwise. Source: spec `kpi.md`."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from dealer_crm.values import Figure

SPEC = "kpi.md"

ON_TIME_GOAL = Figure("kpi.on_time_goal", Decimal("0.96"), _("Goal: delivered on time, at least"), "0–1", SPEC)
CALLS_GOAL = Figure("kpi.calls_goal", Decimal(1), _("Goal: after-service calls made, and made in time"), "0–1", SPEC)
SIGN_NOTICE_DAYS = Figure(
    "kpi.sign_notice_days", 10, _("Days before a month begins when its targets are asked to be signed"), _("days"), SPEC
)
PARTS_GOAL = Figure("kpi.parts_goal", Decimal("0.95"), _("Goal: orders with all parts at once, at least"), "0–1", SPEC)
SERVICE_KM = Figure("kpi.service_km", 10_000, _("A service is due every so many kilometres"), _("km"), SPEC)
SERVICE_TOLERANCE_KM = Figure(
    "kpi.service_tolerance_km", 2_000, _("A service counts as done at most so far from its mark"), _("km"), SPEC
)
INSURANCE_MOVED_DAYS = Figure(
    "kpi.insurance_moved_days", 300,
    _("An insurance counts as renewed when its end is moved on by at least so much"), _("days"), SPEC,
)  # fmt: skip
