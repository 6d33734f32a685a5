"""Months whose pay was asked for and is being computed by a worker. Source: spec `commission.md` (A month's run)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commission.models.runs import Run
from dealer_crm.kpi.models import PERIOD_PATTERN
from dealer_crm.organization.models import Staff, Store, StoreOwned
from dealer_crm.reporting.choices import TONES, ReportState


class Computation(models.Model):
    """核算任务: a long month is computed by whoever comes, page or worker, while a page shows how far it has come.

    Asked for twice at once it is one. `failure`: the sentence in which the month was refused.
    """

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="+")
    period = models.CharField(_("month"), max_length=7)
    state = models.CharField(_("state"), max_length=8, choices=ReportState, default=ReportState.OWED)
    asked_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("asked by"), related_name="+")
    asked_at = models.DateTimeField(_("asked at"))
    claimed_at = models.DateTimeField(_("taken in hand"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    failure = models.CharField(_("why it could not be made"), max_length=300, blank=True)
    run = models.ForeignKey(Run, models.CASCADE, verbose_name=_("run"), null=True, blank=True, related_name="+")

    objects = StoreOwned.as_manager()

    class Meta:
        verbose_name = _("computation of a month")
        verbose_name_plural = _("computations of months")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["store", "period"], condition=Q(state=ReportState.OWED), name="month_computed_once_at_a_time"
            ),
            models.CheckConstraint(condition=Q(period__regex=PERIOD_PATTERN), name="computation_of_a_month"),
            models.CheckConstraint(
                condition=Q(state=ReportState.MADE, run__isnull=False)
                | Q(state=ReportState.FAILED, run=None) & ~Q(failure="")
                | Q(state=ReportState.OWED, run=None),
                name="ended_computation_says_how",
            ),
        ]
        indexes = [models.Index("asked_at", name="computation_owed", condition=Q(state=ReportState.OWED))]

    def __str__(self):
        return f"{self.store} {self.period}"

    @property
    def tone(self) -> str:
        return TONES[ReportState(self.state)]
