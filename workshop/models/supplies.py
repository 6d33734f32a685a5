"""Consumables and hour deductions. Source: spec `workshop.md`."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dealer_crm.organization.models import Staff, Store, StoreOwned, Team


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


class HourDeductionQuerySet(StoreOwned):
    store_path = "staff__store"

    def approved(self):
        return self.filter(approved_at__isnull=False)

    def undecided(self):
        return self.filter(approved_at=None, declined_at=None)


class HourDeduction(models.Model):
    """扣除工时: hours taken from one person for a fault found in inspection or a missed check."""

    number = models.CharField(_("deduction number"), max_length=40, unique=True)
    staff = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("staff member"), related_name="hour_deductions")
    deducted_on = models.DateField(_("day"))
    hours = models.DecimalField(_("hours"), max_digits=8, decimal_places=2)
    reason = models.CharField(_("reason"), max_length=200)
    entered_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("entered by"), null=True, related_name="+")
    approved_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("approved by"), null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    declined_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("declined by"), null=True, blank=True, related_name="+"
    )
    declined_at = models.DateTimeField(_("declined"), null=True, blank=True)
    decline_reason = models.CharField(_("reason for declining"), max_length=200, blank=True)

    objects = HourDeductionQuerySet.as_manager()

    class Meta:
        verbose_name = _("hour deduction")
        verbose_name_plural = _("hour deductions")
        ordering = ["-deducted_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(hours__gt=0), name="deducted_hours_positive"),
            models.CheckConstraint(condition=~Q(reason=""), name="deduction_says_why"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | Q(entered_by=None) | ~Q(approved_by=F("entered_by")),
                name="deduction_seen_by_four_eyes",
                violation_error_message=_("Somebody else than the person who entered it must approve it."),
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None) | Q(declined_at=None), name="deduction_decided_one_way"
            ),
            models.CheckConstraint(
                condition=Q(declined_at=None) | (Q(declined_by__isnull=False) & ~Q(decline_reason="")),
                name="declined_deduction_says_why",
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.hours}"

    @property
    def store(self) -> Store:
        return self.staff.store
