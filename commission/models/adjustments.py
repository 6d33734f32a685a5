"""Manual rewards and penalties. Source: spec `commission.md` (A month's run)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commission.models.proposals import Proposal
from dealer_crm.organization.models import Staff, Store


class Adjustment(Proposal):
    """A manual reward or penalty in a month; counts once approved, with reason."""

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="adjustments")
    period = models.CharField(_("month"), max_length=7)
    staff = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("staff member"), related_name="adjustments")
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)

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
