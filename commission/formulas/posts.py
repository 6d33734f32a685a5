"""What rules pay a post: customer relations (E), service manager and management (F).

Source: spec `commission.md`, E and F. Every amount is a person's own; nothing is shared. Who held the post for a part
of the month is paid monthly amounts and the store's figures by days; own appointments and incentives count whole.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from commission.formulas.books import Books
from commission.formulas.explanation import Explanation, NamedValue, SourceRow, explain
from commission.formulas.facts import MeasureFact, MonthFacts, StaffFact
from commission.formulas.lines import ITEM, PersonLine
from commission.formulas.people import Span, spans
from commission.formulas.plan import PlanParameters
from commission.formulas.pools import shown
from commission.formulas.posts_blocks import (
    POST_BLOCKS,
    ContactPay,
    EventPay,
    LevelPay,
    MinimumPay,
    PostBlock,
    RankPay,
    ScorePay,
    SeniorityPay,
)
from commission.formulas.wording import Notice
from dealer_crm.values import fen

_NOTHING, _ONE, _HUNDRED = Decimal(0), Decimal(1), Decimal(100)
_UNITS = {"output": "CNY", "car_count": "cars"}


@dataclass(frozen=True, slots=True)
class Holding:
    """The days of the month on which a person held one of some posts."""

    staff: StaffFact
    held: tuple[Span, ...]

    @property
    def days(self) -> int:
        return sum(span.days for span in self.held)

    @property
    def last(self) -> date:
        return max(span.last for span in self.held)

    def covers(self, day: date) -> bool:
        return any(span.first <= day <= span.last for span in self.held)


def holdings(facts: MonthFacts, posts: Collection[str]) -> tuple[Holding, ...]:
    """Who held one of the posts in the store in the month, by work number."""
    found = []
    for staff in sorted(facts.staff, key=lambda person: person.number):
        held = tuple(span for span in spans(staff, facts.store, facts.period) if span.position.post in posts)
        if held:
            found.append(Holding(staff, held))
    return tuple(found)


def post_blocks(plan: PlanParameters) -> tuple[PostBlock, ...]:
    return tuple(block for block in plan.blocks if isinstance(block, POST_BLOCKS))


def post_lines(books: Books) -> tuple[PersonLine, ...]:
    """The lines of all blocks that are set, in the order of the plan, the guaranteed minimum last."""
    blocks = [block for block in post_blocks(books.plan) if not block.unset]
    lines: list[PersonLine] = []
    for block in sorted(blocks, key=lambda block: (isinstance(block, MinimumPay), bool(_beside(block)))):
        lines += _lines(block, books, lines)
    return tuple(lines)


def _lines(block: PostBlock, books: Books, so_far: list[PersonLine]) -> Iterator[PersonLine]:
    if isinstance(block, EventPay):
        yield from _event_lines(block, books)
        return
    if isinstance(block, ContactPay):
        yield from _contact_lines(block, books)
        return
    beside = {line.staff for line in so_far if line.code in _beside(block)}
    for holding in holdings(books.facts, block.posts):
        if _beside(block) and holding.staff.number not in beside:
            continue
        match block:
            case ScorePay():
                yield _score_line(block, holding, books)
            case LevelPay():
                yield from _level_line(block, holding, books)
            case SeniorityPay():
                yield from _seniority_line(block, holding, books)
            case RankPay():
                yield from _rank_line(block, holding, books)
            case MinimumPay():
                yield from _minimum_line(block, holding, books, so_far)


def _beside(block: PostBlock) -> tuple[str, ...]:
    return getattr(block, "only_beside", ())


def _line(
    block: PostBlock,
    holding: Holding,
    explanation: Explanation,
    base: Decimal,
    rate: Decimal = _ONE,
    factor: Decimal = _ONE,
) -> PersonLine:
    return PersonLine(
        staff=holding.staff.number,
        code=block.code,
        title=block.title,
        kind=ITEM,
        base=fen(base),
        rate=shown(rate),
        factor=shown(factor),
        amount=explanation.amount,
        explanation=explanation,
    )


def _contact_lines(block: ContactPay, books: Books) -> Iterator[PersonLine]:
    """A line for the days in an ordinary post, and one for those in a raised one."""
    for posts, raised_by in ((set(block.posts) - set(block.raised_posts), None), (block.raised_posts, block.raised_by)):
        for holding in holdings(books.facts, posts):
            yield _contact_line(block, holding, books, raised_by)


def _contact_line(block: ContactPay, holding: Holding, books: Books, raised_by: Decimal | None) -> PersonLine:
    """(appointments × rate + cars × rate) × achievements × key indicators × score % (× a supervisor's factor)."""
    days, by_days = _part_of_month(holding, books.facts)
    rows = tuple(_kept_appointments(holding, books.facts))
    score, of_score = _score(holding, books.facts)
    factors, values, reached = _achievements(block, books)
    values += [score]
    if raised_by is not None:
        values.append(NamedValue("raised_by", raised_by, "number"))
    contacts = f"(total(appointments) * appointment_rate + positive(car_count) * car_rate{by_days})"
    explanation = explain(
        "contact_pay",
        " * ".join([contacts, *factors, "score", *(["raised_by"] if raised_by is not None else [])]),
        plan=books.plan.label,
        # Each value once: the cars are paid and held against their target.
        values=tuple(
            dict.fromkeys(
                [
                    NamedValue("appointment_rate", block.appointment_rate, "CNY"),
                    NamedValue("car_count", books.measure("car_count"), "cars", figure="car_count"),
                    NamedValue("car_rate", block.car_rate, "CNY"),
                    *days,
                    *values,
                ]
            )
        ),
        rows=(*rows, of_score),
    )
    cars = max(books.measure("car_count"), _NOTHING) * _days_share(holding, books.facts)
    base = len(rows) * block.appointment_rate + cars * block.car_rate
    return _line(block, holding, explanation, base, reached, score.value * (raised_by or _ONE))


def _achievements(block: ContactPay, books: Books) -> tuple[list[str], list[NamedValue], Decimal]:
    """Achievements of targets and of key indicators: factors of the formula, their values, and what they come to."""
    factors, values, reached = [], [], _ONE
    for measure in block.achievements:
        actual, target = books.measure(measure), books.target_amount(measure)
        factors.append(_reached(measure, f"{measure}_target", block))
        values += [
            NamedValue(measure, actual, _UNITS[measure], figure=measure),
            NamedValue(f"{measure}_target", target, _UNITS[measure], figure=f"{measure}_target"),
        ]
        reached *= _worth(actual, target, block)
    key = key_indicators(block, books.facts)
    if key:
        factors.append(_key_formula(key, block))
        values += _key_values(key)
        reached *= sum((_worth(one.value, one.goal, block) for one in key), _NOTHING) / len(key)
    if factors and block.achievement_cap is not None:
        values.append(NamedValue("achievement_cap", block.achievement_cap, "rate"))
    return factors, values, reached


def _kept_appointments(holding: Holding, facts: MonthFacts) -> Iterator[SourceRow]:
    """Appointments the person made that were kept while they held the post: each counts one."""
    for fact in sorted(facts.appointments, key=lambda fact: (fact.kept_on, fact.number)):
        if fact.staff == holding.staff.number and holding.covers(fact.kept_on):
            yield SourceRow("appointments", "appointment", fact.number, fact.kept_on, _ONE, _ONE, fact.order)


def key_indicators(block: ContactPay, facts: MonthFacts) -> tuple[MeasureFact, ...]:
    """The key indicators that were measured in the month and have a goal: the month's target of the store, else the
    goal that stands."""
    targets = {target.measure: target.amount for target in facts.targets if target.staff is None}
    known = {fact.code: replace(fact, goal=targets.get(fact.code, fact.goal)) for fact in facts.measures}
    return tuple(known[code] for code in block.key_measures if code in known and _is_measured(known[code]))


def _is_measured(fact: MeasureFact) -> bool:
    return fact.value is not None and bool(fact.goal)


def _reached(actual: str, target: str, block: ContactPay) -> str:
    part = f"positive({actual}) / {target}"
    return part if block.achievement_cap is None else f"least({part}, achievement_cap)"


def _worth(actual: Decimal, target: Decimal, block: ContactPay) -> Decimal:
    """The same as a number, for the sheet's column."""
    part = max(actual, _NOTHING) / target
    return part if block.achievement_cap is None else min(part, block.achievement_cap)


def _key_formula(key: tuple[MeasureFact, ...], block: ContactPay) -> str:
    parts = [_reached(f"key{place}_actual", f"key{place}_goal", block) for place in range(1, len(key) + 1)]
    return parts[0] if len(parts) == 1 else f"({' + '.join(parts)}) / key_count"


def _key_values(key: tuple[MeasureFact, ...]) -> Iterator[NamedValue]:
    for place, fact in enumerate(key, start=1):
        yield NamedValue(f"key{place}_actual", fact.value, fact.unit, fact.code)
        yield NamedValue(f"key{place}_goal", fact.goal, fact.unit, fact.code)
    if len(key) > 1:
        yield NamedValue("key_count", Decimal(len(key)), "number")


def _score_line(block: ScorePay, holding: Holding, books: Books) -> PersonLine:
    """fixed + (scored + measure × coefficient) × score ÷ 100."""
    days, by_days = _part_of_month(holding, books.facts)
    score, of_score = _score(holding, books.facts)
    values, scored = [NamedValue("scored", block.scored, "CNY")], "scored"
    base = block.scored
    if block.measure:
        amount = books.measure(block.measure)
        values += [
            NamedValue(block.measure, amount, _UNITS[block.measure], figure=block.measure),
            NamedValue("coefficient", block.coefficient, "number"),
        ]
        scored = f"(scored + positive({block.measure}) * coefficient)"
        base += max(amount, _NOTHING) * block.coefficient
    formula = f"{scored} * score"
    if block.fixed:
        values.append(NamedValue("fixed", block.fixed, "CNY"))
        formula = f"fixed + {formula}"
    if by_days:
        formula = f"({formula}){by_days}" if block.fixed else f"{formula}{by_days}"
    explanation = explain(
        "score_pay",
        formula,
        plan=books.plan.label,
        values=(*values, score, *days),
        rows=(of_score,),
    )
    share = _days_share(holding, books.facts)
    return _line(block, holding, explanation, base + block.fixed, share, score.value)


def _event_lines(block: EventPay, books: Books) -> Iterator[PersonLine]:
    """The approved amounts of the month, one line for each person."""
    rows: dict[str, list[SourceRow]] = {}
    for fact in sorted(books.facts.incentives, key=lambda fact: (fact.day, fact.number)):
        if fact.kind == block.event and fact.is_approved and _is_entitled(block, fact.staff, fact.day, books.facts):
            row = SourceRow(
                "incentives", "incentive", fact.number, fact.day, fact.amount, fact.amount, note=fact.reason
            )
            rows.setdefault(fact.staff, []).append(row)
    for number, found in sorted(rows.items()):
        explanation = explain("event_pay", "total(incentives)", plan=books.plan.label, rows=tuple(found))
        yield PersonLine(
            staff=number,
            code=block.code,
            title=block.title,
            kind=ITEM,
            base=explanation.amount,
            rate=_ONE,
            factor=_ONE,
            amount=explanation.amount,
            explanation=explanation,
        )


def _is_entitled(block: EventPay, number: str, day: date, facts: MonthFacts) -> bool:
    """Whether the person held one of the posts on the day; a block without posts pays whoever it was entered for."""
    if day not in facts.period:
        return False
    if not block.posts:
        return any(person.number == number for person in facts.staff)
    return any(found.staff.number == number and found.covers(day) for found in holdings(facts, block.posts))


def _level_line(block: LevelPay, holding: Holding, books: Books) -> Iterator[PersonLine]:
    """By the certification level held on the last day in the post."""
    rows = [fact for fact in books.facts.levels if fact.staff == holding.staff.number]
    started = [fact for fact in rows if fact.starts_on <= holding.last]
    if not started:
        return
    level = max(started, key=lambda fact: fact.starts_on).level
    amount = block.amount(level)
    if amount:
        days, by_days = _part_of_month(holding, books.facts)
        explanation = explain(
            "level_pay",
            f"level_amount{by_days}",
            plan=books.plan.label,
            values=(NamedValue("level", level, "number"), NamedValue("level_amount", amount, "CNY"), *days),
        )
        yield _line(block, holding, explanation, amount, _days_share(holding, books.facts), level)


def _seniority_line(block: SeniorityPay, holding: Holding, books: Books) -> Iterator[PersonLine]:
    """Completed years on the last day in the post × amount, at most so much."""
    years = completed_years(holding.staff.hired_on, holding.last)
    if years and block.per_year:
        days, by_days = _part_of_month(holding, books.facts)
        explanation = explain(
            "seniority_pay",
            f"least(years * per_year, most){by_days}",
            plan=books.plan.label,
            values=(
                NamedValue("years", Decimal(years), "number"),
                NamedValue("per_year", block.per_year, "CNY"),
                NamedValue("most", block.most, "CNY"),
                *days,
            ),
        )
        base = min(years * block.per_year, block.most)
        yield _line(block, holding, explanation, base, _days_share(holding, books.facts), Decimal(years))


def completed_years(hired_on: date | None, day: date) -> int:
    """Whole years from the day of hire; who was hired on 29 February completes one on 1 March. Without a day, none."""
    if hired_on is None or hired_on > day:
        return 0
    return day.year - hired_on.year - ((day.month, day.day) < (hired_on.month, hired_on.day))


def _rank_line(block: RankPay, holding: Holding, books: Books) -> Iterator[PersonLine]:
    """(target place − place) × amount; nothing while the list of the month has not come."""
    place = _place(block, books.facts)
    if place is not None and place != block.target_place:
        days, by_days = _part_of_month(holding, books.facts)
        explanation = explain(
            "rank_pay",
            f"(target_place - place) * per_place{by_days}",
            plan=books.plan.label,
            values=(
                NamedValue("target_place", block.target_place, "number", block.measure),
                NamedValue("place", place, "number", block.measure),
                NamedValue("per_place", block.amount, "CNY"),
                *days,
            ),
        )
        base = block.target_place - place
        yield _line(block, holding, explanation, base, block.amount, _days_share(holding, books.facts))


def _place(block: RankPay, facts: MonthFacts) -> Decimal | None:
    return next((fact.value for fact in facts.measures if fact.code == block.measure), None)


def _minimum_line(block: MinimumPay, holding: Holding, books: Books, so_far: list[PersonLine]) -> Iterator[PersonLine]:
    """What is missing from the minimum after all other lines these rules pay the person."""
    earned = [line for line in so_far if line.staff == holding.staff.number]
    days, by_days = _part_of_month(holding, books.facts)
    names = [f"line{place}_earned" for place in range(1, len(earned) + 1)]
    explanation = explain(
        "minimum_pay",
        f"positive(minimum{by_days} - ({' + '.join(names) or 'total(none)'}))",
        plan=books.plan.label,
        values=(
            NamedValue("minimum", block.amount, "CNY"),
            *days,
            *(NamedValue(name, line.amount, "CNY", line.title) for name, line in zip(names, earned, strict=True)),
        ),
    )
    if explanation.amount:
        yield _line(block, holding, explanation, block.amount, _days_share(holding, books.facts))


def _score(holding: Holding, facts: MonthFacts) -> tuple[NamedValue, SourceRow]:
    """The person's score of the month ÷ 100, and where it stands; the run stops before it is missing."""
    number = holding.staff.number
    score = next(fact.score for fact in facts.scores if fact.staff == number)
    share = NamedValue("score", score / _HUNDRED, "rate")
    return share, SourceRow("scores", "score", number, None, score, score)


def _part_of_month(holding: Holding, facts: MonthFacts) -> tuple[tuple[NamedValue, ...], str]:
    """The days as values and as a factor of a formula; both empty for who held the post all month."""
    if holding.days == facts.period.days:
        return (), ""
    values = (
        NamedValue("days", Decimal(holding.days), "days"),
        NamedValue("month_days", Decimal(facts.period.days), "days"),
    )
    return values, " * days / month_days"


def _days_share(holding: Holding, facts: MonthFacts) -> Decimal:
    return Decimal(holding.days) / facts.period.days


# ---------------------------------------------------------------------------------------------------------------------
# What must be there, and what should be looked at


def measured_targets(books: Books) -> set[str]:
    """Measures of the store whose target a rule of a post needs this month: of key indicators those that have one."""
    blocks = [
        block
        for block in post_blocks(books.plan)
        if isinstance(block, ContactPay) and not block.unset and holdings(books.facts, block.posts)
    ]
    key = {measure for block in blocks for measure in block.key_measures if books.target(measure) is not None}
    return key.union(*(block.achievements for block in blocks))


def missing_scores(books: Books) -> Iterator[Notice]:
    """Who is paid by score and has none."""
    scored = {score.staff for score in books.facts.scores}
    for block in post_blocks(books.plan):
        if isinstance(block, ContactPay | ScorePay) and not block.unset:
            for number in sorted({found.staff.number for found in holdings(books.facts, block.posts)} - scored):
                yield Notice("stop.score_needed", number, {"rule": block.title})


def _is_asked(block: PostBlock, plan: PlanParameters) -> bool:
    """Whether anybody misses the numbers of a block: not while the rules it stands beside have none themselves."""
    rules = [rule for rule in post_blocks(plan) if rule.code in _beside(block)]
    return not _beside(block) or any(not rule.unset for rule in rules)


def post_warnings(books: Books) -> Iterator[Notice]:
    """Rules without their numbers though there are people to pay, indicators nobody measured, incentives unpaid."""
    facts = books.facts
    for block in post_blocks(books.plan):
        if not holdings(facts, block.posts):
            continue
        if block.unset:
            if _is_asked(block, books.plan):
                yield Notice("warn.rule_not_set", block.code, {"rule": block.title})
        elif isinstance(block, RankPay) and _place(block, facts) is None and _is_asked(block, books.plan):
            yield Notice("warn.measure_empty", block.code, {"rule": block.title, "measure": block.measure})
        elif isinstance(block, ContactPay):
            found = {fact.code for fact in key_indicators(block, facts)}
            for code in block.key_measures:
                if code not in found:
                    yield Notice("warn.measure_empty", block.code, {"rule": block.title, "measure": code})
    events = [block for block in books.plan.blocks if isinstance(block, EventPay)]
    for fact in sorted(facts.incentives, key=lambda fact: (fact.staff, fact.day, fact.number)):
        params = {"day": fact.day, "amount": fact.amount}
        if not fact.is_approved:
            yield Notice("warn.incentive_waiting", fact.staff, params)
        elif not any(b.event == fact.kind and _is_entitled(b, fact.staff, fact.day, facts) for b in events):
            yield Notice("warn.incentive_unpaid", fact.staff, params)
