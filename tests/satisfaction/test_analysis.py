"""The pages of analysis over real rows: figures told apart, responses behind them, targets. Source: satisfaction.md."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from dealer_crm.reporting.workbooks import to_xlsx
from dealer_crm.values import Period, Quarter, Refusal, Week
from reception.choices import LineKind, OrderKind, OrderState
from reception.models import LineShare
from satisfaction import actions, queries
from satisfaction.choices import Dimension, ResponseSource, Rhythm
from satisfaction.models import Answer, FactorTarget, Response
from satisfaction.queries import Scope
from satisfaction.reports import csi_report
from tests.factories import cast
from tests.factories.reception import RepairOrderFactory, VehicleFactory
from tests.factories.satisfaction import ANSWERED, response

pytestmark = pytest.mark.django_db

OCTOBER = Period(2026, 10)
TODAY = ANSWERED.date()


@pytest.fixture
def people():
    return cast.of_store()


@pytest.fixture
def as_manager(client, people):
    client.force_login(people.manager)
    return client


def visit(people, *, workers, advisor=None, brand="红旗", kind=OrderKind.MAINTENANCE):
    """A delivered order; `workers`: technician of each labour line, with the team of the line."""
    order = RepairOrderFactory(
        advisor=advisor or people.advisor,
        vehicle=VehicleFactory(store=people.store, brand=brand),
        kind=kind,
        state=OrderState.DELIVERED,
        lines=[{"kind": LineKind.LABOUR, "team": team} for _technician, team in workers] + [{"kind": LineKind.PART}],
    )
    for line, (technician, _team) in zip(order.lines.order_by("number"), workers, strict=False):
        LineShare.objects.create(line=line, technician=technician)
    return order


def told_apart(people, dimension, period=OCTOBER, **narrower):
    found = queries.analysis(Scope(people.store, period, **narrower), dimension)
    return {row.name: (row.n, row.index) for row in found.rows}


@pytest.fixture
def two_visits(people):
    """A good maintenance by two technicians of one team, a poor repair by one of them and a painter."""
    first = visit(people, workers=[(people.technician, people.mechanics), (people.technician, people.mechanics),
                                   (people.second_technician, people.mechanics)])  # fmt: skip
    second = visit(
        people,
        workers=[(people.technician, people.painters)],
        advisor=people.second_advisor,
        brand="奔腾",
        kind=OrderKind.REPAIR,
    )
    response(people, score=10, order=first, advisor=people.advisor)
    response(people, score=4, order=second, advisor=people.second_advisor)
    return first, second


def test_the_same_answers_told_apart_by_everything(people, two_visits):
    found = {
        dimension: told_apart(people, dimension)
        for dimension in Dimension
        if dimension not in (Dimension.FACTOR, Dimension.STEP)
    }
    assert found == {
        Dimension.ADVISOR: {"李明": (1, 1000), "何丽": (1, 400)},
        # Two lines of one technician count once; a second technician counts the same response again.
        Dimension.TECHNICIAN: {"王刚": (2, 700), "马超": (1, 1000)},
        Dimension.TEAM: {"机电一组": (1, 1000), "钣喷一组": (1, 400)},
        Dimension.AGENT: {"吴婷": (2, 700)},
        Dimension.ORDER_KIND: {"常规保养": (1, 1000), "普通修理": (1, 400)},
        Dimension.BRAND: {"红旗": (1, 1000), "奔腾": (1, 400)},
        Dimension.STORE: {"北京远航店": (2, 700)},
    }
    assert set(told_apart(people, Dimension.FACTOR).values()) == {(2, 700)}
    steps = told_apart(people, Dimension.STEP)
    assert list(steps.values()) == [(2, 700)] * 7


@pytest.mark.parametrize(
    ("narrower", "n"),
    [
        (lambda people: {"technician_id": people.second_technician.pk}, 1),
        (lambda people: {"team_id": people.painters.pk}, 1),
        (lambda people: {"agent_id": people.agent.pk}, 2),
        (lambda people: {"advisor_id": people.advisor.pk}, 1),
        (lambda people: {"brand": "奔腾"}, 1),
        (lambda people: {"order_kind": OrderKind.ACCIDENT}, 0),
        (lambda people: {"factor": "F07"}, 2),
        (lambda people: {"step": "quality"}, 2),
    ],
)
def test_a_scope_narrows_figures_and_the_responses_behind_them_alike(people, two_visits, narrower, n):
    scope = Scope(people.store, OCTOBER, **narrower(people))
    assert queries.month_figures(scope).n == n
    assert queries.responses_matching(people.manager, scope).count() == n


@pytest.mark.parametrize(
    ("period", "n", "previous"),
    [(Week.of(TODAY), 1, 0), (OCTOBER, 2, 1), (Quarter.of(TODAY), 3, 1), (Week.of(TODAY).previous(), 0, 1)],
)
def test_weeks_months_and_quarters_begin_and_end_by_the_clock_of_the_store(people, period, n, previous):
    quarter_start = Quarter.of(TODAY).bounds(people.store.tz)[0]
    october_end = OCTOBER.bounds(people.store.tz)[1]
    for at in (quarter_start - timedelta(seconds=1), ANSWERED, october_end - timedelta(seconds=1), october_end):
        response(people, at=at)
    month = queries.month_figures(Scope(people.store, period))
    assert (month.n, month.previous_n) == (n, previous)


def test_ten_customers_make_a_place_and_a_verdict(people):
    for n in range(10):
        response(people, {"F07": 3 if n < 2 else 8}, score=10, advisor=people.advisor)
    response(people, advisor=people.second_advisor)
    scope = Scope(people.store, OCTOBER)
    advisors = {row.name: row for row in queries.analysis(scope, Dimension.ADVISOR).rows}
    assert [(name, row.place, row.is_small) for name, row in advisors.items()] == [
        ("李明", 1, False),
        ("何丽", None, True),
    ]
    factors = {row.code: row for row in queries.analysis(scope, Dimension.FACTOR).rows}
    assert (factors["F07"].verdict, factors["F01"].verdict) == ("weakness", "strength")
    assert factors["F07"].is_under_target


def test_importance_needs_answers_that_move_and_problems_stand_by_their_number(people):
    for n in range(12):
        response(people, {"F07": 3 if n < 4 else 9, "F02": 4 if n == 0 else 9, "ZT": 4 if n < 4 else 9}, score=9)
    found = queries.drivers(Scope(people.store, OCTOBER))
    rows = {row.question.code: row for row in found.rows}
    assert (rows["F07"].importance.n, rows["F07"].importance.r.quantize(Decimal("0.0001"))) == (12, 1)
    assert (rows["F01"].importance.r, rows["F01"].quadrant) == (None, None)
    assert rows["F07"].quadrant == "improve"
    assert [(question.code, one.count, one.is_vital) for question, one in found.problems] == [
        ("F07", 4, True),
        ("F02", 1, False),
    ]


def test_a_control_chart_marks_the_week_that_is_out_of_line(people):
    scores = [
        (ANSWERED - timedelta(weeks=8 - week), 2 if n < (9 if week == 8 else 1 + 2 * (week % 2)) else 9)
        for week in range(9)
        for n in range(10)
    ]
    question = queries.csi_version().questions.get(code="F07")
    told = [
        Response(version=question.version, store=people.store, source=ResponseSource.CALL, answered_at=at)
        for at, _score in scores
    ]
    Response.objects.bulk_create(told)
    Answer.objects.bulk_create(
        Answer(response=one, question=question, score=score) for one, (_at, score) in zip(told, scores, strict=True)
    )
    chart = queries.control(Scope(people.store, OCTOBER), Rhythm.WEEK)
    assert [(point.label, point.n, point.signal) for point in chart.dissatisfied.signals] == [
        (str(Week.of(TODAY)), 10, "beyond")
    ]
    assert (
        len(chart.dissatisfied.points) == len(chart.index.points) == 9
    )  # the two weeks of October still to come are no points


# ── the pages ────────────────────────────────────────────────────────────────────────────────────────────────────────
PAGES = {
    "analysis": [{"by": "factor"}, {"by": "technician"}, {"by": "store"}],
    "drivers": [{}],
    "control": [{"rhythm": rhythm} for rhythm in Rhythm],
    "gaps": [{}],
    "composites": [{}],
    "responses": [{}, {"most": "4"}],
}


def test_every_page_of_analysis_costs_the_same_few_queries_with_one_and_thirty_rows(
    as_manager, people, django_assert_max_num_queries
):
    def cost_of(name, asked):
        with django_assert_max_num_queries(12) as made:
            assert as_manager.get(reverse(f"satisfaction:{name}"), {"period": "2026-10", **asked}).status_code == 200
        return len(made.captured_queries)

    def answered():
        order = visit(people, workers=[(people.technician, people.mechanics)])
        response(people, order=order, advisor=people.advisor)

    answered()
    asked = [(name, one) for name, ways in PAGES.items() for one in ways]
    few = {(name, str(one)): cost_of(name, one) for name, one in asked}
    for _n in range(29):
        answered()
    grown = {(name, str(one)): cost_of(name, one) for name, one in asked}
    assert {key: cost - few[key] for key, cost in grown.items() if cost > few[key]} == {}


def test_a_row_leads_to_exactly_its_responses(as_manager, people, two_visits):
    for dimension in Dimension:
        answer = as_manager.get(reverse("satisfaction:analysis"), {"period": "2026-10", "by": dimension})
        for row in answer.context["rows"][:2]:
            behind = as_manager.get(row["behind"])
            assert len(behind.context["rows"]) == row["row"].n, (dimension, row["behind"])


def test_low_scores_behind_a_share_are_those_of_the_factor_asked_for(as_manager, people):
    low = response(people, {"F07": 3})
    response(people, {"F06": 3})
    answer = as_manager.get(reverse("satisfaction:responses"), {"period": "2026-10", "factor": "F07", "most": "4"})
    assert [row[0] for row in answer.context["rows"]] == [low]
    assert "最高 4 分" in answer.text


def test_the_control_page_and_the_others_say_so_when_nobody_has_answered(as_manager):
    for name in PAGES:
        answer = as_manager.get(reverse(f"satisfaction:{name}"), {"period": "2026-W01"})
        assert answer.status_code == 200, name


@pytest.mark.parametrize("period", ["2026-W99", "2026-Q5", "gestern", "2026-13"])
def test_a_period_that_does_not_exist_is_refused_at_its_field(as_manager, period):
    answer = as_manager.get(reverse("satisfaction:analysis"), {"period": period})
    assert answer.status_code == 200
    assert list(answer.context["filter_form"].errors) == ["period"]


def test_a_group_analyst_compares_stores_and_a_manager_sees_their_own(client, people):
    other = cast.of_second_store()
    response(people)
    response(other, score=5)
    client.force_login(people.group)
    asked = {"period": "2026-10", "by": "store", "store": ""}
    answer = client.get(reverse("satisfaction:analysis"), asked)
    assert [(row["row"].name, row["row"].n) for row in answer.context["rows"]] == [("北京远航店", 1), ("上海浦江店", 1)]
    client.force_login(people.manager)
    answer = client.get(reverse("satisfaction:analysis"), asked | {"store": "SH01"})
    assert [row["row"].name for row in answer.context["rows"]] == ["北京远航店"]


def test_what_the_factory_says_is_in_no_figure(people):
    response(people)
    Response.objects.update(source=ResponseSource.FACTORY)
    assert [told_apart(people, dimension) for dimension in Dimension] == [{}] * len(Dimension)


def test_the_workbook_draws_trend_steps_and_factors_below_its_tables(people):
    response(people)
    stream = io.BytesIO()
    to_xlsx(csi_report(store=people.store, period=OCTOBER, by=people.manager, at=ANSWERED), stream)
    book = load_workbook(stream)
    assert {sheet.title: len(sheet._charts) for sheet in book} == {
        "汇总": 2, "因子": 1, "人员": 0, "明细": 0, "改进计划": 0, "说明": 0,
    }  # fmt: skip
    drawn = {row[0].value: [cell.value for cell in row[1:4]] for row in book["说明"].iter_rows(max_col=4)}
    assert (drawn["CSI 走势"], drawn["2026-10"]) == (["CSI", "目标", None], [900, 900, None])
    assert (drawn["因子均值"], drawn["按时交车"]) == (["本期均值", "上期均值", "目标"], [9, None, 9])


# ── targets ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_target_of_a_factor_is_the_stores_own_then_everybodys_then_the_figure(people):
    def in_force(day):
        targets = queries.factor_targets(people.store, on=day)
        return targets["F07"], targets["F01"]

    tomorrow = TODAY + timedelta(days=1)
    actions.set_factor_target(
        store=None, factor_code="F07", mean=Decimal("9.2"), starts_on=TODAY, by=people.admin, at=ANSWERED
    )
    actions.set_factor_target(
        store=people.store, factor_code="F07", mean=Decimal("9.5"), starts_on=tomorrow, by=people.manager, at=ANSWERED
    )
    assert [in_force(TODAY - timedelta(days=1)), in_force(TODAY), in_force(tomorrow)] == [
        (9, 9), (Decimal("9.2"), 9), (Decimal("9.5"), 9),
    ]  # fmt: skip
    response(people, {"F07": 9})
    row = next(row for row in queries.month_figures(Scope(people.store, OCTOBER)).factors if row.question.code == "F07")
    assert (row.target, row.is_under_target) == (Decimal("9.5"), False)  # one answer is too few to be under anything


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"mean": Decimal("10.5")}, "mean"),
        ({"starts_on": TODAY - timedelta(days=1)}, "starts_on"),
        ({"store": None}, "store"),
    ],
)
def test_a_target_is_refused_off_its_scale_in_the_past_and_for_other_stores(people, wrong, field):
    asked = {"store": people.store, "factor_code": "F07", "mean": Decimal(9), "starts_on": TODAY} | wrong
    with pytest.raises(Refusal) as refusal:
        actions.set_factor_target(**asked, by=people.manager, at=ANSWERED)
    assert refusal.value.field == field


def test_a_target_is_set_on_its_page_and_a_second_of_the_day_replaces_it(as_manager, people):
    url, today = reverse("satisfaction:targets"), timezone.localdate()
    for mean in ("9.3", "9.4"):
        answer = as_manager.post(url, {"factor_code": "F07", "mean": mean, "starts_on": today.isoformat()})
        assert answer.url == url
    assert [(row.store, row.mean) for row in FactorTarget.objects.all()] == [(people.store, Decimal("9.40"))]
    refused = as_manager.post(url, {"factor_code": "F07", "mean": "9.4", "starts_on": date(2020, 1, 1).isoformat()})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["starts_on"])
    assert {one.code: mean for one, mean in refused.context["in_force"]}["F07"] == Decimal("9.40")
