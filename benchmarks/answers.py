"""A store's month with a million answers: figures of the analysis against the SQL they need and against a hundredth.

The answers are made by the database itself, so that a million are there in a minute. The peer is what a person would
write by hand: the mean of every factor in one GROUP BY.
"""

from benchmarks.figures import AtMost, Figure, in_turns, ms
from benchmarks.months import again, asked_by

FEW, MANY, QUESTIONS = 10_000, 1_000_000, 17

# One response for every 17 answers, spread over October; scores as customers give them, mostly high.
RESPONSES = """
INSERT INTO satisfaction_response (version_id, store_id, advisor_id, source, answered_at)
SELECT %(version)s, %(store)s, (%(advisors)s::bigint[])[1 + n %% %(count)s], 'call',
       '2026-10-01'::timestamptz + (n * 2591999.0 / %(responses)s) * interval '1 second'
  FROM generate_series(0, %(responses)s - 1) n
"""
ANSWERS = """
INSERT INTO satisfaction_answer (response_id, question_id, score, text)
SELECT r.id, q.id, greatest(1, least(10, 10 - floor(random() * random() * 9))), ''
  FROM satisfaction_response r JOIN satisfaction_question q ON q.version_id = r.version_id
 WHERE r.store_id = %(store)s AND q.kind IN ('score', 'recommend')
"""
BY_HAND = """
SELECT q.code, count(*), avg(a.score)
  FROM satisfaction_answer a
  JOIN satisfaction_response r ON r.id = a.response_id
  JOIN satisfaction_question q ON q.id = a.question_id
 WHERE r.store_id = %(store)s AND r.source <> 'factory' AND q.weight IS NOT NULL
   AND r.answered_at >= %(start)s AND r.answered_at < %(end)s
 GROUP BY q.code
"""


def measure(world) -> list[Figure]:
    from dealer_crm.values import Period

    october, found = Period(2026, 10), {}
    for answers in (FEW, MANY):
        with world.copy_of(world.small) as name:
            world.use(name)
            store = _answered(answers)
            found[answers] = _measured(store, october)
    figures = []
    for what, (ours, its_sql, by_hand, queries) in found[MANY].items():
        few = found[FEW][what]
        title = f"{what}, {MANY:,} answers"
        figures += [
            Figure(title, ms(ours), f"its {queries} statements {ms(its_sql)}", ours / its_sql, AtMost(1.5)),
            Figure(f"{title}: by hand", ms(ours), f"one GROUP BY {ms(by_hand)}", ours / by_hand),
            Figure(f"{title}: v. {FEW:,}", ms(ours), ms(few[0]), ours / few[0], AtMost(MANY / FEW)),
            Figure(f"{title}: statements", str(queries), str(few[3]), queries - few[3], AtMost(0)),
        ]
    return figures


def _answered(answers: int):
    """The first store of the world with this many answers in October, and no others."""
    from django.db import connection

    from dealer_crm.access.roles import Role
    from dealer_crm.organization.models import Staff
    from satisfaction.queries import csi_version

    version, advisors = csi_version(), list(Staff.objects.with_role(Role.ADVISOR).values_list("pk", flat=True))
    store = Staff.objects.get(username="manager").store
    values = {
        "store": store.pk,
        "version": version.pk,
        "advisors": advisors,
        "count": len(advisors),
        "responses": answers // QUESTIONS,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE satisfaction_flag, satisfaction_answer; UPDATE callback_contact SET response_id = NULL;"
            "DELETE FROM satisfaction_response"
        )
        cursor.execute(RESPONSES, values)
        cursor.execute(ANSWERS, values)
        cursor.execute("VACUUM ANALYZE satisfaction_response, satisfaction_answer")
    return store


def _measured(store, period) -> dict[str, tuple[float, float, float, int]]:
    """What is asked for → seconds of ours, of the same statements bare, of the peer; number of statements."""
    from django.db import connection

    from satisfaction import queries
    from satisfaction.choices import Dimension, Rhythm
    from satisfaction.queries import Scope

    scope = Scope(store, period)
    start, end = period.bounds(store.tz)

    def by_hand():
        with connection.connection.cursor() as cursor:
            cursor.execute(BY_HAND, {"store": store.pk, "start": start, "end": end})
            return cursor.fetchall()

    found = {}
    for what, work in (
        ("index of the month", lambda: queries.month_figures(scope)),
        ("analysis by advisor", lambda: queries.analysis(scope, Dimension.ADVISOR)),
        ("importance and Pareto", lambda: queries.drivers(scope)),
        ("control charts", lambda: queries.control(scope, Rhythm.WEEK)),
    ):
        statements = asked_by(work)
        ours, bare, hand = in_turns(work, again(statements), by_hand, rounds=3)
        found[what] = (ours, bare, hand, len(statements))
    return found
