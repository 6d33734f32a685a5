"""What goes out, what came of it, what came in. Source: spec `callback.md` (SMS/WeChat), `architecture.md` (queues)."""

import uuid

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dealer_crm.channels.choices import (
    OUTCOME_TONES,
    PHONE_CHANNELS,
    STATE_TONES,
    Channel,
    MessageState,
    Outcome,
    Purpose,
)
from dealer_crm.channels.formulas import masked_address
from dealer_crm.organization.models import Staff, Store, StoreOwned


class MessageQuerySet(StoreOwned):
    def waiting(self):
        return self.filter(state=MessageState.WAITING)

    def due(self, at, *, lapsed_before):
        """To be sent now: its moment has come and nobody is at it, or whoever was at it has not been heard of since."""
        return self.waiting().filter(Q(claimed_at=None) | Q(claimed_at__lte=lapsed_before), due_at__lte=at)


class Message(models.Model):
    """One message to one address: a row of the outbox.

    `key` names the occasion (`call:17:text`): one message per occasion. `token` goes with every try, so that a carrier
    can tell a second try from a second message. `due_at` is the next try, or the first; a claim is the pair
    `claimed_by`, `claimed_at` and lapses. `template`, `names`: the carrier's own template and what fills it, for
    carriers that send approved templates only.
    """

    key = models.CharField(_("occasion"), max_length=120, unique=True)
    token = models.UUIDField(_("reference"), unique=True, default=uuid.uuid4, editable=False)
    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="messages")
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose)
    channel = models.CharField(pgettext_lazy("of a message", "channel"), max_length=10, choices=Channel)
    to = models.CharField(pgettext_lazy("of a message", "to"), max_length=160, blank=True)
    text = models.TextField(_("text"), blank=True)
    parts = models.PositiveSmallIntegerField(_("parts billed"), default=1)
    template = models.CharField(_("template of the carrier"), max_length=60, blank=True)
    names = models.JSONField(_("names filled in"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=MessageState, default=MessageState.WAITING)
    why = models.CharField(_("why it did not go out"), max_length=300, blank=True)
    due_at = models.DateTimeField(_("next try"))
    expires_at = models.DateTimeField(_("worthless after"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(pgettext_lazy("of a message", "tries"), default=0)
    claimed_by = models.CharField(pgettext_lazy("of a message", "in the hands of"), max_length=40, blank=True)
    claimed_at = models.DateTimeField(pgettext_lazy("of a message", "taken in hand"), null=True, blank=True)
    gateway_id = models.CharField(_("number at the carrier"), max_length=80, blank=True)
    sent_at = models.DateTimeField(pgettext_lazy("of a message", "sent at"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("on the phone at"), null=True, blank=True)
    made_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("ordered by"), null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(_("ordered at"))

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(claimed_by="", claimed_at=None) | (~Q(claimed_by="") & Q(claimed_at__isnull=False)),
                name="message_claim_is_a_pair",
            ),
            models.CheckConstraint(
                condition=Q(state=MessageState.WAITING) | Q(claimed_at=None), name="finished_message_is_in_no_hands"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[MessageState.SENT, MessageState.DELIVERED]) | Q(sent_at__isnull=False),
                name="sent_message_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(state=MessageState.DELIVERED, delivered_at__isnull=False)
                | (~Q(state=MessageState.DELIVERED) & Q(delivered_at=None)),
                name="delivered_message_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[MessageState.WAITING, MessageState.SENT, MessageState.DELIVERED]) | ~Q(why=""),
                name="unsent_message_says_why",
            ),
        ]
        indexes = [
            models.Index("due_at", "id", name="message_queue", condition=Q(state=MessageState.WAITING)),
            models.Index(fields=["store", "-id"], name="message_of_store"),
            models.Index(fields=["store", "made_at"], name="message_by_moment"),
            models.Index("to", "sent_at", name="message_of_address"),
            models.Index(OpClass(Reverse("to"), name="text_pattern_ops"), name="message_by_tail"),
            models.Index("channel", "gateway_id", name="message_at_carrier", condition=~Q(gateway_id="")),
        ]

    def __str__(self):
        return f"{self.get_purpose_display()} {self.shown_to}"

    @property
    def tone(self) -> str:
        return STATE_TONES[MessageState(self.state)]

    @property
    def shown_to(self) -> str:
        return masked_address(self.to)

    @property
    def is_to_phone(self) -> bool:
        return self.channel in PHONE_CHANNELS


class Step(models.Model):
    """One step of a message's story: a try, a receipt, a wait that was imposed."""

    message = models.ForeignKey(Message, models.CASCADE, verbose_name=_("message"), related_name="steps")
    at = models.DateTimeField(_("when"))
    outcome = models.CharField(_("outcome"), max_length=14, choices=Outcome)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("step of a message")
        verbose_name_plural = _("steps of messages")
        ordering = ["message", "id"]

    def __str__(self):
        return f"{self.message_id} {self.outcome}"

    @property
    def tone(self) -> str:
        return OUTCOME_TONES[Outcome(self.outcome)]


class Wording(models.Model):
    """A store's own words for a purpose (短信模板); without a row the shipped ones hold (`shipped.py`).

    `template`, `wechat_template`: the numbers of the approved templates at the carriers, where they send only those.
    """

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="wordings")
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose)
    text = models.TextField(_("wording"))
    template = models.CharField(_("template of the carrier"), max_length=60, blank=True)
    wechat_template = models.CharField(_("template for WeChat"), max_length=60, blank=True)
    changed_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("changed by"), null=True, related_name="+")
    changed_at = models.DateTimeField(_("changed at"))

    objects = StoreOwned.as_manager()

    class Meta:
        verbose_name = _("wording of a message")
        verbose_name_plural = _("wordings of messages")
        ordering = ["store", "purpose"]
        constraints = [models.UniqueConstraint(fields=["store", "purpose"], name="one_wording_per_purpose_and_store")]

    def __str__(self):
        return self.get_purpose_display()


class Answer(models.Model):
    """A text that came in. `is_kept_here`: a refusal of a number that is nobody's; it holds from here."""

    channel = models.CharField(pgettext_lazy("of a message", "channel"), max_length=10, choices=Channel)
    gateway_id = models.CharField(_("number at the carrier"), max_length=80)
    sender = models.CharField(pgettext_lazy("of a message", "from"), max_length=20)
    text = models.TextField(_("text"))
    is_refusal = models.BooleanField(_("means no more texts"), default=False)
    is_kept_here = models.BooleanField(_("refusal of an unknown number"), default=False)
    message = models.ForeignKey(
        Message, models.SET_NULL, verbose_name=_("answers"), null=True, blank=True, related_name="answers"
    )
    store = models.ForeignKey(
        Store, models.PROTECT, verbose_name=_("store"), null=True, blank=True, related_name="text_answers"
    )
    at = models.DateTimeField(_("when"))

    objects = StoreOwned.as_manager()

    class Meta:
        verbose_name = _("answer by text")
        verbose_name_plural = _("answers by text")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["channel", "gateway_id"], name="answer_comes_in_once")]
        indexes = [
            models.Index(fields=["store", "-id"], name="answer_of_store"),
            models.Index("sender", name="answer_kept_here", condition=Q(is_kept_here=True)),
        ]

    def __str__(self):
        return f"{self.shown_sender} {self.text[:20]}"

    @property
    def shown_sender(self) -> str:
        return masked_address(self.sender)


class UsedNonce(models.Model):
    """A nonce a carrier has used; the same call does not come in twice. Forgotten when its timestamp is too old."""

    nonce = models.CharField(max_length=100, unique=True)
    at = models.DateTimeField(_("when"), db_index=True)

    class Meta:
        verbose_name = _("used nonce")
        verbose_name_plural = _("used nonces")

    def __str__(self):
        return self.nonce
