"""Value classes: each month once, from the orders of the store, made up for after an outage."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from dealer_crm.organization.models import StoreFigure
from dealer_crm.values import Period
from reception import actions
from reception.choices import LineKind, OrderState, Payer
from reception.models import CustomerClass, Settlement
from reception.queries import classes_of
from reception.settings import CLASS_SUMS
from reception.tasks import compute_classes
from tests.factories import cast
from tests.factories.reception import CustomerFactory, RepairOrderFactory, VehicleFactory

pytestmark = pytest.mark.django_db

FIRST = datetime(2026, 10, 1, 1, tzinfo=UTC)  # the first of October at nine in the store
SEPTEMBER = datetime(2026, 9, 10, 2, tzinfo=UTC)


@pytest.fixture
def visit(people):
    def visited(car, at, amount=1000, **values):
        return RepairOrderFactory(
            vehicle=car, advisor=people.advisor, began_at=at,
            lines=[{"kind": LineKind.PART, "quantity": Decimal(1), "unit_price": Decimal(amount)}],
            **{"state": OrderState.DELIVERED, **values},
        )  # fmt: skip

    return visited


@pytest.fixture
def car(people):
    return VehicleFactory(store=people.store, owner=CustomerFactory(store=people.store))


def facts(customer):
    row = CustomerClass.objects.get(customer=customer)
    return row.period, row.recency_days, row.visits, row.spent_amount, row.value_class


def compute(people, at=FIRST):
    return actions.compute_missing_classes(store=people.store, at=at)


def test_last_month_is_computed_on_the_first_and_shown_on_the_customer(people, car, visit):
    for days in (0, 100, 200, 300):
        visit(car, SEPTEMBER - timedelta(days=days), amount=1500)

    assert compute(people) == [Period(2026, 9)]

    assert facts(car.owner) == ("2026-09", 20, 4, Decimal("6000.00"), "A")
    car.owner.refresh_from_db()
    assert car.owner.value_class == "A"


def test_the_same_month_is_computed_once(people, car, visit):
    visit(car, SEPTEMBER)
    compute(people)
    visit(car, SEPTEMBER + timedelta(days=1))

    assert compute(people, FIRST + timedelta(days=3)) == []
    assert facts(car.owner)[2] == 1


def test_months_lost_to_an_outage_are_made_up_for_in_their_order(people, car, visit):
    visit(car, datetime(2026, 6, 20, 2, tzinfo=UTC))
    compute(people, datetime(2026, 7, 1, 1, tzinfo=UTC))

    assert compute(people) == [Period(2026, 7), Period(2026, 8), Period(2026, 9)]

    assert [(one.period, one.recency_days) for one in classes_of(car.owner)] == [
        ("2026-09", 102), ("2026-08", 72), ("2026-07", 41), ("2026-06", 10),
    ]  # fmt: skip


def test_what_comes_after_the_month_does_not_count(people, car, visit):
    visit(car, SEPTEMBER)
    visit(car, datetime(2026, 9, 30, 16, tzinfo=UTC))  # midnight in the store: October

    compute(people)

    assert facts(car.owner)[2:4] == (1, Decimal("1000.00"))


@pytest.mark.parametrize("values", [{"state": OrderState.CANCELLED}, {"state": OrderState.DRAFT}, {"kind": "pdi"}])
def test_what_is_no_visit_does_not_count(people, car, visit, values):
    visit(car, SEPTEMBER, **values)

    compute(people)

    assert not CustomerClass.objects.exists()


def test_visits_before_the_months_that_count_say_only_how_long_ago(people, car, visit):
    visit(car, datetime(2023, 9, 30, 2, tzinfo=UTC))

    compute(people)

    assert facts(car.owner)[1:] == (1096, 0, Decimal("0.00"), "D")


def test_money_of_others_and_of_reversed_settlements_does_not_count(people, car, visit):
    visit(car, SEPTEMBER)
    RepairOrderFactory(
        vehicle=car, advisor=people.advisor, began_at=SEPTEMBER, state=OrderState.DELIVERED,
        lines=[{"kind": LineKind.PART, "quantity": Decimal(1), "unit_price": Decimal(9000), "payer": Payer.WARRANTY}],
    )  # fmt: skip
    reversed_one = visit(car, SEPTEMBER, amount=5000)
    Settlement.objects.filter(order=reversed_one).update(
        reversed_at=SEPTEMBER + timedelta(days=1), reversal_reason="错", reversal_approved_by=people.manager
    )

    compute(people)

    assert facts(car.owner)[2:4] == (3, Decimal("1000.00"))


def test_a_settlement_reversed_after_the_month_still_counts_in_it(people, car, visit):
    order = visit(car, SEPTEMBER)
    Settlement.objects.filter(order=order).update(
        reversed_at=FIRST, reversal_reason="错", reversal_approved_by=people.manager
    )

    compute(people)

    assert facts(car.owner)[3] == Decimal("1000.00")


def test_the_thresholds_of_the_last_day_of_the_month_count(people, car, visit):
    visit(car, SEPTEMBER, amount=100)
    for code, day in ((CLASS_SUMS[1], "2026-09-30"), (CLASS_SUMS[0], "2026-10-01")):
        StoreFigure.objects.create(store=people.store, code=code.code, value=6, starts_on=day, changed_at=FIRST)

    compute(people)

    assert facts(car.owner)[4] == "B"  # 4 + 1 + 1 points; A needs 10 until the end of September


def test_a_visit_to_a_sister_store_makes_a_class_there_and_leaves_the_home_stores_word(people, car, visit):
    other = cast.of_second_store()
    RepairOrderFactory(vehicle=car, store=other.store, advisor=other.advisor, began_at=SEPTEMBER, state="delivered")

    compute(people)
    compute(other)

    assert list(CustomerClass.objects.values_list("store__code", flat=True)) == ["SH01"]
    car.owner.refresh_from_db()
    assert car.owner.value_class == ""


def test_the_beat_computes_every_store(people, car, visit):
    visit(car, datetime.now(UTC) - timedelta(days=60))

    compute_classes()
    compute_classes()

    assert CustomerClass.objects.count() == 1


def test_the_questions_asked_do_not_grow_with_the_customers(people, visit, django_assert_num_queries):
    def crowd(size):
        for _ in range(size):
            visit(VehicleFactory(store=people.store, owner=CustomerFactory(store=people.store)), SEPTEMBER)

    crowd(1)
    with django_assert_num_queries(10) as few:
        compute(people)
    CustomerClass.objects.all().delete()
    crowd(29)
    with django_assert_num_queries(len(few)):
        compute(people)
    assert CustomerClass.objects.count() == 30
