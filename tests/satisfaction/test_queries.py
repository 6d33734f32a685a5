"""The figures of a month over real rows. Source: spec satisfaction.md."""

from datetime import timedelta
from decimal import Decimal

import pytest

from dealer_crm.values import Period
from satisfaction import actions, formulas, queries
from satisfaction.choices import QuestionnaireKind, ResponseSource, Verdict
from satisfaction.models import Answer, Question, QuestionnaireVersion, Response
from satisfaction.queries import Scope
from tests.factories import cast
from tests.factories.reception import RepairOrderFactory
from tests.factories.satisfaction import ANSWERED, response

pytestmark = pytest.mark.django_db

OCTOBER, NOVEMBER = Period(2026, 10), Period(2026, 11)


@pytest.fixture
def people():
    return cast.of_store()


def figures(people, period=OCTOBER, **narrower):
    return queries.month_figures(Scope(people.store, period, **narrower))


def test_a_month_without_answers_has_no_figures(people):
    month = figures(people)
    assert (month.n, month.index, month.index_interval, month.satisfied, month.promoters, month.ten) == (
        0, None, None, None, None, None,
    )  # fmt: skip
    assert (month.factors, month.people, month.steps) == ([], [], [])


def test_the_index_of_a_month_is_the_weighted_mean_of_its_factors(people):
    response(people, score=9)
    response(people, {"F08": 1, "F01": None}, score=10)
    month = figures(people)
    # F01 (6): 9; F08 (14): (9 + 1) ÷ 2 = 5; the other factors (80): 9.5
    expected = 100 * (6 * Decimal(9) + 14 * Decimal(5) + 80 * Decimal("9.5")) / 100
    assert (month.n, month.index) == (2, expected)
    by_code = {row.question.code: (row.now.n, row.now.mean) for row in month.factors}
    assert len(by_code) == 14
    assert (by_code["F01"], by_code["F08"], by_code["F02"]) == ((1, 9), (2, 5), (2, Decimal("9.5")))


def test_the_interval_of_the_index_is_that_of_the_customers_own_indexes(people):
    for score in (8, 9, 10):
        response(people, score=score)
    month = figures(people)
    half = Decimal("4.302653") * 100 / Decimal(3).sqrt()  # t(2) × s ÷ √n; 900 + half is beyond the scale
    assert month.index == 900
    assert (month.index_interval.low.quantize(Decimal("0.01")), month.index_interval.high) == (
        (900 - half).quantize(Decimal("0.01")),
        1000,
    )


def test_a_month_begins_and_ends_by_the_clock_of_the_store(people):
    start, end = OCTOBER.bounds(people.store.tz)
    for at in (start - timedelta(seconds=1), start, end - timedelta(seconds=1), end):
        response(people, at=at)
    assert (figures(people).n, figures(people).previous_n, figures(people, NOVEMBER).n) == (2, 1, 1)


def test_factory_answers_never_mix_with_ours(people):
    response(people, score=10)
    low = response(people, score=1)
    Response.objects.filter(pk=low.pk).update(source=ResponseSource.FACTORY)
    assert (figures(people).n, figures(people).index) == (1, 1000)


def test_answers_of_another_store_stay_there(people):
    response(cast.of_second_store())
    assert figures(people).n == 0


def test_satisfied_rate_promoters_and_the_ten_questions(people):
    response(people, {"F01": 6, "TJ": 10}, score=10)
    response(people, {"F01": 7, "TJ": 6}, score=10)
    response(people, {"TJ": 8}, score=None)
    ten = queries.version_in_force(queries.questionnaire_of_kind(QuestionnaireKind.TEN_QUESTIONS))
    response(people, {f"S{n:02d}": n != 3 for n in range(1, 11)}, version=ten)
    month = figures(people)
    assert month.satisfied == Decimal(27) / 28
    assert (month.promoters_n, month.promoters) == (3, 0)
    assert (month.ten_n, month.ten) == (10, 90)
    assert month.n == 2  # the ten questions and a lone recommendation are no response to a factor


def test_verdicts_need_ten_answers_and_look_at_the_month_before(people):
    for n in range(10):
        response(people, {"F07": 3 if n < 2 else 8}, score=10)
        response(people, score=10, at=ANSWERED - timedelta(days=30))
    month = figures(people)
    by_code = {row.question.code: row for row in month.factors}
    assert by_code["F07"].verdict == Verdict.WEAKNESS
    assert (by_code["F07"].before.top_box, by_code["F07"].now.dissatisfied) == (1, Decimal("0.2"))
    assert by_code["F08"].verdict == Verdict.STRENGTH
    assert (month.previous_n, month.previous_index, month.is_small) == (10, 1000, False)


def test_advisors_are_ranked_from_ten_answers_on(people):
    for _n in range(10):
        response(people, advisor=people.advisor, score=8)
        response(people, advisor=people.second_advisor, score=9)
    newcomer = people.frontdesk
    response(people, advisor=newcomer, score=10)
    rows = [(row.person, row.n, row.index, row.place, row.is_small) for row in figures(people).people]
    assert rows == [
        (people.second_advisor, 10, 900, 1, False),
        (people.advisor, 10, 800, 2, False),
        (newcomer, 1, 1000, None, True),
    ]


def test_a_month_can_be_narrowed_to_an_advisor_or_an_order_type(people):
    response(people, order=RepairOrderFactory(advisor=people.advisor, kind="repair"), score=8)
    response(people, order=RepairOrderFactory(advisor=people.second_advisor), score=10)
    assert figures(people, advisor_id=people.advisor.pk).index == 800
    assert figures(people, order_kind="repair").index == 800
    assert figures(people, order_kind="maintenance").index == 1000


def test_two_versions_in_a_month_are_pooled_and_not_rescored(people):
    old = queries.csi_version()
    response(people, score=8, version=old)
    new = QuestionnaireVersion.objects.create(questionnaire=old.questionnaire, number=2)
    Question.objects.create(version=new, position=1, code="F01", name="预约", text="预约方便吗？", weight=3)
    new = actions.publish_version(version=new, by=None, at=ANSWERED)
    for _n in range(3):
        response(people, score=10, version=new)
    month = figures(people)
    assert (month.n, month.index, month.index_interval) == (4, Decimal(950), None)
    assert [(row.question.version.number, row.question.code) for row in month.factors][:2] == [(2, "F01"), (1, "F01")]


def test_the_steps_have_an_index_each(people):
    response(people, {"F06": 5, "F07": 9}, score=10)
    steps = {row.code: row.index for row in figures(people).steps}
    assert list(steps) == ["appointment", "reception", "environment", "waiting", "quality", "charges", "handover"]
    assert steps["waiting"] == 100 * (6 * Decimal(5) + 10 * Decimal(9)) / 16
    assert steps["quality"] == 1000


def test_the_interval_of_a_step_is_that_of_its_customers_own_indexes(people):
    response(people, {"F06": 5, "F07": 9})
    response(people, {"F06": 10, "F07": 10})
    one, two = (6 * 5 + 10 * 9) * Decimal(100) / 16, Decimal(1000)
    step = next(row for row in figures(people).steps if row.code == "waiting")
    assert (step.n, step.index, step.is_small) == (2, (one + two) / 2, True)
    half = formulas.student_t(1) * (two - one) / 2  # s ÷ √2 of two values is half their distance
    assert (step.interval.low, step.interval.high) == (max(100, step.index - half), min(1000, step.index + half))


def test_scores_of_a_list_are_on_one_scale_whatever_the_kind_of_question(people):
    made = response(people)
    version = QuestionnaireVersion.objects.create(questionnaire=made.version.questionnaire, number=9)
    kept = Response.objects.create(version=version, store=people.store, source="call", answered_at=ANSWERED)
    for position, (kind, score) in enumerate((("level", 4), ("yes_no", 0), ("score", 8))):
        question = Question.objects.create(version=version, position=position, code=kind, kind=kind, weight=1)
        Answer.objects.create(response=kept, question=question, score=score)
    assert queries.with_scores([kept, made]) == [(kept, Decimal("5.5"), 1), (made, 9, 9)]


def test_a_month_costs_the_same_queries_with_one_and_thirty_answers(people, django_assert_max_num_queries):
    response(people, advisor=people.advisor)
    with django_assert_max_num_queries(12) as few:
        figures(people)
    for _n in range(29):
        response(people, advisor=people.second_advisor)
    with django_assert_max_num_queries(len(few.captured_queries)):
        figures(people)


def test_the_effect_of_a_plan_stands_beside_it(people):
    question = queries.csi_version().questions.get(code="F07")
    for period_at, score in ((ANSWERED, 6), (ANSWERED + timedelta(days=31), 9)):
        response(people, {"F07": score}, at=period_at)
    plan = actions.open_plan(
        store=people.store,
        period=OCTOBER,
        factor=question,
        cause="派工不均",
        measure="每日两次检查进度",
        owner=people.workshop,
        due_on=ANSWERED.date() + timedelta(days=14),
        by=people.manager,
        at=ANSWERED,
    )
    effect = queries.effect_of(plan, at=ANSWERED + timedelta(days=40))
    assert [(str(one.period), one.figures.mean, one.is_own) for one in effect.months] == [
        ("2026-10", 6, True),
        ("2026-11", 9, False),
    ]
