"""What the clocks of a complaint have told, and what was agreed with the customer. Source: spec `complaints.md`,
"Clocks", "Closed loop", "Escalation"."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from complaints.choices import Alarm, Clock
from complaints.models.cases import Complaint
from dealer_crm.organization.models import Staff


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


class Arrangement(models.Model):
    """约定: what was promised to the customer for another day, because the same day is impossible.

    Open until somebody writes down what came of it, or another one takes its place; at most one is open.
    `reminded_at`: its time had come with no result and the owner was told. `confirmed_at`: the customer, asked again,
    was asked about it too.
    """

    complaint = models.ForeignKey(Complaint, models.CASCADE, verbose_name=_("complaint"), related_name="arrangements")
    promised_at = models.DateTimeField(_("promised for"))
    text = models.CharField(_("what was agreed"), max_length=300)
    made_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("agreed by"), null=True, related_name="+")
    made_at = models.DateTimeField(_("agreed at"))
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("ended by"), null=True, blank=True, related_name="+"
    )
    result = models.CharField(_("what came of it"), max_length=300, blank=True)
    was_replaced = models.BooleanField(_("another one took its place"), default=False)
    confirmed_at = models.DateTimeField(_("confirmed with the customer"), null=True, blank=True)

    class Meta:
        verbose_name = _("agreement with the customer")
        verbose_name_plural = _("agreements with the customer")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["complaint"], name="one_open_arrangement", condition=Q(ended_at=None)),
            models.CheckConstraint(condition=Q(promised_at__gt=F("made_at")), name="arrangement_lies_ahead"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | ~Q(result="") | Q(was_replaced=True),
                name="ended_arrangement_says_how",
            ),
        ]
        indexes = [
            models.Index("promised_at", name="arrangement_to_remind", condition=Q(ended_at=None, reminded_at=None))
        ]

    def __str__(self):
        return f"{self.promised_at:%F %H:%M} {self.text}"
