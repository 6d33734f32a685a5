"""Whether a day belongs to a month that is paid. Only the pay knows, far up the hill: it answers when it is asked."""

from collections.abc import Callable
from datetime import date

from dealer_crm.organization.models import Store
from reception.models import RepairOrder

_ASKED: list[Callable[[Store, date], bool]] = []


def ask_of_pay(answer: Callable[[Store, date], bool]) -> None:
    """Let what counts for pay be left alone once it is paid: an upper app says, when it is ready, which days are."""
    _ASKED.append(answer)


def pay_is_locked(store: Store, day: date) -> bool:
    return any(answer(store, day) for answer in _ASKED)


def is_paid(order: RepairOrder) -> bool:
    """Whether the month in which the order's hours count is locked. They count on the day of the final inspection."""
    tz = order.store.tz
    return order.completed_at is not None and pay_is_locked(order.store, order.completed_at.astimezone(tz).date())
