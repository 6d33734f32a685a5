"""Drawing lots: the weekly sample, the monthly survey, the calls that are re-checked. Source: spec `callback.md`.

A draw is a row (`Sample`), one for each rule and span: whoever comes second finds the first one's draw. The seed is
taken from the machine's own noise at the draw and written down, so that nobody can choose it and everybody can repeat
it.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from secrets import randbits

from callback import settings
from callback.choices import Direction, Outcome, Purpose, RuleCode
from callback.formulas import draw
from callback.models import Contact, Rule, Sample
from callback.queries.owed.samples import SURVEY_FROM
from dealer_crm.access.roles import Role
from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Staff, Store
from dealer_crm.organization.queries import figure
from dealer_crm.values import Period, Week
from reception.choices import OrderKind, OrderState
from reception.models import RepairOrder

UNKNOWN_BRAND = "—"
_SIZES = {
    RuleCode.WEEKLY_SAMPLE: settings.WEEKLY_SAMPLE,
    RuleCode.MONTHLY_SURVEY: settings.MONTHLY_SURVEY,
    RuleCode.SPOT_CHECK: settings.SPOT_CHECK_RATE,
}


@dataclass(frozen=True)
class Span:
    """What is drawn from: its name, and its days from `first` on, before `until`."""

    name: str
    first: date
    until: date


def draw_samples(*, rule: Rule, make_up: timedelta, by=None, at: datetime) -> int:
    """Make the draws of a rule that are owed and not made yet. Returns how many are new."""
    if rule.code not in _SIZES:
        return 0
    today = at.astimezone(rule.store.tz).date()
    new = 0
    for span in _owed_spans(rule, today, make_up):
        eligible = _eligible(rule, span)
        if not any(eligible.values()):
            continue
        share = Decimal(figure(_SIZES[RuleCode(rule.code)], store=rule.store, on=today))
        seed = randbits(48)
        _sample, was_new = Sample.objects.get_or_create(
            rule=rule,
            span=span.name,
            defaults={
                "seed": seed,
                "share": str(share),
                "eligible": eligible,
                "drawn": draw(eligible, seed=seed, share=share),
                "drawn_at": at,
            },
        )
        if was_new:
            note = f"{span.name}, {seed}"
            journal.record(by=by, at=at, verb="call_sample.drawn", subject=rule, store=rule.store, note=note)
            new += 1
    return new


def _owed_spans(rule: Rule, today: date, make_up: timedelta) -> list[Span]:
    """The spans without a draw, the oldest first: this one, and those missed since the first draw (after an outage)."""
    drawn = set(Sample.objects.filter(rule=rule).order_by("-span").values_list("span", flat=True)[:60])
    found = list(_spans(RuleCode(rule.code), today, make_up))
    if not drawn:
        return found[:1] if _is_begun(rule, today) else []
    return [span for span in reversed(found) if span.name > min(drawn) and span.name not in drawn]


def _is_begun(rule: Rule, today: date) -> bool:
    """The first draw ever waits for its own days: calls must not be born overdue."""
    if rule.code == RuleCode.WEEKLY_SAMPLE:
        return today.isoweekday() == 1
    return rule.code != RuleCode.MONTHLY_SURVEY or today.day >= SURVEY_FROM


def _spans(code: RuleCode, today: date, make_up: timedelta) -> Iterator[Span]:
    """The spans whose draw may be due, the newest first."""
    if code == RuleCode.WEEKLY_SAMPLE:
        week = Week.of(today)
        while week.first_day > today - make_up:
            yield Span(str(week), week.first_day - timedelta(days=7), week.first_day)
            week = week.shifted(-1)
    elif code == RuleCode.MONTHLY_SURVEY:
        period = Period.of(today)
        drawn_on = period.first_day.replace(day=SURVEY_FROM)
        if today >= drawn_on:
            yield Span(str(period), period.first_day, drawn_on)
        period = period.previous()
        drawn_on = period.first_day.replace(day=SURVEY_FROM)
        if drawn_on > today - make_up:
            yield Span(str(period), period.first_day, drawn_on)
    else:
        day = today - timedelta(days=1)
        while day > today - make_up:
            yield Span(day.isoformat(), day, day + timedelta(days=1))
            day -= timedelta(days=1)


def _eligible(rule: Rule, span: Span) -> dict[str, list[int]]:
    """Group → ids that may be drawn, rising; nobody who refuses calls, every customer once."""
    begin, end = (datetime.combine(day, time.min, rule.store.tz) for day in (span.first, span.until))
    groups: dict[str, list[int]] = defaultdict(list)
    if rule.code == RuleCode.SPOT_CHECK:
        for pk, agent in _finished_talks(rule.store, begin, end):
            groups[agent].append(pk)
    else:
        for pk, brand in _visits(rule.store, begin, end):
            groups[brand or UNKNOWN_BRAND if rule.code == RuleCode.WEEKLY_SAMPLE else rule.store.code].append(pk)
    return {group: sorted(ids) for group, ids in sorted(groups.items())}


def _visits(store: Store, begin: datetime, end: datetime):
    """The last order of every customer whose car was handed back in the span, with the brand of the car."""
    return (
        RepairOrder.objects.filter(
            store=store, state=OrderState.DELIVERED, delivered_at__gte=begin, delivered_at__lt=end,
            customer__no_call_since=None,
        )
        .exclude(kind=OrderKind.PDI)
        .exclude(customer__call_refusals__purpose=Purpose.SURVEY)
        .order_by("customer_id", "-delivered_at", "-pk")
        .distinct("customer_id")
        .values_list("pk", "vehicle__brand")
    )  # fmt: skip


def _finished_talks(store: Store, begin: datetime, end: datetime):
    """Talks of the store's agents that were noted as completed, with the agent's work number. The supervisor's own are
    not theirs to check."""
    agents = Staff.objects.with_role(Role.AGENT).filter(store=store)
    return (
        Contact.objects.filter(
            store=store, at__gte=begin, at__lt=end, direction=Direction.OUT, outcome=Outcome.COMPLETED,
            task__isnull=False, agent__in=agents, customer__no_call_since=None,
        )
        .exclude(task__rule__code=RuleCode.SPOT_CHECK)
        .order_by("pk")
        .values_list("pk", "agent__work_number")
    )  # fmt: skip
