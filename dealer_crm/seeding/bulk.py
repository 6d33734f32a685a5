"""Rows into PostgreSQL by COPY: ten times faster than inserts, with the ids known beforehand."""

import io
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import count

from django.db import connection, models

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class Ids:
    """Ids of a table handed out beforehand, so that rows may point at one another before they are written."""

    def __init__(self, model: type[models.Model]):
        self.model = model
        last = model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        self._next = count(last + 1)

    def __call__(self) -> int:
        return next(self._next)


def copy_in(rows: Sequence[models.Model]) -> None:
    """Write unsaved instances of one model, ids included, then set the table's sequence behind them."""
    if not rows:
        return
    model = type(rows[0])
    fields = model._meta.concrete_fields
    names = [field.attname for field in fields]
    is_json = [isinstance(field, models.JSONField) for field in fields]
    stream = io.StringIO()
    for row in rows:
        stream.write("\t".join(_text(getattr(row, name), json_) for name, json_ in zip(names, is_json, strict=True)))
        stream.write("\n")
    stream.seek(0)
    columns = ", ".join(f'"{field.column}"' for field in fields)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.copy_expert(f'COPY "{table}" ({columns}) FROM STDIN', stream)
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, max(row.pk for row in rows)])


def copy_all(groups: Iterable[Sequence[models.Model]]) -> None:
    for rows in groups:
        copy_in(rows)


def _text(value, is_json: bool) -> str:
    if value is None:
        return "\\N"
    if is_json:
        return json.dumps(value, ensure_ascii=False).translate(_ESCAPES)
    if isinstance(value, str):
        return str(value).translate(_ESCAPES)
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, (int, Decimal)):
        return str(value)
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return f"{value.total_seconds():f} seconds"
    if isinstance(value, list):
        return "{" + ",".join('"' + str(item).replace('"', "") + '"' for item in value) + "}"
    raise TypeError(f"no COPY form for {value!r}")
