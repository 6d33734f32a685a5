"""The same figure on every page, open to its rows; days, weeks and months; stores side by side."""

from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from commission.queries import month_facts
from commission.queries.facts_posts import ALL_MEASURES
from dealer_crm.access.roles import Role
from dealer_crm.kpi import actions
from dealer_crm.kpi.formulas.sparks import spark
from dealer_crm.kpi.models import Fact, FactMonth, Target
from dealer_crm.kpi.queries import (
    MEASURES,
    PARTS,
    Measured,
    Months,
    Tile,
    all_of,
    all_rows,
    compared_stores,
    cuts_of,
    goal_figures,
    measured,
    month_measures,
    own_targets,
    page_of_rows,
    spans_of_months,
    tiles,
    together,
)
from dealer_crm.kpi.reports import kpi_report
from dealer_crm.values import Period, Week
from reception.models import RepairOrder
from tests.factories.organization import StaffFactory, StoreFactory

SEPTEMBER = Period(2026, 9)
LATER = datetime.fromisoformat("2026-12-01T08:00:00+08:00")
pytestmark = pytest.mark.django_db


def rounded(value):
    return None if value is None else round(value, 4)


def test_the_same_figure_on_every_page_before_and_after_it_is_kept(client, manager, store):
    for beside in (SEPTEMBER.previous(), SEPTEMBER.shifted(-12)):
        actions.count_month(store=store, period=beside, at=LATER)
    for _turn in ("asked from the source", "kept"):
        told = {code: one.value for code, one in month_measures(store, SEPTEMBER, LATER).items()}
        assert {tile.entry.code: tile.now.value for tile in tiles(store, SEPTEMBER, LATER)} == told
        page = client.get(reverse("kpi:dashboard"), {"period": "2026-09"})
        assert {tile.entry.code: tile.now.value for tile in page.context["tiles"]} == told
        over_http = client.get("/api/v1/kpis/?period=2026-09").json()
        assert {row["code"]: row["value"] and Decimal(row["value"]) for row in over_http} == {
            code: rounded(value) for code, value in told.items()
        }
        sheet = kpi_report(store=store, period=SEPTEMBER, by=None, at=LATER).sheets[0]
        assert {row[0]: row[5] for row in sheet.rows} == {code: rounded(value) for code, value in told.items()}
        assert measured("output", store, SEPTEMBER).value == told["output"] == Decimal("194538.03")
        spoken_about = {one.measure: one.actual for one in goal_figures(store, SEPTEMBER, LATER)}
        assert spoken_about == {code: rounded(told[code]) for code in spoken_about}
        paid_by = {one.code: one.value for one in month_facts(store, SEPTEMBER, ALL_MEASURES).measures}
        assert (paid_by == {code: told[code] for code in paid_by}, paid_by != {}) == (True, True)
        actions.count_month(store=store, period=SEPTEMBER, at=LATER)
        [row] = compared_stores([store], SEPTEMBER, list(MEASURES)).rows
        assert {cell.entry.code: cell.found.value for cell in row.cells} == told


def test_every_number_opens_into_rows_that_add_up_to_it(client, manager, store):
    numbers = {
        part.code: number for tile in tiles(store, SEPTEMBER, LATER) for part, number in tile.parts if part.opens
    }
    span = spans_of_months(store, [SEPTEMBER], LATER)[SEPTEMBER]
    for code, number in numbers.items():
        rows = list(all_rows(PARTS[code], span))
        assert round(sum(row.amount for row in rows) if PARTS[code].is_sum else len(rows), 4) == round(number, 4), code
        _page, total = page_of_rows(PARTS[code], span, {})
        assert round(total.amount or 0 if PARTS[code].is_sum else total.rows, 4) == round(number, 4), code
    link = reverse("kpi:rows", args=["cars"])
    page = client.get(link, {"period": "2026-09"})
    shown = [row.order_number for row, _page in page.context["rows"]]
    following = client.get(link, {"period": "2026-09", "after": page.context["page"].next})
    shown += [row.order_number for row, _page in following.context["rows"]]
    assert (len(shown), len(set(shown))) == (89, 89)
    advisor = RepairOrder.objects.filter(store=store).first().advisor
    asked = {"period": "2026-09", "advisor": advisor.pk, "kind": "repair"}
    book = load_workbook(BytesIO(client.get(reverse("kpi:rows_workbook", args=["cars"]), asked).content))
    of_advisor = list(book["明细"].iter_rows(min_row=2, values_only=True))[:-1]
    assert {row[4] for row in of_advisor} == {advisor.name}
    assert [client.get(reverse("kpi:rows", args=[code])).status_code for code in ("nothing", "days")] == [404, 404]
    assert client.get(link, {"advisor": "x"}).status_code == 404


def test_a_list_of_rows_asks_no_more_for_many_than_for_few(client, manager, store, django_assert_max_num_queries):
    for day in ("2026-09-02", ""):
        with django_assert_max_num_queries(9):
            client.get(
                reverse("kpi:rows", args=["taken_in"]), {"grain": "day", "on": day} if day else {"period": "2026-09"}
            )


def test_days_and_weeks_add_up_to_the_month(client, manager, store):
    for back in (0, 1, 12):
        actions.count_month(store=store, period=SEPTEMBER.shifted(-back), at=LATER)
    numbers = Months(store, SEPTEMBER, with_days=True).numbers[SEPTEMBER]
    of_days = [all_of(numbers.between(day, day)) for day in (date(2026, 9, day) for day in range(1, 31))]
    month = month_measures(store, SEPTEMBER)
    for code in ("output", "car_count"):
        assert sum(day[code].value for day in of_days) == month[code].value
    assert sum(day["on_time"].denominator for day in of_days) == month["on_time"].denominator
    week = {tile.entry.code: tile for tile in tiles(store, Week.of(date(2026, 9, 16)), LATER, with_trend=True)}
    assert week["car_count"].now.value == sum(of_days[day - 1]["car_count"].value for day in range(14, 21))
    assert (len(week["car_count"].trend), "csi" in week) == (12, False)
    asked = {"grain": "day", "on": "2026-09-16"}
    page = client.get(reverse("kpi:dashboard"), asked)
    tile = next(tile for tile in page.context["tiles"] if tile.entry.code == "car_count")
    assert (tile.now.value, len(tile.trend)) == (of_days[15]["car_count"].value, 30)
    assert client.get(reverse("kpi:measure", args=["csi"]), asked).status_code == 302  # of months only: said so
    for wrong in ({"grain": "day", "on": "soon"}, {"grain": "week", "on": "2026-13-01"}):
        assert client.get(reverse("kpi:dashboard"), wrong).status_code == 200


def test_a_measure_by_repair_type_brand_and_advisor_adds_up(client, manager, store):
    page = client.get(reverse("kpi:measure", args=["output"]), {"period": "2026-09"})
    *whole, (_title, by_team, _crews) = page.context["cuts"]
    assert by_team == "team"  # whose are the front desk's and, once more, the workshop's
    for _title, _by, cuts in whole:
        assert sum(cut.now.value for cut in cuts) == Decimal("194538.03")
    assert [by for _title, by, _cuts in whole] == ["kind", "brand", "advisor"]
    page = client.get(reverse("kpi:measure", args=["on_time"]), {"period": "2026-09"})
    [(_title, _by, cuts)] = page.context["cuts"]
    assert sum(cut.now.denominator for cut in cuts) == measured("on_time", store, SEPTEMBER).denominator
    # and each advisor sees how far they have come with their own targets
    advisor = RepairOrder.objects.filter(store=store, advisor__isnull=False).first().advisor
    for measure in ("output", "car_count", "margin"):
        Target.objects.create(store=store, period=str(SEPTEMBER), measure=measure, staff=advisor, goal=50, set_at=LATER)
    by_advisor = dict(cuts_of(MEASURES["car_count"], store, SEPTEMBER, LATER))["advisor"]
    cars = next(cut.now.value for cut in by_advisor if cut.key == str(advisor.pk))
    own = {one.target.measure: one for one in own_targets(advisor, SEPTEMBER, LATER) if one.target.staff}
    assert (own["car_count"].now.value, own["car_count"].achieved) == (cars, cars / 50)
    earned = dict(cuts_of(MEASURES["margin"], store, SEPTEMBER, LATER))["advisor"]
    assert own["margin"].now.value == next(cut.now.value for cut in earned if cut.key == str(advisor.pk))
    client.force_login(advisor)
    assert client.get(reverse("kpi:own_targets")).context["own"] == []  # of this month


def test_a_hundred_stores_cost_what_one_does_and_are_ranked(store, django_assert_num_queries):
    actions.count_month(store=store, period=SEPTEMBER, at=LATER)
    with django_assert_num_queries(2):
        compared_stores([store], SEPTEMBER, ["output"], months=12)
    others = [StoreFactory(code=f"X{number:03}") for number in range(40)]
    months = FactMonth.objects.bulk_create(
        FactMonth(store=one, period=str(SEPTEMBER.shifted(-back)), made_at=LATER)
        for one in others
        for back in range(12)
    )
    Fact.objects.bulk_create(
        Fact(month=month, part=part, number=number)
        for month in months
        for part, number in (("output", 100 + int(month.store.code[1:]) // 2), ("cars", 2), ("promised", 4))
    )
    with django_assert_num_queries(2):
        found = compared_stores([store, *others], SEPTEMBER, ["output", "on_time"], months=12)
    rows = {row.store.code: row for row in found.rows}
    assert [row.store.code for row in found.rows[:3]] == ["GD81", "X038", "X039"]
    assert [rows[code].cells[0].place for code in ("GD81", "X038", "X039", "X037", "X036", "X035")] == [
        1,
        2,
        2,
        4,
        4,
        6,
    ]
    assert rows["X039"].cells[0].found.value == 12 * 119
    assert rows["X001"].cells[1].found == Measured(Decimal(0), Decimal(48), Decimal(0))


def test_months_taken_together_weigh_by_what_they_were_counted_from():
    def of(code, *months):
        return together(MEASURES[code], [Measured(*(None if n is None else Decimal(n) for n in one)) for one in months])

    assert of("output", (None, None, 100), (None, None, 50)).value == 150
    assert of("on_time", (9, 10, "0.9"), (20, 30, "0.5")) == Measured(Decimal(29), Decimal(40), Decimal("0.6"))
    assert of("csi", (None, 10, 900), (None, 30, 800)) == Measured(None, Decimal(40), Decimal(825))
    assert of("csi", (None, None, None), (None, 30, 800)).value == 800
    assert of("csi").value is None


def test_figures_over_http_say_what_is_missing(client):
    client.force_login(StaffFactory(role=Role.GROUP, store=None))
    for asked, field in (({"period": "26-9"}, "period"), ({"period": "2026-09"}, "store")):
        assert [one["field"] for one in client.get("/api/v1/kpis/", asked).json()["errors"]] == [field]


def test_the_group_sees_every_store_and_a_manager_the_own(client, manager, store):
    other = StoreFactory(code="ZZ09")
    assert [row.store for row in client.get(reverse("kpi:stores")).context["found"].rows] == [store]
    client.force_login(StaffFactory(role=Role.GROUP, store=None))
    page = client.get(reverse("kpi:stores"), {"period": "2026-09", "m": ["csi"], "sort": "output", "months": "12"})
    assert {row.store.code for row in page.context["found"].rows} == {"GD81", "ZZ09"}
    assert [entry.code for entry in page.context["entries"]] == ["output", "csi"]
    assert client.get(reverse("kpi:stores"), {"m": "nothing", "months": "7"}).status_code == 200
    [card] = client.get(reverse("ui:home")).context["cards"]
    assert {item.label for item in card.items} == {store.name, other.name}
    assert client.get(reverse("callback:quality"), {"store": "ZZ09"}).context["store"].code == "ZZ09"


@pytest.mark.parametrize(
    ("values", "lines", "dots"),
    [
        ([], 0, 0),
        ([None, None], 0, 0),
        ([1], 0, 1),
        ([1, 2, 3], 1, 3),
        ([1, 2, None, 3, 4], 2, 4),
        ([5, 5, 5], 1, 3),
        ([None, 1, None], 0, 1),
    ],
)
def test_a_line_breaks_where_a_figure_is_missing_and_stays_in_its_picture(values, lines, dots):
    drawn = spark([None if value is None else Decimal(value) for value in values], Decimal(2))
    assert (len(drawn.lines), len(drawn.dots)) == (lines, dots)
    assert all(0 <= float(x) <= 120 and 0 <= float(y) <= 32 for x, y in drawn.dots)


@pytest.mark.parametrize(
    ("code", "value", "goal", "floor", "is_under_way", "tone", "verdict", "achieved"),
    [
        ("output", 190, 190, None, False, "success", "met", 1),
        ("output", 190, 200, None, False, "danger", "missed", "0.95"),
        ("output", 190, 200, 190, False, "warning", "missed", "0.95"),
        ("output", 190, 200, 191, False, "danger", "floor_missed", "0.95"),
        ("output", 190, 200, 191, True, "neutral", None, "0.95"),  # the month is not over: nothing is lost yet
        ("on_time", "0.95", "0.96", "0.94", True, "warning", "missed", None),  # a rate is what it is
        ("external_comeback", "0.004", "0.003", "0.005", False, "warning", "missed", None),
        ("external_comeback", "0.006", "0.003", "0.005", False, "danger", "floor_missed", None),
        ("output", 190, None, None, False, "neutral", None, None),
        ("on_time", None, "0.96", None, False, "neutral", None, None),
    ],
)  # fmt: skip
def test_a_figure_is_judged_by_goal_and_floor(code, value, goal, floor, is_under_way, tone, verdict, achieved):
    value, goal, floor, achieved = (None if one is None else Decimal(one) for one in (value, goal, floor, achieved))
    tile = Tile(MEASURES[code], Measured(None, None, value), goal, floor, is_under_way, None, None)
    assert (tile.tone, tile.verdict, tile.achieved) == (tone, verdict, achieved)


def test_what_is_not_kept_yet_is_a_gap_in_the_trend(store):
    [tile] = tiles(store, SEPTEMBER, LATER, with_trend=True, only=["car_count"])
    known = {str(span): value for span, value in tile.trend}
    assert (known["2026-09"], known["2026-08"] is not None, known["2026-05"]) == (89, True, None)
    assert tile.last_year is None  # the store was not there yet, which is no bad month
    month = actions.count_month(store=store, period=Period(2026, 5), at=LATER)
    Fact.objects.create(month=month, part="cars", number=7)
    [tile] = tiles(store, SEPTEMBER, LATER, with_trend=True, only=["car_count"])
    assert {str(span): value for span, value in tile.trend}["2026-05"] == 7
