"""What one person enters and another decides. Source: spec `commission.md` (a month's run, F)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dealer_crm.organization.models import Staff, Store, StoreOwned


class ProposalQuerySet(StoreOwned):
    def undecided(self):
        return self.filter(approved_at=None, declined_at=None)


class Proposal(models.Model):
    """Money for or from a person, entered with a reason; approved or declined by somebody else, once.

    A kind of proposal says its `noun` in the journal's verbs, the field that dates it (`dated_by`), the month it counts
    in (`month`), itself in words (`sentence`) and the page that lists it (`get_absolute_url`).
    """

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="%(class)ss")
    staff = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("staff member"), related_name="%(class)ss")
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

    objects = ProposalQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="%(class)s_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(entered_by=F("staff"))
                & (Q(approved_by=None) | ~Q(approved_by=F("entered_by")) & ~Q(approved_by=F("staff"))),
                name="%(class)s_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None, declined_at=None, approved_by=None, declined_by=None)
                | Q(approved_at__isnull=False, approved_by__isnull=False, declined_at=None, declined_by=None)
                | Q(approved_at=None, approved_by=None, declined_at__isnull=False, declined_by__isnull=False)
                & ~Q(decline_reason=""),
                name="%(class)s_decided_one_way",
            ),
        ]
