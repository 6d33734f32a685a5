"""A store's month: facts and plan in, explained lines out. The steps are those of `commission/README.md`.

Source: spec `commission.md`.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from commission.formulas.books import Books
from commission.formulas.explanation import Explanation, NamedValue, SourceRow, explain
from commission.formulas.facts import MonthFacts, StaffFact
from commission.formulas.lines import (
    ADJUSTMENT,
    DEDUCTION,
    ITEM,
    Detail,
    MonthResult,
    PersonLine,
    PersonSummary,
    PoolFigure,
    TeamLine,
)
from commission.formulas.people import place
from commission.formulas.plan import SELLER, LineSplit, PlanParameters, TierDeduction
from commission.formulas.pools import Pool, deduction_lines, pool_members, share_lines, shown
from commission.formulas.posts import post_lines
from commission.formulas.preconditions import stops_of, warnings_of
from commission.formulas.store_pools import store_pools
from commission.formulas.team_pools import hour_deduction_lines, team_pools
from commission.formulas.terms import accessory_terms, rows_of, summed, values_of
from commission.formulas.wording import N_, Notice
from dealer_crm.values import fen

_NOTHING = Decimal(0)
ADJUSTMENT_TITLE = N_("Adjustment")

# Figures whose rows are listed on sheet 明细, with the code they are listed under.
_LISTED = {
    "customer_money": "A.output",
    "warranty_money": "A.output",
    "accident_money": "A.output",
    "car_count": "A.cars",
    "accessory_commission": "A.accessories",
}


class MonthStopped(Exception):
    """The month can't be computed; `stops` say what is missing."""

    def __init__(self, found: tuple[Notice, ...]):
        super().__init__(", ".join(f"{stop.code} {stop.subject}".strip() for stop in found))
        self.stops = found


def compute_month(facts: MonthFacts, plan: PlanParameters) -> MonthResult:
    """Everything one store pays for one month. The same facts and plan give the same result, in any order of rows.

    Raises MonthStopped when something is missing that would make a figure wrong.
    """
    books = Books.of(facts, plan)
    missing = stops_of(books)
    if missing:
        raise MonthStopped(missing)
    figures, of_store = store_pools(books)
    of_teams = tuple(team_pools(books))
    teams = tuple(line for line, _pool in of_teams)
    pools = (*of_store, *(pool for _line, pool in of_teams))
    lines = [line for pool in pools for line in _pool_lines(pool, books)]
    lines += [*_seller_lines(books), *post_lines(books), *_adjustment_lines(books)]
    by_person = tuple(sorted(lines, key=lambda line: line.staff))
    return MonthResult(
        store=facts.store,
        period=facts.period,
        plan=plan.label,
        figures=figures,
        teams=teams,
        lines=by_person,
        summaries=tuple(_summaries(by_person, books)),
        details=tuple(_details(figures, teams, by_person)),
        waiting=books.waiting,
        warnings=(*warnings_of(books), *_sharing_warnings(pools, facts)),
    )


def _pool_lines(pool: Pool, books: Books) -> Iterator[PersonLine]:
    """A pool's shares and what is taken off them."""
    shared = share_lines(pool, books.facts, books.plan)
    yield from shared
    yield from hour_deduction_lines(shared, pool, books)
    yield from deduction_lines(shared, pool.sharing.pool, books.facts, books.plan)


def _seller_lines(books: Books) -> Iterator[PersonLine]:
    """What sellers earn on their own lines, one line for each rule."""
    own = [part for part in books.parts if part.receiver[0] == SELLER]
    for seller, code in sorted({(part.receiver[1], part.money.block.code) for part in own}):
        parts = [part for part in own if part.receiver[1] == seller and part.money.block.code == code]
        block = parts[0].money.block
        terms = accessory_terms(parts, books)
        eligible = sum((term.counted for term in terms), _NOTHING)
        explanation = explain(
            "seller" if block.achievement else "another_department",
            summed(terms),
            plan=books.plan.label,
            values=(*values_of(terms), NamedValue("eligible", eligible)),
            rows=rows_of(terms),
        )
        yield PersonLine(
            staff=seller,
            code=code,
            title=block.title,
            kind=ITEM,
            base=fen(eligible),
            rate=block.rate if block.achievement else parts[0].rate,
            factor=_achieved(books, block, seller),
            amount=explanation.amount,
            explanation=explanation,
        )


def _achieved(books: Books, block: LineSplit, seller: str) -> Decimal:
    """What the seller reached of the target, up to the plan's cap: the sheet's column."""
    if not block.achievement:
        return Decimal(1)
    reached = sum((money.value for money in books.brought_in(seller)), _NOTHING)
    part = max(reached, _NOTHING) / books.target_amount(block.achievement, seller)
    return shown(part if block.achievement_cap is None else min(part, block.achievement_cap))


def _adjustment_lines(books: Books) -> Iterator[PersonLine]:
    """Approved adjustments, each a line of its own."""
    for fact in sorted(books.facts.adjustments, key=lambda fact: (fact.staff, fact.number)):
        if fact.is_approved:
            row = SourceRow("adjustments", "adjustment", fact.number, None, fact.amount, fact.amount, note=fact.reason)
            explanation = explain("adjustment", "total(adjustments)", plan=books.plan.label, rows=(row,))
            yield PersonLine(
                fact.staff,
                "adjustment",
                ADJUSTMENT_TITLE,
                ADJUSTMENT,
                fact.amount,
                Decimal(1),
                Decimal(1),
                explanation.amount,
                explanation,
            )


def _summaries(lines: tuple[PersonLine, ...], books: Books) -> Iterator[PersonSummary]:
    """Gross → deductions → adjustments → net for everybody with a line."""
    people = {person.number: person for person in books.facts.staff}
    complaint_codes = {b.code for b in books.plan.of(TierDeduction) if b.measure == "verified_complaints"}
    for number in sorted({line.staff for line in lines}):
        own = [line for line in lines if line.staff == number]
        gross = _sum(line for line in own if line.kind == ITEM)
        complaints = _sum(line for line in own if line.kind == DEDUCTION and line.code in complaint_codes)
        appraisal = _sum(line for line in own if line.kind == DEDUCTION and line.code not in complaint_codes)
        adjustments = _sum(line for line in own if line.kind == ADJUSTMENT)
        person = people.get(number, StaffFact(number, number))
        post, team = place(person, books.facts.store, books.facts.period)
        net = gross - complaints - appraisal + adjustments
        yield PersonSummary(number, person.name, post, team, gross, complaints, appraisal, adjustments, net)


def _sum(lines: Iterable[PersonLine]) -> Decimal:
    return sum((line.amount for line in lines), Decimal("0.00"))


def _details(
    figures: tuple[PoolFigure, ...], teams: tuple[TeamLine, ...], lines: tuple[PersonLine, ...]
) -> Iterator[Detail]:
    """Every source row behind every amount."""
    for figure in figures:
        if figure.key in _LISTED:
            yield from _rows(_LISTED[figure.key], "", figure.explanation)
    for team in teams:
        yield from _rows(team.code, team.team, team.explanation)
    for line in lines:
        yield from _rows(line.code, line.staff, line.explanation)


def _rows(code: str, receiver: str, explanation: Explanation) -> Iterator[Detail]:
    for row in explanation.rows:
        yield Detail(code, receiver, row.kind, row.number, row.order, row.day, row.value, row.counted, row.note)


def _sharing_warnings(pools: tuple[Pool, ...], facts: MonthFacts) -> Iterator[Notice]:
    """Money that nobody may share, and people who would share if they had a coefficient."""
    for pool in pools:
        found = pool_members(facts, pool.sharing, pool.team)
        if pool.amount and not any(member.weight for member in found):
            yield Notice("warn.pool_unshared", pool.team or pool.sharing.pool, {"amount": pool.amount})
    without = {
        member.staff
        for pool in pools
        for member in pool_members(facts, pool.sharing, pool.team)
        if pool.amount and not member.weight
    }
    for number in sorted(without):
        yield Notice("warn.no_coefficient", number)
