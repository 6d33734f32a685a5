"""What leaves the callback centre by itself: the day's report, the month's, the statistics of one kind of calls."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from callback.actions import note_visit
from callback.choices import Outcome, RuleCode, TaskState, VisitSource
from callback.reports.days import daily_calls
from callback.reports.months import monthly_relations, sales_calls, service_calls
from dealer_crm.reporting import actions as reporting
from dealer_crm.reporting.models import KeptReport
from dealer_crm.values import Day, Period
from satisfaction.actions import install_questionnaires
from tests.factories.callback import TEN, CallTaskFactory, ContactFactory

TODAY, MONTH = Day(TEN.date()), Period(2026, 10)


@pytest.fixture
def called(people):
    """Of three calls due today one was completed with a remark, one is overdue; a new-car call was busy; a visitor."""
    install_questionnaires(by=None, at=TEN)
    done = CallTaskFactory(
        store=people.store, state=TaskState.DONE, first_called_at=TEN, due_at=TEN + timedelta(hours=1)
    )
    CallTaskFactory(store=people.store, due_at=TEN + timedelta(hours=2))
    new_car = CallTaskFactory(store=people.store, code=RuleCode.SALES_3D)
    said = {"agent": people.agent, "at": TEN}
    ContactFactory(task=done, note="空调异味希望复查", was_on_time=False, **said)
    ContactFactory(task=new_car, outcome=Outcome.BUSY, **said)
    note_visit(store=people.store, source=VisitSource.WEB, by=people.agent, at=TEN)


def rows(report, title):
    return next(list(sheet.rows) for sheet in report.sheets if sheet.title == title)


def test_the_day_s_report_counts_rules_and_agents_and_repeats_what_customers_said(people, called):
    report = daily_calls(store=people.store, period=TODAY, by=people.crc, at=TEN + timedelta(hours=9))
    by_rule = {row[0]: row[1:] for row in rows(report, "回访规则")}
    assert [(row[0], row[1], row[4], row[7]) for row in by_rule.values()] == [(1, 0, 0, 1), (2, 1, 1, 1)]
    assert [row[:5] for row in rows(report, "客服专员")] == [(people.agent.name, 2, 1, 0.5, 1)]
    assert [(row[5], row[6]) for row in rows(report, "客户意见")] == [("空调异味希望复查", "否")]
    assert len(rows(report, "逾期未完成")) == 2 and rows(report, "展厅")[0][:2] == (1, 1)


def test_the_month_s_report_and_the_statistics_of_one_kind_of_calls(people, called):
    made = {"store": people.store, "period": MONTH, "by": people.crc, "at": TEN + timedelta(days=20)}
    month = monthly_relations(**made)
    summary = {row[0]: row[1:] for row in rows(month, "汇总")}
    assert rows(month, "比率")[0] == ("回访率", Decimal("0.3333"), None)
    assert (summary["应回访（个）"], summary["反映未准时交车（次）"], summary["投诉（件）"]) == ((3, 0), (1, 0), (0, 0))
    for build, owed in ((service_calls, 2), (sales_calls, 1)):
        report = build(**made)
        days = {row[0]: row[1] for row in rows(report, "按日")}
        assert (len(days), days["2026-10-15"], sum(row[1] for row in rows(report, "回访规则"))) == (31, owed, owed)


def test_the_day_s_report_is_made_at_six_in_the_evening_once_and_the_month_s_by_the_third(people):
    def ours(code):
        return list(KeptReport.objects.filter(code=code).order_by("period").values_list("period", flat=True))

    six = TEN.replace(hour=18)
    reporting.owe_due_editions(at=six - timedelta(minutes=1))
    assert ours("daily_calls")[-1] == "2026-10-14"
    for _again in range(2):
        reporting.owe_due_editions(at=six)
    assert (ours("daily_calls")[-1], len(ours("daily_calls")), ours("customer_relations")) == (
        "2026-10-15",
        8,
        ["2026-09"],
    )
    kept = KeptReport.objects.get(code="daily_calls", period="2026-10-15")
    assert reporting.make_report(kept_id=kept.pk, at=six)
    third = datetime(2026, 11, 3, 2, 0, tzinfo=people.store.tz)
    reporting.owe_due_editions(at=third)
    kept = KeptReport.objects.get(code="customer_relations", period="2026-10")
    assert reporting.make_report(kept_id=kept.pk, at=third)


def test_a_day_is_chosen_on_the_page(client, people, called):
    client.force_login(people.crc)
    page = client.get(reverse("reporting:daily_calls"), {"store": people.store.code, "period": "2026-10-15"})
    assert "空调异味希望复查" in page.content.decode()
    assert (
        "日期请写成 2026-10-15"
        in client.get(
            reverse("reporting:daily_calls"), {"store": people.store.code, "period": "2026-13-45"}
        ).content.decode()
    )
