"""What people do with a message in the outbox."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.channels.actions.ordering import send_wording
from dealer_crm.channels.choices import Channel, MessageState, Purpose
from dealer_crm.channels.events import message_ordered
from dealer_crm.channels.formulas import masked_address
from dealer_crm.channels.models import Answer, Message
from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Staff, Store
from dealer_crm.values import Refusal

TEST_LASTS = timedelta(minutes=30)


@transaction.atomic
def withdraw_message(*, message: Message, by: Staff, at: datetime) -> Message:
    """Call back a message that has not gone out."""
    message = _locked(message)
    if message.state != MessageState.WAITING or message.claimed_at is not None:
        raise Refusal(_("The message has gone out, or is going out this moment."), code="gone_out")
    message.state, message.why = MessageState.REFUSED, _("Withdrawn by %(name)s.") % {"name": by}
    message.save(update_fields=["state", "why"])
    journal.record(by=by, at=at, verb="message.withdrawn", subject=message)
    return message


@transaction.atomic
def send_again(*, message: Message, by: Staff, at: datetime) -> Message:
    """Try a message anew that the carrier would not take, with as many tries as a new one. It stays the same message:
    a carrier that had it after all does not send it twice."""
    message = _locked(message)
    if message.state not in (MessageState.FAILED, MessageState.EXPIRED) or not message.to:
        raise Refusal(_("Only what failed or came too late is sent again."), code="not_failed")
    if message.sent_at is not None:
        raise Refusal(
            _("The carrier took this message and could not deliver it; the same would happen again."), code="was_taken"
        )
    message.state, message.why, message.attempts, message.due_at = MessageState.WAITING, "", 0, at
    message.expires_at = None
    message.save(update_fields=["state", "why", "attempts", "due_at", "expires_at"])
    journal.record(by=by, at=at, verb="message.sent_again", subject=message)
    message_ordered.send(Message, message_id=message.pk, at=at)
    return message


@transaction.atomic
def reveal_address(*, message: Message, reason: str, by: Staff, at: datetime) -> str:
    """Hand out the whole address to somebody who says what for; the journal keeps who and why."""
    if not reason.strip():
        raise Refusal(_("Say what you need the address for."), field="reason", code="reason_missing")
    if not message.to:
        raise Refusal(_("The address was erased at the customer's request."), code="erased")
    note = f"{masked_address(message.to)} {reason.strip()}"
    journal.record(by=by, at=at, verb="message.address_revealed", subject=message, note=note)
    return message.to


@transaction.atomic
def send_test(*, store: Store, channel: Channel, to: str, key: str, by: Staff, at: datetime) -> Message:
    """A test message by one channel, in the store's own words."""
    message = send_wording(
        key=f"test:{key}", store=store, channel=channel, to=to, purpose=Purpose.TEST,
        names={"人员": by.name, "时间": f"{at.astimezone(store.tz):%H:%M}"}, by=by, at=at, expires_at=at + TEST_LASTS,
    )  # fmt: skip
    journal.record(by=by, at=at, verb="message.tested", subject=message)
    return message


@transaction.atomic
def forget_address(*, addresses: list[str], by, at: datetime) -> int:
    """A customer asked to be forgotten: the addresses and what was written to them go, the counts stay."""
    rows = Message.objects.filter(to__in=addresses)
    why = _("The address was erased at the customer's request.")
    rows.waiting().update(state=MessageState.REFUSED, why=why, claimed_by="", claimed_at=None)
    number = rows.update(to="", text="", names={})
    Answer.objects.filter(sender__in=addresses).update(sender="", text="", is_kept_here=False)
    return number


def _locked(message: Message) -> Message:
    return Message.objects.select_for_update(of=["self"]).select_related("store").get(pk=message.pk)
