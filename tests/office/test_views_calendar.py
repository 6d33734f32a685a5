"""The working calendar in the browser, and the alarm for a year that is missing."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from dealer_crm.notices.models import Notice
from dealer_crm.office import tasks
from dealer_crm.office.settings import CALENDAR_WEEKS_AHEAD
from dealer_crm.organization.actions import set_figure
from dealer_crm.workdays.actions import load_year
from dealer_crm.workdays.models import CalendarDay
from dealer_crm.workdays.queries import work_calendar

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 21, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
HOLIDAY = date(2026, 10, 2)


@pytest.fixture
def year_2026():
    load_year(year=2026, at=AT)


def address(name, *args):
    return reverse(f"office:{name}", args=args)


def days_of(answer) -> dict[date, object]:
    return {one.day: one for month in answer.context["months"] for week in month.weeks for one in week if one}


def test_a_year_shows_twelve_months_with_its_kinds_of_days(as_manager, year_2026):
    answer = as_manager.get(address("calendar"), {"year": 2026})
    days = days_of(answer)
    assert (len(answer.context["months"]), len(days), answer.context["working_days"]) == (12, 365, 248)
    kinds = {
        day: days[date.fromisoformat(day)].kind for day in ("2026-10-09", "2026-10-10", "2026-10-01", "2026-10-17")
    }
    assert list(kinds.values()) == ["working", "make_up", "holiday", "rest"]
    october = answer.context["months"][9]
    assert (october.names[0].days, october.names[0].name) == ("1–3", "国庆节")


def test_a_year_that_is_not_loaded_says_so(as_manager):
    answer = as_manager.get(address("calendar"), {"year": 2031})
    assert (answer.context["is_loaded"], days_of(answer)[date(2031, 1, 1)].kind) == (False, "assumed")


def test_everybody_looks_and_nobody_but_the_manager_changes(client, people, year_2026):
    client.force_login(people.technician)
    assert client.get(address("calendar"), {"year": 2026}).context["may_change"] is False
    assert client.post(address("calendar_day", 2026, 10, 2), {"is_working": "1", "name": "值班"}).status_code == 403


def test_a_manager_lets_the_own_store_work_on_a_holiday(as_manager, people, others, year_2026):
    as_manager.post(address("calendar_day", 2026, 10, 2), {"is_working": "1", "name": "值班"})
    kept = [work_calendar(store).is_working(HOLIDAY) for store in (people.store, others.store, None)]
    assert kept == [True, False, False]
    shown = days_of(as_manager.get(address("calendar"), {"year": 2026}))[HOLIDAY]
    assert (shown.kind, shown.name, shown.is_own) == ("working", "值班", True)


def test_another_stores_calendar_is_not_there(as_manager, others, year_2026):
    at_the_other = f"{address('calendar_day', 2026, 10, 2)}?store={others.store.code}"
    assert as_manager.post(at_the_other, {"is_working": "1", "name": "值班"}).status_code == 404
    assert CalendarDay.objects.exclude(store_code="").count() == 0


def test_an_exception_is_taken_back(as_manager, people, year_2026):
    as_manager.post(address("calendar_day", 2026, 10, 2), {"is_working": "1", "name": "值班"})
    as_manager.post(address("calendar_day_clear", 2026, 10, 2))
    assert work_calendar(people.store).is_working(HOLIDAY) is False


def test_the_administrator_changes_the_country(as_admin, people, others, year_2026):
    as_admin.post(address("calendar_day", 2026, 10, 9), {"is_working": "0", "name": "停电"})
    day = date(2026, 10, 9)
    assert [work_calendar(store).is_working(day) for store in (people.store, others.store)] == [False, False]


def test_a_year_is_loaded_with_one_press(as_manager):
    as_manager.post(address("calendar_load", 2026))
    assert CalendarDay.objects.filter(day__year=2026).count() == 365


def test_a_day_that_is_none_is_not_there(as_manager):
    assert as_manager.get(address("calendar_day", 2026, 2, 30)).status_code == 404


# ── The alarm ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_managers_and_administrators_are_told_once_a_week_that_a_year_is_missing(people, others):
    load_year(year=timezone.localdate().year, at=AT)
    CalendarDay.objects.filter(day__iso_week_day=6).update(is_working=True)  # as if its make-up days were announced
    set_figure(figure=CALENDAR_WEEKS_AHEAD, store=None, value=53, starts_on=date(2026, 1, 1), by=None, at=AT)
    assert (tasks.watch_calendar(), tasks.watch_calendar()) == (4, 0)
    told = sorted(Notice.objects.values_list("recipient__roles", flat=True))
    assert told == [["admin"], ["admin"], ["manager"], ["manager"]]


def test_nobody_is_told_when_this_year_and_the_next_are_there(people):
    year = timezone.localdate().year
    load_year(year=year, at=AT)
    load_year(year=year + 1, at=AT)
    # A year loaded before its make-up days were announced would still be told of: give both one by hand.
    CalendarDay.objects.filter(day__year__in=[year, year + 1], day__iso_week_day=6).update(is_working=True)
    assert tasks.watch_calendar() == 0


def test_accounts_of_the_departed_are_closed(people):
    people.cashier.left_on = date(2026, 1, 31)
    people.cashier.save()
    assert (tasks.close_left_accounts(), tasks.close_left_accounts()) == (1, 0)
