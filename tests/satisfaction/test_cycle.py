"""What satisfaction makes by itself: weekly, by the 5th, each quarter. Source: spec satisfaction.md, "Cycle"."""

import io
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from dealer_crm.notices.models import Notice
from dealer_crm.reporting import actions as reporting
from dealer_crm.reporting.models import KeptReport
from dealer_crm.values import Period, Quarter, Week
from satisfaction import actions, queries
from satisfaction.models import FactorTarget, Flag
from satisfaction.reports import monthly_analysis, target_review, weekly_factors
from tests.factories import cast
from tests.factories.satisfaction import ANSWERED, response

SHOP = ZoneInfo("Asia/Shanghai")
OURS = ("weekly_factors", "csi_analysis", "target_review")


@pytest.fixture
def people(db):
    people = cast.of_store()
    for n in range(12):
        response(people, {"F07": 3 if n < 3 else 8, "F01": 10}, at=ANSWERED)
    return people


def rows(report, title) -> list[tuple]:
    return next(sheet.rows for sheet in report.sheets if sheet.title == title)


def made(build, people, period):
    return build(store=people.store, period=period, by=None, at=ANSWERED)


def test_the_week_says_what_pleased_what_did_not_and_who_asked(people):
    actions.deal_with_flag(flag=Flag.objects.first(), result="已致歉", by=people.crc, at=ANSWERED)
    report = made(weekly_factors, people, Week.of(ANSWERED))
    [problem] = rows(report, "问题因子")
    assert problem[:2] + problem[4:8] + problem[11:12] == (
        "F07", "按时交车", 12, 3, Decimal("0.2500"), Decimal("6.75"), Decimal("1.0000"),
    )  # fmt: skip
    low, high = problem[-2:]
    assert low < problem[6] < high
    assert rows(report, "满意因子")[0][0] == "F01"
    assert rows(report, "回访员") == [(people.agent.work_number, people.agent.name, 12, 3, 1)]
    assert [row[-1] for row in rows(report, "不满意明细")].count("已致歉") == 1
    before = made(weekly_factors, people, Week.of(ANSWERED).previous())
    assert rows(before, "问题因子") == rows(before, "满意因子") == []


def test_the_month_stands_under_the_posts_that_answer_for_it(people):
    report = made(monthly_analysis, people, Period(2026, 10))
    posts = {row[0]: row[1:] for row in rows(report, "责任岗位")}
    assert posts["车间主管"] == (2, Decimal("726.92"), 1, 1, 1, "按时交车", 1)
    factors = {row[1]: row for row in rows(report, "责任因子")}
    assert (factors["F07"][4], factors["F07"][7], factors["F07"][11]) == (Decimal("6.75"), Decimal("9.00"), "劣势")
    assert len(factors) == 14
    # A plan that is under way since an earlier month is a plan, here as on the page of plans owed.
    actions.open_plan(
        store=people.store, period=Period(2026, 9), factor=queries.csi_version().questions.get(code="F07"),
        cause="拥堵", measure="分流", owner=people.frontdesk, due_on=ANSWERED.date() + timedelta(days=7),
        by=people.manager, at=ANSWERED,
    )  # fmt: skip
    posts = {row[0]: row[1:] for row in rows(made(monthly_analysis, people, Period(2026, 10)), "责任岗位")}
    assert posts["车间主管"][-1] == 0


def test_the_quarter_lays_targets_beside_what_was_reached_and_proposes(people):
    FactorTarget.objects.create(store=people.store, factor_code="F01", starts_on="2026-01-01", mean="9.5")
    for n in range(12):
        response(people, {"F02": 9 + n % 2}, at=ANSWERED)
    report = made(target_review, people, Quarter(2026, 4))
    proposed = {row[0]: (row[5], row[9], row[-2], row[-1]) for row in rows(report, "因子目标")}
    assert proposed["F07"] == (Decimal("9.00"), 0, Decimal("9.00"), "未达标，列入改进")
    assert proposed["F01"][3] in ("保持", "建议提高")
    [index] = rows(report, "总指数")
    assert index[1] == 24


def test_each_is_owed_once_made_after_an_outage_and_told_to_its_readers(people):
    monday = datetime(2026, 10, 19, 2, 0, tzinfo=SHOP)

    def ours():
        return sorted(KeptReport.objects.filter(code__in=OURS).values_list("code", "period"))

    reporting.owe_due_editions(at=monday - timedelta(minutes=1))
    weeks = [("weekly_factors", f"2026-W{number}") for number in range(39, 43)]
    early = ours()
    for _again in range(2):
        reporting.owe_due_editions(at=monday + timedelta(days=3))  # the machine was off over Monday
    others = [("csi_analysis", "2026-09"), ("target_review", "2026-Q3")]
    assert (early, ours()) == ([*others, *weeks[:-1]], [*others, *weeks])
    kept = KeptReport.objects.get(period="2026-W42")
    assert reporting.make_report(kept_id=kept.pk, at=monday)
    assert not reporting.make_report(kept_id=kept.pk, at=monday)
    kept.refresh_from_db()
    book = load_workbook(io.BytesIO(kept.content))
    assert book.sheetnames == ["问题因子", "满意因子", "回访员", "不满意明细", "说明"]
    readers = set(Notice.objects.filter(key=f"report:{kept.pk}").values_list("recipient__name", flat=True))
    assert {people.crc.name, people.manager.name} <= readers


@pytest.mark.parametrize(
    ("code", "period", "other"),
    [
        ("weekly_factors", "2026-W42", "2026-10"), ("csi_analysis", "2026-10", "2026-Q4"),
        ("target_review", "2026-Q4", "x"),
    ],
)  # fmt: skip
def test_each_has_its_page_and_its_workbook(client, people, code, period, other):
    client.force_login(people.crc)
    page = client.get(reverse(f"reporting:{code}"), {"period": period, "store": people.store.code})
    assert (page.status_code, bool(page.context["sheets"])) == (200, True)
    assert client.get(reverse(f"reporting:{code}")).status_code == 200
    assert client.get(reverse(f"reporting:{code}_xlsx", args=[people.store.code, period])).status_code == 200
    assert client.get(reverse(f"reporting:{code}_xlsx", args=[people.store.code, other])).status_code == 404
