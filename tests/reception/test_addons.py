"""Add-ons: nothing is done before the customer's answer; what it brings, what it refuses, and who hears of it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from dealer_crm.journal.queries import entries_about
from dealer_crm.notices.models import Notice
from dealer_crm.values import Refusal, Stale
from reception import actions, events
from reception.actions import LineDraft
from reception.choices import AddOnState, AnswerWay, LineKind, OrderState, Payer, SuggestionState, Urgency
from reception.models import AddOn, Promise, Suggestion
from tests.factories.reception import MORNING, AddOnFactory, OrderLineFactory, RepairOrderFactory
from tests.reception.test_concurrency import at_once

pytestmark = pytest.mark.django_db

TEN = MORNING + timedelta(hours=1)
NOON = MORNING + timedelta(hours=3)
PADS = LineDraft(LineKind.PART, "前刹车片", Decimal(1), Decimal("380.00"))
WORK = LineDraft(LineKind.LABOUR, "更换前刹车片", Decimal("0.80"), Decimal("120.00"))


@pytest.fixture
def order(people):
    return RepairOrderFactory(advisor=people.advisor, state=OrderState.IN_PROGRESS)


@pytest.fixture
def answers():
    """What was announced of answers."""
    seen = []

    def listen(sender, add_on_id, order_id, **_more):
        seen.append((add_on_id, order_id))

    events.add_on_answered.connect(listen)
    yield seen
    events.add_on_answered.disconnect(listen)


def propose(people, order, **values):
    return actions.propose_add_on(
        **{
            "order": order,
            "reason": "前刹车片磨损到极限",
            "lines": [PADS, WORK],
            "by": people.advisor,
            "at": TEN,
            **values,
        }
    )


def agree(people, add_on, **values):
    return actions.agree_to_add_on(
        **{
            "add_on": add_on,
            "answered_by": "王女士",
            "way": AnswerWay.PHONE,
            "by": people.advisor,
            "at": NOON,
            **values,
        }
    )


def decline(people, add_on, **values):
    return actions.decline_add_on(
        **{
            "add_on": add_on,
            "answered_by": "王女士",
            "way": AnswerWay.PHONE,
            "by": people.advisor,
            "at": NOON,
            **values,
        }
    )


def test_a_proposal_changes_nothing_on_the_order(people, order):
    add_on = propose(people, order, wanted_promise_at=NOON + timedelta(hours=5))

    before = order.promised_at
    order.refresh_from_db()
    assert (order.lines.count(), order.promised_at, order.version) == (1, before, 1)
    assert (add_on.number, add_on.state, add_on.lines.count()) == (1, AddOnState.PROPOSED, 2)
    assert entries_about(add_on).get().verb == "add_on.proposed"


def test_agreed_lines_join_the_order_and_the_promise_moves_by_the_word_of_who_agreed(people, order, answers):
    later = order.promised_at + timedelta(hours=2)
    add_on = agree(people, propose(people, order, wanted_promise_at=later), promised_at=later)

    order.refresh_from_db()
    assert list(order.lines.values_list("number", "name", "payable_amount", "add_on")) == [
        (1, "更换机油机滤", Decimal("180.00"), None),
        (2, "前刹车片", Decimal("380.00"), add_on.pk),
        (3, "更换前刹车片", Decimal("96.00"), add_on.pk),
    ]
    promise = Promise.objects.filter(order=order).last()
    assert (order.promised_at, promise.confirmed_by, add_on.promise) == (later, "王女士", promise)
    assert (add_on.state, add_on.answer_way, add_on.answered_at, add_on.recorded_by) == (
        AddOnState.AGREED, AnswerWay.PHONE, NOON, people.advisor
    )  # fmt: skip
    assert answers == [(add_on.pk, order.pk)]


def test_without_a_new_time_the_promise_stays(people, order):
    add_on = agree(people, propose(people, order))

    assert (add_on.promise, order.promises.count()) == (None, 1)


def test_a_declined_add_on_leaves_the_order_alone_and_becomes_a_suggestion(people, order, answers):
    gift = LineDraft(LineKind.OTHER, "检测", Decimal(1), Decimal("50.00"), payer=Payer.FREE)
    add_on = decline(people, propose(people, order, lines=[PADS, WORK, gift], urgency=Urgency.SAFETY))

    assert order.lines.count() == 1
    made = Suggestion.objects.get()
    assert (made.vehicle, made.order, made.add_on) == (order.vehicle, order, add_on)
    assert (made.name, made.quoted_amount) == ("前刹车片、更换前刹车片、检测", Decimal("476.00"))
    assert (made.follow_up_on - NOON.date()).days == 3
    assert answers == [(add_on.pk, order.pk)]


def test_a_declined_add_on_is_kept_as_a_suggestion_later_but_once(people, order):
    add_on = decline(people, propose(people, order), is_suggested=False)
    assert not Suggestion.objects.exists()

    actions.suggest_declined(add_on=add_on, by=people.advisor, at=NOON)
    with pytest.raises(Refusal) as refused:
        actions.suggest_declined(add_on=add_on, by=people.advisor, at=NOON)

    assert refused.value.code == "suggested_already"
    assert Suggestion.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"answered_by": "  "}, "answerer_missing"),
        ({"way": ""}, "way_missing"),
        ({"answered_at": NOON + timedelta(minutes=1)}, "answer_future"),
        ({"answered_at": TEN - timedelta(minutes=1)}, "answer_early"),
    ],
)
@pytest.mark.parametrize("answer", [agree, decline])
def test_an_answer_says_by_whom_how_and_when_it_can_have_been(people, order, answer, wrong, code):
    add_on = propose(people, order)

    with pytest.raises(Refusal) as refused:
        answer(people, add_on, **wrong)

    add_on.refresh_from_db()
    assert (refused.value.code, add_on.state, order.lines.count()) == (code, AddOnState.PROPOSED, 1)


def test_an_answer_in_the_minute_of_the_proposal_counts(people, order):
    add_on = propose(people, order, at=TEN + timedelta(seconds=40))

    assert agree(people, add_on, answered_at=TEN).answered_at == TEN


@pytest.mark.parametrize("second", [agree, decline])
def test_who_answers_second_reads_what_was_answered_first(people, order, second):
    add_on = decline(people, propose(people, order))

    with pytest.raises(Refusal) as refused:
        second(people, add_on)

    assert refused.value.code == "add_on_answered"
    assert "王女士" in str(refused.value)


@pytest.mark.django_db(transaction=True)
def test_two_people_recording_two_answers_at_once_leave_one(people):
    order = RepairOrderFactory(advisor=people.advisor, state=OrderState.IN_PROGRESS)
    add_on = propose(people, order)

    given = at_once(*[lambda: agree(people, add_on)] * 3, *[lambda: decline(people, add_on, by=people.frontdesk)] * 3)

    add_on.refresh_from_db()
    assert sorted(getattr(one, "code", "kept") for one in given) == ["add_on_answered"] * 5 + ["kept"]
    assert (order.lines.count(), Suggestion.objects.count()) == (
        (3, 0) if add_on.state == AddOnState.AGREED else (1, 1)
    )


@pytest.mark.django_db(transaction=True)
def test_findings_reported_at_once_get_a_number_each(people):
    order = RepairOrderFactory(advisor=people.advisor, state=OrderState.IN_PROGRESS)

    at_once(*[lambda: propose(people, order, lines=[])] * 6)

    assert list(AddOn.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_a_finding_without_prices_is_priced_before_the_customer_agrees(people, order):
    add_on = propose(people, order, lines=[], by=people.technician)

    with pytest.raises(Refusal) as refused:
        agree(people, add_on)
    priced = actions.change_add_on(add_on=add_on, lines=[PADS], by=people.advisor, at=TEN)

    assert refused.value.code == "add_on_unpriced"
    assert agree(people, priced).order.lines.count() == 2


def test_a_change_based_on_an_old_page_is_refused_and_nothing_is_overwritten(people, order):
    add_on = propose(people, order)
    actions.change_add_on(add_on=add_on, reason="前后刹车片都磨损", by=people.frontdesk, at=TEN, expected_version=1)

    with pytest.raises(Stale) as refused:
        actions.change_add_on(add_on=add_on, lines=[WORK], by=people.advisor, at=TEN, expected_version=1)

    add_on.refresh_from_db()
    assert (add_on.lines.count(), add_on.version) == (2, 2)
    assert people.frontdesk.name in str(refused.value)


def test_a_change_that_changes_nothing_leaves_the_version_alone(people, order):
    add_on = propose(people, order)

    actions.change_add_on(add_on=add_on, lines=[PADS, WORK], reason=add_on.reason, by=people.advisor, at=TEN)

    add_on.refresh_from_db()
    assert (add_on.version, entries_about(add_on).count()) == (1, 1)


def test_a_deep_discount_is_approved_once_and_holds_on_the_order(people, order):
    cheap = LineDraft(LineKind.PART, "前刹车片", Decimal(1), Decimal("380.00"), discount_rate=Decimal("0.25"))
    with pytest.raises(Refusal) as refused:
        propose(people, order, lines=[cheap])
    add_on = propose(people, order, lines=[cheap], by=people.frontdesk)
    actions.change_add_on(add_on=add_on, lines=[cheap, WORK], by=people.advisor, at=TEN)

    agree(people, add_on)

    assert refused.value.code == "discount_needs_approval"
    assert order.lines.get(name="前刹车片").discount_approved_by == people.frontdesk


@pytest.mark.parametrize(
    "change",
    [{"unit_price": Decimal(500)}, {"quantity": Decimal(2)}, {"discount_rate": Decimal("0.26")}, "the same once more"],
    ids=str,
)
def test_what_a_proposal_asks_beyond_the_approved_discount_is_approved_anew(people, order, change):
    cheap = LineDraft(LineKind.PART, "前刹车片", Decimal(1), Decimal("380.00"), discount_rate=Decimal("0.25"))
    add_on = propose(people, order, lines=[cheap], by=people.frontdesk)
    more = [cheap, cheap] if isinstance(change, str) else [replace(cheap, **change)]

    with pytest.raises(Refusal) as refused:
        actions.change_add_on(add_on=add_on, lines=more, by=people.advisor, at=TEN)

    assert refused.value.code == "discount_needs_approval"


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (OrderState.DRAFT, "not_in_shop"),
        (OrderState.SETTLED, "order_settled"),
        (OrderState.DELIVERED, "order_settled"),
        (OrderState.CANCELLED, "order_cancelled"),
    ],
)
def test_an_add_on_is_proposed_for_a_car_in_the_shop(people, state, code):
    with pytest.raises(Refusal) as refused:
        propose(people, RepairOrderFactory(advisor=people.advisor, state=state))

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("wrong", "code"), [({"reason": " "}, "reason_missing"), ({"wanted_promise_at": TEN}, "promise_past")]
)
def test_a_proposal_says_what_was_found_and_a_time_ahead(people, order, wrong, code):
    with pytest.raises(Refusal) as refused:
        propose(people, order, **wrong)

    assert refused.value.code == code


def test_a_withdrawn_proposal_keeps_its_reason_and_can_not_be_answered(people, order):
    add_on = propose(people, order)
    with pytest.raises(Refusal) as nameless:
        actions.withdraw_add_on(add_on=add_on, reason=" ", by=people.advisor, at=NOON)
    actions.withdraw_add_on(add_on=add_on, reason="看错了", by=people.advisor, at=NOON)

    with pytest.raises(Refusal) as late:
        agree(people, add_on)

    add_on.refresh_from_db()
    assert (add_on.state, add_on.answer_note) == (AddOnState.WITHDRAWN, "看错了")
    assert (nameless.value.code, late.value.code) == ("reason_missing", "add_on_withdrawn")


def test_an_order_is_neither_passed_nor_settled_while_the_customer_has_not_answered(people):
    inspected = RepairOrderFactory(advisor=people.advisor, state=OrderState.INSPECTION)
    ready = RepairOrderFactory(advisor=people.advisor, state=OrderState.READY)
    for order in (inspected, ready):
        AddOnFactory(order=order)

    with pytest.raises(Refusal) as passing:
        actions.mark_ready(order=inspected, by=people.inspector, at=NOON)
    with pytest.raises(Refusal) as settling:
        actions.settle(order=ready, by=people.cashier, at=NOON)

    assert {passing.value.code, settling.value.code} == {"add_on_unanswered"}
    assert "前刹车片磨损到极限" in str(passing.value)
    assert "前刹车片磨损到极限" in str(settling.value)


def test_a_ready_car_goes_back_to_work_for_agreed_labour_only(people):
    sold, worked = (RepairOrderFactory(advisor=people.advisor, state=OrderState.READY) for _ in range(2))

    agree(people, propose(people, sold, lines=[PADS]))
    agree(people, propose(people, worked, lines=[WORK]))

    for order in (sold, worked):
        order.refresh_from_db()
    assert (sold.state, worked.state) == (OrderState.READY, OrderState.IN_PROGRESS)


def test_a_cancelled_order_asks_its_customer_nothing_any_more(people):
    order = RepairOrderFactory(advisor=people.advisor, state=OrderState.OPEN)
    add_on = propose(people, order)

    actions.cancel_order(order=order, reason="客户改期", by=people.advisor, at=NOON)

    add_on.refresh_from_db()
    assert add_on.state == AddOnState.WITHDRAWN


def test_the_advisor_is_told_of_a_finding_of_the_workshop_and_not_of_the_own_one(people, order):
    propose(people, order)
    assert not Notice.objects.exists()

    propose(people, order, by=people.technician)

    told = Notice.objects.get()
    assert told.recipient == people.advisor
    assert order.vehicle.plate in told.text


def test_a_line_keeps_its_add_on_when_the_lines_are_saved_again(people, order):
    add_on = agree(people, propose(people, order))
    OrderLineFactory(order=order, number=9)

    drafts = [LineDraft.of(line) for line in order.lines.all()]
    actions.save_lines(order=order, lines=[*drafts[:2], *drafts[3:]], by=people.advisor, at=NOON)

    assert list(order.lines.values_list("number", "add_on")) == [(1, None), (2, add_on.pk), (9, None)]
    assert SuggestionState.OPEN not in Suggestion.objects.values_list("state", flat=True)
