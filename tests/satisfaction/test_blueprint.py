"""The live service blueprint: what each touchpoint took, from real moments. Source: spec satisfaction.md."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from callback.choices import RuleCode
from dealer_crm.journal import actions as journal
from dealer_crm.organization.actions import set_figure
from dealer_crm.values import Period
from reception.choices import AppointmentState, OrderKind, OrderState
from reception.models import RepairOrder
from satisfaction import queries
from satisfaction.choices import Lane
from satisfaction.formulas.blueprint import Passage, tone_of_passage
from satisfaction.settings import GREETED_MINUTES
from tests.factories import cast
from tests.factories.appointments import AppointmentFactory
from tests.factories.callback import CallTaskFactory, ContactFactory, shipped_rule
from tests.factories.reception import RepairOrderFactory
from tests.factories.satisfaction import ANSWERED, response
from tests.factories.workshop import JobFactory
from workshop.choices import JobState

OCTOBER = Period(2026, 10)
NINE = datetime(2026, 10, 12, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
MINUTE = timedelta(minutes=1)


@pytest.fixture
def people(db):
    return cast.of_store()


def visit(people, day=0, *, waited=0, **late):
    """A visit whose touchpoints take known minutes; `late` adds minutes to one: `greeting=10`."""
    took = {"greeting": 3, "order": 10, "dispatch": 8, "start": 12, "work": 90, "inspection": 20, "settlement": 15,
            "delivery": 10}  # fmt: skip
    moments, at = {}, NINE + timedelta(days=day)
    for name, minutes in took.items():
        at += (minutes + late.get(name, 0)) * MINUTE + (waited * MINUTE if name == "work" else timedelta())
        moments[name] = at
    order = RepairOrderFactory(advisor=people.advisor, state=OrderState.DELIVERED, began_at=NINE + timedelta(days=day))
    RepairOrder.objects.filter(pk=order.pk).update(
        greeted_at=moments["greeting"], opened_at=moments["order"], completed_at=moments["inspection"],
        settled_at=moments["settlement"], delivered_at=moments["delivery"],
        promised_at=NINE + timedelta(days=day, hours=4),
    )  # fmt: skip
    JobFactory(
        order=order, team=people.mechanics, technician=people.technician, state=JobState.FINISHED,
        assigned_at=moments["dispatch"], started_at=moments["start"], finished_at=moments["work"],
    )  # fmt: skip
    if waited:
        for verb, moment in (
            ("waiting", moments["start"] + 5 * MINUTE),
            ("resumed", moments["start"] + (5 + waited) * MINUTE),
        ):
            journal.record(by=None, at=moment, verb=f"repair_order.{verb}", subject=order, store=people.store)
    order.refresh_from_db()
    return order


def cells(people, period=OCTOBER):
    found = queries.blueprint(people.store, period)
    return {cell.touchpoint.code: cell for _lane, places in found.lanes for _does, some in places for cell in some}


def test_every_touchpoint_is_measured_from_the_moments_of_the_visit(people):
    first, second = visit(people), visit(people, 1, greeting=10, waited=40)
    AppointmentFactory(store=people.store, vehicle=first.vehicle, order=first, starts_at=NINE + 20 * MINUTE,
                       state=AppointmentState.ARRIVED)  # fmt: skip
    task = CallTaskFactory(order=first, rule=shipped_rule(people.store, RuleCode.SERVICE_3D))
    for hours in (30, 50):
        ContactFactory(task=task, order=first, at=first.delivered_at + timedelta(hours=hours))
    found = {code: (cell.passage.n, cell.passage.median, cell.passage.within) for code, cell in cells(people).items()}
    assert found == {
        "arrival": (1, 20, 0), "greeting": (2, 8, 1), "order": (2, 10, 2), "dispatch": (2, 8, 2), "start": (2, 12, 2),
        "work": (2, 90, 2), "waiting": (1, 40, 0), "inspection": (2, 20, 2), "settlement": (2, 15, 2),
        "delivery": (2, 10, 2), "call": (1, 30 * 60, 1),
    }  # fmt: skip
    assert cells(people)["greeting"].passage.p90 == 12
    touchpoint = queries.touchpoint_named("greeting")
    behind = queries.passed_by(touchpoint, people.store, OCTOBER).order_by("-took")
    assert [(order.pk, order.took) for order in behind] == [(second.pk, 13), (first.pk, 3)]
    assert [order.pk for order in queries.passed_by(touchpoint, people.store, OCTOBER, beyond=Decimal(5))] == [
        second.pk
    ]


def test_promises_kept_are_counted_as_everywhere_and_other_visits_stay_out(people):
    visit(people), visit(people, 1, inspection=300)
    said_late = visit(people, 2)
    RepairOrder.objects.filter(pk=said_late.pk).update(late_by_customer=True)
    RepairOrder.objects.filter(pk=visit(people, 3).pk).update(kind=OrderKind.PDI)
    visit(people, 25)  # handed over in November
    visit(cast.of_second_store())
    found = queries.blueprint(people.store, OCTOBER)
    assert (found.visits, found.promised, found.kept) == (3, 3, 1)


def test_a_standard_is_a_dated_figure_and_colours_its_cell(people):
    for day in range(10):
        visit(people, day)
    assert cells(people)["greeting"].tone == "success"
    set_figure(figure=GREETED_MINUTES, store=people.store, value="2", starts_on=OCTOBER.first_day, by=None, at=NINE)
    assert (cells(people)["greeting"].tone, cells(people)["order"].tone) == ("danger", "success")
    response(people, {"F02": 4})
    said = cells(people)["greeting"].factors
    assert [(one.code, one.n, one.mean, small) for one, small in said] == [("F02", 1, 4, True), ("F03", 1, 9, True)]


@pytest.mark.parametrize(
    ("n", "within", "tone"),
    [
        (0, 0, "neutral"),
        (9, 9, "neutral"),
        (10, 9, "success"),
        (10, 8, "warning"),
        (100, 75, "warning"),
        (100, 74, "danger"),
    ],
)
def test_the_colour_of_a_cell(n, within, tone):
    said = tone_of_passage(Passage(n, within), well=Decimal("0.9"), badly=Decimal("0.75"), smallest_sample=10)
    assert said == tone


def test_the_pages_ask_the_same_queries_for_one_visit_and_for_thirty(client, people, django_assert_max_num_queries):
    client.force_login(people.manager)
    visit(people)
    addresses = [
        reverse("satisfaction:blueprint"), reverse("satisfaction:blueprint_print"),
        reverse("satisfaction:blueprint_orders", args=["work"]),
    ]  # fmt: skip
    asked = {"period": str(OCTOBER)}
    needed = {}
    for address in addresses:
        with django_assert_max_num_queries(12) as one:
            assert client.get(address, asked).status_code == 200
        needed[address] = len(one.captured_queries)
    for day in range(15):
        visit(people, day)
    for address in addresses:
        with django_assert_max_num_queries(needed[address]):
            client.get(address, asked)


def test_a_cell_leads_to_the_orders_behind_it(client, people):
    client.force_login(people.manager)
    slow = visit(people, greeting=30)
    quick = visit(people, 1)
    page = client.get(reverse("satisfaction:blueprint"), {"period": str(OCTOBER)})
    assert f"{reverse('satisfaction:blueprint_orders', args=['greeting'])}?period=2026-10" in page.text
    behind = reverse("satisfaction:blueprint_orders", args=["greeting"])
    every = client.get(behind, {"period": "2026-10"}).context["page"].rows
    beyond = client.get(behind, {"period": "2026-10", "beyond": "1"}).context["page"].rows
    assert (every, beyond) == ([slow, quick], [slow])
    assert client.get(reverse("satisfaction:blueprint_orders", args=["nothing"])).status_code == 404
    assert client.get(reverse("satisfaction:blueprint"), {"period": "2020-01"}).status_code == 200


def test_the_lanes_stand_in_their_order_with_the_line_of_visibility_below_the_front_stage(people):
    found = queries.blueprint(people.store, OCTOBER)
    assert [lane for lane, _places in found.lanes] == [Lane.CUSTOMER, Lane.FRONT, Lane.BACK, Lane.SUPPORT]
    assert {len(places) + 1 for _lane, places in found.lanes} == {found.width}


def test_answers_of_the_month_are_the_factor_scores_of_a_cell(people):
    visit(people)
    response(people, {"F02": 10}, at=ANSWERED - timedelta(days=30))
    assert cells(people)["greeting"].factors == []
