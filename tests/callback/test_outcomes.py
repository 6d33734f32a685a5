"""What follows from each outcome of a call."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from callback import actions
from callback.choices import Outcome, RuleCode, TaskState
from callback.events import call_completed, customer_said_late
from callback.models import CallTask, Contact
from callback.queries import desk
from complaints.actions import record_complaint
from complaints.choices import Category, ComplaintSource, ComplaintState, Severity, StepKind
from complaints.models import Complaint
from dealer_crm.channels.models import Message
from dealer_crm.journal.queries import entries_about
from dealer_crm.values import Refusal, Stale
from dealer_crm.values.phone import national_phone
from reception.choices import Channel, OrderState
from reception.models import CustomerPhone
from satisfaction.actions import record_response
from satisfaction.choices import ResponseSource
from satisfaction.models import Response
from satisfaction.queries import csi_version
from tests.factories.callback import TEN, CallTaskFactory, ContactFactory, shipped_rule
from tests.factories.complaints import ComplaintFactory, complaint_of
from tests.factories.reception import CustomerFactory, RepairOrderFactory


@pytest.fixture
def order(people):
    return RepairOrderFactory(
        advisor=people.advisor, state=OrderState.DELIVERED, began_at=TEN - timedelta(days=1, hours=3)
    )


@pytest.fixture
def task(people, order, calendar_2026):
    """The after-service call of a delivered order, taken by the agent; due on Friday evening."""
    task = CallTaskFactory(order=order, due_at=TEN.replace(hour=18) + timedelta(days=1))
    return actions.claim_next(by=people.agent, at=TEN) and task


def after(task, outcome, people, at=TEN, **said):
    """Record the outcome by the agent and load the task."""
    said.setdefault("was_on_time", True if outcome == Outcome.COMPLETED else None)
    contact = actions.record_outcome(task=task, outcome=outcome, by=people.agent, at=at, **said)
    task.refresh_from_db()
    return contact


def heard(signal):
    """Listen to a signal; the list of what it was sent with."""
    received = []
    signal.connect(lambda sender, **facts: received.append(facts), weak=False, dispatch_uid=str(uuid4()))
    return received


def test_a_completed_call_is_done_and_its_answers_are_taken_down(task, people, order):
    version = csi_version()
    codes = [question.code for question in version.questions.all() if question.kind == "score"][:3]
    completed = heard(call_completed)
    contact = after(task, Outcome.COMPLETED, people, answers=dict.fromkeys(codes, 9), note="很满意")
    assert (task.state, task.done_at, task.claimed_by, task.attempts, task.first_called_at) == (
        TaskState.DONE, TEN, None, 1, TEN
    )  # fmt: skip
    response = Response.objects.get()
    assert (contact.response, response.order, response.taken_by, response.source) == (
        response,
        order,
        people.agent,
        "call",
    )
    assert sorted(response.answers.values_list("question__code", "score")) == sorted(
        (code, Decimal(9)) for code in codes
    )
    assert (contact.order, contact.customer, contact.agent, contact.phone) == (
        order, order.customer, people.agent, order.customer.phones.get().number
    )  # fmt: skip
    assert [(facts["task_id"], facts["contact_id"]) for facts in completed] == [(task.pk, contact.pk)]
    assert entries_about(task).first().verb == "call_task.completed"


def test_who_has_answered_by_link_is_not_asked_again(task, people, order):
    version = csi_version()
    code = version.questions.filter(kind="score").first().code
    assert code in {one.code for one in desk(task, people.agent, at=TEN).questions}
    record_response(
        version=version, store=people.store, order=order, customer=order.customer, source=ResponseSource.LINK,
        answered_at=TEN, answers={code: 8}, taken_by=None, by=None, at=TEN,
    )  # fmt: skip
    shown = desk(task, people.agent, at=TEN)
    assert (shown.has_answered, shown.questions) == (True, [])
    with pytest.raises(Refusal) as refused:
        after(task, Outcome.COMPLETED, people, answers={code: 9})
    assert (refused.value.code, Contact.objects.count()) == ("answered_already", 0)
    assert after(task, Outcome.COMPLETED, people).response is None


def test_a_talk_without_scores_is_completed_without_a_response(task, people):
    assert after(task, Outcome.COMPLETED, people).response is None


def test_the_on_time_question_must_be_asked_after_service(task, people):
    with pytest.raises(Refusal) as refusal:
        after(task, Outcome.COMPLETED, people, was_on_time=None)
    assert (refusal.value.field, Contact.objects.count()) == ("was_on_time", 0)


@pytest.mark.parametrize("said", [True, False])
def test_what_the_customer_says_of_the_time_is_kept_on_the_order(task, people, order, said):
    late = heard(customer_said_late)
    contact = after(task, Outcome.COMPLETED, people, was_on_time=said)
    order.refresh_from_db()
    assert (order.late_by_customer, contact.was_on_time) == (not said, said)
    assert [facts["order_id"] for facts in late] == ([] if said else [order.pk])


def test_a_wrong_score_is_refused_and_nothing_is_kept(task, people):
    code = csi_version().questions.filter(kind="score").first().code
    with pytest.raises(Refusal):
        after(task, Outcome.COMPLETED, people, answers={code: 11})
    task.refresh_from_db()
    assert (task.state, task.claimed_by, Contact.objects.count()) == (TaskState.OPEN, people.agent, 0)


def test_a_double_click_is_written_down_once(task, people):
    token = uuid4()
    first = after(task, Outcome.COMPLETED, people, token=token)
    assert after(task, Outcome.COMPLETED, people, token=token) == first
    assert Contact.objects.count() == 1


TRIES = (Outcome.NO_ANSWER, Outcome.BUSY, Outcome.SWITCHED_OFF)


def try_three_times(task, people):
    """The state after each call in vain, each at the moment the plan gave."""
    tries, moment = [], TEN
    for outcome in TRIES:
        after(task, outcome, people, at=moment)
        next_try = task.next_try_at and task.next_try_at.astimezone(people.store.tz).strftime("%d %H:%M")
        tries.append((task.state, next_try, task.channel))
        moment = task.next_try_at or moment
        actions.claim_next(by=people.agent, at=moment)
    return tries, moment


def test_three_calls_in_vain_in_three_half_days_then_a_text_by_itself_and_unreached(task, people):
    tries, moment = try_three_times(task, people)
    assert tries == [("open", "15 13:30", "phone"), ("open", "16 09:00", "phone"), ("unreached", None, "sms")]
    contact, message = Contact.objects.get(channel=Channel.SMS), Message.objects.get()
    assert (task.attempts, task.closing_reason, contact.agent, contact.outcome) == (
        3, "已发送短信。", None, Outcome.SMS,
    )  # fmt: skip
    assert (message.to, message.due_at, message.expires_at - moment) == (contact.phone, moment, timedelta(days=2))
    assert message.text.startswith(f"【{people.store.name}】{task.customer.name}") and "{" not in message.text


def test_without_a_channel_the_agent_sends_the_text_by_hand(task, people, settings):
    settings.CHANNELS = {"sms": {"carrier": "off"}}
    tries, moment = try_three_times(task, people)
    assert tries[-1] == ("open", None, "sms")
    contact = after(task, Outcome.SMS, people, at=moment)
    assert (task.state, task.closing_reason, contact.channel, Message.objects.count()) == (
        TaskState.UNREACHED, "已发送短信。", Channel.SMS, 0,
    )  # fmt: skip


def test_the_agent_has_the_text_sent_and_is_told_why_it_cannot_be(task, people):
    phone = task.customer.phones.get()
    CustomerPhone.objects.update(number="+861058881234")
    with pytest.raises(Refusal) as refusal:
        after(task, Outcome.SMS, people)
    assert (refusal.value.code, Contact.objects.count()) == ("no_text", 0)
    CustomerPhone.objects.update(number=phone.number)
    after(task, Outcome.SMS, people)
    assert (task.state, Message.objects.get().made_by) == (TaskState.UNREACHED, people.agent)


def test_a_rule_that_goes_by_text_is_texted_once_and_who_cannot_be_texted_is_called(people, calendar_2026):
    rule = shipped_rule(people.store, RuleCode.MAINTENANCE)
    actions.change_rule(rule=rule, by=people.crc, at=TEN, channel=Channel.SMS)
    tasks = [
        CallTaskFactory(store=people.store, code=RuleCode.MAINTENANCE, channel=Channel.SMS, customer=customer)
        for customer in (
            CustomerFactory(store=people.store),
            CustomerFactory(store=people.store, phone="+861058881234"),
            CustomerFactory(store=people.store, no_text_since=TEN.date(), no_text_reason="本人要求"),
        )
    ]
    talked = ContactFactory(store=people.store, agent=people.agent, at=TEN - timedelta(days=2))
    CallTaskFactory(store=people.store, code=RuleCode.MAINTENANCE, channel=Channel.SMS, customer=talked.customer)
    runs = [actions.send_owed_texts(store=people.store, at=at) for at in (TEN.replace(hour=21), TEN, TEN)]
    assert runs == [0, 1, 0]
    found = CallTask.objects.in_bulk([task.pk for task in tasks])
    assert [(found[task.pk].state, found[task.pk].channel) for task in tasks] == [
        (TaskState.DONE, Channel.SMS), (TaskState.OPEN, Channel.PHONE), (TaskState.OPEN, Channel.PHONE),
    ]  # fmt: skip
    assert Message.objects.get().made_by is None


def test_a_rule_that_asks_something_is_not_texted(people):
    for code in (RuleCode.SERVICE_3D, RuleCode.COMPLAINT_NEXT_DAY):
        with pytest.raises(Refusal) as refusal:
            actions.change_rule(rule=shipped_rule(people.store, code), by=people.crc, at=TEN, channel=Channel.SMS)
        assert refusal.value.field == "channel"


def test_who_refuses_texts_is_unreached_after_the_last_try(task, people, order):
    order.customer.no_text_since, order.customer.no_text_reason = TEN.date(), "本人要求"
    order.customer.save()
    for moment in (TEN, TEN + timedelta(hours=4), TEN + timedelta(days=1)):
        actions.claim_next(by=people.agent, at=moment)
        after(task, Outcome.NO_ANSWER, people, at=moment)
    assert (task.state, task.done_at) == (TaskState.UNREACHED, TEN + timedelta(days=1))


def test_a_wrong_number_leads_to_the_next_number_and_then_to_unreached(task, people, order):
    other = CustomerPhone.objects.create(customer=order.customer, number="+8613900000001")
    first = after(task, Outcome.WRONG_NUMBER, people)
    assert (task.state, task.next_try_at) == (TaskState.OPEN, None)
    actions.claim_next(by=people.agent, at=TEN)
    assert actions.reveal_number(task=task, by=people.agent, at=TEN) == other.number
    second = after(task, Outcome.INVALID_NUMBER, people)
    assert (task.state, first.phone != second.phone, second.phone) == (TaskState.UNREACHED, True, other.number)


def test_a_refusal_closes_the_call_and_leaves_the_customer_callable(task, people, order):
    after(task, Outcome.REFUSED, people, note="在开会")
    order.customer.refresh_from_db()
    assert (task.state, task.closing_reason, order.customer.no_call_since) == (TaskState.REFUSED, "在开会", None)


def test_a_refusal_for_good_sets_do_not_call_with_its_reason(task, people, order):
    after(task, Outcome.REFUSED, people, no_call_reason="不愿再接到回访")
    order.customer.refresh_from_db()
    assert (order.customer.no_call_since, order.customer.no_call_reason) == (TEN.date(), "不愿再接到回访")


def test_an_agreed_time_reserves_the_call_for_the_agent(task, people):
    agreed = TEN + timedelta(hours=5)
    after(task, Outcome.CALL_LATER, people, next_at=agreed)
    assert (task.state, task.agent, task.next_try_at, task.claimed_by) == (TaskState.OPEN, people.agent, agreed, None)


@pytest.mark.parametrize(
    ("next_at", "code"),
    [
        (None, "time_missing"),
        (TEN - timedelta(minutes=1), "time_wrong"),
        (TEN + timedelta(days=91), "time_wrong"),
        (TEN.replace(hour=12, minute=30), "quiet_hours"),
        (TEN.replace(hour=20), "quiet_hours"),
    ],
)
def test_a_call_back_needs_a_time_outside_the_quiet_hours(task, people, next_at, code):
    with pytest.raises(Refusal) as refusal:
        after(task, Outcome.CALL_LATER, people, next_at=next_at)
    assert refusal.value.code == code


def test_another_agents_call_can_not_be_finished(task, people):
    with pytest.raises(Refusal) as refusal:
        actions.record_outcome(task=task, outcome=Outcome.BUSY, by=people.crc, at=TEN)
    assert refusal.value.code == "taken"


def test_a_call_that_was_swept_back_can_still_be_finished_by_who_made_it_and_by_nobody_else(task, people):
    later = TEN + timedelta(minutes=20)
    actions.release_lapsed(store=people.store, at=later)
    for wrong in (CallTaskFactory(store=people.store), task):  # never taken; taken by the agent
        with pytest.raises(Refusal) as refusal:
            actions.record_outcome(task=wrong, outcome=Outcome.BUSY, by=people.crc, at=later)
        assert (refusal.value.code, Contact.objects.count()) == ("not_taken", 0)
    after(task, Outcome.COMPLETED, people, at=later)
    assert (task.state, task.lapsed_by) == (TaskState.DONE, None)


def test_who_put_the_call_back_writes_nothing_down_any_more(task, people):
    actions.release_claim(task=task, by=people.agent, at=TEN)
    with pytest.raises(Refusal) as refusal:
        after(task, Outcome.BUSY, people)
    assert refusal.value.code == "not_taken"


def test_a_finished_call_takes_no_second_outcome(task, people):
    after(task, Outcome.COMPLETED, people)
    with pytest.raises(Refusal) as refusal:
        after(task, Outcome.BUSY, people)
    assert refusal.value.code == "finished"


def test_an_outcome_on_a_stale_version_is_refused(task, people):
    with pytest.raises(Stale):
        after(task, Outcome.BUSY, people, expected_version=task.version + 7)


def test_a_complaint_from_the_call_is_filled_in_and_hangs_on_the_contact(task, people, order):
    complaint = actions.raise_complaint(
        task=task, by=people.agent, at=TEN, severity=Severity.GENERAL, category=Category.SKILL, description="异响还在"
    )
    assert (complaint.order, complaint.customer, complaint.vehicle, complaint.source, complaint.created_by) == (
        order, order.customer, order.vehicle, ComplaintSource.CALL, people.agent
    )  # fmt: skip
    assert after(task, Outcome.COMPLETED, people, complaint=complaint).complaint == complaint


def test_a_complaint_of_another_customer_is_not_hung_on_the_call(task, people):
    stranger = RepairOrderFactory(advisor=people.advisor)
    complaint = record_complaint(
        store=people.store, order=stranger, customer=stranger.customer, vehicle=None, source=ComplaintSource.CALL,
        severity=Severity.GENERAL, category=Category.OTHER, received_at=TEN, description="等太久",
        by=people.agent, at=TEN,
    )  # fmt: skip
    with pytest.raises(Refusal):
        after(task, Outcome.COMPLETED, people, complaint=complaint)


@pytest.mark.parametrize(("satisfied", "state", "number"), [(True, "closed", 1), (False, "recorded", 2)])
def test_the_call_after_a_complaint_closes_it_or_opens_the_next_round(people, order, satisfied, state, number):
    complaint = record_complaint(
        store=people.store, order=order, customer=order.customer, vehicle=order.vehicle, source=ComplaintSource.CALL,
        severity=Severity.GENERAL, category=Category.SKILL, received_at=TEN, description="异响",
        by=people.agent, at=TEN,
    )  # fmt: skip
    Complaint.objects.update(state=ComplaintState.CHECKED, solved_at=TEN)
    complaint.steps.create(kind=StepKind.CHECK, round=1, by=people.manager, at=TEN)
    task = CallTaskFactory(
        order=order, complaint=complaint, code=RuleCode.COMPLAINT_NEXT_DAY, source_key="complaint:1:1"
    )
    actions.claim_next(by=people.agent, at=TEN)
    with pytest.raises(Refusal) as refusal:
        actions.record_outcome(task=task, outcome=Outcome.COMPLETED, by=people.agent, at=TEN)
    assert refusal.value.field == "is_satisfied"
    actions.record_outcome(
        task=task, outcome=Outcome.COMPLETED, by=people.agent, at=TEN, is_satisfied=satisfied, note="还有异响"
    )
    complaint.refresh_from_db()
    assert (complaint.state, complaint.round, complaint.is_satisfied) == (state, number, satisfied)


@pytest.mark.parametrize("satisfied", [True, False])
def test_the_second_call_after_a_complaint_keeps_the_answer_beside_the_closed_case(people, order, satisfied):
    complaint = complaint_of(people, ComplaintState.CLOSED, order=order, customer=order.customer, at=TEN)
    task = CallTaskFactory(order=order, complaint=complaint, code=RuleCode.COMPLAINT_SECOND, source_key="second")
    actions.claim_next(by=people.agent, at=TEN)
    with pytest.raises(Refusal) as refusal:
        actions.record_outcome(task=task, outcome=Outcome.COMPLETED, by=people.agent, at=TEN)
    assert refusal.value.field == "is_satisfied"
    actions.record_outcome(
        task=task, outcome=Outcome.COMPLETED, by=people.agent, at=TEN, is_satisfied=satisfied, note="还有异响"
    )
    complaint.refresh_from_db()
    assert (complaint.state, complaint.is_satisfied, complaint.is_still_satisfied) == ("closed", True, satisfied)


def test_the_number_is_shown_to_the_agent_on_the_call_and_noted(task, people, order):
    number = actions.reveal_number(task=task, by=people.agent, at=TEN)
    assert number == order.customer.phones.get().number
    assert entries_about(order.customer).first().verb == "phone.revealed"
    assert national_phone(number) not in entries_about(order.customer).first().note
    with pytest.raises(Refusal):
        actions.reveal_number(task=task, by=people.crc, at=TEN)


def test_a_rule_is_changed_with_its_priority_in_the_queue_and_strange_names_are_refused(task, people):
    rule = task.rule
    actions.change_rule(rule=rule, by=people.crc, at=TEN, priority=7, script={"closing": "再见，{客户}。"})
    task.refresh_from_db()
    assert (task.priority, rule.script.get(stage="closing").text) == (7, "再见，{客户}。")
    with pytest.raises(Refusal) as refusal:
        actions.change_rule(rule=rule, by=people.crc, at=TEN, script={"closing": "再见，{颜色}。"})
    assert refusal.value.field == "script_closing"
    with pytest.raises(Refusal):
        actions.change_rule(rule=rule, by=people.crc, at=TEN, opens_after_days=4)
    assert CallTask.objects.get().rule.script.get(stage="closing").text == "再见，{客户}。"


def test_what_is_owed_to_the_same_customer_is_talked_through_in_one_call(people):
    first = CallTaskFactory(store=people.store, code="suggestion")
    same = {"store": people.store, "customer": first.customer}
    along, asking = CallTaskFactory(code="suggestion", **same), CallTaskFactory(**same)  # the second one asks questions
    left, foreign = CallTaskFactory(code="suggestion", **same), CallTaskFactory(store=people.store, code="suggestion")
    early = CallTaskFactory(code="suggestion", opens_at=TEN + timedelta(hours=1), **same)
    order = RepairOrderFactory(advisor=people.advisor, state=OrderState.DELIVERED)
    held = CallTaskFactory(code="suggestion", order=order, **same)
    ComplaintFactory(store=people.store, order=order, customer=order.customer)
    actions.claim_task(task=first, by=people.agent, at=TEN)
    shown = {one.pk for one in desk(first, people.agent, at=TEN).also_owed if not one.is_held}
    assert shown == {along.pk, asking.pk, left.pk}
    actions.record_outcome(
        task=first, outcome=Outcome.COMPLETED, by=people.agent, at=TEN,
        together=[along.pk, asking.pk, foreign.pk, early.pk, held.pk],
    )  # fmt: skip
    for task, state in (
        (first, "done"), (along, "done"), (asking, "open"), (left, "open"), (foreign, "open"), (early, "open"),
        (held, "open"),
    ):  # fmt: skip
        task.refresh_from_db()
        assert task.state == state
    assert (Contact.objects.count(), along.attempts, along.first_called_at) == (1, 1, TEN)
