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
PAIR_OURS = Figure(
    "satisfaction.pair_ours", 9, _("Score to us from which a lower one to the factory is listed"), _("points"), SPEC
)
PAIR_FACTORY = Figure(
    "satisfaction.pair_factory", 6, _("Score to the factory up to which the pair is listed"), _("points"), SPEC
)
SMALLEST_GROUP = Figure(
    "satisfaction.smallest_group", 5, _("Answers of staff below which nothing of them is shown"), _("answers"), SPEC
)
FACTOR_TARGET = Figure(
    "satisfaction.factor_target",
    Decimal("9.00"),
    _("Mean a factor is to reach without a target of its own"),
    "1–10",
    SPEC,
)
VITAL_FEW = Figure(
    "satisfaction.vital_few",
    Decimal("0.80"),
    _("Share of the bad answers whose factors are tackled first"),
    "0–1",
    SPEC,
)
CONTROL_POINTS = Figure(
    "satisfaction.control_points", 8, _("Weeks or months below which a control chart draws no limits"), "", SPEC
)
SHIFT_RUN = Figure(
    "satisfaction.shift_run", 8, _("Weeks or months in a row on one side of the middle that mark a shift"), "", SPEC
)
PRICE_TOLERANCE = Figure(
    "satisfaction.price_tolerance", Decimal("0.05"), _("What a bill may lie above the agreed price"), "0–1", SPEC
)
GREETED_MINUTES = Figure(
    "satisfaction.greeted_minutes", 5, _("Minutes within which a customer is greeted"), _("minutes"), SPEC
)
STANDARD_GREETED = Figure(
    "satisfaction.standard_greeted", Decimal("0.95"), _("Standard: customers greeted in time"), "0–1", SPEC
)
STANDARD_ON_TIME = Figure(
    "satisfaction.standard_on_time", Decimal("0.96"), _("Standard: cars handed over by the last promise"), "0–1", SPEC
)
STANDARD_WALK_ROUND = Figure(
    "satisfaction.standard_walk_round", Decimal("0.95"), _("Standard: cars walked round with the customer"), "0–1", SPEC
)
STANDARD_EXPLAINED = Figure(
    "satisfaction.standard_explained", Decimal("0.98"), _("Standard: work and bill explained at hand-over"), "0–1", SPEC
)

# ── What is done about it ──
CHECK_DAYS = Figure(
    "satisfaction.check_days", 30, _("Days after its due day at which a plan is checked"), _("days"),
    SPEC,
)  # fmt: skip
PLANS_OWED_DAY = Figure(
    "satisfaction.plans_owed_day", 10, _("Day of the month by which last month's weaknesses have their plans"), "", SPEC
)
PLANS_TOLD_DAY = Figure(
    "satisfaction.plans_told_day", 5, _("Day of the month on which the weaknesses without a plan are told"), "", SPEC
)
PERIODS_UNDER_TARGET = Figure(
    "satisfaction.periods_under_target",
    3,
    _("Months in a row under target that ask for a new owner"),
    _("months"),
    SPEC,
)
FLAG_HOURS = Figure("satisfaction.flag_hours", 24, _("Hours in which a bad answer is dealt with"), _("hours"), SPEC)
FLAG_WARNING_HOURS = Figure(
    "satisfaction.flag_warning_hours", 4, _("Hours before that at which somebody is reminded"), _("hours"), SPEC
)

# ── Standards of the service blueprint: what a touchpoint may take; until greeted see GREETED_MINUTES ──
OPENED_MINUTES = Figure(
    "satisfaction.opened_minutes",
    20,
    _("Standard: from greeting until the order is open, at most"),
    _("minutes"),
    SPEC,
)
DISPATCHED_MINUTES = Figure(
    "satisfaction.dispatched_minutes", 20, _("Standard: from the order until dispatched, at most"), _("minutes"), SPEC
)
STARTED_MINUTES = Figure(
    "satisfaction.started_minutes", 15, _("Standard: from dispatch until work begins, at most"), _("minutes"), SPEC
)
WORK_MINUTES = Figure("satisfaction.work_minutes", 180, _("Standard: work on the car, at most"), _("minutes"), SPEC)
WAITING_MINUTES = Figure(
    "satisfaction.waiting_minutes", 30, _("Standard: waiting for parts or approval, at most"), _("minutes"), SPEC
)
INSPECTION_MINUTES = Figure(
    "satisfaction.inspection_minutes", 30, _("Standard: from the end of work until inspected, at most"), _("minutes"),
    SPEC,
)  # fmt: skip
SETTLED_MINUTES = Figure(
    "satisfaction.settled_minutes", 30, _("Standard: from ready until settled, at most"), _("minutes"), SPEC
)
DELIVERED_MINUTES = Figure(
    "satisfaction.delivered_minutes", 20, _("Standard: from settled until handed over, at most"), _("minutes"), SPEC
)
ARRIVAL_MINUTES = Figure(
    "satisfaction.arrival_minutes", 15, _("Standard: arrival beside the appointed time, at most"), _("minutes"), SPEC
)
CALL_HOURS = Figure(
    "satisfaction.call_hours",
    72,
    _("Standard: from hand-over until the satisfaction call, at most"),
    _("hours"),
    SPEC,
)
KEPT_WELL = Figure(
    "satisfaction.kept_well",
    Decimal("0.90"),
    _("Share within the standard from which a touchpoint is green"),
    "0–1",
    SPEC,
)
KEPT_BADLY = Figure(
    "satisfaction.kept_badly",
    Decimal("0.75"),
    _("Share within the standard below which a touchpoint is red"),
    "0–1",
    SPEC,
)
