"""Pools and their sharing by coefficient. Source: spec `commission.md`, A (share, deductions), B, C, D.

A pool is rounded once, to the fen; its parts are rounded so that they add up to it (largest remainder, ties to the
lower work number). Weights are coefficient × days ÷ days of the month, or, where that doesn't come out even for
somebody, coefficient × days for all: the proportions are the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from commission.formulas.complaints import verified_complaints
from commission.formulas.explanation import (
    SHARE,
    Explanation,
    NamedValue,
    Share,
    SourceRow,
    explain,
)
from commission.formulas.facts import MonthFacts, PositionFact
from commission.formulas.lines import DEDUCTION, ITEM, PersonLine
from commission.formulas.people import Member, Stretch, members
from commission.formulas.plan import PARTS, PlanParameters, PoolShare, TierDeduction, identifier

_COEFFICIENT = Decimal("0.001")
_SHOWN = Decimal("1E-10")


@dataclass(frozen=True, slots=True)
class Pool:
    """Money to be shared. `figure`: key of the explained figure; `team`: whose it is, empty for the store's."""

    sharing: PoolShare
    figure: str
    explanation: Explanation
    team: str = ""

    @property
    def amount(self) -> Decimal:
        return self.explanation.amount


def pool_members(facts: MonthFacts, sharing: PoolShare, team: str = "") -> tuple[Member, ...]:
    """Who may share: holders of the posts; else the members of the team; for parts, of every parts team."""
    teams = {known.name for known in facts.teams if known.kind == "parts"} if sharing.pool == PARTS else {team}

    def belongs(position: PositionFact) -> bool:
        return position.post in sharing.posts if sharing.posts else bool(position.team) and position.team in teams

    return members(facts, belongs, probation_shares=sharing.probation_shares)


def share_lines(pool: Pool, facts: MonthFacts, plan: PlanParameters) -> tuple[PersonLine, ...]:
    """One line for everybody with a weight; nobody's part is paid to somebody else."""
    entitled = [member for member in pool_members(facts, pool.sharing, pool.team) if member.weight]
    days = facts.period.days
    weights = _weights(entitled, days)
    whole = sum((share.weight for share in weights), Decimal(0))
    lines = []
    for member, share in zip(entitled, weights, strict=True):
        explanation = explain(
            _sharing_rule(member, days),
            "pool",
            plan=plan.label,
            rounding=SHARE,
            shares=weights,
            part=member.staff,
            values=(
                NamedValue("pool", pool.amount, "CNY", pool.team, pool.figure),
                NamedValue("days", Decimal(member.days), "days"),
                NamedValue("month_days", Decimal(days), "days"),
                *_coefficients(member),
                *_colleagues_coefficients(entitled, member),
            ),
        )
        lines.append(
            PersonLine(
                staff=member.staff,
                code=pool.sharing.code,
                title=pool.sharing.title,
                kind=ITEM,
                base=pool.amount,
                rate=shown(share.weight / whole),
                factor=shown(member.weight / days),
                amount=explanation.amount,
                explanation=explanation,
            )
        )
    return tuple(lines)


def _sharing_rule(member: Member, days: int) -> str:
    if member.is_changed:
        return "pool_share_changed"
    return "pool_share" if member.days == days else "pool_share_by_days"


def _coefficients(member: Member) -> Iterable[NamedValue]:
    """Where a temporary coefficient held: every stretch of days with its coefficient, and why it did."""
    if member.is_changed:
        for place, stretch in enumerate(member.stretches, start=1):
            written = _days(stretch)
            why = f"{written} {stretch.change.reason}".strip() if stretch.change else written
            kind = "temporary" if stretch.change else "regular"
            yield NamedValue(f"stretch{place}_{kind}", stretch.coefficient, "number", why)
            yield NamedValue(f"stretch{place}_days", Decimal(stretch.days), "days", written)


def _colleagues_coefficients(entitled: list[Member], member: Member) -> Iterable[NamedValue]:
    """Another's temporary coefficient moves everybody's part: whose, when and how much, but not why."""
    changed = [
        (other.staff, stretch)
        for other in entitled
        for stretch in other.stretches
        if stretch.change and other.staff != member.staff
    ]
    for place, (staff, stretch) in enumerate(changed, start=1):
        yield NamedValue(f"colleague{place}_temporary", stretch.coefficient, "number", f"{staff} {_days(stretch)}")


def _days(stretch: Stretch) -> str:
    return f"{stretch.first:%m-%d} – {stretch.last:%m-%d}"


def deduction_lines(
    shared: Iterable[PersonLine], pool: str, facts: MonthFacts, plan: PlanParameters
) -> tuple[PersonLine, ...]:
    """What is taken off each person's gross share: the rates added together, never more than the share itself.

    The sum is rounded once; its parts by rule add up to it.
    """
    blocks = plan.deductions(pool)
    return tuple(line for share in shared for line in _deductions(share, blocks, facts, plan))


def _deductions(
    share: PersonLine, blocks: tuple[TierDeduction, ...], facts: MonthFacts, plan: PlanParameters
) -> Iterable[PersonLine]:
    found = {block.code: _measured(block, share.staff, facts) for block in blocks}
    rates = {block.code: block.rate(found[block.code][0]) for block in blocks}
    rates = {code: rate for code, rate in rates.items() if rate}
    if not rates:
        return
    names = {code: f"{identifier(code)}_rate" for code in rates}
    together = tuple(sorted((Share(code, rate) for code, rate in rates.items()), key=lambda part: part.key))
    for block in blocks:
        if block.code not in rates:
            continue
        value, rows = found[block.code]
        explanation = explain(
            block.measure,
            f"least(positive(gross) * ({' + '.join(names.values())}), positive(gross))",
            plan=plan.label,
            rounding=SHARE,
            shares=together,
            part=block.code,
            rows=rows,
            values=(
                NamedValue("gross", share.amount, "CNY", share.title),
                *(NamedValue(names[code], rate, "rate") for code, rate in rates.items()),
                NamedValue(block.measure, value, "count"),
                NamedValue("rate", rates[block.code], "rate"),
            ),
        )
        yield PersonLine(
            staff=share.staff,
            code=block.code,
            title=block.title,
            kind=DEDUCTION,
            base=share.amount,
            rate=rates[block.code],
            factor=value,
            amount=explanation.amount,
            explanation=explanation,
        )


def _measured(block: TierDeduction, staff: str, facts: MonthFacts) -> tuple[Decimal, tuple[SourceRow, ...]]:
    """The month's total a deduction looks at, with the rows behind it."""
    match block.measure:
        case "verified_complaints":
            found = verified_complaints(facts, staff)
            rows = tuple(
                SourceRow("complaints", "complaint", c.number, c.received_on, Decimal(1), Decimal(1)) for c in found
            )
            return Decimal(len(found)), rows
        case "appraisal_score":
            score = next(score.score for score in facts.scores if score.staff == staff)
            return score, (SourceRow("scores", "score", staff, None, score, score),)
    raise KeyError(block.measure)


def _weights(entitled: list[Member], days: int) -> tuple[Share, ...]:
    even = [Share(member.staff, (member.weight / days).quantize(_COEFFICIENT)) for member in entitled]
    if all(share.weight * days == member.weight for share, member in zip(even, entitled, strict=True)):
        return tuple(even)
    return tuple(Share(member.staff, member.weight) for member in entitled)


def shown(value: Decimal) -> Decimal:
    """A quotient cut to what a sheet shows; never computed with."""
    return value.quantize(_SHOWN, rounding=ROUND_HALF_UP)
