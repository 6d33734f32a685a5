"""Whether a complaint is true, and who answers for it. Source: spec `complaints.md`, "Verified"."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.cases import Complaint
from dealer_crm.organization.models import Staff


class Responsibility(models.Model):
    """A person found to answer for a verified complaint, with their share."""

    complaint = models.ForeignKey(
        Complaint, models.CASCADE, verbose_name=_("complaint"), related_name="responsibilities"
    )
    staff = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("staff member"), related_name="responsibilities")
    share = models.DecimalField(_("share of the blame"), max_digits=6, decimal_places=4, default=1)

    class Meta:
        verbose_name = _("responsibility")
        verbose_name_plural = _("responsibilities")
        constraints = [
            models.UniqueConstraint(fields=["complaint", "staff"], name="person_once_per_complaint"),
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="responsibility_is_a_share"),
        ]

    def __str__(self):
        return f"{self.staff} {self.share:.0%}"
