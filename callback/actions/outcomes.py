"""What came of a call, and what follows from it. Source: spec `callback.md` (outcomes, retry plan)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from callback.actions.records import file_record
from callback.actions.refusals import refuse_purpose
from callback.actions.texts import order_text, text_by_program
from callback.choices import (
    ALL_CALLS,
    ASKS_RESULT,
    BAD_NUMBER_OUTCOMES,
    COMPLAINT_RECORDS,
    SUPERVISED,
    UNREACHED_OUTCOMES,
    ContactCategory,
    Direction,
    Outcome,
    RuleCode,
    TaskState,
)
from callback.events import call_completed, customer_said_late
from callback.formulas import REQUIRED_FACTS, NextStep, Step, after_unreached
from callback.models import CallTask, Contact
from callback.queries.desk import dialled_phone, has_answered_already, texts_by_itself, why_not_textable
from callback.queries.plan import CallPlan, call_plan
from callback.queries.queue import with_hold
from callback.queries.records import known_facts
from complaints import actions as complaints
from complaints.choices import Category, ComplaintSource, ComplaintState
from complaints.models import Complaint
from dealer_crm.access.permissions import Permission
from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Staff
from dealer_crm.values import Refusal, Stale
from dealer_crm.workdays.queries import work_calendar
from reception import actions as reception
from reception.choices import Channel
from reception.models import CustomerPhone, RepairOrder
from reception.queries import texted_number
from satisfaction import actions as satisfaction
from satisfaction.choices import ResponseSource
from satisfaction.queries import version_in_force

FURTHEST = timedelta(days=90)
"""A call-back is agreed within this time; later is another matter."""


@transaction.atomic
def record_outcome(
    *,
    task: CallTask,
    outcome: Outcome,
    by: Staff,
    at: datetime,
    note: str = "",
    answers: Mapping[str, object] | None = None,
    was_on_time: bool | None = None,
    is_satisfied: bool | None = None,
    next_at: datetime | None = None,
    no_call_reason: str = "",
    no_more: str = "",
    complaint: Complaint | None = None,
    category: str = "",
    facts: Mapping[str, str] | None = None,
    together: Sequence[int] = (),
    token: UUID | None = None,
    expected_version: int | None = None,
    from_paper: bool = False,
) -> Contact:
    """Write down what came of the call, and let follow what follows. Refused to who has not taken the call.

    `answers`: question code → value of the rule's questionnaire; `was_on_time`: what the customer says of the delivery
    (asked whenever the rule asks it); `is_satisfied`: with the result, on the call after a complaint; `next_at`: the
    agreed moment of a call-back; `no_more`: with a refusal, what the customer wants no more calls for (a `Purpose`, or
    `ALL_CALLS`: do-not-call), with `no_call_reason`; a reason alone means all calls; `complaint`: one taken down during
    this call; `category`, `facts`: of the contact record, a plain care call without; `together`: ids of the
    customer's other owed calls talked through in this one; `token`: the form's own number,
    the same token is written down once; `from_paper`: nobody could take it, there was no network.

    Completed → done. Nobody reached → the retry plan. Wrong or invalid number → the customer's next number, else
    unreached. Refused → refused. Call later → reserved for the agent. Text instead → unreached, and the text goes out
    by itself. Announces `call_completed` and `customer_said_late`.
    """
    task = _locked(task)
    if token and (known := Contact.objects.filter(token=token).first()):
        return known
    outcome = Outcome(outcome)
    _refuse_foreign(task, by, expected_version, from_paper=from_paper)
    _refuse_incomplete(task, outcome, at, was_on_time, is_satisfied, next_at, complaint)
    no_more = no_more or (ALL_CALLS if no_call_reason.strip() else "")
    if outcome == Outcome.REFUSED and no_more and not no_call_reason.strip():
        raise Refusal(_("Say why; a refusal without a reason is none."), field="no_call_reason", code="reason_missing")
    plan = call_plan(task.store, at.astimezone(task.store.tz).date())
    if outcome == Outcome.CALL_LATER and plan.quiet.covers(next_at.astimezone(task.store.tz)):
        raise Refusal(_("That lies in quiet hours; agree on another time."), field="next_at", code="quiet_hours")
    phone = dialled_phone(task.customer)
    is_text = outcome == Outcome.SMS
    number = texted_number(task.customer) if is_text and texts_by_itself() else phone.number if phone else ""
    contact = Contact(
        store=task.store,
        task=task,
        customer=task.customer,
        vehicle=task.vehicle,
        order=task.order,
        agent=by,
        direction=Direction.OUT,
        channel=Channel.SMS if is_text else Channel.PHONE,
        started_at=task.claimed_at,
        at=at,
        outcome=outcome,
        phone=number,
        was_on_time=was_on_time if outcome == Outcome.COMPLETED else None,
        note=note.strip(),
        complaint=complaint or (task.complaint if outcome == Outcome.COMPLETED else None),
        token=token,
    )
    if outcome == Outcome.COMPLETED:
        _file(contact, category, facts or {}, complaint, at)
    contact.save()
    if is_text and texts_by_itself():
        order_text(task=task, contact=contact, by=by, at=at)
    if outcome == Outcome.COMPLETED:
        _take_down(task, contact, answers or {}, is_satisfied, by, at)
    if outcome in BAD_NUMBER_OUTCOMES and phone:
        reception.mark_phone_wrong(customer=task.customer, number=phone.number, by=by, at=at)
    if outcome == Outcome.REFUSED and no_more:
        _note_refusal(task, no_more, no_call_reason.strip()[:120], by, at)
    _move_on(task, contact, plan, next_at, by, at)
    journal.record(
        by=by,
        at=at,
        verb=f"call_task.{outcome}",
        subject=task,
        changes={"state": [TaskState.OPEN, task.state]},
        note=note[:200],
    )
    if outcome == Outcome.COMPLETED and together:
        _finish_together(task, contact, together, by, at)
    if task.state == TaskState.DONE:
        call_completed.send(CallTask, task_id=task.pk, contact_id=contact.pk, at=at)
    if contact.was_on_time is False:
        customer_said_late.send(CallTask, order_id=task.order_id, contact_id=contact.pk, at=at)
    return contact


def _file(contact: Contact, category: str, facts: Mapping[str, str], complaint: Complaint | None, at) -> None:
    """The record of a talk: as the agent says; a complaint taken down in it says what it was about itself."""
    if complaint and not category:
        category = COMPLAINT_RECORDS.get(Category(complaint.category), "")
        known = known_facts(contact.store, contact.customer, contact.vehicle, contact.order)
        told = {"fault": complaint.description, "asked": complaint.wish or complaint.description}
        asked = REQUIRED_FACTS.get(category, ())
        facts = {name: value for name, value in {**known, **told, **facts}.items() if name in asked}
    file_record(contact=contact, category=category or ContactCategory.CALLBACK, facts=facts, at=at)


@transaction.atomic
def raise_complaint(
    *, task: CallTask, by: Staff, at, severity: str, category: str, topic=None, description: str, wish: str = ""
) -> Complaint:
    """A complaint out of the call, filled in from what the call is about; `topic`: the sub-category, a row of the tree
    of complaints that counts as `category`."""
    task = _locked(task)
    _refuse_foreign(task, by, None)
    if not description.strip():
        raise Refusal(_("Write down what happened, in the customer's words."), field="description")
    complaint = complaints.record_complaint(
        store=task.store,
        order=task.order,
        customer=task.customer,
        vehicle=task.vehicle,
        source=ComplaintSource.CALL,
        severity=severity,
        category=category,
        topic=topic,
        received_at=at,
        description=description.strip(),
        wish=wish.strip(),
        by=by,
        at=at,
    )
    CallTask.objects.filter(pk=task.pk, claimed_by=by).update(claimed_at=at)
    return complaint


@transaction.atomic
def reveal_number(*, task: CallTask, by: Staff, at) -> str:
    """The whole number (E.164) of the call an agent is on; the journal keeps that it was shown."""
    task = _locked(task)
    if task.claimed_by_id != by.pk:
        raise Refusal(_("Take the call first; the number is shown to the agent on the call."), code="not_taken")
    phone: CustomerPhone | None = dialled_phone(task.customer)
    if phone is None:
        raise Refusal(_("There is no number to dial. Note it as an invalid number."), code="no_number")
    CallTask.objects.filter(pk=task.pk).update(claimed_at=at)
    return reception.reveal_phone(phone=phone, reason=f"{task.rule.get_code_display()} #{task.pk}", by=by, at=at)


def _locked(task: CallTask) -> CallTask:
    return (
        CallTask.objects.select_for_update(of=["self"])
        .select_related(
            "store", "customer", "vehicle", "order", "complaint", "appointment", "rule__questionnaire", "claimed_by"
        )
        .get(pk=task.pk)
    )


def _refuse_foreign(task: CallTask, by: Staff, expected_version: int | None, *, from_paper: bool = False) -> None:
    """Who is on the call writes it down; whose claim lapsed while they talked may, too, until somebody takes it."""
    if task.state != TaskState.OPEN:
        raise Refusal(_("This call is finished already."), code="finished")
    if task.claimed_by_id not in (None, by.pk):
        raise Refusal(_("%(agent)s is on this call.") % {"agent": task.claimed_by}, code="taken")
    if from_paper and task.rule.code in SUPERVISED and not by.can(Permission.CALL_ASSIGN):
        raise Refusal(_("Calls are re-checked by the supervisor."), field="call", code="supervised")
    if not from_paper and by.pk not in (task.claimed_by_id, task.lapsed_by_id):
        raise Refusal(_("Take the call first; who is on it writes down what came of it."), code="not_taken")
    if expected_version is not None and task.version != expected_version:
        raise Stale(_("This call was changed in the meantime; load it again."))


def _refuse_incomplete(task, outcome, at, was_on_time, is_satisfied, next_at, complaint) -> None:
    if outcome == Outcome.COMPLETED and task.rule.asks_on_time and task.order_id and was_on_time is None:
        raise Refusal(_("Ask whether the car was delivered on time."), field="was_on_time", code="on_time_not_asked")
    if outcome == Outcome.COMPLETED and task.rule.code in ASKS_RESULT and is_satisfied is None:
        raise Refusal(
            _("Ask whether the customer is satisfied with the result."), field="is_satisfied", code="result_not_asked"
        )
    if outcome == Outcome.CALL_LATER:
        if next_at is None:
            raise Refusal(_("Say when to call again."), field="next_at", code="time_missing")
        if not at < next_at <= at + FURTHEST:
            raise Refusal(
                _("The next call lies ahead, at most %(days)d days.") % {"days": FURTHEST.days},
                field="next_at",
                code="time_wrong",
            )
    if complaint is not None and complaint.customer_id != task.customer_id:
        raise Refusal(_("The complaint is another customer's."), field="complaint", code="other_customer")


def _note_refusal(task: CallTask, no_more: str, reason: str, by: Staff, at: datetime) -> None:
    """No more calls for a purpose, or at all, from the customer's own mouth; said twice it is noted once."""
    if no_more == ALL_CALLS:
        since = at.astimezone(task.store.tz).date()
        reception.change_customer(
            customer=task.customer, by=by, at=at, no_call_since=since, no_call_reason=reason
        )  # fmt: skip
    elif not task.customer.call_refusals.filter(purpose=no_more).exists():
        refuse_purpose(customer=task.customer, purpose=no_more, reason=reason, by=by, at=at)


def _take_down(task: CallTask, contact: Contact, answers: Mapping[str, object], is_satisfied, by, at) -> None:
    """What the customer said: answers, on-time, satisfied with the result."""
    given = {code: value for code, value in answers.items() if value is not None and value != ""}
    if given and task.rule.questionnaire:
        if has_answered_already(task):
            raise Refusal(
                _("The customer has answered the questionnaire already; leave its questions empty."),
                field="answers",
                code="answered_already",
            )
        contact.response = satisfaction.record_response(
            version=version_in_force(task.rule.questionnaire),
            store=task.store,
            order=task.order,
            customer=task.customer,
            source=ResponseSource.CALL,
            answered_at=at,
            answers=given,
            taken_by=by,
            by=by,
            at=at,
            number=f"call:{contact.pk}",
        )
        contact.save(update_fields=["response"])
    if contact.was_on_time is not None and task.order_id:
        reception.note_customer_lateness(
            order=RepairOrder(pk=task.order_id), is_late=not contact.was_on_time, by=by, at=at
        )
    if task.rule.code == RuleCode.APPOINTMENT_CONFIRM and task.appointment and task.appointment.is_expected:
        reception.confirm_appointment(appointment=task.appointment, by=by, at=at)
    if task.complaint_id and is_satisfied is not None:
        asked = {"complaint": task.complaint, "is_satisfied": is_satisfied, "text": contact.note, "by": by, "at": at}
        if task.complaint.state == ComplaintState.CHECKED:
            complaints.ask_customer(**asked)
        elif task.rule.code == RuleCode.COMPLAINT_SECOND and task.complaint.second_asked_at is None:
            complaints.ask_once_more(**asked)


def _finish_together(task: CallTask, contact: Contact, ids: Sequence[int], by: Staff, at) -> None:
    """Close the customer's other owed calls that were talked through in this one, as far as their window has begun,
    they ask for no answers of their own, no open complaint holds them back and nobody else is on them. It was one call:
    it makes no second contact."""
    others = (
        with_hold(CallTask.objects.unfinished())
        .filter(pk__in=ids, customer=task.customer_id, store=task.store_id, claimed_by=None, opens_at__lte=at)
        .filter(is_held=False)
        .select_for_update(of=["self"])
        .select_related("rule", "appointment", "store")
        .order_by("pk")
    )
    for other in (one for one in others if one.asks_nothing):
        if other.rule.code == RuleCode.APPOINTMENT_CONFIRM and other.appointment and other.appointment.is_expected:
            reception.confirm_appointment(appointment=other.appointment, by=by, at=at)
        other.attempts, other.first_called_at = F("attempts") + 1, other.first_called_at or at
        other.agent = other.next_try_at = None
        reason = _("Talked through together with: %(rule)s") % {"rule": task.rule.get_code_display()}
        _close(other, TaskState.DONE, at, reason)
        other.version = F("version") + 1
        other.save()
        journal.record(
            by=by, at=at, verb="call_task.completed", subject=other,
            changes={"state": [TaskState.OPEN, TaskState.DONE]}, note=reason,
        )  # fmt: skip
        call_completed.send(CallTask, task_id=other.pk, contact_id=contact.pk, at=at)


def _move_on(task: CallTask, contact: Contact, plan: CallPlan, next_at, by, at) -> None:
    """Where the task goes from here."""
    outcome = Outcome(contact.outcome)
    task.claimed_by = task.claimed_at = task.lapsed_by = task.agent = task.next_try_at = None
    if outcome != Outcome.SMS:
        task.attempts = F("attempts") + 1
        task.first_called_at = task.first_called_at or at
    if outcome == Outcome.COMPLETED:
        _close(task, TaskState.DONE, at)
    elif outcome == Outcome.REFUSED:
        _close(task, TaskState.REFUSED, at, contact.note or _("The customer did not want to talk."))
    elif outcome == Outcome.SMS:
        _close(task, TaskState.UNREACHED, at, _("Text message sent."))
    elif outcome == Outcome.CALL_LATER:
        task.agent, task.next_try_at = by, next_at
    elif outcome in UNREACHED_OUTCOMES:
        _try_again(task, plan, at)
    elif outcome in BAD_NUMBER_OUTCOMES and dialled_phone(task.customer) is None:
        _close(task, TaskState.UNREACHED, at, _("No number left that is right."))
    task.version = F("version") + 1
    task.save()
    task.refresh_from_db(fields=["attempts", "version"])


def _try_again(task: CallTask, plan: CallPlan, at) -> None:
    tried = list(
        Contact.objects.filter(task=task, outcome__in=UNREACHED_OUTCOMES).order_by("at").values_list("at", flat=True)
    )
    has_text = task.rule.script.filter(stage="text").exists()
    step: NextStep = after_unreached(
        tried=tried,
        due_at=task.due_at,
        may_text=not why_not_textable(task) if texts_by_itself() else has_text and task.customer.no_text_since is None,
        plan=plan.retries,
        hours=plan.hours,
        calendar=work_calendar(task.store, at.date(), task.due_at.date()),
        preferred_hour=task.customer.contact_hour,
    )
    if step.step == Step.RETRY:
        task.next_try_at = step.at
    elif step.step == Step.TEXT:
        task.channel = Channel.SMS
        if texts_by_itself():
            text_by_program(task=task, at=at)
            _close(task, TaskState.UNREACHED, at, _("Text message sent."))
    else:
        _close(task, TaskState.UNREACHED, at, _("Not reached after %(tries)d calls.") % {"tries": len(tried)})


def _close(task: CallTask, state: TaskState, at, reason: str = "") -> None:
    task.state, task.done_at, task.closing_reason = state, at, reason[:200]
