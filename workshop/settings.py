"""The figures of the workshop a supervisor may change, with the day from which they hold."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from dealer_crm.values import Figure
from reception.choices import OrderKind

PROMISE_WARNING_MINUTES = Figure(
    "workshop.promise_warning_minutes",
    30,
    _("Warning before a promise that will be missed"),
    _("minutes"),
    "workshop.md, progress board",
)
# A store's own words: a name, a blank, the hours.
SHIFT_PATTERNS = Figure(
    "workshop.shift_patterns",
    ["早班 08:00-17:00", "晚班 10:00-19:00", "全天 08:30-18:00"],
    _("Usual shifts"),
    _("name and hours"),
    "workshop.md, technicians with skills and shifts",
)
PRIORITY_AHEAD_MINUTES = Figure(
    "workshop.priority_ahead_minutes",
    60,
    _("Customers who are served first: dispatched as if promised so much earlier"),
    _("minutes"),
    "workshop.md, dispatch; reception.md, service agreements",
)
APPOINTMENT_AHEAD_MINUTES = Figure(
    "workshop.appointment_ahead_minutes",
    30,
    _("Cars that came by appointment: dispatched as if promised so much earlier"),
    _("minutes"),
    "workshop.md, dispatch; reception.md, appointment",
)
FORGOTTEN_CLOCK_MINUTES = Figure(
    "workshop.forgotten_clock_minutes",
    30,
    _("Patience with running clocks after closing time"),
    _("minutes"),
    "workshop.md, time clock",
)
UTILISATION_GOAL = Figure(
    "workshop.utilisation_goal",
    Decimal("0.85"),
    _("Goal: labour utilisation, at least"),
    "0–1",
    "workshop.md, measures",
)
EFFICIENCY_GOAL = Figure(
    "workshop.efficiency_goal", Decimal("1.10"), _("Goal: work efficiency, at least"), "0–1", "workshop.md, measures"
)
COMEBACK_GOAL = Figure(
    "workshop.comeback_goal", Decimal("0.005"), _("Goal: external comebacks, at most"), "0–1", "kpi.md, targets"
)
FIRST_FIX_DAYS = Figure(
    "workshop.first_fix_days",
    30,
    _("A comeback within this time was not fixed the first time"),
    _("days"),
    "kpi.md, definitions",
)
TEAM_CHECK_KINDS = Figure(
    "workshop.team_check_kinds",
    ["accident", "comeback"],
    _("Order types that need the team leader's check"),
    "",
    "workshop.md, three-level inspection",
    words=dict(OrderKind.choices),
)
# A store's own words, so the defaults are in the language of the shop.
COMEBACK_STANDARDS = Figure(
    "workshop.comeback_standards",
    [
        "交车后 30 天或 1000 公里内，同一故障再次出现",
        "更换或修理过的部位，在质量保证期内再次损坏",
        "承诺修好的项目漏做或没有修好",
        "施工造成的新故障或损伤",
        "新故障，与上次维修无关",
        "上次已书面建议维修，客户当时未同意",
    ],
    _("Standards by which a comeback is decided"),
    _("items"),
    "workshop.md, external comeback",
)
