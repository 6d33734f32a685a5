"""Words of the reception. `TONES` gives each state its colour on screen."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CustomerKind(models.TextChoices):
    PERSON = "person", _("Individual")  # 个人
    COMPANY = "company", _("Company")  # 单位


class Gender(models.TextChoices):
    MALE = "male", _("Male")
    FEMALE = "female", _("Female")


class CustomerLevel(models.TextChoices):
    ORDINARY = "ordinary", _("Ordinary")  # 普通
    MEMBER = "member", _("Member")  # 会员
    VIP = "vip", _("VIP")
    KEY_ACCOUNT = "key_account", _("Key account")  # 大客户


class Channel(models.TextChoices):
    PHONE = "phone", _("Phone")
    SMS = "sms", _("Text message")
    WECHAT = "wechat", _("WeChat")


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
    DRAFT = "draft", _("Draft")
    OPEN = "open", _("In shop")
    DISPATCHED = "dispatched", _("Dispatched")
    IN_PROGRESS = "in_progress", _("In progress")
    WAITING = "waiting", _("Waiting")
    INSPECTION = "inspection", _("In inspection")
    READY = "ready", _("Ready")
    SETTLED = "settled", _("Settled")
    DELIVERED = "delivered", _("Delivered")
    CANCELLED = "cancelled", _("Cancelled")


TONES = {
    OrderState.DRAFT: "secondary",
    OrderState.OPEN: "blue",
    OrderState.DISPATCHED: "azure",
    OrderState.IN_PROGRESS: "indigo",
    OrderState.WAITING: "orange",
    OrderState.INSPECTION: "purple",
    OrderState.READY: "teal",
    OrderState.SETTLED: "lime",
    OrderState.DELIVERED: "green",
    OrderState.CANCELLED: "red",
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


# Payers from whom money is due.
PAYING = (Payer.CUSTOMER, Payer.WARRANTY, Payer.INSURANCE)


class PaymentMethod(models.TextChoices):
    CASH = "cash", _("Cash")
    CARD = "card", _("Bank card")
    WECHAT = "wechat", _("WeChat Pay")
    ALIPAY = "alipay", _("Alipay")
    TRANSFER = "transfer", _("Bank transfer")
    OTHER = "other", _("Other")
