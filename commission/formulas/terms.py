"""The summands a pool's formula is made of. Source: spec `commission.md`, A and B."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from commission.formulas.accessories import AccessoryMoney, LinePart
from commission.formulas.books import Books
from commission.formulas.explanation import NamedValue, SourceRow
from commission.formulas.plan import MeasureRate, identifier

_UNITS = {"car_count": "cars"}


@dataclass(frozen=True, slots=True)
class Term:
    """`base` × `factor`: base is a value, or a group of rows. `values` are what both name."""

    base: str
    factor: str
    values: tuple[NamedValue, ...]
    rows: tuple[SourceRow, ...] = ()
    is_group: bool = False

    @property
    def formula(self) -> str:
        return f"total({self.base}){self.factor}" if self.is_group else f"{self.base}{self.factor}"

    @property
    def counted(self) -> Decimal:
        return sum((row.counted for row in self.rows), Decimal(0))

    def as_value(self, figure: str) -> "Term":
        """The summand of a group with the total of its rows as one value, whose rows another figure lists."""
        total = NamedValue(self.base, self.counted, "CNY", figure=figure)
        return Term(self.base, self.factor, (total, *self.values))


def summed(terms: Iterable[Term]) -> str:
    """The formula of several summands; of none, a total without rows, which is nothing.

    Groups of which nothing counts are left out of the formula; their rows stay in the list with the reason.
    """
    return " + ".join(term.formula for term in _counting(terms)) or "total(none)"


def values_of(terms: Iterable[Term]) -> tuple[NamedValue, ...]:
    """What the summands name, each once."""
    return tuple(dict.fromkeys(value for term in _counting(terms) for value in term.values))


def rows_of(terms: Iterable[Term]) -> tuple[SourceRow, ...]:
    return tuple(row for term in terms for row in term.rows)


def _counting(terms: Iterable[Term]) -> Iterator[Term]:
    return (term for term in terms if term.counted or not term.is_group)


def measure_term(block: MeasureRate, books: Books) -> Term:
    """Measure × rate × achievements; an achievement below zero (a month of refunds) counts as zero."""
    name = identifier(block.code)
    factor = f" * {name}_rate"
    values = [_measure(block.measure, books), NamedValue(f"{name}_rate", block.rate, "rate", block.title)]
    for measure in block.achievements:
        factor += _achieved(measure, f"{measure}_target", name, block.achievement_cap)
        target = books.target_amount(measure)
        values += [
            _measure(measure, books),
            NamedValue(f"{measure}_target", target, _UNITS.get(measure, "CNY"), figure=f"{measure}_target"),
        ]
    return Term(block.measure, factor, (*values, *_cap(name, block.achievement_cap)))


def _measure(measure: str, books: Books) -> NamedValue:
    return NamedValue(measure, books.measure(measure), _UNITS.get(measure, "CNY"), figure=measure)


def _achieved(actual: str, target: str, name: str, cap: Decimal | None) -> str:
    return (
        f" * positive({actual}) / {target}" if cap is None else f" * least(positive({actual}) / {target}, {name}_cap)"
    )


def _cap(name: str, cap: Decimal | None) -> tuple[NamedValue, ...]:
    return () if cap is None else (NamedValue(f"{name}_cap", cap, "rate"),)


def accessory_terms(parts: Iterable[LinePart], books: Books) -> tuple[Term, ...]:
    """One summand for each rule, rate and measured seller among the parts of one receiver."""
    groups: dict[tuple[str, Decimal, str], list[LinePart]] = {}
    for part in parts:
        block = part.money.block
        seller = part.money.line.seller if block.achievement else ""
        groups.setdefault((block.code, part.rate, seller), []).append(part)
    several = len({code for code, _rate, _seller in groups}) < len(groups)
    return tuple(
        _accessory_term(f"{identifier(code)}_{place}" if several else identifier(code), seller, groups[key], books)
        for place, key in enumerate(sorted(groups), start=1)
        for code, _rate, seller in (key,)
    )


def _accessory_term(group: str, seller: str, parts: list[LinePart], books: Books) -> Term:
    block = parts[0].money.block
    factor = f" * {group}_rate"
    values = [NamedValue(f"{group}_rate", parts[0].rate, "rate", block.title)]
    if block.achievement:
        factor += _achieved(f"{group}_reached", f"{group}_target", group, block.achievement_cap)
        reached = sum((money.value for money in books.brought_in(seller)), Decimal(0))
        target = books.target_amount(block.achievement, seller)
        values += [
            NamedValue(f"{group}_reached", reached, "CNY", seller),
            NamedValue(f"{group}_target", target, "CNY", seller),
            *_cap(group, block.achievement_cap),
        ]
    return Term(group, factor, tuple(values), accessory_rows(group, parts), is_group=True)


def accessory_rows(
    group: str, parts: Iterable[LinePart], counted: Callable[[AccessoryMoney], Decimal] = lambda money: money.counted
) -> tuple[SourceRow, ...]:
    """The lines behind accessory money, with what counts of each."""
    return tuple(
        SourceRow(
            group,
            money.kind,
            f"{money.number}/{money.line.number}",
            money.day,
            money.value,
            counted(money),
            money.order,
            money.note,
        )
        for money in (part.money for part in parts)
    )
