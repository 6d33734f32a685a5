"""External comebacks: the chain, the decision, what it does to the hours, and until when it may change."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from commission.formulas.hours import credited_hours, team_rows
from commission.formulas.plan import HoursPrice
from commission.queries import month_facts
from dealer_crm.organization.actions import set_figure
from dealer_crm.values import Period, Refusal, Stale
from reception.choices import OrderState
from tests.factories.reception import MORNING, RepairOrderFactory
from tests.factories.workshop import ComebackDecisionFactory, ComebackFactory
from workshop import actions, formulas, queries
from workshop.choices import Responsibility
from workshop.events import comeback_decided
from workshop.models import ComebackDecision
from workshop.settings import COMEBACK_STANDARDS

pytestmark = pytest.mark.django_db

NOON = MORNING + timedelta(hours=3)


def comeback_of(people, **fields):
    return ComebackFactory(**{"store": people.store, "advisor": people.advisor, **fields})


def decide(order, people, **fields):
    return actions.decide_comeback(
        **{
            "order": order, "is_accepted": True, "responsibility": Responsibility.TEAM, "team": people.mechanics,
            "standard": "三十日内同一故障", "original_line": order.original.lines.first(), "by": people.inspector,
            "at": NOON, **fields,
        }
    )  # fmt: skip


def refused(order, people, **fields) -> str:
    with pytest.raises(Refusal) as caught:
        decide(order, people, **fields)
    return caught.value.code


@pytest.fixture
def look(client):
    def open_as(person, name, *args, data=None, **query):
        client.force_login(person, "django.contrib.auth.backends.ModelBackend")
        address = reverse(f"workshop:{name}", args=args)
        return client.get(address, query) if data is None else client.post(address, data)

    return open_as


# ── The hours ────────────────────────────────────────────────────────────────────────────────────────────────────────
HALF = Decimal("0.5")


@pytest.mark.parametrize(
    ("payer", "credited", "at_fault", "counted"),
    [
        ("customer", (("机电一组", 1),), (), [("机电一组", 2, "")]),
        ("customer", (("机电一组", 1),), ("机电一组",), [("机电一组", 2, "fault")]),
        ("warranty", (("机电二组", 1),), ("机电一组",), [("机电二组", 2, "")]),
        ("internal", (("机电二组", 1),), ("机电一组",), [("机电二组", 2, "payer")]),
        ("free", (("机电一组", 1),), ("机电一组",), [("机电一组", 2, "payer")]),
        ("insurance", (("机一", HALF), ("钣喷", HALF)), ("机一",), [("机一", 1, "fault"), ("钣喷", 1, "")]),
        ("customer", (), ("机电一组",), [("", 2, "nobody")]),
    ],
)  # fmt: skip
def test_hours_of_a_comeback_count_for_whoever_does_not_answer_for_it(payer, credited, at_fault, counted):
    line = formulas.LabourFact("更换刹车片", Decimal(2), payer, credited)
    assert [(row.team, row.hours, row.why_not) for row in formulas.hours_counted([line], at_fault)] == counted


@pytest.mark.parametrize(
    ("decision", "counts"),
    [
        (None, True),
        ({"is_accepted": False, "responsibility": Responsibility.NONE, "team": None}, True),
        ({"responsibility": Responsibility.PARTS, "team": None}, True),
        ({}, False),
        ({"responsibility": Responsibility.TECHNICIAN, "technician": "technician"}, False),
        ({"responsibility": Responsibility.TECHNICIAN, "technician": "advisor"}, False),  # no team: every credited one
        ({"team": "painters"}, True),
    ],
)
def test_the_page_says_what_the_pay_will_count(people, decision, counts):
    order = comeback_of(people, lines=[{"team": people.mechanics}], state=OrderState.READY, completed_at=NOON)
    if decision is not None:
        named = {name: getattr(people, who) for name, who in decision.items() if name in ("team", "technician") and who}
        decide(order, people, **decision | named)
    kept = ComebackDecision.objects.filter(order=order).first()
    facts = month_facts(people.store, Period(2026, 10))
    block = HoursPrice("C", "C", "mechanical", Decimal(120), Decimal("1.17"), Decimal("0.18"), ("customer",))
    paid = [row.counted for row in team_rows(credited_hours(facts), facts, block, people.mechanics.name)]
    shown = [row.hours if row.counts else 0 for row in queries.hours_of_comeback(order, kept)]
    assert shown == paid == [Decimal("1.50") if counts else 0]


# ── Deciding ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_what_failed_of_the_original_is_named_where_somebody_answers_for_it(people):
    order = comeback_of(people)
    foreign = RepairOrderFactory(store=people.store).lines.first()
    assert refused(order, people, original_line=None) == "line_missing"
    assert refused(order, people, original_line=foreign) == "refused"
    decide(order, people, responsibility=Responsibility.DIAGNOSIS, team=None, original_line=None)
    assert decide(order, people).original_line == order.original.lines.first()


def test_a_decision_somebody_else_made_meanwhile_is_not_replaced(people):
    order = comeback_of(people)
    seen = decide(order, people).decided_at
    decide(order, people, at=NOON + timedelta(minutes=1), standard="另一个标准")
    with pytest.raises(Stale):
        decide(order, people, at=NOON + timedelta(minutes=2), seen_at=seen)


def test_a_decision_may_change_also_when_its_month_is_paid_and_is_announced_for_the_correction(people, pay_of):
    order = comeback_of(people, state=OrderState.READY, completed_at=NOON)
    decide(order, people)
    pay_of("2026-10")
    heard = []
    comeback_decided.connect(listener := lambda order_id, **_facts: heard.append(order_id))
    try:
        assert decide(order, people, team=people.painters).team == people.painters
    finally:
        comeback_decided.disconnect(listener)
    assert heard == [order.pk]


# ── Pages ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_chain_is_told_from_the_first_visit_to_the_last(people, look):
    second = comeback_of(
        people, state=OrderState.DELIVERED, delivered_at=MORNING, began_at=MORNING - timedelta(days=3), lines=2,
        original__began_at=MORNING - timedelta(days=9),
    )  # fmt: skip
    third = comeback_of(people, vehicle=second.vehicle, original=second, mileage=30_800)
    second.mileage = 30_000
    second.save()
    ComebackDecisionFactory(order=second, decided_by=people.inspector)
    page = look(people.inspector, "comeback", third.pk).context
    assert page["visits"] == [second.original, second, third]
    assert (page["since"].days, page["since"].kilometres) == (0, 800)


def test_a_standard_is_chosen_from_the_stores_own_and_added_to(people, look):
    set_figure(
        figure=COMEBACK_STANDARDS, store=people.store, value=["同一故障", "漏做项目"], starts_on=MORNING.date(),
        by=people.manager, at=MORNING,
    )  # fmt: skip
    order = comeback_of(people)
    body = {
        "is_accepted": "yes", "responsibility": "parts", "original_line": order.original.lines.first().pk,
        "chosen_standard": "漏做项目", "standard": "左后轮未装",
    }  # fmt: skip
    assert look(people.inspector, "comeback", order.pk, data=body).status_code == 302
    assert ComebackDecision.objects.get().standard == "漏做项目；左后轮未装"
    form = look(people.inspector, "comeback", order.pk).context["form"]
    assert (form.initial["chosen_standard"], form.initial["standard"]) == ("漏做项目", "左后轮未装")
    empty = look(people.inspector, "comeback", order.pk, data=body | {"chosen_standard": "other", "standard": " "})
    assert list(empty.context["form"].errors) == ["standard"]


def test_what_it_means_is_shown_while_the_form_is_filled_in(people, look):
    order = comeback_of(people, lines=[{"team": people.mechanics}])
    asked = {"is_accepted": "yes", "responsibility": "team", "team": people.mechanics.pk}
    before, after, half = (
        look(people.inspector, "comeback_effect", order.pk, **query).context["rows"][0][0].counts
        for query in ({}, asked, asked | {"team": ""})
    )
    assert (before, after, half, ComebackDecision.objects.count()) == (True, False, True, 0)


def test_half_a_decision_is_not_shown_as_one(people, look):
    order = comeback_of(people)
    page = look(people.inspector, "comeback", order.pk, data={"responsibility": Responsibility.TEAM})
    assert (page.context["decided"], page.context["is_decided"]) == (None, False)
    assert page.context["form"].errors.keys() == {"is_accepted"}


def test_who_has_left_can_still_answer(people):
    order = comeback_of(people)
    line = order.original.lines.first()
    line.shares.create(technician=people.technician, share=1)
    people.technician.is_active = False
    people.technician.save()
    assert people.technician in queries.may_answer(order, MORNING.date())


@pytest.mark.parametrize("lines", [1, 30])
def test_the_chain_costs_the_same_however_much_was_done(people, lines, django_assert_num_queries):
    order = comeback_of(people, lines=lines)
    with django_assert_num_queries(5):  # visits, lines, shares, jobs of lines and of visits
        visits = queries.visits_of_fault(order)
        told = [[*line.shares.all(), *line.jobs.all()] for one in visits for line in one.lines.all()]
    assert len(told) == lines + 1


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_costs_the_same_however_long(people, look, rows, django_assert_num_queries):
    for _ in range(rows):
        ComebackDecisionFactory(order=comeback_of(people), decided_by=people.inspector)
    look(people.inspector, "comebacks")
    with django_assert_num_queries(1):
        assert len(list(queries.comebacks(people.inspector, decided=True).order_by("-pk"))) == rows
