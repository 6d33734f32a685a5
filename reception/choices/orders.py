"""Words of the repair order. `TONES` gives each state its colour on screen."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class OrderKind(models.TextChoices):
    """维修类型."""

    MAINTENANCE = "maintenance", _("Regular maintenance")  # 常规保养
    FIRST_SERVICE = "first_service", _("First service")  # 首保
    REPAIR = "repair", _("Ordinary repair")  # 普通修理
    ACCIDENT = "accident", _("Accident repair")  # 事故车
    WARRANTY = "warranty", _("Warranty")  # 索赔
    PDI = "pdi", _("PDI")
    CAMPAIGN = "campaign", _("Free campaign")  # 免费活动
    ACCESSORY = "accessory", _("Accessory fitting")  # 精品加装
    COMEBACK = "comeback", _("Comeback")  # 返修


class OrderState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("order", "Draft")
    OPEN = "open", pgettext_lazy("order", "In shop")
    DISPATCHED = "dispatched", pgettext_lazy("order", "Dispatched")
    IN_PROGRESS = "in_progress", pgettext_lazy("order", "In progress")
    WAITING = "waiting", pgettext_lazy("order", "Waiting")
    INSPECTION = "inspection", pgettext_lazy("order", "In inspection")
    READY = "ready", pgettext_lazy("order", "Ready")
    SETTLED = "settled", pgettext_lazy("order", "Settled")
    DELIVERED = "delivered", pgettext_lazy("order", "Delivered")
    CANCELLED = "cancelled", pgettext_lazy("order", "Cancelled")


# The tone of each state on screen (the tones of dealer_crm/ui).
TONES = {
    OrderState.DRAFT: "neutral",
    OrderState.OPEN: "info",
    OrderState.DISPATCHED: "info",
    OrderState.IN_PROGRESS: "primary",
    OrderState.WAITING: "warning",
    OrderState.INSPECTION: "primary",
    OrderState.READY: "success",
    OrderState.SETTLED: "success",
    OrderState.DELIVERED: "neutral",
    OrderState.CANCELLED: "danger",
}

# States in which the car stands in the shop.
IN_SHOP = (
    OrderState.OPEN,
    OrderState.DISPATCHED,
    OrderState.IN_PROGRESS,
    OrderState.WAITING,
    OrderState.INSPECTION,
    OrderState.READY,
    OrderState.SETTLED,
)


class Move(models.TextChoices):
    """What may happen to an order; `MOVES` says from where to where. The label ends the sentence "… can't be …"."""

    CHECK_IN = "check_in", pgettext_lazy("the order can't be", "checked in")  # 进厂
    DISPATCH = "dispatch", pgettext_lazy("the order can't be", "dispatched")  # 派工
    START = "start", pgettext_lazy("the order can't be", "started")  # 开工
    WAIT = "wait", pgettext_lazy("the order can't be", "put on hold")  # 等待
    RESUME = "resume", pgettext_lazy("the order can't be", "resumed")  # 复工
    INSPECT = "inspect", pgettext_lazy("the order can't be", "sent to inspection")  # 送检
    REWORK = "rework", pgettext_lazy("the order can't be", "sent back to work")  # 内返
    PASS = "pass", pgettext_lazy("the order can't be", "marked ready")  # 竣工
    SETTLE = "settle", pgettext_lazy("the order can't be", "settled")  # 结算
    REVERSE = "reverse", pgettext_lazy("the order can't be", "opened for a new settlement")  # 红冲
    DELIVER = "deliver", pgettext_lazy("the order can't be", "delivered")  # 交车
    CANCEL = "cancel", pgettext_lazy("the order can't be", "cancelled")  # 作废


# The whole life of an order. What is not written here can't happen. Source: spec reception.md, States.
MOVES: dict[Move, tuple[tuple[OrderState, ...], OrderState]] = {
    Move.CHECK_IN: ((OrderState.DRAFT,), OrderState.OPEN),
    Move.DISPATCH: ((OrderState.OPEN,), OrderState.DISPATCHED),
    Move.START: ((OrderState.DISPATCHED,), OrderState.IN_PROGRESS),
    Move.WAIT: ((OrderState.IN_PROGRESS,), OrderState.WAITING),
    Move.RESUME: ((OrderState.WAITING,), OrderState.IN_PROGRESS),
    Move.INSPECT: ((OrderState.IN_PROGRESS,), OrderState.INSPECTION),
    Move.REWORK: ((OrderState.INSPECTION, OrderState.READY), OrderState.IN_PROGRESS),
    Move.PASS: ((OrderState.INSPECTION,), OrderState.READY),
    Move.SETTLE: ((OrderState.READY,), OrderState.SETTLED),
    Move.REVERSE: ((OrderState.SETTLED, OrderState.DELIVERED), OrderState.READY),
    Move.DELIVER: ((OrderState.SETTLED,), OrderState.DELIVERED),
    Move.CANCEL: ((OrderState.DRAFT, OrderState.OPEN, OrderState.DISPATCHED), OrderState.CANCELLED),
}

# While an order is in one of these states, its lines may still be written.
EDITABLE = (
    OrderState.DRAFT,
    OrderState.OPEN,
    OrderState.DISPATCHED,
    OrderState.IN_PROGRESS,
    OrderState.WAITING,
    OrderState.INSPECTION,
    OrderState.READY,
)

# What the customer passes through, for the row of steps on the order page.
STEPS = (
    OrderState.OPEN,
    OrderState.DISPATCHED,
    OrderState.IN_PROGRESS,
    OrderState.INSPECTION,
    OrderState.READY,
    OrderState.SETTLED,
    OrderState.DELIVERED,
)


class WaitReason(models.TextChoices):
    CUSTOMER = "customer", _("Customer's answer")
    PARTS = "parts", _("Parts")
    INSURER = "insurer", _("Insurer")
    SUBLET = "sublet", _("Sublet work")


class DelayCause(models.TextChoices):
    CUSTOMER = "customer", _("Customer's cause")  # 客户原因
    SHOP = "shop", _("Shop's cause")  # 本店原因


class LineKind(models.TextChoices):
    LABOUR = "labour", _("Labour")  # 工时
    PART = "part", _("Part")  # 配件
    ACCESSORY = "accessory", _("Accessory")  # 精品
    SUBLET = "sublet", _("Sublet")  # 外加工
    OTHER = "other", _("Other")  # 其他


class Payer(models.TextChoices):
    """付费方."""

    CUSTOMER = "customer", _("Customer")  # 客户
    WARRANTY = "warranty", _("Warranty")  # 索赔
    INSURANCE = "insurance", _("Insurance")  # 保险
    INTERNAL = "internal", _("Internal")  # 内部
    FREE = "free", _("Free")  # 免费


# What is bought: articles of the parts catalogue and outside work. Labour and other charges have no purchase price.
ARTICLES = (LineKind.PART, LineKind.ACCESSORY)
ARTICLE_CHOICES = [(kind.value, kind.label) for kind in ARTICLES]
COSTED = (*ARTICLES, LineKind.SUBLET)


# Payers from whom money is due.
PAYING = (Payer.CUSTOMER, Payer.WARRANTY, Payer.INSURANCE)
PAYING_CHOICES = [(payer.value, payer.label) for payer in PAYING]


class PaymentMethod(models.TextChoices):
    CASH = "cash", _("Cash")
    CARD = "card", _("Bank card")
    WECHAT = "wechat", _("WeChat Pay")
    ALIPAY = "alipay", _("Alipay")
    TRANSFER = "transfer", _("Bank transfer")
    PREPAID = "prepaid", _("Prepaid balance")  # 储值, drawn by the settlement itself
    OTHER = "other", _("Other")
