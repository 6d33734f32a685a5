"""The figures of satisfaction that a supervisor can see and change. Source: spec `satisfaction.md`."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from dealer_crm.values import Figure

SPEC = "satisfaction.md"

CSI_TARGET = Figure("satisfaction.csi_target", Decimal(900), _("Target of the service index (CSI)"), _("points"), SPEC)
TEN_TARGET = Figure("satisfaction.ten_target", Decimal(92), _("Target of the ten-question check"), _("points"), SPEC)
SMALLEST_SAMPLE = Figure(
    "satisfaction.smallest_sample", 10, _("Answers below which a figure is shown greyed"), _("answers"), SPEC
)
BAD_SCORE = Figure("satisfaction.bad_score", 4, _("Highest score that must be dealt with"), _("points"), SPEC)
STRONG_TOP_BOX = Figure(
    "satisfaction.strong_top_box", Decimal("0.60"), _("Very satisfied from which a factor is a strength"), "0–1", SPEC
)
WEAK_TOP_BOX = Figure(
    "satisfaction.weak_top_box", Decimal("0.40"), _("Very satisfied below which a factor is in danger"), "0–1", SPEC
)
WEAK_DISSATISFIED = Figure(
    "satisfaction.weak_dissatisfied", Decimal("0.10"), _("Dissatisfied from which a factor is a weakness"), "0–1", SPEC
)
WEAK_FALL = Figure(
    "satisfaction.weak_fall", Decimal("0.10"), _("Fall of very satisfied that makes a weakness"), "0–1", SPEC
)
LINK_DAYS = Figure("satisfaction.link_days", 7, _("Days a survey link can be used"), _("days"), SPEC)
PLAN_DAYS = Figure("satisfaction.plan_days", 14, _("Days an improvement plan is given"), _("days"), SPEC)
