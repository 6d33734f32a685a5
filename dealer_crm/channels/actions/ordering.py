"""Putting a message into the outbox. A worker sends it; nobody waits for a gateway."""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.channels.carriers import is_on
from dealer_crm.channels.choices import CUSTOMER_PURPOSES, PHONE_CHANNELS, Channel, Purpose
from dealer_crm.channels.events import message_ordered
from dealer_crm.channels.formulas import is_mobile, text_parts, with_ending
from dealer_crm.channels.models import Message
from dealer_crm.channels.queries import refuses_texts, sending_plan, wording_in_force
from dealer_crm.organization.models import Staff, Store
from dealer_crm.values import Refusal
from dealer_crm.values.phone import parse_phone
from dealer_crm.values.wording import fill_in

LONGEST = 500
"""Letters of a text message, about eight parts."""
ALARM_LETTERS = 200

log = logging.getLogger(__name__)


@transaction.atomic
def send_message(
    *,
    key: str,
    store: Store,
    channel: Channel,
    to: str,
    text: str,
    purpose: Purpose,
    by: Staff | None,
    at: datetime,
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
    template: str = "",
    names: Mapping[str, str] | None = None,
) -> Message:
    """Order one message for an occasion; the same `key` again gives the message there is.

    `to`: a phone (as people type it) or an e-mail address. Customers' messages go out in the sending hours, at most so
    many a day, each with the way to unsubscribe; staff are told at once. Refuses a channel that is switched off, an
    address that is none, a customer who wants no texts, a text that is empty or too long.
    """
    if known := Message.objects.filter(key=key).first():
        return known
    channel, purpose = Channel(channel), Purpose(purpose)
    _refuse_switched_off(channel)
    to = _right_address(channel, to)
    is_customers = purpose in CUSTOMER_PURPOSES
    if is_customers and channel in PHONE_CHANNELS and (reason := refuses_texts(to)):
        raise Refusal(_("The customer gets no texts: %(reason)s") % {"reason": reason}, code="texts_refused")
    plan = sending_plan(store, at.astimezone(store.tz).date())
    text = right_text(text)
    if is_customers and channel == Channel.SMS:
        text = with_ending(text, plan.ending)
    due_at = max(at, not_before or at)
    message, is_new = Message.objects.get_or_create(
        key=key[:120],
        defaults={
            "store": store,
            "channel": channel,
            "purpose": purpose,
            "to": to,
            "text": text,
            "parts": text_parts(text) if channel == Channel.SMS else 1,
            "template": template,
            "names": dict(names or {}),
            "due_at": plan.hours.next_moment(due_at) if is_customers else due_at,
            "expires_at": expires_at,
            "made_by": by,
            "made_at": at,
        },
    )
    if is_new:
        message_ordered.send(Message, message_id=message.pk, at=at)
    return message


def send_wording(
    *, key: str, store: Store, channel: Channel, to: str, purpose: Purpose, names: Mapping[str, str], by, at, **further
) -> Message:
    """Order a message in the store's own words for its purpose; `names`: what fills them (`shipped.NAMES`)."""
    wording = wording_in_force(store, purpose)
    names = {"门店": store.name, **names}
    return send_message(
        key=key, store=store, channel=channel, to=to, text=fill_in(wording.text, names), purpose=purpose,
        template=wording.template_for(channel), names=names, by=by, at=at, **further,
    )  # fmt: skip


def tell_staff(*, people: Iterable[Staff], key: str, store: Store, text: str, by, at: datetime, **further) -> int:
    """An alarm to people of the house: a text to the mobile on record, else an e-mail, else nothing (the bell has told
    them). Returns how many are told this way. What cannot be sent stops no alarm."""
    told = 0
    for person in {person.pk: person for person in people}.values():
        if reached := _way_to(person):
            channel, to = reached
            try:
                send_wording(
                    key=f"{key}:{person.pk}", store=store, channel=channel, to=to, purpose=Purpose.ALARM,
                    names={"内容": text[:ALARM_LETTERS]}, by=by, at=at, **further,
                )  # fmt: skip
            except Refusal as refusal:
                log.warning("%s could not be told of %s: %s", person, key, refusal)
            else:
                told += 1
    return told


def _way_to(person: Staff) -> tuple[Channel, str] | None:
    if is_on(Channel.SMS) and person.phone:
        try:
            number = parse_phone(person.phone)
        except ValueError:
            number = ""
        if is_mobile(number):
            return Channel.SMS, number
    return (Channel.EMAIL, person.email) if person.email and is_on(Channel.EMAIL) else None


def _refuse_switched_off(channel: Channel) -> None:
    if not is_on(channel):
        raise Refusal(
            _("The channel “%(channel)s” is switched off. The administrator switches it on.")
            % {"channel": channel.label},
            field="channel",
            code="channel_off",
        )


def _right_address(channel: Channel, to: str) -> str:
    if channel == Channel.EMAIL:
        try:
            validate_email(to.strip())
        except ValidationError as error:
            raise Refusal(_("This is no e-mail address."), field="to", code="address_wrong") from error
        return to.strip()
    try:
        number = parse_phone(to)
    except ValueError as error:
        raise Refusal(_("This is no phone number."), field="to", code="address_wrong") from error
    if not is_mobile(number):
        raise Refusal(_("This is not a mobile number; it takes no texts."), field="to", code="not_mobile")
    return number


def right_text(text: str) -> str:
    """The text without space around it. Refused: empty, longer than a message may be."""
    text = text.strip()
    if not text:
        raise Refusal(_("The message is empty."), field="text", code="text_missing")
    if len(text) > LONGEST:
        raise Refusal(
            _("The message has %(length)d letters; at most %(most)d are sent.")
            % {"length": len(text), "most": LONGEST},
            field="text",
            code="text_long",
        )
    return text
