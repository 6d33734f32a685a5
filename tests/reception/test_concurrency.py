"""Several people at the same moment, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier
from time import monotonic

import pytest
from django.db import connection, transaction

from dealer_crm.values import Refusal
from reception import actions
from reception.actions.locking import locked_order
from reception.choices import CustomerLevel, OrderKind, OrderState, Payer, PaymentMethod
from reception.models import NumberSeries, PointsEntry, Receipt, RepairOrder, Settlement
from tests.factories.agreements import AgreementFactory, MembershipTermsFactory
from tests.factories.reception import MORNING, PartFactory, RepairOrderFactory, VehicleFactory

pytestmark = pytest.mark.django_db(transaction=True)


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


def test_eight_intakes_at_once_get_eight_numbers(people):
    cars = [VehicleFactory(store=people.store) for _ in range(8)]

    def intake(car):
        return lambda: actions.open_order(
            by=people.advisor, at=MORNING, store=people.store, vehicle=car, kind=OrderKind.REPAIR,
            advisor=people.advisor,
            promised_at=MORNING + timedelta(hours=3),
        )  # fmt: skip

    orders = at_once(*map(intake, cars))

    assert sorted(order.number for order in orders) == [f"BJ01-261012-{n:04d}" for n in range(1, 9)]
    assert NumberSeries.objects.get().last == 8


def test_one_car_taken_in_at_two_desks_opens_one_order(people):
    car = VehicleFactory(store=people.store)

    def intake():
        return actions.open_order(
            by=people.advisor, at=MORNING, store=people.store, vehicle=car, kind=OrderKind.REPAIR,
            advisor=people.advisor,
            promised_at=MORNING + timedelta(hours=3),
        )  # fmt: skip

    answers = at_once(intake, intake)

    assert RepairOrder.objects.count() == 1
    assert [answer.code for answer in answers if isinstance(answer, Refusal)] == ["open_order_exists"]


def test_two_cashiers_pressing_settle_make_one_settlement(people):
    order = RepairOrderFactory(advisor=people.advisor, state=OrderState.READY)
    press = lambda: actions.settle(order=order, by=people.cashier, at=MORNING)  # noqa: E731

    answers = at_once(*[press] * 6)

    assert Settlement.objects.count() == 1
    assert sorted(getattr(answer, "code", "settled") for answer in answers) == ["already_settled"] * 5 + ["settled"]


def test_two_who_enter_the_bill_of_outside_work_hear_of_each_other_and_no_cost_is_lost_to_who_writes_the_lines(people):
    order = RepairOrderFactory(advisor=people.advisor, lines=[{"kind": "sublet"}, {"kind": "part", "code": "PJ001"}])
    PartFactory(store=people.store, code="PJ001", costs={"2026-01-01": "31.37"})
    [bill, part] = order.lines.order_by("number")

    def enter(cost):
        return lambda: actions.set_line_costs(
            order=order, costs={1: Decimal(cost)}, seen={1: None}, by=people.finance, at=MORNING
        )

    answers = at_once(
        enter("400"), enter("410"),
        lambda: actions.complete_costs(store=people.store, by=people.workshop, at=MORNING),
        lambda: actions.share_line(line=part, shares=[(people.technician, Decimal(1))], by=people.advisor, at=MORNING),
    )  # fmt: skip
    assert [answer.code for answer in answers if isinstance(answer, Refusal)] == ["stale"]
    bill.refresh_from_db()
    part.refresh_from_db()
    assert (bill.unit_cost in (400, 410), part.unit_cost) == (True, Decimal("31.37"))


def test_two_receipts_at_once_never_exceed_what_is_due(people):
    order = RepairOrderFactory(advisor=people.advisor, state=OrderState.SETTLED)  # 180.00 due

    def pay():
        return actions.enter_receipt(
            order=order, payer=Payer.CUSTOMER, amount=Decimal(100), method=PaymentMethod.CASH,
            by=people.cashier, at=MORNING + timedelta(hours=5),
        )  # fmt: skip

    at_once(pay, pay)

    assert [receipt.amount for receipt in Receipt.objects.all()] == [Decimal("100.00")]


def test_settling_and_cancelling_never_both_happen(people):
    order = RepairOrderFactory(advisor=people.advisor, state=OrderState.READY)

    at_once(
        lambda: actions.settle(order=order, by=people.cashier, at=MORNING),
        lambda: actions.cancel_order(order=order, reason="误开", by=people.advisor, at=MORNING),
    )

    order.refresh_from_db()
    assert order.state == OrderState.SETTLED


def overtaken(first, second):
    """`first` holds its order; `second` comes and has to wait; only then `first` goes on. What both gave."""
    order, deed = first
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            locked_order(order)
            waiting = pool.submit(on_a_connection, second)
            until_somebody_waits()
            given = deed()
        return given, waiting.result()


def on_a_connection(deed):
    try:
        return deed()
    finally:
        connection.close()


def until_somebody_waits():
    begun = monotonic()
    with connection.cursor() as cursor:
        while monotonic() - begun < 5:
            cursor.execute("SELECT 1 FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")
            if cursor.fetchone():
                return


def test_settling_goes_on_while_its_customer_and_its_car_are_merged(people):
    """Whoever merges waits for the order, and not the order for who merges."""
    MembershipTermsFactory(store=people.store, level=CustomerLevel.ORDINARY)
    agreement = AgreementFactory(store=people.store, approver=people.manager, prepaid_amount=100)
    kept, double = VehicleFactory(store=people.store), agreement.customer
    car = VehicleFactory(store=people.store, owner=double)
    orders = [RepairOrderFactory(advisor=people.advisor, vehicle=car, state=OrderState.READY) for _ in range(2)]
    who = {"by": people.crc, "at": MORNING}
    merges = [
        lambda: actions.merge_customers(kept=kept.owner, double=double, **who),
        lambda: actions.merge_vehicles(kept=kept, double=car, **who),
    ]

    for order, merge in zip(orders, merges, strict=True):
        settle = lambda: actions.settle(order=order, by=people.cashier, at=MORNING)  # noqa: B023, E731
        overtaken((order, settle), merge)

    assert set(RepairOrder.objects.values_list("customer", "vehicle", "state")) == {
        (kept.owner_id, kept.pk, OrderState.SETTLED)
    }
    assert PointsEntry.objects.filter(customer=kept.owner).count() == 2
    agreement.refresh_from_db()
    assert (agreement.customer, agreement.uses.count()) == (kept.owner, 1)


def test_another_car_of_a_fleet_comes_in_while_its_agreement_is_drawn_on(people):
    agreement = AgreementFactory(store=people.store, approver=people.manager)
    first, second = (VehicleFactory(store=people.store, owner=agreement.customer) for _ in range(2))
    order = RepairOrderFactory(advisor=people.advisor, vehicle=first, state=OrderState.READY)

    def intake():
        return actions.open_order(
            by=people.advisor, at=MORNING, store=people.store, vehicle=second, kind=OrderKind.REPAIR,
            advisor=people.advisor, promised_at=MORNING + timedelta(hours=3),
        )  # fmt: skip

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        actions.settle(order=order, by=people.cashier, at=MORNING)
        opened = pool.submit(on_a_connection, intake).result(timeout=5)

    assert opened.agreement == agreement
