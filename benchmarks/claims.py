"""Sixteen agents empty one queue at the same time, each in a process of its own.

The program's action against the same statement issued raw over psycopg2, and against pgbench issuing it as the physical
limit; each claim is followed by the same statement that finishes the call. Every call handed out is counted: one handed
out twice, or left over, is a broken promise whatever the speed.
"""

import multiprocessing
import subprocess
import tempfile
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from statistics import median

from benchmarks.figures import AtLeast, AtMost, Figure

AGENTS, ROUNDS = 16, 3
SHORT = 10_000
"""Open calls of the short queue, half of which are taken in turns; the long one gives as many."""
FINISH = """
UPDATE callback_calltask SET state = 'done', done_at = now(), claimed_by_id = NULL, claimed_at = NULL
 WHERE claimed_by_id = %(agent)s
"""
# In the order they fall due, as cars are delivered one after the other: neighbours in the queue are neighbours on disk.
# Of people who may be called: who has a complaint open, or was called of late, is held back, and would count as lost.
FILL = """
INSERT INTO callback_calltask (store_id, rule_id, source_key, customer_id, priority, opens_at, due_at, due_reason,
                               was_shifted, state, channel, attempts, closing_reason, created_at, version)
SELECT %(store)s, %(rule)s, %(run)s || ':' || n, c.id, %(priority)s, %(at)s - interval '30 days',
       %(at)s + (n::bigint * 14400 / %(count)s - 7200) * interval '1 minute', '{}', false, 'open', 'phone', 0, '',
       %(at)s, 1
  FROM generate_series(1, %(count)s) n
  JOIN (SELECT id, row_number() OVER () - 1 AS place, count(*) OVER () AS of_all FROM reception_customer
         WHERE store_id = %(store)s AND no_call_since IS NULL
           AND id NOT IN (SELECT customer_id FROM complaints_complaint
                           WHERE customer_id IS NOT NULL AND state <> 'closed')
           AND id NOT IN (SELECT customer_id FROM callback_contact WHERE customer_id IS NOT NULL
                             AND at > %(at)s - interval '7 days')) c ON c.place = n %% c.of_all
"""


def measure(world) -> list[Figure]:
    from django.db import connection
    from django.utils import timezone

    at = timezone.now()
    with world.copy_of(world.small) as name:
        world.use(name)
        agents = _agents(at)
        rates: dict[str | int, list[float]] = {"action": [], "raw": [], "limit": []}
        wrong = total = 0
        for number in range(ROUNDS):
            each = world.claims // ROUNDS
            for way, work in (("action", _by_action), ("raw", _by_statement)):
                _fill(agents[0].store, f"{way}{number}", each, at)
                handed, seconds = _race(agents, work, each, at)
                rates[way].append(each / seconds)
                wrong += sum(abs(count - 1) for count in handed.values()) + abs(each - len(handed))
                total += each
            _fill(agents[0].store, f"limit{number}", each, at)
            rates["limit"].append(_pgbench(world, name, agents, each, at))
        for length in (SHORT, long_queue := max(world.orders, 10 * SHORT)):
            _fill(agents[0].store, f"of{length}", length, at)
            for _round in range(ROUNDS):
                handed, seconds = _race(agents, _by_action, SHORT // (2 * ROUNDS), at)
                rates.setdefault(length, []).append(len(handed) / seconds)
                wrong += sum(count - 1 for count in handed.values())
                total += len(handed)
        connection.close()
    action, raw, limit, in_short, in_long = (median(of_way) for of_way in rates.values())
    return [
        Figure(f"claims handed out twice or lost, {AGENTS} agents", f"{wrong} of {total}", "", wrong, AtMost(0)),
        Figure(f"claim and finish a call, {AGENTS} agents", _rate(action), f"raw psycopg2 {_rate(raw)}", action / raw,
               AtLeast(0.5)),
        Figure("the same against the limit", _rate(action), f"pgbench {_rate(limit)}", action / limit),
        Figure(f"claims with {long_queue} open calls", _rate(in_long), f"{SHORT} open calls {_rate(in_short)}",
               in_long / in_short, AtLeast(0.8)),
    ]  # fmt: skip


def _rate(a_second: float) -> str:
    return f"{a_second:.0f}/s"


def _agents(at) -> list:
    from callback.models import CallTask
    from dealer_crm.organization.actions import create_staff
    from dealer_crm.organization.choices import Post
    from dealer_crm.organization.models import Store

    CallTask.objects.unfinished().update(state="dropped", done_at=at, claimed_by=None, claimed_at=None)
    store = Store.objects.order_by("code").first()
    return [
        create_staff(by=None, at=at, work_number=f"BENCH{number:02}", name=f"坐席{number}", store=store,
                     post=Post.CALLBACK_AGENT, hired_on=at.date() - timedelta(days=400))
        for number in range(AGENTS)
    ]  # fmt: skip


def _fill(store, run: str, count: int, at) -> None:
    from django.db import connection

    from callback.choices import RuleCode
    from callback.models import CallTask, Rule

    CallTask.objects.unfinished().delete()
    rule = Rule.objects.get(store=store, code=RuleCode.SERVICE_3D)
    values = {"store": store.pk, "rule": rule.pk, "priority": rule.priority, "run": run, "count": count, "at": at}
    with connection.cursor() as cursor:
        cursor.execute(FILL, values)
        cursor.execute("VACUUM ANALYZE callback_calltask")
        cursor.execute("CHECKPOINT")  # what filling it has left to be written is no part of the race


def _race(agents, work, count: int, at) -> tuple[Counter, float]:
    """Everybody claims at once until the queue is empty or so many calls are taken: how often each call was handed
    out, and the seconds it took."""
    from django.db import connection

    connection.close()
    fork = multiprocessing.get_context("fork")
    start, said = fork.Barrier(AGENTS + 1), fork.SimpleQueue()

    def run(agent):
        work(agent, 1, at - timedelta(days=999))  # nothing may be called then: connects and warms up
        start.wait()
        said.put(work(agent, count // AGENTS + 1, at))
        connection.close()

    people = [fork.Process(target=run, args=[agent]) for agent in agents]
    for one in people:
        one.start()
    start.wait()
    began = time.perf_counter()
    handed = Counter(pk for _agent in agents for pk in said.get())
    taken = time.perf_counter() - began
    for one in people:
        one.join()
    return handed, taken


def _by_action(agent, most: int, at) -> list[int]:
    from django.db import connection

    from callback.actions import claim_next

    handed = []
    with connection.cursor() as cursor:
        while task := claim_next(by=agent, at=at):
            handed.append(task.pk)
            cursor.execute(FINISH, {"agent": agent.pk})
            if len(handed) >= most:
                break
    return handed


def _by_statement(agent, most: int, at) -> list[int]:
    from django.db import connection

    from callback.actions import claims

    handed, values = [], claims._values(agent, at)
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:  # psycopg2's own, without Django's wrapping
        while len(handed) < most:
            cursor.execute(claims.CLAIM, values)
            row = cursor.fetchone()
            if row is None:
                break
            handed.append(row[0])
            cursor.execute(FINISH, {"agent": agent.pk})
    return handed


def _pgbench(world, name: str, agents, count: int, at) -> float:
    """Claims a second when pgbench issues the statements."""
    from django.db import connection
    from psycopg2.extensions import AsIs

    from callback.actions import claims
    from dealer_crm.embedded import postgres

    values = claims._values(agents[0], at) | {"agent": AsIs(":agent")}
    assert [agent.pk - agents[0].pk for agent in agents] == list(range(AGENTS))
    with connection.cursor() as cursor:
        statements = [cursor.mogrify(text, values).decode() for text in (claims.CLAIM, FINISH)]
    script = f"\\set agent {agents[0].pk} + :client_id\n" + "".join(f"{text.strip()};\n" for text in statements)
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        # pgbench reads a statement up to its semicolon; a claim that finds nothing is a quick one, so it stops before.
        file.write(script)
        file.flush()
        argv = [Path(postgres.program("pgbench")), "--no-vacuum", "--client", str(AGENTS), "--jobs", "2",
                "--transactions", str(count // AGENTS), "--file", file.name, world.url(name)]  # fmt: skip
        said = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
    return float(next(line for line in said.splitlines() if line.startswith("tps")).split()[2])
