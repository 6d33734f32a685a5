"""A second reckoning of random answers, in plain Python, agrees with the pages to the last digit shown."""

from collections import defaultdict
from datetime import timedelta
from random import Random

import pytest

from dealer_crm.values import Period, Week
from satisfaction import queries
from satisfaction.choices import Dimension, ResponseSource, Rhythm
from satisfaction.models import Answer, Response
from satisfaction.queries import Scope
from tests.factories import cast
from tests.satisfaction import independent
from tests.satisfaction.independent import shown

pytestmark = pytest.mark.django_db

OCTOBER = Period(2026, 10)
SHEETS = 420


@pytest.fixture
def people():
    return cast.of_store()


@pytest.fixture
def sheets(people):
    """Twelve weeks of random answers up to the end of October; a tenth of the questions was left out."""
    random, version = Random(20261031), queries.csi_version()
    questions = {question.code: question for question in version.questions.all()}
    factors = [code for code, question in questions.items() if question.weight is not None]
    last = OCTOBER.bounds(people.store.tz)[1]
    made, responses = [], []
    for _sheet in range(SHEETS):
        at = last - timedelta(minutes=random.randint(1, 12 * 7 * 24 * 60))
        mood = random.choice([10, 9, 9, 8, 6])
        sheet = {
            code: None if random.random() < 0.1 else max(1, min(10, mood + random.choice([-3, -1, 0, 0, 1])))
            for code in factors
        }
        if not any(sheet.values()):
            sheet[factors[0]] = mood
        sheet |= {"ZT": max(1, min(10, mood + random.choice([-1, 0, 1]))), "TJ": random.randint(3, 10)}
        advisor = random.choice([people.advisor, people.second_advisor, people.frontdesk])
        made.append(sheet | {"advisor": advisor.pk, "at": at})
        responses.append(
            Response(version=version, store=people.store, advisor=advisor, source=ResponseSource.CALL, answered_at=at)
        )
    Response.objects.bulk_create(responses)
    Answer.objects.bulk_create(
        Answer(response=response, question=questions[code], score=sheet[code])
        for response, sheet in zip(responses, made, strict=True)
        for code in (*factors, "ZT", "TJ")
        if sheet[code] is not None
    )
    return made


def test_two_reckonings_of_the_same_answers_agree(people, sheets):
    version = queries.csi_version()
    weights = {one.code: int(one.weight) for one in version.questions.all() if one.weight is not None}
    now = [sheet for sheet in sheets if sheet["at"] >= OCTOBER.bounds(people.store.tz)[0]]
    before = [sheet for sheet in sheets if sheet not in now and Period.of(sheet["at"]) == OCTOBER.previous()]
    scope = Scope(people.store, OCTOBER)
    month = queries.month_figures(scope)
    _the_month_agrees(month, now, before, weights)
    _the_factors_agree(month, now, before, weights)
    _the_steps_agree(month, now, version, weights)
    _the_advisors_agree(queries.analysis(scope, Dimension.ADVISOR), now, weights)
    _the_importance_agrees(queries.drivers(scope), now, weights)
    _the_control_charts_agree(queries.control(scope, Rhythm.WEEK), sheets, weights)


def _the_month_agrees(month, now, before, weights):
    own = [independent.own_index(sheet, weights) for sheet in now]
    index = independent.csi(now, weights)
    low, high = independent.mean_interval(index, own, 100, 1000)
    scores = [sheet[code] for sheet in now for code in weights if sheet[code] is not None]
    satisfied = independent.share(scores, lambda score: score >= 7)
    assert (
        month.n, shown(month.index, 2), shown(month.index_interval.low, 2), shown(month.index_interval.high, 2),
        shown(month.previous_index, 2), shown(month.satisfied, 4), shown(month.promoters, 4),
        shown(month.satisfied_interval.low, 4), shown(month.satisfied_interval.high, 4),
    ) == (
        len(now), shown(index, 2), shown(low, 2), shown(high, 2), shown(independent.csi(before, weights), 2),
        shown(satisfied, 4), shown(independent.promoter_score([sheet["TJ"] for sheet in now]), 4),
        *(shown(end, 4) for end in independent.wilson(satisfied, len(now))),
    )  # fmt: skip
    near = month.promoters_interval
    ends = independent.promoter_interval([sheet["TJ"] for sheet in now])
    assert [shown(one, 4) for one in (near.low, near.high)] == [shown(one, 4) for one in ends]


def _the_factors_agree(month, now, before, weights):
    for row in month.factors:
        code = row.question.code
        given, former = ([sheet[code] for sheet in part if sheet[code] is not None] for part in (now, before))
        middle, top = independent.mean(given), independent.share(given, lambda score: score >= 9)
        expected = (
            len(given), shown(middle, 2), *(shown(end, 2) for end in independent.mean_interval(middle, given, 1, 10)),
            shown(top, 4), *(shown(end, 4) for end in independent.wilson(top, len(given))),
            shown(independent.share(given, lambda score: score <= 4), 4), independent.verdict(given, former),
        )  # fmt: skip
        its, near = row.now, row.now.mean_interval
        assert expected == (
            its.n, shown(its.mean, 2), shown(near.low, 2), shown(near.high, 2),
            shown(its.top_box, 4), shown(its.top_box_interval.low, 4), shown(its.top_box_interval.high, 4),
            shown(its.dissatisfied, 4), row.verdict.value,
        ), code  # fmt: skip


def _the_steps_agree(month, now, version, weights):
    steps = defaultdict(dict)
    for question in version.questions.all():
        if question.code in weights:
            steps[question.section.code][question.code] = weights[question.code]
    assert [row.code for row in month.steps] == list(steps)
    for row in month.steps:
        its = steps[row.code]
        asked = [sheet for sheet in now if any(sheet[code] is not None for code in its)]
        index, own = independent.csi(asked, its), [independent.own_index(sheet, its) for sheet in asked]
        found = (row.index, row.interval.low, row.interval.high)
        expected = (index, *independent.mean_interval(index, own, 100, 1000))
        assert (row.n, [shown(one, 2) for one in found]) == (len(asked), [shown(one, 2) for one in expected]), row.code


def _the_advisors_agree(analysis, now, weights):
    by_advisor = defaultdict(list)
    for sheet in now:
        by_advisor[sheet["advisor"]].append(sheet)
    indexes = {who: independent.csi(its, weights) for who, its in by_advisor.items()}
    expected = {
        who: (len(by_advisor[who]), shown(index, 2), independent.ranks(indexes)[who]) for who, index in indexes.items()
    }
    assert {row.key: (row.n, shown(row.index, 2), row.place) for row in analysis.rows} == expected


def _the_importance_agrees(drivers, now, weights):
    for row in drivers.rows:
        code = row.question.code
        pairs = [(sheet[code], sheet["ZT"]) for sheet in now if sheet[code] is not None]
        r, ends = independent.correlation(pairs)
        found = (row.importance.r, row.importance.interval.low, row.importance.interval.high)
        assert [shown(one, 4) for one in found] == [shown(one, 4) for one in (r, *ends)], code
    assert {row.question.code for row in drivers.rows} == set(weights)


def _the_control_charts_agree(control, sheets, weights):
    weeks = defaultdict(list)
    for sheet in sheets:
        weeks[Week.of(sheet["at"])].append(sheet)
    ordered = [weeks[week] for week in sorted(weeks)]
    groups = [(len(its), sum(any((sheet[code] or 10) <= 4 for code in weights) for sheet in its)) for its in ordered]
    judged = [place for place, its in enumerate(ordered) if len(its) >= 10]
    middle, limits = independent.p_chart([groups[place] for place in judged])
    points = [point for point in control.dissatisfied.points if not point.is_small]
    assert shown(control.dissatisfied.centre, 4) == shown(middle, 4)
    assert [(shown(one.low, 4), shown(one.high, 4)) for one in points] == [
        (shown(low, 4), shown(high, 4)) for low, high in limits
    ]
    indexes = [independent.csi(ordered[place], weights) for place in judged]
    middle, low, high = independent.individuals(indexes)
    points = [point for point in control.index.points if not point.is_small]
    assert [shown(point.value, 2) for point in points] == [shown(index, 2) for index in indexes]
    found = (control.index.centre, points[0].low, points[0].high)
    assert [shown(one, 2) for one in found] == [shown(one, 2) for one in (middle, low, high)]
