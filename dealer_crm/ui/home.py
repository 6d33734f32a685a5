"""The first page: what needs this person now. Apps register cards; each answers for one person.

    # callback/views/cards.py
    @home.among(lambda staff, at: queries.calls_due(staff, at))
    def my_calls_card(staff, at, calls) -> Card | None:
        items = [Item(call.label, f"{call.due_at:%H:%M}", call.url) for call in calls.first()]
        return Card(_("Calls to make"), items, url=reverse("callback:queue"), count=calls.count, tone="warning")

    # callback/apps.py, in ready()
    home.register(views.my_calls_card, permission=Permission.CALL_TAKE, order=10)

A card says among which rows it looks, as querysets that ask nothing yet. The page counts all of them in one statement
and calls the cards of which there are any rows: a card about nothing costs no question and doesn't show.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from dealer_crm.access.permissions import Permission

MOST = 10_000
"""So many rows of a pile are counted; of more a card says “10,000+” (`|about`)."""
SHOWN = 5


@dataclass(frozen=True)
class Item:
    """One line of a card; `tone` colours its detail."""

    label: str
    detail: str = ""
    url: str = ""
    tone: str = "neutral"


@dataclass(frozen=True)
class Card:
    """`count` is the whole number behind the (few) items; `tone`: neutral, info, primary, success, warning, danger."""

    title: str
    items: Sequence[Item] = field(default_factory=tuple)
    url: str = ""
    count: int | None = None
    tone: str = "neutral"


@dataclass(frozen=True)
class Pile:
    """Rows that are counted (at most `MOST` and one) and not read yet."""

    rows: QuerySet | None
    count: int

    def first(self, most: int = SHOWN) -> list:
        """The first of them, in one question; none when there are none."""
        return list(self.rows[:most]) if self.count else []


def among(*piles: Callable):
    """Say among which rows a card looks: each `(staff, at) -> QuerySet`, None for who has nothing to do with it.

    The card is called with a `Pile` for each. A card that has to look closer (which of them are this person's to
    decide) names the rows it looks at and asks its own questions when there are any; a slice is counted as it is.
    """

    def said_of(card: Callable) -> Callable:
        card.among = piles
        return card

    return said_of


@dataclass(frozen=True)
class _Source:
    ask: Callable
    permission: Permission | None
    order: int


_sources: dict[str, _Source] = {}


def register(card: Callable, *, permission: Permission | None = None, order: int = 100) -> None:
    """Add `card(staff, at, *piles) -> Card | None`, marked with `among`; asked only for who holds `permission`."""
    _sources[f"{card.__module__}.{card.__qualname__}"] = _Source(card, permission, order)


def cards_for(staff, at: datetime) -> list[Card]:
    """The cards for one person, those with something to do first."""
    sources = sorted(_sources.values(), key=lambda one: one.order)
    cards = _asked([one.ask for one in sources if one.permission is None or staff.can(one.permission)], staff, at)
    return sorted(cards, key=lambda card: not card.count)


def card_for(card: Callable, staff, at: datetime) -> Card | None:
    """One card by itself, for a page of its own app."""
    return next(iter(_asked([card], staff, at)), None)


def _asked(cards: Sequence[Callable], staff, at: datetime) -> list[Card]:
    piles = [[rows(staff, at) for rows in card.among] for card in cards]
    counts = iter(_counted(rows for of_card in piles for rows in of_card))
    found = []
    for card, of_card in zip(cards, piles, strict=True):
        counted = [Pile(rows, next(counts)) for rows in of_card]
        if any(pile.count for pile in counted) and (one := card(staff, at, *counted)) and (one.items or one.count):
            found.append(one)
    return found


def _counted(piles: Iterable[QuerySet | None]) -> list[int]:
    """How many rows each has: one statement for all of them. Everything in its text is this program's own."""
    arms, values = [], []
    for rows in piles:
        try:
            sql, arguments = _narrow(rows).query.sql_with_params() if rows is not None else ("", ())
        except EmptyResultSet:  # nothing can be in it, and Django doesn't ask
            sql, arguments = "", ()
        arms.append(f"(SELECT COUNT(*) FROM ({sql}) pile)" if sql else "0")  # noqa: S608
        values += arguments
    if not values and set(arms) <= {"0"}:
        return [0] * len(arms)
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ",\n".join(arms), values)
        return list(cursor.fetchone())


def _narrow(rows: QuerySet) -> QuerySet:
    """The same rows without what only showing them needs."""
    if not rows.query.is_sliced:
        rows = rows.order_by()[: MOST + 1]
    return rows if rows.query.values_select else rows.values("pk")
