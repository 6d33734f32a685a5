"""Calls that are not made yet: their windows, what a changed rule would make of today, what the month will bring."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from callback.choices import PURPOSES, RuleCode
from callback.formulas import Due, call_window, hours_window
from callback.models import CallRefusal, CallTask, Rule
from callback.queries.owed import Owed, owed_calls
from callback.queries.owed.reminders import coming_reminders
from callback.queries.plan import CallPlan, call_plan
from dealer_crm.values import Period, WorkCalendar
from dealer_crm.workdays.queries import work_calendar
from reception.models import Customer, Vehicle

FORESEEN = (RuleCode.MAINTENANCE, RuleCode.FIRST_SERVICE, RuleCode.INSURANCE_RENEWAL, RuleCode.SUGGESTION)
"""Rules whose calls of the days to come are known today."""
SHOWN = 20


def windows_of(rule: Rule, owed: list[Owed], plan: CallPlan) -> list[Due]:
    """The window of each owed call; what is owed of the same day is reckoned once."""
    days = [each.event_on for each in owed]
    calendar = work_calendar(rule.store, min(days), max(days))
    known: dict[tuple, Due] = {}
    for each in owed:
        key = _window_key(rule, each)
        if key not in known:
            known[key] = _window(rule, each, calendar, plan)
    return [known[_window_key(rule, each)] for each in owed]


def _window_key(rule: Rule, owed: Owed) -> tuple:
    return (owed.event_at,) if rule.within_hours else (owed.event_on, owed.lead_days, owed.within_days)


def _window(rule: Rule, owed: Owed, calendar: WorkCalendar, plan: CallPlan) -> Due:
    if rule.within_hours and owed.event_at:
        return hours_window(moment=owed.event_at, within=rule.within_hours, calendar=calendar, hours=plan.hours)
    return call_window(
        event_on=owed.event_on,
        opens_after=min(
            rule.opens_after_days, rule.closes_after_days if owed.within_days is None else owed.within_days
        ),
        closes_after=rule.closes_after_days if owed.within_days is None else owed.within_days,
        calendar=calendar,
        hours=plan.hours,
        lead_days=owed.lead_days,
    )


def _without_refusing(rule: Rule, owed: list[Owed]) -> list[Owed]:
    unwilling = set(
        CallRefusal.objects.filter(
            purpose=PURPOSES.get(RuleCode(rule.code), ""), customer__in={each.customer_id for each in owed}
        ).values_list("customer", flat=True)
    )
    return [each for each in owed if not each.refuses_calls and each.customer_id not in unwilling]


# ── What a change would do ───────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Preview:
    """What a rule would do now. `new`: calls it would make at once, `by_day`: of these how many are due on which day,
    `overdue`: how many would be born overdue; `before`: how many it makes as it stands; `open_calls`: calls in the
    queue, which a change of priority or channel touches."""

    new: int
    before: int
    overdue: int
    open_calls: int
    by_day: list[tuple[date, int]]


def rule_preview(rule: Rule, changed: Rule, *, at: datetime) -> Preview:
    """What `changed` (the same rule with other settings, not saved) would do at `at`, beside what `rule` does."""
    plan = call_plan(rule.store, at.astimezone(rule.store.tz).date())
    due = [window.due_at for window in _windows_now(changed, plan, at)]
    days = Counter(moment.astimezone(rule.store.tz).date() for moment in due)
    return Preview(
        new=len(due),
        before=len(_windows_now(rule, plan, at)),
        overdue=sum(moment < at for moment in due),
        open_calls=CallTask.objects.unfinished().filter(rule=rule).count(),
        by_day=sorted(days.items())[:SHOWN],
    )


def _windows_now(rule: Rule, plan: CallPlan, at: datetime) -> list[Due]:
    owed = _without_refusing(rule, owed_calls(rule, at=at, make_up=plan.make_up)) if rule.is_on else []
    return windows_of(rule, owed, plan) if owed else []


# ── The programme of a month ─────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Planned:
    """A call the days to come will bring; nobody has to do anything for it yet."""

    rule: Rule
    customer: Customer
    vehicle: Vehicle | None
    due: Due


def calls_of_month(store, period: Period) -> QuerySet[CallTask]:
    """The calls whose last moment lies in the month, with what a row of the programme shows."""
    begin, end = period.bounds(store.tz)
    return (
        CallTask.objects.of_store(store)
        .filter(due_at__gte=begin, due_at__lt=end)
        .select_related("rule", "customer", "vehicle", "order")
        .order_by("due_at", "priority", "pk")
    )


def calls_to_come(store, period: Period, *, at: datetime) -> list[Planned]:
    """What will be owed by the end of the month as far as it can be known today."""
    end = period.bounds(store.tz)[1]
    if end <= at:
        return []
    today = at.astimezone(store.tz).date()
    plan = call_plan(store, today)
    rules = Rule.objects.filter(store=store, code__in=FORESEEN, is_on=True).select_related("store")
    found: list[tuple[Rule, Owed, Due]] = []
    for rule in rules.order_by("priority", "code"):
        if rule.code == RuleCode.SUGGESTION:
            owed = owed_calls(rule, at=end, make_up=end - at)
        else:
            owed = coming_reminders(rule, today=today, until=period.last_day)
        owed = _without_refusing(rule, owed)
        windows = windows_of(rule, owed, plan) if owed else []
        found += [
            (rule, each, due) for each, due in zip(owed, windows, strict=True)
            if at < due.due_at < end and due.opens_at > at
        ]  # fmt: skip
    customers = Customer.objects.in_bulk({each.customer_id for _rule, each, _due in found})
    vehicles = Vehicle.objects.in_bulk({each.vehicle_id for _rule, each, _due in found if each.vehicle_id})
    return sorted(
        (Planned(rule, customers[each.customer_id], vehicles.get(each.vehicle_id), due) for rule, each, due in found),
        key=lambda planned: (planned.due.due_at, planned.rule.priority, planned.customer.pk),
    )
