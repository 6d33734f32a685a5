"""Settlement, reversal, receipts, refunds, delivery."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from dealer_crm.journal.queries import entries_about
from dealer_crm.notices.models import Notice
from dealer_crm.values import Refusal
from reception import actions
from reception.choices import DelayCause, LineKind, OrderKind, OrderState, Payer, PaymentMethod
from reception.models import Receipt, Settlement
from reception.queries import due_by_payer, open_receivables
from tests.factories.reception import MORNING, RepairOrderFactory

pytestmark = pytest.mark.django_db

NOON, EVENING = MORNING + timedelta(hours=3), MORNING + timedelta(hours=9)
MIXED = [
    {"kind": LineKind.LABOUR, "quantity": Decimal(2), "unit_price": Decimal(150)},
    {"kind": LineKind.ACCESSORY, "quantity": Decimal(1), "unit_price": Decimal(680), "name": "行车记录仪"},
    {"kind": LineKind.PART, "quantity": Decimal(1), "unit_price": Decimal(920), "payer": Payer.WARRANTY},
    {"kind": LineKind.LABOUR, "quantity": Decimal(1), "unit_price": Decimal(60), "payer": Payer.FREE},
]


@pytest.fixture
def ready(people):
    return RepairOrderFactory(advisor=people.advisor, state=OrderState.READY, lines=MIXED)


@pytest.fixture
def settled(people, ready):
    actions.settle(order=ready, by=people.cashier, at=NOON)
    ready.refresh_from_db()
    return ready


def pay(people, order, amount, **values):
    given = {"payer": Payer.CUSTOMER, "method": PaymentMethod.WECHAT, "by": people.cashier, "at": NOON, **values}
    return actions.enter_receipt(order=order, amount=Decimal(amount), **given)


def reverse(people, settlement, at=NOON):
    actions.request_reversal(settlement=settlement, reason="付费方选错", by=people.cashier, at=at)
    return actions.reverse_settlement(settlement=settlement, by=people.manager, at=at)


# ── Settlement ───────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_settlement_freezes_lines_and_amounts_by_payer(people, ready):
    settlement = actions.settle(order=ready, by=people.cashier, at=NOON)

    assert settlement.number == "JSBJ01-261012-0001"
    assert {one.payer: (one.amount, one.accessory_amount) for one in settlement.amounts.all()} == {
        Payer.CUSTOMER: (Decimal("980.00"), Decimal("680.00")),
        Payer.WARRANTY: (Decimal("920.00"), Decimal("0.00")),
        Payer.FREE: (Decimal("60.00"), Decimal("0.00")),
    }
    assert [(line["name"], line["payable_amount"]) for line in settlement.lines] == [
        ("更换机油机滤", "300.00"), ("行车记录仪", "680.00"), ("更换机油机滤", "920.00"), ("更换机油机滤", "60.00"),
    ]  # fmt: skip
    ready.refresh_from_db()
    assert (ready.state, ready.settled_at) == (OrderState.SETTLED, NOON)


def test_the_second_press_is_told_that_the_order_is_settled(people, settled):
    with pytest.raises(Refusal) as refused:
        actions.settle(order=settled, by=people.cashier, at=NOON)

    assert refused.value.code == "already_settled"
    assert Settlement.objects.count() == 1


@pytest.mark.parametrize("state", [state for state in OrderState if state not in ("ready", "settled", "delivered")])
def test_only_a_car_that_passed_its_final_inspection_is_settled(people, state):
    order = RepairOrderFactory(advisor=people.advisor, state=state)

    with pytest.raises(Refusal) as refused:
        actions.settle(order=order, by=people.cashier, at=NOON)

    assert refused.value.code == "not_settle"
    assert len(refused.value.details) == 1
    assert not Settlement.objects.exists()


def test_an_order_without_lines_has_nothing_to_settle(people):
    order = RepairOrderFactory(advisor=people.advisor, state=OrderState.READY, lines=0)

    with pytest.raises(Refusal) as refused:
        actions.settle(order=order, by=people.cashier, at=NOON)

    assert refused.value.code == "nothing_to_settle"


# ── Reversal ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_reversal_is_asked_for_by_one_and_approved_by_another(people, settled):
    settlement = settled.settlements.get()
    actions.request_reversal(settlement=settlement, reason="付费方选错", by=people.cashier, at=NOON)
    told = {notice.recipient for notice in Notice.objects.all()}
    assert told == {people.manager, people.director}

    settlement = actions.reverse_settlement(settlement=settlement, by=people.manager, at=EVENING)

    settled.refresh_from_db()
    assert (settled.state, settled.settled_at) == (OrderState.READY, None)
    assert (settlement.reversed_at, settlement.reversed_by, settlement.reversal_approved_by) == (
        EVENING, people.cashier, people.manager,
    )  # fmt: skip
    assert [entry.verb for entry in entries_about(settlement)] == [
        "settlement.reversed", "settlement.reversal_requested", "settlement.created",
    ]  # fmt: skip


def test_after_a_reversal_the_order_can_be_corrected_and_settled_anew(people, settled):
    reverse(people, settled.settlements.get())
    line = settled.lines.get(number=3)
    actions.remove_line(line=line, by=people.advisor, at=EVENING)

    second = actions.settle(order=settled, by=people.cashier, at=EVENING)

    assert second.number == "JSBJ01-261012-0002"
    assert list(settled.settlements.live()) == [second]
    assert {one.payer for one in second.amounts.all()} == {Payer.CUSTOMER, Payer.FREE}


def test_a_delivered_order_stays_delivered_through_reversal_and_new_settlement(people):
    order = RepairOrderFactory(advisor=people.advisor, state=OrderState.DELIVERED)
    reverse(people, order.settlements.get())
    actions.settle(order=order, by=people.cashier, at=EVENING)

    order.refresh_from_db()
    assert order.state == OrderState.DELIVERED


@pytest.mark.parametrize(
    ("who", "code"), [("cashier", "not_approver"), ("frontdesk", "not_approver"), ("advisor", "not_approver")]
)
def test_only_those_who_may_approve_a_reversal_do(people, settled, who, code):
    settlement = settled.settlements.get()
    actions.request_reversal(settlement=settlement, reason="金额有误", by=people.cashier, at=NOON)

    with pytest.raises(Refusal) as refused:
        actions.reverse_settlement(settlement=settlement, by=getattr(people, who), at=NOON)

    assert refused.value.code == code


def test_nobody_approves_the_own_reversal(people, settled):
    settlement = settled.settlements.get()
    actions.request_reversal(settlement=settlement, reason="金额有误", by=people.manager, at=NOON)

    with pytest.raises(Refusal) as refused:
        actions.reverse_settlement(settlement=settlement, by=people.manager, at=NOON)

    assert refused.value.code == "own_approval"


def test_a_reversal_nobody_asked_for_or_that_is_done_is_refused(people, settled):
    settlement = settled.settlements.get()
    with pytest.raises(Refusal) as not_asked:
        actions.reverse_settlement(settlement=settlement, by=people.manager, at=NOON)
    with pytest.raises(Refusal) as no_reason:
        actions.request_reversal(settlement=settlement, reason=" ", by=people.cashier, at=NOON)
    reverse(people, settlement)
    with pytest.raises(Refusal) as again:
        actions.request_reversal(settlement=settlement, reason="再来", by=people.cashier, at=NOON)

    assert [one.value.code for one in (not_asked, no_reason, again)] == [
        "not_requested", "reason_missing", "already_reversed",
    ]  # fmt: skip


def test_a_declined_reversal_leaves_the_settlement_and_may_be_asked_for_again(people, settled):
    settlement = settled.settlements.get()
    actions.request_reversal(settlement=settlement, reason="金额有误", by=people.cashier, at=NOON)
    actions.decline_reversal(settlement=settlement, note="金额无误", by=people.manager, at=NOON)

    reverse(people, settlement)

    assert not settled.settlements.live().exists()


# ── Receipts ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_money_comes_in_by_payer_and_in_parts(people, settled):
    pay(people, settled, "500")
    pay(people, settled, "480", method=PaymentMethod.CASH)
    pay(people, settled, "400", payer=Payer.WARRANTY, received_on=date(2026, 10, 12))

    due = due_by_payer(settled)
    assert {payer: one.open_amount for payer, one in due.items()} == {
        Payer.CUSTOMER: Decimal("0.00"), Payer.WARRANTY: Decimal("520.00"), Payer.INSURANCE: Decimal("0.00"),
    }  # fmt: skip
    assert [receipt.number for receipt in Receipt.objects.order_by("id")] == [
        "SKBJ01-261012-0001", "SKBJ01-261012-0002", "SKBJ01-261012-0003",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"amount": "980.01"}, "more_than_due"),
        ({"amount": "0"}, "amount_wrong"),
        ({"amount": "-1"}, "amount_wrong"),
        ({"payer": Payer.INSURANCE}, "more_than_due"),
        ({"payer": Payer.FREE}, "payer_owes_nothing"),
        ({"method": ""}, "method_missing"),
        ({"received_on": date(2026, 10, 13)}, "received_later"),
        ({"accessory_amount": Decimal("500.01"), "amount": "500"}, "accessory_part_wrong"),
    ],
)
def test_a_receipt_that_can_not_be_right_is_refused(people, settled, wrong, code):
    with pytest.raises(Refusal) as refused:
        pay(people, settled, **{"amount": "100", **wrong})

    assert refused.value.code == code
    assert not Receipt.objects.exists()


def test_an_order_that_is_not_settled_takes_no_money(people, ready):
    with pytest.raises(Refusal) as refused:
        pay(people, ready, "100")

    assert refused.value.code == "not_settled"


def test_a_refund_names_its_receipt_and_never_exceeds_it(people, settled):
    receipt = pay(people, settled, "980")
    first = actions.refund_receipt(
        receipt=receipt, amount=Decimal(80), reason="优惠补退", by=people.cashier, at=EVENING
    )

    with pytest.raises(Refusal) as refused:
        actions.refund_receipt(receipt=receipt, amount=Decimal("900.01"), reason="退款", by=people.cashier, at=EVENING)
    with pytest.raises(Refusal) as of_a_refund:
        actions.refund_receipt(receipt=first, amount=Decimal(1), reason="退款", by=people.cashier, at=EVENING)

    assert (first.amount, first.refunds, first.method) == (Decimal("-80.00"), receipt, PaymentMethod.WECHAT)
    assert (refused.value.code, of_a_refund.value.code) == ("more_than_received", "is_refund")
    assert due_by_payer(settled)[Payer.CUSTOMER].open_amount == Decimal("80.00")


def test_money_received_before_a_reversal_is_counted_towards_the_new_settlement(people, settled):
    pay(people, settled, "980")
    reverse(people, settled.settlements.get())
    assert due_by_payer(settled)[Payer.CUSTOMER].open_amount == Decimal("-980.00")

    actions.settle(order=settled, by=people.cashier, at=EVENING)
    assert due_by_payer(settled)[Payer.CUSTOMER].open_amount == Decimal("0.00")


# ── Delivery ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_settled_car_is_handed_over_with_the_next_service(people, settled):
    order = actions.deliver(
        order=settled, by=people.advisor, at=NOON, next_service_on=date(2027, 4, 12), next_service_km=22_000
    )

    assert (order.state, order.delivered_at, order.delay_cause) == (OrderState.DELIVERED, NOON, "")
    order.vehicle.refresh_from_db()
    assert (order.vehicle.next_service_on, order.vehicle.next_service_km) == (date(2027, 4, 12), 22_000)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"at": EVENING}, "delay_unexplained"),
        ({"at": EVENING, "delay_cause": DelayCause.CUSTOMER}, "delay_unconfirmed"),
        ({"next_service_on": date(2026, 10, 12)}, "next_service_past"),
        ({"next_service_km": 12_000}, "next_service_past"),
    ],
)
def test_a_delivery_that_lacks_something_is_refused(people, settled, wrong, code):
    with pytest.raises(Refusal) as refused:
        actions.deliver(order=settled, by=people.advisor, **{"at": NOON, **wrong})

    assert refused.value.code == code
    settled.refresh_from_db()
    assert settled.delivered_at is None


def test_a_delay_by_the_customers_cause_goes_on_the_spot_check_list(people, settled):
    actions.deliver(
        order=settled, by=people.advisor, at=EVENING, delay_cause=DelayCause.CUSTOMER, delay_note="客户晚到",
        delay_confirmed=True,
    )  # fmt: skip

    assert list(type(settled).objects.to_spot_check()) == [settled]


def test_a_car_is_not_handed_over_before_it_is_settled(people, ready):
    with pytest.raises(Refusal) as refused:
        actions.deliver(order=ready, by=people.advisor, at=NOON)

    assert refused.value.code == "not_deliver"


def test_an_accident_car_divides_between_insurer_and_own_share(people):
    order = RepairOrderFactory(
        advisor=people.advisor, kind=OrderKind.ACCIDENT, state=OrderState.READY,
        lines=[
            {"kind": LineKind.PART, "unit_price": Decimal(5000), "quantity": Decimal(1), "payer": Payer.INSURANCE},
            {"kind": LineKind.PART, "unit_price": Decimal(500), "quantity": Decimal(1)},
        ],
    )  # fmt: skip
    actions.settle(order=order, by=people.cashier, at=NOON)
    pay(people, order, "500")
    pay(people, order, "5000", payer=Payer.INSURANCE, method=PaymentMethod.TRANSFER)

    assert not open_receivables(people.cashier).exists()
