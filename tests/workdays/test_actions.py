"""The working calendar as it is loaded and changed: Golden Week, make-up days, a store's exceptions."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from dealer_crm.journal.models import Entry
from dealer_crm.values import Refusal
from dealer_crm.workdays import actions, queries
from dealer_crm.workdays.models import CalendarDay
from tests.factories import cast

pytestmark = pytest.mark.django_db

AT = datetime(2026, 10, 12, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def people():
    return cast.of_store()


@pytest.fixture
def year_2026():
    return actions.load_year(year=2026, at=AT)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 1, 1), False),
        (date(2026, 2, 14), True),  # the Saturday before Spring Festival, made up
        (date(2026, 2, 15), False),
        (date(2026, 2, 23), False),
        (date(2026, 2, 28), True),  # the Saturday after it
        (date(2026, 9, 20), True),  # a Sunday, made up for Golden Week
        (date(2026, 10, 1), False),
        (date(2026, 10, 7), False),
        (date(2026, 10, 8), True),
        (date(2026, 10, 10), True),  # a Saturday, made up
        (date(2026, 10, 11), False),
    ],
)
def test_a_loaded_year_knows_the_holidays_and_their_make_up_days(year_2026, day, works):
    calendar = queries.work_calendar(None, day, day)
    assert (calendar.is_working(day), calendar.is_assumed(day)) == (works, False)


def test_a_year_is_loaded_whole_and_once(year_2026):
    assert (year_2026, actions.load_year(year=2026, at=AT), CalendarDay.objects.count()) == (365, 0, 365)
    assert Entry.objects.filter(verb="calendar.loaded").count() == 1


def test_loading_again_keeps_what_people_decided_and_corrects_the_rest(year_2026, people):
    actions.set_day(day=date(2026, 5, 9), is_working=False, name="店庆", by=people.admin, at=AT)
    CalendarDay.objects.filter(day=date(2026, 10, 10)).update(is_working=False, name="")
    assert actions.load_year(year=2026, at=AT) == 1
    kept = CalendarDay.objects.filter(day__in=[date(2026, 5, 9), date(2026, 10, 10)]).order_by("day")
    assert [(row.is_working, row.name) for row in kept] == [(False, "店庆"), (True, queries.MAKE_UP_DAY)]


@pytest.mark.parametrize("year", [1999, 2101])
def test_a_year_nobody_knows_is_refused(year):
    with pytest.raises(Refusal):
        actions.load_year(year=year, at=AT)


def test_a_store_works_on_a_holiday_and_the_others_rest(year_2026, people):
    other = cast.of_second_store()
    day = date(2026, 10, 1)
    actions.set_day(day=day, store=people.store, is_working=True, name="国庆值班", by=people.manager, at=AT)
    answers = [queries.work_calendar(store, day, day).is_working(day) for store in (people.store, other.store, None)]
    assert answers == [True, False, False]
    assert queries.work_calendar(people.store, day, day).name(day) == "国庆值班"


def test_an_exception_is_taken_back(year_2026, people):
    day = date(2026, 10, 1)
    actions.set_day(day=day, store=people.store, is_working=True, name="值班", by=people.manager, at=AT)
    actions.clear_day(day=day, store=people.store, by=people.manager, at=AT)
    assert queries.work_calendar(people.store, day, day).is_working(day) is False
    with pytest.raises(Refusal):
        actions.clear_day(day=day, store=people.store, by=people.manager, at=AT)


def test_an_exception_says_why_and_concerns_the_own_store(people):
    other = cast.of_second_store()
    wrong = [{"name": "  ", "store": people.store}, {"name": "值班", "store": other.store}, {"name": "值班"}]
    for fields in wrong:
        with pytest.raises(Refusal):
            actions.set_day(day=date(2026, 10, 1), is_working=True, by=people.manager, at=AT, **fields)
    assert CalendarDay.objects.count() == 0
