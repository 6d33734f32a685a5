"""Service agreements: who makes and approves them, how they price lines, what settlements take out of them."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from dealer_crm.journal.queries import entries_about
from dealer_crm.notices.models import Notice
from dealer_crm.values import Refusal
from reception import actions
from reception.actions import ItemDraft, LineDraft
from reception.choices import (
    AgreementKind,
    AgreementState,
    CustomerLevel,
    LineKind,
    OrderKind,
    OrderState,
    Payer,
    PaymentMethod,
    PriceBasis,
)
from reception.models import Agreement, AgreementUse, Receipt
from reception.queries import drawn_by, due_by_payer, favour_of_order, standings
from tests.factories.reception import MORNING, CustomerFactory, VehicleFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 10, 12)
NOON = MORNING + timedelta(hours=3)
OIL_CHANGE = ItemDraft(LineKind.LABOUR, "更换机油机滤", "BY01", None, 2)
OIL = ItemDraft(LineKind.PART, "全合成机油 5W-30 4L", "", Decimal("300.00"))
WORK = LineDraft(LineKind.LABOUR, "更换机油机滤", Decimal("0.80"), Decimal("120.00"), code="BY01")
CAN = LineDraft(LineKind.PART, "全合成机油 5W-30 4L", Decimal(1), Decimal("368.00"))


@pytest.fixture
def customer(people):
    return CustomerFactory(store=people.store, name="恒信物流")


@pytest.fixture
def car(people, customer):
    return VehicleFactory(store=people.store, owner=customer)


@pytest.fixture
def agree(people, customer):
    """An agreement in force from today for a year, with whatever a test gives."""

    def made(approve=True, **given):
        fields = {
            "kind": AgreementKind.FLEET, "name": "车队保养协议", "starts_on": TODAY, "ends_on": date(2027, 10, 11),
            "customer": customer, "store": people.store, **given,
        }  # fmt: skip
        agreement = actions.draft_agreement(by=people.advisor, at=MORNING, **fields)
        return actions.approve_agreement(agreement=agreement, by=people.manager, at=MORNING) if approve else agreement

    return made


@pytest.fixture
def take_in(people, car):
    def taken(*lines, vehicle=None, **visit):
        return actions.open_order(
            by=people.advisor, at=MORNING, store=people.store, vehicle=vehicle or car, kind=OrderKind.MAINTENANCE,
            advisor=people.advisor, promised_at=MORNING + timedelta(hours=4), lines=lines, **visit,
        )  # fmt: skip

    return taken


@pytest.fixture
def settle(people):
    def settled(order):
        type(order).objects.filter(pk=order.pk).update(state=OrderState.READY)
        return actions.settle(order=order, by=people.cashier, at=NOON)

    return settled


@pytest.fixture
def reverse(people):
    def reversed_(settlement):
        actions.request_reversal(settlement=settlement, reason="付费方选错", by=people.cashier, at=NOON)
        return actions.reverse_settlement(settlement=settlement, by=people.manager, at=NOON)

    return reversed_


def priced(order):
    return [
        (line.unit_price, line.discount_rate, line.payable_amount, line.price_basis, line.agreement_item_id is not None)
        for line in order.lines.order_by("number")
    ]


def left(agreement):
    (standing,) = standings([agreement])
    return [one.left for one in standing.items], standing.balance


# ── Drafts and approval ──────────────────────────────────────────────────────────────────────────────────────────────
def test_a_draft_is_told_to_those_who_approve_and_holds_nothing(people, agree, take_in):
    agreement = agree(approve=False, labour_discount_rate=Decimal("0.2"))

    assert (agreement.number, agreement.state) == ("XYBJ01-261012-0001", AgreementState.DRAFT)
    told = Notice.objects.filter(key=f"agreement:{agreement.pk}:to_approve").values_list("recipient", flat=True)
    assert set(told) == {people.manager.pk, people.director.pk}
    order = take_in(WORK)
    assert (order.agreement, priced(order)) == (None, [(Decimal("120.00"), Decimal(0), Decimal("96.00"), "", False)])


def test_nobody_approves_their_own_agreement(people, customer):
    agreement = actions.draft_agreement(
        customer=customer, store=people.store, by=people.manager, at=MORNING, kind=AgreementKind.FLEET, name="协议",
        starts_on=TODAY, ends_on=TODAY, has_priority=True,
    )  # fmt: skip

    with pytest.raises(Refusal) as refused:
        actions.approve_agreement(agreement=agreement, by=people.manager, at=MORNING)

    assert refused.value.code == "own_approval"
    assert actions.approve_agreement(agreement=agreement, by=people.director, at=MORNING).state == "active"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"name": "  "}, "name_missing"),
        ({"ends_on": TODAY - timedelta(days=1)}, "ends_early"),
        ({"labour_discount_rate": Decimal("1.1")}, "discount_wrong"),
        ({"prepaid_amount": Decimal(-1)}, "prepaid_negative"),
        ({"kind": AgreementKind.PACKAGE}, "package_empty"),
        ({"kind": AgreementKind.PREPAID}, "prepaid_missing"),
        ({}, "agreement_empty"),
        ({"items": [ItemDraft(LineKind.PART, " ")]}, "item_name_missing"),
        ({"items": [ItemDraft(LineKind.PART, "机油", times=0)]}, "item_times_wrong"),
        ({"items": [ItemDraft(LineKind.PART, "机油", unit_price=Decimal(-1))]}, "item_price_wrong"),
    ],
)
def test_a_draft_that_makes_no_sense_is_refused(agree, given, code):
    with pytest.raises(Refusal) as refused:
        agree(approve=False, **given)

    assert refused.value.code == code
    assert not Agreement.objects.exists()


def test_a_car_of_somebody_else_is_not_covered(people, agree):
    with pytest.raises(Refusal) as refused:
        agree(has_priority=True, vehicles=[VehicleFactory(store=people.store)])

    assert refused.value.code == "strange_car"


def test_what_was_approved_stands_as_agreed(people, agree):
    agreement = agree(labour_discount_rate=Decimal("0.2"))
    change = {name: getattr(agreement, name) for name in ("kind", "name", "starts_on", "ends_on")}

    with pytest.raises(Refusal) as refused:
        actions.change_agreement(
            agreement=agreement, by=people.advisor, at=NOON, **change, labour_discount_rate=Decimal("0.5")
        )

    assert refused.value.code == "already_approved"
    with pytest.raises(Refusal):
        actions.discard_agreement(agreement=agreement, by=people.advisor, at=NOON)


def test_a_draft_is_changed_whole_with_its_items(people, agree, car):
    draft = agree(approve=False, items=[OIL_CHANGE])
    given = {name: getattr(draft, name) for name in ("kind", "name", "starts_on", "ends_on")}

    actions.change_agreement(
        agreement=draft, by=people.advisor, at=NOON, items=[OIL], vehicles=[car], expected_version=1,
        **given | {"name": "新名"},
    )  # fmt: skip

    draft.refresh_from_db()
    assert (draft.name, draft.version) == ("新名", 2)
    assert [item.name for item in draft.items.all()] == ["全合成机油 5W-30 4L"]
    assert list(draft.vehicles.all()) == [car]
    assert set(entries_about(draft).first().changes) == {"name", "items", "vehicles"}


def test_a_renewal_is_a_draft_for_the_next_term(people, agree):
    agreement = agree(items=[OIL_CHANGE, OIL], prepaid_amount=Decimal(500))

    draft = actions.renew_agreement(agreement=agreement, by=people.advisor, at=NOON)

    assert (draft.state, draft.starts_on, draft.ends_on) == ("draft", date(2027, 10, 12), date(2028, 10, 10))
    assert [(item.name, item.times) for item in draft.items.all()] == [
        ("更换机油机滤", 2), ("全合成机油 5W-30 4L", None),
    ]  # fmt: skip


# ── On an order ──────────────────────────────────────────────────────────────────────────────────────────────────────
def test_new_lines_get_what_was_agreed_and_say_so(agree, take_in):
    agreement = agree(items=[OIL_CHANGE, OIL], part_discount_rate=Decimal("0.1"))

    order = take_in(WORK, CAN, LineDraft(LineKind.PART, "机油滤清器", Decimal(1), Decimal("48.00")))

    assert order.agreement == agreement
    assert priced(order) == [
        (Decimal("120.00"), Decimal(1), Decimal("0.00"), "agreement", True),
        (Decimal("300.00"), Decimal(0), Decimal("300.00"), "agreement", True),
        (Decimal("48.00"), Decimal("0.1"), Decimal("43.20"), "agreement", False),
    ]


def test_an_add_on_is_proposed_at_the_agreed_price_and_the_order_takes_over_what_is_written(people, agree, take_in):
    agreement = agree(items=[OIL_CHANGE], part_discount_rate=Decimal("0.3"))
    order, by_the_factory = take_in(), replace(WORK, payer=Payer.WARRANTY)

    add_on = actions.propose_add_on(
        order=order, reason="油封渗油", lines=[WORK, CAN, by_the_factory], by=people.advisor, at=NOON
    )
    shown = [(line.price_basis, line.payable_amount) for line in add_on.lines.all()]
    Agreement.objects.filter(pk=agreement.pk).update(part_discount_rate=Decimal("0.5"))
    actions.agree_to_add_on(add_on=add_on, answered_by="王女士", way="phone", by=people.advisor, at=NOON)

    lines = order.lines.filter(add_on=add_on).order_by("number")
    assert shown == [("agreement", Decimal(0)), ("agreement", Decimal("257.60")), ("", Decimal(96))]
    assert [(line.price_basis, line.payable_amount) for line in lines] == shown
    assert [line.agreement_item is not None for line in lines] == [True, False, False]


def test_the_agreed_price_of_an_add_on_stays_until_somebody_writes_another(people, agree, take_in):
    agree(items=[OIL_CHANGE])
    add_on = actions.propose_add_on(order=take_in(), reason="油封渗油", lines=[WORK], by=people.advisor, at=NOON)
    free = replace(WORK, discount_rate=Decimal(1))

    def changed(*lines):
        actions.change_add_on(add_on=add_on, lines=lines, by=people.advisor, at=NOON)
        return [(line.price_basis, line.discount_rate) for line in add_on.lines.all()]

    assert changed(free, CAN) == [("agreement", 1), ("", 0)]
    assert changed(WORK) == [("", 0)]


def test_a_declined_add_on_taken_up_on_another_visit_is_priced_by_what_holds_then(people, agree, take_in):
    agreement = agree(items=[OIL_CHANGE])
    order = take_in()
    add_on = actions.propose_add_on(order=order, reason="保养到期", lines=[WORK], by=people.advisor, at=NOON)
    actions.decline_add_on(add_on=add_on, answered_by="王女士", way="phone", by=people.advisor, at=NOON)
    Agreement.objects.filter(pk=agreement.pk).update(ends_on=TODAY)
    later = NOON + timedelta(days=30)
    again = actions.open_order(
        by=people.advisor, at=later, store=order.store, vehicle=order.vehicle, kind=OrderKind.REPAIR, confirmed=True,
        advisor=people.advisor, promised_at=later + timedelta(hours=4),
    )  # fmt: skip

    actions.take_up_suggestion(suggestion=add_on.suggestion, order=again, by=people.advisor, at=later)

    assert priced(again) == [(Decimal(120), 0, Decimal(96), "", False)]


def test_agreed_prices_need_no_discount_approval_others_do(people, agree, take_in):
    agree(labour_discount_rate=Decimal("0.3"))
    order = take_in(WORK)

    line = order.lines.get()
    assert (line.discount_rate, line.discount_approved_by) == (Decimal("0.3"), None)
    with pytest.raises(Refusal) as refused:
        actions.change_line(
            line=line, draft=replace(WORK, discount_rate=Decimal("0.4")),
            by=people.advisor, at=NOON,
        )  # fmt: skip
    assert refused.value.code == "discount_needs_approval"


def test_a_line_that_stands_for_something_else_loses_the_agreed_price(people, agree, take_in):
    agree(items=[OIL_CHANGE])
    order = take_in(WORK)
    dear = LineDraft(LineKind.LABOUR, "更换发动机", Decimal(20), Decimal(120), Decimal(1))

    with pytest.raises(Refusal) as refused:
        actions.change_line(line=order.lines.get(), draft=dear, by=people.advisor, at=NOON)
    assert refused.value.code == "discount_needs_approval"

    actions.change_line(line=order.lines.get(), draft=WORK, by=people.advisor, at=NOON)
    assert priced(order) == [(Decimal("120.00"), Decimal(0), Decimal("96.00"), "", False)]


def test_a_line_keeps_its_agreed_price_when_somebody_writes_who_worked(people, agree, take_in):
    agree(items=[OIL_CHANGE])
    order = take_in(WORK)

    actions.share_line(line=order.lines.get(), shares=[(people.technician, Decimal(1))], by=people.technician, at=NOON)

    assert priced(order) == [(Decimal("120.00"), Decimal(1), Decimal("0.00"), "agreement", True)]


def test_only_lines_the_customer_pays_are_priced(agree, take_in):
    agree(labour_discount_rate=Decimal("0.3"))

    order = take_in(LineDraft(LineKind.LABOUR, "索赔检查", Decimal(1), Decimal(120), payer=Payer.WARRANTY))

    assert priced(order) == [(Decimal("120.00"), Decimal(0), Decimal("120.00"), "", False)]


def test_the_better_of_agreement_and_level_wins(people, agree, take_in, customer):
    agree(labour_discount_rate=Decimal("0.05"), part_discount_rate=Decimal("0.2"))
    customer.level = CustomerLevel.VIP
    customer.save()
    actions.set_membership_terms(
        store=people.store, level=CustomerLevel.VIP, starts_on=TODAY, labour_discount_rate=Decimal("0.1"),
        part_discount_rate=Decimal("0.1"), points_per_yuan=Decimal(1), by=people.manager, at=MORNING,
    )  # fmt: skip

    order = take_in(WORK, CAN)

    assert [(rate, basis) for _price, rate, _payable, basis, _item in priced(order)] == [
        (Decimal("0.1"), PriceBasis.MEMBERSHIP), (Decimal("0.2"), PriceBasis.AGREEMENT),
    ]  # fmt: skip


def test_an_item_with_two_times_prices_two_lines_also_over_two_orders(people, agree, take_in, customer):
    agree(items=[OIL_CHANGE])
    take_in(WORK)
    second = take_in(WORK, WORK, vehicle=VehicleFactory(store=people.store, owner=customer))

    assert [payable for _price, _rate, payable, _basis, _item in priced(second)] == [Decimal("0.00"), Decimal("96.00")]


@pytest.mark.parametrize(
    ("given", "holds"),
    [
        ({}, True),
        ({"starts_on": TODAY + timedelta(days=1)}, False),
        ({"starts_on": TODAY, "ends_on": TODAY}, True),
    ],
)
def test_an_agreement_holds_on_its_days(agree, take_in, given, holds):
    agree(labour_discount_rate=Decimal("0.3"), **given)

    assert (take_in(WORK).agreement is not None) is holds


def test_an_agreement_that_names_cars_covers_only_those(people, agree, take_in, customer, car):
    agree(labour_discount_rate=Decimal("0.3"), vehicles=[car])

    assert take_in(WORK).agreement is not None
    assert take_in(WORK, vehicle=VehicleFactory(store=people.store, owner=customer)).agreement is None


def test_another_store_has_its_own_agreements(people, agree, take_in, car):
    from tests.factories import cast

    agree(labour_discount_rate=Decimal("0.3"))
    other = cast.of_second_store()
    order = actions.open_order(
        by=other.advisor, at=MORNING, store=other.store, vehicle=car, kind=OrderKind.REPAIR, advisor=other.advisor,
        promised_at=NOON, lines=[WORK],
    )  # fmt: skip

    assert (order.agreement, order.lines.get().discount_rate) == (None, 0)


def test_terms_approved_while_the_car_is_here_are_filled_in_on_demand(people, agree, take_in):
    order = take_in(WORK)
    agreement = agree(items=[OIL_CHANGE])

    actions.apply_terms(order=order, by=people.advisor, at=NOON)

    order.refresh_from_db()
    assert order.agreement == agreement
    assert priced(order) == [(Decimal("120.00"), Decimal(1), Decimal("0.00"), "agreement", True)]
    with pytest.raises(Refusal) as refused:
        actions.apply_terms(order=order, by=people.advisor, at=NOON)
    assert refused.value.code == "nothing_better"


def test_what_held_at_arrival_holds_for_the_visit_also_when_it_is_ended_meanwhile(people, agree, take_in, settle):
    agreement = agree(items=[OIL_CHANGE], prepaid_amount=Decimal(500))
    order = take_in(WORK, CAN)
    actions.end_agreement(agreement=agreement, reason="客户终止", by=people.manager, at=NOON)

    settle(order)

    assert left(agreement) == ([1], Decimal("132.00"))
    with pytest.raises(Refusal) as refused:
        actions.end_agreement(agreement=agreement, reason="再次", by=people.manager, at=NOON)
    assert refused.value.code == "not_in_force"


# ── Settlement and reversal ──────────────────────────────────────────────────────────────────────────────────────────
def test_a_settlement_uses_a_time_and_pays_from_the_balance(people, agree, take_in, settle):
    agreement = agree(items=[OIL_CHANGE], prepaid_amount=Decimal(500))
    order = take_in(WORK, CAN)

    settlement = settle(order)

    assert left(agreement) == ([1], Decimal("132.00"))
    receipt = Receipt.objects.get()
    assert (receipt.amount, receipt.method, receipt.payer) == (Decimal("368.00"), PaymentMethod.PREPAID, Payer.CUSTOMER)
    assert due_by_payer(order)[Payer.CUSTOMER].open_amount == 0
    drawn = drawn_by(settlement)
    assert (drawn.prepaid_amount, [(use.times, use.amount) for use in drawn.uses]) == (
        Decimal("368.00"), [(1, Decimal("0.00")), (0, Decimal("368.00"))],
    )  # fmt: skip


def test_what_the_balance_cannot_cover_is_due_in_money(agree, take_in, settle):
    agreement = agree(prepaid_amount=Decimal(100))
    order = take_in(CAN)

    settle(order)

    assert left(agreement) == ([], Decimal("0.00"))
    assert due_by_payer(order)[Payer.CUSTOMER].open_amount == Decimal("268.00")


def test_the_balance_never_pays_what_others_owe(agree, take_in, settle):
    agreement = agree(prepaid_amount=Decimal(1000))
    order = take_in(CAN, LineDraft(LineKind.PART, "索赔件", Decimal(1), Decimal(400), payer=Payer.WARRANTY))

    settle(order)

    assert left(agreement)[1] == Decimal("632.00")
    assert due_by_payer(order)[Payer.WARRANTY].open_amount == Decimal("400.00")


def test_the_card_that_ends_first_pays_first(people, agree, take_in, settle):
    late = agree(prepaid_amount=Decimal(1000), name="储值二")
    early = agree(prepaid_amount=Decimal(100), name="储值一", ends_on=date(2026, 12, 31))
    order = take_in(CAN)

    settle(order)

    assert (left(early)[1], left(late)[1]) == (Decimal("0.00"), Decimal("732.00"))


def test_a_reversal_puts_everything_back_and_the_next_settlement_takes_it_again(agree, take_in, settle, reverse):
    agreement = agree(items=[OIL_CHANGE], prepaid_amount=Decimal(500))
    order = take_in(WORK, CAN)

    reverse(settle(order))

    assert left(agreement) == ([2], Decimal("500.00"))
    assert sum(receipt.amount for receipt in Receipt.objects.all()) == 0
    settle(order)
    assert left(agreement) == ([1], Decimal("132.00"))
    assert AgreementUse.objects.filter(undoes__isnull=False).count() == 2


def test_money_received_before_a_reversal_counts_first(people, agree, take_in, settle, reverse):
    order = take_in(CAN)
    settlement = settle(order)
    actions.enter_receipt(
        order=order, payer=Payer.CUSTOMER, amount=Decimal(300), method=PaymentMethod.CASH, by=people.cashier, at=NOON
    )
    reverse(settlement)
    agreement = agree(prepaid_amount=Decimal(500))

    settle(order)

    assert left(agreement)[1] == Decimal("432.00")


def test_prepaid_money_is_neither_entered_nor_paid_out_by_hand(people, agree, take_in, settle):
    agree(prepaid_amount=Decimal(100))
    order = take_in(CAN)
    settle(order)

    with pytest.raises(Refusal) as entered:
        actions.enter_receipt(
            order=order,
            payer=Payer.CUSTOMER,
            amount=Decimal(10),
            method=PaymentMethod.PREPAID,
            by=people.cashier,
            at=NOON,
        )
    with pytest.raises(Refusal) as refunded:
        actions.refund_receipt(
            receipt=Receipt.objects.get(), amount=Decimal(10), reason="退", by=people.cashier, at=NOON
        )

    assert (entered.value.code, refunded.value.code) == ("prepaid_by_hand", "prepaid_by_hand")


def test_a_line_on_an_item_that_is_used_up_is_refused_by_name(agree, take_in, settle):
    agreement = agree(items=[OIL_CHANGE])
    first, second = take_in(WORK), take_in(WORK, confirmed=True)
    third = take_in(WORK, confirmed=True)
    third.lines.update(discount_rate=1, payable_amount=0, price_basis="agreement", agreement_item=agreement.items.get())
    settle(first)
    settle(second)

    with pytest.raises(Refusal) as refused:
        settle(third)

    assert refused.value.code == "agreement_used_up"
    assert "更换机油机滤" in str(refused.value)
    assert left(agreement) == ([0], None)


# ── Running out ──────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_front_desk_is_told_once_of_an_agreement_that_ends(people, agree):
    agreement = agree(has_priority=True, ends_on=TODAY + timedelta(days=30))
    agree(has_priority=True, name="还早", ends_on=TODAY + timedelta(days=31))

    assert actions.warn_of_running_out(store=people.store, at=NOON) == 2
    assert actions.warn_of_running_out(store=people.store, at=NOON) == 0
    told = Notice.objects.filter(key=f"agreement:{agreement.pk}:ending").values_list("recipient", flat=True)
    assert set(told) == {people.frontdesk.pk, people.advisor.pk}


def test_the_front_desk_is_told_of_the_last_time_and_the_last_money(people, agree, take_in, settle):
    package = agree(items=[OIL_CHANGE])
    card = agree(prepaid_amount=Decimal(460), kind=AgreementKind.PREPAID)
    assert actions.warn_of_running_out(store=people.store, at=NOON) == 0

    settle(take_in(WORK, CAN))

    assert (left(package), left(card)) == (([1], None), ([], Decimal("92.00")))
    actions.warn_of_running_out(store=people.store, at=NOON)
    assert set(Notice.objects.filter(key__endswith=":low").values_list("key", flat=True)) == {
        f"agreement:{package.pk}:low", f"agreement:{card.pk}:low",
    }  # fmt: skip


def test_an_agreement_ends_by_itself_after_its_last_day(people, agree):
    agreement = agree(has_priority=True, ends_on=TODAY)

    assert actions.end_expired(store=people.store, at=MORNING) == 0
    assert actions.end_expired(store=people.store, at=MORNING + timedelta(days=1)) == 1

    agreement.refresh_from_db()
    assert (agreement.state, agreement.end_reason) == (AgreementState.ENDED, "")


def test_the_gate_sees_what_the_customer_may_expect(agree, take_in):
    agree(has_priority=True, response_hours=4, name="车队")
    agree(items=[OIL_CHANGE], response_hours=2, kind=AgreementKind.PACKAGE, name="套餐")

    favour = favour_of_order(take_in())

    assert [standing.agreement.name for standing in favour.standings] == ["车队", "套餐"]
    assert (favour.has_priority, favour.response_hours, favour.gives_prices) == (True, 2, True)
