"""The parts catalogue (配件目录) and purchase prices (进价) as pages, line editors and reports ask for them."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.db.models.functions import Length

from dealer_crm.organization.models import Staff, Store
from reception.choices import ARTICLES, COSTED
from reception.models import OrderLine, Part, PartCost, RepairOrder
from reception.queries.catalogue import closeness
from reception.queries.story import Deed, story_of

OFFERED = 8
"""So many articles are proposed to somebody who types; whoever wants another types on."""

Wanted = tuple[int, str, date]
"""A store, the code of an article, a day."""


def parts_visible_to(staff: Staff, on: date) -> QuerySet[Part]:
    """The catalogue with the purchase price in force on a day (`unit_cost`, `cost_from`)."""
    return Part.objects.visible_to(staff).select_related("store").with_cost(on)


def parts_found(parts: QuerySet[Part], text: str) -> QuerySet[Part]:
    """Articles whose code or name holds every word that was typed."""
    for word in text.split():
        parts = parts.filter(Q(code__icontains=word) | Q(name__icontains=word))
    return parts


def parts_offered(store: Store, text: str, kind: str) -> list[Part]:
    """What is meant by the beginning of a code or a part of a name: codes first, then short names. One query."""
    text = text.strip()
    if not text or kind not in ARTICLES:
        return []
    found = parts_found(Part.objects.offered().of_store(store).filter(kind=kind), text)
    return list(found.order_by(closeness(text), Length("name"), "code")[:OFFERED])


def costs_on(wanted: Iterable[Wanted]) -> dict[Wanted, Decimal]:
    """The purchase price of each article on its day, of those the catalogue has one of. One query, none without any."""
    wanted = set(wanted)
    if not wanted:
        return {}
    rows = PartCost.objects.filter(
        part__store__in={store for store, _code, _day in wanted}, part__code__in={code for _store, code, _day in wanted}
    ).order_by("starts_on")
    starts: dict[tuple[int, str], list[date]] = defaultdict(list)
    prices: dict[tuple[int, str], list[Decimal]] = defaultdict(list)
    for store, code, day, price in rows.values_list("part__store", "part__code", "starts_on", "unit_cost"):
        starts[store, code].append(day)
        prices[store, code].append(price)
    found = {}
    for store, code, day in wanted:
        place = bisect_right(starts.get((store, code), ()), day)
        if place:
            found[store, code, day] = prices[store, code][place - 1]
    return found


def costed_lines(order: RepairOrder) -> list[OrderLine]:
    """The lines of an order that have a purchase price, or should have one."""
    return list(order.lines.filter(kind__in=COSTED).order_by("number"))


def uncosted_lines(staff: Staff, at: datetime) -> QuerySet[OrderLine]:
    """Lines of orders settled within twelve months whose purchase price nobody knows: the margin leaves them out."""
    settled = RepairOrder.objects.visible_to(staff).filter(settled_at__gte=at - timedelta(days=365))
    lines = OrderLine.objects.filter(unit_cost=None, kind__in=COSTED, order__in=settled)
    return lines.select_related("order__vehicle", "order__advisor", "order__store").order_by("-pk")


def lines_to_complete(store: Store) -> QuerySet[OrderLine]:
    """Lines without a purchase price that name an article: the catalogue may know it by now."""
    lines = OrderLine.objects.filter(order__store=store, unit_cost=None, kind__in=ARTICLES).exclude(code="")
    return lines.exclude(order__cancelled_at__isnull=False)


# ── What the lines of an order cost ──────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class CostSums:
    """Of the lines that have a material: what they are sold for, what those known cost (None: none is known), and how
    many are unknown."""

    sold: Decimal
    cost: Decimal | None
    unknown: int


def costs_of(lines: Iterable[OrderLine]) -> CostSums:
    lines = list(lines)
    known = [line.cost for line in lines if line.cost is not None]
    sold = sum((line.payable_amount for line in lines), Decimal(0))
    return CostSums(sold, sum(known, Decimal(0)) if known else None, len(lines) - len(known))


def costs_told(lines: Sequence[OrderLine], *, reader) -> list[Deed]:
    """Who entered what for these lines, the newest first; not in the story of the order, which everybody reads."""
    return story_of(*lines, reader=reader) if lines else []
