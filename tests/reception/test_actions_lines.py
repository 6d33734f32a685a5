"""Lines of an order: priced by the formula, discounts within the limit, shares that add up."""

from dataclasses import replace
from decimal import Decimal

import pytest

from dealer_crm.values import Refusal, Stale
from reception import actions
from reception.actions import LineDraft
from reception.choices import EDITABLE, LineKind, OrderState, Payer
from tests.factories import cast
from tests.factories.reception import MORNING, OrderLineFactory, RepairOrderFactory

pytestmark = pytest.mark.django_db

OIL = LineDraft(kind=LineKind.PART, name="机油 5W-30", quantity=Decimal(4), unit_price=Decimal("88.50"), code="YL-01")
LABOUR = LineDraft(kind=LineKind.LABOUR, name="更换机油机滤", quantity=Decimal("0.5"), unit_price=Decimal(120))
FILM = LineDraft(kind=LineKind.ACCESSORY, name="全车贴膜", quantity=Decimal(1), unit_price=Decimal(2980))


@pytest.fixture
def order(people):
    return RepairOrderFactory(advisor=people.advisor, lines=0)


def written(order):
    return [(line.number, line.name, line.payable_amount) for line in order.lines.all()]


def test_lines_are_saved_together(people, order):
    actions.save_lines(order=order, lines=[LABOUR, OIL], by=people.advisor, at=MORNING)
    assert written(order) == [(1, "更换机油机滤", Decimal("60.00")), (2, "机油 5W-30", Decimal("354.00"))]

    actions.save_lines(
        order=order, lines=[replace(OIL, number=2, quantity=Decimal(5)), FILM], by=people.advisor, at=MORNING
    )
    assert written(order) == [(2, "机油 5W-30", Decimal("442.50")), (3, "全车贴膜", Decimal("2980.00"))]


def test_one_line_is_added_changed_and_taken_away(people, order):
    line = actions.add_line(order=order, line=OIL, by=people.advisor, at=MORNING)
    actions.change_line(line=line, draft=replace(OIL, quantity=Decimal(3)), by=people.advisor, at=MORNING)
    assert written(order) == [(1, "机油 5W-30", Decimal("265.50"))]

    actions.remove_line(line=line, by=people.advisor, at=MORNING)
    assert written(order) == []


def test_saving_the_same_lines_again_leaves_the_order_alone(people, order):
    actions.save_lines(order=order, lines=[OIL], by=people.advisor, at=MORNING)
    actions.save_lines(order=order, lines=[replace(OIL, number=1)], by=people.advisor, at=MORNING)

    order.refresh_from_db()
    assert order.version == 2


def test_lines_based_on_an_old_page_are_refused(people, order):
    actions.save_lines(order=order, lines=[OIL], by=people.frontdesk, at=MORNING)

    with pytest.raises(Stale):
        actions.save_lines(order=order, lines=[LABOUR], by=people.advisor, at=MORNING, expected_version=1)

    assert written(order) == [(1, "机油 5W-30", Decimal("354.00"))]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"name": " "}, "name_missing"),
        ({"quantity": Decimal(0)}, "quantity_not_positive"),
        ({"unit_price": Decimal("-0.01")}, "price_negative"),
        ({"discount_rate": Decimal("1.01")}, "discount_wrong"),
        ({"discount_rate": Decimal("0.2001")}, "discount_needs_approval"),
        ({"is_installed": True}, "not_an_accessory"),
    ],
)
def test_a_line_that_can_not_be_right_is_refused_and_no_line_is_written(people, order, wrong, code):
    with pytest.raises(Refusal) as refused:
        actions.save_lines(order=order, lines=[LABOUR, replace(OIL, **wrong)], by=people.advisor, at=MORNING)

    assert refused.value.code == code
    assert written(order) == []


def test_a_discount_below_the_limit_is_entered_by_somebody_who_may(people, order):
    line = actions.add_line(
        order=order, line=replace(FILM, discount_rate=Decimal("0.25")), by=people.frontdesk, at=MORNING
    )

    assert (line.payable_amount, line.discount_approved_by) == (Decimal("2235.00"), people.frontdesk)


@pytest.mark.parametrize(
    ("change", "is_covered"),
    [
        ({"name": "前挡贴膜"}, True),
        ({"seller": True}, True),
        ({"quantity": Decimal(1)}, True),
        ({"discount_rate": Decimal("0.25")}, True),
        ({"discount_rate": Decimal("0.31")}, False),
        ({"quantity": Decimal("2.01")}, False),
        ({"unit_price": Decimal(2981)}, False),
        ({"unit_price": Decimal(2979)}, False),
        ({"payer": Payer.INTERNAL}, False),
        ({"kind": LineKind.PART}, False),
    ],
)
def test_an_approved_discount_covers_what_was_approved_and_no_more(people, order, change, is_covered):
    deep = replace(FILM, quantity=Decimal(2), discount_rate=Decimal("0.30"))
    line = actions.add_line(order=order, line=deep, by=people.frontdesk, at=MORNING)
    draft = replace(deep, **({"seller": people.advisor} if "seller" in change else change))

    if is_covered:
        line = actions.change_line(line=line, draft=draft, by=people.advisor, at=MORNING)
        assert line.discount_approved_by == people.frontdesk
        return
    with pytest.raises(Refusal) as refused:
        actions.change_line(line=line, draft=draft, by=people.advisor, at=MORNING)
    assert refused.value.code == "discount_needs_approval"
    approved_anew = actions.change_line(line=line, draft=draft, by=people.manager, at=MORNING)
    assert approved_anew.discount_approved_by == people.manager


def test_a_discount_down_to_the_limit_needs_nobody(people, order):
    line = actions.add_line(
        order=order, line=replace(FILM, discount_rate=Decimal("0.20")), by=people.advisor, at=MORNING
    )

    assert line.discount_approved_by is None


def test_the_shares_of_a_line_add_up_to_one(people, order):
    both = ((people.technician, Decimal("0.6")), (people.second_technician, Decimal("0.4")))
    line = actions.add_line(order=order, line=replace(LABOUR, shares=both), by=people.advisor, at=MORNING)
    assert [(one.technician, one.share) for one in line.shares.order_by("id")] == [
        (people.technician, Decimal("0.6000")),
        (people.second_technician, Decimal("0.4000")),
    ]

    with pytest.raises(Refusal) as refused:
        actions.share_line(line=line, shares=[(people.technician, Decimal("0.9"))], by=people.workshop, at=MORNING)
    assert refused.value.code == "shares_wrong"


def test_people_and_teams_of_another_store_get_no_credit(people, order):
    others = cast.of_second_store()
    foreign = [
        replace(LABOUR, team=others.mechanics),
        replace(LABOUR, shares=((others.technician, Decimal(1)),)),
        replace(FILM, seller=others.advisor),
        replace(FILM, is_installed=True, installation_team=others.fitters),
    ]

    for line in foreign:
        with pytest.raises(Refusal) as refused:
            actions.add_line(order=order, line=line, by=people.advisor, at=MORNING)
        assert refused.value.code == "other_store"


@pytest.mark.parametrize("state", OrderState)
def test_lines_can_be_written_until_the_order_is_settled_or_cancelled(people, state):
    order = RepairOrderFactory(advisor=people.advisor, state=state, lines=1)

    if state in EDITABLE:
        assert actions.add_line(order=order, line=OIL, by=people.advisor, at=MORNING).number == 2
    else:
        with pytest.raises(Refusal):
            actions.add_line(order=order, line=OIL, by=people.advisor, at=MORNING)
        assert order.lines.count() == 1


def test_a_draft_of_a_line_is_the_line(people, order):
    line = OrderLineFactory(order=order, kind=LineKind.ACCESSORY, payer=Payer.FREE, seller=people.advisor)

    assert LineDraft.of(line) == LineDraft(
        kind=LineKind.ACCESSORY, name="更换机油机滤", quantity=Decimal("1.50"), unit_price=Decimal("120.00"),
        discount_rate=Decimal(0), payer=Payer.FREE, number=1, seller=people.advisor,
    )  # fmt: skip
