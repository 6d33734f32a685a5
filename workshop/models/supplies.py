"""Consumables and hour deductions. Source: spec `workshop.md`."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dealer_crm.organization.models import FourEyes, FourEyesQuerySet, Staff, Store, StoreOwned, Team


class ConsumableIssue(models.Model):
    """辅料领用: shop supplies signed out by a team; they lower the team's commission in the month of issue."""

    number = models.CharField(_("issue number"), max_length=40, unique=True)
    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="consumable_issues")
    team = models.ForeignKey(Team, models.PROTECT, verbose_name=_("team"), related_name="consumable_issues")
    issued_on = models.DateField(_("issued on"))
    name = models.CharField(pgettext_lazy("of supplies", "item"), max_length=120)
    quantity = models.DecimalField(_("quantity"), max_digits=10, decimal_places=2, default=1)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    issued_to = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("signed out by"), null=True, blank=True, related_name="+"
    )
    # A wrong entry stays and is taken back by one of the opposite amount.
    takes_back = models.OneToOneField(
        "self", models.PROTECT, verbose_name=_("takes back"), null=True, blank=True, related_name="taken_back_by"
    )

    objects = StoreOwned.as_manager()

    class Meta:
        verbose_name = _("consumables issue")
        verbose_name_plural = _("consumables issues")
        ordering = ["-issued_on", "-id"]
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="consumable_quantity_positive")]
        indexes = [models.Index("team", "issued_on", name="consumable_of_team")]

    def __str__(self):
        return f"{self.number} {self.name}"


class HourDeductionQuerySet(FourEyesQuerySet):
    store_path = "staff__store"


class HourDeduction(FourEyes):
    """扣除工时: hours taken from one person for a fault found in inspection or a missed check."""

    noun = "deduction"

    number = models.CharField(_("deduction number"), max_length=40, unique=True)
    staff = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("staff member"), related_name="hour_deductions")
    deducted_on = models.DateField(_("day"))
    hours = models.DecimalField(_("hours"), max_digits=8, decimal_places=2)
    entered_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("entered by"), null=True, related_name="+")

    objects = HourDeductionQuerySet.as_manager()

    class Meta(FourEyes.Meta):
        abstract = False
        verbose_name = _("hour deduction")
        verbose_name_plural = _("hour deductions")
        ordering = ["-deducted_on", "-id"]
        constraints = [
            *FourEyes.Meta.constraints,
            models.CheckConstraint(condition=Q(hours__gt=0), name="deducted_hours_positive"),
        ]

    def __str__(self):
        return f"{self.number} {self.hours}"

    @property
    def store(self) -> Store:
        return self.staff.store
