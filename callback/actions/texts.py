"""Text messages instead of calls: after the last try in vain, on key 9, and for rules that are texted from the start.

Source: spec `callback.md` (retry plan; rules have a channel).
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from callback.choices import Direction, Outcome, TaskState
from callback.models import CallTask, Contact
from callback.queries.desk import text_message, texts_by_itself, why_not_textable
from callback.queries.plan import call_plan
from callback.queries.queue import with_hold
from dealer_crm.channels import actions as channels
from dealer_crm.channels.choices import Purpose
from dealer_crm.channels.queries import sending_plan
from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Store
from dealer_crm.values import Refusal
from reception.choices import Channel
from reception.queries import text_way, texted_number

WORTH = timedelta(days=2)
"""A text instead of a call says nothing any more after that."""
MOST = 200


def order_text(*, task: CallTask, contact: Contact, by, at: datetime) -> None:
    """Put the rule's text to the customer of a call into the outbox; refuses with the reason when that can't be."""
    if reason := why_not_textable(task, by):
        raise Refusal(_("No text can be sent: %(reason)s") % {"reason": reason}, field="outcome", code="no_text")
    channels.send_message(
        key=f"call:{task.pk}:{contact.pk}",
        store=task.store,
        channel=text_way(task.customer),
        to=texted_number(task.customer),
        text=text_message(task, by),
        purpose=Purpose.CALL,
        by=by,
        at=at,
        expires_at=at + WORTH,
    )


def text_by_program(*, task: CallTask, at: datetime) -> Contact:
    """The text the retry plan or the rule asks for, with its contact; nobody sat at the desk."""
    contact = Contact.objects.create(
        store=task.store,
        task=task,
        customer=task.customer,
        vehicle=task.vehicle,
        order=task.order,
        agent=None,
        direction=Direction.OUT,
        channel=Channel(text_way(task.customer).value),
        at=at,
        outcome=Outcome.SMS,
        phone=texted_number(task.customer),
    )
    order_text(task=task, contact=contact, by=None, at=at)
    return contact


@transaction.atomic
def send_owed_texts(*, store: Store, by=None, at: datetime, most: int = MOST) -> int:
    """Text what is to be texted now, in the sending hours: calls of rules that go by text, and those whose tries are
    used up. A reminder keeps the same distance to the last talk as one by telephone. Who cannot be texted is called
    instead, or unreached when that was tried. Returns how many texts were ordered."""
    day = at.astimezone(store.tz).date()
    if not texts_by_itself() or sending_plan(store, day).hours.next_moment(at) > at:
        return 0
    talked = Contact.objects.filter(
        customer=OuterRef("customer"),
        outcome__in=[Outcome.COMPLETED, Outcome.REFUSED],
        at__gt=at - call_plan(store, day).gap,
    )
    owed = (
        with_hold(CallTask.objects.callable_at(at))
        .filter(store=store, channel=Channel.SMS, claimed_by=None, customer__no_call_since=None, is_held=False)
        .exclude(Q(rule__respects_gap=True) & Exists(talked))
        .select_for_update(of=["self"], skip_locked=True)
        .select_related("store", "customer", "vehicle", "order__advisor", "appointment", "complaint", "rule")
        .order_by("due_at", "pk")[:most]
    )
    return sum(_text_or_call(task, by, at) for task in owed)


def _text_or_call(task: CallTask, by, at: datetime) -> bool:
    was_called = task.attempts > 0
    reason = why_not_textable(task)
    if not reason:
        text_by_program(task=task, at=at)
        task.state = TaskState.UNREACHED if was_called else TaskState.DONE
        task.first_called_at = task.first_called_at or at
        task.closing_reason, task.done_at = _("Text message sent."), at
        journal.record(by=by, at=at, verb="call_task.sms", subject=task)
    elif was_called:
        task.state, task.closing_reason, task.done_at = TaskState.UNREACHED, reason[:200], at
    else:
        task.channel = Channel.PHONE
    task.version = F("version") + 1
    task.save()
    return not reason
