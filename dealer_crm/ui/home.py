"""The first page: what needs this person now. Apps register cards; each answers for one person.

    # callback/views/cards.py
    @home.among(lambda staff, at: queries.calls_due(staff, at))
    def my_calls_card(staff, at, calls) -> Card | None:
        items = [Item(call.label, f"{call.due_at:%H:%M}", call.url) for call in calls.first()]
        return Card(_("Calls to make"), items, url=reverse("callback:queue"), count=calls.count, tone="warning")

    # callback/apps.py, in ready()
    home.register(views.my_calls_card, permission=Permission.CALL_TAKE, order=10)

A card says among which rows it looks, as querysets that ask nothing yet. The page asks how many there are of all of
them in one question, reads the first of each in a second one, and calls the cards of which there are any: a card about
nothing costs nothing and doesn't show.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet

from dealer_crm.access.permissions import Permission
from dealer_crm.organization.queries import figures_asked_once
from dealer_crm.ui.together import MOST, counted, first_rows

SHOWN = 5
READ = 8
"""So many rows of a pile are read at once."""
__all__ = ["MOST", "SHOWN", "Card", "Item", "Pile", "among", "card_for", "cards_for", "register"]


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
    """Rows of one kind that may wait for somebody: how many (at most `MOST` and one), and the first of them."""

    rows: QuerySet | None
    count: int
    read: Sequence = ()

    def first(self, most: int = SHOWN) -> list:
        return list(self.read[:most])

    def all(self) -> list:
        """Every row, for a card that has to look closer; asked for only where they are more than were read."""
        return list(self.read) if self.count <= len(self.read) else list(self.rows)


def among(*piles: Callable, if_any: Callable | None = None):
    """Say among which rows a card looks: each `(staff, at) -> QuerySet`, None for who has nothing to do with it.

    The card is called with a `Pile` for each; rows come with what is selected with them and without prefetches, a slice
    and rows of values are counted only. `if_any`: rows that are looked for and not read, for a card that asks its own
    questions when there are any.
    """

    def said_of(card: Callable) -> Callable:
        card.among, card.if_any = piles, if_any
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
    with figures_asked_once():
        piles = [[rows(staff, at) for rows in card.among] for card in cards]
        candidates = [card.if_any(staff, at) if card.if_any else None for card in cards]
        flat = [rows for of_card in piles for rows in of_card]
        counts, found = counted(flat, looked_for=candidates)
        read = first_rows([rows for rows, count in zip(flat, counts, strict=True) if count], READ)
        rows_of = iter(
            [Pile(rows, count, next(read) if count else ()) for rows, count in zip(flat, counts, strict=True)]
        )
        shown = []
        for card, of_card, is_any in zip(cards, piles, found, strict=True):
            its = [next(rows_of) for _rows in of_card]
            if is_any or any(pile.count for pile in its):
                shown.append(card(staff, at, *its))
    return [card for card in shown if card and (card.items or card.count)]
