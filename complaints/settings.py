"""The figures of the complaint loop that a supervisor can see and change. Source: spec `complaints.md`."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from complaints.choices import Severity
from dealer_crm.values import Figure

SPEC = "complaints.md"

REPLY_HOURS = {
    severity: Figure(f"complaints.reply_hours_{severity}", Decimal(2), label, _("hours"), SPEC)
    for severity, label in (
        (Severity.GENERAL, _("First reply, general complaint")),
        (Severity.IMPORTANT, _("First reply, important complaint")),
        (Severity.MAJOR, _("First reply, major complaint")),
    )
}
SOLVE_HOURS = {
    severity: Figure(f"complaints.solve_hours_{severity}", Decimal(24), label, _("hours"), SPEC)
    for severity, label in (
        (Severity.GENERAL, _("Solution, general complaint")),
        (Severity.IMPORTANT, _("Solution, important complaint")),
        (Severity.MAJOR, _("Solution, major complaint")),
    )
}
MANUFACTURER_REPLY_HOURS = {
    severity: Figure(f"complaints.manufacturer_reply_hours_{severity}", Decimal(hours), label, _("hours"), SPEC)
    for severity, hours, label in (
        (Severity.GENERAL, 24, _("First contact, general complaint from the manufacturer")),
        (Severity.IMPORTANT, 4, _("First contact, important complaint from the manufacturer")),
        (Severity.MAJOR, 2, _("First contact, major complaint from the manufacturer")),
    )
}
WARNING_MINUTES = Figure(
    "complaints.warning_minutes", 30, _("Warning before a complaint clock runs out"), _("minutes"), SPEC
)
ALARMING_WORDS = Figure(
    "complaints.alarming_words",
    ["气囊", "刹车", "制动", "起火", "着火", "自燃", "媒体", "记者", "曝光", "12315", "airbag", "brake", "media"],
    _("Words that make a complaint major"),
    "",
    SPEC,
)
FIRST_WORDS = Figure(
    "complaints.first_words",
    "非常抱歉让您遇到这样的事。谢谢您告诉我们，我正在如实记录，{小时}小时之内一定有专人给您答复。",
    _("First words to the customer; {小时} are the hours of the reply clock"),
    "",
    SPEC,
)
SURVEY_GAP_DAYS = Figure(
    "complaints.survey_gap_days", 30, _("Days in which no customer is surveyed twice"), _("days"), SPEC
)
REPEATS = Figure("complaints.repeats", 3, _("Complaint of the same matter that raises the severity"), "", SPEC)
REPEAT_DAYS = Figure("complaints.repeat_days", 180, _("Within which complaints are the same matter"), _("days"), SPEC)
GOODWILL_LIMIT_AGENT = Figure("complaints.goodwill_agent", Decimal(0), _("Goodwill limit: callback agent"), "CNY", SPEC)
GOODWILL_LIMIT_CRC = Figure(
    "complaints.goodwill_crc", Decimal(200), _("Goodwill limit: customer-relations supervisor"), "CNY", SPEC
)
GOODWILL_LIMIT_MANAGER = Figure(
    "complaints.goodwill_manager", Decimal(2000), _("Goodwill limit: service manager"), "CNY", SPEC
)
GOODWILL_BUDGET = Figure("complaints.goodwill_budget", Decimal(10000), _("Goodwill budget of a month"), "CNY", SPEC)
APPEAL_DAYS = Figure(
    "complaints.appeal_days", 5, _("Appeal against a judgement: within so many days of being told"), _("days"), SPEC
)
COUNTED_REPLY_HOURS = Figure(
    "complaints.counted_reply_hours", Decimal(2), _("Statistics: replied to within"), _("hours"), SPEC
)
COUNTED_SOLVE_HOURS = Figure(
    "complaints.counted_solve_hours", Decimal(24), _("Statistics: solved within"), _("hours"), SPEC
)
IN_TIME_TARGET = Figure(
    "complaints.in_time_target", Decimal("0.98"), _("Target: complaints replied to and solved in time"), "0–1", SPEC
)
SATISFIED_TARGET = Figure(
    "complaints.satisfied_target", Decimal("0.98"), _("Target: customers satisfied with the result"), "0–1", SPEC
)
