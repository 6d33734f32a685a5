"""Targets: set, signed by those they bind, changed only at the price of the signatures."""

from decimal import Decimal

import pytest

from dealer_crm.journal.models import Entry
from dealer_crm.kpi import actions
from dealer_crm.kpi.choices import Measure
from dealer_crm.kpi.models import Target
from dealer_crm.kpi.queries import bound_staff, unsigned_targets_of
from dealer_crm.values import Period, Refusal
from tests.factories import cast
from tests.factories.reception import MORNING

NOVEMBER = Period(2026, 11)
pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast.of_store()


def set_output(people, goal="200000", **fields):
    return actions.set_target(
        store=people.store, period=NOVEMBER, measure=Measure.OUTPUT, goal=Decimal(goal), by=people.manager, at=MORNING,
        **fields,
    )  # fmt: skip


def test_a_store_target_binds_the_advisors_and_counts_when_all_have_signed(people):
    target = set_output(people)
    assert set(bound_staff(target)) == {people.advisor, people.second_advisor}
    actions.sign_target(target=target, by=people.advisor, at=MORNING)
    assert Target.objects.get().is_signed is False
    actions.sign_target(target=target, by=people.second_advisor, at=MORNING)
    assert Target.objects.get().is_signed is True


def test_signing_twice_is_signing_once(people):
    target = set_output(people)
    actions.sign_target(target=target, by=people.advisor, at=MORNING)
    actions.sign_target(target=target, by=people.advisor, at=MORNING)
    assert target.signatures.count() == 1


def test_whom_a_target_does_not_bind_cannot_sign_it(people):
    with pytest.raises(Refusal):
        actions.sign_target(target=set_output(people), by=people.cashier, at=MORNING)


def test_a_changed_goal_takes_the_signatures_away(people):
    target = set_output(people)
    for person in (people.advisor, people.second_advisor):
        actions.sign_target(target=target, by=person, at=MORNING)
    set_output(people, goal="210000")
    target.refresh_from_db()
    assert (target.is_signed, target.signatures.count(), target.goal) == (False, 0, Decimal(210000))
    changes = Entry.objects.filter(verb="target.set").order_by("-id").values_list("changes", flat=True).first()
    assert changes["goal"] == ["200,000.00", "210,000.00"]


def test_setting_the_same_goal_again_keeps_the_signatures(people):
    target = set_output(people)
    actions.sign_target(target=target, by=people.advisor, at=MORNING)
    set_output(people)
    assert target.signatures.count() == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"goal": "0"}, "goal"), ({"goal": "-5"}, "goal"), ({"goal": "100", "floor": Decimal(101)}, "floor")],
)
def test_a_target_that_cannot_be_is_refused_at_its_field(people, fields, field):
    with pytest.raises(Refusal) as refused:
        set_output(people, **fields)
    assert refused.value.field == field
    assert Target.objects.count() == 0


def test_a_person_of_another_store_gets_no_target_here(people):
    others = cast.of_second_store()
    with pytest.raises(Refusal):
        set_output(people, staff=others.advisor)


def test_people_are_shown_what_waits_for_their_signature(people):
    target = set_output(people)
    assert unsigned_targets_of(people.advisor) == [target]
    assert unsigned_targets_of(people.cashier) == []
    actions.sign_target(target=target, by=people.advisor, at=MORNING)
    assert unsigned_targets_of(people.advisor) == []
