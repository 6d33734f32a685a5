"""What the clock asks of the office."""

import pytest
from django.utils import timezone

from dealer_crm.notices.models import Notice
from dealer_crm.office.settings import CALENDAR_WEEKS_AHEAD
from dealer_crm.office.tasks import watch_calendar
from dealer_crm.organization.queries import figure
from dealer_crm.workdays.actions import load_year
from dealer_crm.workdays.queries import years_needed

pytestmark = pytest.mark.django_db


def test_a_year_without_its_calendar_alarms_whoever_can_load_it_once_a_week(people):
    today = timezone.localdate()
    years = years_needed(today, figure(CALENDAR_WEEKS_AHEAD, on=today))
    assert watch_calendar() == 2 * len(years)
    assert watch_calendar() == 0
    told = Notice.objects.filter(key__startswith="calendar:").order_by("text")
    assert {notice.recipient for notice in told} == {people.manager, people.admin}
    assert all(str(year) in text for year, text in zip(years, sorted({one.text for one in told}), strict=True))
    Notice.objects.all().delete()
    for year in years:
        load_year(year=year, at=timezone.now())
    watch_calendar()
    assert not [one for one in Notice.objects.all() if "not loaded" in one.text]
