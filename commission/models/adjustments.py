"""Manual rewards and penalties. Source: spec `commission.md` (A month's run)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dealer_crm.organization.models import Staff, Store, StoreOwned


class AdjustmentQuerySet(StoreOwned):
    def undecided(self):
        return self.filter(approved_at=None, declined_at=None)


class Adjustment(models.Model):
    """A manual reward or penalty in a month; counts once approved, with reason."""

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="adjustments")
    period = models.CharField(_("month"), max_length=7)
    staff = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("staff member"), related_name="adjustments")
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    reason = models.CharField(_("reason"), max_length=200)
    entered_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("entered by"), related_name="+")
    entered_at = models.DateTimeField(_("entered at"))
    approved_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("approved by"), null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    declined_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("declined by"), null=True, blank=True, related_name="+"
    )
    declined_at = models.DateTimeField(_("declined"), null=True, blank=True)
    decline_reason = models.CharField(_("reason for declining"), max_length=200, blank=True)

    objects = AdjustmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("adjustment")
        verbose_name_plural = _("adjustments")
        ordering = ["-period", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="adjustment_has_a_reason"),
            models.CheckConstraint(condition=~Q(amount=0), name="adjustment_not_zero"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=models.F("entered_by")), name="adjustment_four_eyes"
            ),
            models.CheckConstraint(
                condition=Q(declined_at=None) | Q(approved_at=None, declined_by__isnull=False) & ~Q(decline_reason=""),
                name="adjustment_decided_one_way",
            ),
        ]

    def __str__(self):
        return f"{self.staff} {self.amount}"
