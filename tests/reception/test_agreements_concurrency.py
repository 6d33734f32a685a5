"""Two desks at the same moment: the last time of an item, the last money of a balance, the last points."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection

from dealer_crm.values import Refusal
from reception import actions
from reception.actions import ItemDraft
from reception.choices import AgreementKind, LineKind, OrderState, Payer
from reception.models import CustomerClass, PointsEntry, Receipt
from reception.queries import due_by_payer, points_of, standings
from tests.factories.reception import MORNING, CustomerFactory, RepairOrderFactory, VehicleFactory

pytestmark = pytest.mark.django_db(transaction=True)

NOON = MORNING + timedelta(hours=3)
OIL_CHANGE = ItemDraft(LineKind.LABOUR, "更换机油机滤", "BY01", None, 1)


def at_once(*deeds):
    """Do all at the same moment, each on a connection of its own; what each gave or the refusal it met."""
    start = Barrier(len(deeds))

    def run(deed):
        start.wait()
        try:
            return deed()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


@pytest.fixture
def customer(people):
    return CustomerFactory(store=people.store)


@pytest.fixture
def agree(people, customer):
    def made(**given):
        agreement = actions.draft_agreement(
            customer=customer, store=people.store, kind=AgreementKind.FLEET, name="协议", starts_on=date(2026, 10, 1),
            ends_on=date(2027, 9, 30), by=people.advisor, at=MORNING, **given,
        )  # fmt: skip
        return actions.approve_agreement(agreement=agreement, by=people.manager, at=MORNING)

    return made


@pytest.fixture
def ready(people, customer):
    def made(**line):
        car = VehicleFactory(store=people.store, owner=customer)
        return RepairOrderFactory(advisor=people.advisor, vehicle=car, state=OrderState.READY, lines=[line])

    return made


def settling(people, order):
    return lambda: actions.settle(order=order, by=people.cashier, at=NOON)


def test_the_last_time_of_an_item_is_used_once(people, agree, ready):
    agreement = agree(items=[OIL_CHANGE])
    covered = {
        "code": "BY01", "discount_rate": 1, "price_basis": "agreement", "agreement_item": agreement.items.get(),
    }  # fmt: skip
    orders = [ready(**covered) for _ in range(4)]

    answers = at_once(*[settling(people, order) for order in orders])

    assert sorted(getattr(answer, "code", "settled") for answer in answers) == ["agreement_used_up"] * 3 + ["settled"]
    assert standings([agreement])[0].items[0].left == 0


def test_two_cashiers_never_draw_a_balance_below_zero(people, agree, ready):
    agreement = agree(prepaid_amount=Decimal(250))
    orders = [ready(quantity=1, unit_price=100) for _ in range(4)]

    at_once(*[settling(people, order) for order in orders])

    assert standings([agreement])[0].balance == 0
    assert sum(receipt.amount for receipt in Receipt.objects.all()) == Decimal(250)
    assert sum(due_by_payer(order)[Payer.CUSTOMER].open_amount for order in orders) == Decimal(150)


def test_a_reversal_and_a_settlement_at_once_leave_the_balance_right(people, agree, ready):
    agreement = agree(prepaid_amount=Decimal(100))
    first, second = ready(quantity=1, unit_price=100), ready(quantity=1, unit_price=100)
    settlement = actions.settle(order=first, by=people.cashier, at=NOON)
    actions.request_reversal(settlement=settlement, reason="错", by=people.cashier, at=NOON)

    at_once(
        lambda: actions.reverse_settlement(settlement=settlement, by=people.manager, at=NOON),
        settling(people, second),
    )

    drawn = sum(receipt.amount for receipt in Receipt.objects.all())
    assert drawn in (Decimal(0), Decimal(100))
    assert standings([agreement])[0].balance == 100 - drawn


def test_points_are_redeemed_once(people, customer):
    actions.correct_points(customer=customer, points=100, note="开户", by=people.manager, at=MORNING)

    def spend():
        return actions.spend_points(customer=customer, points=80, note="洗车", by=people.frontdesk, at=NOON)

    answers = at_once(spend, spend, spend)

    assert sorted(getattr(answer, "code", "spent") for answer in answers) == ["points_short"] * 2 + ["spent"]
    assert (points_of(customer), PointsEntry.objects.count()) == (20, 2)


def test_two_beats_compute_a_month_once(people, customer):
    RepairOrderFactory(
        vehicle=VehicleFactory(store=people.store, owner=customer), advisor=people.advisor, state=OrderState.DELIVERED,
        began_at=datetime(2026, 9, 10, 2, tzinfo=UTC),
    )  # fmt: skip

    def compute():
        return actions.compute_missing_classes(store=people.store, at=MORNING)

    answers = at_once(compute, compute, compute)

    assert sorted(map(len, answers)) == [0, 0, 1]
    assert CustomerClass.objects.count() == 1


def test_two_managers_approve_once(people, customer):
    draft = actions.draft_agreement(
        customer=customer, store=people.store, kind=AgreementKind.FLEET, name="协议", starts_on=date(2026, 10, 1),
        ends_on=date(2027, 9, 30), has_priority=True, by=people.advisor, at=MORNING,
    )  # fmt: skip

    answers = at_once(
        lambda: actions.approve_agreement(agreement=draft, by=people.manager, at=NOON),
        lambda: actions.approve_agreement(agreement=draft, by=people.director, at=NOON),
    )

    assert sorted(getattr(answer, "code", "approved") for answer in answers) == ["already_approved", "approved"]
