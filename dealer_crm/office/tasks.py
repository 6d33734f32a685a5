"""What the clock asks of the office. Each may run twice, late, or never for a while, without harm."""

from celery import shared_task
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.access.roles import Role
from dealer_crm.notices.actions import notify
from dealer_crm.office.settings import CALENDAR_WEEKS_AHEAD
from dealer_crm.organization.actions import close_left_accounts as close_accounts
from dealer_crm.organization.models import Staff
from dealer_crm.organization.queries import figure
from dealer_crm.workdays.queries import missing_years, provisional_years


@shared_task
def watch_calendar() -> int:
    """Tell managers and administrators, once a week, that a year's working days are missing or not final yet."""
    at = timezone.now()
    today = timezone.localdate(at)
    weeks = figure(CALENDAR_WEEKS_AHEAD, on=today)
    people = Staff.objects.with_role(Role.MANAGER, Role.ADMIN)
    iso = today.isocalendar()
    told = 0
    missing = _("The working calendar of %(year)s is not loaded.")
    provisional = _("The calendar of %(year)s has no make-up days yet; load it again once they are announced.")
    alarms = [(year, missing) for year in missing_years(today, weeks)]
    alarms += [(year, provisional) for year in provisional_years(today, weeks)]
    for year, text in alarms:
        told += notify(
            recipients=people,
            key=f"calendar:{year}:{iso.year}-W{iso.week:02d}",
            text=text % {"year": year},
            url=f"{reverse('office:calendar')}?year={year}",
            at=at,
        )
    return told


@shared_task
def close_left_accounts() -> int:
    """Close the accounts of people whose last day is over."""
    return close_accounts(at=timezone.now())
