"""What an import does to the database, row by row, kept set by set: before-images and digests.

`Camera` looks twice: before the writing and after it, each time at what the sheets say they touch (`touches`). The
difference stays as `RowImage`s: rows made, changed (only the columns that changed) and taken away. All of it is SQL
inside the database: a row goes in and comes back as PostgreSQL's own JSON of it, so that no value passes through Python
and loses a digit. It is put together from the names of our own tables and columns alone.
"""

# ruff: noqa: S608

from collections.abc import Callable, Iterable

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet

from dealer_crm.importing.models import ImportRun, RowImage
from dealer_crm.importing.sheets import filled_columns

_IMAGES = RowImage._meta.db_table


class Camera:
    """`look` is asked for the querysets of everything that may be touched: once by `before`, once by `after`."""

    def __init__(self, run: ImportRun, look: Callable[[], Iterable[QuerySet]]):
        self.run, self.look = run, look

    def before(self) -> None:
        """Keep everything that stands there now, whole."""
        for model, rows, arguments in self._selected():
            _run(
                f'INSERT INTO {_IMAGES} (run_id, "table", "row", before, digest) '
                f"SELECT %s, %s, t.{_key(model)}, to_jsonb(t), '' FROM {_table(model)} t "
                f"WHERE t.{_key(model)} IN ({rows}) ON CONFLICT DO NOTHING",
                [self.run.pk, model._meta.db_table, *arguments],
            )

    def after(self) -> int:
        """Keep what became of it; returns how many rows the import made, changed or took away."""
        seen: dict[str, type[Model]] = {}
        for model, rows, arguments in self._selected():
            seen[model._meta.db_table] = model
            _run(
                f'INSERT INTO {_IMAGES} (run_id, "table", "row", digest) '
                f"SELECT %s, %s, t.{_key(model)}, {digest(model)} FROM {_table(model)} t "
                f"WHERE t.{_key(model)} IN ({rows}) "
                f'ON CONFLICT (run_id, "table", "row") DO UPDATE SET digest = EXCLUDED.digest',
                [self.run.pk, model._meta.db_table, *arguments],
            )
        for model in seen.values():
            self._keep_the_difference(model)
        return RowImage.objects.filter(run=self.run).count()

    def _keep_the_difference(self, model: type[Model]) -> None:
        here = [self.run.pk, model._meta.db_table]
        _run(
            f"DELETE FROM {_IMAGES} i USING {_table(model)} t "
            f"WHERE i.run_id = %s AND i.\"table\" = %s AND i.before IS NOT NULL AND i.digest <> '' "
            f'AND t.{_key(model)} = i."row" AND i.before = to_jsonb(t)',
            here,
        )
        _run(
            f"UPDATE {_IMAGES} i SET "
            "before = (SELECT jsonb_object_agg(key, value) FROM jsonb_each(i.before) "
            "WHERE value IS DISTINCT FROM to_jsonb(t) -> key), "
            "after = (SELECT jsonb_object_agg(key, value) FROM jsonb_each(to_jsonb(t)) "
            "WHERE value IS DISTINCT FROM i.before -> key) "
            f'FROM {_table(model)} t WHERE i.run_id = %s AND i."table" = %s AND i.before IS NOT NULL '
            f"AND i.digest <> '' AND t.{_key(model)} = i.\"row\"",
            here,
        )

    def _selected(self) -> Iterable[tuple[type[Model], str, tuple]]:
        """What is to be looked at, as SQL that gives primary keys."""
        for queryset in self.look():
            query = queryset.order_by().values("pk").query
            try:
                sql, arguments = query.sql_with_params()
            except EmptyResultSet:
                continue
            yield queryset.model, sql, arguments


def digest(model: type[Model], row: str = "t") -> str:
    """SQL: the digest of a row, without the columns the program fills by itself."""
    filled = filled_columns(model._meta.db_table)
    without = "".join(f" - '{column}'" for column in filled)
    return f"md5((to_jsonb({row}){without})::text)"


def _table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _key(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.pk.column)


def _run(sql: str, arguments: list) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, arguments)
