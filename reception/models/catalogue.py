"""The operations catalogue (工时定额): works, their hours and prices; the parts catalogue (配件目录): articles, what
they are sold and bought for. Source: spec `workshop.md`, `kpi.md` (gross margin)."""

from datetime import date

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dealer_crm.organization.models import Store, StoreOwned
from reception.choices import ARTICLES, LineKind, Skill


class OperationQuerySet(StoreOwned):
    def offered(self):
        return self.filter(is_active=True)


class Operation(models.Model):
    """One work as the manufacturer's list names it.

    `price`: what the customer pays for it; empty: standard hours × the store's hourly rate. `duration_hours`: how long
    the car stands for it, used for promises; empty: the standard hours.
    """

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="operations")
    code = models.CharField(_("operation code"), max_length=40)
    name = models.CharField(_("name"), max_length=120)
    skill = models.CharField(_("skill"), max_length=16, choices=Skill)
    price = models.DecimalField(_("customer price"), max_digits=14, decimal_places=2, null=True, blank=True)
    duration_hours = models.DecimalField(
        _("standard duration (hours)"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    is_active = models.BooleanField(_("in use"), default=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = OperationQuerySet.as_manager()

    class Meta:
        verbose_name = _("operation")
        verbose_name_plural = _("operations catalogue")
        ordering = ["store", "code"]
        constraints = [
            models.UniqueConstraint(fields=["store", "code"], name="operation_code_once_per_store"),
            models.CheckConstraint(condition=Q(price=None) | Q(price__gte=0), name="operation_price_not_negative"),
            models.CheckConstraint(
                condition=Q(duration_hours=None) | Q(duration_hours__gt=0), name="operation_duration_positive"
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"


class OperationHours(models.Model):
    """The standard hours of an operation for a model family (the series of a vehicle); empty: for every other."""

    operation = models.ForeignKey(Operation, models.CASCADE, verbose_name=_("operation"), related_name="hours")
    family = models.CharField(_("model family"), max_length=40, blank=True)
    standard_hours = models.DecimalField(_("standard hours"), max_digits=8, decimal_places=2)

    class Meta:
        verbose_name = _("standard hours of an operation")
        verbose_name_plural = _("standard hours of operations")
        ordering = ["operation", "family"]
        constraints = [
            models.UniqueConstraint(fields=["operation", "family"], name="one_standard_per_operation_and_family"),
            models.CheckConstraint(condition=Q(standard_hours__gt=0), name="standard_hours_positive"),
        ]

    def __str__(self):
        return f"{self.operation_id} {self.family} {self.standard_hours}"


class PartQuerySet(StoreOwned):
    def offered(self):
        return self.filter(is_active=True)

    def with_cost(self, on: date):
        """With the purchase price in force on a day, and since when it holds."""
        rows = PartCost.objects.filter(part=OuterRef("pk"), starts_on__lte=on).order_by("-starts_on")
        return self.annotate(
            unit_cost=Subquery(rows.values("unit_cost")[:1]), cost_from=Subquery(rows.values("starts_on")[:1])
        )


class Part(models.Model):
    """An article of the parts catalogue (配件目录): a part or an accessory.

    `price`: what it is usually sold for, CNY with tax, empty where it is named at the desk. What it is bought for
    stands in `PartCost`.
    """

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="parts")
    code = models.CharField(_("part code"), max_length=40)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=LineKind)
    unit = models.CharField(pgettext_lazy("of an article", "unit"), max_length=10, blank=True)
    price = models.DecimalField(_("selling price"), max_digits=14, decimal_places=2, null=True, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("catalogue", "article")
        verbose_name_plural = _("parts catalogue")
        ordering = ["store", "code"]
        constraints = [
            models.UniqueConstraint(fields=["store", "code"], name="part_code_once_per_store"),
            models.CheckConstraint(condition=Q(kind__in=ARTICLES), name="part_is_a_part_or_an_accessory"),
            models.CheckConstraint(condition=Q(price=None) | Q(price__gte=0), name="part_price_not_negative"),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"


class PartCost(models.Model):
    """What an article is bought for from a day on (进价): CNY for one piece with tax, as selling prices are. The row in
    force is the latest that has started."""

    part = models.ForeignKey(
        Part, models.CASCADE, verbose_name=pgettext_lazy("catalogue", "article"), related_name="costs"
    )
    starts_on = models.DateField(_("holds from"))
    unit_cost = models.DecimalField(_("purchase price"), max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("purchase price")
        verbose_name_plural = _("purchase prices")
        ordering = ["part", "starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["part", "starts_on"], name="one_cost_of_a_part_and_day"),
            models.CheckConstraint(condition=Q(unit_cost__gte=0), name="part_cost_not_negative"),
        ]

    def __str__(self):
        return f"{self.part_id} {self.starts_on} {self.unit_cost}"
