"""The floor: bays, who can do what, who is there when, tools. Source: spec `workshop.md`."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dealer_crm.organization.models import Staff, Store, StoreOwned
from reception.choices import Skill
from workshop.choices import TOOL_TONES, BayKind, ToolKind, ToolState


class Bay(models.Model):
    """工位."""

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="bays")
    name = models.CharField(_("name"), max_length=30)
    kind = models.CharField(_("kind"), max_length=12, choices=BayKind, default=BayKind.MECHANICAL)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = StoreOwned.as_manager()

    class Meta:
        verbose_name = _("bay")
        verbose_name_plural = _("bays")
        ordering = ["store", "name"]
        constraints = [models.UniqueConstraint(fields=["store", "name"], name="one_bay_per_name_and_store")]

    def __str__(self):
        return self.name


class TechnicianSkills(models.Model):
    """What a technician may do from a day on; the row in force is the latest that started."""

    technician = models.ForeignKey(Staff, models.CASCADE, verbose_name=_("technician"), related_name="skills")
    skills = ArrayField(models.CharField(max_length=16, choices=Skill), verbose_name=_("skills"), default=list)
    starts_on = models.DateField(_("holds from"))

    class Meta:
        verbose_name = _("skills of a technician")
        verbose_name_plural = _("skills of technicians")
        ordering = ["technician", "-starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["technician", "starts_on"], name="one_set_of_skills_per_technician_and_start"
            )
        ]

    def __str__(self):
        return f"{self.technician} {self.starts_on}"


class Shift(models.Model):
    """班次. When somebody is to work on a day. A day without any shift of the store is worked by its opening hours."""

    staff = models.ForeignKey(Staff, models.CASCADE, verbose_name=_("staff member"), related_name="shifts")
    day = models.DateField(_("day"))
    starts_at = models.DateTimeField(_("begins"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        ordering = ["day", "staff"]
        constraints = [
            models.UniqueConstraint(fields=["staff", "day"], name="one_shift_per_person_and_day"),
            # Both empty: a day off that is written down.
            models.CheckConstraint(
                condition=Q(starts_at=None, ends_at=None) | Q(ends_at__gt=F("starts_at")), name="shift_runs_forward"
            ),
        ]
        indexes = [models.Index(fields=["day"], name="shift_of_day")]

    def __str__(self):
        return f"{self.staff} {self.day}"


class Attendance(models.Model):
    """出勤. When somebody really came and went; the ground of utilisation. `left_at` empty: still there."""

    staff = models.ForeignKey(Staff, models.CASCADE, verbose_name=_("staff member"), related_name="attendances")
    day = models.DateField(_("day"))
    came_at = models.DateTimeField(_("came"))
    left_at = models.DateTimeField(pgettext_lazy("attendance", "left"), null=True, blank=True)
    entered_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("entered by"), null=True, related_name="+")

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ["day", "came_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(left_at__gt=F("came_at")), name="attendance_runs_forward"
            ),
            models.UniqueConstraint(fields=["staff"], condition=Q(left_at=None), name="one_open_attendance_per_person"),
            models.UniqueConstraint(fields=["staff", "came_at"], name="attendance_entered_once"),
        ]
        indexes = [models.Index(fields=["day"], name="attendance_of_day")]

    def __str__(self):
        return f"{self.staff} {self.day}"


class Tool(models.Model):
    """工具设备."""

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="tools")
    number = models.CharField(_("tool number"), max_length=30)
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=12, choices=ToolKind)
    place = models.CharField(pgettext_lazy("tool", "place"), max_length=60, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ToolState, default=ToolState.INTACT)
    next_check_on = models.DateField(_("next check on"), null=True, blank=True)
    keeper = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("kept by"), null=True, blank=True, related_name="tools_kept"
    )
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = StoreOwned.as_manager()

    class Meta:
        verbose_name = _("tool")
        verbose_name_plural = _("tools and equipment")
        ordering = ["store", "number"]
        constraints = [models.UniqueConstraint(fields=["store", "number"], name="tool_number_once_per_store")]

    def __str__(self):
        return f"{self.number} {self.name}"

    @property
    def tone(self) -> str:
        return TOOL_TONES[ToolState(self.state)]


class ToolReport(models.Model):
    """What somebody found of a tool: a defect, a repair, a check. The newest one is its state."""

    tool = models.ForeignKey(Tool, models.CASCADE, verbose_name=_("tool"), related_name="reports")
    state = models.CharField(_("state"), max_length=10, choices=ToolState)
    note = models.CharField(_("what was found"), max_length=200)
    reported_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("reported by"), null=True, related_name="+")
    reported_at = models.DateTimeField(_("reported at"))

    class Meta:
        verbose_name = _("report on a tool")
        verbose_name_plural = _("reports on tools")
        ordering = ["-id"]

    def __str__(self):
        return f"{self.tool_id} {self.get_state_display()}"

    @property
    def tone(self) -> str:
        return TOOL_TONES[ToolState(self.state)]
