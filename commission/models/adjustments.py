"""Manual rewards and penalties. Source: spec `commission.md` (A month's run)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commission.models.proposals import Proposal
from dealer_crm.values import Period


class Adjustment(Proposal):
    """A manual reward or penalty in a month; counts once approved, with reason."""

    noun, dated_by = "adjustment", "period"

    period = models.CharField(_("month"), max_length=7)

    class Meta(Proposal.Meta):
        abstract = False
        verbose_name = _("adjustment")
        verbose_name_plural = _("adjustments")
        ordering = ["-period", "-id"]
        constraints = [
            *Proposal.Meta.constraints,
            models.CheckConstraint(condition=~Q(amount=0), name="adjustment_not_zero"),
        ]

    def __str__(self):
        return f"{self.staff} {self.amount}"

    @property
    def month(self) -> Period:
        return Period.parse(self.period)

    @property
    def sentence(self) -> str:
        return gettext("%(name)s %(period)s: adjustment of %(amount)s") % {
            "name": self.staff.name, "period": self.period, "amount": f"{self.amount:+,.2f}",
        }  # fmt: skip

    def get_absolute_url(self):
        return reverse("commission:adjustments")
