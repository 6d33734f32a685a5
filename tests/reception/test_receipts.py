"""Money taken in several ways, one payment over many orders, money paid back; accident cars; in browser and API."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from commission.queries.facts import month_facts
from dealer_crm.kpi.queries.measures import measured
from dealer_crm.values import Period, Refusal
from reception import actions
from reception.choices import LineKind, OrderKind, OrderState, Payer, PaymentMethod
from reception.models import AccidentAssessment, Receipt, Receivable
from reception.queries import awaiting_assessment, awaiting_insurer, awaiting_release, due_by_payer
from reception.reports.receivables import receivables_report
from tests.factories.reception import MORNING, ReceiptFactory, RepairOrderFactory
from tests.reception.test_concurrency import at_once

pytestmark = pytest.mark.django_db

NOON = MORNING + timedelta(hours=3)
EVENING = MORNING + timedelta(hours=9)
CASH, WECHAT = PaymentMethod.CASH, PaymentMethod.WECHAT


@pytest.fixture
def settled(people):
    """980.00 from the customer, 680.00 of it for a dashcam."""
    return RepairOrderFactory(
        advisor=people.advisor, state=OrderState.SETTLED,
        lines=[
            {"quantity": Decimal(1), "unit_price": Decimal(300)},
            {"kind": LineKind.ACCESSORY, "quantity": Decimal(1), "unit_price": Decimal(680)},
        ],
    )  # fmt: skip


def insured(people, amount, **fields):
    return RepairOrderFactory(
        advisor=people.advisor, kind=OrderKind.ACCIDENT, state=OrderState.SETTLED,
        lines=[{"quantity": Decimal(1), "unit_price": Decimal(amount), "payer": Payer.INSURANCE}], **fields,
    )  # fmt: skip


def transfer(people, parts, **given):
    total = sum(Decimal(amount) for _order, amount in parts)
    said = {"payer": Payer.INSURANCE, "total": total, "reference": "平安 20261012", "by": people.finance, "at": NOON}
    return actions.enter_transfer(parts=[(order, Decimal(amount)) for order, amount in parts], **{**said, **given})


# ── In several ways ──────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_payment_in_two_ways_is_two_receipts_that_share_the_accessory_part(people, settled):
    receipts = actions.enter_receipts(
        order=settled, payer=Payer.CUSTOMER, parts=[(WECHAT, Decimal(780)), (CASH, Decimal(200))],
        accessory_amount=Decimal(680), by=people.cashier, at=NOON,
    )  # fmt: skip

    assert [(one.method, one.amount, one.accessory_amount) for one in receipts] == [
        (WECHAT, Decimal("780.00"), Decimal("541.22")),
        (CASH, Decimal("200.00"), Decimal("138.78")),
    ]
    assert due_by_payer(settled)[Payer.CUSTOMER].open_amount == 0


def test_parts_that_are_together_more_than_due_are_all_refused(people, settled):
    with pytest.raises(Refusal) as refused:
        actions.enter_receipts(
            order=settled, payer=Payer.CUSTOMER, parts=[(WECHAT, Decimal(780)), (CASH, Decimal("200.01"))],
            by=people.cashier, at=NOON,
        )  # fmt: skip

    assert refused.value.code == "more_than_due"
    assert not Receipt.objects.exists()


def test_the_cashier_takes_the_parts_out_of_the_amount(client, people, settled):
    client.force_login(people.cashier)
    typed = {"payer": "customer", "amount": "980", "method": "wechat", "received_on": timezone.localdate()}

    client.post(reverse("reception:receipt_new", args=[settled.pk]), {**typed, "of_cash": "200", "of_card": "80"})

    assert {one.method: one.amount for one in Receipt.objects.all()} == {
        "wechat": Decimal("700.00"), "cash": Decimal("200.00"), "card": Decimal("80.00"),
    }  # fmt: skip


@pytest.mark.parametrize("typed", [{"of_cash": "980"}, {"of_cash": "981"}, {"of_cash": "-1"}, {"amount": "abc"}])
def test_parts_that_leave_nothing_or_are_no_amounts_are_told_at_the_field(client, people, settled, typed):
    client.force_login(people.cashier)
    said = {"payer": "customer", "amount": "980", "method": "wechat", "received_on": timezone.localdate(), **typed}

    answer = client.post(reverse("reception:receipt_new", args=[settled.pk]), said)

    assert (answer.status_code, bool(answer.context["form"].errors)) == (422, True)
    assert not Receipt.objects.exists()


# ── One payment over many orders ─────────────────────────────────────────────────────────────────────────────────────
def test_one_payment_of_an_insurer_pays_many_orders(people):
    cars = [insured(people, amount) for amount in (1000, 2000, 3000)]

    receipts = transfer(people, [(cars[2], "2500"), (cars[0], "1000"), (cars[1], "2000")])

    assert [(one.order, one.amount, one.method, one.note) for one in receipts] == [
        (cars[0], Decimal("1000.00"), "transfer", "平安 20261012"),
        (cars[1], Decimal("2000.00"), "transfer", "平安 20261012"),
        (cars[2], Decimal("2500.00"), "transfer", "平安 20261012"),
    ]
    assert [(row.order, row.open_amount) for row in Receivable.objects.unpaid()] == [(cars[2], Decimal("500.00"))]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"total": Decimal("2999.99")}, "does_not_add_up"),
        ({"reference": " "}, "reference_missing"),
        ({"payer": Payer.FREE}, "payer_owes_nothing"),
        ({"payer": Payer.WARRANTY}, "transfer_refused"),
        ({"received_on": date(2026, 10, 13)}, "transfer_refused"),
    ],
)
def test_a_transfer_that_can_not_be_right_enters_nothing(people, given, code):
    cars = [insured(people, 1000), insured(people, 2000)]

    with pytest.raises(Refusal) as refused:
        transfer(people, [(cars[0], "1000"), (cars[1], "2000")], **given)

    assert refused.value.code == code
    assert not Receipt.objects.exists()


def test_every_order_a_transfer_is_too_much_for_is_named_and_nothing_is_entered(people):
    cars = [insured(people, 1000), insured(people, 2000), insured(people, 3000)]

    with pytest.raises(Refusal) as refused:
        transfer(people, [(cars[0], "1000.01"), (cars[1], "2000"), (cars[2], "3000.01")])

    assert [detail.split(":")[0] for detail in refused.value.details] == [cars[0].number, cars[2].number]
    assert not Receipt.objects.exists()


def test_an_empty_transfer_and_one_that_names_an_order_twice_are_refused(people):
    car = insured(people, 1000)

    with pytest.raises(Refusal) as empty:
        transfer(people, [])
    with pytest.raises(Refusal) as twice:
        transfer(people, [(car, "400"), (car, "600")])

    assert (empty.value.code, twice.value.code) == ("nothing_chosen", "order_twice")


@pytest.mark.django_db(transaction=True)
def test_two_transfers_for_the_same_orders_pay_them_once(people):
    cars = [insured(people, 1000) for _ in range(4)]

    answers = at_once(
        lambda: transfer(people, [(car, "1000") for car in cars]),
        lambda: transfer(people, [(car, "1000") for car in reversed(cars)]),
    )

    assert sorted(getattr(answer, "code", "entered") for answer in answers) == ["entered", "transfer_refused"]
    assert not Receivable.objects.unpaid().exists() and not Receivable.objects.overpaid().exists()


def test_finance_shares_a_payment_out_on_the_page(client, people):
    cars = [insured(people, 1000), insured(people, 2000)]
    client.force_login(people.finance)
    url = reverse("reception:transfer", query={"payer": "insurance"})
    rows = {row.order_id: row.pk for row in client.get(url).context["form"].rows}
    head = {"received_on": timezone.localdate(), "reference": "P1", "method": "transfer"}
    parts = {f"part_{rows[cars[0].pk]}": "1000", f"part_{rows[cars[1].pk]}": "500"}

    wrong = client.post(url, {**head, **parts, "total": "1600"})
    right = client.post(url, {**head, **parts, "total": "1500"})

    assert (wrong.status_code, right.status_code) == (422, 302)
    assert Decimal("1500.00") == sum(one.amount for one in Receipt.objects.all())


# ── Paid back ────────────────────────────────────────────────────────────────────────────────────────────────────────
def reversed_after_payment(people, order):
    for amount in ("600", "380"):
        actions.enter_receipt(
            order=order, payer=Payer.CUSTOMER, amount=Decimal(amount), method=CASH, by=people.cashier, at=NOON
        )
    settlement = order.settlements.get()
    actions.request_reversal(settlement=settlement, reason="多收工时", by=people.cashier, at=NOON)
    actions.reverse_settlement(settlement=settlement, by=people.manager, at=NOON)


def test_what_was_paid_too_much_goes_back_from_the_newest_receipts(people, settled):
    reversed_after_payment(people, settled)

    refunds = actions.pay_back(
        order=settled, payer=Payer.CUSTOMER, amount=Decimal(500), reason="多收退款", by=people.cashier, at=EVENING
    )

    assert [(one.amount, one.refunds.amount) for one in refunds] == [
        (Decimal("-380.00"), Decimal("380.00")),
        (Decimal("-120.00"), Decimal("600.00")),
    ]
    assert due_by_payer(settled)[Payer.CUSTOMER].open_amount == Decimal("-480.00")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"amount": Decimal("980.01")}, "more_than_overpaid"),
        ({"amount": Decimal(0)}, "amount_wrong"),
        ({"reason": ""}, "reason_missing"),
        ({"payer": Payer.INSURANCE}, "more_than_overpaid"),
        ({"refunded_on": date(2026, 10, 13)}, "received_later"),
        ({"refunded_on": date(2026, 10, 11)}, "refunded_earlier"),
    ],
)
def test_a_wrong_amount_is_not_paid_back(people, settled, given, code):
    reversed_after_payment(people, settled)
    said = {"payer": Payer.CUSTOMER, "amount": Decimal(100), "reason": "多收退款", **given}

    with pytest.raises(Refusal) as refused:
        actions.pay_back(order=settled, by=people.cashier, at=EVENING, **said)

    assert refused.value.code == code
    assert not Receipt.objects.filter(amount__lt=0).exists()


def test_nothing_goes_back_while_money_is_due(people, settled):
    ReceiptFactory(order=settled, amount=Decimal(100))

    with pytest.raises(Refusal) as refused:
        actions.pay_back(
            order=settled, payer=Payer.CUSTOMER, amount=Decimal(1), reason="退款", by=people.cashier, at=EVENING
        )

    assert refused.value.code == "more_than_overpaid"


def test_the_cashier_pays_back_from_the_list(client, people, settled):
    reversed_after_payment(people, settled)
    client.force_login(people.cashier)
    (row,) = client.get(reverse("reception:overpayments")).context["page"].rows
    url = reverse("reception:pay_back", args=[row.pk])

    proposed = client.get(url).context["form"].initial
    client.post(url, {key: proposed[key] for key in ("amount", "method", "refunded_on")} | {"reason": "多收退款"})

    assert (proposed["amount"], proposed["method"]) == (Decimal("980.00"), "cash")
    assert list(client.get(reverse("reception:overpayments")).context["page"].rows) == []


def test_a_reversal_and_its_refund_flow_into_receivables_and_figures(people, settled):
    """Nobody enters anything twice: what is due, output, recovery rate and the pay's facts follow by themselves."""

    def told():
        month = Period(2026, 10)
        due = sum(row.open_amount for row in Receivable.objects.all())
        counted = month_facts(people.store, month)
        return (
            due,
            measured("output", people.store, month).value,
            measured("recovery", people.store, month).value,
            sum(receipt.amount for order in counted.orders for receipt in order.receipts),
        )

    reversed_after_payment(people, settled)
    assert told() == (Decimal("-980.00"), Decimal("0.00"), None, Decimal("980.00"))

    actions.remove_line(line=settled.lines.get(number=2), by=people.advisor, at=EVENING)
    actions.settle(order=settled, by=people.cashier, at=EVENING)
    actions.pay_back(
        order=settled, payer=Payer.CUSTOMER, amount=Decimal(680), reason="红冲退款", by=people.cashier, at=EVENING
    )

    assert told() == (Decimal("0.00"), Decimal("300.00"), Decimal(1), Decimal("300.00"))


# ── Accident cars ────────────────────────────────────────────────────────────────────────────────────────────────────
def assess(people, order, **given):
    said = {"assessed_amount": Decimal(5000), "own_share_amount": Decimal(500), "assessed_on": date(2026, 10, 12)}
    return actions.set_assessment(order=order, by=people.finance, at=EVENING, **{**said, **given})


def test_an_accident_car_waits_for_assessment_then_release_then_money(people):
    car = insured(people, 5000)
    RepairOrderFactory(advisor=people.advisor, kind=OrderKind.ACCIDENT, state=OrderState.CANCELLED)
    RepairOrderFactory(advisor=people.advisor)

    def waiting():
        return [list(rows(people.finance)) for rows in (awaiting_assessment, awaiting_release)]

    assert waiting() == [[car], []]
    assess(people, car, assessed_on=None)
    assert waiting() == [[car], []]
    assess(people, car)
    assert waiting() == [[], [car]]
    actions.release_accident_car(order=car, by=people.finance, at=EVENING)
    assert waiting() == [[], []]
    assert [(row.order, row.open_amount) for row in awaiting_insurer(people.finance)] == [(car, Decimal("5000.00"))]
    assert car.assessment.own_share_amount == Decimal("500.00")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"assessed_amount": Decimal(-1)}, "amount_negative"),
        ({"own_share_amount": Decimal("5000.01")}, "own_share_exceeds"),
        ({"assessed_on": date(2026, 10, 13)}, "assessed_later"),
        ({"released_on": date(2026, 10, 13)}, "released_later"),
        ({"released_on": date(2026, 10, 11)}, "released_early"),
        ({"released_on": date(2026, 10, 11), "assessed_on": None}, "released_early"),
    ],
)
def test_an_assessment_that_can_not_be_right_is_refused(people, given, code):
    with pytest.raises(Refusal) as refused:
        assess(people, insured(people, 5000), **given)

    assert refused.value.code == code
    assert not AccidentAssessment.objects.exists()


def test_a_car_is_released_once_and_not_before_it_is_assessed(people):
    car = insured(people, 5000)
    with pytest.raises(Refusal) as unassessed:
        actions.release_accident_car(order=car, by=people.finance, at=EVENING)
    assess(people, car)
    actions.release_accident_car(order=car, by=people.finance, at=EVENING)
    with pytest.raises(Refusal) as again:
        actions.release_accident_car(order=car, by=people.finance, at=EVENING)

    assert (unassessed.value.code, again.value.code) == ("not_assessed", "already_released")


def test_finance_releases_a_car_from_the_list(client, people):
    car = insured(people, 5000)
    assess(people, car)
    client.force_login(people.finance)

    client.post(reverse("reception:order_release", args=[car.pk]))

    car.assessment.refresh_from_db()
    assert car.assessment.released_on == timezone.localdate()
    assert list(client.get(reverse("reception:accidents", query={"list": "release"})).context["page"].rows) == []


# ── Over HTTP ────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def till(people):
    client = APIClient()
    client.force_authenticate(people.finance)
    return client


def test_the_api_takes_money_in_several_ways_and_by_transfer(till, people, settled):
    cars = [insured(people, 1000), insured(people, 2000)]
    parts = [{"method": "wechat", "amount": "780"}, {"method": "cash", "amount": "200"}]
    shares = [{"order": car.pk, "amount": "1000"} for car in cars]
    payment = {"payer": "insurance", "total": "2000", "reference": "P1", "parts": shares}

    split = till.post("/api/v1/receipts/split/", {"order": settled.pk, "payer": "customer", "parts": parts})
    first = till.post("/api/v1/receipts/transfer/", payment, headers={"Idempotency-Key": "p1"})
    again = till.post("/api/v1/receipts/transfer/", payment, headers={"Idempotency-Key": "p1"})
    wrong = till.post("/api/v1/receipts/transfer/", {**payment, "total": "2001"})

    assert (split.status_code, [one["amount"] for one in split.data]) == (201, ["780.00", "200.00"])
    assert (first.status_code, again.json()) == (201, first.json())
    assert (wrong.status_code, wrong.data["type"]) == (409, "urn:dealer-crm:problem:does_not_add_up")
    assert Receipt.objects.count() == 4


def test_the_api_lists_what_is_due_with_the_filters_of_the_page(till, people, settled):
    car = insured(people, 1000)
    reversed_after_payment(people, settled)

    def listed(**query):
        return [(row["order"], row["open_amount"]) for row in till.get("/api/v1/receivables/", query).data["results"]]

    assert listed() == listed(payer="insurance", store=people.store.code) == [(car.pk, "1000.00")]
    assert listed(state="overpaid") == [(settled.pk, "-980.00")]
    assert sorted(listed(state="all")) == sorted([(car.pk, "1000.00"), (settled.pk, "-980.00")])
    assert listed(payer="warranty") == listed(store="SH99") == []
    assert till.get("/api/v1/settlements/", {"store": "SH99"}).data["results"] == []


def test_the_api_pays_back_and_refuses_like_the_page(till, people, settled):
    reversed_after_payment(people, settled)
    row = Receivable.objects.overpaid().get()

    too_much = till.post(f"/api/v1/receivables/{row.pk}/pay-back/", {"amount": "980.01", "reason": "退款"})
    done = till.post(f"/api/v1/receivables/{row.pk}/pay-back/", {"amount": "980", "reason": "退款"})

    assert (too_much.status_code, too_much.data["type"]) == (409, "urn:dealer-crm:problem:more_than_overpaid")
    assert [one["amount"] for one in done.data] == ["-380.00", "-600.00"]


def test_the_workbook_of_receivables_holds_every_list(people, settled):
    reversed_after_payment(people, settled)
    insured(people, 1000)

    report = receivables_report(store=people.store, period=Period(2026, 10), by=people.finance, at=EVENING)

    rows = {sheet.title: list(sheet.rows) for sheet in report.sheets}
    assert [row[1:] for row in rows["账龄"]][2] == (1, Decimal("1000.00"), 0, 0, 0, Decimal("1000.00"))
    assert rows["回款率"][0][1:] == (
        "保险",
        Decimal("1000.00"),
        Decimal("0.00"),
        Decimal("1000.00"),
        0,
    )
    assert ([row[-1] for row in rows["应收明细"]], [row[-1] for row in rows["应退明细"]]) == (
        [Decimal("1000.00")], [Decimal("-980.00")],
    )  # fmt: skip


@pytest.mark.parametrize(("payer", "method"), [(Payer.CUSTOMER, WECHAT), (Payer.INSURANCE, PaymentMethod.TRANSFER)])
def test_the_usual_way_of_paying_is_proposed(client, people, payer, method):
    order = RepairOrderFactory(advisor=people.advisor, state=OrderState.SETTLED, lines=[{"payer": payer}])
    client.force_login(people.cashier)

    assert client.get(reverse("reception:receipt_new", args=[order.pk])).context["form"].initial["method"] == method


@pytest.mark.parametrize(("paid", "offered"), [(False, True), (True, False)])
def test_money_is_asked_for_only_while_some_is_due(client, people, paid, offered):
    order = RepairOrderFactory(advisor=people.advisor, state=OrderState.SETTLED, paid=paid)
    client.force_login(people.cashier)
    page = client.get(reverse("reception:settlement", args=[order.settlements.get().pk])).content.decode()
    assert (reverse("reception:receipt_new", args=[order.pk]) in page) is offered
