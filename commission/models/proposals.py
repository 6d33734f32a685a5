"""What one person enters and another decides. Source: spec `commission.md` (a month's run, F)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dealer_crm.organization.models import FourEyes, Staff, Store


class Proposal(FourEyes):
    """Money for or from a person, entered with a reason; approved or declined by somebody else, once.

    A kind of proposal says its `noun` in the journal's verbs, the field that dates it (`dated_by`), the month it counts
    in (`month`), itself in words (`sentence`) and the page that lists it (`get_absolute_url`).
    """

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="%(class)ss")
    staff = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("staff member"), related_name="%(class)ss")
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    entered_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("entered by"), related_name="+")
    entered_at = models.DateTimeField(_("entered at"))

    class Meta(FourEyes.Meta):
        abstract = True
        constraints = [
            *FourEyes.Meta.constraints,
            models.CheckConstraint(condition=~Q(entered_by=F("staff")), name="%(class)s_not_of_ones_own"),
        ]
