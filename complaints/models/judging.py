"""Whether a complaint is true, and who answers for it. Source: spec `complaints.md`, "Verified"."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from complaints.models.cases import Complaint
from dealer_crm.organization.models import Staff, StoreOwned


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


class Appeal(models.Model):
    """申诉: a person found to answer for a complaint contradicts, once for each judgement.

    It keeps the judgement it is about (`judged_at`, `judged_by`, `share`), which falls when the appeal is accepted.
    """

    complaint = models.ForeignKey(Complaint, models.PROTECT, verbose_name=_("complaint"), related_name="appeals")
    staff = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("staff member"), related_name="complaint_appeals")
    judged_at = models.DateTimeField(_("judged at"))
    judged_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("judged by"), null=True, related_name="+")
    share = models.DecimalField(_("share of the blame"), max_digits=6, decimal_places=4)
    text = models.TextField(_("what is said against it"))
    appealed_at = models.DateTimeField(_("appealed at"))
    is_accepted = models.BooleanField(_("accepted"), null=True, blank=True)
    answer = models.TextField(_("answer to the appeal"), blank=True)
    decided_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("decided by"), null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    class Queries(StoreOwned):
        store_path = "complaint__store"

        def undecided(self):
            return self.filter(decided_at=None)

    objects = Queries.as_manager()

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        ordering = ["-appealed_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["complaint", "staff", "judged_at"], name="one_appeal_per_judgement"),
            models.CheckConstraint(
                condition=Q(decided_at=None, is_accepted=None, decided_by=None)
                | Q(decided_at__isnull=False, is_accepted__isnull=False, decided_by__isnull=False) & ~Q(answer=""),
                name="appeal_is_decided_whole",
                violation_error_message=_("An appeal is decided by somebody, at a moment, with an answer."),
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("judged_by")) & ~Q(decided_by=F("staff")),
                name="appeal_decided_by_another",
                violation_error_message=_("Neither who judged nor who appeals decides an appeal."),
            ),
        ]
        indexes = [models.Index("complaint", name="appeal_open", condition=Q(decided_at=None))]

    def __str__(self):
        return f"{self.complaint} {self.staff}"
