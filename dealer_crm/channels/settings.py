"""Dated figures of the channels. Source: spec `callback.md` (SMS/WeChat: retries, daily cap, quiet hours)."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dealer_crm.values import Figure

_SOURCE = "callback.md, SMS/WeChat"

DAILY_CAP = Figure(
    "channels.daily_cap",
    3,
    _("Messages one customer gets on a day, at most"),
    pgettext_lazy("unit", "messages"),
    _SOURCE,
)
TEXTS_FROM = Figure("channels.texts_from", "09:00", _("Messages to customers begin at"), "", "callback.md, quiet hours")
TEXTS_UNTIL = Figure("channels.texts_until", "20:00", _("Messages to customers end at"), "", "callback.md, quiet hours")
TRIES = Figure("channels.tries", 5, _("Tries to hand a message to the carrier"), _("tries"), _SOURCE)
FIRST_WAIT_MINUTES = Figure(
    "channels.first_wait_minutes",
    1,
    _("Wait before the second try; each further wait is four times as long"),
    _("minutes"),
    _SOURCE,
)
ENDING = Figure(
    "channels.ending", "退订回T", _("What every text message to a customer ends with"), "", "callback.md, unsubscribing"
)
REFUSAL_WORDS = Figure(
    "channels.refusal_words",
    ["T", "TD", "N", "R", "退", "退订", "取消", "拒收", "不要再发"],
    _("Answers that mean “no more texts”"),
    "",
    "callback.md, unsubscribing",
)
PART_PRICE = Figure(
    "channels.part_price", Decimal("0.05"), _("Price of one part of a text message"), _("CNY"), "callback.md, figures"
)
