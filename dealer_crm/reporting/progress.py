"""Telling a waiting page how far long work has come, while the work's transaction is still open.

A row written inside that transaction is seen by nobody until it ends; so progress goes over a connection of its own, to
a table nothing else locks. Losing it does no harm.

    with telling("import 12") as tell:
        tell(40, "工单项目")
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections

from dealer_crm.reporting.models import Progress

log = logging.getLogger(__name__)

_AT_MOST_EVERY = 0.5
_SAY = """
    INSERT INTO reporting_progress (key, percent, text) VALUES (%s, %s, %s)
    ON CONFLICT (key) DO UPDATE SET percent = EXCLUDED.percent, text = EXCLUDED.text
"""


@contextmanager
def telling(key: str) -> Iterator[Callable[[int, str], None]]:
    """Gives `tell(percent, text)`; what was told is wiped out at the end."""
    aside = connections[DEFAULT_DB_ALIAS].copy()
    told_at = -_AT_MOST_EVERY

    def run(statement: str, arguments: list) -> None:
        try:
            with aside.cursor() as cursor:
                cursor.execute("SET lock_timeout = '1s'")
                cursor.execute(statement, arguments)
        except DatabaseError as error:
            log.warning("progress of %s not told: %s", key, error)

    def tell(percent: int, text: str = "") -> None:
        nonlocal told_at
        if monotonic() - told_at >= _AT_MOST_EVERY:
            told_at = monotonic()
            run(_SAY, [key, max(0, min(int(percent), 100)), text[:80]])

    try:
        yield tell
    finally:
        run("DELETE FROM reporting_progress WHERE key = %s", [key])
        aside.close()


def progress_of(key: str) -> Progress:
    """What was told last; nothing yet is 0 %."""
    return Progress.objects.filter(key=key).first() or Progress(key=key)
