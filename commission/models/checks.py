"""Before a month is approved: who has checked their statement, and the lines they dispute. Source: `commission.md`."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commission.choices import DISPUTE_TONES, DisputeRemedy, DisputeState
from commission.models.runs import Run, StatementLine
from dealer_crm.organization.models import Staff, StoreOwned


class StatementCheck(models.Model):
    """A person has read their statement and found it right. `lines`: what they read, [item, amount] by line: a month
    computed again is to be checked again only by those whose lines have changed."""

    run = models.ForeignKey(Run, models.CASCADE, verbose_name=_("run"), related_name="checks")
    staff = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("staff member"), related_name="+")
    lines = models.JSONField(_("lines read"))
    checked_at = models.DateTimeField(_("checked at"))

    class Queries(StoreOwned):
        store_path = "run__store"

    objects = Queries.as_manager()

    class Meta:
        verbose_name = _("statement check")
        verbose_name_plural = _("statement checks")
        ordering = ["run", "staff"]
        constraints = [models.UniqueConstraint(fields=["run", "staff"], name="statement_checked_once")]

    def __str__(self):
        return f"{self.run} {self.staff}"


class Dispute(models.Model):
    """异议: a person says that a line of their statement is wrong; answered with the reason before the month can be
    approved.

    Lines are made anew when the month is computed again, so it keeps which one it was: `item`, `name`, `amount`.
    `remedy`: how an upheld one is put right.
    """

    run = models.ForeignKey(Run, models.PROTECT, verbose_name=_("run"), related_name="disputes")
    staff = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("staff member"), related_name="pay_disputes")
    line = models.ForeignKey(
        StatementLine, models.SET_NULL, verbose_name=_("statement line"), null=True, blank=True, related_name="disputes"
    )
    item = models.CharField(_("item code"), max_length=40)
    name = models.CharField(_("item"), max_length=80)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    text = models.CharField(_("what is wrong"), max_length=400)
    raised_at = models.DateTimeField(_("disputed at"))
    state = models.CharField(_("state"), max_length=10, choices=DisputeState, default=DisputeState.OPEN)
    remedy = models.CharField(_("put right by"), max_length=12, choices=DisputeRemedy, blank=True)
    answer = models.CharField(_("answer to the dispute"), max_length=400, blank=True)
    answered_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("answered by"), null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Queries(StoreOwned):
        store_path = "run__store"

        def open(self):
            return self.filter(state=DisputeState.OPEN)

    objects = Queries.as_manager()

    class Meta:
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        ordering = ["-raised_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="dispute_says_what_is_wrong"),
            models.CheckConstraint(
                condition=Q(state=DisputeState.OPEN, answered_at=None, answered_by=None, remedy="")
                | Q(state=DisputeState.UPHELD, answered_at__isnull=False, answered_by__isnull=False)
                & ~Q(answer="")
                & ~Q(remedy="")
                | Q(state=DisputeState.REJECTED, answered_at__isnull=False, answered_by__isnull=False, remedy="")
                & ~Q(answer=""),
                name="dispute_answered_whole",
            ),
            models.CheckConstraint(
                condition=Q(answered_by=None) | ~Q(answered_by=F("staff")), name="dispute_answered_by_another"
            ),
            models.UniqueConstraint(
                fields=["line"], condition=Q(state=DisputeState.OPEN), name="line_disputed_once_at_a_time"
            ),
        ]
        indexes = [models.Index("run", condition=Q(state=DisputeState.OPEN), name="dispute_open")]

    def __str__(self):
        return f"{self.staff} {self.name}"

    @property
    def tone(self) -> str:
        return DISPUTE_TONES[DisputeState(self.state)]
