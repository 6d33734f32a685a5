"""申诉: after the month is locked a person appeals; a committee decides by votes. Source: spec `commission.md`."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commission.choices import APPEAL_TONES, AppealState
from commission.models.adjustments import Adjustment
from commission.models.runs import Statement, StatementLine
from dealer_crm.organization.models import Staff, StoreOwned


class PayAppeal(models.Model):
    """An appeal against a locked statement: against one `line`, or because something is missing (no line).

    Granted money is an approved `adjustment` of an open month; the locked one stays as it is.
    """

    statement = models.ForeignKey(Statement, models.PROTECT, verbose_name=_("statement"), related_name="appeals")
    staff = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("staff member"), related_name="pay_appeals")
    line = models.ForeignKey(
        StatementLine, models.PROTECT, verbose_name=_("statement line"), null=True, blank=True, related_name="appeals"
    )
    text = models.TextField(_("what is said against it"))
    claimed_amount = models.DecimalField(_("amount claimed"), max_digits=14, decimal_places=2, null=True, blank=True)
    appealed_at = models.DateTimeField(_("appealed at"))
    decide_by = models.DateField(_("to be decided by"))
    state = models.CharField(_("state"), max_length=10, choices=AppealState, default=AppealState.OPEN)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    granted_amount = models.DecimalField(_("amount granted"), max_digits=14, decimal_places=2, null=True, blank=True)
    adjustment = models.OneToOneField(
        Adjustment, models.PROTECT, verbose_name=_("adjustment"), null=True, blank=True, related_name="appeal"
    )

    class Queries(StoreOwned):
        store_path = "statement__run__store"

        def undecided(self):
            return self.filter(state=AppealState.OPEN)

    objects = Queries.as_manager()

    class Meta:
        verbose_name = _("appeal against pay")
        verbose_name_plural = _("appeals against pay")
        ordering = ["-appealed_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="pay_appeal_says_why"),
            models.CheckConstraint(
                condition=Q(state=AppealState.OPEN, decided_at=None, granted_amount=None, adjustment=None)
                | Q(state=AppealState.GRANTED, decided_at__isnull=False, granted_amount__gt=0, adjustment__isnull=False)
                | Q(state=AppealState.REJECTED, decided_at__isnull=False, granted_amount=None, adjustment=None),
                name="pay_appeal_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(claimed_amount=None) | Q(claimed_amount__gt=0), name="pay_appeal_claims_something"
            ),
            models.UniqueConstraint(fields=["statement", "line"], name="pay_appeal_once_a_line", nulls_distinct=False),
        ]
        indexes = [models.Index("statement", condition=Q(state=AppealState.OPEN), name="pay_appeal_open")]

    def __str__(self):
        return f"{self.staff} {self.statement.run.period}"

    @property
    def tone(self) -> str:
        return APPEAL_TONES[AppealState(self.state)]


class AppealVote(models.Model):
    """A named member of an appeal's committee, and their vote with its reasons once it is cast.

    `amount`: what the member grants; zero is a rejection; empty is not voted yet. `reminders`: of how many marks on the
    way to the last day the member has been told (`formulas.appeals.marks_passed`).
    """

    appeal = models.ForeignKey(PayAppeal, models.CASCADE, verbose_name=_("appeal"), related_name="votes")
    member = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("member"), related_name="appeal_votes")
    named_at = models.DateTimeField(_("named at"))
    reminders = models.PositiveSmallIntegerField(_("reminders"), default=0)
    amount = models.DecimalField(_("amount granted"), max_digits=14, decimal_places=2, null=True, blank=True)
    reasons = models.TextField(_("reasons"), blank=True)
    voted_at = models.DateTimeField(_("voted at"), null=True, blank=True)

    class Queries(StoreOwned):
        store_path = "appeal__statement__run__store"

        def awaited(self):
            return self.filter(voted_at=None, appeal__state=AppealState.OPEN)

    objects = Queries.as_manager()

    class Meta:
        verbose_name = _("vote on an appeal")
        verbose_name_plural = _("votes on appeals")
        ordering = ["appeal", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["appeal", "member"], name="one_vote_a_member"),
            models.CheckConstraint(
                condition=Q(amount=None, voted_at=None, reasons="")
                | Q(amount__gte=0, voted_at__isnull=False) & ~Q(reasons=""),
                name="vote_has_its_reasons",
            ),
        ]
        indexes = [models.Index("appeal", condition=Q(voted_at=None), name="appeal_vote_awaited")]

    def __str__(self):
        return f"{self.appeal} {self.member}"
