"""Jobs and the time clock. Source: spec `workshop.md` (Dispatch, Time clock)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dealer_crm.organization.models import Staff, Store, StoreOwned, Team
from reception.models import OrderLine, RepairOrder
from workshop.choices import JOB_TONES, OPEN_JOBS, JobState, PauseReason
from workshop.models.floor import Bay


class JobQuerySet(StoreOwned):
    store_path = "order__store"

    def unfinished(self):
        return self.filter(state__in=OPEN_JOBS)

    def live(self):
        """Everything but what was called off."""
        return self.exclude(state=JobState.CANCELLED)


class Job(models.Model):
    """Work on one car given to one team and technician (派工单), usually one labour line."""

    order = models.ForeignKey(RepairOrder, models.CASCADE, verbose_name=_("order"), related_name="jobs")
    line = models.ForeignKey(
        OrderLine, models.SET_NULL, verbose_name=_("labour line"), null=True, blank=True, related_name="jobs"
    )
    name = models.CharField(pgettext_lazy("job", "work"), max_length=120)
    standard_hours = models.DecimalField(_("standard hours"), max_digits=8, decimal_places=2, default=0)
    state = models.CharField(_("state"), max_length=10, choices=JobState, default=JobState.QUEUED)
    team = models.ForeignKey(Team, models.PROTECT, verbose_name=_("team"), null=True, blank=True, related_name="jobs")
    technician = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("technician"), null=True, blank=True, related_name="jobs"
    )
    bay = models.ForeignKey(Bay, models.PROTECT, verbose_name=_("bay"), null=True, blank=True, related_name="jobs")
    assigned_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("dispatched by"), null=True, blank=True, related_name="+"
    )
    assigned_at = models.DateTimeField(pgettext_lazy("time", "dispatched"), null=True, blank=True)
    started_at = models.DateTimeField(pgettext_lazy("time", "started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    is_rework = models.BooleanField(_("internal rework"), default=False)
    caused_by = models.ForeignKey(
        "workshop.Inspection",
        models.PROTECT,
        verbose_name=_("failed inspection"),
        null=True,
        blank=True,
        related_name="reworks",
    )
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[JobState.QUEUED, JobState.CANCELLED]) | Q(team__isnull=False),
                name="assigned_job_has_a_team",
            ),
            models.CheckConstraint(
                condition=~Q(state=JobState.FINISHED) | Q(finished_at__isnull=False), name="finished_job_has_its_time"
            ),
            # Hours of a redo are unpaid: no line stands behind it.
            models.CheckConstraint(
                condition=Q(is_rework=False) | Q(line=None, standard_hours=0), name="rework_is_unpaid"
            ),
            models.UniqueConstraint(
                fields=["line"],
                condition=~Q(state=JobState.CANCELLED),
                name="one_job_per_line",
                violation_error_message=_("This line is dispatched already."),
            ),
        ]
        indexes = [
            models.Index("technician", "state", name="job_of_technician", condition=Q(state__in=OPEN_JOBS)),
            models.Index("order", name="job_of_order"),
            models.Index("finished_at", name="job_finished", condition=Q(finished_at__isnull=False)),
        ]

    def __str__(self):
        return self.name

    @property
    def store(self) -> Store:
        return self.order.store

    @property
    def tone(self) -> str:
        return JOB_TONES[JobState(self.state)]


class ClockEntry(models.Model):
    """Time a technician worked on a job; a person has one open entry at most."""

    job = models.ForeignKey(Job, models.CASCADE, verbose_name=_("job"), related_name="clock_entries")
    technician = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("technician"), related_name="clock_entries")
    started_at = models.DateTimeField(pgettext_lazy("time", "started"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    pause_reason = models.CharField(_("reason for the pause"), max_length=10, choices=PauseReason, blank=True)
    was_forgotten = models.BooleanField(_("closed at shift end"), default=False)
    corrected_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("corrected by"), null=True, blank=True, related_name="+"
    )
    corrected_at = models.DateTimeField(_("corrected at"), null=True, blank=True)
    correction = models.CharField(_("reason for the correction"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("clock entry")
        verbose_name_plural = _("clock entries")
        ordering = ["started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["technician"],
                condition=Q(ended_at=None),
                name="one_running_job_per_technician",
                violation_error_message=_("This technician has a running job already."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="clock_runs_forward"
            ),
            models.CheckConstraint(
                condition=Q(corrected_at=None, correction="")
                | (Q(corrected_at__isnull=False, ended_at__isnull=False) & ~Q(correction="")),
                name="corrected_clock_says_why",
            ),
        ]
        indexes = [models.Index("ended_at", name="clock_ended")]

    def __str__(self):
        return f"{self.technician} {self.started_at:%F %H:%M}"
