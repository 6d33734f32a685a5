"""Words of the channels."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Channel(models.TextChoices):
    SMS = "sms", _("Text message")
    WECHAT = "wechat", _("WeChat")
    EMAIL = "email", pgettext_lazy("channel", "E-mail")


PHONE_CHANNELS = (Channel.SMS, Channel.WECHAT)
"""Their address is a mobile number in E.164."""


class Purpose(models.TextChoices):
    """What a message is for."""

    CALL = "call", _("Instead of a call")  # 回访短信
    SURVEY = "survey", _("Invitation to a questionnaire")
    ALARM = "alarm", _("Alarm to staff")
    TEST = "test", _("Test of the channel")


CUSTOMER_PURPOSES = (Purpose.CALL, Purpose.SURVEY)
"""Go to customers: quiet hours, the daily cap and refusals hold. Staff are told at once, whatever the hour."""


class MessageState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("of a message", "Waiting")
    SENT = "sent", pgettext_lazy("of a message", "Sent")
    DELIVERED = "delivered", pgettext_lazy("of a message", "Delivered")
    FAILED = "failed", pgettext_lazy("of a message", "Failed")
    REFUSED = "refused", pgettext_lazy("of a message", "Not wanted")
    EXPIRED = "expired", pgettext_lazy("of a message", "Too late")


STATE_TONES = {
    MessageState.WAITING: "info",
    MessageState.SENT: "primary",
    MessageState.DELIVERED: "success",
    MessageState.FAILED: "danger",
    MessageState.REFUSED: "neutral",
    MessageState.EXPIRED: "warning",
}


class CarrierKind(models.TextChoices):
    """What a channel's messages are given to. Set by the environment (`.env.example`)."""

    OFF = "off", _("Switched off")
    CONSOLE = "console", _("Console (nothing leaves the program)")
    GATEWAY = "gateway", _("HTTP gateway")
    EMAIL = "email", _("Mail server")


class Outcome(models.TextChoices):
    """What came of one step of a message's story."""

    ACCEPTED = "accepted", _("Taken by the carrier")
    PUT_OFF = "put_off", _("Put off")
    REJECTED = "rejected", _("Rejected")
    DELIVERED = "delivered", _("Receipt: delivered")
    NOT_DELIVERED = "not_delivered", _("Receipt: not delivered")


OUTCOME_TONES = {
    Outcome.ACCEPTED: "primary",
    Outcome.PUT_OFF: "warning",
    Outcome.REJECTED: "danger",
    Outcome.DELIVERED: "success",
    Outcome.NOT_DELIVERED: "danger",
}

# The journal's verbs.
DEEDS = {
    "message.withdrawn": _("Message withdrawn"),
    "message.sent_again": _("Message put to be sent again"),
    "message.address_revealed": _("Address of a message shown"),
    "message.tested": _("Test message ordered"),
    "wording.changed": _("Wording of a message changed"),
    "wording.as_shipped": _("Wording of a message as shipped again"),
}
