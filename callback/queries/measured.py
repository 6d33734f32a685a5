"""Counts of the callback centre for a span of days. Source: spec `callback.md` (figures), `kpi.md`."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import Avg, Case, CharField, Count, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Cast, Concat, TruncDate, TruncHour

from callback.choices import BAD_NUMBER_OUTCOMES, CONNECTED_OUTCOMES, Direction, Outcome, RuleCode, TaskState
from callback.formulas import CallFigures
from callback.models import CallTask, Contact
from dealer_crm.organization.models import Store
from reception.choices import Channel
from satisfaction.choices import QuestionKind
from satisfaction.models import Answer

SATISFIED_FROM = 7
"""The mean of a call's scores, of ten, from which the customer counts as satisfied (as the levels of an answer do)."""

_TASKS = {
    "owed": Count("pk", filter=~Q(state=TaskState.DROPPED)),
    "called": Count("pk", filter=~Q(state=TaskState.DROPPED) & Q(first_called_at__isnull=False)),
    "called_inside": Count("pk", filter=~Q(state=TaskState.DROPPED) & Q(first_called_at__lte=F("due_at"))),
    "completed": Count("pk", filter=Q(state=TaskState.DONE)),
    "refused": Count("pk", filter=Q(state=TaskState.REFUSED)),
    "unreached": Count("pk", filter=Q(state=TaskState.UNREACHED)),
    "dropped": Count("pk", filter=Q(state=TaskState.DROPPED)),
}
_CONTACTS = {
    "calls": Count("pk"),
    "connected": Count("pk", filter=Q(outcome__in=CONNECTED_OUTCOMES)),
    "wrong_numbers": Count("pk", filter=Q(outcome__in=BAD_NUMBER_OUTCOMES)),
    "said_late": Count("pk", filter=Q(was_on_time=False)),
    "complaints": Count("complaint", distinct=True),
    "rated": Count("pk", filter=Q(mean_score__isnull=False)),
    "satisfied": Count("pk", filter=Q(mean_score__gte=SATISFIED_FROM)),
    "hours": Count(
        Concat(Cast("agent_id", CharField()), Value(" "), Cast(TruncHour("at"), CharField()), output_field=CharField()),
        distinct=True,
    ),
    "timed": Count("pk", filter=Q(started_at__isnull=False)),
    "handling": Sum(F("at") - F("started_at"), filter=Q(started_at__isnull=False), default=timedelta()),
}


def daily_figures(store: Store, first: date, last: date, rule: int | None = None) -> list[tuple[date, CallFigures]]:
    """The figures of every day from `first` to `last`, in two queries."""
    tasks = _by(_tasks(store, first, last, rule), TruncDate("due_at", tzinfo=store.tz), _TASKS)
    contacts = _by(_calls(store, first, last, rule), TruncDate("at", tzinfo=store.tz), _CONTACTS)
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    return [(day, CallFigures(**tasks.get(day, {}), **contacts.get(day, {}))) for day in days]


def figures_of_span(days: Iterable[tuple[date, CallFigures]]) -> CallFigures:
    """The days together."""
    return sum((figures for _day, figures in days), CallFigures())


def figures_by_agent(store: Store, first: date, last: date, rule: int | None = None) -> list[dict]:
    """Calls of each agent, most calls first: the counts of `CallFigures` an agent makes, with `completed` talks."""
    rows = (
        _calls(store, first, last, rule)
        .values("agent_id", "agent__name", "agent__work_number")
        .annotate(completed=Count("pk", filter=Q(outcome=Outcome.COMPLETED)), **_CONTACTS)
        .order_by("-calls", "agent__work_number")
    )
    counts = ("completed", *_CONTACTS)
    return [
        {
            "pk": row["agent_id"],
            "name": row["agent__name"] or "",
            "figures": CallFigures(**{name: row[name] for name in counts}),
        }
        for row in rows
    ]


def figures_by_rule(store: Store, first: date, last: date) -> list[tuple[str, CallFigures]]:
    """The figures of a span by rule, the most urgent rule first, in two queries: (rule, figures)."""
    calls = _calls(store, first, last, None).filter(task__isnull=False)
    tasks = _by_rule(_tasks(store, first, last, None), "rule", _TASKS)
    contacts = _by_rule(calls, "task__rule", _CONTACTS)
    rules = sorted({*tasks, *contacts})
    return [
        (str(RuleCode(rule[1]).label), CallFigures(**tasks.get(rule, {}), **contacts.get(rule, {}))) for rule in rules
    ]


def _by_rule(rows: QuerySet, rule: str, counts) -> dict[tuple[int, str], dict]:
    """(priority, code) of each rule → its counts; a store has one rule of a code."""
    found = rows.values(of_priority=F(f"{rule}__priority"), of_code=F(f"{rule}__code")).annotate(**counts).order_by()
    return {(row.pop("of_priority"), row.pop("of_code")): row for row in found}


def _tasks(store: Store, first: date, last: date, rule: int | None):
    begin, end = _bounds(store, first, last)
    tasks = CallTask.objects.of_store(store).filter(due_at__gte=begin, due_at__lt=end)
    return tasks.filter(rule=rule) if rule else tasks


def _calls(store: Store, first: date, last: date, rule: int | None):
    begin, end = _bounds(store, first, last)
    calls = with_mean_score(Contact.objects.of_store(store)).filter(
        at__gte=begin, at__lt=end, direction=Direction.OUT, channel=Channel.PHONE
    )
    return calls.filter(task__rule=rule) if rule else calls


def with_mean_score(contacts: QuerySet[Contact]) -> QuerySet[Contact]:
    """Annotate `mean_score`: of the scores given in the call, of ten (five levels count double); None without any."""
    of_ten = Case(
        When(question__kind=QuestionKind.LEVEL, then=F("score") * 2),
        When(question__kind=QuestionKind.SCORE, then=F("score")),
    )
    answers = Answer.objects.filter(response=OuterRef("response")).order_by().values("response")
    return contacts.annotate(mean_score=Subquery(answers.annotate(mean=Avg(of_ten)).values("mean")))


# ── The calls behind each figure ─────────────────────────────────────────────────────────────────────────────────────
CALL_VIEWS = {
    "calls": Q(),
    "connected": Q(outcome__in=CONNECTED_OUTCOMES),
    "completed": Q(outcome=Outcome.COMPLETED),
    "timed": Q(started_at__isnull=False),
    "wrong": Q(outcome__in=BAD_NUMBER_OUTCOMES),
    "said_late": Q(was_on_time=False),
    "complaints": Q(complaint__isnull=False),
    "rated": Q(mean_score__isnull=False),
    "satisfied": Q(mean_score__gte=SATISFIED_FROM),
    "dissatisfied": Q(mean_score__lt=SATISFIED_FROM),
}
"""Which calls a figure counts, by the name the list of contacts is narrowed with."""


def calls_counted(contacts: QuerySet[Contact], view: str) -> QuerySet[Contact]:
    """Contacts narrowed to the calls made that a figure counts."""
    rows = contacts.filter(direction=Direction.OUT, channel=Channel.PHONE)
    if view in ("rated", "satisfied", "dissatisfied"):
        rows = with_mean_score(rows)
    return rows.filter(CALL_VIEWS[view])


def _bounds(store: Store, first: date, last: date) -> tuple[datetime, datetime]:
    return (
        datetime.combine(first, time.min, store.tz),
        datetime.combine(last + timedelta(days=1), time.min, store.tz),
    )


def _by(rows, day, counts) -> dict[date, dict[str, int]]:
    found = rows.annotate(day=day).values("day").annotate(**counts).order_by()
    return {row.pop("day"): row for row in found}
