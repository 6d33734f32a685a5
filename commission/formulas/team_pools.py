"""Pools of teams: installation, the parts department, teams paid by hours. Source: spec `commission.md`, B, C, D."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from commission.formulas.books import Books
from commission.formulas.explanation import NamedValue, SourceRow, explain
from commission.formulas.facts import MonthFacts
from commission.formulas.hours import team_rows
from commission.formulas.lines import ITEM, PersonLine, TeamLine
from commission.formulas.people import position_on
from commission.formulas.plan import INSTALLERS, PARTS, HoursPrice, LineSplit, PoolShare
from commission.formulas.pools import Pool
from commission.formulas.terms import accessory_terms, rows_of, summed, values_of
from commission.formulas.wording import N_

# What the parts department's money is called where no parts team is on record.
PARTS_DEPARTMENT = "配件部"
HOURS_TITLE = N_("Hours deducted")


def team_pools(books: Books) -> Iterator[tuple[TeamLine, Pool]]:
    """Every team's and department's pool of the month, also the empty ones."""
    for block in books.plan.of(HoursPrice):
        for team in sorted(known.name for known in books.facts.teams if known.kind == block.team_kind):
            yield _hours_pool(books, block, team)
    receivers = {
        part.receiver for split in books.plan.of(LineSplit) for part in (*split.installed, *split.not_installed)
    }
    if INSTALLERS in receivers:
        installing = {known.name for known in books.facts.teams if known.kind == "installation"}
        installing |= {part.receiver[1] for part in books.parts if part.receiver[0] == INSTALLERS}
        for team in sorted(installing):
            yield _accessory_pool(books, books.plan.sharing(INSTALLERS), (INSTALLERS, team), team)
    if PARTS in receivers:
        yield _accessory_pool(books, books.plan.sharing(PARTS), (PARTS, ""), _parts_name(books.facts))


def _parts_name(facts: MonthFacts) -> str:
    teams = [team.name for team in facts.teams if team.kind == "parts"]
    return teams[0] if len(teams) == 1 else PARTS_DEPARTMENT


def _hours_pool(books: Books, block: HoursPrice, team: str) -> tuple[TeamLine, Pool]:
    explanation = explain(
        "team_hours",
        "positive((total(hours) * hour_price - total(consumables)) / divisor * rate)",
        plan=books.plan.label,
        values=(
            NamedValue("hour_price", block.hour_price, "CNY"),
            NamedValue("divisor", block.divisor, "number"),
            NamedValue("rate", block.rate, "rate"),
        ),
        rows=team_rows(books.hours, books.facts, block, team),
    )
    line = TeamLine(
        team=team,
        kind=block.team_kind,
        code=block.code,
        title=block.title,
        amount=explanation.amount,
        explanation=explanation,
        hours=_counted(explanation.rows, "hours"),
        hour_price=block.hour_price,
        consumables=_counted(explanation.rows, "consumables"),
        divisor=block.divisor,
        rate=block.rate,
    )
    return line, Pool(books.plan.sharing(block.code), f"{block.code}:{team}", explanation, team)


def _accessory_pool(books: Books, sharing: PoolShare, receiver: tuple[str, str], team: str) -> tuple[TeamLine, Pool]:
    terms = accessory_terms([part for part in books.parts if part.receiver == receiver], books)
    explanation = explain(
        sharing.pool,
        summed(terms),
        plan=books.plan.label,
        values=values_of(terms),
        rows=rows_of(terms),
    )
    kind = "installation" if sharing.pool == INSTALLERS else "parts"
    line = TeamLine(team, kind, sharing.code, sharing.title, explanation.amount, explanation)
    return line, Pool(sharing, f"{sharing.code}:{team}", explanation, team)


def _counted(rows: Iterable[SourceRow], group: str) -> Decimal:
    return sum((row.counted for row in rows if row.group == group), Decimal(0))


def hour_deduction_lines(shared: Iterable[PersonLine], pool: Pool, books: Books) -> Iterator[PersonLine]:
    """Hours deducted from a person: at the team's own price, out of that person's share only, paid to nobody.

    A person belongs to the team they were in on the day of the deduction. Nobody pays in: a share can only shrink to
    nothing.
    """
    block = next((block for block in books.plan.of(HoursPrice) if block.code == pool.sharing.pool), None)
    if block is None:
        return
    for share in shared:
        rows = _deducted_rows(books.facts, share.staff, pool.team)
        if not rows:
            continue
        explanation = explain(
            "hours_deducted",
            "-least(total(hours) * hour_price / divisor * rate, positive(share))",
            plan=books.plan.label,
            values=(
                NamedValue("hour_price", block.hour_price, "CNY"),
                NamedValue("divisor", block.divisor, "number"),
                NamedValue("rate", block.rate, "rate"),
                NamedValue("share", share.amount, "CNY", share.title),
            ),
            rows=rows,
        )
        yield PersonLine(
            staff=share.staff,
            code=f"{block.code}.hours",
            title=HOURS_TITLE,
            kind=ITEM,
            base=_counted(rows, "hours"),
            rate=block.rate,
            factor=block.hour_price,
            amount=explanation.amount,
            explanation=explanation,
        )


def _deducted_rows(facts: MonthFacts, number: str, team: str) -> tuple[SourceRow, ...]:
    person = next(person for person in facts.staff if person.number == number)
    found = []
    for fact in sorted(facts.hour_deductions, key=lambda fact: (fact.deducted_on, fact.number)):
        if fact.staff == number and fact.deducted_on in facts.period:
            position = position_on(person, fact.deducted_on)
            if position is not None and position.team == team:
                row = SourceRow("hours", "hour_deduction", fact.number, fact.deducted_on, fact.hours, fact.hours)
                found.append(replace(row, note=fact.reason))
    return tuple(found)
