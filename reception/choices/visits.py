"""Words of the walk-round, the photos and the signatures."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MarkKind(models.TextChoices):
    """What is seen on the outside of a car (环车检查)."""

    SCRATCH = "scratch", _("Scratch")
    DENT = "dent", _("Dent")
    CRACK = "crack", _("Crack")
    PAINT = "paint", _("Paint damage")
    RUST = "rust", _("Rust")
    MISSING = "missing", pgettext_lazy("part of a car", "Missing")


class Belonging(models.TextChoices):
    """What customers leave in the car."""

    PAPERS = "papers", _("Vehicle papers")
    SPARE_WHEEL = "spare_wheel", _("Spare wheel")
    JACK = "jack", _("Jack")
    TOOLS = "tools", _("Tool kit")
    WARNING_TRIANGLE = "warning_triangle", _("Warning triangle")
    DASHCAM = "dashcam", _("Dashcam")
    TOLL_CARD = "toll_card", _("Toll device")
    VALUABLES = "valuables", _("Valuables")


class PhotoTopic(models.TextChoices):
    WALK_ROUND = "walk_round", _("Walk-round")
    FINDING = "finding", _("Finding")
    ACCIDENT = "accident", _("Accident")
    OTHER = "other", pgettext_lazy("photo", "Other")


class SignedPaper(models.TextChoices):
    """What a customer puts their name under."""

    ORDER = "order", _("Repair order")
    ADD_ON = "add_on", _("Add-on")
    SETTLEMENT = "settlement", _("Settlement")
    DELIVERY = "delivery", _("Delivery")
