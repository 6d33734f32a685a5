"""Making the owed calls. Source: spec `callback.md` (which calls are owed).

PostgreSQL keeps the promise: one task per rule and source event is a unique constraint, and what is owed is asked of
the facts themselves. So the generator may run twice, twice at once, late, or not at all for a day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import CharField, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.translation import gettext as _

from callback.actions.rules import ship_rules
from callback.choices import Outcome, RuleCode, TaskState
from callback.formulas import Due, call_window
from callback.models import CallTask, Contact, Rule
from callback.queries.owed import GENERATED, Owed, owed_calls, suggestion_key
from callback.queries.plan import CallPlan, call_plan
from complaints.choices import ComplaintState
from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Store
from dealer_crm.values import WorkCalendar
from dealer_crm.workdays.queries import work_calendar
from reception.choices import AppointmentState
from reception.models import Appointment, Suggestion
from satisfaction.models import Response

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
    made, excluded = _make(rule, plan, by, at) if rule.is_on else (0, 0)
    overtaken = _drop_overtaken(rule=rule, by=by, at=at)
    settled = settle_called(rule=rule, by=by, at=at) if rule.code == RuleCode.SERVICE_3D else 0
    return Made(made, excluded, overtaken, settled)


def _make(rule: Rule, plan: CallPlan, by, at) -> tuple[int, int]:
    owed = owed_calls(rule, at=at, make_up=plan.make_up)
    if not owed:
        return 0, 0
    calendar = _calendar(rule, owed)
    windows: dict[tuple[date, int], Due] = {}
    for each in owed:
        key = (each.event_on, each.lead_days)
        if key not in windows:
            windows[key] = call_window(
                event_on=each.event_on,
                opens_after=rule.opens_after_days,
                closes_after=rule.closes_after_days,
                calendar=calendar,
                hours=plan.hours,
                lead_days=each.lead_days,
            )
    before = set(CallTask.objects.filter(rule=rule, created_at=at).values_list("pk", flat=True))
    CallTask.objects.bulk_create(
        (_task(rule, each, windows[each.event_on, each.lead_days], at) for each in owed),
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


def _task(rule: Rule, owed: Owed, due: Due, at) -> CallTask:
    """A customer who refuses calls gets a closed task: in no queue, yet it can be seen who was left out and why."""
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
        channel=rule.channel,
        opens_at=due.opens_at,
        due_at=due.due_at,
        due_reason=due.why,
        was_shifted=due.was_shifted,
        state=TaskState.DROPPED if owed.refuses_calls else TaskState.OPEN,
        done_at=at if owed.refuses_calls else None,
        closing_reason=_("The customer refuses calls.") if owed.refuses_calls else "",
        created_at=at,
    )


def _calendar(rule: Rule, owed: list[Owed]) -> WorkCalendar:
    days = [each.event_on for each in owed]
    return work_calendar(rule.store, min(days), max(days))


def _drop_overtaken(*, rule: Rule, by, at) -> int:
    """Close open calls nobody is on whose occasion is gone or whose customer has come to refuse calls."""
    free = CallTask.objects.unfinished().filter(rule=rule, claimed_by=None)
    dropped = _drop(free.filter(customer__no_call_since__isnull=False), _("The customer refuses calls."), by=by, at=at)
    if rule.code == RuleCode.COMPLAINT_NEXT_DAY:
        round_of_key = Concat(
            Value("complaint:"), Cast("complaint_id", CharField()), Value(":"), Cast("complaint__round", CharField())
        )
        gone = free.annotate(now=round_of_key).exclude(complaint__state=ComplaintState.CHECKED, source_key=F("now"))
        dropped += _drop(gone, _("The customer was asked already, or the case goes on."), by=by, at=at)
    if rule.code == RuleCode.COMPLAINT_SECOND:
        answered = Response.objects.filter(customer=OuterRef("customer"), answered_at__gt=OuterRef("created_at"))
        gone = free.filter(Exists(answered) | Q(complaint__second_asked_at__isnull=False))
        dropped += _drop(gone, _("The customer was asked already."), by=by, at=at)
    if rule.code == RuleCode.APPOINTMENT_CONFIRM:
        asked = Exists(
            Appointment.objects.filter(pk=OuterRef("appointment"), state=AppointmentState.BOOKED, starts_at__gt=at)
        )
        moved = Exists(CallTask.objects.filter(rule=rule, appointment=OuterRef("appointment"), pk__gt=OuterRef("pk")))
        dropped += _drop(
            free.filter(~asked | moved), _("The appointment is confirmed, moved, called off or over."), by=by, at=at
        )
    if rule.code == RuleCode.APPOINTMENT_MISSED:
        again = Appointment.objects.expected().filter(
            plate=OuterRef("appointment__plate"), store=OuterRef("store"), starts_at__gt=at
        )
        gone = free.exclude(appointment__state=AppointmentState.MISSED) | free.filter(Exists(again))
        dropped += _drop(gone, _("The car came after all or has an appointment again."), by=by, at=at)
    if rule.code == RuleCode.SUGGESTION:
        standing = Suggestion.objects.open().annotate(key=suggestion_key()).filter(key=OuterRef("source_key"))
        dropped += _drop(
            free.filter(~Exists(standing)), _("The suggestion is done, declined or put off."), by=by, at=at
        )
    for code, word, field in (
        (RuleCode.MAINTENANCE, "service", "next_service_on"),
        (RuleCode.INSURANCE_RENEWAL, "insurance", "insurance_ends_on"),
    ):
        if rule.code == code:
            now = Concat(
                Value("vehicle:"), Cast("vehicle_id", CharField()), Value(f":{word}:"),
                Coalesce(Cast(f"vehicle__{field}", CharField()), Value("")), Value(":"),
            )  # fmt: skip
            newer = CallTask.objects.filter(rule=rule, vehicle=OuterRef("vehicle"), pk__gt=OuterRef("pk"))
            gone = free.annotate(now=now).filter(~Q(source_key__startswith=F("now")) | Exists(newer))
            dropped += _drop(gone, _("The occasion is gone or a later reminder took its place."), by=by, at=at)
    return dropped


def _drop(tasks, reason: str, *, by, at) -> int:
    """Close tasks that are not to be called; one an agent is taking this moment is left to the next run."""
    found = list(
        CallTask.objects.filter(pk__in=list(tasks.values_list("pk", flat=True)), claimed_by=None)
        .select_for_update(skip_locked=True, of=["self"])
        .select_related("store")
        .order_by("pk")
    )
    CallTask.objects.filter(pk__in=[task.pk for task in found]).update(
        state=TaskState.DROPPED, done_at=at, closing_reason=reason, next_try_at=None, version=F("version") + 1
    )
    journal.record_many(
        journal.entry(by=by, at=at, verb="call_task.dropped", subject=task, store=task.store, note=reason)
        for task in found
    )
    return len(found)


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
