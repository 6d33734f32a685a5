"""Who held what in a month, for how long, and who is entitled to a share.

Source: spec `commission.md`, A (coefficients, probation, joiners and leavers), C (temporary coefficients).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import zip_longest

from commission.formulas.facts import MonthFacts, PositionFact, StaffFact
from dealer_crm.values import Period


@dataclass(frozen=True, slots=True)
class Span:
    """A position and the days of the month it was held, leaving day included."""

    position: PositionFact
    days: int


@dataclass(frozen=True, slots=True)
class Member:
    """A person's part in a sharing. `weight`: coefficient × days, summed over the spans."""

    staff: str
    weight: Decimal
    days: int


def spans(staff: StaffFact, store: str, period: Period) -> tuple[Span, ...]:
    """The positions held in this store in the month, in time order, with the days of each.

    A position holds until the next one starts, wherever that is; nobody holds one before the day of hire or after the
    last day employed.
    """
    return tuple(_spans(staff, store, period))


def _spans(staff: StaffFact, store: str, period: Period) -> Iterator[Span]:
    positions = sorted(staff.positions, key=lambda position: position.starts_on)
    employed_from = max(staff.hired_on or date.min, period.first_day)
    employed_to = min(staff.left_on or date.max, period.last_day)
    for position, following in zip_longest(positions, positions[1:]):
        first = max(position.starts_on, employed_from)
        last = employed_to if following is None else min(following.starts_on - timedelta(days=1), employed_to)
        if first <= last and position.store == store:
            yield Span(position, (last - first).days + 1)


def position_on(staff: StaffFact, day: date) -> PositionFact | None:
    """The position in force: the latest that has started. Before the first one, the first: somebody sold that line."""
    started = [position for position in staff.positions if position.starts_on <= day]
    if started:
        return max(started, key=lambda position: position.starts_on)
    return min(staff.positions, key=lambda position: position.starts_on, default=None)


def is_regular(staff: StaffFact, period: Period) -> bool:
    """Off probation for the whole month.

    "From the first full month after regularisation": who is regularised on the first of a month is regular in all of
    that month, so it counts; one day later, the next month is the first full one.
    """
    return staff.regularised_on is not None and staff.regularised_on <= period.first_day


def members(
    facts: MonthFacts, belongs: Callable[[PositionFact], bool], *, probation_shares: bool = True
) -> tuple[Member, ...]:
    """Everybody who held such a position in the month, by work number, also those whose weight is zero."""
    changed = {(c.staff, c.team): c.coefficient for c in facts.coefficient_changes if c.is_approved}
    found = []
    for staff in sorted(facts.staff, key=lambda person: person.number):
        if not probation_shares and not is_regular(staff, facts.period):
            continue
        held = [span for span in spans(staff, facts.store, facts.period) if belongs(span.position)]
        if held:
            weight = sum(
                (
                    changed.get((staff.number, span.position.team or ""), span.position.coefficient) * span.days
                    for span in held
                ),
                Decimal(0),
            )
            found.append(Member(staff.number, weight, sum(span.days for span in held)))
    return tuple(found)
