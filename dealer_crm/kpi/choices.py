from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Measure(models.TextChoices):
    """What a target is set for (指标)."""

    OUTPUT = "output", _("Output")  # 产值
    CAR_COUNT = "car_count", _("Cars received")  # 接车台次
    ACCESSORY_SALES = "accessory_sales", _("Accessory sales")  # 精品销售
    MARGIN = "margin", _("Gross margin")  # 毛利


class Unit(models.TextChoices):
    """What a figure is counted in."""

    MONEY = "money", _("CNY")
    COUNT = "count", _("cars")
    SHARE = "share", _("%")
    MINUTES = "minutes", _("minutes")
    POINTS = "points", _("points")
    PLACE = "place", pgettext_lazy("unit", "place")
    PER_DAY = "per_day", pgettext_lazy("unit", "a day")
    PER_PERSON = "per_person", pgettext_lazy("unit", "a person")
