"""What two plans pay for the same facts, and where two plans differ. Source: spec `commission.md`, Plans (dry run)."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from commission.formulas.lines import DEDUCTION, MonthResult, PersonLine
from commission.formulas.plan import Block, PlanParameters


@dataclass(frozen=True, slots=True)
class ItemChange:
    """What one rule pays one person (+), or takes off (−), before and after."""

    staff: str
    code: str
    title: str
    before: Decimal
    after: Decimal


def item_changes(before: MonthResult, after: MonthResult) -> tuple[ItemChange, ...]:
    """Everybody's items under both plans, by work number and code; what both pay alike stands there too.

    A person's items add up to the net of the statement, so the differences add up to what is gained or lost.
    """
    amounts: dict[tuple[str, str], list[Decimal]] = defaultdict(lambda: [Decimal("0.00"), Decimal("0.00")])
    titles: dict[str, str] = {}
    for place, result in enumerate((before, after)):
        for line in result.lines:
            amounts[line.staff, line.code][place] += _signed(line)
            titles[line.code] = line.title
    return tuple(ItemChange(staff, code, titles[code], *amounts[staff, code]) for staff, code in sorted(amounts))


def _signed(line: PersonLine) -> Decimal:
    return -line.amount if line.kind == DEDUCTION else line.amount


@dataclass(frozen=True, slots=True)
class BlockChange:
    """A rule in two plans, either of which may lack it; `parameters`: the names of those that differ."""

    code: str
    before: Block | None
    after: Block | None
    parameters: tuple[str, ...] = ()

    @property
    def is_same(self) -> bool:
        return not self.parameters and self.before is not None and self.after is not None


def block_changes(before: PlanParameters, after: PlanParameters) -> tuple[BlockChange, ...]:
    """The rules of both plans by code, in the order of the later one, those it lacks at the end."""
    known = {block.code: block for block in before.blocks}
    new = {block.code: block for block in after.blocks}
    codes = [*new, *(code for code in known if code not in new)]
    return tuple(BlockChange(code, known.get(code), new.get(code), _differing(known, new, code)) for code in codes)


def _differing(known: dict[str, Block], new: dict[str, Block], code: str) -> tuple[str, ...]:
    old, now = known.get(code), new.get(code)
    if old is None or now is None:
        return ()
    if type(old) is not type(now):
        return ("type",)
    return tuple(part.name for part in fields(now) if _said(old, part.name) != _said(now, part.name))


def _said(block: Block, name: str) -> Any:
    """What a parameter says: lists of codes and of rows mean the same in any order."""
    value = getattr(block, name)
    return sorted(value, key=repr) if isinstance(value, tuple) else value


def parameter_changes(before: PlanParameters, after: PlanParameters) -> Iterator[tuple[str, Any, Any]]:
    """(`C.divisor`, 1.17, 1.13) for every parameter that differs; a whole rule that comes or goes under its code."""
    for change in block_changes(before, after):
        if change.before is None or change.after is None or "type" in change.parameters:
            if not change.is_same:
                yield change.code, change.before and change.before.TYPE, change.after and change.after.TYPE
            continue
        for name in change.parameters:
            yield f"{change.code}.{name}", getattr(change.before, name), getattr(change.after, name)
