"""Reports that are owed, made once, kept and handed to those entitled."""

import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.urls import get_resolver, reverse
from django.utils import timezone

from dealer_crm.access.permissions import Permission
from dealer_crm.journal.models import Entry
from dealer_crm.notices.models import Notice
from dealer_crm.reporting import Column, Kind, Report, Sheet, actions, queries, registry
from dealer_crm.reporting.choices import ReportState
from dealer_crm.reporting.models import KeptReport
from dealer_crm.reporting.registry import Edition
from dealer_crm.reporting.views import reports_card
from dealer_crm.ui.home import card_for
from dealer_crm.values import Day, Period, Quarter, Refusal, Week
from tests.factories import cast

pytestmark = pytest.mark.django_db

OCTOBER = Period(2026, 10)
NOON = datetime(2026, 11, 3, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def build(*, store, period, by, at) -> Report:
    if period == Period(2026, 8):
        raise Refusal("目标尚未签认")
    sheet = Sheet("汇总", [Column("门店"), Column("金额", Kind.MONEY, total=True)], [[store.name, Decimal("12.50")]])
    return Report("样表", f"kpi-{store.code}-{period}", [sheet], [("门店", store.name), ("期间", str(period))])


@pytest.fixture(autouse=True)
def only_the_sample_report(monkeypatch):
    assert get_resolver().url_patterns  # read once, while every app's reports are registered
    monkeypatch.setattr(registry, "_reports", {})  # under a code that has addresses
    registry.register(
        code="kpi", title="样表", permission=Permission.KPI_VIEW, build=build,
        editions=(Edition("first", day=1), Edition("final", day=5)),
    )  # fmt: skip


@pytest.fixture
def people():
    return cast.of_store()


def sign_in(client, person):
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")


def owed(people, period=OCTOBER) -> KeptReport:
    return actions.owe_report(code="kpi", store=people.store, period=period, edition="first", by=None, at=NOON)


def test_what_came_due_is_owed_once_however_often_one_asks(people):
    at = NOON.astimezone(UTC)
    assert [actions.owe_due_editions(at=at), actions.owe_due_editions(at=at)] == [1, 0]
    assert actions.owe_due_editions(at=at + timedelta(days=2)) == 1
    assert sorted(KeptReport.objects.values_list("period", "edition")) == [("2026-10", "final"), ("2026-10", "first")]


def test_nothing_is_due_before_its_hour(people):
    assert actions.owe_due_editions(at=datetime(2026, 11, 1, 1, 59, tzinfo=ZoneInfo("Asia/Shanghai"))) == 0
    assert actions.owe_due_editions(at=datetime(2026, 11, 1, 2, 0, tzinfo=ZoneInfo("Asia/Shanghai"))) == 1


@pytest.mark.parametrize("makes_up", [True, False], ids=["made up", "control: only what is due today"])
def test_after_an_outage_every_report_is_owed_exactly_once(people, monkeypatch, makes_up):
    """The clock ticks on the days round the turn of months, but not on three days in August and not from September to
    November; the control, which asks only what is due today, must lose some."""
    registry.register(
        code="daily", title="日报", permission=Permission.KPI_VIEW, build=build, kind=Day,
        editions=(Edition("evening", day=0, hour=18),),
    )  # fmt: skip
    if not makes_up:
        asked = queries.due_editions
        monkeypatch.setattr(
            queries, "due_editions", lambda at: [one for one in asked(at) if one[4].date() == at.date()]
        )
    ticks = [datetime(2026, 7, day, 19) for day in (6, 7, 30, 31)]
    ticks += [datetime(2026, 8, day, 19) for day in (4, 5, 6)] + [datetime(2026, 12, 1, 19)]  # off on 1 to 3 August
    for tick in ticks:
        actions.owe_due_editions(at=tick.replace(tzinfo=ZoneInfo("Asia/Shanghai")))
    months = [(f"2026-{month:02d}", edition) for month in range(6, 11) for edition in ("final", "first")]
    owed = KeptReport.objects.filter(code="kpi").values_list("period", "edition")
    assert (sorted(owed) == [*months, ("2026-11", "first")]) is makes_up
    # The daily one is made up for a month: as long as somebody would still read it.
    daily = list(KeptReport.objects.filter(code="daily").order_by("period").values_list("period", flat=True))
    summer = [f"{date(2026, 6, 29) + timedelta(days=number)}" for number in range(39)]
    autumn = [f"{date(2026, 10, 31) + timedelta(days=number)}" for number in range(32)]
    assert (daily == summer + autumn) is makes_up


@pytest.mark.parametrize(
    ("kind", "day", "before", "made_up", "from_then_on", "period"),
    [(Week, 1, datetime(2026, 11, 2, 1, 59), 3, datetime(2026, 11, 2, 2), "2026-W44"),
     (Quarter, 5, datetime(2026, 10, 5, 1, 59), 0, datetime(2026, 11, 3, 12), "2026-Q3")],
    ids=["weekly", "quarterly"],
)  # fmt: skip
def test_reports_of_weeks_and_quarters_come_due_after_them_and_are_made(
    people, kind, day, before, made_up, from_then_on, period
):
    edition = Edition("weekly", day=day)
    registry.register(
        code="kpi", title="样表", permission=Permission.KPI_VIEW, build=build, editions=(edition,), kind=kind
    )
    shop = ZoneInfo("Asia/Shanghai")
    assert actions.owe_due_editions(at=before.replace(tzinfo=shop)) == made_up
    assert actions.owe_due_editions(at=from_then_on.replace(tzinfo=shop)) == 1
    kept = KeptReport.objects.get(period=period)
    assert actions.make_report(kept_id=kept.pk, at=NOON)
    assert KeptReport.objects.get(pk=kept.pk).file_name == f"kpi-BJ01-{period}.xlsx"


def test_a_report_is_made_kept_and_announced_to_its_readers(people):
    kept = owed(people)
    assert actions.make_report(kept_id=kept.pk, at=NOON)
    kept.refresh_from_db()
    assert (kept.state, kept.file_name, kept.inputs_at) == (ReportState.MADE, "kpi-BJ01-2026-10.xlsx", NOON)
    book = openpyxl.load_workbook(io.BytesIO(kept.content), data_only=True)
    assert [cell.value for cell in book["汇总"][2]] == ["北京远航店", 12.5]
    readers = sorted(Notice.objects.filter(key=f"report:{kept.pk}").values_list("recipient__name", flat=True))
    assert readers == sorted([people.manager.name, people.director.name, people.group.name])


def test_a_report_that_is_made_is_not_made_again(people):
    kept = owed(people)
    assert [actions.make_report(kept_id=kept.pk, at=NOON), actions.make_report(kept_id=kept.pk, at=NOON)] == [
        True,
        False,
    ]
    assert Entry.objects.filter(verb="report.made").count() == 1
    with pytest.raises(Refusal):
        actions.owe_again(kept=kept, by=people.manager, at=NOON)


def test_a_report_somebody_is_making_is_left_alone_until_that_worker_is_gone(people):
    kept = owed(people)
    KeptReport.objects.update(claimed_at=NOON)
    assert not actions.make_report(kept_id=kept.pk, at=NOON + timedelta(minutes=5))
    assert actions.make_report(kept_id=kept.pk, at=NOON + timedelta(hours=1))


def test_a_refusal_is_kept_with_its_sentence_and_can_be_tried_again(people):
    kept = owed(people, Period(2026, 8))
    assert not actions.make_report(kept_id=kept.pk, at=NOON)
    kept.refresh_from_db()
    assert (kept.state, kept.failure) == (ReportState.FAILED, "目标尚未签认")
    assert actions.owe_again(kept=kept, by=people.manager, at=NOON).state == ReportState.OWED


def test_a_mistake_of_the_program_is_tried_three_times(people, monkeypatch):
    def broken(**_asked):
        raise ZeroDivisionError("boom")

    registry.register(code="kpi", title="样表", permission=Permission.KPI_VIEW, build=broken)
    kept = owed(people)
    states = []
    for _try in range(4):
        actions.make_report(kept_id=kept.pk, at=NOON)
        kept.refresh_from_db()
        states.append((kept.state, kept.tries))
    assert states == [("owed", 1), ("owed", 2), ("failed", 3), ("failed", 3)]


@pytest.mark.parametrize("state", ["owed", "made", "failed"])
def test_every_state_has_its_page(client, people, state):
    sign_in(client, people.manager)
    kept = owed(people, Period(2026, 8) if state == "failed" else OCTOBER)
    if state != "owed":
        actions.make_report(kept_id=kept.pk, at=NOON)
    kept.refresh_from_db()
    assert kept.state == state
    assert client.get(reverse("reporting:kept", args=[kept.pk])).status_code == 200
    page = client.get(reverse("reporting:reports"))
    assert {one.label: one.kept for one in page.context["timetable"]} == {"初版": kept, "终版（补录后）": None}
    assert client.get(reverse("reporting:kept_file", args=[kept.pk])).status_code == (200 if state == "made" else 404)


def test_a_kept_report_is_for_readers_of_its_store(client, people):
    kept = owed(people)
    actions.make_report(kept_id=kept.pk, at=NOON)
    sign_in(client, cast.of_second_store().manager)
    assert client.get(reverse("reporting:kept_file", args=[kept.pk])).status_code == 404
    sign_in(client, people.finance)  # may look at reports, not at key figures
    assert client.get(reverse("reporting:kept_file", args=[kept.pk])).status_code == 404
    sign_in(client, people.advisor)
    assert client.get(reverse("reporting:kept_file", args=[kept.pk])).status_code == 403


def test_who_reads_all_stores_sees_on_the_first_page_what_came_in_this_week(people):
    for person, shown in ((people.group, [reverse("reporting:kept", args=[owed(people).pk])]), (people.manager, None)):
        actions.make_report(kept_id=KeptReport.objects.get().pk, at=timezone.now())
        card = card_for(reports_card, person, timezone.now())
        assert (card and [item.url for item in card.items]) == shown


def test_a_download_is_in_the_journal(client, people):
    kept = owed(people)
    actions.make_report(kept_id=kept.pk, at=NOON)
    sign_in(client, people.manager)
    answer = client.get(reverse("reporting:kept_file", args=[kept.pk]))
    assert b"".join(answer.streaming_content) == bytes(KeptReport.objects.get().content)
    entry = Entry.objects.get(verb="report.exported")
    assert (entry.by_name, entry.note) == (people.manager.name, "kpi-BJ01-2026-10.xlsx xlsx")
