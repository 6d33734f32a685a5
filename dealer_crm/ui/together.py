"""Several lists in one question: how many rows each has, and the first rows of each as their models.

For pages that show a little of many things. The rows come back as JSON, column by column, and are made into models the
way Django makes them; what is selected with them comes along, prefetches don't.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Field, Model, QuerySet

MOST = 10_000
"""So many rows are counted at most, and one more to tell that there are more (`|about` writes 10,000+)."""


def counted(
    lists: Sequence[QuerySet | None], looked_for: Sequence[QuerySet | None] = ()
) -> tuple[list[int], list[bool]]:
    """How many rows each list has, and of which of the others there are any at all: one question, or none."""
    arms, values = [], []
    for rows, form in (*((rows, "(SELECT COUNT(*) FROM ({}) one)") for rows in lists),
                       *((rows, "EXISTS ({})") for rows in looked_for)):  # fmt: skip
        sql, arguments = _statement(_bare(rows)) if rows is not None else ("", ())
        arms.append(form.format(sql) if sql else "NULL")
        values += arguments
    answer = _ask(arms, values)
    return [count or 0 for count in answer[: len(lists)]], [bool(found) for found in answer[len(lists) :]]


def first_rows(lists: Sequence[QuerySet], most: int) -> Iterator[list[Model]]:
    """The first rows of each list, in its order. A slice and rows of values have none: they are only counted."""
    shapes = [_shape(rows) for rows in lists]
    arms, values = [], []
    for rows, shape in zip(lists, shapes, strict=True):
        sql, arguments = _statement(shape.laid_out(rows[:most])) if shape else ("", ())
        arms.append(f"(SELECT JSON_AGG(one)::text FROM ({sql}) one)" if sql else "NULL")  # noqa: S608
        values += arguments
    answer = _ask(arms, values)
    for shape, told in zip(shapes, answer, strict=True):
        yield [shape.read(row) for row in json.loads(told, parse_float=Decimal)] if told else []


def _ask(arms: list[str], values: list) -> Sequence:
    if set(arms) <= {"NULL"}:
        return [None] * len(arms)
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ",\n".join(arms), values)  # the program's own text
        return cursor.fetchone()


def _statement(rows: QuerySet) -> tuple[str, tuple]:
    try:
        return rows.query.sql_with_params()
    except EmptyResultSet:  # nothing can be in it: Django would not ask
        return "", ()


def _bare(rows: QuerySet) -> QuerySet:
    """The same rows without what only showing them needs."""
    if not rows.query.is_sliced:
        rows = rows.order_by()[: MOST + 1]
    return rows if rows.query.values_select else rows.values("pk")


# ── Rows read back ───────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class _Part:
    """One model of a row: the row's own, or one selected with it over `relation` of the part before."""

    model: type[Model]
    path: str
    fields: tuple[Field, ...]
    relation: object = None
    of: int = 0


@dataclass(frozen=True)
class _Shape:
    """What the rows of a list are made of, and the name of each column."""

    parts: tuple[_Part, ...]
    annotations: dict[str, Field]

    def laid_out(self, rows: QuerySet) -> QuerySet:
        columns = {
            f"c{place}_{number}": F(f"{part.path}{field.attname}")
            for place, part in enumerate(self.parts)
            for number, field in enumerate(part.fields)
        }
        return rows.values(**columns, **{f"a_{name}": F(name) for name in self.annotations})

    def read(self, row: dict) -> Model:
        made = []
        for place, part in enumerate(self.parts):
            values = [_value(field, row[f"c{place}_{number}"]) for number, field in enumerate(part.fields)]
            names = [field.attname for field in part.fields]
            is_there = values[names.index(part.model._meta.pk.attname)] is not None
            made.append(part.model.from_db(connection.alias, names, values) if is_there else None)
            if part.relation and made[part.of] is not None:
                part.relation.set_cached_value(made[part.of], made[-1])
        for name, kind in self.annotations.items():
            setattr(made[0], name, _value(kind, row[f"a_{name}"]))
        return made[0]


def _value(field: Field, told):
    """What JSON says of a column in the type of its field."""
    return None if told is None else field.to_python(told)


def _shape(rows: QuerySet) -> _Shape | None:
    query = rows.query
    if query.is_sliced or query.values_select:
        return None
    named, is_deferring = query.deferred_loading
    parts: list[_Part] = []

    def add(model, path, related, relation=None, of=0):
        fields = tuple(
            one for one in model._meta.concrete_fields
            if one.primary_key or one.name in related or (f"{path}{one.name}" in named) != is_deferring
        )  # fmt: skip
        parts.append(_Part(model, path, fields, relation, of))
        place = len(parts) - 1
        for name, deeper in related.items():
            link = model._meta.get_field(name)
            add(link.related_model, f"{path}{name}__", deeper, link, place)

    add(rows.model, "", query.select_related or {})
    return _Shape(tuple(parts), {name: one.output_field for name, one in query.annotation_select.items()})
