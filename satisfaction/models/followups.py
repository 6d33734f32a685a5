"""What is done about it: bad answers, improvement plans, targets of factors, the manager's guess.

Source: spec `satisfaction.md`, "Arithmetic", "Analysis".
"""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dealer_crm.access.permissions import Permission
from dealer_crm.organization.models import Staff, Store, StoreOwned
from satisfaction.choices import PlanOutcome, PlanStage
from satisfaction.models.responses import Answer


class FlagQuerySet(StoreOwned):
    def visible_to(self, staff):
        """Of the person's own store: every flag for who deals with them, else those given to the person."""
        rows = super().visible_to(staff)
        return rows if staff.can(Permission.FLAG_DEAL) else rows.filter(owner=staff)

    def undealt(self):
        return self.filter(dealt_at=None)

    def late(self, at):
        """Those whose hour passed before somebody dealt with them, or that wait beyond it now."""
        return self.filter(Q(dealt_at__gt=F("due_at")) | Q(dealt_at=None, due_at__lt=at))


class Flag(models.Model):
    """A bad answer (score ≤ 4, a marked "no") that must be dealt with.

    `owner` is who speaks with the customer, `due_at` until when. A flag whose matter became a complaint is dealt with
    by that: its number and address are what the complaints announced.
    """

    answer = models.OneToOneField(Answer, models.CASCADE, verbose_name=_("answer"), related_name="flag")
    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="flags")
    raised_at = models.DateTimeField(_("raised"))
    due_at = models.DateTimeField(_("to be dealt with by"), null=True, blank=True)
    owner = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("in charge"), null=True, blank=True, related_name="flags"
    )
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    complaint_number = models.CharField(_("complaint"), max_length=40, blank=True)
    complaint_url = models.CharField(_("address of the complaint"), max_length=200, blank=True)
    dealt_at = models.DateTimeField(_("dealt with"), null=True, blank=True)
    dealt_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("dealt with by"), null=True, blank=True, related_name="+"
    )
    result = models.CharField(_("what was done"), max_length=300, blank=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        verbose_name = _("flag")
        verbose_name_plural = _("flags")
        ordering = ["-raised_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(dealt_at=None) | (~Q(result="") & (Q(dealt_by__isnull=False) | ~Q(complaint_number=""))),
                name="dealt_flag_says_what_was_done",
            )
        ]
        indexes = [
            models.Index("store", "raised_at", name="flag_open", condition=Q(dealt_at=None)),
            models.Index("store", "raised_at", name="flag_of_store"),
            models.Index("due_at", name="flag_to_remind", condition=Q(dealt_at=None, reminded_at=None)),
        ]

    def __str__(self):
        return str(self.answer)


class ImprovementPlanQuerySet(StoreOwned):
    def visible_to(self, staff):
        """Of the person's own store: every plan for who may see the figures, else those they answer for."""
        rows = super().visible_to(staff)
        return rows if staff.can(Permission.SATISFACTION_VIEW) else rows.filter(owner=staff)

    def unfinished(self):
        return self.filter(closed_at=None)

    def at_stage(self, stage: str):
        """The same distinction as `ImprovementPlan.stage`."""
        return self.filter(
            {
                PlanStage.PLAN: Q(closed_at=None, begun_at=None, done_at=None),
                PlanStage.DO: Q(closed_at=None, begun_at__isnull=False, done_at=None),
                PlanStage.CHECK: Q(closed_at=None, done_at__isnull=False),
                PlanStage.ACT: Q(closed_at__isnull=False),
            }[PlanStage(stage)]
        )

    def late(self, on):
        """Not carried out by its day, or not checked by its day."""
        return self.filter(closed_at=None).filter(Q(done_at=None, due_on__lt=on) | Q(check_on__lt=on))


class ImprovementPlan(models.Model):
    """改进计划 (PDCA) for one factor of one store, born from a month's weakness.

    Plan: cause, measure, owner, days. Do: begun, carried out with a word of what was done. Check: the figures of the
    months after, until `check_on`. Act: closed with its outcome and what follows from it.
    """

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="improvement_plans")
    period = models.CharField(_("month"), max_length=7)
    factor_code = models.CharField(_("factor code"), max_length=20)
    factor_name = models.CharField(_("factor"), max_length=60)
    cause = models.TextField(_("cause"))
    measure = models.TextField(_("countermeasure"))
    owner = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("in charge"), related_name="improvement_plans")
    due_on = models.DateField(_("due on"))
    begun_at = models.DateTimeField(_("begun"), null=True, blank=True)
    done_at = models.DateTimeField(_("carried out"), null=True, blank=True)
    done_note = models.TextField(_("what was carried out"), blank=True)
    check_on = models.DateField(_("check on"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=8, choices=PlanOutcome, blank=True)
    result = models.TextField(_("result"), blank=True)
    created_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("opened by"), null=True, related_name="+")
    created_at = models.DateTimeField(_("opened at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("closed by"), null=True, blank=True, related_name="+"
    )

    objects = ImprovementPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("improvement plan")
        verbose_name_plural = _("improvement plans")
        ordering = ["-period", "factor_code", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["store", "period", "factor_code"],
                condition=Q(closed_at=None),
                name="one_open_plan_per_factor",
                violation_error_message=_("There is an open plan for this factor and month already."),
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | ~Q(result=""),
                name="closed_plan_has_a_result",
                violation_error_message=_("A plan is closed with its result."),
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | (Q(begun_at__isnull=False) & ~Q(done_note="")),
                name="carried_out_plan_says_what",
                violation_error_message=_("Say what was carried out."),
            ),
        ]
        indexes = [
            models.Index("store", "due_on", name="plan_open", condition=Q(closed_at=None)),
        ]

    def __str__(self):
        return f"{self.period} {self.factor_name}"

    @property
    def stage(self) -> PlanStage:
        if self.closed_at:
            return PlanStage.ACT
        if self.done_at:
            return PlanStage.CHECK
        return PlanStage.DO if self.begun_at else PlanStage.PLAN

    def is_late(self, on: date) -> bool:
        """The same as the queryset's `late`."""
        is_overdue = self.done_at is None and self.due_on < on
        return self.closed_at is None and (is_overdue or bool(self.check_on and self.check_on < on))


class FactorTarget(models.Model):
    """The mean (1–10) a factor is to reach from a day on; without a row `satisfaction.factor_target` holds."""

    store = models.ForeignKey(
        Store,
        models.PROTECT,
        verbose_name=_("store"),
        null=True,
        blank=True,
        related_name="factor_targets",
        help_text=_("Empty: every store."),
    )
    factor_code = models.CharField(_("factor code"), max_length=20)
    starts_on = models.DateField(_("from"))
    mean = models.DecimalField(_("target mean"), max_digits=4, decimal_places=2)

    objects = StoreOwned.as_manager()

    class Meta:
        verbose_name = _("factor target")
        verbose_name_plural = _("factor targets")
        ordering = ["factor_code", "-starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["store", "factor_code", "starts_on"],
                nulls_distinct=False,
                name="one_factor_target_per_day",
                violation_error_message=_("There is a target from this day already."),
            ),
            models.CheckConstraint(
                condition=Q(mean__gte=1, mean__lte=10),
                name="factor_target_on_its_scale",
                violation_error_message=_("A target lies between 1 and 10."),
            ),
        ]

    def __str__(self):
        return f"{self.factor_code} ≥ {self.mean}"


class Guess(models.Model):
    """What a manager believed customers would say of a factor in a month (gap 1), given before the figures are read."""

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="guesses")
    period = models.CharField(_("month"), max_length=7)
    staff = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("guessed by"), related_name="guesses")
    factor_code = models.CharField(_("factor code"), max_length=20)
    mean = models.DecimalField(_("guessed mean"), max_digits=4, decimal_places=2)
    guessed_at = models.DateTimeField(_("guessed at"))

    objects = StoreOwned.as_manager()

    class Meta:
        verbose_name = _("guess")
        verbose_name_plural = _("guesses")
        ordering = ["-period", "staff", "factor_code"]
        constraints = [
            models.UniqueConstraint(
                fields=["store", "period", "staff", "factor_code"],
                name="one_guess_per_factor",
                violation_error_message=_("You have given your guess for this month already."),
            ),
            models.CheckConstraint(
                condition=Q(mean__gte=1, mean__lte=10),
                name="guess_on_its_scale",
                violation_error_message=_("A guess lies between 1 and 10."),
            ),
        ]

    def __str__(self):
        return f"{self.period} {self.factor_code} {self.mean}"
