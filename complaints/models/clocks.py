"""What the clocks of a complaint have told. Source: spec `complaints.md`, "Clocks", "Escalation"."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.choices import Alarm, Clock
from complaints.models.cases import Complaint


class ClockAlarm(models.Model):
    """A clock reached one of its marks: told once, whatever the job that watches does."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, verbose_name=_("complaint"), related_name="alarms")
    clock = models.CharField(_("clock"), max_length=8, choices=Clock)
    alarm = models.CharField(_("mark"), max_length=8, choices=Alarm)
    round = models.PositiveSmallIntegerField(_("round"))
    due_at = models.DateTimeField(_("due"))
    raised_at = models.DateTimeField(_("raised"))

    class Meta:
        verbose_name = _("clock alarm")
        verbose_name_plural = _("clock alarms")
        ordering = ["-raised_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "clock", "alarm", "round"], name="one_alarm_per_mark_and_round"
            )
        ]

    def __str__(self):
        return f"{self.complaint_id} {self.clock} {self.alarm}"
