"""Words of service agreements (服务协议), membership and points."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AgreementKind(models.TextChoices):
    FLEET = "fleet", _("Fleet agreement")  # 大客户协议
    MEMBER = "member", _("Member agreement")  # 会员协议
    PACKAGE = "package", _("Service package")  # 套餐
    PREPAID = "prepaid", _("Prepaid services")  # 储值


class AgreementState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("agreement", "Draft")
    ACTIVE = "active", pgettext_lazy("agreement", "In force")
    ENDED = "ended", pgettext_lazy("agreement", "Ended")


AGREEMENT_TONES = {AgreementState.DRAFT: "neutral", AgreementState.ACTIVE: "success", AgreementState.ENDED: "neutral"}


class PriceBasis(models.TextChoices):
    """What gave a line its price when it isn't the desk's own."""

    AGREEMENT = "agreement", _("By the service agreement")
    MEMBERSHIP = "membership", _("By the membership")


class PointsReason(models.TextChoices):
    EARNED = "earned", _("Earned by a visit")
    TAKEN_BACK = "taken_back", _("Settlement reversed")
    SPENT = "spent", _("Redeemed")
    CORRECTED = "corrected", _("Corrected")
