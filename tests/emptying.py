"""After a test that commits, its tables are emptied and what `migrate` ships is back.

Django truncates every table, which makes all their files anew (0.4 s), and then lets every app bring what it ships
(0.1 s). Deleting the few rows there are takes 15 ms. Guards and foreign keys sleep meanwhile: a locked month, too, is
forgotten.
"""

from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, transaction
from django.test import TransactionTestCase

UNTOUCHED = {"django_content_type", "auth_permission"}
"""Of Django, the same for all: roles are code here (spec `people-and-roles.md`), nobody changes those rows."""


def empty_tables_by_deleting() -> None:
    """From now on every test that commits is cleaned up after in this way. The tables are empty then, but for what
    `migrate` ships: what a run that was killed has left goes, too.

    On a server that is given the tests' account needs the right to let triggers sleep: `GRANT SET ON PARAMETER
    session_replication_role`, unless it owns the server.
    """
    tables = sorted(set(connection.introspection.django_table_names(only_existing=True)) - UNTOUCHED)
    _run(_emptying(tables))
    emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)
    all_over = _emptying(tables) + _bringing_back(tables)
    TransactionTestCase._fixture_teardown = lambda _case: _run(all_over)


def _emptying(tables: list[str]) -> str:
    """The lock waits for whoever still writes, as Django's TRUNCATE does: nobody's row comes afterwards."""
    deleted = "".join(f'DELETE FROM "{table}";' for table in tables)
    every_one = ", ".join(f'"{table}"' for table in tables)
    return f"LOCK TABLE {every_one} IN SHARE MODE; SET LOCAL session_replication_role = replica; {deleted}"


def _bringing_back(tables: list[str]) -> str:
    """The rows the tables hold now, as statements that write them again."""
    again = ""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT json_agg(shipped)::text FROM "{table}" shipped')
            if rows := cursor.fetchone()[0]:
                again += cursor.mogrify(
                    f'INSERT INTO "{table}" SELECT * FROM json_populate_recordset(NULL::"{table}", %s);', [rows]
                ).decode()
    return again


def _run(statements: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statements)
