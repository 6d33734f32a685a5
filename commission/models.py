"""Plans, runs, statements. Source: spec `commission.md`.

A locked run and everything under it can't be changed: a trigger refuses UPDATE, DELETE and INSERT.
"""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.fields.ranges import BigIntegerRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import ExtractMonth, ExtractYear
from django.utils.translation import gettext_lazy as _

from commission.choices import CHANGE_TONES, RUN_TONES, ChangeState, LineKind, PlanState, RunState
from dealer_crm.kpi.models import PERIOD_PATTERN
from dealer_crm.organization.models import Staff, Store, StoreOwned, Team
from dealer_crm.values import Period


class Plan(models.Model):
    """A store's pay plan (提成方案); its rules are the versions."""

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="plans")
    name = models.CharField(_("name"), max_length=80)

    objects = StoreOwned.as_manager()

    class Meta:
        verbose_name = _("pay plan")
        verbose_name_plural = _("pay plans")
        ordering = ["store"]
        constraints = [models.UniqueConstraint(fields=["store"], name="one_plan_per_store")]

    def __str__(self):
        return self.name


class PlanVersion(models.Model):
    """The rules that hold from a month on. Approved versions are frozen (trigger); a change is a new version."""

    plan = models.ForeignKey(Plan, models.PROTECT, verbose_name=_("plan"), related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    name = models.CharField(_("name"), max_length=80, blank=True)
    starts_period = models.CharField(_("holds from month"), max_length=7)
    rules = models.JSONField(_("rules"))
    state = models.CharField(_("state"), max_length=10, choices=PlanState, default=PlanState.DRAFT)
    approved_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("approved by"), null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    created_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("entered by"), null=True, related_name="+")
    created_at = models.DateTimeField(_("entered at"))

    class Queries(StoreOwned):
        store_path = "plan__store"

    objects = Queries.as_manager()

    class Meta:
        verbose_name = _("plan version")
        verbose_name_plural = _("plan versions")
        ordering = ["plan", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_version_once"),
            models.UniqueConstraint(
                fields=["plan", "starts_period"], condition=Q(state=PlanState.APPROVED), name="one_version_per_start"
            ),
            models.CheckConstraint(condition=Q(starts_period__regex=PERIOD_PATTERN), name="plan_starts_in_a_month"),
        ]

    def __str__(self):
        return f"{self.plan} v{self.number}"


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
                ),
                name="statement_adds_up",
            ),
        ]

    def __str__(self):
        return f"{self.staff} {self.run.period}"


class StatementLine(models.Model):
    """One explained amount of a person. Items add up to the gross; deductions and adjustments lead to the net."""

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

    class Queries(StoreOwned):
        store_path = "run__store"

    objects = Queries.as_manager()

    class Meta:
        verbose_name = _("statement line")
        verbose_name_plural = _("statement lines")
        ordering = ["run", "position"]
        constraints = [models.UniqueConstraint(fields=["run", "position"], name="statement_line_once")]

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
    note = models.CharField(_("note"), max_length=40, blank=True)

    class Queries(StoreOwned):
        store_path = "run__store"

    objects = Queries.as_manager()

    class Meta:
        verbose_name = _("counted row")
        verbose_name_plural = _("counted rows")
        ordering = ["run", "position"]
        constraints = [models.UniqueConstraint(fields=["run", "position"], name="counted_row_once")]
        indexes = [models.Index(fields=["number"], name="counted_row_of_document")]

    def __str__(self):
        return f"{self.item} {self.number} {self.counted}"


class Score(models.Model):
    """考核成绩: a person's appraisal score of a month, 0–100."""

    staff = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("staff member"), related_name="scores")
    period = models.CharField(_("month"), max_length=7)
    score = models.DecimalField(_("score"), max_digits=6, decimal_places=2)
    entered_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("entered by"), null=True, related_name="+")
    entered_at = models.DateTimeField(_("entered at"))

    class Queries(StoreOwned):
        store_path = "staff__store"

    objects = Queries.as_manager()

    class Meta:
        verbose_name = _("appraisal score")
        verbose_name_plural = _("appraisal scores")
        ordering = ["-period", "staff"]
        constraints = [
            models.UniqueConstraint(fields=["staff", "period"], name="one_score_per_person_and_month"),
            models.CheckConstraint(condition=Q(score__gte=0), name="score_not_negative"),
            models.CheckConstraint(condition=Q(period__regex=PERIOD_PATTERN), name="score_period_is_a_month"),
        ]

    def __str__(self):
        return f"{self.staff} {self.period} {self.score}"


class AdjustmentQuerySet(StoreOwned):
    def undecided(self):
        return self.filter(approved_at=None, declined_at=None)


class Adjustment(models.Model):
    """A manual reward or penalty in a month; counts once approved, with reason."""

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="adjustments")
    period = models.CharField(_("month"), max_length=7)
    staff = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("staff member"), related_name="adjustments")
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

    objects = AdjustmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("adjustment")
        verbose_name_plural = _("adjustments")
        ordering = ["-period", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="adjustment_has_a_reason"),
            models.CheckConstraint(condition=~Q(amount=0), name="adjustment_not_zero"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=models.F("entered_by")), name="adjustment_four_eyes"
            ),
            models.CheckConstraint(
                condition=Q(declined_at=None) | Q(approved_at=None, declined_by__isnull=False) & ~Q(decline_reason=""),
                name="adjustment_decided_one_way",
            ),
        ]

    def __str__(self):
        return f"{self.staff} {self.amount}"


class CoefficientChangeQuerySet(StoreOwned):
    def asked(self):
        return self.filter(state=ChangeState.ASKED)

    def approved(self):
        return self.filter(state=ChangeState.APPROVED)

    def touching(self, first, last):
        """Those that hold on some day from `first` to `last`, both counted."""
        return self.filter(starts_on__lte=last, ends_on__gte=first)


class CoefficientChange(models.Model):
    """临时系数: for some days of one month a person shares in a team's money by another coefficient.

    `starts_on` and `ends_on` both count. Only an approved one is paid by, and of those no two hold on the same day.
    `decision_reason`: why it was declined, or taken back after it had been approved.
    """

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="coefficient_changes")
    staff = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("staff member"), related_name="coefficient_changes")
    team = models.ForeignKey(Team, models.PROTECT, verbose_name=_("team"), related_name="+")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    coefficient = models.DecimalField(_("temporary coefficient"), max_digits=6, decimal_places=3)
    reason = models.CharField(_("reason"), max_length=200)
    state = models.CharField(_("state"), max_length=10, choices=ChangeState, default=ChangeState.ASKED)
    asked_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("asked by"), related_name="+")
    asked_at = models.DateTimeField(_("asked at"))
    decided_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("decided by"), null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decision_reason = models.CharField(_("reason for the decision"), max_length=200, blank=True)
    revoked_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("revoked by"), null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = CoefficientChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("temporary coefficient")
        verbose_name_plural = _("temporary coefficients")
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="coefficient_change_runs_forward"),
            models.CheckConstraint(
                condition=Q(ends_on__month=ExtractMonth("starts_on"), ends_on__year=ExtractYear("starts_on")),
                name="coefficient_change_in_one_month",
            ),
            models.CheckConstraint(
                condition=Q(coefficient__gt=0, coefficient__lt=10), name="coefficient_change_in_bounds"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="coefficient_change_says_why"),
            models.CheckConstraint(
                condition=~Q(asked_by=F("staff"))
                & (Q(decided_by=None) | ~Q(decided_by=F("asked_by")) & ~Q(decided_by=F("staff"))),
                name="coefficient_change_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[ChangeState.ASKED, ChangeState.WITHDRAWN], decided_at=None)
                | Q(
                    state__in=[ChangeState.APPROVED, ChangeState.DECLINED, ChangeState.REVOKED],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                ),
                name="coefficient_change_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ChangeState.DECLINED, ChangeState.REVOKED]) | ~Q(decision_reason=""),
                name="refused_coefficient_change_says_why",
            ),
            models.UniqueConstraint(
                fields=["staff", "starts_on", "ends_on"],
                condition=Q(state=ChangeState.ASKED),
                name="coefficient_change_asked_once",
            ),
            # A range of one id stands for the id, so that no extension is needed.
            ExclusionConstraint(
                name="one_temporary_coefficient_a_day",
                expressions=[
                    (
                        Func(
                            F("staff"),
                            F("staff"),
                            Value("[]"),
                            function="int8range",
                            output_field=BigIntegerRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(
                            F("starts_on"),
                            F("ends_on"),
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(state=ChangeState.APPROVED),
            ),
        ]
        indexes = [
            models.Index("store", "starts_on", condition=Q(state=ChangeState.ASKED), name="coefficient_change_waiting"),
            models.Index(fields=["store", "-starts_on", "-id"], name="coefficient_change_listed"),
        ]

    def __str__(self):
        return f"{self.staff} {self.coefficient.normalize():f} {self.starts_on:%Y-%m-%d} – {self.ends_on:%Y-%m-%d}"

    @property
    def tone(self) -> str:
        return CHANGE_TONES[ChangeState(self.state)]

    @property
    def period(self) -> Period:
        return Period.of(self.starts_on)
