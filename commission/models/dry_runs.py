"""Dry runs of plan versions: what they would have paid. Source: spec `commission.md` (Plans)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commission.models.plans import PlanVersion
from dealer_crm.kpi.models import PERIOD_PATTERN
from dealer_crm.organization.models import Staff, StoreOwned
from dealer_crm.reporting.choices import TONES, ReportState


class DryRun(models.Model):
    """试算: a version over past months against what was in force. Kept with the version, with its time.

    `revision` is that of the version it was made of: a draft changed afterwards has not been tried. Asked for first,
    then made by whoever comes (page or worker), like an export.
    """

    version = models.ForeignKey(PlanVersion, models.CASCADE, verbose_name=_("plan version"), related_name="dry_runs")
    revision = models.PositiveIntegerField(_("revision"))
    first_period = models.CharField(_("first month"), max_length=7)
    last_period = models.CharField(_("last month"), max_length=7)
    state = models.CharField(_("state"), max_length=8, choices=ReportState, default=ReportState.OWED)
    asked_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("asked by"), null=True, related_name="+")
    asked_at = models.DateTimeField(_("asked at"))
    claimed_at = models.DateTimeField(_("taken in hand"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    failure = models.CharField(_("why it could not be made"), max_length=300, blank=True)
    made_at = models.DateTimeField(_("made"), null=True, blank=True)

    class Queries(StoreOwned):
        store_path = "version__plan__store"

        def made(self):
            return self.filter(state=ReportState.MADE)

    objects = Queries.as_manager()

    class Meta:
        verbose_name = _("dry run")
        verbose_name_plural = _("dry runs")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_period__regex=PERIOD_PATTERN, last_period__regex=PERIOD_PATTERN)
                & Q(last_period__gte=models.F("first_period")),
                name="dry_run_over_months",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReportState.MADE) | Q(made_at__isnull=False), name="made_dry_run_has_its_time"
            ),
        ]
        indexes = [models.Index("asked_at", name="dry_run_owed", condition=Q(state=ReportState.OWED))]

    def __str__(self):
        return f"{self.version} {self.months}"

    @property
    def months(self) -> str:
        one = self.first_period == self.last_period
        return self.first_period if one else f"{self.first_period} – {self.last_period}"

    @property
    def tone(self) -> str:
        return TONES[ReportState(self.state)]


class DryRunMonth(models.Model):
    """One month of it. `paid_amount`: what its locked run paid; `problems`: why it could not be worked out."""

    dry_run = models.ForeignKey(DryRun, models.CASCADE, verbose_name=_("dry run"), related_name="parts")
    period = models.CharField(_("month"), max_length=7)
    against = models.ForeignKey(
        PlanVersion, models.PROTECT, verbose_name=_("version in force"), null=True, related_name="+"
    )
    before_amount = models.DecimalField(_("before"), max_digits=14, decimal_places=2, default=0)
    after_amount = models.DecimalField(_("after"), max_digits=14, decimal_places=2, default=0)
    paid_amount = models.DecimalField(_("paid out"), max_digits=14, decimal_places=2, null=True, blank=True)
    problems = models.JSONField(_("what is missing"), default=list, blank=True)

    class Meta:
        verbose_name = _("month of a dry run")
        verbose_name_plural = _("months of a dry run")
        ordering = ["dry_run", "period"]
        constraints = [models.UniqueConstraint(fields=["dry_run", "period"], name="dry_run_month_once")]

    def __str__(self):
        return self.period


class DryRunLine(models.Model):
    """What one rule pays (+) or takes off (−) one person in one month, before and after."""

    dry_run = models.ForeignKey(DryRun, models.CASCADE, verbose_name=_("dry run"), related_name="lines")
    period = models.CharField(_("month"), max_length=7)
    staff = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("staff member"), related_name="+")
    item = models.CharField(_("item code"), max_length=40)
    name = models.CharField(_("item"), max_length=80)
    before_amount = models.DecimalField(_("before"), max_digits=14, decimal_places=2)
    after_amount = models.DecimalField(_("after"), max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("line of a dry run")
        verbose_name_plural = _("lines of a dry run")
        ordering = ["dry_run", "period", "staff", "item"]
        constraints = [models.UniqueConstraint(fields=["dry_run", "period", "staff", "item"], name="dry_run_line_once")]

    def __str__(self):
        return f"{self.item} {self.before_amount} → {self.after_amount}"
