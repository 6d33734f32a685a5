"""What a locked month would come to today, held against what was paid for it. Source: spec `commission.md` (a run).

The truth of a month is what `compute_month` says of it with the facts known now and the plan version it was locked
with. What is missing to it becomes signed correction lines: whatever the cause was, original and corrections add up to
the truth, and looking twice finds nothing the second time. Adjustments are left out: they are sums people agreed on,
and belong to the month they were approved for.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import zip_longest

from commission.formulas.explanation import Explanation, NamedValue, SourceRow, explain
from commission.formulas.lines import ADJUSTMENT, DEDUCTION, Detail, PersonLine
from dealer_crm.values import Period

_NOTHING = Decimal(0)
CORRECTION, CORRECTION_OF_DEDUCTION = "correction", "correction_of_deduction"
# The rows of a correction's explanation: documents that count differently now. `value` before, `counted` now.
CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class PaidItem:
    """An item of a locked month as it stands paid. `line`: what corrections point at; `corrected`: what they have
    added to (+) or taken from (−) the pay since. `source`: the pool it came from, where a person has several."""

    line: int
    staff: str
    code: str
    title: str
    is_deduction: bool
    amount: Decimal
    corrected: Decimal = _NOTHING
    source: str = ""


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """What one item of a locked month lacks, as it changes the pay of an open one. `line` None: nothing was paid for
    this item before, so that it points at the month only. `recomputed` None: nothing is due for it any more."""

    staff: str
    code: str
    title: str
    amount: Decimal
    explanation: Explanation
    line: int | None
    recomputed: Explanation | None


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A document that counts differently from when the month was paid: `before` and `now`, as counted."""

    code: str
    receiver: str
    kind: str
    number: str
    order: str
    day: date | None
    before: Decimal
    now: Decimal

    @property
    def sort_key(self) -> tuple:
        return (self.code, self.receiver, self.order, self.number, self.kind)


def source_of(explanation: Explanation) -> str:
    """The team whose pool an amount is a share of; empty for the store's."""
    return next((value.label for value in explanation.values if value.name == "pool"), "")


def missing_lines(
    month: Period, plan: str, paid: Iterable[PaidItem], due: Iterable[PersonLine], changed: Iterable[ChangedRow] = ()
) -> tuple[CorrectionLine, ...]:
    """The corrections a locked month needs, by person and item; empty when it stands as it was paid."""
    changed = tuple(changed)
    found = (_missing(month, plan, item, line, changed) for item, line in _pairs(paid, due))
    return tuple(sorted(filter(None, found), key=lambda line: (line.staff, line.code, line.line or 0)))


def _pairs(paid: Iterable[PaidItem], due: Iterable[PersonLine]) -> Iterator[tuple[PaidItem | None, PersonLine | None]]:
    """What was paid beside what is due, item by item: of several with one code the ones from the same pool, then the
    rest in order (a team may have been given another name)."""
    items, lines = defaultdict(list), defaultdict(list)
    for item in paid:
        items[item.staff, item.code, item.is_deduction].append(item)
    for line in due:
        if line.kind != ADJUSTMENT:
            lines[line.staff, line.code, line.kind == DEDUCTION].append(line)
    for key in sorted(items.keys() | lines.keys()):
        yield from _paired(items[key], lines[key])


def _paired(items: list[PaidItem], lines: list[PersonLine]):
    items = sorted(items, key=lambda item: (item.source, item.line))
    lines = sorted(lines, key=lambda line: (source_of(line.explanation), line.base, line.amount))
    for item in tuple(items):
        line = next((line for line in lines if source_of(line.explanation) == item.source), None)
        if line is not None:
            yield item, line
            items.remove(item)
            lines.remove(line)
    yield from zip_longest(items, lines)


def _missing(
    month: Period, plan: str, item: PaidItem | None, line: PersonLine | None, changed: tuple[ChangedRow, ...]
) -> CorrectionLine | None:
    is_deduction = line.kind == DEDUCTION if item is None else item.is_deduction
    values = [NamedValue("recomputed", _NOTHING if line is None else line.amount, "CNY", str(month))]
    formula = "-recomputed" if is_deduction else "recomputed"
    if item is not None and item.amount:
        values.append(NamedValue("paid", item.amount, "CNY", str(month)))
        formula = "paid - recomputed" if is_deduction else "recomputed - paid"
    if item is not None and item.corrected:
        values.append(NamedValue("corrected", item.corrected, "CNY", str(month)))
        formula = f"{formula} - corrected"
    staff, code, title = (line.staff, line.code, line.title) if item is None else (item.staff, item.code, item.title)
    source = (source_of(line.explanation) if line else "") or (item.source if item else "")
    explanation = explain(
        CORRECTION_OF_DEDUCTION if is_deduction else CORRECTION,
        formula,
        plan=plan,
        values=tuple(values),
        rows=tuple(_row(row) for row in changed if _concerns(row, staff, code, source)),
    )
    if not explanation.amount:
        return None
    return CorrectionLine(
        staff=staff,
        code=code,
        title=title,
        amount=explanation.amount,
        explanation=explanation,
        line=None if item is None else item.line,
        recomputed=None if line is None else line.explanation,
    )


def _concerns(row: ChangedRow, staff: str, code: str, source: str) -> bool:
    """Whether a document stands behind a person's item: their own, or one of the pool they shared in."""
    if row.receiver == staff:
        return row.code == code
    return row.receiver == source and row.code.partition(".")[0] == code.partition(".")[0]


def _row(row: ChangedRow) -> SourceRow:
    return SourceRow(CHANGED, row.kind, row.number, row.day, row.before, row.now, row.order)


def changed_rows(counted: Iterable[Detail], known: Iterable[ChangedRow], now: Iterable[Detail]) -> list[ChangedRow]:
    """The documents that count differently now. `counted`: as the locked run counted them; `known`: what corrections
    since have changed about that."""
    rows: dict[tuple, ChangedRow] = {}

    def noted(row, before: Decimal, after: Decimal) -> None:
        key = (row.code, row.receiver, row.kind, row.number, row.order)
        found = rows.get(key) or ChangedRow(*key, None, _NOTHING, _NOTHING)
        rows[key] = replace(found, day=row.day or found.day, before=found.before + before, now=found.now + after)

    for row in counted:
        noted(row, row.counted, _NOTHING)
    for row in known:
        noted(row, row.now - row.before, _NOTHING)
    for row in now:
        noted(row, _NOTHING, row.counted)
    return sorted((row for row in rows.values() if row.before != row.now), key=lambda row: row.sort_key)
