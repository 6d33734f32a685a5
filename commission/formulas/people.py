"""Who held what in a month, for how long, and who is entitled to a share.

Source: spec `commission.md`, A (coefficients, probation, joiners and leavers), C (temporary coefficients: by the day).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby, zip_longest

from commission.formulas.facts import CoefficientChangeFact, MonthFacts, PositionFact, StaffFact
from dealer_crm.values import Period


@dataclass(frozen=True, slots=True)
class Span:
    """A position and the days of the month it was held, leaving day included."""

    position: PositionFact
    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days in a row on which one coefficient held, and the temporary change by which it did, if one did."""

    first: date
    days: int
    coefficient: Decimal
    change: CoefficientChangeFact | None = None

    @property
    def last(self) -> date:
        return self.first + timedelta(days=self.days - 1)


@dataclass(frozen=True, slots=True)
class Member:
    """A person's part in a sharing. `weight`: coefficient × days, summed over the stretches."""

    staff: str
    stretches: tuple[Stretch, ...]

    @property
    def weight(self) -> Decimal:
        return sum((stretch.coefficient * stretch.days for stretch in self.stretches), Decimal(0))

    @property
    def days(self) -> int:
        return sum(stretch.days for stretch in self.stretches)

    @property
    def is_changed(self) -> bool:
        """Whether a temporary coefficient held on some day."""
        return any(stretch.change for stretch in self.stretches)


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
            yield Span(position, first, last)


def position_on(staff: StaffFact, day: date) -> PositionFact | None:
    """The position in force: the latest that has started. Before the first one, the first: somebody sold that line."""
    started = [position for position in staff.positions if position.starts_on <= day]
    if started:
        return max(started, key=lambda position: position.starts_on)
    return min(staff.positions, key=lambda position: position.starts_on, default=None)


def place(staff: StaffFact, store: str, period: Period) -> tuple[str, str | None]:
    """Post and team at the end of the month, or when the person was last in the store."""
    held = spans(staff, store, period)
    position = held[-1].position if held else position_on(staff, period.last_day)
    return ("", None) if position is None else (position.post, position.team)


def is_regular(staff: StaffFact, period: Period) -> bool:
    """Off probation for the whole month.

    "From the first full month after regularisation": who is regularised on the first of a month is regular in all of
    that month, so it counts; one day later, the next month is the first full one.
    """
    return staff.regularised_on is not None and staff.regularised_on <= period.first_day


def members(
    facts: MonthFacts, belongs: Callable[[PositionFact], bool], *, probation_shares: bool
) -> tuple[Member, ...]:
    """Everybody who held such a position in the month, by work number, also those whose weight is zero."""
    found = []
    for staff in sorted(facts.staff, key=lambda person: person.number):
        if not probation_shares and not is_regular(staff, facts.period):
            continue
        held = [span for span in spans(staff, facts.store, facts.period) if belongs(span.position)]
        if held:
            changes = [one for one in facts.coefficient_changes if one.is_approved and one.staff == staff.number]
            found.append(Member(staff.number, tuple(part for span in held for part in stretches(span, changes))))
    return tuple(found)


def stretches(span: Span, changes: list[CoefficientChangeFact]) -> Iterator[Stretch]:
    """A span cut where a temporary coefficient of its team begins or ends. Approved ones never share a day."""
    own = [change for change in changes if change.team == span.position.team]

    def change_on(day: date) -> CoefficientChangeFact | None:
        return next((change for change in own if change.holds_on(day)), None)

    days = [span.first + timedelta(days=place) for place in range(span.days)]
    for change, found in groupby(days, key=change_on):
        in_row = list(found)
        coefficient = change.coefficient if change else span.position.coefficient
        yield Stretch(in_row[0], len(in_row), coefficient, change)
