"""A process of its own that does one job and can be killed (kill -9) at any step of it.

A step is one statement to the database, or the moment before or after a commit. What a job must not go without can be
taken away from it (`without`), for the controls that show that a test would notice.
"""

import contextlib
import os
import re
import signal
import time
import traceback
from collections.abc import Callable
from datetime import timedelta
from multiprocessing import get_context

from django.db import connection
from django.utils import timezone

TRANSACTION, LOCKS = "its transaction", "its locks"
_LOCK = re.compile(r" FOR (NO KEY )?UPDATE( OF [\w\".]+)?( SKIP LOCKED)?")


def live(
    deed: Callable[[], object],
    *,
    dies_at: int = 0,
    without: str = "",
    dawdles: float = 0,
    later: timedelta | None = None,
) -> int:
    """Do `deed` in a process of its own; the number of steps it came to, negative when it was killed at one.

    `dies_at`: it kills itself before that step (0: it lives). `dawdles`: seconds it waits before it first changes a
    row. `later`: how far its clock is ahead.
    """
    return live_together([deed], dies_at=dies_at, without=without, dawdles=dawdles, later=later)[0]


def live_together(deeds: list[Callable[[], object]], **fate) -> list[int]:
    """The same for several at the same moment."""
    connection.close()  # a child must not talk over our connection
    fork = get_context("fork")
    start, steps = fork.Barrier(len(deeds)), [fork.Value("i", 0) for _deed in deeds]
    pids = []
    for deed, count in zip(deeds, steps, strict=True):
        pid = os.fork()
        if pid == 0:
            _be_mortal(deed, start, count, **fate)
        pids.append(pid)
    ends = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
    assert set(ends) <= {0, -signal.SIGKILL}, "a job failed; its traceback stands above"
    return [count.value if end == 0 else -count.value for count, end in zip(steps, ends, strict=True)]


def _be_mortal(deed, start, count, *, dies_at=0, without="", dawdles=0.0, later=None):
    try:
        _forget_connection()
        if later:
            now = timezone.now
            timezone.now = lambda: now() + later
        with contextlib.ExitStack() as life:
            _watch_steps(life, count, dies_at, without, dawdles)
            start.wait()
            deed()
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


def _forget_connection():
    """Begin with a connection of its own, whatever state the parent left its own in. psycopg2 closes none of another
    process."""
    connection.connection, connection.closed_in_transaction = None, False
    connection.in_atomic_block, connection.savepoint_ids, connection.run_on_commit = False, [], []


def _watch_steps(life, count, dies_at, without, dawdles):
    connection.ensure_connection()
    waits = [dawdles] if dawdles else []

    def step():
        count.value += 1
        if count.value == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def statement(execute, sql, params, many, context):
        step()
        if without == LOCKS:
            sql = _LOCK.sub("", sql)
        if waits and sql.startswith("UPDATE"):
            time.sleep(waits.pop())
        result = execute(sql, params, many, context)
        if without == TRANSACTION and connection.in_atomic_block:
            connection.connection.commit()
        return result

    def commit():
        step()
        kept()
        step()

    life.enter_context(connection.execute_wrapper(statement))
    kept, connection._commit = connection._commit, commit
    if without == TRANSACTION:
        connection.features.uses_savepoints = False  # there is nothing to go back to
