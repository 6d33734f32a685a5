"""The year of targets as it is typed: which cells were changed, what can't be read, what stood there when they were."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dealer_crm.kpi.actions import Wish
from dealer_crm.kpi.choices import Measure, Unit
from dealer_crm.kpi.formulas import read, typed, written
from dealer_crm.kpi.models import Target
from dealer_crm.kpi.queries import Aim, Grid, GridRow
from dealer_crm.values import Period

ALL = ""
_LEAST_RATE = Decimal("0.02")
"""A rate to be reached below this was typed as a share of one: 0.97 for 97 %."""


class YearForm(forms.Form):
    """Which year, and one measure with its parts or all measures of the store."""

    year = forms.TypedChoiceField(label=gettext_lazy("year"), coerce=int)
    measure = forms.ChoiceField(
        label=gettext_lazy("measure"), required=False,
        choices=[(ALL, gettext_lazy("all measures of the store")), *Measure.choices],
    )  # fmt: skip
    floors = forms.BooleanField(label=gettext_lazy("with floors"), required=False)
    store = forms.ChoiceField(label=gettext_lazy("store"), required=False)

    def __init__(self, *args, this_year: int, stores=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, str(year)) for year in range(this_year - 2, this_year + 2)]
        if len(stores) > 1:
            self.fields["store"].choices = [(store.code, store.name) for store in stores]
        else:
            del self.fields["store"]


class ProposalForm(forms.Form):
    """A year's total to be spread like last year."""

    total = forms.DecimalField(
        label=gettext_lazy("total of the year"), min_value=1, max_digits=14, decimal_places=0,
        error_messages={"required": gettext_lazy("Type the total of the year.")},
    )  # fmt: skip
    people = forms.BooleanField(label=gettext_lazy("also spread over people"), required=False)


@dataclass
class Cell:
    """One month of one row: the texts of its fields, and what is to be said about them."""

    aim: Aim
    name: str
    goal: str = ""
    floor: str = ""
    error: str = ""
    is_locked: bool = False
    is_signed: bool = False
    is_changed: bool = False
    target: Target | None = None


@dataclass
class SheetRow:
    row: GridRow
    cells: list[Cell] = field(default_factory=list)

    @property
    def total(self) -> str:
        """What the months add up to, of what adds up."""
        goals = [cell.target.goal for cell in self.cells if cell.target]
        return written(self.row.measure.unit, sum(goals, Decimal(0))) if goals and self.row.measure.is_amount else ""


class GridSheet:
    """A grid with what was typed into it (`posted`), or with a proposal that is not saved.

    `seen` is what stood in the grid when the page was made; it goes out with the page and comes back with the form, so
    that what somebody else changed meanwhile is noticed cell by cell.
    """

    def __init__(
        self, grid: Grid, *, posted=None, proposed: Mapping[Aim, Decimal] | None = None, with_floors: bool = False,
        errors: Mapping[Aim, str] | None = None,
    ):  # fmt: skip
        self.grid, self.with_floors = grid, with_floors
        self.wishes: list[Wish] = []
        self._posted, self._proposed, self._errors = posted, proposed or {}, dict(errors or {})
        self._seen = _seen(posted)
        self.rows = [self._row(row) for row in grid.rows]

    @property
    def errors(self) -> list[tuple[GridRow, Cell]]:
        return [(one.row, cell) for one in self.rows for cell in one.cells if cell.error]

    @property
    def seen(self) -> str:
        """What stands in the grid now, for the form."""
        stands = {
            cell.name: [typed(one.row.measure.unit, cell.target.goal), typed(one.row.measure.unit, cell.target.floor)]
            for one in self.rows
            for cell in one.cells
            if cell.target
        }
        return json.dumps(stands, separators=(",", ":"))

    @property
    def is_changed(self) -> bool:
        return any(cell.is_changed for one in self.rows for cell in one.cells)

    def _row(self, row: GridRow) -> SheetRow:
        return SheetRow(row, [self._cell(row, period) for period in self.grid.periods])

    def _cell(self, row: GridRow, period: Period) -> Cell:
        aim, unit = row.aim(period), row.measure.unit
        target = self.grid.targets.get(aim)
        cell = Cell(
            aim, f"{row.key}-{period.month:02d}", typed(unit, target.goal if target else None),
            typed(unit, target.floor if target else None), self._errors.get(aim, ""), period in self.grid.locked,
            bool(target and target.is_signed), target=target,
        )  # fmt: skip
        if cell.is_locked:
            return cell
        if aim in self._proposed:
            proposed = typed(unit, self._proposed[aim])
            cell.is_changed, cell.goal = proposed != cell.goal, proposed
        if self._posted is not None and f"g-{cell.name}" in self._posted:
            self._take(cell, row)
        return cell

    def _take(self, cell: Cell, row: GridRow) -> None:
        """What was typed into the cell's fields; a floor that was not on the page stays."""
        unit, seen = row.measure.unit, self._seen.get(cell.name, ["", ""])
        goal = self._posted[f"g-{cell.name}"].strip()
        floor = self._posted.get(f"f-{cell.name}", seen[1]).strip()
        try:
            values, was = [read(unit, text) for text in (goal, floor)], [read(unit, text) for text in seen]
        except ValueError as error:
            cell.goal, cell.floor, cell.is_changed = goal, floor, True
            cell.error = _PROBLEMS.get(str(error), _PROBLEMS["not_a_number"])()
            return
        if values == was:
            return
        cell.goal, cell.floor, cell.is_changed = goal, floor, True
        if floor and not goal and not seen[0]:
            cell.error = _("A floor needs its goal.")
            return
        if unit == Unit.SHARE and not row.is_ceiling and any(value and value < _LEAST_RATE for value in values):
            cell.error = _("Rates are typed in percent: 97 for 97 %.")
            return
        if not goal:
            values = [None, None]  # an emptied goal takes its floor along
        self.wishes.append(Wish(cell.aim, *values, *was))


def _seen(posted) -> dict[str, list[str]]:
    """What the page said stood there; whatever is no such thing stands for an empty grid, and every cell is stale."""
    try:
        seen = json.loads(posted["seen"]) if posted else {}
    except (ValueError, KeyError):
        return {}
    if not isinstance(seen, dict):
        return {}
    return {
        name: pair
        for name, pair in seen.items()
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(text, str) for text in pair)
    }


_PROBLEMS = {
    "not_a_number": lambda: _("This is not a number."),
    "not_above_zero": lambda: _("A target must be above zero."),
    "too_large": lambda: _("This is too large."),
    "too_fine": lambda: _("Too many digits after the point."),
}
