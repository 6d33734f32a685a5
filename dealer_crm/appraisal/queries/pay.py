"""Whether pay lets a month's score change. Only pay knows, one step up the hill: it answers when it is asked."""

from collections.abc import Callable

from dealer_crm.organization.models import Store
from dealer_crm.values import Period

_ASKED: list[Callable[[Store, Period], str]] = []


def ask_of_pay(answer: Callable[[Store, Period], str]) -> None:
    """Let a score alone once people are paid by it: pay says, when it is ready, why a month's scores can't change any
    more ("" as long as they can)."""
    _ASKED.append(answer)


def objection_of_pay(store: Store, period: Period) -> str:
    """The sentence that says why no score of this month can change; empty as long as it can."""
    return next((sentence for answer in _ASKED if (sentence := answer(store, period))), "")
