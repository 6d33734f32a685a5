"""A month's books: what the facts come to before any rule pays, worked out once and asked by every rule."""

from dataclasses import dataclass
from decimal import Decimal

from commission.formulas.accessories import AccessoryMoney, LinePart, accessory_money, line_parts
from commission.formulas.facts import MonthFacts, TargetFact
from commission.formulas.hours import CreditedHours, credited_hours
from commission.formulas.lines import Waiting
from commission.formulas.plan import PlanParameters
from commission.formulas.waiting import waiting
from dealer_crm.kpi.formulas import Counted, Output, car_count, month_output


@dataclass(frozen=True)
class Books:
    facts: MonthFacts
    plan: PlanParameters
    output: Output
    cars: tuple[Counted, ...]
    accessories: tuple[AccessoryMoney, ...]
    parts: tuple[LinePart, ...]
    hours: tuple[CreditedHours, ...]
    waiting: tuple[Waiting, ...]

    @classmethod
    def of(cls, facts: MonthFacts, plan: PlanParameters) -> "Books":
        accessories = accessory_money(facts, plan)
        return cls(
            facts=facts,
            plan=plan,
            output=month_output(facts.orders, facts.period),
            cars=car_count(facts.orders, facts.period),
            accessories=accessories,
            parts=tuple(line_parts(accessories, facts)),
            hours=credited_hours(facts),
            waiting=waiting(facts),
        )

    def measure(self, measure: str) -> Decimal:
        """A measure of the store's month."""
        match measure:
            case "output":
                return self.output.amount
            case "car_count":
                return sum((row.counted for row in self.cars), Decimal(0))
        raise KeyError(measure)

    def brought_in(self, seller: str) -> tuple[AccessoryMoney, ...]:
        """All accessory money a seller brought in, barred or not: what the achievement is measured by."""
        return tuple(m for m in self.accessories if m.block.achievement and m.line.seller == seller)

    @property
    def measured_sellers(self) -> tuple[str, ...]:
        """Sellers with money under a rule that looks at their target, by work number."""
        return tuple(sorted({m.line.seller for m in self.accessories if m.block.achievement and m.line.seller}))

    def target(self, measure: str, staff: str | None = None) -> TargetFact | None:
        return next((t for t in self.facts.targets if (t.measure, t.staff) == (measure, staff)), None)

    def target_amount(self, measure: str, staff: str | None = None) -> Decimal:
        """Raises LookupError when the target is missing: the run must stop before asking."""
        target = self.target(measure, staff)
        if target is None:
            raise LookupError(f"no target for {measure} {staff or ''}".strip())
        return target.amount
