"""What satisfaction gives to the catalogue of measures. Source: spec kpi.md (definitions)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from dealer_crm.kpi.queries import month_measures
from dealer_crm.values import Period
from satisfaction import actions, queries
from satisfaction.choices import QuestionnaireKind, ResponseSource
from satisfaction.models import FactoryRank, Question, QuestionnaireVersion, Response
from satisfaction.queries import Scope
from tests.factories import cast
from tests.factories.satisfaction import ANSWERED, response

pytestmark = pytest.mark.django_db
SEPTEMBER, OCTOBER, NOVEMBER = Period(2026, 9), Period(2026, 10), Period(2026, 11)
MONTH = timedelta(days=30)


@pytest.fixture
def people():
    return cast.of_store()


def test_every_figure_is_the_one_of_its_own_page(people, django_assert_num_queries):
    old = queries.csi_version()
    for number in range(4):
        response(people, {"F07": 3 + number, "F13": None, "TJ": 4 + 2 * number})
        response(people, {"TJ": 9}, at=ANSWERED - MONTH)
    new = QuestionnaireVersion.objects.create(questionnaire=old.questionnaire, number=2)
    Question.objects.create(
        version=new, position=1, code="F01", name="预约", kind="level", text="预约方便吗？", weight=3
    )
    response(people, {"F01": 4}, version=actions.publish_version(version=new, by=None, at=ANSWERED))
    ten, ssi = (
        queries.version_in_force(queries.questionnaire_of_kind(kind))
        for kind in (QuestionnaireKind.TEN_QUESTIONS, QuestionnaireKind.SALES_SSI)
    )
    response(people, {"S01": True, "S02": True, "S05": False}, version=ten)
    response(people, {"X01": 7, "XTJ": 0}, version=ssi)
    theirs = response(people, score=1)
    Response.objects.filter(pk=theirs.pk).update(source=ResponseSource.FACTORY)
    for survey, place in (("CSS", 4), ("MOT", 9)):
        FactoryRank.objects.create(
            store=people.store, period=str(OCTOBER), survey=survey, region="华北", place=place, of=42
        )
    with django_assert_num_queries(2):
        measured = queries.monthly_measures(people.store, [OCTOBER, SEPTEMBER, NOVEMBER])
    for period in (OCTOBER, SEPTEMBER):
        month, found = queries.month_figures(Scope(people.store, period)), measured[period]
        sales = queries.month_figures(Scope(people.store, period, questionnaire=ssi.questionnaire))
        assert {code: (one.n, one.value) for code, one in found.items() if code != "factory_rank"} == {
            "csi": (month.n, month.index),
            "ssi": (sales.n, sales.index),
            "ten_questions": (month.ten_n, month.ten),
            "nps": (month.promoters_n, month.promoters),
        }
    ranks = [measured[period]["factory_rank"] for period in (OCTOBER, SEPTEMBER)]
    assert [(one.value, one.n) for one in ranks] == [(9, 42), (None, 0)]
    assert {one.value for one in measured[NOVEMBER].values()} == {None}
    shown = month_measures(people.store, OCTOBER)
    assert (shown["nps"].numerator, shown["nps"].denominator, shown["nps"].value) == (-1, 4, Decimal("-0.25"))
    assert (shown["csi"].denominator, shown["csi"].value) == (5, round(measured[OCTOBER]["csi"].value, 8))
