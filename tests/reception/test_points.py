"""Membership levels and points."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from dealer_crm.journal.models import Entry
from dealer_crm.values import Refusal
from reception import actions
from reception.choices import CustomerLevel, LineKind, OrderState, Payer, PointsReason
from reception.models import Customer, MembershipTerms, PointsEntry
from reception.queries import drawn_by, levels_of, points_of
from tests.factories.reception import MORNING, CustomerFactory, RepairOrderFactory, VehicleFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 10, 12)
NOON = MORNING + timedelta(hours=3)


@pytest.fixture
def give(people):
    def given(level=CustomerLevel.MEMBER, starts_on=TODAY, points="1", labour="0.05", part="0"):
        return actions.set_membership_terms(
            store=people.store, level=level, starts_on=starts_on, labour_discount_rate=Decimal(labour),
            part_discount_rate=Decimal(part), points_per_yuan=Decimal(points), by=people.manager, at=MORNING,
        )  # fmt: skip

    return given


@pytest.fixture
def member(people):
    return CustomerFactory(store=people.store, level=CustomerLevel.MEMBER)


@pytest.fixture
def ready(people, member):
    lines = [
        {"kind": LineKind.PART, "quantity": Decimal(1), "unit_price": Decimal("380.60")},
        {"kind": LineKind.PART, "quantity": Decimal(1), "unit_price": Decimal(900), "payer": Payer.WARRANTY},
    ]
    car = VehicleFactory(store=people.store, owner=member)
    return RepairOrderFactory(advisor=people.advisor, vehicle=car, state=OrderState.READY, lines=lines)


def spend(people, customer, points, note="兑换洗车券"):
    return actions.spend_points(customer=customer, points=points, note=note, by=people.frontdesk, at=NOON)


def reverse(people, settlement):
    actions.request_reversal(settlement=settlement, reason="付费方选错", by=people.cashier, at=NOON)
    return actions.reverse_settlement(settlement=settlement, by=people.manager, at=NOON)


def test_what_the_customer_pays_earns_points_what_others_pay_does_not(people, give, member, ready):
    give(points="1")

    settlement = actions.settle(order=ready, by=people.cashier, at=NOON)

    assert points_of(member) == 380
    assert (drawn_by(settlement).points, drawn_by(settlement).points_balance) == (380, 380)


def test_a_level_without_terms_earns_nothing(people, give, member, ready):
    give(level=CustomerLevel.VIP)

    actions.settle(order=ready, by=people.cashier, at=NOON)

    assert not PointsEntry.objects.exists()


def test_a_reversal_takes_the_points_back_and_the_next_settlement_gives_them_again(people, give, member, ready):
    give()
    reverse(people, actions.settle(order=ready, by=people.cashier, at=NOON))
    assert points_of(member) == 0

    ready.refresh_from_db()
    actions.settle(order=ready, by=people.cashier, at=NOON)

    assert list(PointsEntry.objects.order_by("id").values_list("points", flat=True)) == [380, -380, 380]


def test_points_redeemed_before_a_reversal_stay_redeemed(people, give, member, ready):
    give()
    settlement = actions.settle(order=ready, by=people.cashier, at=NOON)
    spend(people, member, 300)

    reverse(people, settlement)

    assert points_of(member) == 0
    taken = PointsEntry.objects.get(reason=PointsReason.TAKEN_BACK)
    assert (taken.points, "300" in taken.note) == (-80, True)


def test_a_settlement_of_somebody_erased_is_reversed_and_settled_anew_without_points(people, give, member, ready):
    give()
    settlement = actions.settle(order=ready, by=people.cashier, at=NOON)
    Customer.objects.filter(pk=member.pk).update(erased_at=NOON)
    settlement.order.customer.refresh_from_db()

    reverse(people, settlement)
    ready.refresh_from_db()
    again = actions.settle(order=ready, by=people.cashier, at=NOON)

    assert [entry.points for entry in PointsEntry.objects.all()] == [380]
    assert again.reversed_at is None
    assert Entry.objects.get(verb="settlement.reversed").note == "付费方选错"


@pytest.mark.parametrize(
    ("points", "note", "code"),
    [
        (0, "洗车", "points_wrong"),
        (-5, "洗车", "points_wrong"),
        (5, " ", "note_missing"),
        (101, "洗车", "points_short"),
    ],
)
def test_redeeming_says_what_is_wrong(people, member, points, note, code):
    actions.correct_points(customer=member, points=100, note="开户赠送", by=people.manager, at=NOON)

    with pytest.raises(Refusal) as refused:
        spend(people, member, points, note)

    assert refused.value.code == code
    assert points_of(member) == 100


def test_a_correction_goes_both_ways_but_never_below_zero(people, member):
    correct = lambda points: actions.correct_points(  # noqa: E731
        customer=member, points=points, note="补录", by=people.manager, at=NOON
    )
    correct(50)
    correct(-20)

    with pytest.raises(Refusal) as refused:
        correct(-31)
    assert (refused.value.code, points_of(member)) == ("points_short", 30)


def test_terms_hold_from_their_day_and_what_was_before_stays(people, give):
    give(starts_on=TODAY, points="1")
    give(starts_on=TODAY + timedelta(days=20), points="2")

    member = levels_of(people.store, TODAY + timedelta(days=19))[1]
    assert (member.level, member.now.points_per_yuan, len(member.history)) == (CustomerLevel.MEMBER, Decimal(1), 2)
    assert levels_of(people.store, TODAY + timedelta(days=20))[1].now.points_per_yuan == Decimal(2)


def test_the_same_day_again_replaces_it(people, give):
    give(points="1")
    give(points="3")

    assert MembershipTerms.objects.get().points_per_yuan == Decimal(3)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"starts_on": TODAY - timedelta(days=1)}, "past"),
        ({"labour": "1.01"}, "discount_wrong"),
        ({"part": "-0.1"}, "discount_wrong"),
        ({"points": "-1"}, "points_negative"),
    ],
)
def test_terms_that_make_no_sense_are_refused(give, given, code):
    with pytest.raises(Refusal) as refused:
        give(**given)

    assert refused.value.code == code


def test_only_terms_that_have_not_begun_are_withdrawn(people, give):
    now, later = give(), give(starts_on=TODAY + timedelta(days=1))

    actions.withdraw_membership_terms(terms=later, by=people.manager, at=NOON)
    with pytest.raises(Refusal) as refused:
        actions.withdraw_membership_terms(terms=now, by=people.manager, at=NOON)

    assert refused.value.code == "begun"
    assert list(MembershipTerms.objects.all()) == [now]
