"""The very rows behind a number of a measure, in one shape whatever they are."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum

from dealer_crm.kpi.queries.breakdowns import ADVISOR, NOBODY, person_of
from dealer_crm.kpi.queries.counts import Part
from dealer_crm.kpi.queries.credits import SALES, Credits
from dealer_crm.kpi.queries.days import output_rows
from dealer_crm.organization.models import Staff, Team
from dealer_crm.ui.paging import SIZE, Page, keyset_page
from dealer_crm.values import Period
from reception.choices import OrderKind
from reception.formulas import OrderFact
from reception.models import RepairOrder
from workshop.choices import HOURS, Counted
from workshop.queries import Span, rows_of

FILTERS = {"kind": "kind", "brand": "vehicle__brand", "advisor": "advisor"}
"""What of its order a row may be asked by."""
ROW_FILTERS = (*FILTERS, "seller", "team")
"""The same, and whose a row of money or cars is, or a part of it."""
_EMPTY = {"brand": "", "advisor": None}


@dataclass(frozen=True)
class CountedRow:
    """`amount`: hours or money where they are added up. `pk`: of the counted thing. Without `has_time` only
    the day of `at` is known."""

    at: datetime
    pk: int | None
    amount: Decimal | None
    what: str
    who: str
    order_pk: int | None = None
    order_number: str = ""
    plate: str = ""
    kind: str = ""
    advisor: str = ""
    has_time: bool = True


@dataclass(frozen=True)
class Total:
    """How many rows there are, and their sum where they are added up."""

    rows: int
    amount: Decimal | None = None


def is_added_up(part: Part) -> bool:
    """Whether a number is the sum of its rows' hours or money, and not how many they are."""
    return part.is_sum or part.code in HOURS


def rows_behind(part: Part, span: Span, only: Mapping[str, str] | None = None) -> QuerySet:
    """What a number was counted from, one row for each thing; `only`: of certain orders.

    The workshop's rows come in its own words (`at`, `hours`, `works`, `people`)."""
    if part.code in Counted.values:
        rows = rows_of(Counted(part.code), span)
    else:
        rows = part.rows(span).of()
    if asked := _asked(only):
        rows = rows.filter(order_pk__in=RepairOrder.objects.filter(**asked).values("pk"))
    return rows


def page_of_rows(part: Part, span: Span, query: Mapping, only: Mapping[str, str] | None = None) -> tuple[Page, Total]:
    """One page of them, the newest first, and what all of them come to: three queries."""
    if part.rows is None:
        rows = list(_by_formula(part, span, only))
        return _page_of_list(rows, query), Total(len(rows), sum((row.amount for row in rows), Decimal(0)))
    of_workshop = part.code in Counted.values
    found = rows_behind(part, span, only)
    page = keyset_page(found, query, order=("-at", "-thing") if of_workshop else ("-moment", "-thing"))
    # under another name than the column's, which Django would take for the sum itself
    added = {"added_up": Sum("hours" if of_workshop else "amount")} if is_added_up(part) else {}
    total = found.order_by().aggregate(rows=Count("thing"), **added)
    return Page(list(_told(part, page.rows)), page.next, page.previous), Total(total["rows"], total.get("added_up"))


def all_rows(part: Part, span: Span, only: Mapping[str, str] | None = None) -> Iterable[CountedRow]:
    """All of them, the oldest first."""
    if part.rows is None:
        return _by_formula(part, span, only)
    moment = "at" if part.code in Counted.values else "moment"
    return _told(part, list(rows_behind(part, span, only).order_by(moment, "thing")))


def _told(part: Part, rows: list[dict]) -> Iterator[CountedRow]:
    """The rows with what is said of their orders."""
    of_workshop = part.code in Counted.values
    orders = _orders(row["order_pk"] for row in rows)
    for row in rows:
        order = orders.get(row["order_pk"])
        yield CountedRow(
            at=row["at"] if of_workshop else row["moment"],
            pk=row["thing"],
            amount=(row["hours"] if of_workshop else row["amount"]) if is_added_up(part) else None,
            what=(row["works"] if of_workshop else row["what"]) or "",
            who=(row["people"] if of_workshop else row["who"]) or "",
            **_of_order(order),
        )


def _orders(pks: Iterable[int | None]) -> dict[int, RepairOrder]:
    return RepairOrder.objects.select_related("vehicle", "advisor").in_bulk({pk for pk in pks if pk})


def _of_order(order: RepairOrder | None) -> dict:
    if order is None:
        return {}
    return {
        "order_pk": order.pk, "order_number": order.number, "plate": order.vehicle.plate,
        "kind": order.get_kind_display(), "advisor": order.advisor.name if order.advisor else "",
    }  # fmt: skip


def _asked(only: Mapping[str, str] | None) -> dict[str, str]:
    return {
        FILTERS[name]: _EMPTY[name] if value == NOBODY and name in _EMPTY else value
        for name, value in (only or {}).items()
        if name in FILTERS and value
    }


def words_of(only: Mapping[str, str]) -> list[str]:
    """What rows are asked by, as people say it: a repair type, a brand, somebody's name, a team."""
    kinds, words = dict(OrderKind.choices), []
    for name, value in only.items():
        if value == NOBODY:
            words.append("—")
        elif name in ("advisor", "seller"):
            words += Staff.objects.filter(pk=value).values_list("name", flat=True)
        elif name == "team":
            words += Team.objects.filter(pk=value).values_list("name", flat=True)
        else:
            words.append(str(kinds.get(value, value)))
    return words


# ── Output and cars: what the formulas said ──────────────────────────────────────────────────────────────────────────
def _by_formula(part: Part, span: Span, only: Mapping[str, str] | None) -> Iterator[CountedRow]:
    only, months = only or {}, sorted({Period.of(span.first), Period.of(span.last)})
    of_orders = {name: value for name, value in only.items() if name != ADVISOR or part.code == SALES}
    crediting = Credits(span.store)
    rows = [
        (row, share, crediting.person(part.code, order, row))
        for _month, order, _code, row in output_rows(span.store, months, {part.code})
        if span.first <= row.day <= span.last and (share := _share(crediting, part, order, row, only))
    ]
    rows.sort(key=lambda one: (one[0].day, one[0].order, one[0].number))
    numbers = {row.order for row, _share, _person in rows}
    orders = RepairOrder.objects.filter(number__in=numbers, **_asked(of_orders)).select_related("vehicle", "advisor")
    known = {order.number: order for order in orders}
    for row, share, person in rows:
        if order := known.get(row.order):
            day = datetime.combine(row.day, time.min, span.store.tz)
            what = row.number if share == 1 else f"{row.number} · {share:.0%}"
            who = person.name if person and part.code == SALES else ""
            yield CountedRow(day, order.pk, row.counted * share, what, who, has_time=False, **_of_order(order))


def _share(crediting: Credits, part: Part, order: OrderFact, row, only: Mapping[str, str]) -> Decimal:
    """How much of a row is whose is asked for: of a team its part, of who brought it in all of it or nothing."""
    if asked := only.get(person_of(part.code)):
        person = crediting.person(part.code, order, row)
        return Decimal((str(person.pk) if person else NOBODY) == asked)
    if team := only.get("team"):
        return crediting.of_teams(part.code, order, row).get(int(team), Decimal(0))
    return Decimal(1)


def _page_of_list(rows: list[CountedRow], query: Mapping) -> Page:
    """A page of a list that is made whole: the cursor is a place in it, the newest first."""
    rows.reverse()
    try:
        start = max(0, int(query.get("after") or query.get("before") or 0))
    except ValueError:
        start = 0
    return Page(
        rows[start : start + SIZE],
        next=str(start + SIZE) if len(rows) > start + SIZE else "",
        previous=str(max(0, start - SIZE)) if start else "",
    )
