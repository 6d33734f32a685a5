"""What is done about it: bad answers, improvement plans, targets of factors, the manager's guess.

Source: spec `satisfaction.md`, "Arithmetic", "Analysis".
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dealer_crm.access.permissions import Permission
from dealer_crm.organization.models import Staff, Store, StoreOwned
from satisfaction.models.responses import Answer


class FlagQuerySet(StoreOwned):
    def undealt(self):
        return self.filter(dealt_at=None)


class Flag(models.Model):
    """A bad answer (score ≤ 4, a marked "no") that must be dealt with."""

    answer = models.OneToOneField(Answer, models.CASCADE, verbose_name=_("answer"), related_name="flag")
    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="flags")
    raised_at = models.DateTimeField(_("raised"))
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
                condition=Q(dealt_at=None) | (Q(dealt_by__isnull=False) & ~Q(result="")),
                name="dealt_flag_says_what_was_done",
            )
        ]
        indexes = [models.Index("store", "raised_at", name="flag_open", condition=Q(dealt_at=None))]

    def __str__(self):
        return str(self.answer)


class ImprovementPlanQuerySet(StoreOwned):
    def visible_to(self, staff):
        """Of the person's own store: every plan for who may see the figures, else those they answer for."""
        rows = super().visible_to(staff)
        return rows if staff.can(Permission.SATISFACTION_VIEW) else rows.filter(owner=staff)

    def unfinished(self):
        return self.filter(closed_at=None)


class ImprovementPlan(models.Model):
    """改进计划 (PDCA) for one factor of one store, born from a month's weakness."""

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="improvement_plans")
    period = models.CharField(_("month"), max_length=7)
    factor_code = models.CharField(_("factor code"), max_length=20)
    factor_name = models.CharField(_("factor"), max_length=60)
    cause = models.TextField(_("cause"))
    measure = models.TextField(_("countermeasure"))
    owner = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("in charge"), related_name="improvement_plans")
    due_on = models.DateField(_("due on"))
    check_on = models.DateField(_("checked on"), null=True, blank=True)
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
        ]

    def __str__(self):
        return f"{self.period} {self.factor_name}"


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
