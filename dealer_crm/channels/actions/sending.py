"""Handing due messages to their carriers.

A sender takes one message (a claim in a short transaction), speaks to the carrier with no transaction open, and keeps
the answer in a second one. Killed in between, the claim lapses and somebody else tries again with the same reference,
which the carrier has had or not: neither lost nor sent twice. Two senders never take the same message (skip locked),
and never pass the daily cap together (one lock for each address).
"""

from datetime import datetime, timedelta
from zlib import crc32

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from dealer_crm.channels.carriers import Handed, Outgoing, Verdict, carrier_for
from dealer_crm.channels.choices import CUSTOMER_PURPOSES, MessageState, Outcome
from dealer_crm.channels.formulas import wait_after
from dealer_crm.channels.models import Message, Step
from dealer_crm.channels.queries import SendingPlan, refuses_texts, sending_plan

CLAIM_LASTS = timedelta(minutes=5)
"""Much longer than any carrier is waited for; after that whoever took the message is taken for dead."""

_CAP = 0x1A9B_0C41


def send_next(*, by: str, at: datetime) -> bool:
    """Take the message that has been due longest and send it; False when none is due. `by`: the name of the worker."""
    message = take_next(by=by, at=at)
    if message is None:
        return False
    if message.claimed_at is not None:
        keep_answer(message=message, handed=_hand_over(message, at), at=at)
    return True


def take_next(*, by: str, at: datetime) -> Message | None:
    """Claim the message that has been due longest; None when none is due. One that may not go now comes back without a
    claim: put off to when it may, or finished."""
    with transaction.atomic():
        message = (
            Message.objects.due(at, lapsed_before=at - CLAIM_LASTS)
            .select_for_update(skip_locked=True, of=["self"])
            .select_related("store")
            .order_by("due_at", "pk")
            .first()
        )
        if message is None:
            return None
        message.claimed_by, message.claimed_at = "", None
        if not _settled_beforehand(message, at):
            message.claimed_by, message.claimed_at = by[:40], at
            message.attempts += 1
        message.save()
        return message


def keep_answer(*, message: Message, handed: Handed, at: datetime) -> None:
    """Write down what the carrier said. A receipt may have been faster; then only the story grows."""
    with transaction.atomic():
        message = Message.objects.select_for_update(of=["self"]).select_related("store").get(
            pk=message.pk
        )  # fmt: skip
        outcome = {Verdict.TAKEN: Outcome.ACCEPTED, Verdict.LATER: Outcome.PUT_OFF, Verdict.NEVER: Outcome.REJECTED}
        _note(message, outcome[handed.verdict], handed.reason, at)
        message.gateway_id = message.gateway_id or handed.gateway_id
        if message.state == MessageState.WAITING:
            _move_on(message, handed, at)
        message.save()


def _settled_beforehand(message: Message, at: datetime) -> bool:
    """Whether the message needs no carrier now: too late, not wanted, not at this hour, enough for today."""
    plan = sending_plan(message.store, at.astimezone(message.store.tz).date())
    if message.expires_at is not None and message.expires_at <= at:
        _finish(message, MessageState.EXPIRED, _("It could not be sent in time."), at)
    elif message.attempts >= plan.tries:
        _finish(message, MessageState.FAILED, _("The carrier was tried %(tries)d times.") % {"tries": plan.tries}, at)
    elif message.purpose in CUSTOMER_PURPOSES:
        _hold_to_the_rules(message, plan, at)
    return message.state != MessageState.WAITING or message.due_at > at


def _hold_to_the_rules(message: Message, plan: SendingPlan, at: datetime) -> None:
    """Refusals, sending hours and the daily cap, for customers."""
    if message.is_to_phone and (reason := refuses_texts(message.to)):
        _finish(message, MessageState.REFUSED, reason, at)
    elif (begins := plan.hours.next_moment(at)) > at:
        _put_off(message, begins, _("Outside the sending hours."), at)
    elif _had_today(message, plan, at) >= plan.daily_cap:
        reason = _("The address has had its %(cap)d messages today.") % {"cap": plan.daily_cap}
        _put_off(message, plan.hours.tomorrow(at), reason, at)


def _had_today(message: Message, plan: SendingPlan, at: datetime) -> int:
    """Messages the address has had today, or is getting this moment; others who count wait for this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_CAP, crc32(message.to.encode()) - 2**31])
    others = Message.objects.filter(to=message.to, purpose__in=CUSTOMER_PURPOSES).exclude(pk=message.pk)
    return others.filter(
        Q(sent_at__gte=plan.hours.day_begins(at)) | Q(state=MessageState.WAITING, claimed_at__gt=at - CLAIM_LASTS)
    ).count()


def _hand_over(message: Message, at: datetime) -> Handed:
    carrier = carrier_for(message.channel)
    if carrier is None:
        return Handed(Verdict.LATER, reason=_("The channel is switched off."))
    return carrier.send(
        Outgoing(
            token=str(message.token),
            channel=message.channel,
            purpose=message.purpose,
            to=message.to,
            subject=f"{message.store}：{message.get_purpose_display()}",
            text=message.text,
            at=at,
            template=message.template,
            names=message.names,
        )
    )


def _move_on(message: Message, handed: Handed, at: datetime) -> None:
    message.claimed_by, message.claimed_at = "", None
    if handed.verdict == Verdict.TAKEN:
        message.state, message.sent_at = MessageState.SENT, at
        if handed.is_delivered:
            message.state, message.delivered_at = MessageState.DELIVERED, at
        return
    plan = sending_plan(message.store, at.astimezone(message.store.tz).date())
    if handed.verdict == Verdict.NEVER or message.attempts >= plan.tries:
        message.state, message.why = MessageState.FAILED, (handed.reason or _("The carrier gave no reason."))[:300]
    else:
        message.due_at = at + wait_after(message.attempts, first=plan.first_wait, asked=handed.wait)


def _finish(message: Message, state: MessageState, why: str, at: datetime) -> None:
    message.state, message.why = state, why[:300]
    _note(message, Outcome.REJECTED, why, at)


def _put_off(message: Message, until: datetime, why: str, at: datetime) -> None:
    message.due_at = until
    _note(message, Outcome.PUT_OFF, why, at)


def _note(message: Message, outcome: Outcome, note: str, at: datetime) -> None:
    Step.objects.create(message=message, outcome=outcome, note=note[:300], at=at)
