"""What is kept with every amount, word for word: statements are read, and worked out again, for years.

Each month here shows the rules of one letter at work. Its book in `books/` holds everything `compute_month` says of it:
every amount with its formula, values, shares and source rows, what waits and what warns. Whoever changes a line of a
book on purpose changes what is stored from now on; what is stored already must still be read.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path

from commission.formulas import (
    SHIPPED,
    AdjustmentFact,
    CoefficientChangeFact,
    ComebackFact,
    ComplaintFact,
    ConsumableFact,
    HourDeductionFact,
    MonthResult,
    TeamFact,
    compute_month,
)
from commission.formulas.facts import AppointmentFact, IncentiveFact, LevelFact, MeasureFact
from commission.formulas.wording import plain
from tests.commission.small_month import (
    TEAMS,
    THE_TENTH,
    accessory,
    accident,
    advisor,
    assistant,
    d,
    labour,
    line,
    month,
    order,
    person,
    position,
    receipt,
    scores,
    seller,
    sep,
    settlement,
    target,
    technician,
)

BOOKS = Path(__file__).parent / "books"


def book(result, figures) -> list[str]:
    """A month's result, a line for each thing it says; the store's figures only where the month is about them."""
    told = [f"{result.store} {result.period} {result.plan}"]
    for figure in result.figures if figures else ():
        told += [f"{figure.key} {figure.name} {plain(figure.value)}", *kept(figure.explanation)]
    for team in result.teams:
        numbers = (team.hours, team.hour_price, team.consumables, team.divisor, team.rate)
        by_hours = [plain(number) for number in numbers if number is not None]
        told.append(" ".join([team.team, team.kind, team.code, f"“{team.title}”", *by_hours, f"= {team.amount}"]))
        told += kept(team.explanation)
    for paid in result.lines:
        worth = f"{plain(paid.base)} × {plain(paid.rate)} × {plain(paid.factor)}"
        told.append(f"{paid.staff} {paid.code} {paid.kind} “{paid.title}” {worth} = {paid.amount}")
        told += kept(paid.explanation)
    for one in result.summaries:
        where = " ".join(filter(None, (one.post, one.team)))
        sums = f"{one.gross} − {one.complaints} − {one.appraisal} + {one.adjustments} = {one.net}"
        told.append(f"{one.staff} {one.name} {where}: {sums}")
    for row in result.details:
        told.append(" ".join(filter(None, ("row", row.code, row.receiver, counted(row)))))
    for one in result.waiting:
        told.append(f"waits {notice(one.reason)} {one.kind} {one.order} {day(one.day)}{one.amount}")
    told += [f"warns {notice(one)}" for one in result.warnings]
    return told


def kept(explanation) -> list[str]:
    """What is stored with an amount."""
    its = explanation
    told = [f"  {its.rule}: {its.formula} = {plain(its.amount)} {its.unit}, {its.rounding}, {its.plan}"]
    for value in its.values:
        label, figure = value.label and f" “{value.label}”", value.figure and f" → {value.figure}"
        told.append(f"  {value.name} {plain(value.value)} {value.unit}{label}{figure}")
    if its.shares:
        told.append(f"  {its.part} of " + ", ".join(f"{share.key} {plain(share.weight)}" for share in its.shares))
    return told + [f"  {row.group}: {counted(row)}" for row in its.rows]


def counted(row) -> str:
    of_order = f" of {row.order}" if row.order else ""
    note = f" ({row.note})" if row.note else ""
    return f"{row.kind} {row.number}{of_order} {day(row.day)}{plain(row.value)} counts {plain(row.counted)}{note}"


def notice(one) -> str:
    return " ".join([one.code, one.subject, *(f"{name}={value}" for name, value in one.params.items())])


def day(when) -> str:
    return "" if when is None else f"{when:%m-%d} "


def check(result, name, *, figures=False) -> None:
    assert book(result, figures) == (BOOKS / f"{name}.txt").read_text().splitlines()


AUGUST_20 = date(2026, 8, 20)


def changed(code, plan=SHIPPED, **values):
    return replace(plan, blocks=tuple(replace(b, **values) if b.code == code else b for b in plan.blocks))


def test_what_is_kept_of_a_front_desk_month():
    lines = [
        line("1", price="3000"),
        accessory("100", "2", installed=True),
        accessory("70", "5", by="A01"),
        accessory("37.5", "3", discount="0.2"),
        line("4", price="500", payer="warranty"),
    ]
    receipts = [receipt(3200, "R1", accessory=200), receipt(400, "R2", payer="warranty")]
    reversed_in_september = settlement("S3", AUGUST_20, sep(3), lines=(line(price="400"),))
    facts = month(
        order("GD81-1", lines=lines, receipts=receipts),
        accident("GD81-2", 1500, sep(3), sep(4)),
        order("GD81-3", settlements=(reversed_in_september,), receipts=[receipt(400, "R3", AUGUST_20)]),
        order("GD81-4", "pdi"),
        staff=(advisor("A01"), advisor("A02", left_on=sep(15)), assistant("A03"), person("A04", "advisor", "0")),
        teams=(),
        scores=scores(A01=95, A02=96, A03=100),
        complaints=(
            ComplaintFact("P2", THE_TENTH, True, None, ("A01",)),
            ComplaintFact("P1", THE_TENTH, True, None, ("A01", "A03")),
            ComplaintFact("P3", sep(30)),
        ),
        adjustments=(AdjustmentFact("2", "A01", d("-20"), True, "服装不整"), AdjustmentFact("1", "A09", d("5"), True)),
        targets=(target("output", 4000), target("car_count", 2)),
    )
    check(compute_month(facts, SHIPPED), "front_desk", figures=True)


def test_what_is_kept_of_accessories_sold_installed_and_given():
    lines = (
        accessory(500, "1", by="S01", installed=True, team="加装组"),
        accessory(500, "2", by="S01"),
        accessory(625, "3", by="S01", discount="0.2"),
        accessory(500, "4", by="S02", installed=True, team="加装组"),
        accessory(300, "5", by="T01", payer="free", installed=True, team="加装二组"),
        accessory(400, "6", by="T01", installed=True),
    )
    taken_back = settlement("S2", AUGUST_20, sep(3), lines=(accessory(1000, by="T01"),))
    facts = month(
        order("GD81-1", lines=lines, receipts=[receipt(2400, accessory=2400)]),
        order("GD81-2", settlements=(taken_back,)),
        staff=(
            seller("S01"),
            seller("S02"),
            technician("T01"),
            technician("I01", "0.8", "加装组"),
            technician("I02", "1", "加装组"),
            person("P01", "parts_clerk", "1", "配件组"),
        ),
        teams=(*TEAMS, TeamFact("加装二组", "installation")),
        targets=(
            target("output", 1000),
            target("car_count", 1),
            target("accessory_sales", 500, "S01"),
            target("accessory_sales", 2000, "S02"),
        ),
    )
    check(compute_month(facts, SHIPPED), "accessories")
    capped = compute_month(facts, changed("B.sales", achievement_cap=d("1.5")))
    check(MonthResult(capped.store, capped.period, capped.plan, lines=capped.of("S01")), "accessories_capped")


def test_what_is_kept_of_a_month_paid_by_hours():
    facts = month(
        order("GD81-1", lines=(labour("200"), labour(10, "2", payer="internal")), completed_on=THE_TENTH, settled=None),
        order("GD81-2", "pdi", lines=(labour(2),), completed_on=THE_TENTH),
        order("GD81-3", "comeback", lines=(labour(3), labour(4, "2", team="钣喷一组")), completed_on=sep(12)),
        order("GD81-4", "comeback", lines=(labour(1, team=None),), completed_on=sep(13)),
        order(
            "GD81-5",
            lines=(labour(5, technicians=(("T01", d("0.5")), ("B01", d("0.5"))), team=None),),
            completed_on=sep(30),
        ),
        staff=(
            technician("T01", "1.2"),
            technician("T02", "1.0"),
            technician("T03", "0.8"),
            technician("B01", "1", "钣喷一组", left_on=sep(10)),
            technician("B02", "1", "钣喷一组"),
            person("X01", "cashier"),
        ),
        teams=TEAMS[:2],
        consumables=(ConsumableFact("L2", "机电一组", sep(2), d(600)), ConsumableFact("L1", "机电一组", sep(2), d(9))),
        comebacks=(ComebackFact("GD81-3", True, ("机电一组",)),),
        hour_deductions=(
            HourDeductionFact("K1", "T02", THE_TENTH, d("1.5"), "漏检"),
            HourDeductionFact("K2", "X01", THE_TENTH, d(1)),
        ),
        coefficient_changes=(
            CoefficientChangeFact("T03", "机电一组", d("1.4"), True, "带徒", sep(1), sep(15)),
            CoefficientChangeFact("T02", "机电一组", d("1.1"), False, "", None, sep(15)),
        ),
    )
    check(compute_month(facts, SHIPPED), "hours")


POSTS = {
    "E.staff": {
        "appointment_rate": d(10),
        "car_rate": d(2),
        "achievement_cap": d("1.5"),
        "achievements": ("output", "car_count"),
    },
    "E.manager": {"posts": ("payroll",)},
    "F.manager": {"scored": d(2000), "coefficient": d("0.005")},
    "F.management": {"scored": d(1000), "coefficient": d("0.002"), "fixed": d(100)},
    "F.rank_staff": {"target_place": d(10)},
    "F.rank_managers": {"target_place": d(10)},
}


def test_what_is_kept_of_a_month_of_posts():
    plan = SHIPPED
    for code, values in POSTS.items():
        plan = changed(code, plan, **values)
    callers = (position("callback_agent"), position("crc_supervisor", starts_on=sep(16)))
    facts = month(
        order("GD81-1", lines=[line(price="1000")], receipts=[receipt("1000")]),
        staff=(
            person("H01", "", positions=callers),
            person("M01", "service_manager", hired_on=date(2023, 9, 20)),
            person("M02", "station_manager", positions=(position("station_manager", starts_on=sep(21)),)),
            person("P01", "payroll"),
        ),
        teams=(),
        scores=scores(H01=90, M01=90, M02=80, P01=90),
        targets=(target("output", 800), target("car_count", 2)),
        measures=(
            MeasureFact("call_coverage", d("0.9"), d(1), "rate"),
            MeasureFact("csi", d(990), d(600)),
            MeasureFact("factory_rank", d(7)),
        ),
        appointments=(
            AppointmentFact("2", "H01", sep(20), "GD81-1"),
            AppointmentFact("1", "H01", sep(15)),
            AppointmentFact("3", "H02", THE_TENTH),
        ),
        incentives=(
            IncentiveFact("1", "M01", "daily", sep(20), d(50), True, "早会组织"),
            IncentiveFact("2", "H01", "add_on", sep(20), d(88), is_approved=True),
            IncentiveFact("3", "M02", "daily", THE_TENTH, d(9), is_approved=True),
            IncentiveFact("4", "M01", "daily", sep(21), d(7), is_approved=False),
        ),
        levels=(
            LevelFact("M01", d(2), date(2026, 1, 1)),
            LevelFact("M01", d(3), date(2026, 10, 1)),
            LevelFact("M02", d(4), sep(30)),
        ),
    )
    check(compute_month(facts, plan), "posts")
