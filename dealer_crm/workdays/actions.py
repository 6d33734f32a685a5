"""Loading a year's working days and a store's exceptions."""

from datetime import date, timedelta

import holidays
from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.values import Refusal
from dealer_crm.workdays.models import CalendarDay
from dealer_crm.workdays.queries import MAKE_UP_DAY

FIRST_YEAR, LAST_YEAR = 2000, 2100


@transaction.atomic
def load_year(*, year: int, by=None, at) -> int:
    """Write the national rows of a year from the holiday library, make-up working days (调休) included.

    Missing rows are added and rows that differ are brought up to date (the library learns next year's make-up days only
    after they are announced, each November); days somebody has edited are kept. Returns how many rows were written.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refusal(_("No calendar is known for %(year)s.") % {"year": year}, field="year")
    known = {row.day: row for row in CalendarDay.objects.select_for_update().filter(store_code="", day__year=year)}
    new, changed = [], []
    for row in _national_rows(year):
        kept = known.get(row.day)
        if kept is None:
            new.append(row)
        elif not kept.is_edited and (kept.is_working, kept.name) != (row.is_working, row.name):
            kept.is_working, kept.name = row.is_working, row.name
            changed.append(kept)
    CalendarDay.objects.bulk_create(new, ignore_conflicts=True)
    CalendarDay.objects.bulk_update(changed, ["is_working", "name"])
    if written := len(new) + len(changed):
        subject = CalendarDay.objects.get(store_code="", day=date(year, 1, 1))
        journal.record(
            by=by, at=at, verb="calendar.loaded", subject=subject, note=f"{year}: +{len(new)} ~{len(changed)}"
        )
    return written


@transaction.atomic
def set_day(*, day: date, store=None, is_working: bool, name: str, by, at) -> CalendarDay:
    """Say that a store (or everyone, without `store`) works or rests on a day, and why."""
    if not name.strip():
        raise Refusal(_("Say why this day is different."), field="name")
    _refuse_others_calendar(store, by)
    code = store.code if store else ""
    before = CalendarDay.objects.filter(day=day, store_code=code).first()
    row, _was_new = CalendarDay.objects.update_or_create(
        day=day,
        store_code=code,
        defaults={"is_working": is_working, "name": name.strip(), "is_edited": True},
    )
    journal.record(
        by=by,
        at=at,
        verb="calendar.changed",
        subject=row,
        store=store,
        changes={"is_working": [before and before.is_working, is_working]},
        note=name.strip(),
    )
    return row


@transaction.atomic
def clear_day(*, day: date, store, by, at) -> None:
    """Take a store's exception back: on this day it keeps the country's calendar again."""
    _refuse_others_calendar(store, by)
    row = CalendarDay.objects.select_for_update().filter(day=day, store_code=store.code).first()
    if row is None:
        raise Refusal(_("The store has no exception on this day."))
    journal.record(
        by=by, at=at, verb="calendar.cleared", subject=row, store=store, changes={"is_working": [row.is_working, None]}
    )
    row.delete()


def _national_rows(year: int):
    china = holidays.country_holidays("CN", years=year, language="zh_CN")
    day = date(year, 1, 1)
    while day.year == year:
        if day in china.weekend_workdays:
            yield CalendarDay(day=day, is_working=True, name=MAKE_UP_DAY)
        else:
            yield CalendarDay(day=day, is_working=china.is_working_day(day), name=china.get(day, "")[:60])
        day += timedelta(days=1)


def _refuse_others_calendar(store, by) -> None:
    if by and not by.sees_all_stores and (store is None or store.pk != by.store_id):
        raise Refusal(_("You change the calendar of your own store only."), field="store")
