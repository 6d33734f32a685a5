"""The figures of the workshop a supervisor may change, with the day from which they hold."""

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
FORGOTTEN_CLOCK_MINUTES = Figure(
    "workshop.forgotten_clock_minutes",
    30,
    _("Patience with running clocks after closing time"),
    _("minutes"),
    "workshop.md, time clock",
)
TEAM_CHECK_KINDS = Figure(
    "workshop.team_check_kinds",
    ["accident", "comeback"],
    _("Order types that need the team leader's check"),
    "",
    "workshop.md, three-level inspection",
    words=dict(OrderKind.choices),
)
# The check-lists are a store's own words, so their defaults are in the language of the shop.
SELF_CHECKLIST = Figure(
    "workshop.self_checklist",
    ["工单项目全部完成", "螺栓按力矩紧固", "油液无渗漏", "工具旧件已清点"],
    _("Check-list of the self-check"),
    _("items"),
    "workshop.md, three-level inspection",
)
TEAM_CHECKLIST = Figure(
    "workshop.team_checklist",
    ["工单项目全部完成", "关键部位复核", "故障码已清除", "装配间隙正常"],
    _("Check-list of the team leader's check"),
    _("items"),
    "workshop.md, three-level inspection",
)
FINAL_CHECKLIST = Figure(
    "workshop.final_checklist",
    ["故障已排除", "试车正常", "油液液位正常", "灯光仪表正常", "内外清洁无损伤"],
    _("Check-list of the final inspection"),
    _("items"),
    "workshop.md, three-level inspection",
)
CHECKLISTS = {"self": SELF_CHECKLIST, "team": TEAM_CHECKLIST, "final": FINAL_CHECKLIST}
