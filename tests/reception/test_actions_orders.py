"""Taking cars in, promising, changing, cancelling: what is done and what is refused, with which sentence."""

from datetime import timedelta
from decimal import Decimal

import pytest

from dealer_crm.journal.queries import entries_about
from dealer_crm.values import Refusal, Stale
from reception import actions, events
from reception.actions import LineDraft
from reception.choices import MOVES, LineKind, Move, OrderKind, OrderState, WaitReason
from reception.models import Promise, RepairOrder
from tests.factories import cast
from tests.factories.reception import MORNING, CustomerFactory, RepairOrderFactory, VehicleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def car(people):
    return VehicleFactory(store=people.store, plate="京A12345", mileage=20_000)


@pytest.fixture
def heard():
    """What the reception announced, as (event, arguments)."""
    seen, receivers = [], []
    for name in ("repair_order_opened", "repair_order_delivered", "repair_order_cancelled", "promise_moved"):

        def listen(sender, signal, name=name, **told):
            seen.append((name, told))

        getattr(events, name).connect(listen)
        receivers.append((getattr(events, name), listen))
    yield seen
    for signal, listen in receivers:
        signal.disconnect(listen)


def intake(people, car, **values):
    return actions.open_order(
        **{
            "by": people.advisor, "at": MORNING, "store": people.store, "vehicle": car, "kind": OrderKind.MAINTENANCE,
            "advisor": people.advisor, "promised_at": MORNING + timedelta(hours=3), "mileage": 25_000, **values,
        }
    )  # fmt: skip


def test_taking_a_car_in_opens_an_order_with_its_first_promise(people, car, heard):
    order = intake(people, car, symptoms=" 刹车异响 ")

    assert (order.number, order.state, order.customer) == ("BJ01-261012-0001", OrderState.OPEN, car.owner)
    assert order.symptoms == "刹车异响"
    assert list(order.promises.values_list("promised_at", "made_by", "confirmed_by")) == [
        (MORNING + timedelta(hours=3), people.advisor.pk, car.owner.name)
    ]
    car.refresh_from_db()
    assert (car.mileage, car.last_visit_at) == (25_000, MORNING)
    assert heard == [("repair_order_opened", {"order_id": order.pk, "at": MORNING})]
    assert [entry.verb for entry in entries_about(order)] == ["repair_order.opened"]


def test_numbers_follow_each_other_within_a_day_of_the_store(people, car):
    intake(people, car)
    second = intake(people, car, confirmed=True)
    next_day = intake(
        people, car, confirmed=True, at=MORNING + timedelta(days=1), promised_at=MORNING + timedelta(days=2)
    )

    assert (second.number, next_day.number) == ("BJ01-261012-0002", "BJ01-261013-0001")


def test_a_number_that_came_in_by_workbook_is_stepped_over(people, car):
    RepairOrderFactory(advisor=people.advisor, number="BJ01-261012-0001")

    assert intake(people, car).number == "BJ01-261012-0002"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"promised_at": MORNING - timedelta(minutes=1)}, "promise_before_arrival"),
        ({"promised_at": None}, "promise_missing"),
        ({"mileage": 19_999}, "mileage_falls"),
        ({"greeted_at": MORNING - timedelta(minutes=1)}, "greeted_early"),
        ({"kind": OrderKind.COMEBACK}, "original_missing"),
        ({"advisor": None}, "advisor_missing"),
    ],
)
def test_an_intake_that_can_not_be_right_is_refused_and_leaves_nothing_behind(people, car, wrong, code):
    with pytest.raises(Refusal) as refused:
        intake(people, car, **wrong)

    assert refused.value.code == code
    assert not RepairOrder.objects.exists()


@pytest.mark.parametrize(
    ("mileage", "reason", "answer"),
    [
        (25_400, "", "entered"),
        (24_900, "", "mileage_falls"),
        (26_100, "", "mileage_overtakes"),
        (26_100, "仪表读错", "entered"),
        (None, "", "entered"),
    ],
)
def test_a_visit_entered_after_a_later_one_takes_nothing_back(people, car, mileage, reason, answer):
    day = timedelta(days=1)
    intake(people, car, mileage=25_000)
    intake(people, car, mileage=26_000, at=MORNING + 2 * day, promised_at=MORNING + 3 * day, confirmed=True)
    late = {"at": MORNING + 2 * day, "arrived_at": MORNING + day, "promised_at": MORNING + 3 * day, "confirmed": True}

    if answer == "entered":
        order = intake(people, car, mileage=mileage, mileage_reason=reason, **late)
        assert (order.arrived_at, order.mileage) == (MORNING + day, mileage)
    else:
        with pytest.raises(Refusal) as refused:
            intake(people, car, mileage=mileage, mileage_reason=reason, **late)
        assert refused.value.code == answer

    car.refresh_from_db()
    assert (car.mileage, car.last_visit_at) == (26_000, MORNING + 2 * day)
    seen = [one.km for one in car.readings.order_by("read_at")]
    assert seen == [25_000, *([mileage] if answer == "entered" and mileage else []), 26_000]


def test_mileage_may_fall_with_a_reason_that_is_kept(people, car):
    order = intake(people, car, mileage=15, mileage_reason="更换仪表总成")

    car.refresh_from_db()
    assert car.mileage == 15
    assert entries_about(order).get().note == "更换仪表总成"


def test_a_car_with_an_open_order_is_taken_in_again_only_when_confirmed(people, car):
    first = intake(people, car)

    with pytest.raises(Refusal) as refused:
        intake(people, car)

    assert refused.value.code == "open_order_exists"
    assert first.number in str(refused.value)
    assert intake(people, car, confirmed=True).pk != first.pk


def test_a_comeback_names_an_order_of_the_same_car(people, car):
    original = RepairOrderFactory(advisor=people.advisor, vehicle=car, state=OrderState.DELIVERED)
    of_another_car = RepairOrderFactory(advisor=people.advisor, state=OrderState.DELIVERED)

    with pytest.raises(Refusal) as refused:
        intake(people, car, kind=OrderKind.COMEBACK, original=of_another_car)
    order = intake(people, car, kind=OrderKind.COMEBACK, original=original)

    assert refused.value.code == "original_wrong"
    assert order.original == original


def test_the_advisor_of_an_order_is_an_advisor_of_the_store(people, car):
    others = cast.of_second_store()

    with pytest.raises(Refusal) as foreign:
        intake(people, car, advisor=others.advisor)
    with pytest.raises(Refusal) as no_advisor:
        intake(people, car, advisor=people.technician)

    assert (foreign.value.code, no_advisor.value.code) == ("other_store", "no_advisor")


def test_a_draft_is_checked_in_when_the_car_arrives(people, car, heard):
    draft = intake(people, car, is_draft=True, promised_at=None)
    arrived = MORNING + timedelta(hours=1)

    order = actions.check_in(
        order=draft, promised_at=arrived + timedelta(hours=2), mileage=26_000, by=people.advisor, at=arrived
    )

    assert (order.state, order.arrived_at, order.opened_at, order.mileage) == (
        OrderState.OPEN,
        arrived,
        arrived,
        26_000,
    )
    assert Promise.objects.get().promised_at == arrived + timedelta(hours=2)
    assert heard == [("repair_order_opened", {"order_id": order.pk, "at": arrived})]


def test_every_promise_is_kept_and_the_last_is_the_yardstick(people, heard):
    order = RepairOrderFactory(advisor=people.advisor)
    later = order.promised_at + timedelta(hours=2)

    actions.move_promise(
        order=order,
        promised_at=later,
        confirmed_by="车主 王伟",
        reason="增项:更换刹车片",
        by=people.advisor,
        at=MORNING,
    )

    order.refresh_from_db()
    assert order.promised_at == later
    assert [promise.reason for promise in order.promises.all()] == ["", "增项:更换刹车片"]
    assert heard == [("promise_moved", {"order_id": order.pk, "at": MORNING})]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"confirmed_by": " "}, "confirmation_missing"),
        ({"reason": ""}, "reason_missing"),
        ({"promised_at": MORNING - timedelta(hours=1)}, "promise_before_arrival"),
        ({"at": MORNING + timedelta(days=2)}, "promise_past"),
    ],
)
def test_a_promise_moves_only_with_consent_reason_and_a_time_ahead(people, wrong, code):
    order = RepairOrderFactory(advisor=people.advisor)
    values = {"promised_at": MORNING + timedelta(days=1), "confirmed_by": "车主", "reason": "等配件", "at": MORNING}

    with pytest.raises(Refusal) as refused:
        actions.move_promise(order=order, by=people.advisor, **{**values, **wrong})

    assert refused.value.code == code


def test_an_edit_based_on_an_old_page_is_refused_and_says_who_was_faster(people):
    order = RepairOrderFactory(advisor=people.advisor, symptoms="异响")
    actions.edit_order(order=order, by=people.frontdesk, at=MORNING, expected_version=1, symptoms="异响、抖动")

    with pytest.raises(Stale) as refused:
        actions.edit_order(order=order, by=people.advisor, at=MORNING, expected_version=1, symptoms="漏油")

    order.refresh_from_db()
    assert order.symptoms == "异响、抖动"
    assert people.frontdesk.name in str(refused.value)


def test_an_edit_that_changes_nothing_leaves_the_version_alone(people):
    order = RepairOrderFactory(advisor=people.advisor)

    actions.edit_order(order=order, by=people.advisor, at=MORNING, symptoms=order.symptoms)

    order.refresh_from_db()
    assert order.version == 1
    assert not entries_about(order).exists()


@pytest.mark.parametrize("state", OrderState)
def test_an_order_is_cancelled_only_before_work_is_done(people, state):
    order = RepairOrderFactory(advisor=people.advisor, state=state)

    if state in (OrderState.DRAFT, OrderState.OPEN, OrderState.DISPATCHED):
        cancelled = actions.cancel_order(order=order, reason="客户改期", by=people.advisor, at=MORNING)
        assert (cancelled.state, cancelled.cancel_reason) == (OrderState.CANCELLED, "客户改期")
    else:
        with pytest.raises(Refusal) as refused:
            actions.cancel_order(order=order, reason="客户改期", by=people.advisor, at=MORNING)
        assert refused.value.code == "not_cancel"
        order.refresh_from_db()
        assert order.state == state


def test_the_front_desk_gives_an_order_to_another_advisor(people):
    order = RepairOrderFactory(advisor=people.advisor)

    actions.reassign_order(order=order, advisor=people.second_advisor, by=people.frontdesk, at=MORNING)

    order.refresh_from_db()
    assert order.advisor == people.second_advisor


WORKSHOP_MOVES = {
    Move.DISPATCH: actions.mark_dispatched,
    Move.START: actions.mark_started,
    Move.WAIT: lambda **given: actions.mark_waiting(reason=WaitReason.PARTS, **given),
    Move.RESUME: actions.resume,
    Move.INSPECT: actions.send_to_inspection,
    Move.REWORK: lambda **given: actions.return_to_work(reason="机油渗漏", **given),
    Move.PASS: actions.mark_ready,
}


@pytest.mark.parametrize("state", OrderState)
@pytest.mark.parametrize("move", WORKSHOP_MOVES)
def test_an_order_moves_only_as_the_table_of_moves_says(people, state, move):
    order = RepairOrderFactory(advisor=people.advisor, state=state)
    allowed, to = MOVES[move]

    if state in allowed:
        WORKSHOP_MOVES[move](order=order, by=people.workshop, at=MORNING)
    else:
        with pytest.raises(Refusal) as refused:
            WORKSHOP_MOVES[move](order=order, by=people.workshop, at=MORNING)
        assert refused.value.code == f"not_{move.value}"

    order.refresh_from_db()
    assert order.state == (to if state in allowed else state)


def test_a_car_is_finished_at_the_moment_it_passes_and_no_longer_when_it_goes_back(people):
    order = RepairOrderFactory(advisor=people.advisor, state=OrderState.INSPECTION)

    ready = actions.mark_ready(order=order, by=people.inspector, at=MORNING)
    assert ready.completed_at == MORNING

    back = actions.return_to_work(order=order, reason="漏检", by=people.inspector, at=MORNING)
    assert back.completed_at is None


def test_only_an_accident_repair_has_an_assessment_and_the_own_share_is_part_of_it(people):
    accident = RepairOrderFactory(advisor=people.advisor, kind=OrderKind.ACCIDENT)
    service = RepairOrderFactory(advisor=people.advisor)
    given = {"by": people.advisor, "at": MORNING, "assessed_amount": Decimal(8000), "assessed_on": MORNING.date()}

    kept = actions.set_assessment(order=accident, own_share_amount=Decimal(500), **given)
    with pytest.raises(Refusal) as not_an_accident:
        actions.set_assessment(order=service, **given)
    with pytest.raises(Refusal) as too_much:
        actions.set_assessment(order=accident, own_share_amount=Decimal("8000.01"), **given)

    assert (kept.assessed_amount, kept.own_share_amount) == (Decimal("8000.00"), Decimal("500.00"))
    assert (not_an_accident.value.code, too_much.value.code) == ("not_an_accident", "own_share_exceeds")


def test_a_company_car_is_brought_by_its_driver(people, car):
    driver = CustomerFactory(store=people.store, name="司机小刘")

    assert intake(people, car, customer=driver).customer == driver


def test_lines_given_at_intake_are_written_with_the_order(people, car):
    line = LineDraft(kind=LineKind.LABOUR, name="常规保养", quantity=Decimal("1.5"), unit_price=Decimal(120))

    order = intake(people, car, lines=[line])

    assert [(one.number, one.payable_amount) for one in order.lines.all()] == [(1, Decimal("180.00"))]
