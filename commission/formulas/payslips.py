"""The pay statement (工资单): base + position + skill + allowances + commission ± rewards/penalties − other.

Source: spec `commission.md` (A month's run). Pay and allowances hold by the day: a row is paid for the days of the
month on which it was in force and its holder employed in the store. What is taken off is taken off whole, by the row in
force on the last of these days, in the store the person belongs to then.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import zip_longest

from commission.formulas.explanation import Explanation, NamedValue, explain
from commission.formulas.facts import MonthFacts, PayItemFact, StaffFact
from commission.formulas.people import Span, place, spans
from commission.formulas.wording import N_

# The parts of a slip, and the kinds of pay items in each, in the order in which they are printed.
BASE, POSITION, SKILL, ALLOWANCE, OTHER = "base", "position", "skill", "allowance", "other"
KINDS: Mapping[str, tuple[str, ...]] = {
    BASE: ("base",),
    POSITION: ("position",),
    SKILL: ("skill",),
    ALLOWANCE: ("meal", "transport", "phone", "housing", "weather", "allowance"),
    OTHER: ("social_insurance", "housing_fund", "deduction"),
}
TITLES: Mapping[str, str] = {
    "base": N_("Base pay"),
    "position": N_("Position pay"),
    "skill": N_("Skill pay"),
    "meal": N_("Meal allowance"),
    "transport": N_("Transport allowance"),
    "phone": N_("Phone allowance"),
    "housing": N_("Housing allowance"),
    "weather": N_("Heat and cold allowance"),
    "allowance": N_("Other allowance"),
    "social_insurance": N_("Social insurance, own part"),
    "housing_fund": N_("Housing fund, own part"),
    "deduction": N_("Other deduction"),
}


@dataclass(frozen=True, slots=True)
class SlipLine:
    """One pay item of a slip. What is taken off (part `other`) is a positive number."""

    part: str
    kind: str
    amount: Decimal
    explanation: Explanation

    @property
    def title(self) -> str:
        return TITLES[self.kind]


@dataclass(frozen=True, slots=True)
class Earned:
    """What the month's run pays a person: commission after deductions, and rewards (+) or penalties (−)."""

    commission: Decimal = Decimal("0.00")
    reward: Decimal = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class PaySlip:
    """One person's month. `post` and `team` as on the statement."""

    staff: str
    post: str
    team: str | None
    lines: tuple[SlipLine, ...]
    earned: Earned

    def part(self, name: str) -> Decimal:
        return sum((line.amount for line in self.lines if line.part == name), Decimal("0.00"))

    @property
    def total(self) -> Decimal:
        """base + position + skill + allowances + commission ± rewards/penalties − other; below zero it stays a debt."""
        paid = sum((self.part(name) for name in (BASE, POSITION, SKILL, ALLOWANCE)), Decimal("0.00"))
        return paid + self.earned.commission + self.earned.reward - self.part(OTHER)


def pay_slips(facts: MonthFacts, plan: str, earned: Mapping[str, Earned]) -> tuple[PaySlip, ...]:
    """A slip for everybody with a pay item or a commission in the month, by work number. `plan`: the plan's label."""
    items: dict[str, list[PayItemFact]] = {}
    for fact in facts.pay_items:
        items.setdefault(fact.staff, []).append(fact)
    slips = []
    for staff in sorted(facts.staff, key=lambda person: person.number):
        held = spans(staff, facts.store, facts.period)
        lines = tuple(_lines(staff, held, items.get(staff.number, []), facts, plan))
        if lines or staff.number in earned:
            post, team = place(staff, facts.store, facts.period)
            slips.append(PaySlip(staff.number, post, team, lines, earned.get(staff.number, Earned())))
    return tuple(slips)


def _lines(
    staff: StaffFact, held: tuple[Span, ...], items: list[PayItemFact], facts: MonthFacts, plan: str
) -> Iterator[SlipLine]:
    for part, kinds in KINDS.items():
        for kind in kinds:
            rows = sorted((row for row in items if row.kind == kind), key=lambda row: row.starts_on)
            explanation = (
                _taken_off(staff, held, rows, facts, plan) if part == OTHER else _by_days(held, rows, facts, plan)
            )
            if explanation is not None and explanation.amount:
                yield SlipLine(part, kind, explanation.amount, explanation)


def _by_days(held: tuple[Span, ...], rows: list[PayItemFact], facts: MonthFacts, plan: str) -> Explanation | None:
    """Amount × days ÷ days of the month for each row in force on some of the days."""
    counted = [(row, days) for row, days in _days_in_force(held, rows) if days and row.amount]
    if not counted:
        return None
    if len(counted) == 1 and counted[0][1] == facts.period.days:
        values = (NamedValue("item_amount", counted[0][0].amount, "CNY"),)
        return explain("pay_item", "item_amount", plan=plan, values=values)
    names = [f"item{place}" for place in range(1, len(counted) + 1)]
    values = [
        value
        for name, (row, days) in zip(names, counted, strict=True)
        for value in (
            NamedValue(f"{name}_amount", row.amount, "CNY", _since(row)),
            NamedValue(f"{name}_days", Decimal(days), "days", _since(row)),
        )
    ]
    summed = " + ".join(f"{name}_amount * {name}_days" for name in names)
    formula = f"({summed}) / month_days" if len(names) > 1 else f"{summed} / month_days"
    month_days = NamedValue("month_days", Decimal(facts.period.days), "days")
    return explain("pay_item_by_days", formula, plan=plan, values=(*values, month_days))


def _days_in_force(held: tuple[Span, ...], rows: list[PayItemFact]) -> Iterator[tuple[PayItemFact, int]]:
    """How many of the days held each row was in force on."""
    for row, following in zip_longest(rows, rows[1:]):
        end = following.starts_on - date.resolution if following else date.max
        days = 0
        for span in held:
            first, last = max(span.first, row.starts_on), min(span.last, end)
            days += max((last - first).days + 1, 0)
        yield row, days


def _taken_off(
    staff: StaffFact, held: tuple[Span, ...], rows: list[PayItemFact], facts: MonthFacts, plan: str
) -> Explanation | None:
    """The whole amount in force on the last day employed in the month, where the person then belongs to this store."""
    last = min(staff.left_on or date.max, facts.period.last_day)
    started = [row for row in rows if row.starts_on <= last]
    if not started or not held or held[-1].last != last or not started[-1].amount:
        return None
    values = (NamedValue("item_amount", started[-1].amount, "CNY"),)
    return explain("pay_item_taken_off", "item_amount", plan=plan, values=values)


def _since(row: PayItemFact) -> str:
    return f"{row.starts_on:%Y-%m-%d}"
