"""What carriers tell us: receipts, and texts of customers. Each may come twice, late, or before our request ended."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dealer_crm.channels.choices import CUSTOMER_PURPOSES, PHONE_CHANNELS, Channel, MessageState, Outcome
from dealer_crm.channels.events import texts_refused
from dealer_crm.channels.formulas import LASTS, is_refusal
from dealer_crm.channels.models import Answer, Message, Step, UsedNonce
from dealer_crm.channels.queries import refuses_texts, sending_plan
from dealer_crm.channels.settings import REFUSAL_WORDS
from dealer_crm.values import Refusal
from dealer_crm.values.phone import parse_phone


def use_nonce(*, nonce: str, at: datetime) -> bool:
    """Whether this nonce comes in for the first time."""
    try:
        with transaction.atomic():
            UsedNonce.objects.create(nonce=nonce[:100], at=at)
    except IntegrityError:
        return False
    return True


def forget_nonces(*, at: datetime) -> int:
    """Nonces whose timestamp would be refused by now; nothing can be replayed with them."""
    return UsedNonce.objects.filter(at__lt=at - 3 * LASTS).delete()[0]


def note_receipt(
    *, channel: Channel, reference: str, gateway_id: str, is_delivered: bool, reason: str, happened_at: datetime, at
) -> bool:
    """What became of a message. False when nobody knows it. A delivery is the last word; a later failure is not."""
    with transaction.atomic():
        message = _meant(channel, reference, gateway_id)
        if message is None:
            return False
        happened_at = min(happened_at, at)
        Step.objects.create(
            message=message,
            outcome=Outcome.DELIVERED if is_delivered else Outcome.NOT_DELIVERED,
            note=reason[:300],
            at=happened_at,
        )
        if message.state == MessageState.DELIVERED:
            return True
        message.claimed_by, message.claimed_at = "", None
        message.gateway_id = message.gateway_id or gateway_id[:80]
        message.sent_at = message.sent_at or happened_at
        if is_delivered:
            message.state, message.delivered_at, message.why = MessageState.DELIVERED, happened_at, ""
        else:
            message.state = MessageState.FAILED
            message.why = (reason or _("The carrier gave no reason."))[:300]
        message.save()
        return True


def take_answer(*, channel: Channel, gateway_id: str, sender: str, text: str, happened_at: datetime, at) -> Answer:
    """Keep a text that came in, once. One that means "no more" stops what still waits for this number, is announced,
    and stays on our own list when the number is nobody's."""
    try:
        number = parse_phone(sender)
    except ValueError as error:
        raise Refusal(_("This is no phone number."), field="from", code="address_wrong") from error
    with transaction.atomic():
        last = _last_to(number)
        words = (
            sending_plan(last.store, at.astimezone(last.store.tz).date()).refusal_words
            if last
            else REFUSAL_WORDS.default
        )
        answer, is_new = Answer.objects.get_or_create(
            channel=Channel(channel),
            gateway_id=gateway_id[:80],
            defaults={
                "sender": number,
                "text": text[:1000],
                "is_refusal": is_refusal(text, words),
                "message": last,
                "store": last.store if last else None,
                "at": min(happened_at, at),
            },
        )
        if is_new and answer.is_refusal:
            _refuse_further(answer, at)
        return answer


def _meant(channel: Channel, reference: str, gateway_id: str) -> Message | None:
    """By our own reference first: it is known to the carrier before we have heard its number."""
    rows = Message.objects.select_for_update(of=["self"]).filter(channel=channel)
    try:
        return rows.filter(token=UUID(reference)).first()
    except ValueError:
        return rows.filter(gateway_id=gateway_id).first() if gateway_id else None


def _last_to(number: str) -> Message | None:
    """What the customer is answering: the last message that went to the number."""
    sent = Message.objects.filter(to=number, sent_at__isnull=False, purpose__in=CUSTOMER_PURPOSES)
    return sent.select_related("store").order_by("-sent_at", "-pk").first()


def _refuse_further(answer: Answer, at: datetime) -> None:
    heard = texts_refused.send(Answer, phone=answer.sender, text=answer.text, at=at)
    if not any(noted for _receiver, noted in heard):
        Answer.objects.filter(pk=answer.pk).update(is_kept_here=True)
        answer.is_kept_here = True
    waiting = Message.objects.waiting().filter(
        to=answer.sender, channel__in=PHONE_CHANNELS, purpose__in=CUSTOMER_PURPOSES, claimed_at=None
    )
    why = refuses_texts(answer.sender) or _("Answered that no more texts are wanted.")
    waiting.update(state=MessageState.REFUSED, why=why[:300])
