"""A customer's question handed to a department, and the times agreed with the customer about it.

Source: spec `callback.md`, the daily queue (referral, 转单).
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from callback.choices import OPEN_REFERRALS, REFERRAL_TONES, Department, ReferralState
from callback.models.contacts import Contact
from callback.models.tasks import CallTask
from dealer_crm.organization.models import Staff, Store, StoreOwned
from reception.models import Customer, RepairOrder, Vehicle


class ReferralQuerySet(StoreOwned):
    def open(self):
        return self.filter(state__in=OPEN_REFERRALS)

    def waiting(self):
        return self.filter(state=ReferralState.ASKED)


class Referral(models.Model):
    """转单: what a customer asked on the phone, who in the house answers it by when, and what the customer said to it.

    `handed_at` moves when another person is asked. `reminded_at`: `answer_by` passed and it was told.
    """

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="referrals")
    customer = models.ForeignKey(Customer, models.PROTECT, verbose_name=_("customer"), related_name="referrals")
    vehicle = models.ForeignKey(
        Vehicle, models.PROTECT, verbose_name=_("vehicle"), null=True, blank=True, related_name="referrals"
    )
    order = models.ForeignKey(
        RepairOrder, models.PROTECT, verbose_name=_("order"), null=True, blank=True, related_name="referrals"
    )
    task = models.ForeignKey(
        CallTask, models.PROTECT, verbose_name=_("call task"), null=True, blank=True, related_name="referrals"
    )
    contact = models.ForeignKey(
        Contact, models.PROTECT, verbose_name=_("contact"), null=True, blank=True, related_name="referrals"
    )
    question = models.TextField(_("customer's question"))
    department = models.CharField(_("department"), max_length=10, choices=Department)
    person = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("who answers"), related_name="referrals")
    asked_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=pgettext_lazy("referral", "handed on by"), related_name="+"
    )
    asked_at = models.DateTimeField(_("time of the call"))
    handed_at = models.DateTimeField(_("handed to the department"))
    answer_by = models.DateTimeField(_("answer by"))
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("answered by"), null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("handed back"), null=True, blank=True)
    result = models.TextField(_("result with the customer"), blank=True)
    ended_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("ended by"), null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ReferralState, default=ReferralState.ASKED)
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(answer_by__gt=F("handed_at")), name="referral_answer_lies_ahead"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="", answered_by=None)
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
                name="answered_referral_says_what",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_REFERRALS, ended_at=None)
                | (~Q(state__in=OPEN_REFERRALS) & Q(ended_at__isnull=False) & ~Q(result="")),
                name="ended_referral_says_how",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ReferralState.ANSWERED, ReferralState.CONFIRMED])
                | Q(answered_at__isnull=False),
                name="confirmed_referral_was_answered",
            ),
        ]
        indexes = [
            models.Index(fields=["store", "-asked_at", "-id"], name="referral_of_store"),
            models.Index(fields=["store", "answer_by"], name="referral_by_due"),
            models.Index(
                fields=["person", "answer_by"], name="referral_of_person", condition=Q(state=ReferralState.ASKED)
            ),
            models.Index(
                fields=["answer_by"],
                name="referral_to_remind",
                condition=Q(state=ReferralState.ASKED, reminded_at=None),
            ),
            models.Index(fields=["customer", "-id"], name="referral_of_customer"),
        ]

    def __str__(self):
        return f"#{self.pk} {self.customer}"

    @property
    def tone(self) -> str:
        return REFERRAL_TONES[ReferralState(self.state)]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_REFERRALS

    @property
    def was_in_time(self) -> bool:
        return self.answered_at is not None and self.answered_at <= self.answer_by

    @property
    def agreed(self) -> "ReferralTime | None":
        """The time agreed with the customer that still stands; the last one where all are over."""
        return next(iter(sorted(self.times.all(), key=lambda one: (one.ended_at is not None, -one.pk))), None)


class ReferralTime(models.Model):
    """约定: when the customer hears from us, because the same day is impossible. At most one of a referral is open."""

    referral = models.ForeignKey(Referral, models.CASCADE, verbose_name=_("referral"), related_name="times")
    promised_at = models.DateTimeField(_("promised for"))
    made_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("agreed by"), related_name="+")
    made_at = models.DateTimeField(_("agreed at"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    was_replaced = models.BooleanField(_("another one took its place"), default=False)

    class Meta:
        verbose_name = _("time agreed about a referral")
        verbose_name_plural = _("times agreed about referrals")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["referral"], name="one_open_referral_time", condition=Q(ended_at=None)),
            models.CheckConstraint(condition=Q(promised_at__gt=F("made_at")), name="referral_time_lies_ahead"),
        ]
        indexes = [
            models.Index("promised_at", name="referral_time_to_remind", condition=Q(ended_at=None, reminded_at=None))
        ]

    def __str__(self):
        return f"{self.promised_at:%F %H:%M}"
