"""Words of scorecards. Source: spec `commission.md` (Scorecards)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dealer_crm.organization.choices import Post


class Origin(models.TextChoices):
    """Where a month's score comes from."""

    ENTERED = "entered", _("entered by hand")
    IMPORTED = "imported", _("from a workbook")
    SHEET = "sheet", _("from the score sheet")


class VersionState(models.TextChoices):
    """Of a scorecard's version: a draft is edited, an adopted one is frozen and holds from its month."""

    DRAFT = "draft", _("Draft")
    ADOPTED = "adopted", pgettext_lazy("scorecard", "Adopted")


class LineKind(models.TextChoices):
    """What an item does to the score: it earns part of the full points, adds to them, or takes off."""

    INDICATOR = "indicator", _("Indicator")  # 指标
    BONUS = "bonus", pgettext_lazy("scorecard", "Bonus item")  # 加分项
    DEDUCTION = "deduction", pgettext_lazy("scorecard", "Deduction item")  # 扣分项


LINE_TONES = {LineKind.INDICATOR: "neutral", LineKind.BONUS: "success", LineKind.DEDUCTION: "danger"}


class ScaleKind(models.TextChoices):
    """How a figure becomes points."""

    GIVEN = "given", _("points as entered")
    AT_LEAST = "at_least", _("tiers, the higher the better")
    AT_MOST = "at_most", _("tiers, the lower the better")
    LINEAR = "linear", _("in proportion between two figures")
    EACH = "each", _("so many points for each event")
    EACH_OVER = "each_over", _("so many points for each event over the target")


class SheetState(models.TextChoices):
    """A month's sheet of a person, and whose turn it is."""

    SELF = "self", _("Self-score")  # 自评
    ENTRY = "entry", _("Supervisor’s score")  # 主管评分
    REVIEW = "review", _("Final review")  # 终审
    FINAL = "final", _("Final")  # 已定


SHEET_TONES = {
    SheetState.SELF: "info",
    SheetState.ENTRY: "warning",
    SheetState.REVIEW: "primary",
    SheetState.FINAL: "success",
}


# ── Site checks ──────────────────────────────────────────────────────────────────────────────────────────────────────
class Area(models.TextChoices):
    """Where in the house a check-list is walked."""

    ENTRANCE = "entrance", _("Entrance and parking")  # 入口及停车区
    RECEPTION = "reception", pgettext_lazy("area", "Reception hall")  # 接待大厅
    LOUNGE = "lounge", _("Customer lounge")  # 客户休息区
    WORKSHOP = "workshop", pgettext_lazy("area", "Workshop")  # 机电车间
    BODY_SHOP = "body_shop", _("Body and paint shop")  # 钣喷车间
    PARTS = "parts", _("Parts store")  # 配件库
    WASH = "wash", _("Car wash")  # 洗车区
    OFFICE = "office", _("Offices and files")  # 办公及档案


WORKPLACES = {
    Post.ADVISOR: Area.RECEPTION,
    Post.ADVISOR_ASSISTANT: Area.RECEPTION,
    Post.FRONTDESK_SUPERVISOR: Area.RECEPTION,
    Post.TECHNICIAN: Area.WORKSHOP,
    Post.TEAM_LEADER: Area.WORKSHOP,
    Post.WORKSHOP_SUPERVISOR: Area.WORKSHOP,
    Post.PARTS_CLERK: Area.PARTS,
}
"""Where people of a post work; of a body and paint team it is the shop of that name."""


class CheckKind(models.TextChoices):
    """What is looked at: how the place looks, its order (整理、整顿、清扫、清洁、素养), or its papers."""

    SITE = "site", _("Site check")  # 现场
    FIVE_S = "five_s", _("5S check")  # 5S
    PAPERS = "papers", _("Paper check")  # 单据


class Rhythm(models.TextChoices):
    DAILY = "daily", _("Every working day")
    WEEKLY = "weekly", _("Every week")
    MONTHLY = "monthly", _("Every month")


class Weekday(models.IntegerChoices):
    """ISO weekdays."""

    MONDAY = 1, _("Monday")
    TUESDAY = 2, _("Tuesday")
    WEDNESDAY = 3, _("Wednesday")
    THURSDAY = 4, _("Thursday")
    FRIDAY = 5, _("Friday")
    SATURDAY = 6, _("Saturday")
    SUNDAY = 7, _("Sunday")


class RoundState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("round", "Planned")
    WALKING = "walking", pgettext_lazy("round", "Under way")
    WALKED = "walked", pgettext_lazy("round", "Walked")
    CALLED_OFF = "called_off", pgettext_lazy("round", "Called off")


ROUND_TONES = {
    RoundState.PLANNED: "info",
    RoundState.WALKING: "warning",
    RoundState.WALKED: "success",
    RoundState.CALLED_OFF: "neutral",
}
OPEN_ROUNDS = (RoundState.PLANNED, RoundState.WALKING)


class Verdict(models.TextChoices):
    """On one item of a check-list."""

    FINE = "fine", pgettext_lazy("check", "In order")  # 合格
    WRONG = "wrong", pgettext_lazy("check", "Not in order")  # 不合格
    NONE = "none", pgettext_lazy("check", "Does not apply")  # 不适用


class FindingState(models.TextChoices):
    OPEN = "open", pgettext_lazy("finding", "Open")  # 待整改
    REMEDIED = "remedied", pgettext_lazy("finding", "Remedied, to be checked")  # 待复查
    CLOSED = "closed", pgettext_lazy("finding", "Closed")  # 已关闭


FINDING_TONES = {FindingState.OPEN: "danger", FindingState.REMEDIED: "warning", FindingState.CLOSED: "success"}


# ── Training ─────────────────────────────────────────────────────────────────────────────────────────────────────────
class TrainingKind(models.TextChoices):
    TECHNICAL = "technical", pgettext_lazy("training", "Technical")  # 技术
    SERVICE = "service", pgettext_lazy("training", "Service and manners")  # 服务礼仪
    PRODUCT = "product", pgettext_lazy("training", "Product")  # 产品
    SYSTEM = "system", pgettext_lazy("training", "Rules and systems")  # 制度与系统
    SAFETY = "safety", pgettext_lazy("training", "Safety")  # 安全


class TrainingState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("training", "Planned")
    HELD = "held", pgettext_lazy("training", "Held")
    CALLED_OFF = "called_off", pgettext_lazy("training", "Called off")


TRAINING_TONES = {TrainingState.PLANNED: "info", TrainingState.HELD: "success", TrainingState.CALLED_OFF: "neutral"}


class Presence(models.TextChoices):
    """Whether somebody invited was there."""

    THERE = "there", pgettext_lazy("training", "Present")  # 出席
    EXCUSED = "excused", pgettext_lazy("training", "Excused")  # 请假
    ABSENT = "absent", pgettext_lazy("training", "Absent")  # 缺席


# ── Stars ────────────────────────────────────────────────────────────────────────────────────────────────────────────
class StarKind(models.TextChoices):
    MONTH = "month", _("Service star of the month")  # 月度服务之星
    QUARTER = "quarter", _("Best staff of the quarter")  # 季度优秀员工


class Trade(models.TextChoices):
    """Whom a star is chosen among: people whose work can be compared."""

    ADVISOR = "advisor", _("Service advisors")  # 业务接待
    TECHNICIAN = "technician", _("Technicians")  # 技师
    AGENT = "agent", _("Callback agents")  # 回访专员
