"""Locked months looked at again: what was paid, what would be due today, and what waits. Source: `commission.md`."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from commission.choices import LateCause, LineKind, RunState
from commission.formulas.corrections import (
    CORRECTION_OF_DEDUCTION,
    ChangedRow,
    CorrectionLine,
    PaidItem,
    changed_rows,
    missing_lines,
    source_of,
)
from commission.formulas.explanation import from_json
from commission.formulas.lines import Detail
from commission.formulas.month import MonthStopped, compute_month
from commission.formulas.plan import plan_from_json
from commission.formulas.wording import Notice
from commission.models import Correction, CountedRow, LateChange, Run, Statement, StatementLine
from commission.queries.facts import month_facts
from commission.queries.facts_posts import measures_of
from commission.queries.words import explanation_of, said
from dealer_crm.organization.models import Staff, Store
from dealer_crm.values import Period


@dataclass(frozen=True)
class MonthAgain:
    """A locked month worked out again: the documents that count differently, and the lines it lacks."""

    run: Run
    rows: list[ChangedRow]
    lines: tuple[CorrectionLine, ...]

    @property
    def amount(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))


def locked_runs(store: Store) -> QuerySet[Run]:
    """The paid months of a store, the latest first."""
    rows = Run.objects.filter(store=store, state=RunState.LOCKED).select_related("store", "plan_version__plan")
    return rows.defer("figures", "warnings", "carry_over").order_by("-period")


def next_open_month(store: Store) -> Period | None:
    """The month that takes the corrections: the one after the last that is locked. None: none is locked yet."""
    last = locked_runs(store).values_list("period", flat=True).first()
    return Period.parse(last).next() if last else None


def late_changes_waiting(store: Store) -> QuerySet[LateChange]:
    """What happened to months computed already and no locked run has looked at."""
    return LateChange.objects.filter(store=store).waiting().order_by("period", "happened_at", "pk")


def months_to_look_at(store: Store, period: Period) -> tuple[list[MonthAgain], list[Notice], list[LateChange]]:
    """What the run of a month corrects: the locked months something happened to, worked out again; the months that
    can't be, as notices; and the changes looked at. Nothing for any other than the next open month, so that no two
    runs correct the same."""
    if period != next_open_month(store):
        return [], [], []
    changes = list(late_changes_waiting(store).filter(period__lt=str(period)))
    found, stopped, looked_at = [], [], set()
    for run in locked_runs(store).filter(period__in={change.period for change in changes}).order_by("period"):
        try:
            found.append(month_again(run))
            looked_at.add(run.period)
        except MonthStopped as error:
            stopped.append(Notice("warn.month_not_recomputed", run.period, {"reasons": _reasons(error)}))
    return [one for one in found if one.lines], stopped, [one for one in changes if one.period in looked_at]


def month_again(run: Run) -> MonthAgain:
    """A locked month worked out with what is known now and the plan version it was locked with.

    Raises MonthStopped when something is missing that once was there.
    """
    month = Period.parse(run.period)
    plan = plan_from_json(run.plan_version.rules)
    result = compute_month(month_facts(run.store, month, measures_of(plan)), plan)
    rows = changed_rows(_counted(run), _known(run), result.details)
    return MonthAgain(run, rows, missing_lines(month, result.plan, paid_items(run), result.lines, rows))


def paid_items(run: Run) -> list[PaidItem]:
    """The items of a locked month with what locked corrections have added since; adjustments stand as they are."""
    corrected, first = defaultdict(Decimal), []
    for line in _correction_lines(run):
        if line.corrects_id:
            corrected[line.corrects_id] += line.amount
        else:
            corrected[line.pk] += line.amount
            first.append(line)
    paid = StatementLine.objects.filter(run=run, kind__in=[LineKind.ITEM, LineKind.DEDUCTION])
    paid = paid.select_related("statement__staff").order_by("position")
    return [_paid(line, line.amount, corrected[line.pk]) for line in paid] + [
        _paid(line, Decimal(0), corrected[line.pk]) for line in first
    ]


def _paid(line: StatementLine, amount: Decimal, corrected: Decimal) -> PaidItem:
    explanation = from_json(line.recomputed or line.explanation)
    return PaidItem(
        line=line.pk,
        staff=line.statement.staff.work_number,
        code=line.item,
        title=line.name,
        is_deduction=line.kind == LineKind.DEDUCTION or line.explanation["rule"] == CORRECTION_OF_DEDUCTION,
        amount=amount,
        corrected=corrected,
        source=source_of(explanation),
    )


def _correction_lines(run: Run) -> QuerySet[StatementLine]:
    """What locked runs have corrected of a month."""
    lines = StatementLine.objects.filter(correction__corrected_run=run, run__state=RunState.LOCKED)
    return lines.select_related("statement__staff").order_by("run__period", "position")


def _counted(run: Run) -> Iterable[Detail]:
    rows = CountedRow.objects.filter(run=run).order_by("position")
    for item, receiver, kind, number, order, day, value, counted, note in rows.values_list(
        "item", "receiver", "kind", "number", "order_number", "day", "value", "counted", "note"
    ):
        yield Detail(item, receiver, kind, number, order, day, value, counted, note)


def _known(run: Run) -> Iterable[ChangedRow]:
    locked = Correction.objects.filter(corrected_run=run, run__state=RunState.LOCKED).order_by("run__period")
    return [row_from_json(kept) for kept_rows in locked.values_list("rows", flat=True) for kept in kept_rows]


def row_from_json(kept: dict) -> ChangedRow:
    numbers = {name: Decimal(kept[name]) for name in ("before", "now")}
    return ChangedRow(**{**kept, **numbers, "day": date.fromisoformat(kept["day"]) if kept["day"] else None})


def _reasons(stopped: MonthStopped) -> str:
    return " ".join(said(notice) for notice in stopped.stops)


# ── What pages show ──────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class CorrectedMonth:
    """A corrected month as the run's page shows it: causes in words, documents that count differently, lines."""

    correction: Correction
    period: str
    causes: list[str]
    rows: list[ChangedRow]
    lines: list[StatementLine]


def corrected_months(run: Run) -> list[CorrectedMonth]:
    """What a run corrects, month by month, in three queries however many lines."""
    found = list(run.corrections.select_related("corrected_run").order_by("corrected_run__period"))
    lines = defaultdict(list)
    for line in run.lines.filter(kind=LineKind.CORRECTION).select_related("statement__staff").order_by("position"):
        lines[line.correction_id].append(line)
    return [
        CorrectedMonth(
            correction=one,
            period=one.corrected_run.period,
            causes=causes_in_words(one.causes),
            rows=[row_from_json(kept) for kept in one.rows],
            lines=lines[one.pk],
        )
        for one in found
    ]


def causes_in_words(causes: Iterable[dict]) -> list[str]:
    """Why a month was looked at again: what, which document, who and when, and the reason they gave."""
    known = ("document", "person", "at", "reason")
    return [
        " · ".join(filter(None, (str(LateCause(one["cause"]).label), *(one.get(name, "") for name in known))))
        for one in causes
    ]


def changed_since(run: Run) -> QuerySet[LateChange]:
    """What happened to a month after its run was computed: a draft is computed again, a locked one corrected later."""
    return LateChange.objects.filter(store=run.store_id, period=run.period).waiting().order_by("happened_at")


def late_changes_not_taken_up(run: Run) -> QuerySet[LateChange]:
    """What waits for the next open month and isn't in this run yet."""
    return late_changes_waiting(run.store).filter(period__lt=run.period, taken_up_by=None)


def place_of(staff: Iterable[Staff], corrected: Iterable[Run]) -> dict[int, tuple[str, int | None]]:
    """Post and team of people who only get corrections: as they were when the month corrected was paid, else none."""
    slips = Statement.objects.filter(staff__in=list(staff), run__in=list(corrected)).order_by("run__period")
    return {person: (post, team) for person, post, team in slips.values_list("staff", "post", "team")}


def correction_story(line: StatementLine) -> dict:
    """Of a correction line: the month, why it was looked at, what was paid, and what the item comes to today."""
    correction = line.correction
    return {
        "period": correction.corrected_run.period,
        "causes": causes_in_words(correction.causes),
        "original": line.corrects and explanation_of(line.corrects.recomputed or line.corrects.explanation),
        "recomputed": line.recomputed and explanation_of(line.recomputed),
    }
