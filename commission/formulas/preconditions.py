"""What must be there before a month can be paid, and what somebody should look at.

Source: spec `commission.md`, A month's run: what would make a figure wrong stops the run, the rest warns.
"""

from collections.abc import Iterator
from decimal import Decimal

from commission.formulas.accessories import installation_team
from commission.formulas.books import Books
from commission.formulas.facts import MonthFacts, TargetFact
from commission.formulas.hours import team_on
from commission.formulas.people import position_on
from commission.formulas.plan import HoursPrice, MeasureRate, PlanParameters, TierDeduction
from commission.formulas.pools import pool_members
from commission.formulas.posts import measured_targets, missing_scores, post_warnings
from commission.formulas.wording import Notice
from dealer_crm.kpi.formulas import line_credits, recognised_receipts, settlement_changes
from reception.formulas import COMEBACK, LABOUR, OrderFact


def stops(facts: MonthFacts, plan: PlanParameters) -> tuple[Notice, ...]:
    """Everything without which a figure would be wrong. An empty answer means that the month can be computed."""
    return stops_of(Books.of(facts, plan))


def stops_of(books: Books) -> tuple[Notice, ...]:
    return (*_targets(books), *_seller_targets(books), *_orders(books), *_scores(books), *missing_scores(books))


def warnings(facts: MonthFacts, plan: PlanParameters) -> tuple[Notice, ...]:
    """What doesn't stop the run but should be looked at."""
    return warnings_of(Books.of(facts, plan))


def warnings_of(books: Books) -> tuple[Notice, ...]:
    return (
        *_waiting(books),
        *_undecided(books),
        *_doubtful_lines(books),
        *_doubtful_people(books),
        *post_warnings(books),
    )


def _targets(books: Books) -> Iterator[Notice]:
    measures = {measure for block in books.plan.of(MeasureRate) for measure in block.achievements}
    for measure in sorted(measures | measured_targets(books)):
        problem = _target_problem(books.target(measure))
        if problem:
            yield Notice(f"stop.target_{problem}", measure, {"measure": measure})


def _seller_targets(books: Books) -> Iterator[Notice]:
    for seller in books.measured_sellers:
        for measure in sorted({money.block.achievement for money in books.brought_in(seller)}):
            problem = _target_problem(books.target(measure, seller))
            if problem:
                yield Notice(f"stop.seller_target_{problem}", seller, {"measure": measure})


def _target_problem(target: TargetFact | None) -> str:
    if target is None:
        return "missing"
    if target.amount <= 0:
        return "zero"
    return "" if target.is_signed else "unsigned"


def _orders(books: Books) -> Iterator[Notice]:
    facts = books.facts
    people = {person.number for person in facts.staff}
    for order in sorted(facts.orders, key=lambda order: order.number):
        completed = order.completed_on is not None and order.completed_on in facts.period
        changed = any(settlement_changes(order, facts.period)) or any(recognised_receipts(order, facts.period))
        if order.advisor is None and (completed or changed):
            yield Notice("stop.order_without_advisor", order.number)
        if changed:
            for seller in sorted({line.seller for line in _accessories(order, facts) if line.seller} - people):
                yield Notice("stop.seller_unknown", seller, {"order": order.number})
        if completed:
            yield from _share_problems(order)


def _accessories(order: OrderFact, facts: MonthFacts):
    return order.accessory_lines(order.settlement_on(facts.period.last_day))


def _share_problems(order: OrderFact) -> Iterator[Notice]:
    for line in order.lines:
        whole = sum((share for _number, share in line.technicians), Decimal(0))
        if line.kind == LABOUR and line.technicians and whole != 1:
            yield Notice("stop.line_shares", order.number, {"line": line.number, "sum": whole})


def _scores(books: Books) -> Iterator[Notice]:
    scored = {score.staff for score in books.facts.scores}
    for pool in sorted({b.pool for b in books.plan.of(TierDeduction) if b.measure == "appraisal_score"}):
        for member in pool_members(books.facts, books.plan.sharing(pool)):
            if member.weight and member.staff not in scored:
                yield Notice("stop.score_missing", member.staff)


def _waiting(books: Books) -> Iterator[Notice]:
    for item in books.waiting:
        if item.kind == "assessment":
            yield Notice("warn.accident_waiting", item.order)
        if item.kind == "order":
            yield Notice("warn.order_unsettled", item.order)


def _undecided(books: Books) -> Iterator[Notice]:
    facts = books.facts
    for complaint in sorted(facts.complaints, key=lambda complaint: complaint.number):
        if complaint.is_verified is None and complaint.received_on in facts.period:
            yield Notice("warn.complaint_undecided", complaint.number)
    decided = {decision.order for decision in facts.comebacks}
    payers = {payer for block in books.plan.of(HoursPrice) for payer in block.payers}
    counting = {hours.order.number for hours in books.hours if hours.line.payer in payers}
    for order in sorted(facts.orders, key=lambda order: order.number):
        if order.kind == COMEBACK and order.number in counting - decided:
            yield Notice("warn.comeback_undecided", order.number)
    for change in facts.coefficient_changes:
        if not change.is_approved:
            days = f"{change.starts_on or facts.period.first_day} – {change.ends_on or facts.period.last_day}"
            yield Notice("warn.coefficient_waiting", change.staff, {"coefficient": change.coefficient, "days": days})
    for fact in sorted(facts.adjustments, key=lambda fact: (fact.staff, fact.number)):
        if not fact.is_approved:
            yield Notice("warn.adjustment_waiting", fact.staff, {"amount": fact.amount, "reason": fact.reason})


def _doubtful_lines(books: Books) -> Iterator[Notice]:
    facts = books.facts
    people = {person.number: person for person in facts.staff}
    for order in sorted(facts.orders, key=lambda order: order.number):
        if order.completed_on is not None and order.completed_on in facts.period:
            team_of = team_on(order.completed_on, people)
            for line in order.lines:
                if line.kind == LABOUR and not any(line_credits(line, team_of)):
                    yield Notice("warn.labour_uncredited", order.number, {"line": line.number})
        for found in recognised_receipts(order, facts.period):
            if found.split.unplaced:
                params = {"receipt": found.receipt.number, "amount": found.split.unplaced}
                yield Notice("warn.accessory_unplaced", order.number, params)
    for number, line in sorted({(money.order, money.line.number): money.line for money in books.accessories}.items()):
        if line.is_installed and installation_team(line, facts) is None:
            yield Notice("warn.installer_unknown", number[0], {"line": line.number})


def _doubtful_people(books: Books) -> Iterator[Notice]:
    facts = books.facts
    paid = {block.team_kind for block in books.plan.of(HoursPrice)}
    teams = {team.name for team in facts.teams if team.kind in paid}
    people = {person.number: person for person in facts.staff}
    for fact in sorted(facts.hour_deductions, key=lambda fact: fact.number):
        if fact.deducted_on in facts.period:
            position = position_on(people[fact.staff], fact.deducted_on) if fact.staff in people else None
            if position is None or position.team not in teams:
                yield Notice("warn.hours_not_deducted", fact.number)
