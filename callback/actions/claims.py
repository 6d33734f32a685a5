"""Taking calls from the queue. Source: spec `callback.md` (the daily queue), `measured.md` (one-statement claim)."""

from contextlib import nullcontext
from datetime import datetime, time, timedelta

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from callback.choices import SUPERVISED, SURVEYS, UNREACHED_OUTCOMES, Outcome, TaskState
from callback.models import CallTask
from callback.queries.plan import ON_LINE, call_plan
from complaints.models import Complaint
from dealer_crm.access.permissions import Permission
from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Staff, Store
from dealer_crm.values import Refusal

TRIES = 8
"""So often a claim is tried again that a colleague's came before; each time it sees one more customer as taken."""

LOOK_AHEAD = 32
"""How many calls at the head of a group are compared by preference; more would cost more than it pleases."""

# A call that may be handed out now. Complaint calls and agreed call-backs are promises: they keep no gap.
# A person is one person whatever the number of cars: nobody is called by two agents at once (a unique index holds that,
# too), nor again in the half-day in which another call of theirs found nobody, nor twice a day: who was spoken to is
# asked the rest by the same agent in the same call. Surveys wait while the person has any complaint open.
# Conditions on other tables are written so that PostgreSQL can't turn them into joins (a scalar subquery, NOT EXISTS
# behind an OR): they are asked of the few rows at the head of the index, not of every open call.
_CALLABLE = """
    t.store_id = %(store)s AND t.state = 'open' AND t.opens_at <= %(at)s
    AND (t.next_try_at IS NULL OR t.next_try_at <= %(at)s)
    AND (t.claimed_by_id IS NULL OR t.claimed_at <= %(lapsed)s)
    AND (t.agent_id IS NULL OR t.agent_id = %(agent)s OR t.next_try_at <= %(missed)s)
    AND (%(supervises)s OR t.rule_id NOT IN (SELECT r.id FROM callback_rule r
                                              WHERE r.store_id = %(store)s AND r.code = ANY(%(supervised)s)))
    AND (SELECT c.no_call_since FROM reception_customer c WHERE c.id = t.customer_id) IS NULL
    AND (t.complaint_id IS NOT NULL
         OR ((t.order_id IS NULL OR NOT EXISTS (SELECT FROM complaints_complaint p
                                                 WHERE p.order_id = t.order_id AND p.state <> 'closed'))
             AND (t.rule_id NOT IN (SELECT r.id FROM callback_rule r
                                     WHERE r.store_id = %(store)s AND r.code = ANY(%(surveys)s))
                  OR NOT EXISTS (SELECT FROM complaints_complaint p
                                  WHERE p.customer_id = t.customer_id AND p.state <> 'closed'))))
    AND t.customer_id NOT IN (SELECT o.customer_id FROM callback_calltask o
                               WHERE o.claimed_by_id IS NOT NULL AND o.claimed_by_id <> %(agent)s AND o.id <> t.id)
    AND NOT (t.agent_id IS NULL AND t.complaint_id IS NULL
             AND EXISTS (SELECT FROM callback_contact k
                          WHERE k.customer_id = t.customer_id AND k.at >= %(day)s AND k.at <= %(at)s
                            AND k.direction = 'out' AND k.task_id IS DISTINCT FROM t.id
                            AND (k.outcome = ANY(%(tried)s) AND k.at >= %(half_day)s
                                 OR k.outcome = 'completed'
                                    AND (k.agent_id IS DISTINCT FROM %(agent)s OR k.at < %(on_line)s))))
    AND NOT (t.agent_id IS NULL
             AND t.rule_id IN (SELECT r.id FROM callback_rule r WHERE r.store_id = %(store)s AND r.respects_gap)
             AND EXISTS (SELECT FROM callback_contact k
                          WHERE k.customer_id = t.customer_id AND k.outcome = ANY(%(talked)s) AND k.at > %(gap)s
                            AND k.task_id IS DISTINCT FROM t.id))
"""

# One statement: find, lock and take. The branches are tried in their order and only as far as needed; within each, the
# first row nobody else has locked is taken, so that no two agents ever get the same call and none waits for another.
#   1. the call the agent is on already,
#   2. another call of the customer the agent has just spoken to, who is still on the line,
#   3. an agreed call-back of the agent, or one another agent has missed for too long,
#   4. the groups "overdue" and "not yet due" by priority: of the first rows the one whose customer prefers this hour
#      or knows this agent, else the first,
#   5. the same without looking ahead, should others hold all of those rows at this very moment.
# The priorities present are found by skipping through the index of open calls, so the time does not grow with them.
CLAIM = f"""
WITH RECURSIVE present AS (
    (SELECT min(priority) AS priority FROM callback_calltask WHERE store_id = %(store)s AND state = 'open')
    UNION ALL
    SELECT (SELECT min(n.priority) FROM callback_calltask n
             WHERE n.store_id = %(store)s AND n.state = 'open' AND n.priority > present.priority)
      FROM present WHERE present.priority IS NOT NULL
), groups AS (
    SELECT priority, from_at, until_at, place
      FROM present,
           (VALUES ('-infinity'::timestamptz, %(at)s::timestamptz, 0),
                   (%(at)s::timestamptz, 'infinity'::timestamptz, 1)) AS due (from_at, until_at, place)
     WHERE priority IS NOT NULL
)
UPDATE callback_calltask
   SET claimed_by_id = %(agent)s, claimed_at = %(at)s, version = version + 1
 WHERE id = COALESCE(
    (SELECT t.id FROM callback_calltask t WHERE t.claimed_by_id = %(agent)s FOR UPDATE),
    (SELECT t.id FROM callback_calltask t
      WHERE t.customer_id IN (SELECT k.customer_id FROM callback_contact k
                               WHERE k.agent_id = %(agent)s AND k.at >= %(on_line)s AND k.at <= %(at)s
                                 AND k.outcome = 'completed' AND k.direction = 'out') AND {_CALLABLE}
      ORDER BY t.due_at, t.id LIMIT 1 FOR UPDATE OF t SKIP LOCKED),
    (SELECT t.id FROM callback_calltask t
      WHERE t.agent_id IS NOT NULL AND {_CALLABLE}
      ORDER BY (t.agent_id = %(agent)s) DESC, t.next_try_at, t.id LIMIT 1 FOR UPDATE OF t SKIP LOCKED),
    (SELECT best.id FROM (SELECT * FROM groups ORDER BY place, priority) g CROSS JOIN LATERAL (
        SELECT t.id FROM (
            SELECT t.id, t.due_at,
                   ((SELECT c.contact_hour FROM reception_customer c WHERE c.id = t.customer_id)
                    IS NOT DISTINCT FROM %(hour)s)::int
                   + EXISTS (SELECT FROM callback_contact k
                              WHERE k.customer_id = t.customer_id AND k.agent_id = %(agent)s)::int AS liking
              FROM (SELECT t.id, t.due_at, t.customer_id FROM callback_calltask t
                     WHERE t.priority = g.priority AND t.due_at >= g.from_at AND t.due_at < g.until_at AND {_CALLABLE}
                     ORDER BY t.due_at, t.id LIMIT %(look_ahead)s) t
        ) head JOIN callback_calltask t ON t.id = head.id
         WHERE t.state = 'open' AND (t.claimed_by_id IS NULL OR t.claimed_at <= %(lapsed)s)
         ORDER BY head.liking DESC, head.due_at, head.id LIMIT 1 FOR UPDATE OF t SKIP LOCKED) best LIMIT 1),
    (SELECT best.id FROM (SELECT * FROM groups ORDER BY place, priority) g CROSS JOIN LATERAL (
        SELECT t.id FROM callback_calltask t
         WHERE t.priority = g.priority AND t.due_at >= g.from_at AND t.due_at < g.until_at AND {_CALLABLE}
         ORDER BY t.due_at, t.id LIMIT 1 FOR UPDATE OF t SKIP LOCKED) best LIMIT 1)
 )
RETURNING *
"""  # noqa: S608 - put together from constants; values travel as parameters


def claim_next(*, by: Staff, at) -> CallTask | None:
    """Hand the next call to an agent, or the one they are on already; None when nothing may be called now.

    With any number of agents no call is handed to two. Order: agreed call-backs, overdue, priority, due time.
    """
    if by.store is None:
        raise Refusal(_("Only the people of a store take calls."), code="no_store")
    values = _values(by, at)
    for tries_left in reversed(range(TRIES)):
        try:
            # One statement is a transaction of its own; within another one it gets a savepoint, for the second try.
            with transaction.atomic() if connection.in_atomic_block else nullcontext():
                # The row as the statement left it: asking for it again would cost more than taking it.
                task = next(iter(CallTask.objects.raw(CLAIM, values)), None)
            if task:
                task.store = by.store
            return task
        except IntegrityError:
            # Two windows of one agent at once: the second gets what the first has taken. Two agents at once for two
            # calls of one customer: the second gets another customer.
            if not tries_left:
                raise
    return None


def claim_re_check(*, by: Staff, at) -> CallTask | None:
    """Hand the supervisor the next talk to re-check, the earliest due first, or the call they are on already; None when
    none waits. The agents' queue is left alone."""
    if by.store is None:
        raise Refusal(_("Only the people of a store take calls."), code="no_store")
    if current := CallTask.objects.taken().filter(claimed_by=by).select_related("store").first():
        return current
    waiting = CallTask.objects.of_store(by.store).callable_at(at).filter(rule__code__in=SUPERVISED)
    for task in waiting.order_by("due_at", "pk")[:TRIES]:
        try:
            return claim_task(task=task, by=by, at=at)
        except Refusal:  # held back, or its customer on the phone: the next one
            continue
    return None


def _values(by: Staff, at) -> dict:
    local = at.astimezone(by.store.tz)
    plan = call_plan(by.store, local.date())
    return {
        "store": by.store_id,
        "agent": by.pk,
        "at": at,
        "lapsed": at - plan.claim_lasts,
        "missed": at - plan.personal_lasts,
        "gap": at - plan.gap,
        "hour": local.hour,
        "look_ahead": LOOK_AHEAD,
        "supervises": by.can(Permission.CALL_ASSIGN),
        "supervised": [code.value for code in SUPERVISED],
        "surveys": [code.value for code in SURVEYS],
        "talked": [Outcome.COMPLETED.value, Outcome.REFUSED.value],
        "tried": [outcome.value for outcome in (*UNREACHED_OUTCOMES, Outcome.SMS)],
        "day": datetime.combine(local.date(), time.min, by.store.tz),
        "half_day": plan.quiet.half_day_of(local),
        "on_line": at - ON_LINE,
    }


@transaction.atomic
def claim_task(*, task: CallTask, by: Staff, at) -> CallTask:
    """Take one certain call out of turn. Refused when another agent is on it or has agreed it with the customer, before
    its window begins, and when nobody may call the customer."""
    task = _locked(task)
    if task.state != TaskState.OPEN:
        raise Refusal(_("This call is finished already."), code="finished")
    plan = call_plan(task.store, at.astimezone(task.store.tz).date())
    if task.claimed_by_id not in (None, by.pk) and task.claimed_at > at - plan.claim_lasts:
        raise Refusal(_("%(agent)s is on this call.") % {"agent": task.claimed_by}, code="taken")
    _refuse_out_of_turn(task, by, at, plan.personal_lasts)
    if task.rule.code in SUPERVISED and not by.can(Permission.CALL_ASSIGN):
        raise Refusal(_("Calls are re-checked by the supervisor."), code="supervised")
    if task.customer.refuses_calls:
        raise Refusal(_("The customer refuses calls."), code="do_not_call")
    _refuse_held(task)
    if CallTask.objects.filter(claimed_by=by).exclude(pk=task.pk).exists():
        raise Refusal(_("Finish the call you are on first."), code="busy")
    other = CallTask.objects.taken().filter(customer=task.customer_id).exclude(pk=task.pk).select_related("claimed_by")
    if on_call := other.first():
        raise Refusal(
            _("%(agent)s is on another call of this customer.") % {"agent": on_call.claimed_by}, code="person_on_call"
        )
    task.claimed_by, task.claimed_at = by, at
    try:
        with transaction.atomic():
            return _saved(task, "claimed_by", "claimed_at")
    except IntegrityError as error:  # at the same moment: oneself in another window, or a colleague with the customer
        raise Refusal(_("Somebody was quicker; take the next call."), code="taken") from error


def _refuse_out_of_turn(task: CallTask, by: Staff, at, personal_lasts: timedelta) -> None:
    """Nobody is called before the window begins, nor in another's place at an hour that was agreed with them; who leads
    the call centre may step in."""
    if task.opens_at > at:
        raise Refusal(
            _("This call was not due before %(when)s.")
            % {"when": f"{task.opens_at.astimezone(task.store.tz):%m-%d %H:%M}"},
            code="too_early",
        )
    is_anothers = task.agent_id not in (None, by.pk)
    was_missed = task.next_try_at is not None and task.next_try_at <= at - personal_lasts
    if is_anothers and not was_missed and not by.can(Permission.CALL_ASSIGN):
        raise Refusal(
            _("%(agent)s has agreed this call with the customer; it becomes everybody's when it is missed.")
            % {"agent": task.agent},
            code="reserved",
        )


def _refuse_held(task: CallTask) -> None:
    """Nobody is surveyed about an order, or asked what they think of us at all, while a complaint is open."""
    if task.complaint_id is not None:
        return
    open_ones = Complaint.objects.unclosed()
    if open_ones.filter(order=task.order_id, order__isnull=False).exists():
        raise Refusal(
            _("The order is under an open complaint; nobody is surveyed about it until it is closed."), code="held"
        )
    if task.rule.code in SURVEYS and open_ones.filter(customer=task.customer_id).exists():
        raise Refusal(_("The customer has an open complaint; nobody is surveyed until it is closed."), code="held")


def keep_claim(*, task: CallTask, by: Staff, at) -> bool:
    """Note that the agent is still at work on the call. One whose claim lapsed while they talked is theirs again, as
    long as nobody has taken it. False when the call is no longer theirs."""
    unfinished = CallTask.objects.unfinished().filter(pk=task.pk)
    if unfinished.filter(claimed_by=by).update(claimed_at=at):
        return True
    try:
        with transaction.atomic():
            lapsed = unfinished.filter(claimed_by=None, lapsed_by=by)
            return bool(lapsed.update(claimed_by=by, claimed_at=at, lapsed_by=None, version=F("version") + 1))
    except IntegrityError:  # meanwhile on another call, or a colleague with the customer
        return False


@transaction.atomic
def release_claim(*, task: CallTask, by: Staff, at, reason: str = "") -> CallTask:
    """Put a call back into the queue: the agent their own, a supervisor anybody's."""
    task = _locked(task)
    if task.claimed_by_id is None:
        return task
    agent = task.claimed_by
    task.claimed_by = task.claimed_at = task.lapsed_by = None
    journal.record(
        by=by, at=at, verb="call_task.released", subject=task, changes={"claimed_by": [agent, None]}, note=reason
    )
    return _saved(task, "claimed_by", "claimed_at", "lapsed_by")


@transaction.atomic
def assign_task(*, task: CallTask, agent: Staff, by: Staff, at) -> CallTask:
    """Reserve a call for one agent: theirs until it is missed by too long, then everyone's."""
    task = _locked(task)
    if task.state != TaskState.OPEN:
        raise Refusal(_("This call is finished already."), code="finished")
    if agent.store_id != task.store_id:
        raise Refusal(_("%(agent)s works in another store.") % {"agent": agent}, field="agent")
    if task.rule.code in SUPERVISED and not agent.can(Permission.CALL_ASSIGN):
        raise Refusal(_("Calls are re-checked by the supervisor."), field="agent", code="supervised")
    before = task.claimed_by or task.agent
    task.claimed_by = task.claimed_at = task.lapsed_by = None
    task.agent = agent
    task.next_try_at = max(at, task.opens_at, task.next_try_at or at)
    journal.record(by=by, at=at, verb="call_task.assigned", subject=task, changes={"agent": [before, agent]})
    return _saved(task, "claimed_by", "claimed_at", "lapsed_by", "agent", "next_try_at")


@transaction.atomic
def hand_over_calls(*, agent: Staff, to: Staff | None, by: Staff, at) -> int:
    """Give all calls that wait for one agent to another, or to everybody (`to` None): who falls ill promises nothing.

    The agreed times stay. Returns how many.
    """
    if to is not None and to.store_id != agent.store_id:
        raise Refusal(_("%(agent)s works in another store.") % {"agent": to}, field="to")
    if to is not None and to.pk == agent.pk:
        raise Refusal(_("Choose somebody else."), field="to", code="same_agent")
    tasks = list(
        CallTask.objects.unfinished()
        .filter(agent=agent, claimed_by=None)
        .select_for_update(of=["self"])
        .select_related("store")
    )
    CallTask.objects.filter(pk__in=[task.pk for task in tasks]).update(agent=to, version=F("version") + 1)
    journal.record_many(
        journal.entry(by=by, at=at, verb="call_task.assigned", subject=task, changes={"agent": [agent, to]})
        for task in tasks
    )
    return len(tasks)


@transaction.atomic
def release_lapsed(*, store: Store, at) -> int:
    """Return the calls to the queue whose agent has not been heard of for too long, and note whose they were. Safe to
    repeat."""
    lasts: timedelta = call_plan(store, at.astimezone(store.tz).date()).claim_lasts
    lapsed = list(
        CallTask.objects.of_store(store)
        .taken()
        .filter(claimed_at__lte=at - lasts)
        .select_for_update(skip_locked=True, of=["self"])
        .select_related("claimed_by", "store")
    )
    CallTask.objects.filter(pk__in=[task.pk for task in lapsed]).update(
        lapsed_by=F("claimed_by"), claimed_by=None, claimed_at=None, version=F("version") + 1
    )
    journal.record_many(
        journal.entry(
            by=None, at=at, verb="call_task.lapsed", subject=task, changes={"claimed_by": [task.claimed_by, None]}
        )
        for task in lapsed
    )
    return len(lapsed)


def _locked(task: CallTask) -> CallTask:
    return (
        CallTask.objects.select_for_update(of=["self"])
        .select_related("store", "customer", "claimed_by", "agent", "rule")
        .get(pk=task.pk)
    )


def _saved(task: CallTask, *fields: str) -> CallTask:
    task.version += 1
    task.save(update_fields=[*fields, "version"])
    return task
