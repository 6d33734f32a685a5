"""The goal meeting of a month (目标会) and what was agreed in it. Source: spec `kpi.md` (dashboards and reports)."""

from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from dealer_crm.kpi.choices import Measure
from dealer_crm.kpi.formulas import written
from dealer_crm.kpi.models.targets import PERIOD_PATTERN
from dealer_crm.organization.models import Staff, Store, StoreOwned
from dealer_crm.values import Period


class GoalMeeting(models.Model):
    """One month's sheet of one store: prepared (`held_at` empty), then held, from when on its figures stand still.

    `period` is the month spoken of, `figures_at` as of when its figures are.
    """

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="goal_meetings")
    period = models.CharField(_("month"), max_length=7)
    opened_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("prepared by"), related_name="+")
    opened_at = models.DateTimeField(_("prepared at"))
    figures_at = models.DateTimeField(_("state of the figures"))
    present = models.CharField(_("present"), max_length=300, blank=True)
    note = models.TextField(_("note"), blank=True)
    held_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=pgettext_lazy("of a meeting", "closed by"), null=True, related_name="+"
    )
    held_at = models.DateTimeField(pgettext_lazy("of a meeting", "held"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = StoreOwned.as_manager()

    class Meta:
        verbose_name = _("goal meeting")
        verbose_name_plural = _("goal meetings")
        ordering = ["-period", "store"]
        constraints = [
            models.UniqueConstraint(fields=["store", "period"], name="one_goal_meeting_per_month"),
            models.CheckConstraint(condition=Q(period__regex=PERIOD_PATTERN), name="goal_meeting_period_is_a_month"),
            models.CheckConstraint(
                condition=Q(held_at__isnull=True) | Q(held_by__isnull=False), name="held_meeting_has_its_person"
            ),
        ]

    def __str__(self):
        return f"{self.store} {self.period}"

    @property
    def is_held(self) -> bool:
        return self.held_at is not None

    @property
    def is_under_way(self) -> bool:
        """Whether the month was not over when its figures were taken."""
        return self.figures_at < Period.parse(self.period).bounds(self.store.tz)[1]


class GoalLineQuerySet(StoreOwned):
    store_path = "meeting__store"

    def agreed(self):
        """What somebody took on in a meeting that was held."""
        return self.filter(meeting__held_at__isnull=False, owner__isnull=False)

    def unfinished(self):
        return self.agreed().filter(done_at=None)


class GoalLine(models.Model):
    """One measure on the sheet: goal and actual (CNY, cars, points, 0–1), why, what is done about it, who, until when.

    `is_ceiling`: the goal is at most. `done_at`, `result`: how the matter was ended. `unknown`: so many lines the
    figure knows nothing of and leaves out.
    """

    meeting = models.ForeignKey(GoalMeeting, models.CASCADE, verbose_name=_("goal meeting"), related_name="lines")
    measure = models.CharField(_("measure"), max_length=32, choices=Measure)
    goal = models.DecimalField(_("goal"), max_digits=18, decimal_places=4)
    actual = models.DecimalField(_("actual"), max_digits=18, decimal_places=4, null=True, blank=True)
    is_ceiling = models.BooleanField(_("at most"), default=False)
    unknown = models.PositiveIntegerField(_("lines left out"), default=0)
    cause = models.TextField(_("cause"), blank=True)
    remedy = models.TextField(_("countermeasure"), blank=True)
    owner = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("in charge"), null=True, blank=True, related_name="goal_lines"
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    result = models.TextField(_("result"), blank=True)
    done_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("done by"), null=True, blank=True, related_name="+"
    )
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    objects = GoalLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("matter of a goal meeting")
        verbose_name_plural = _("matters of a goal meeting")
        ordering = ["meeting", "id"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "measure"], name="one_line_per_measure_and_meeting"),
            models.CheckConstraint(
                condition=Q(owner__isnull=True, due_on__isnull=True)
                | (Q(owner__isnull=False, due_on__isnull=False) & ~Q(remedy="")),
                name="agreed_line_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | (Q(owner__isnull=False, done_by__isnull=False) & ~Q(result="")),
                name="done_line_says_how",
            ),
        ]
        indexes = [models.Index("owner", "due_on", name="goal_line_open", condition=Q(done_at=None))]

    def __str__(self):
        return f"{self.meeting.period} {self.get_measure_display()}"

    @property
    def unit(self):
        return Measure(self.measure).unit

    @property
    def remark(self) -> str:
        """What the figure leaves out, in words."""
        if not self.unknown:
            return ""
        return ngettext(
            "without %(count)d line whose purchase price is unknown",
            "without %(count)d lines whose purchase price is unknown",
            self.unknown,
        ) % {"count": self.unknown}

    @property
    def gap(self) -> Decimal | None:
        """Actual less goal; None without an actual figure."""
        return None if self.actual is None else self.actual - self.goal

    @property
    def is_met(self) -> bool | None:
        """None without an actual figure, and while a sum of a month that was not over is short of its goal: it may come
        yet, as the dashboard has it."""
        if self.actual is None:
            return None
        is_met = self.actual <= self.goal if self.is_ceiling else self.actual >= self.goal
        return None if not is_met and Measure(self.measure).is_amount and self.meeting.is_under_way else is_met

    @property
    def tone(self) -> str:
        return {True: "success", False: "danger", None: "neutral"}[self.is_met]

    @property
    def goal_written(self) -> str:
        return f"{'≤' if self.is_ceiling else '≥'} {written(self.unit, self.goal)}"

    @property
    def actual_written(self) -> str:
        return written(self.unit, self.actual)

    @property
    def gap_written(self) -> str:
        return ("+" if (self.gap or 0) > 0 else "") + written(self.unit, self.gap)

    def is_late(self, on: date) -> bool:
        """Agreed, not done, and its day has passed."""
        return self.done_at is None and self.due_on is not None and self.due_on < on
