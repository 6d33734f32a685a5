"""What an operation of the catalogue (工时定额) means for one car. Source: spec `workshop.md`."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal

_CENT = Decimal("0.01")
HALF_HOUR = timedelta(minutes=30)


def hours_for(hours: Mapping[str, Decimal], family: str) -> Decimal | None:
    """Standard hours for a model family (车系): its own row, else the row for every other (""), else None."""
    wanted = family.strip().casefold()
    own = next((value for name, value in hours.items() if name and name.strip().casefold() == wanted), None)
    return own if own is not None else hours.get("")


def price_of_hour(price: Decimal | None, hours: Decimal | None, hourly_rate: Decimal) -> Decimal:
    """CNY per standard hour on the line: customer price ÷ hours to the nearest fen, else the store's hourly rate.

    A price that doesn't divide evenly comes to a fen or two more or less on the line, because a line is hours × price.
    """
    if price is None or not hours:
        return hourly_rate
    return (price / hours).quantize(_CENT, rounding="ROUND_HALF_UP")


def finished_at(begins_at: datetime, hours: Decimal, opens_at: time, closes_at: time) -> datetime:
    """When a car that needs so many hours can be promised: only opening hours count, rounded up to the half hour
    but not past closing.

    What doesn't fit before closing time is done from the next day's opening on. `begins_at`: in the store's zone.
    """
    left, moment = timedelta(hours=float(hours)), begins_at
    while True:
        opening = datetime.combine(moment.date(), opens_at, moment.tzinfo)
        closing = datetime.combine(moment.date(), closes_at, moment.tzinfo)
        moment = max(moment, opening)
        if moment < closing and moment + left <= closing:
            break
        left -= max(closing - moment, timedelta(0))
        moment = opening + timedelta(days=1)
    done = moment + left
    past = timedelta(minutes=done.minute % 30, seconds=done.second, microseconds=done.microsecond)
    return min(done + (HALF_HOUR - past if past else timedelta(0)), closing)
