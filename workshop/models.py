"""Bays, jobs, the time clock, inspections, consumables, hour deductions. Source: spec `workshop.md`."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dealer_crm.organization.models import Staff, Store, StoreOwned, Team
from reception.models import OrderLine, RepairOrder
from workshop.choices import (
    JOB_TONES,
    OPEN_JOBS,
    InspectionLevel,
    InspectionResult,
    JobState,
    PauseReason,
    Responsibility,
)


class Bay(models.Model):
    """工位."""

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="bays")
    name = models.CharField(_("name"), max_length=30)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = StoreOwned.as_manager()

    class Meta:
        verbose_name = _("bay")
        verbose_name_plural = _("bays")
        ordering = ["store", "name"]
        constraints = [models.UniqueConstraint(fields=["store", "name"], name="one_bay_per_name_and_store")]

    def __str__(self):
        return self.name


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
        "Inspection", models.PROTECT, verbose_name=_("failed inspection"), null=True, blank=True, related_name="reworks"
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
        ]

    def __str__(self):
        return f"{self.technician} {self.started_at:%F %H:%M}"


class InspectionQuerySet(StoreOwned):
    store_path = "order__store"

    def passed(self):
        return self.filter(result=InspectionResult.PASSED)


class Inspection(models.Model):
    """One check of one level (三级检验); a failed one is an internal rework (内返) that names who answers."""

    order = models.ForeignKey(RepairOrder, models.CASCADE, verbose_name=_("order"), related_name="inspections")
    level = models.CharField(_("level"), max_length=8, choices=InspectionLevel)
    job = models.ForeignKey(
        Job, models.CASCADE, verbose_name=_("job"), null=True, blank=True, related_name="self_checks"
    )  # the job a self-check speaks of
    result = models.CharField(_("result"), max_length=8, choices=InspectionResult)
    inspected_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("inspected by"), related_name="inspections")
    inspected_at = models.DateTimeField(_("inspected"))
    checklist = models.JSONField(_("checklist"), default=dict, blank=True)
    defects = models.TextField(_("defects"), blank=True)
    responsible = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("responsible person"), null=True, blank=True, related_name="+"
    )

    objects = InspectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("inspection")
        verbose_name_plural = _("inspections")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(result=InspectionResult.PASSED) | ~Q(defects=""),
                name="failed_inspection_says_why",
                violation_error_message=_("Say what failed."),
            )
        ]
        indexes = [models.Index("order", "level", name="inspection_of_order")]

    def __str__(self):
        return f"{self.get_level_display()} {self.get_result_display()}"

    @property
    def store(self) -> Store:
        return self.order.store

    @property
    def tone(self) -> str:
        return InspectionResult(self.result).tone


class ComebackDecision(models.Model):
    """Whether a comeback (外返) counts, and who answers; decided by the inspector with the written standard."""

    order = models.OneToOneField(RepairOrder, models.CASCADE, verbose_name=_("order"), related_name="comeback_decision")
    is_accepted = models.BooleanField(_("counts as a comeback"))
    responsibility = models.CharField(_("who answers"), max_length=10, choices=Responsibility)
    team = models.ForeignKey(Team, models.PROTECT, verbose_name=_("team"), null=True, blank=True, related_name="+")
    technician = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("technician"), null=True, blank=True, related_name="+"
    )
    standard = models.TextField(_("by which standard"))
    decided_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("decided by"), related_name="+")
    decided_at = models.DateTimeField(_("decided"))

    class Meta:
        verbose_name = _("comeback decision")
        verbose_name_plural = _("comeback decisions")
        constraints = [
            models.CheckConstraint(
                condition=~Q(responsibility=Responsibility.TEAM) | Q(team__isnull=False), name="comeback_team_is_named"
            ),
            models.CheckConstraint(
                condition=~Q(responsibility=Responsibility.TECHNICIAN) | Q(technician__isnull=False),
                name="comeback_technician_is_named",
            ),
        ]

    def __str__(self):
        return f"{self.order_id} {self.get_responsibility_display()}"


class ConsumableIssue(models.Model):
    """辅料领用: shop supplies signed out by a team; they lower the team's commission in the month of issue."""

    number = models.CharField(_("issue number"), max_length=40, unique=True)
    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="consumable_issues")
    team = models.ForeignKey(Team, models.PROTECT, verbose_name=_("team"), related_name="consumable_issues")
    issued_on = models.DateField(_("issued on"))
    name = models.CharField(_("item"), max_length=120)
    quantity = models.DecimalField(_("quantity"), max_digits=10, decimal_places=2, default=1)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    issued_to = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("signed out by"), null=True, blank=True, related_name="+"
    )

    objects = StoreOwned.as_manager()

    class Meta:
        verbose_name = _("consumables issue")
        verbose_name_plural = _("consumables issues")
        ordering = ["-issued_on", "-id"]
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="consumable_quantity_positive")]
        indexes = [models.Index("team", "issued_on", name="consumable_of_team")]

    def __str__(self):
        return f"{self.number} {self.name}"


class HourDeductionQuerySet(StoreOwned):
    store_path = "staff__store"

    def approved(self):
        return self.filter(approved_at__isnull=False)

    def undecided(self):
        return self.filter(approved_at=None, declined_at=None)


class HourDeduction(models.Model):
    """扣除工时: hours taken from one person for a fault found in inspection or a missed check."""

    number = models.CharField(_("deduction number"), max_length=40, unique=True)
    staff = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("staff member"), related_name="hour_deductions")
    deducted_on = models.DateField(_("day"))
    hours = models.DecimalField(_("hours"), max_digits=8, decimal_places=2)
    reason = models.CharField(_("reason"), max_length=200)
    entered_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("entered by"), null=True, related_name="+")
    approved_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("approved by"), null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    declined_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("declined by"), null=True, blank=True, related_name="+"
    )
    declined_at = models.DateTimeField(_("declined"), null=True, blank=True)
    decline_reason = models.CharField(_("reason for declining"), max_length=200, blank=True)

    objects = HourDeductionQuerySet.as_manager()

    class Meta:
        verbose_name = _("hour deduction")
        verbose_name_plural = _("hour deductions")
        ordering = ["-deducted_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(hours__gt=0), name="deducted_hours_positive"),
            models.CheckConstraint(condition=~Q(reason=""), name="deduction_says_why"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | Q(entered_by=None) | ~Q(approved_by=F("entered_by")),
                name="deduction_seen_by_four_eyes",
                violation_error_message=_("Somebody else than the person who entered it must approve it."),
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None) | Q(declined_at=None), name="deduction_decided_one_way"
            ),
            models.CheckConstraint(
                condition=Q(declined_at=None) | (Q(declined_by__isnull=False) & ~Q(decline_reason="")),
                name="declined_deduction_says_why",
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.hours}"

    @property
    def store(self) -> Store:
        return self.staff.store
