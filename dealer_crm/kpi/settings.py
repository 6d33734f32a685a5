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
