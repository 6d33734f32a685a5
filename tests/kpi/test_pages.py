"""The pages, the workbook and the addresses of targets and figures."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from dealer_crm.access.roles import Role
from dealer_crm.kpi import actions
from dealer_crm.kpi.choices import Measure
from dealer_crm.kpi.models import Target
from dealer_crm.kpi.queries import MEASURES, Aim, Months, measured, month_measures, proposal, tiles
from dealer_crm.kpi.reports import kpi_report
from dealer_crm.kpi.settings import ON_TIME_GOAL
from dealer_crm.organization.actions import set_figure
from dealer_crm.organization.models import Store
from dealer_crm.reporting.workbooks import to_xlsx
from dealer_crm.values import Period
from reception.choices import DelayCause
from reception.models import Receivable, RepairOrder
from reception.queries import recovery
from tests.factories import cast
from tests.factories.organization import StaffFactory
from tests.factories.reception import MORNING, ReceiptFactory
from tests.importing.workbooks import month_tables, take_in, written

SEPTEMBER = Period(2026, 9)
pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast.of_store()


@pytest.fixture
def month_store():
    take_in(written(month_tables()))
    return Store.objects.get(code="GD81")


def test_the_figures_of_the_example_month(month_store):
    found = month_measures(month_store, SEPTEMBER)
    assert found["output"].value == Decimal("194538.03")
    assert found["car_count"].value == 89
    assert list(found) == list(MEASURES)


@pytest.mark.parametrize(
    ("change", "is_on_time"),
    [
        ({}, True),
        ({"late_by_customer": True}, False),
        ({"late_by_customer": True, "delay_cause": DelayCause.CUSTOMER, "delay_confirmed": True}, False),
    ],
)
def test_the_customers_no_makes_an_order_late_whatever_the_clock_said(month_store, change, is_on_time):
    start, end = SEPTEMBER.bounds(month_store.tz)
    order = RepairOrder.objects.filter(delivered_at__gte=start, delivered_at__lt=end).first()
    RepairOrder.objects.exclude(pk=order.pk).update(delivered_at=None, state="settled")
    RepairOrder.objects.filter(pk=order.pk).update(promised_at=order.delivered_at, **change)
    assert measured("on_time", month_store, SEPTEMBER).value == int(is_on_time)


def test_a_delay_the_customer_caused_and_confirmed_counts_as_on_time(month_store):
    start, end = SEPTEMBER.bounds(month_store.tz)
    RepairOrder.objects.filter(delivered_at__gte=start, delivered_at__lt=end).update(
        promised_at=start, arrived_at=start, delay_cause=DelayCause.CUSTOMER, delay_confirmed=True
    )
    assert measured("on_time", month_store, SEPTEMBER).value == 1


def test_the_recovery_rate_is_the_one_of_the_receivables_page(month_store):
    order = RepairOrder.objects.filter(
        receivables__open_amount=0, receivables__settled_amount__gt=0, receivables__payer="customer"
    ).first()
    owed = order.receivables.get(payer="customer")
    ReceiptFactory(order=order, amount=owed.settled_amount)  # paid twice: makes up for nobody else
    rows = recovery(Receivable.objects.of_store(month_store), SEPTEMBER, SEPTEMBER, month_store.tz)
    together = rows[-1]
    found = measured("recovery", month_store, SEPTEMBER)
    assert (found.numerator, found.denominator, found.value) == (
        together.received_amount, together.settled_amount, together.rate
    )  # fmt: skip
    assert 0 < found.value < 1


def test_months_asked_together_are_what_they_are_alone(month_store):
    september, october = SEPTEMBER, SEPTEMBER.next()
    RepairOrder.objects.filter(number__endswith="1").update(delivered_at=MORNING, settled_at=MORNING)
    together = Months(month_store, october, september)
    for period in (september, october):
        assert together.measured(period) == month_measures(month_store, period)
    assert together.measured(september) != together.measured(october)


def test_a_measure_without_anything_to_measure_has_no_value(people):
    assert month_measures(people.store, SEPTEMBER)["on_time"].value is None


def test_the_workbook_says_for_every_figure_numerator_denominator_and_definition(month_store):
    report = kpi_report(store=month_store, period=SEPTEMBER, by=None, at=MORNING)
    figures = {row[0]: row for row in report.sheets[0].rows}
    assert report.file_stem == "kpi-GD81-2026-09"
    assert [column.title for column in report.sheets[0].columns][3:6] == ["分子", "分母", "本月"]
    assert figures["output"][5] == Decimal("194538.03")
    assert all(row[11] for row in figures.values())
    book = io.BytesIO()
    to_xlsx(report, book)
    shown = {row[0].value: row[5].number_format for row in load_workbook(book)["指标"].iter_rows(min_row=2)}
    told = [shown[code] for code in ("output", "car_count", "margin_rate")]
    assert told == ["#,##0.00", "#,##0", "0.0%"]  # money, cars and shares each as people read them
    parts: dict[tuple, list] = {}
    for row in report.sheets[1].rows:
        parts.setdefault(row[:2], []).append(row)
    assert {by for _measure, by in parts} == {"维修类型", "品牌", "服务顾问", "销售人", "班组"}
    for code in ("output", "car_count"):
        told = [
            sum(row[5] for row in rows)
            for (measure, by), rows in parts.items()
            if (measure, by != "班组") == (figures[code][1], True)
        ]
        assert told == [figures[code][5]] * 3


def test_the_command_writes_the_workbook(month_store, run_manage, tmp_path):
    # The command works on the committed database; here only its refusals can be seen.
    done = run_manage("kpi_report", "--store", "NOSUCH", "--period", "2026-09", "--out", str(tmp_path / "k.xlsx"))
    assert done.returncode == 1
    assert "NOSUCH" in done.stderr


def test_the_dashboard_asks_no_more_for_a_full_month_than_for_an_empty_one(
    client, month_store, django_assert_num_queries
):
    client.force_login(StaffFactory(role=Role.MANAGER, store=month_store))
    for month, cars in (("2026-09", 89), ("2026-02", 0)):
        with django_assert_num_queries(14):  # session, person and store are three of them
            page = client.get(reverse("kpi:dashboard"), {"period": month})
        assert {tile.entry.code: tile.now.value for tile in page.context["tiles"]}["car_count"] == cars


def test_a_manager_sets_a_target_and_an_advisor_signs_it_in_the_browser(client, people):
    client.force_login(people.manager)
    fields = {"period": "2026-11", "measure": Measure.CAR_COUNT, "goal": "120"}
    assert client.post(reverse("kpi:target_new"), fields).status_code == 302
    target = Target.objects.get()
    client.force_login(people.advisor)
    page = client.get(reverse("kpi:own_targets")).content.decode()
    assert target.get_measure_display() in page
    assert ('class="num">120<' in page, "120.00" in page) == (True, False)
    client.post(reverse("kpi:target_sign", args=[target.pk]))
    assert target.signatures.get().staff == people.advisor


def test_the_form_says_at_its_field_what_is_wrong(client, people):
    client.force_login(people.manager)
    answer = client.post(reverse("kpi:target_new"), {"period": "十月", "measure": Measure.OUTPUT, "goal": "1"})
    assert answer.context["form"].errors["period"]
    answer = client.post(reverse("kpi:target_new"), {"period": "2026-11", "measure": Measure.OUTPUT, "goal": "0"})
    assert answer.context["form"].errors["goal"]
    assert Target.objects.count() == 0


def test_targets_and_figures_through_the_api(client, people):
    client.force_login(people.manager)
    body = {"period": "2026-11", "measure": "output", "goal": "200000"}
    made = client.post("/api/v1/targets/", body, content_type="application/json")
    assert (made.status_code, made.json()["is_signed"]) == (201, False)
    figures = client.get("/api/v1/kpis/?period=2026-11").json()
    assert [figure["code"] for figure in figures] == list(MEASURES)
    assert {figure["goal"] for figure in figures if figure["code"] in ("output", "on_time")} == {
        "200000.0000",
        "0.9600",
    }
    refused = client.post("/api/v1/targets/", {**body, "goal": "0"}, content_type="application/json")
    assert refused["Content-Type"] == "application/problem+json"
    assert client.get("/api/v1/kpis/?period=十月").status_code == 422
    part = {**body, "team": people.mechanics.name}
    made = client.post("/api/v1/targets/", part, content_type="application/json").json()
    assert (made["team"], made["goal"], Target.objects.count()) == (people.mechanics.name, "200000.0000", 2)
    rate = {**part, "measure": "on_time", "goal": "0.96"}
    assert client.post("/api/v1/targets/", rate, content_type="application/json").status_code == 409
    strange = {**body, "team": "别店一组"}
    assert client.post("/api/v1/targets/", strange, content_type="application/json").status_code == 422


def test_the_same_key_sets_a_target_once(client, people):
    client.force_login(people.manager)
    body = {"period": "2026-11", "measure": "output", "goal": "200000"}
    answers = [
        client.post("/api/v1/targets/", body, content_type="application/json", headers={"Idempotency-Key": "k-1"})
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert answers[1]["Idempotency-Replayed"] == "true"
    other = {**body, "goal": "1"}
    reused = client.post("/api/v1/targets/", other, content_type="application/json", headers={"Idempotency-Key": "k-1"})
    assert (reused.status_code, Target.objects.get().goal) == (409, Decimal(200000))


def test_another_stores_targets_are_not_there(client, people):
    others = cast.of_second_store()
    target = actions.set_target(
        store=others.store, period=SEPTEMBER, measure=Measure.OUTPUT, goal=Decimal(1), by=others.manager, at=MORNING
    )
    client.force_login(people.manager)
    assert client.get(f"/api/v1/targets/{target.pk}/").status_code == 404
    assert client.get("/api/v1/kpis/?period=2026-09&store=SH01").status_code == 404


def test_what_a_measure_is_held_against_is_a_figure_that_holds_from_a_day(people):
    def goal(period):
        return next(tile.goal for tile in tiles(people.store, period) if tile.entry.code == "on_time")

    set_figure(figure=ON_TIME_GOAL, store=people.store, value="0.9", starts_on=date(2026, 10, 1), by=None, at=MORNING)
    assert [goal(SEPTEMBER), goal(SEPTEMBER.next())] == [Decimal("0.96"), Decimal("0.9")]


def test_a_proposal_follows_last_year_and_is_not_saved(client, month_store):
    found = proposal(month_store, 2027, Measure.CAR_COUNT, Decimal(1200), to_people=True, at=MORNING)
    months = [found.goals[Aim("car_count", Period(2027, month))] for month in range(1, 13)]
    of_people = [goal for aim, goal in found.goals.items() if aim.staff_id and aim.period == Period(2027, 1)]
    assert (found.known, found.people_known, sum(months), sum(of_people)) == (3, True, Decimal(1200), months[0])
    assert months[8] > months[0] == months[11]  # September had the most cars; months without a figure the average
    client.force_login(StaffFactory(role=Role.MANAGER, store=month_store))
    asked = {"year": 2026, "measure": Measure.ACCESSORY_SALES, "total": "1200", "people": "on"}
    page = client.get(reverse("kpi:target_grid"), asked)
    assert page.context["sheet"].rows[0].cells[0].goal == "100"
    assert page.context["told"][0] == "去年没有数据，各月平均分配。"
    assert Target.objects.filter(goal=100).count() == 0
