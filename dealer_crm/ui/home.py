"""The first page: what needs this person now. Apps register cards; each answers for one person.

    # callback/apps.py, in ready()
    home.register(views.my_calls_card, permission=Permission.CALL_TAKE, order=10)

    def my_calls_card(staff) -> Card | None:
        items = [Item(label, detail, url), …]
        return Card(_("Calls to make"), items, url=reverse("callback:queue"), count=12, tone="warning")

None means "nothing to say to this person"; a card with count 0 stands as done.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from dealer_crm.access.permissions import Permission


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
class _Source:
    ask: Callable
    permission: Permission | None
    order: int


_sources: dict[str, _Source] = {}


def register(card: Callable, *, permission: Permission | None = None, order: int = 100) -> None:
    """Add `card(staff) -> Card | None`; asked only for people who hold `permission`."""
    _sources[f"{card.__module__}.{card.__qualname__}"] = _Source(card, permission, order)


def cards_for(staff) -> list[Card]:
    """The cards for one person, those with something to do first."""
    asked = (
        source.ask(staff)
        for source in sorted(_sources.values(), key=lambda one: one.order)
        if source.permission is None or staff.can(source.permission)
    )
    cards = [card for card in asked if card is not None]
    return sorted(cards, key=lambda card: not card.count)
