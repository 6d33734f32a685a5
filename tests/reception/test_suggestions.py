"""Repair suggestions: made, asked about again, taken up, declined, and never lost."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from callback.actions import generate_callbacks
from callback.choices import RuleCode, TaskState
from callback.models import CallTask
from dealer_crm.organization.models import StoreFigure
from dealer_crm.values import Refusal
from reception import actions, queries
from reception.choices import LineKind, OrderState, SuggestionState, Urgency
from reception.models import Suggestion
from tests.factories import cast
from tests.factories.callback import TEN
from tests.factories.reception import (
    MORNING,
    AddOnFactory,
    RepairOrderFactory,
    SuggestionFactory,
    VehicleFactory,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 10, 12)


@pytest.fixture
def car(people):
    return VehicleFactory(store=people.store)


@pytest.fixture
def order(people, car):
    return RepairOrderFactory(advisor=people.advisor, vehicle=car, state=OrderState.IN_PROGRESS)


def suggest(people, **values):
    return actions.suggest(
        **{
            "name": "更换蓄电池", "reason": "电压偏低", "urgency": Urgency.SOON, "by": people.advisor, "at": MORNING,
            **values,
        }
    )  # fmt: skip


@pytest.mark.parametrize(("urgency", "days"), [(Urgency.SAFETY, 3), (Urgency.SOON, 30), (Urgency.WATCH, 90)])
def test_the_follow_up_day_follows_from_the_urgency(people, order, urgency, days):
    made = suggest(people, vehicle=order.vehicle, order=order, urgency=urgency)

    assert made.follow_up_on == TODAY + timedelta(days=days)


def test_a_manager_changes_the_days_by_a_figure(people, order):
    StoreFigure.objects.create(
        store=people.store, code="reception.follow_up_days_soon", value="14", starts_on=TODAY, changed_at=MORNING
    )

    assert suggest(people, vehicle=order.vehicle, order=order).follow_up_on == TODAY + timedelta(days=14)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"name": " "}, "name_missing"),
        ({"reason": ""}, "reason_missing"),
        ({"urgency": "now"}, "urgency_missing"),
        ({"quoted_amount": Decimal(-1)}, "price_negative"),
        ({"follow_up_on": TODAY - timedelta(days=1)}, "follow_up_past"),
    ],
)
def test_a_suggestion_that_can_not_be_right_is_refused(people, car, wrong, code):
    with pytest.raises(Refusal) as refused:
        suggest(people, vehicle=car, **wrong)

    assert refused.value.code == code
    assert not Suggestion.objects.exists()


def test_a_suggestion_taken_up_becomes_a_line_at_the_quoted_price_and_is_done(people, order):
    made = SuggestionFactory(vehicle=order.vehicle)

    done = actions.take_up_suggestion(suggestion=made, order=order, by=people.advisor, at=MORNING)

    line = order.lines.last()
    assert (line.kind, line.name, line.payable_amount) == (LineKind.LABOUR, "更换蓄电池", Decimal("680.00"))
    assert (done.state, done.done_in, done.ended_by) == (SuggestionState.DONE, order, people.advisor)


def test_what_was_declined_as_an_add_on_comes_back_with_its_own_lines(people, order):
    add_on = AddOnFactory(order=RepairOrderFactory(advisor=people.advisor, vehicle=order.vehicle), lines=2)
    actions.decline_add_on(add_on=add_on, answered_by="王女士", way="phone", by=people.advisor, at=TEN)

    actions.take_up_suggestion(suggestion=Suggestion.objects.get(), order=order, by=people.advisor, at=TEN)

    assert list(order.lines.values_list("name", "payable_amount", "add_on"))[1:] == [
        ("更换前刹车片", Decimal("180.00"), None),
        ("更换前刹车片1", Decimal("180.00"), None),
    ]


def test_a_suggestion_is_of_one_car(people, order):
    other = SuggestionFactory(vehicle__store=people.store)

    for deed in (actions.take_up_suggestion, actions.finish_suggestion):
        with pytest.raises(Refusal) as refused:
            deed(suggestion=other, order=order, by=people.advisor, at=MORNING)
        assert refused.value.code == "order_wrong"
    assert order.lines.count() == 1


def test_what_is_ended_is_not_ended_again_until_it_is_opened(people, order):
    made = SuggestionFactory(vehicle=order.vehicle)
    actions.finish_suggestion(suggestion=made, order=order, by=people.advisor, at=MORNING)

    with pytest.raises(Refusal) as done:
        actions.decline_suggestion(suggestion=made, reason="太贵", by=people.advisor, at=MORNING)
    actions.reopen_suggestion(suggestion=made, by=people.advisor, at=MORNING)
    actions.decline_suggestion(suggestion=made, reason="太贵", by=people.advisor, at=MORNING)
    with pytest.raises(Refusal) as declined:
        actions.take_up_suggestion(suggestion=made, order=order, by=people.advisor, at=MORNING)

    assert (done.value.code, declined.value.code) == ("suggestion_done", "suggestion_declined")
    assert order.number in str(done.value)


def test_a_cancelled_order_leaves_what_it_took_up_open(people, car):
    order = RepairOrderFactory(advisor=people.advisor, vehicle=car, state=OrderState.OPEN)
    made = SuggestionFactory(vehicle=car)
    actions.take_up_suggestion(suggestion=made, order=order, by=people.advisor, at=MORNING)

    actions.cancel_order(order=order, reason="客户改期", by=people.advisor, at=MORNING)

    made.refresh_from_db()
    assert (made.state, made.done_in, made.ended_at) == (SuggestionState.OPEN, None, None)


def test_the_gate_asks_for_open_suggestions_of_the_own_store_most_urgent_first(people, car):
    others = cast.of_second_store()
    soon = SuggestionFactory(vehicle=car)
    urgent = SuggestionFactory(vehicle=car, urgency=Urgency.SAFETY)
    SuggestionFactory(vehicle=car, state=SuggestionState.DECLINED, ended_at=MORNING)
    SuggestionFactory(vehicle=car, store=others.store)

    assert list(queries.open_suggestions(car, people.advisor)) == [urgent, soon]


# ── Reminder calls ───────────────────────────────────────────────────────────────────────────────────────────────────
def remind(at=TEN):
    generate_callbacks(at=at, codes=[RuleCode.SUGGESTION])
    return list(CallTask.objects.order_by("pk").values_list("state", flat=True))


def test_an_open_suggestion_is_called_about_on_its_follow_up_day_once(people, car):
    made = SuggestionFactory(vehicle=car, follow_up_on=TEN.date())
    assert remind(at=TEN - timedelta(days=1)) == []

    assert remind() == remind(at=TEN + timedelta(hours=1)) == [TaskState.OPEN]

    task = CallTask.objects.get()
    assert (task.customer, task.vehicle, task.source_key) == (car.owner, car, f"suggestion:{made.pk}:{TEN.date()}")
    assert task.opens_at.date() == TEN.date()


def test_a_done_or_declined_suggestion_is_not_called_about(people, car):
    done, declined = (SuggestionFactory(vehicle=car, follow_up_on=TEN.date()) for _ in range(2))
    assert remind() == [TaskState.OPEN] * 2

    order = RepairOrderFactory(advisor=people.advisor, vehicle=car, state=OrderState.DELIVERED)
    actions.finish_suggestion(suggestion=done, order=order, by=people.advisor, at=TEN)
    actions.decline_suggestion(suggestion=declined, reason="不做", by=people.advisor, at=TEN)

    assert remind(at=TEN + timedelta(hours=1)) == [TaskState.DROPPED] * 2


def test_a_suggestion_put_off_is_called_about_on_the_new_day(people, car):
    made = SuggestionFactory(vehicle=car, follow_up_on=TEN.date())
    remind()
    later = TEN + timedelta(days=7)
    actions.change_suggestion(
        suggestion=made, name=made.name, reason=made.reason, urgency=made.urgency, quoted_amount=None,
        follow_up_on=later.date(), by=people.advisor, at=TEN,
    )  # fmt: skip

    assert remind(at=TEN + timedelta(hours=1)) == [TaskState.DROPPED]
    assert remind(at=later) == [TaskState.DROPPED, TaskState.OPEN]


def test_while_the_car_stands_in_the_shop_its_advisor_asks(people, order):
    SuggestionFactory(vehicle=order.vehicle, follow_up_on=TEN.date())

    assert remind() == []
