"""The pages, the workbook and the addresses of targets and figures."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from dealer_crm.access.roles import Role
from dealer_crm.kpi.choices import Measure
from dealer_crm.kpi.models import Target
from dealer_crm.kpi.queries import MEASURES, Aim, Months, measured, month_measures, proposal, tiles
from dealer_crm.kpi.reports import kpi_report
from dealer_crm.kpi.settings import ON_TIME_GOAL
from dealer_crm.organization.actions import set_figure
from dealer_crm.reporting.workbooks import to_xlsx
from dealer_crm.values import Period
from reception.choices import DelayCause
from reception.models import Receivable, RepairOrder
from reception.queries import recovery
from tests.factories import cast
from tests.factories.organization import StaffFactory
from tests.factories.reception import MORNING, ReceiptFactory

SEPTEMBER = Period(2026, 9)
pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast.of_store()


def test_the_figures_of_the_example_month(store):
    found = month_measures(store, SEPTEMBER)
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
def test_the_customers_no_makes_an_order_late_whatever_the_clock_said(store, change, is_on_time):
    start, end = SEPTEMBER.bounds(store.tz)
    order = RepairOrder.objects.filter(delivered_at__gte=start, delivered_at__lt=end).first()
    RepairOrder.objects.exclude(pk=order.pk).update(delivered_at=None, state="settled")
    RepairOrder.objects.filter(pk=order.pk).update(promised_at=order.delivered_at, **change)
    assert measured("on_time", store, SEPTEMBER).value == int(is_on_time)


def test_a_delay_the_customer_caused_and_confirmed_counts_as_on_time(store):
    start, end = SEPTEMBER.bounds(store.tz)
    RepairOrder.objects.filter(delivered_at__gte=start, delivered_at__lt=end).update(
        promised_at=start, arrived_at=start, delay_cause=DelayCause.CUSTOMER, delay_confirmed=True
    )
    assert measured("on_time", store, SEPTEMBER).value == 1


def test_the_recovery_rate_is_the_one_of_the_receivables_page(store):
    order = RepairOrder.objects.filter(
        receivables__open_amount=0, receivables__settled_amount__gt=0, receivables__payer="customer"
    ).first()
    owed = order.receivables.get(payer="customer")
    ReceiptFactory(order=order, amount=owed.settled_amount)  # paid twice: makes up for nobody else
    rows = recovery(Receivable.objects.of_store(store), SEPTEMBER, SEPTEMBER, store.tz)
    together = rows[-1]
    found = measured("recovery", store, SEPTEMBER)
    assert (found.numerator, found.denominator, found.value) == (
        together.received_amount, together.settled_amount, together.rate
    )  # fmt: skip
    assert 0 < found.value < 1


def test_months_asked_together_are_what_they_are_alone(store):
    september, october = SEPTEMBER, SEPTEMBER.next()
    RepairOrder.objects.filter(number__endswith="1").update(delivered_at=MORNING, settled_at=MORNING)
    together = Months(store, october, september)
    for period in (september, october):
        assert together.measured(period) == month_measures(store, period)
    assert together.measured(september) != together.measured(october)


def test_a_measure_without_anything_to_measure_has_no_value(people):
    assert month_measures(people.store, SEPTEMBER)["on_time"].value is None


def test_the_workbook_says_for_every_figure_numerator_denominator_and_definition(store):
    report = kpi_report(store=store, period=SEPTEMBER, by=None, at=MORNING)
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


def test_the_command_writes_the_workbook(store, run_manage, tmp_path):
    # The command works on the committed database; here only its refusals can be seen.
    done = run_manage("kpi_report", "--store", "NOSUCH", "--period", "2026-09", "--out", str(tmp_path / "k.xlsx"))
    assert done.returncode == 1
    assert "NOSUCH" in done.stderr


def test_the_dashboard_asks_no_more_for_a_full_month_than_for_an_empty_one(client, store, django_assert_num_queries):
    client.force_login(StaffFactory(role=Role.MANAGER, store=store))
    for month, cars in (("2026-09", 89), ("2026-02", 0)):
        with django_assert_num_queries(14):  # session, person and store are three of them
            page = client.get(reverse("kpi:dashboard"), {"period": month})
        assert {tile.entry.code: tile.now.value for tile in page.context["tiles"]}["car_count"] == cars


def test_what_a_measure_is_held_against_is_a_figure_that_holds_from_a_day(people):
    def goal(period):
        return next(tile.goal for tile in tiles(people.store, period) if tile.entry.code == "on_time")

    set_figure(figure=ON_TIME_GOAL, store=people.store, value="0.9", starts_on=date(2026, 10, 1), by=None, at=MORNING)
    assert [goal(SEPTEMBER), goal(SEPTEMBER.next())] == [Decimal("0.96"), Decimal("0.9")]


def test_a_proposal_follows_last_year_and_is_not_saved(client, store):
    found = proposal(store, 2027, Measure.CAR_COUNT, Decimal(1200), to_people=True, at=MORNING)
    months = [found.goals[Aim("car_count", Period(2027, month))] for month in range(1, 13)]
    of_people = [goal for aim, goal in found.goals.items() if aim.staff_id and aim.period == Period(2027, 1)]
    assert (found.known, found.people_known, sum(months), sum(of_people)) == (3, True, Decimal(1200), months[0])
    assert months[8] > months[0] == months[11]  # September had the most cars; months without a figure the average
    client.force_login(StaffFactory(role=Role.MANAGER, store=store))
    asked = {"year": 2026, "measure": Measure.ACCESSORY_SALES, "total": "1200", "people": "on"}
    page = client.get(reverse("kpi:target_grid"), asked)
    assert page.context["sheet"].rows[0].cells[0].goal == "100"
    assert page.context["told"][0] == "去年没有数据，各月平均分配。"
    assert Target.objects.filter(goal=100).count() == 0
