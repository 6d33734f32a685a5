"""Keyset paging: the next page starts after the last row seen, so page 10 000 costs what page 1 costs.

    page = keyset_page(orders, request.GET, order=("-opened_at", "-pk"))
    return render(request, "reception/orders.html", {"page": page})

Template: loop over `page.rows`, then `<c-pager :page="page" />`. No exact count is made (spec measured.md, Pages).
"""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from operator import or_

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

SIZE = 50


@dataclass(frozen=True)
class Page:
    """`next` and `previous` are cursors for `?after=` and `?before=`, empty at the ends."""

    rows: list
    next: str = ""
    previous: str = ""
    count: int | None = None

    def __iter__(self):
        return iter(self.rows)

    def __len__(self):
        return len(self.rows)


def keyset_page(
    rows: QuerySet, query: Mapping, *, order: Sequence[str] = ("-pk",), size: int = SIZE, count: int | None = None
) -> Page:
    """One page of `rows` in `order`; the last field of `order` must be unique, and no field of it may be null.

    `rows` may be a `.values()` queryset that holds the fields of `order`. A damaged cursor gives the first page.
    """
    before = _read(query.get("before", ""), order)
    after = None if before else _read(query.get("after", ""), order)
    backwards = before is not None
    wanted = [_turned(field) for field in order] if backwards else list(order)
    found = rows.order_by(*wanted)
    if cursor := before or after:
        try:
            found = found.filter(_beyond(wanted, cursor))
        except (ValidationError, ValueError, TypeError):
            return keyset_page(rows, {}, order=order, size=size, count=count)
    got = list(found[: size + 1])
    more, got = len(got) > size, got[:size]
    if backwards:
        got.reverse()
    has_next, has_previous = (True, more) if backwards else (more, after is not None)
    return Page(
        rows=got,
        next=_cursor(got[-1], order) if got and has_next else "",
        previous=_cursor(got[0], order) if got and has_previous else "",
        count=count,
    )


def _turned(field: str) -> str:
    return field[1:] if field.startswith("-") else f"-{field}"


def _beyond(order, values) -> Q:
    """Rows after `values` in `order`: (a < x) or (a = x and b < y) or …"""
    steps, same = [], Q()
    for field, value in zip(order, values, strict=True):
        name = field.lstrip("-")
        steps.append(same & Q(**{f"{name}__{'lt' if field.startswith('-') else 'gt'}": value}))
        same &= Q(**{name: value})
    beyond = reduce(or_, steps)
    first, value = order[0], values[0]
    # Said once more at the top level, so that PostgreSQL starts the index at the cursor.
    return Q(**{f"{first.lstrip('-')}__{'lte' if first.startswith('-') else 'gte'}": value}) & beyond


def _cursor(row, order) -> str:
    values = [_field(row, field.lstrip("-")) for field in order]
    return base64.urlsafe_b64encode(json.dumps(values, default=_plain).encode()).decode().rstrip("=")


def _field(row, name):
    if isinstance(row, Mapping):
        return row[name if name in row else "id" if name == "pk" else name]
    return reduce(getattr, name.split("__"), row)


def _plain(value):
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"cannot page by {type(value).__name__}")


def _read(cursor: str, order) -> list | None:
    if not cursor:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        return None
    fits = isinstance(values, list) and len(values) == len(order)
    return values if fits and all(isinstance(value, str | int | float) for value in values) else None
