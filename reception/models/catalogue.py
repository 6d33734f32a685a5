"""The operations catalogue (工时定额): works, their hours and prices. Source: spec `workshop.md`."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dealer_crm.organization.models import Store, StoreOwned
from reception.choices import Skill


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
