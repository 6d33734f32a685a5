"""Facts of a small September 2026, written short: every test names only what it is about."""

from datetime import date
from decimal import Decimal

from commission.formulas import MonthFacts, PositionFact, ScoreFact, StaffFact, TargetFact, TeamFact
from dealer_crm.values import Period
from reception.formulas import AssessmentFact, LineFact, OrderFact, ReceiptFact, SettlementFact, line_payable

STORE = "GD81"
SEPTEMBER = Period(2026, 9)
OCTOBER = Period(2026, 10)
LONG_AGO = date(2020, 1, 1)
THE_TENTH = date(2026, 9, 10)

TEAMS = (
    TeamFact("机电一组", "mechanical"),
    TeamFact("钣喷一组", "body_paint"),
    TeamFact("加装组", "installation"),
    TeamFact("配件组", "parts"),
)


def d(text) -> Decimal:
    return Decimal(str(text))


def sep(day: int) -> date:
    return date(2026, 9, day)


def person(number, post, coefficient="0", team=None, *, positions=None, **dates) -> StaffFact:
    dates = {"hired_on": LONG_AGO, "regularised_on": LONG_AGO} | dates
    held = positions or (position(post, coefficient, team),)
    return StaffFact(number, f"员工{number}", positions=tuple(held), **dates)


def position(post, coefficient="0", team=None, starts_on=LONG_AGO, store=STORE) -> PositionFact:
    return PositionFact(store, post, starts_on, d(coefficient), team)


def advisor(number="A01", **more) -> StaffFact:
    return person(number, "advisor", "0.4", **more)


def assistant(number="A03", **more) -> StaffFact:
    return person(number, "advisor_assistant", "0.1", **more)


def seller(number="S01", **more) -> StaffFact:
    return person(number, "accessory_seller", **more)


def technician(number="T01", coefficient="1", team="机电一组", **more) -> StaffFact:
    return person(number, "technician", coefficient, team, **more)


def line(number="1", kind="part", price="100", quantity="1", discount="0", payer="customer", **more) -> LineFact:
    quantity, price, discount = d(quantity), d(price), d(discount)
    payable = line_payable(quantity=quantity, unit_price=price, discount_rate=discount)
    return LineFact(str(number), kind, payer, quantity, price, discount, payable, **more)


def labour(hours, number="1", payer="customer", team="机电一组", price="120", **more) -> LineFact:
    return line(number, "labour", price, hours, payer=payer, team=team, **more)


def accessory(price, number="1", by=None, installed=False, team=None, **more) -> LineFact:
    return line(number, "accessory", price, seller=by, is_installed=installed, installation_team=team, **more)


def settlement(number="S1", on=THE_TENTH, reversed_on=None, lines=None) -> SettlementFact:
    return SettlementFact(number, on, reversed_on, lines)


def receipt(amount, number="R1", on=THE_TENTH, payer="customer", accessory=None) -> ReceiptFact:
    return ReceiptFact(number, payer, on, d(amount), None if accessory is None else d(accessory))


def order(
    number="GD81-1", kind="repair", *, lines=(), receipts=(), settled=THE_TENTH, advisor="A01", **more
) -> OrderFact:
    """Settled on the 10th unless said otherwise; `settled=None` leaves it open."""
    more.setdefault("settlements", () if settled is None else (settlement(f"{number}-S", settled),))
    return OrderFact(number, kind, advisor, lines=tuple(lines), receipts=tuple(receipts), **more)


def accident(number, amount, assessed=None, released=None, **more) -> OrderFact:
    return order(number, "accident", assessment=AssessmentFact(d(amount), assessed, released), **more)


def target(measure, amount, staff=None, signed=True) -> TargetFact:
    return TargetFact(measure, d(amount), staff, signed)


TARGETS = (target("output", 1000), target("car_count", 1), target("accessory_sales", 1000, "S01"))


def scores(**given) -> tuple[ScoreFact, ...]:
    return tuple(ScoreFact(number, d(score)) for number, score in given.items())


def month(*orders, staff=(), period=SEPTEMBER, **more) -> MonthFacts:
    """Targets are there and everybody has 100 points unless said otherwise."""
    more.setdefault("targets", TARGETS)
    more.setdefault("scores", tuple(ScoreFact(member.number, d(100)) for member in staff))
    more.setdefault("teams", TEAMS)
    return MonthFacts(STORE, period, staff=tuple(staff), orders=tuple(orders), **more)


def paid(result) -> dict[str, str]:
    """Net by work number."""
    return {summary.staff: str(summary.net) for summary in result.summaries}


def amounts(result, staff) -> dict[str, str]:
    """A person's amounts by item code."""
    return {found.code: str(found.amount) for found in result.of(staff)}


def team_amounts(result) -> dict[str, str]:
    return {found.team: str(found.amount) for found in result.teams}
