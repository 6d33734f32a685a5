"""What one person proposes and another lets count or turns down. Source: spec `commission.md` (A month's run)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dealer_crm.organization.models import Staff, StoreOwned


class ProposalQuerySet(StoreOwned):
    def undecided(self):
        return self.filter(approved_at=None, declined_at=None)


class Proposal(models.Model):
    """Entered with a reason; approved or declined by somebody else, once."""

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

    objects = ProposalQuerySet.as_manager()

    class Meta:
        abstract = True
