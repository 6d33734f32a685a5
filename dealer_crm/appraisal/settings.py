"""The days and hours of scorecards that a manager can see and change. Source: spec `commission.md` (Scorecards)."""

from django.utils.translation import gettext_lazy as _

from dealer_crm.values import Figure

SPEC = "commission.md"

SELF_SCORE_DAYS = Figure(
    "appraisal.self_score_days", 3, _("Score sheets: days for the self-score, then the supervisor goes on"), _("days"),
    SPEC,
)  # fmt: skip
APPEAL_DAYS = Figure(
    "appraisal.appeal_days", 5, _("Score sheets: appeal within so many days of the final review"), _("days"), SPEC
)
LOG_HOUR = Figure(
    "appraisal.log_hour", 24, _("Daily report: written by this hour of its day (24: before the next day)"), _("hour"),
    SPEC,
)  # fmt: skip
RELATIONS_REPORT_DAY = Figure(
    "appraisal.relations_report_day", 3, _("Customer-relations report: there by this day of the next month"), _("day"),
    "callback.md",
)  # fmt: skip
FINDING_DAYS = Figure(
    "appraisal.finding_days", 3, _("Site checks: a finding is remedied within"), _("days"), "commission.md, site checks"
)
REPEAT_DAYS = Figure(
    "appraisal.repeat_days", 30, _("Site checks: the same item wrong again within so many days is a repeat"), _("days"),
    "commission.md, site checks",
)  # fmt: skip
ROUND_LATE_DAYS = Figure(
    "appraisal.round_late_days", 2, _("Site checks: a planned round may be walked so many days late"), _("days"),
    "commission.md, site checks",
)  # fmt: skip
STARS_PROPOSED = Figure(
    "appraisal.stars_proposed", 1, _("Stars: people proposed for each group"), _("people"), "commission.md, stars"
)
