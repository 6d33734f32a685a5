"""What was said: one row per contact, in or out. Source: spec `callback.md`, contact records."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from callback.choices import BAD_NUMBER_OUTCOMES, OUTCOME_TONES, ContactCategory, Direction, Outcome
from callback.models.tasks import CallTask
from complaints.models import Complaint
from dealer_crm.organization.models import Staff, Store, StoreOwned
from reception.choices import Channel
from reception.models import Customer, RepairOrder, Vehicle
from satisfaction.models import Response


class Contact(models.Model):
    """One contact with a customer, in or out (信息记录).

    `number` is the key of an imported row, `token` that of a form sent once however often pressed; `phone` is the
    number that was dialled (E.164): a wrong number stays on the list until the customer has another. `facts`:
    `ContactFact` → text, as the category asks for them; `record_points`: how complete they are (0–100), null where
    nothing had to be recorded.
    """

    number = models.CharField(_("key"), max_length=80, unique=True, null=True, blank=True)
    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="contacts")
    task = models.ForeignKey(
        CallTask, models.PROTECT, verbose_name=_("call task"), null=True, blank=True, related_name="contacts"
    )
    customer = models.ForeignKey(Customer, models.PROTECT, verbose_name=_("customer"), related_name="contacts")
    vehicle = models.ForeignKey(
        Vehicle, models.PROTECT, verbose_name=_("vehicle"), null=True, blank=True, related_name="contacts"
    )
    order = models.ForeignKey(
        RepairOrder, models.PROTECT, verbose_name=_("order"), null=True, blank=True, related_name="contacts"
    )
    agent = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("agent"), null=True, related_name="contacts")
    direction = models.CharField(_("direction"), max_length=4, choices=Direction, default=Direction.OUT)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.PHONE)
    started_at = models.DateTimeField(_("began"), null=True, blank=True)
    at = models.DateTimeField(_("when"))
    outcome = models.CharField(_("outcome"), max_length=16, choices=Outcome)
    was_on_time = models.BooleanField(_("delivered on time, says the customer"), null=True, blank=True)
    phone = models.CharField(_("number dialled"), max_length=20, blank=True)
    token = models.UUIDField(_("form"), unique=True, null=True, blank=True, editable=False)
    note = models.TextField(_("customer's view"), blank=True)
    category = models.CharField(_("category"), max_length=24, choices=ContactCategory, blank=True)
    facts = models.JSONField(_("facts"), default=dict, blank=True)
    record_points = models.PositiveSmallIntegerField(_("points of the record"), null=True, blank=True)
    response = models.OneToOneField(
        Response, models.PROTECT, verbose_name=_("response"), null=True, blank=True, related_name="contact"
    )
    complaint = models.ForeignKey(
        Complaint, models.PROTECT, verbose_name=_("complaint"), null=True, blank=True, related_name="contacts"
    )

    objects = StoreOwned.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["store", "-at"], name="contact_of_store"),
            models.Index(fields=["customer", "-at"], name="contact_of_customer"),
            models.Index("order", name="contact_of_order"),
            models.Index(fields=["agent", "-at"], name="contact_of_agent"),
            models.Index(
                fields=["store", "-at"], name="contact_bad_number", condition=Q(outcome__in=BAD_NUMBER_OUTCOMES)
            ),
        ]

    def __str__(self):
        return f"{self.at:%F %H:%M} {self.get_outcome_display()}"

    @property
    def took(self) -> timedelta | None:
        """From taking the call to writing down what came of it."""
        return self.at - self.started_at if self.started_at else None

    @property
    def tone(self) -> str:
        return OUTCOME_TONES[Outcome(self.outcome)]
