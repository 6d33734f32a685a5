"""Receivables: kept by the database whatever writes settlements and receipts, listed, aged, summed."""

from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest
from django.db import connection, transaction
from django.db.models import Sum

from reception import actions
from reception.choices import PAYING, OrderState, Payer, PaymentMethod
from reception.models import Receipt, Receivable, RepairOrder, Settlement, SettlementAmount
from tests.factories.organization import StoreFactory
from tests.factories.reception import MORNING, ReceiptFactory, RepairOrderFactory, SettlementFactory
from tests.reception.test_concurrency import at_once

pytestmark = pytest.mark.django_db

NOON = MORNING + timedelta(hours=3)


def kept() -> dict:
    """What the triggers have kept: (order, payer) → (store, settled, received, open, since when)."""
    return {
        (row.order_id, row.payer): (
            row.store_id, row.settled_amount, row.received_amount, row.open_amount, row.due_since
        )
        for row in Receivable.objects.all()
    }  # fmt: skip


def counted() -> dict:
    """The same added up here from the rows themselves."""
    found = {}
    for order in RepairOrder.objects.all():
        live = order.settlements.live().first()
        for payer in PAYING:
            owed = live.amounts.filter(payer=payer).first() if live else None
            receipts = order.receipts.filter(payer=payer)
            if not (owed or receipts.exists()):
                continue
            settled = owed.amount if owed else Decimal("0.00")
            received = receipts.aggregate(sum=Sum("amount"))["sum"] or Decimal("0.00")
            since = live.settled_at if live else receipts.latest("entered_at").entered_at
            found[order.pk, payer] = (order.store_id, settled, received, settled - received, since)
    return found


# ── Kept by the database ─────────────────────────────────────────────────────────────────────────────────────────────
class History:
    """Random things people, imports and repairs in the database do to the money of a few orders."""

    def __init__(self, seed: int):
        self.random = Random(seed)
        self.orders = [RepairOrderFactory(state=OrderState.READY, lines=0) for _ in range(4)]
        self.at = MORNING

    def step(self) -> None:
        self.at += timedelta(minutes=self.random.randint(1, 600))
        deeds = [self.settle, self.reverse, self.receive, self.receive, self.receive_many, self.change_receipts,
                 self.change_amounts, self.forget, self.settle_later, self.to_another_store, self.note]  # fmt: skip
        self.random.choice(deeds)()

    def _amount(self) -> Decimal:
        return Decimal(self.random.randint(-50_000, 200_000) or 1) / 100

    def _receipt(self, order=None) -> Receipt:
        made = ReceiptFactory.build(
            order=order or self.random.choice(self.orders), payer=self.random.choice(PAYING), amount=self._amount(),
            entered_at=self.at,
        )  # fmt: skip
        return made

    def settle(self):
        order = self.random.choice(self.orders)
        if not order.settlements.live().exists():
            made = SettlementFactory(order=order, settled_at=self.at)
            SettlementAmount.objects.bulk_create(
                SettlementAmount(settlement=made, payer=payer, amount=abs(self._amount()))
                for payer in self.random.sample(list(Payer), self.random.randint(1, 5))
            )

    def reverse(self):
        live = Settlement.objects.live().filter(order=self.random.choice(self.orders)).first()
        if live:
            live.reversed_at, live.reversal_reason = self.at, "付费方选错"
            live.reversal_approved_by = live.order.advisor
            live.save()

    def receive(self):
        self._receipt().save()

    def receive_many(self):
        Receipt.objects.bulk_create(self._receipt() for _ in range(self.random.randint(1, 8)))

    def change_receipts(self):
        some = Receipt.objects.order_by("?")[:3]
        for receipt in some:
            receipt.payer, receipt.amount = self.random.choice(PAYING), self._amount()
            receipt.order = self.random.choice(self.orders)
        Receipt.objects.bulk_update(some, ["payer", "amount", "order"])

    def change_amounts(self):
        SettlementAmount.objects.filter(payer=self.random.choice(PAYING)).update(amount=abs(self._amount()))

    def settle_later(self):
        Settlement.objects.live().filter(order=self.random.choice(self.orders)).update(settled_at=self.at)

    def forget(self):
        Receipt.objects.filter(order=self.random.choice(self.orders), payer=self.random.choice(PAYING)).delete()
        if self.random.random() < 0.3:
            Settlement.objects.filter(order=self.random.choice(self.orders)).delete()

    def to_another_store(self):
        RepairOrder.objects.filter(pk=self.random.choice(self.orders).pk).update(store=StoreFactory())

    def note(self):
        Settlement.objects.update(lines=[])
        Receipt.objects.update(note="对账")


@pytest.mark.parametrize("seed", range(12))
def test_after_any_history_the_receivables_are_what_the_rows_add_up_to(seed):
    history = History(seed)
    for _ in range(25):
        history.step()
        assert kept() == counted()


def test_inside_and_free_work_is_nobodys_debt():
    RepairOrderFactory(
        state=OrderState.SETTLED, lines=[{"payer": Payer.INTERNAL}, {"payer": Payer.FREE}, {"payer": Payer.INSURANCE}]
    )

    assert [row.payer for row in Receivable.objects.all()] == [Payer.INSURANCE]


def test_rows_copied_in_are_counted_once_for_each_order(people):
    from dealer_crm.seeding.bulk import Ids, copy_in

    orders = [RepairOrderFactory(advisor=people.advisor, state=OrderState.SETTLED, paid=n % 2) for n in range(20)]
    next_id = Ids(Receipt)
    copy_in([
        Receipt(id=next_id(), number=f"K{n}", order=order, payer=Payer.CUSTOMER, amount=Decimal(10),
                received_on=MORNING.date(), entered_at=NOON)
        for n, order in enumerate(orders)
    ])  # fmt: skip

    assert kept() == counted()
    assert Receivable.objects.unpaid().count() == Receivable.objects.overpaid().count() == 10


def test_a_statement_that_is_rolled_back_leaves_no_trace(people):
    order = RepairOrderFactory(advisor=people.advisor, state=OrderState.SETTLED)
    before = kept()

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        ReceiptFactory(order=order)
        assert kept() != before
        raise ZeroDivisionError

    assert kept() == before


def test_the_backfill_finds_what_was_written_without_triggers(people):
    from importlib import import_module

    backfill = import_module("reception.migrations.0006_receivables_by_triggers").BACKFILL
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE reception_receipt DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE reception_settlementamount DISABLE TRIGGER USER")
        order = RepairOrderFactory(advisor=people.advisor, state=OrderState.SETTLED)
        ReceiptFactory(order=order, amount=Decimal(80))
        assert kept() == {}
        cursor.execute(backfill)

    assert kept() == counted() != {}


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_moment_never_miss_each_other(people):
    """Past the actions and their lock on the order: the trigger alone must order them."""
    orders = [RepairOrderFactory(advisor=people.advisor, state=OrderState.SETTLED) for _ in range(3)]

    def writer(n):
        def write():
            with transaction.atomic():
                ReceiptFactory(order=orders[n % 3], amount=Decimal(n + 1))
                Receipt.objects.bulk_create(ReceiptFactory.build_batch(3, order=orders[n % 3], amount=Decimal("0.01")))

        return write

    at_once(*map(writer, range(12)))

    assert Receipt.objects.count() == 48
    assert kept() == counted()


@pytest.mark.django_db(transaction=True)
def test_a_receipt_and_a_reversal_at_the_same_moment_leave_the_sums_right(people):
    order = RepairOrderFactory(advisor=people.advisor, state=OrderState.SETTLED)  # 180.00 due
    settlement = order.settlements.get()
    actions.request_reversal(settlement=settlement, reason="付费方选错", by=people.cashier, at=NOON)

    at_once(
        lambda: actions.enter_receipt(
            order=order,
            payer=Payer.CUSTOMER,
            amount=Decimal(180),
            method=PaymentMethod.CASH,
            by=people.cashier,
            at=NOON,
        ),
        lambda: actions.reverse_settlement(settlement=settlement, by=people.manager, at=NOON),
    )

    assert kept() == counted()
