from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from dealer_crm.channels import consent, settings
from dealer_crm.channels.carriers import is_on
from dealer_crm.channels.choices import Channel
from dealer_crm.channels.formulas import SendingHours, is_mobile
from dealer_crm.channels.models import Answer
from dealer_crm.organization.models import Store
from dealer_crm.organization.queries import figures


@dataclass(frozen=True)
class SendingPlan:
    """How a store sends on a day: its figures in the shape the actions need."""

    hours: SendingHours
    daily_cap: int
    tries: int
    first_wait: timedelta
    ending: str
    part_price: Decimal
    refusal_words: Sequence[str]


def sending_plan(store: Store, on: date) -> SendingPlan:
    """The figures in force, in one query."""
    values = figures("channels.", store=store, on=on)
    return SendingPlan(
        hours=SendingHours(
            begins=_clock(values, settings.TEXTS_FROM), ends=_clock(values, settings.TEXTS_UNTIL), tz=store.tz
        ),
        daily_cap=values[settings.DAILY_CAP.code],
        tries=max(values[settings.TRIES.code], 1),
        first_wait=timedelta(minutes=max(values[settings.FIRST_WAIT_MINUTES.code], 1)),
        ending=values[settings.ENDING.code].strip(),
        part_price=values[settings.PART_PRICE.code],
        refusal_words=values[settings.REFUSAL_WORDS.code],
    )


def _clock(values, figure) -> time:
    """A time of day; one that cannot be read is as shipped, so that a slip of the pen stops no message."""
    try:
        return time.fromisoformat(values[figure.code])
    except ValueError:
        return time.fromisoformat(figure.default)


def refuses_texts(phone: str) -> str:
    """Why no text may go to a number; empty when nothing stands against it."""
    if reason := consent.why_not(phone):
        return reason
    return _("Answered that no more texts are wanted.") if _is_on_our_list(phone) else ""


def _is_on_our_list(phone: str) -> bool:
    return Answer.objects.filter(sender=phone, is_kept_here=True).exists()


def why_no_text(phone: str, *, channel: Channel = Channel.SMS) -> str:
    """Why a customer cannot be sent a text at a number now; empty when it can. For pages and for whoever plans."""
    if not is_on(channel):
        return _("The channel “%(channel)s” is switched off.") % {"channel": Channel(channel).label}
    if not phone:
        return _("There is no number.")
    if not is_mobile(phone):
        return _("This is not a mobile number; it takes no texts.")
    return refuses_texts(phone)
