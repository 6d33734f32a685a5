"""A month's run, the statements and their explained lines. Source: spec `commission.md` (A month's run).

A locked run and everything under it can't be changed: a trigger refuses UPDATE, DELETE and INSERT.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commission.choices import RUN_TONES, LineKind, RunState
from commission.models.plans import PlanVersion
from dealer_crm.kpi.models import PERIOD_PATTERN
from dealer_crm.organization.models import Staff, Store, StoreOwned, Team


class Run(models.Model):
    """One month's pay of one store (提成核算): draft → reviewed → approved → locked."""

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="commission_runs")
    period = models.CharField(_("month"), max_length=7)
    state = models.CharField(_("state"), max_length=10, choices=RunState, default=RunState.DRAFT)
    plan_version = models.ForeignKey(PlanVersion, models.PROTECT, verbose_name=_("plan version"), related_name="runs")
    figures = models.JSONField(_("figures of the month"), default=dict)  # {"pool": […], "teams": […]}, each explained
    warnings = models.JSONField(_("warnings"), default=list)
    carry_over = models.JSONField(_("carried over"), default=list)
    net_total_amount = models.DecimalField(_("paid out"), max_digits=14, decimal_places=2, default=0)
    computed_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("computed by"), null=True, related_name="+")
    computed_at = models.DateTimeField(_("computed"))
    reviewed_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("reviewed by"), null=True, blank=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(_("reviewed"), null=True, blank=True)
    approved_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("approved by"), null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    locked_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("locked by"), null=True, blank=True, related_name="+"
    )
    locked_at = models.DateTimeField(_("locked"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = StoreOwned.as_manager()

    class Meta:
        verbose_name = _("commission run")
        verbose_name_plural = _("commission runs")
        ordering = ["-period", "store"]
        constraints = [
            models.UniqueConstraint(fields=["store", "period"], name="one_run_per_store_and_month"),
            models.CheckConstraint(condition=Q(period__regex=PERIOD_PATTERN), name="run_period_is_a_month"),
            models.CheckConstraint(
                condition=~Q(state=RunState.LOCKED) | Q(locked_at__isnull=False), name="locked_run_has_its_time"
            ),
        ]

    def __str__(self):
        return f"{self.store} {self.period}"

    @property
    def tone(self) -> str:
        return RUN_TONES[RunState(self.state)]


class Statement(models.Model):
    """One person's pay slip lines of a run, summed up."""

    run = models.ForeignKey(Run, models.CASCADE, verbose_name=_("run"), related_name="statements")
    staff = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("staff member"), related_name="statements")
    post = models.CharField(_("post"), max_length=24, blank=True)
    team = models.ForeignKey(Team, models.PROTECT, verbose_name=_("team"), null=True, blank=True, related_name="+")
    gross_amount = models.DecimalField(_("commission items"), max_digits=14, decimal_places=2)
    complaint_amount = models.DecimalField(_("taken off for complaints"), max_digits=14, decimal_places=2, default=0)
    appraisal_amount = models.DecimalField(_("taken off for appraisal"), max_digits=14, decimal_places=2, default=0)
    adjustment_amount = models.DecimalField(_("adjustments"), max_digits=14, decimal_places=2, default=0)
    correction_amount = models.DecimalField(
        _("corrections of locked months"), max_digits=14, decimal_places=2, default=0
    )
    net_amount = models.DecimalField(_("commission paid"), max_digits=14, decimal_places=2)

    class Queries(StoreOwned):
        store_path = "run__store"

    objects = Queries.as_manager()

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["run", "staff__work_number"]
        constraints = [
            models.UniqueConstraint(fields=["run", "staff"], name="one_statement_per_person_and_run"),
            models.CheckConstraint(
                condition=Q(
                    net_amount=models.F("gross_amount")
                    - models.F("complaint_amount")
                    - models.F("appraisal_amount")
                    + models.F("adjustment_amount")
                    + models.F("correction_amount")
                ),
                name="statement_adds_up",
            ),
        ]

    def __str__(self):
        return f"{self.staff} {self.run.period}"


class StatementLine(models.Model):
    """One explained amount of a person. Items add up to the gross; deductions, adjustments and corrections lead to the
    net.

    A correction (signed, as it changes the pay) belongs to the `correction` of a locked month and points at the line it
    `corrects`, or, where that month paid nothing for the item, at nothing but the month. `recomputed` is the
    explanation of what the item comes to today; None: nothing is due for it any more.
    """

    run = models.ForeignKey(Run, models.CASCADE, verbose_name=_("run"), related_name="lines")
    statement = models.ForeignKey(Statement, models.CASCADE, verbose_name=_("statement"), related_name="lines")
    position = models.PositiveIntegerField(_("place"))
    kind = models.CharField(_("kind"), max_length=10, choices=LineKind, default=LineKind.ITEM)
    item = models.CharField(_("item code"), max_length=40)
    name = models.CharField(_("item"), max_length=80)
    base = models.DecimalField(_("base"), max_digits=18, decimal_places=4, null=True, blank=True)
    rate = models.DecimalField(_("rate"), max_digits=18, decimal_places=10, null=True, blank=True)
    factor = models.DecimalField(_("coefficient"), max_digits=18, decimal_places=10, null=True, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    explanation = models.JSONField(_("explanation"))
    corrects = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("corrects"), null=True, blank=True, related_name="corrections"
    )
    correction = models.ForeignKey(
        "commission.Correction",
        models.CASCADE,
        verbose_name=_("correction of the month"),
        null=True,
        blank=True,
        related_name="lines",
    )
    recomputed = models.JSONField(_("worked out again"), null=True, blank=True)

    class Queries(StoreOwned):
        store_path = "run__store"

    objects = Queries.as_manager()

    class Meta:
        verbose_name = _("statement line")
        verbose_name_plural = _("statement lines")
        ordering = ["run", "position"]
        constraints = [
            models.UniqueConstraint(fields=["run", "position"], name="statement_line_once"),
            models.CheckConstraint(
                condition=Q(kind=LineKind.CORRECTION, correction__isnull=False)
                | ~Q(kind=LineKind.CORRECTION) & Q(correction=None, corrects=None, recomputed=None),
                name="correction_names_its_month",
            ),
        ]

    def __str__(self):
        return f"{self.item} {self.amount}"


class CountedRow(models.Model):
    """A document a run counted (明细): a receipt, an assessment, a labour line, an issue of consumables."""

    run = models.ForeignKey(Run, models.CASCADE, verbose_name=_("run"), related_name="counted_rows")
    position = models.PositiveIntegerField(_("place"))
    item = models.CharField(_("item code"), max_length=40)
    receiver = models.CharField(_("work number or team"), max_length=60, blank=True)
    kind = models.CharField(_("source"), max_length=20)
    number = models.CharField(_("document"), max_length=60)
    order_number = models.CharField(_("order number"), max_length=40, blank=True)
    day = models.DateField(_("day"), null=True, blank=True)
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=4)
    counted = models.DecimalField(_("counted"), max_digits=24, decimal_places=12)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Queries(StoreOwned):
        store_path = "run__store"

    objects = Queries.as_manager()

    class Meta:
        verbose_name = _("counted row")
        verbose_name_plural = _("counted rows")
        ordering = ["run", "position"]
        constraints = [models.UniqueConstraint(fields=["run", "position"], name="counted_row_once")]
        indexes = [
            models.Index(fields=["number"], name="counted_row_of_document"),
            models.Index(fields=["order_number"], name="counted_row_of_order"),
        ]

    def __str__(self):
        return f"{self.item} {self.number} {self.counted}"
