"""Loading a year's working days and a store's exceptions."""

from datetime import date, timedelta

import holidays
from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.values import Refusal
from dealer_crm.workdays.models import CalendarDay


@transaction.atomic
def load_year(*, year: int, by=None, at) -> int:
    """Write the national rows of a year from the holiday library, make-up working days (调休) included.

    Days somebody has edited are kept: only missing rows are added. Returns how many were added.
    """
    china = holidays.country_holidays("CN", years=year, language="zh_CN")
    make_up = china.weekend_workdays
    first = date(year, 1, 1)
    rows = []
    for offset in range((date(year + 1, 1, 1) - first).days):
        day = first + timedelta(days=offset)
        if day in make_up:
            rows.append(CalendarDay(day=day, is_working=True, name="调休上班"))
        else:
            rows.append(CalendarDay(day=day, is_working=china.is_working_day(day), name=china.get(day, "")[:60]))
    before = CalendarDay.objects.filter(store_code="", day__year=year).count()
    CalendarDay.objects.bulk_create(rows, ignore_conflicts=True)
    added = CalendarDay.objects.filter(store_code="", day__year=year).count() - before
    if added:
        subject = CalendarDay.objects.get(store_code="", day=first)
        journal.record(by=by, at=at, verb="calendar.loaded", subject=subject, note=f"{year}: +{added}")
    return added


@transaction.atomic
def set_day(*, day: date, store=None, is_working: bool, name: str, by, at) -> CalendarDay:
    """Say that a store (or everyone, without `store`) works or rests on a day, and why."""
    if not name.strip():
        raise Refusal(_("Say why this day is different."), field="name")
    row, _was_new = CalendarDay.objects.update_or_create(
        day=day, store_code=store.code if store else "", defaults={"is_working": is_working, "name": name.strip()}
    )
    journal.record(by=by, at=at, verb="calendar.changed", subject=row, store=store, note=name)
    return row
