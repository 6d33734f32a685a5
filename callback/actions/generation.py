"""Making the owed calls. Source: spec `callback.md` (which calls are owed).

PostgreSQL keeps the promise: one task per rule and source event is a unique constraint, and what is owed is asked of
the facts themselves. So the generator may run twice, twice at once, late, or not at all for a day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from callback.actions.forecasts import forecast_cars
from callback.actions.overtaken import drop_overtaken, refusal_words
from callback.actions.rules import ship_rules
from callback.actions.samples import draw_samples
from callback.choices import PURPOSES, Outcome, RuleCode, TaskState
from callback.formulas import Due
from callback.models import CallRefusal, CallTask, Contact, Rule
from callback.queries.owed import GENERATED, Owed, owed_calls
from callback.queries.plan import CallPlan, call_plan
from callback.queries.preview import windows_of
from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Store

BATCH = 1000
FINISHING = {Outcome.COMPLETED: TaskState.DONE, Outcome.REFUSED: TaskState.REFUSED}


@dataclass(frozen=True)
class Made:
    """`made`: new calls in the queue; `excluded`: owed, but the customer refuses calls; `overtaken`: no longer owed;
    `settled`: called already, as imported contacts say."""

    made: int = 0
    excluded: int = 0
    overtaken: int = 0
    settled: int = 0

    def __add__(self, other: "Made") -> "Made":
        return Made(
            self.made + other.made,
            self.excluded + other.excluded,
            self.overtaken + other.overtaken,
            self.settled + other.settled,
        )


def generate_callbacks(*, at, store: Store | None = None, codes: Iterable[RuleCode] | None = None, by=None) -> Made:
    """Make the calls that are owed at `at` and have no task, in one store or all, for some rules or all.

    Safe to repeat, to run twice at once, and after an outage. Each rule is a transaction of its own.
    """
    total = Made()
    for one in [store] if store else Store.objects.order_by("code"):
        ship_rules(store=one, by=by, at=at)
        plan = call_plan(one, at.astimezone(one.tz).date())
        wanted = list(GENERATED if codes is None else codes)
        for rule in (
            Rule.objects.filter(store=one, code__in=wanted).select_related("store").order_by("priority", "code")
        ):
            total += _generate(rule=rule, plan=plan, by=by, at=at)
    return total


@transaction.atomic
def _generate(*, rule: Rule, plan: CallPlan, by, at) -> Made:
    if rule.is_on and rule.code == RuleCode.MAINTENANCE:
        forecast_cars(store=rule.store, at=at)
    if rule.is_on:
        draw_samples(rule=rule, make_up=plan.make_up, by=by, at=at)
    made, excluded = _make(rule, plan, by, at) if rule.is_on else (0, 0)
    overtaken = drop_overtaken(rule=rule, by=by, at=at)
    settled = settle_called(rule=rule, by=by, at=at) if rule.code == RuleCode.SERVICE_3D else 0
    return Made(made, excluded, overtaken, settled)


def _make(rule: Rule, plan: CallPlan, by, at) -> tuple[int, int]:
    owed = owed_calls(rule, at=at, make_up=plan.make_up)
    if not owed:
        return 0, 0
    windows = windows_of(rule, owed, plan)
    refused = _refusals(rule, owed)
    before = set(CallTask.objects.filter(rule=rule, created_at=at).values_list("pk", flat=True))
    CallTask.objects.bulk_create(
        (
            _task(rule, each, due, refused.get(each.customer_id, ""), at)
            for each, due in zip(owed, windows, strict=True)
        ),
        ignore_conflicts=True,
        batch_size=BATCH,
    )
    states = list(
        CallTask.objects.filter(rule=rule, created_at=at).exclude(pk__in=before).values_list("state", flat=True)
    )
    excluded = states.count(TaskState.DROPPED)
    if states:
        note = _("%(made)d calls, %(excluded)d excluded") % {"made": len(states) - excluded, "excluded": excluded}
        journal.record(by=by, at=at, verb="call_tasks.made", subject=rule, note=note)
    return len(states) - excluded, excluded


def _refusals(rule: Rule, owed: list[Owed]) -> dict[int, str]:
    """Customers who do not want to be called for what the rule calls for, with the reason."""
    purpose = PURPOSES.get(RuleCode(rule.code))
    if purpose is None:
        return {}
    customers = {each.customer_id for each in owed}
    rows = CallRefusal.objects.filter(purpose=purpose, customer__in=customers).values_list("customer", "reason")
    return {customer: refusal_words(purpose, reason) for customer, reason in rows}


def _task(rule: Rule, owed: Owed, due: Due, refused: str, at) -> CallTask:
    """Who refuses such calls gets a closed task: in no queue, yet it can be seen who was left out and why."""
    reason = _("The customer refuses calls.") if owed.refuses_calls else refused
    return CallTask(
        store=rule.store,
        rule=rule,
        source_key=owed.source_key,
        customer_id=owed.customer_id,
        vehicle_id=owed.vehicle_id,
        order_id=owed.order_id,
        complaint_id=owed.complaint_id,
        appointment_id=owed.appointment_id,
        priority=rule.priority,
        channel=owed.channel or rule.channel,
        opens_at=due.opens_at,
        due_at=due.due_at,
        due_reason=due.why,
        was_shifted=due.was_shifted,
        state=TaskState.DROPPED if reason else TaskState.OPEN,
        done_at=at if reason else None,
        closing_reason=reason[:200],
        created_at=at,
    )


@transaction.atomic
def settle_called(*, orders: Iterable[int] | None = None, rule: Rule | None = None, by, at) -> int:
    """Let calls that came by workbook belong to the owed call of their order; a finished one finishes it.

    For certain orders or all of a store's rule. Returns how many owed calls are finished by it.
    """
    tasks = CallTask.objects.unfinished().filter(rule__code=RuleCode.SERVICE_3D)
    tasks = tasks.filter(rule=rule) if rule else tasks
    tasks = tasks if orders is None else tasks.filter(order__in=list(orders))
    loose = Contact.objects.filter(task=None, order=OuterRef("order"), at__lte=at)
    settled = 0
    for task in tasks.filter(Exists(loose)).select_related("store").select_for_update(skip_locked=True, of=["self"]):
        calls = Contact.objects.filter(order=task.order_id, task=None, at__lte=at)
        is_settled = _settle(task, list(calls.order_by("at").values_list("outcome", "at")))
        calls.update(task=task)
        if is_settled:
            settled += 1
            journal.record(by=by, at=at, verb="call_task.settled", subject=task)
    return settled


def _settle(task: CallTask, calls: list[tuple[str, datetime]]) -> bool:
    """Take over what the calls say; True when the task is finished by it."""
    task.attempts += len(calls)
    task.first_called_at = min(filter(None, (task.first_called_at, calls[0][1])))
    for outcome, moment in calls:
        if outcome in FINISHING:
            task.state, task.done_at = FINISHING[Outcome(outcome)], moment
            task.claimed_by = task.claimed_at = task.agent = task.next_try_at = None
            break
    task.version += 1
    task.save()
    return task.done_at is not None
