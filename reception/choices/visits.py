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


class CarPart(models.TextChoices):
    """Where a mark lies; the outlines stand in `formulas/diagram.py`. Left and right as the driver sees them."""

    FRONT_BUMPER = "front_bumper", _("Front bumper")
    GRILLE = "grille", _("Grille")
    LEFT_HEADLIGHT = "left_headlight", _("Left headlight")
    RIGHT_HEADLIGHT = "right_headlight", _("Right headlight")
    BONNET = "bonnet", _("Bonnet")
    WINDSCREEN = "windscreen", _("Windscreen")
    ROOF = "roof", _("Roof")
    REAR_WINDOW = "rear_window", _("Rear window")
    BOOT_LID = "boot_lid", _("Boot lid")
    LEFT_TAIL_LIGHT = "left_tail_light", _("Left tail light")
    RIGHT_TAIL_LIGHT = "right_tail_light", _("Right tail light")
    REAR_BUMPER = "rear_bumper", _("Rear bumper")
    LEFT_FRONT_WING = "left_front_wing", _("Left front wing")
    LEFT_FRONT_DOOR = "left_front_door", _("Left front door")
    LEFT_REAR_DOOR = "left_rear_door", _("Left rear door")
    LEFT_REAR_WING = "left_rear_wing", _("Left rear wing")
    LEFT_SILL = "left_sill", _("Left sill")
    LEFT_FRONT_WINDOW = "left_front_window", _("Left front window")
    LEFT_BACK_WINDOW = "left_back_window", _("Left back window")
    LEFT_MIRROR = "left_mirror", _("Left mirror")
    LEFT_FRONT_WHEEL = "left_front_wheel", _("Left front wheel")
    LEFT_REAR_WHEEL = "left_rear_wheel", _("Left rear wheel")
    RIGHT_FRONT_WING = "right_front_wing", _("Right front wing")
    RIGHT_FRONT_DOOR = "right_front_door", _("Right front door")
    RIGHT_REAR_DOOR = "right_rear_door", _("Right rear door")
    RIGHT_REAR_WING = "right_rear_wing", _("Right rear wing")
    RIGHT_SILL = "right_sill", _("Right sill")
    RIGHT_FRONT_WINDOW = "right_front_window", _("Right front window")
    RIGHT_BACK_WINDOW = "right_back_window", _("Right back window")
    RIGHT_MIRROR = "right_mirror", _("Right mirror")
    RIGHT_FRONT_WHEEL = "right_front_wheel", _("Right front wheel")
    RIGHT_REAR_WHEEL = "right_rear_wheel", _("Right rear wheel")


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
