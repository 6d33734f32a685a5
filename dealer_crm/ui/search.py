"""One search box for everything: apps register providers, each asks its own queries and answers with hits.

    # reception/apps.py, in ready()
    search.register(views.search_orders, title=_("Repair orders"), permission=Permission.ORDER_VIEW)

    def search_orders(staff, query: str) -> list[Hit]:
        return [Hit(order.number, f"{order.plate} {order.customer_name}", order.get_absolute_url()) for order in …]

A provider answers at most `LIMIT` hits, only rows the person may see, and quickly: it is asked while someone types.
"""

from collections.abc import Callable
from dataclasses import dataclass

from dealer_crm.access.permissions import Permission

LIMIT = 8
SHORTEST = 2
"""Shorter questions are not asked: they would match everything."""


@dataclass(frozen=True)
class Hit:
    label: str
    detail: str
    url: str


@dataclass(frozen=True)
class Section:
    """The hits of one provider."""

    title: str
    hits: list[Hit]


@dataclass(frozen=True)
class _Provider:
    ask: Callable
    title: str
    permission: Permission | None
    order: int


_providers: dict[str, _Provider] = {}


def register(provider: Callable, *, title: str = "", permission: Permission | None = None, order: int = 100) -> None:
    """Add `provider(staff, query) -> list[Hit]`; asked only for people who hold `permission`."""
    key = f"{provider.__module__}.{provider.__qualname__}"
    _providers[key] = _Provider(provider, title, permission, order)


def find(staff, query: str) -> list[Section]:
    """The hits for `query` by provider, sections without hits left out."""
    query = " ".join((query or "").split())
    if len(query) < SHORTEST:
        return []
    sections = []
    for provider in sorted(_providers.values(), key=lambda one: one.order):
        if provider.permission is None or staff.can(provider.permission):
            hits = list(provider.ask(staff, query))[:LIMIT]
            if hits:
                sections.append(Section(provider.title, hits))
    return sections
