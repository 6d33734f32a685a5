"""When a car's next service is due, from its own mileage history.

Source: spec `callback.md` (maintenance: "km predicted from the vehicle's own mileage history").
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil
from statistics import median

MOST_LOOKS = 12
"""Older looks at the counter say little about how a car is driven today."""
LEAST_DAYS = 14
"""Two looks closer together say more about the errand between them than about the year."""
FURTHEST_DAYS = 1830
_TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Look:
    """One look at the counter."""

    on: date
    km: int


@dataclass(frozen=True)
class ServiceForecast:
    """`due_on`: the day to expect; `basis`: `day` or `mileage`, whichever is reached first; `target`: what is fixed,
    the day and mileage written as one word; `km_a_day`: from the car's own history, None without enough of it."""

    due_on: date | None = None
    basis: str = ""
    target: str = ""
    km_a_day: Decimal | None = None
    looks: int = 0


def months_later(day: date, months: int) -> date:
    """The same day so many months on; the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def usable_looks(looks: Sequence[Look]) -> list[Look]:
    """The looks a rate is taken from: one for each day (the highest), none before a counter was replaced (it fell), the
    last `MOST_LOOKS`."""
    by_day: dict[date, int] = {}
    for look in looks:
        by_day[look.on] = max(look.km, by_day.get(look.on, 0))
    kept: list[Look] = []
    for on in sorted(by_day):
        if kept and by_day[on] < kept[-1].km:
            kept = []
        kept.append(Look(on, by_day[on]))
    return kept[-MOST_LOOKS:]


def km_a_day(looks: Sequence[Look]) -> Decimal | None:
    """How far a car is driven a day: the median of the slopes between all pairs of looks at least `LEAST_DAYS` apart.

    The estimator of Theil and Sen: a mistyped reading or one long journey does not move it, where a line of least
    squares would follow. None when no two looks are far enough apart.
    """
    slopes = [
        Fraction(later.km - earlier.km, (later.on - earlier.on).days)
        for place, earlier in enumerate(looks)
        for later in looks[place + 1 :]
        if (later.on - earlier.on).days >= LEAST_DAYS
    ]
    if not slopes:
        return None
    slope = median(slopes)
    return (Decimal(slope.numerator) / Decimal(slope.denominator)).quantize(_TENTH)


def day_reached(km: int, last: Look, rate: Decimal) -> date:
    """The day on which a counter driven at `rate` shows `km`; the day of the last look when it does already."""
    if km <= last.km:
        return last.on
    days = ceil((km - last.km) / rate) if rate > 0 else FURTHEST_DAYS
    return last.on + timedelta(days=min(days, FURTHEST_DAYS))


def forecast_service(
    looks: Sequence[Look], *, service_on: date | None, service_km: int | None, usual: Decimal
) -> ServiceForecast:
    """The next service: its day or its mileage, whichever comes first. `usual` (km a day) stands in for a car without
    a history of its own."""
    kept = usable_looks(looks)
    rate = km_a_day(kept)
    reached_on = day_reached(service_km, kept[-1], rate or usual) if service_km and kept else None
    days = [(day, basis) for day, basis in ((service_on, "day"), (reached_on, "mileage")) if day]
    if not days:
        return ServiceForecast(km_a_day=rate, looks=len(kept))
    due_on, basis = min(days)
    return ServiceForecast(
        due_on=due_on,
        basis=basis,
        target=f"{service_on.isoformat() if service_on else ''}/{service_km or ''}",
        km_a_day=rate,
        looks=len(kept),
    )


# ── How good it is ───────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Accuracy:
    """How many days the forecast of a reading was off, over `cars` cars: the median, nine in ten, and how many were
    within a week and a fortnight. `median_usual`: the same with the store's usual figure for every car."""

    cars: int = 0
    median_days: Decimal | None = None
    nine_in_ten_days: int | None = None
    within_week: Decimal | None = None
    within_fortnight: Decimal | None = None
    median_usual: Decimal | None = None


def errors_in_days(looks: Sequence[Look], usual: Decimal) -> tuple[int, int] | None:
    """Hide the last look and say from those before it when the car would show it: how many days off that is, and how
    many with the usual figure. None with fewer than three looks."""
    kept = usable_looks(looks)
    if len(kept) < 3 or (kept[-1].on - kept[-2].on).days < LEAST_DAYS:
        return None
    known, last = kept[:-1], kept[-1]
    rate = km_a_day(known)
    if rate is None:
        return None
    own, other = (abs((day_reached(last.km, known[-1], each) - last.on).days) for each in (rate, usual))
    return own, other


def accuracy(errors: Sequence[tuple[int, int]]) -> Accuracy:
    """What the errors of many cars come to."""
    if not errors:
        return Accuracy()
    own = sorted(error for error, _usual in errors)

    def within(days: int) -> Decimal:
        return (Decimal(sum(error <= days for error in own)) / len(own)).quantize(Decimal("0.001"))

    return Accuracy(
        cars=len(own),
        median_days=Decimal(median(own)),
        nine_in_ten_days=own[min(len(own) - 1, ceil(len(own) * 9 / 10) - 1)],
        within_week=within(7),
        within_fortnight=within(14),
        median_usual=Decimal(median(usual for _error, usual in errors)),
    )
