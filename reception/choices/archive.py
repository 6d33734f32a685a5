"""Words of the customer archive."""

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


class ArchiveField(models.TextChoices):
    """What an advisor or agent may only ask to change once it is on record. Source: reception.md."""

    NAME = "name", _("Name")
    PHONE = "phone", _("Phone")  # another number, or (empty) none any more
    PRIMARY = "primary", _("First number")  # which one is dialled first
    PLATE = "plate", _("Plate")
    VIN = "vin", _("VIN")
    OWNER = "owner", _("Owner")


class Decision(models.TextChoices):
    WAITING = "waiting", _("Waiting for the decision")
    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


DECISION_TONES = {
    Decision.WAITING: "warning",
    Decision.ACCEPTED: "success",
    Decision.REJECTED: "danger",
    Decision.WITHDRAWN: "neutral",
}


class FlawKind(models.TextChoices):
    """What is wrong with an entry of the archive."""

    PHONE_INVALID = "phone_invalid", _("Phone is no valid number")
    PHONE_DOUBLE = "phone_double", _("Phone stands with several customers")
    PHONE_WRONG = "phone_wrong", _("Called: wrong number")
    PHONE_MISSING = "phone_missing", _("Customer without phone")
    NAME_MISSING = "name_missing", _("Name is missing or a placeholder")
    VIN_CHECK_DIGIT = "vin_check_digit", _("Check digit of the VIN is wrong")
    VIN_DOUBLE = "vin_double", _("VIN stands with several vehicles")
    PLATE_FORM = "plate_form", _("Plate has a wrong form")
    OWNER_MISSING = "owner_missing", _("Vehicle without owner")


PHONE_FLAWS = frozenset({FlawKind.PHONE_INVALID, FlawKind.PHONE_DOUBLE, FlawKind.PHONE_WRONG})
"""Flaws whose value is a phone: shown masked."""


class FlawEnd(models.TextChoices):
    FIXED = "fixed", _("Mended")
    ACCEPTED = "accepted", _("Looked at and right as it is")


class ValueClass(models.TextChoices):
    """What a customer is worth to the house: by recency, frequency and money."""

    A = "A", _("A (top)")
    B = "B", _("B (good)")
    C = "C", _("C (occasional)")
    D = "D", _("D (rare)")


VALUE_CLASS_TONES = {ValueClass.A: "success", ValueClass.B: "primary", ValueClass.C: "info", ValueClass.D: "neutral"}
