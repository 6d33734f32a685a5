"""The store's pools and every figure on the way to them (sheet 业务接待). Source: spec `commission.md`, A."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from commission.formulas.books import Books
from commission.formulas.explanation import EXACT, RATE, Explanation, NamedValue, SourceRow, exact, explain
from commission.formulas.lines import PoolFigure
from commission.formulas.plan import INSTALLERS, NOBODY, PARTS, SELLER, LineSplit, MeasureRate
from commission.formulas.pools import Pool
from commission.formulas.terms import accessory_rows, accessory_terms, measure_term, rows_of, summed, values_of
from dealer_crm.kpi.formulas import Counted

# The figures in the order of the sheet: key → name.
FIGURE_NAMES = {
    "customer_money": "客户实收",
    "warranty_money": "索赔回款",
    "accident_money": "事故定审",
    "output": "产值",
    "output_target": "产值目标",
    "output_achievement": "产值达成率",
    "car_count": "台次",
    "car_count_target": "台次目标",
    "car_count_achievement": "台次达成率",
    "output_commission": "产值提成",
    "accessories_received": "精品实收",
    "accessories_barred": "不计提精品",
    "accessory_commission": "精品提成",
    "pool": "提成池",
}


def store_pools(books: Books) -> tuple[tuple[PoolFigure, ...], tuple[Pool, ...]]:
    """The pools fed by measures of the store and by accessory lines, with the figures that lead to them."""
    figures, pools = [*_output_figures(books), *_car_figures(books)], []
    for name in _names(books):
        figures += _pool_figures(books, name)
        pools.append(Pool(books.plan.sharing(name), figures[-1].key, figures[-1].explanation))
    return tuple(figures), tuple(pools)


def _names(books: Books) -> list[str]:
    fed = {block.pool for block in books.plan.of(MeasureRate)}
    for split in books.plan.of(LineSplit):
        fed |= {part.receiver for part in (*split.installed, *split.not_installed)}
    return sorted(fed - {SELLER, INSTALLERS, PARTS, NOBODY})


def _figure(key: str, explanation: Explanation) -> PoolFigure:
    return PoolFigure(key, FIGURE_NAMES[key], explanation.amount, explanation)


def _output_figures(books: Books) -> Iterator[PoolFigure]:
    sources = {
        "customer_money": books.output.customer,
        "warranty_money": books.output.warranty,
        "accident_money": books.output.accident,
    }
    values = []
    for key, rows in sources.items():
        explanation = explain(key, f"total({key})", plan=books.plan.label, rows=_source_rows(key, rows))
        values.append(NamedValue(key, exact(explanation), "CNY", figure=key))
        yield _figure(key, explanation)
    yield _figure("output", explain("output", " + ".join(sources), plan=books.plan.label, values=tuple(values)))
    yield from _target_figures(books, "output", "CNY")


def _car_figures(books: Books) -> Iterator[PoolFigure]:
    rows = _source_rows("cars", books.cars)
    yield _figure(
        "car_count",
        explain("car_count", "total(cars)", plan=books.plan.label, rows=rows, rounding=EXACT, unit="cars"),
    )
    yield from _target_figures(books, "car_count", "cars")


def _target_figures(books: Books, measure: str, unit: str) -> Iterator[PoolFigure]:
    """Target and achievement, for measures that have a target."""
    found = books.target(measure)
    if found is None or found.amount <= 0:
        return
    target = NamedValue("target", found.amount, unit, figure=f"{measure}_target")
    yield _figure(
        f"{measure}_target",
        explain("target", "target", plan=books.plan.label, values=(target,), rounding=EXACT, unit=unit),
    )
    actual = NamedValue("actual", books.measure(measure), unit, figure=measure)
    yield _figure(
        f"{measure}_achievement",
        explain(
            "achievement",
            "positive(actual) / target",
            plan=books.plan.label,
            values=(actual, target),
            rounding=RATE,
            unit="rate",
        ),
    )


def _pool_figures(books: Books, name: str) -> list[PoolFigure]:
    """Commission on measures, accessories received and barred, commission on accessories, and the pool itself.

    The pool is not the sum of its rounded halves: it is counted from the same values and rounded once.
    """
    label = books.plan.label
    measures = [measure_term(block, books) for block in books.plan.of(MeasureRate) if block.pool == name]
    parts = [part for part in books.parts if part.receiver == (name, "")]
    terms = accessory_terms(parts, books)
    barred = [part for part in parts if part.money.is_barred]
    figures = [
        _figure(
            "output_commission",
            explain("measure_commission", summed(measures), plan=label, values=values_of(measures)),
        )
    ]
    for key, of_key in (("accessories_received", parts), ("accessories_barred", barred)):
        rows = accessory_rows(key, of_key, counted=lambda money: money.value)
        figures.append(_figure(key, explain(key, f"total({key})", plan=label, rows=rows)))
    figures.append(
        _figure(
            "accessory_commission",
            explain("accessory_commission", summed(terms), plan=label, values=values_of(terms), rows=rows_of(terms)),
        )
    )
    whole = [*measures, *(term.as_value("accessory_commission") for term in terms if term.counted)]
    figures.append(_figure("pool", explain("pool", summed(whole), plan=label, values=values_of(whole))))
    return figures


def _source_rows(group: str, rows: Iterable[Counted]) -> tuple[SourceRow, ...]:
    return tuple(
        SourceRow(group, row.kind, row.number, row.day, row.value, row.counted, row.order, _note(row)) for row in rows
    )


def _note(row: Counted) -> str:
    if row.counted != row.value:
        return "row.accessory_part"
    return "row.reversed" if row.kind == "settlement" and row.counted < Decimal(0) else ""
