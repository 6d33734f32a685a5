"""The factory's lists: brought by workbook, matched by VIN and date, never added to ours. Source: satisfaction.md."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from dealer_crm.values import Period
from satisfaction import queries
from satisfaction.models import FactoryRank, Flag, Response
from satisfaction.queries import Scope
from tests.factories import cast
from tests.factories.reception import RepairOrderFactory, VehicleFactory
from tests.factories.satisfaction import ANSWERED, response
from tests.importing.test_undo import database, differing, imported, undone
from tests.importing.workbooks import take_in, told, written

pytestmark = pytest.mark.django_db
VIN = "LFV3A23C8K3000001"
HEAD = ["门店代码", "车架号", "日期", "调查名称", "总体分", "C07", "C10"]
NAME = "厂家满意度调查"
DAY = timedelta(days=1)
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def people(db):
    return cast.of_store()


@pytest.fixture
def car(people):
    return VehicleFactory(store=people.store, vin=VIN)


def delivered(people, car, at):
    return RepairOrderFactory(advisor=people.advisor, vehicle=car, state="delivered", began_at=at - DAY / 3,
                              delivered_at=at)  # fmt: skip


def row(vin=VIN, day="2026-10-20", survey=NAME, overall=5, f07=6, f10=9, store="BJ01"):
    return [store, vin, day, survey, overall, f07, f10]


def bring(*rows):
    return take_in(written({"厂家调查": [HEAD, *rows]}), at=NOW)


def test_an_interview_goes_to_the_last_visit_delivered_by_its_day(people, car):
    delivered(people, car, ANSWERED - timedelta(days=40))
    near = delivered(people, car, ANSWERED)
    delivered(people, car, ANSWERED + timedelta(days=9))
    assert bring(row()).problems == []
    heard = Response.objects.get()
    assert (heard.order, heard.vehicle, heard.source, heard.advisor) == (near, car, "factory", people.advisor)
    given = {one.question.code: int(one.score) for one in heard.answers.select_related("question")}
    assert given == {"CZT": 5, "C07": 6, "C10": 9}
    # Again with the same rows nothing changes; a corrected score does, and the flag of a bad one is raised.
    assert bring(row()).counts()["厂家调查"]["unchanged"] == 1
    bring(row(f07=2))
    assert (Response.objects.count(), int(heard.answers.get(question__code="C07").score), Flag.objects.count()) == (
        1,
        2,
        1,
    )


@pytest.mark.parametrize(
    ("wrong", "column"),
    [
        ({"vin": "LFV3A23C8K3999999"}, "车架号"),
        ({"vin": "LFV3A23C8K30000O1"}, "车架号"),
        ({"survey": "不存在的调查"}, "调查名称"),
        ({"day": "2026-12-24"}, "日期"),
        ({"f07": 11}, "C07"),
        ({"f07": 7.5}, "C07"),
        ({"overall": 0}, "总体分"),
        ({"overall": None, "f07": None, "f10": None}, "调查名称"),
    ],
)
def test_a_wrong_row_is_refused_where_it_is_wrong(people, car, wrong, column):
    book = bring(row(), row(day="2026-10-21", **wrong) if "day" not in wrong else row(**wrong))
    assert told(book) == [("厂家调查", 3, column)]
    assert not Response.objects.exists()


def test_a_vin_two_cars_share_is_never_guessed(people, car):
    twin = VehicleFactory(store=people.store, vin=VIN)
    book = bring(row())
    assert [(one.column, car.plate in one.reason, twin.plate in one.reason) for one in book.problems] == [
        ("车架号", True, True)
    ]


def test_places_come_by_their_own_sheet(people):
    head = ["门店代码", "月份", "调查名称", "区域", "区域名次", "区域门店数", "得分"]
    sheet = {
        "厂家排名": [
            head,
            ["BJ01", "2026-09", "CSS", "华北", 7, 42, 812.5],
            ["BJ01", "2026-10", "CSS", "华北", 4, 42, None],
        ]
    }
    assert take_in(written(sheet), at=NOW).problems == []
    places = queries.factory_places(people.store, until=Period(2026, 10))
    assert [(one.period, one.place, one.of) for one in places] == [("2026-10", 4, 42), ("2026-09", 7, 42)]
    sheet["厂家排名"][1][4] = 6
    sheet["厂家排名"][2][4] = 43
    assert told(take_in(written(sheet), at=NOW)) == [("厂家排名", 3, "区域名次")]
    sheet["厂家排名"][2][4] = 4
    take_in(written(sheet), at=NOW)
    assert FactoryRank.objects.get(period="2026-09").place == 6


def test_who_praised_us_and_blamed_us_to_the_factory_is_listed(client, people, car, django_assert_max_num_queries):
    order = delivered(people, car, ANSWERED - DAY)
    ours = response(people, {"F07": 10, "F10": 8, "ZT": 9}, order=order)
    assert bring(row(overall=6, f07=7, f10=5)).problems == []
    month = queries.factory_month(people.store, Period(2026, 10))
    assert [(one.factor, one.our_score, one.factory_score, one.ours) for one in month.contradictions] == [
        ("总体满意度", 9, 6, ours)
    ]
    pair = next(one for one in month.factors if one.factory.code == "F07")
    assert (pair.factory.mean, pair.ours.mean, pair.gap, pair.is_small) == (7, 10, 3, True)
    # Never added up: our figures don't know of the interview.
    assert queries.month_figures(Scope(people.store, Period(2026, 10))).n == 1
    client.force_login(people.manager)
    asked = {"period": "2026-10"}
    url = reverse("satisfaction:factory")
    with django_assert_max_num_queries(30) as one:
        assert order.number in client.get(url, asked).text
    vins = [f"LFV3A23C8K31000{n:02d}" for n in range(30)]
    for vin in vins:
        delivered(people, VehicleFactory(store=people.store, vin=vin), ANSWERED)
    bring(*(row(vin=vin) for vin in vins))
    with django_assert_max_num_queries(len(one.captured_queries)):
        assert client.get(url, asked).context["month"].interviews == 31


def test_a_list_taken_back_leaves_nothing_behind(people, car):
    delivered(people, car, ANSWERED)
    head = ["门店代码", "月份", "调查名称", "区域", "区域名次", "区域门店数"]
    before = database()
    run = imported(
        people, {"厂家调查": [HEAD, row(f07=2)], "厂家排名": [head, ["BJ01", "2026-10", "CSS", "华北", 7, 42]]}, at=NOW
    )
    assert (Response.objects.count(), Flag.objects.count(), FactoryRank.objects.count()) == (1, 1, 1)
    undone(people, run, at=NOW + timedelta(hours=1))
    assert differing(before, database()) == []
