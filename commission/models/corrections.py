"""What changes after a month was computed, and what the next open month makes of it. Source: `commission.md`."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commission.choices import LateCause
from commission.models.runs import Run
from dealer_crm.kpi.models import PERIOD_PATTERN
from dealer_crm.organization.models import Store, StoreOwned


class LateChange(models.Model):
    """迟到变动: something happened to a month whose run was computed already; the month is to be looked at again.

    Waits until the run of the next open month has looked (`taken_up_by`) and is locked (`settled_at`). `document` and
    `person` as text, so that they outlive what they name.
    """

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="late_changes")
    period = models.CharField(_("month"), max_length=7)
    cause = models.CharField(_("cause"), max_length=12, choices=LateCause)
    document = models.CharField(_("document"), max_length=60, blank=True)
    person = models.CharField(_("person"), max_length=80, blank=True)
    happened_at = models.DateTimeField(_("happened at"))
    taken_up_by = models.ForeignKey(
        Run, models.SET_NULL, verbose_name=_("looked at by the run"), null=True, blank=True, related_name="late_changes"
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    class Queries(StoreOwned):
        def waiting(self):
            return self.filter(settled_at=None)

    objects = Queries.as_manager()

    class Meta:
        verbose_name = _("late change")
        verbose_name_plural = _("late changes")
        ordering = ["happened_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["store", "period", "cause", "document"],
                condition=Q(settled_at=None),
                name="late_change_waits_once",
            ),
            models.CheckConstraint(condition=Q(period__regex=PERIOD_PATTERN), name="late_change_in_a_month"),
        ]
        indexes = [models.Index("store", "period", condition=Q(settled_at=None), name="late_change_waiting")]

    def __str__(self):
        return f"{self.period} {self.get_cause_display()} {self.document}".strip()


class Correction(models.Model):
    """A locked month looked at again by the run of a later one: what changed (`rows`), why (`causes`), and its lines.

    Locked with the run that pays it, by the same trigger as the rest of it.
    """

    run = models.ForeignKey(Run, models.CASCADE, verbose_name=_("run"), related_name="corrections")
    corrected_run = models.ForeignKey(Run, models.PROTECT, verbose_name=_("corrected run"), related_name="corrected_by")
    causes = models.JSONField(_("causes"), default=list)
    rows = models.JSONField(_("documents that count differently"), default=list)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)

    class Queries(StoreOwned):
        store_path = "run__store"

    objects = Queries.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["corrected_run__period", "id"]
        constraints = [
            models.UniqueConstraint(fields=["run", "corrected_run"], name="month_corrected_once_by_a_run"),
            models.CheckConstraint(condition=~Q(run=F("corrected_run")), name="run_corrects_another"),
        ]

    def __str__(self):
        return f"{self.corrected_run.period} {self.amount}"
