"""What a month's money cost: cost goes with the money it earned, and what nobody knows is told,
never taken for nothing."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from dealer_crm.kpi import actions
from dealer_crm.kpi.choices import Measure
from dealer_crm.kpi.formulas import month_costs, month_margin, month_output
from dealer_crm.kpi.queries import PARTS, Aim, Months, all_rows, month_measures, proposal, spans_of_months
from dealer_crm.kpi.reports import goal_meeting_report, kpi_report
from reception.actions import set_line_costs
from reception.choices import OrderKind, OrderState
from tests.commission.small_month import (
    OCTOBER,
    SEPTEMBER,
    accessory,
    accident,
    d,
    labour,
    line,
    order,
    receipt,
    sep,
    settlement,
)
from tests.factories import cast
from tests.factories.reception import RepairOrderFactory
from tests.factories.workshop import ConsumableIssueFactory

OCT_2 = date(2026, 10, 2)


def part(price="200", cost="120", number="1", **more):
    return line(number, "part", price, unit_cost=None if cost is None else d(cost), **more)


def told(orders, period):
    """(material, accessory money, lines without a purchase price, what those were sold for) of a month."""
    found = month_costs(orders, period)
    return (
        str(sum((row.counted for row in found.rows), Decimal(0)).normalize() + 0),
        str(sum((row.counted for row in found.accessories), Decimal(0)).normalize() + 0),
        len(found.uncosted),
        str(sum((row.counted for row in found.uncosted), Decimal(0)).normalize() + 0),
    )


def of(material="0", accessories="0", lines=0, sold="0"):
    return material, accessories, lines, sold


WORK = [part(), labour("1", "2", price="100")]
NOTHING = of()
CASES = {
    "cost counts with the customer's money": (
        order(lines=WORK, receipts=[receipt(300)]), of("120"), NOTHING,
    ),
    "settled in September, paid in October": (
        order(lines=WORK, receipts=[receipt(300, on=OCT_2)]), NOTHING, of("120"),
    ),
    "half the money, half the cost": (
        order(lines=WORK, receipts=[receipt(150), receipt(150, "R2", OCT_2)]), of("60"), of("60"),
    ),
    "money back, cost back": (
        order(lines=WORK, receipts=[receipt(300), receipt(-150, "R2", OCT_2)]), of("120"), of("-60"),
    ),
    "not paid, no cost yet": (order(lines=WORK), NOTHING, NOTHING),
    "not settled, no cost yet": (order(lines=WORK, receipts=[receipt(300)], settled=None), NOTHING, NOTHING),
    "a reversal gives back what it cost then, whatever the line costs now": (
        order(
            lines=[part(cost="150")], receipts=[receipt(200)],
            settlements=[settlement(on=sep(10), reversed_on=OCT_2, lines=(part(cost="120"),))],
        ),
        of("120"), of("-120"),
    ),
    "the manufacturer's money comes later, and the cost with it": (
        order(kind="warranty", lines=[part(payer="warranty")], receipts=[receipt(200, on=OCT_2, payer="warranty")]),
        NOTHING, of("120"),
    ),
    "each payer's lines go with that payer": (
        order(lines=[part(), part("80", "50", "2", payer="warranty")], receipts=[receipt(200)]), of("120"), NOTHING,
    ),
    "an accident counts whole with its assessed amount, the insurer's money brings nothing more": (
        accident(
            "U1", 1000, sep(20), sep(28), lines=[part(payer="insurance"), part("90", "40", "2")],
            receipts=[receipt(200, on=OCT_2, payer="insurance"), receipt(90, "R2")],
        ),
        of("160"), NOTHING,
    ),
    "an accessory sold on an accident order goes by its own money": (
        accident("U1", 1000, sep(20), OCT_2, lines=[accessory("300", unit_cost=d(150))], receipts=[receipt(300)]),
        of("150", "300"), NOTHING,
    ),
    "insurance money on an ordinary order is no output, so its cost is none": (
        order(lines=[part(payer="insurance")], receipts=[receipt(200, payer="insurance")]), NOTHING, NOTHING,
    ),
    "a comeback is paid by the house, with its settlement": (
        order(kind="comeback", lines=[part(payer="internal")]), of("120"), NOTHING,
    ),
    "so are gifts and items of a package": (
        order(lines=[accessory("300", payer="free", unit_cost=d(150)), part(discount="1", number="2")]),
        of("270"), NOTHING,
    ),
    "accessory money is no output but earns too": (
        order(lines=[*WORK, accessory("300", "3", unit_cost=d(150))], receipts=[receipt(600)]),
        of("270", "300"), NOTHING,
    ),
    "outside work costs what the other workshop asks": (
        order(lines=[line("1", "sublet", "500", unit_cost=d(400))], receipts=[receipt(500)]), of("400"), NOTHING,
    ),
    "an unknown price is no price of nothing": (
        order(lines=[part(cost=None), part("100", "60", "2")], receipts=[receipt(300)]), of("60", "0", 1, "200"),
        NOTHING,
    ),
    "an unknown line that came in two parts of a month is one line": (
        order(lines=[part(cost=None)], receipts=[receipt(50), receipt(150, "R2")]), of("0", "0", 1, "200"), NOTHING,
    ),
    "a gift of unknown price brought no money": (
        order(lines=[part(cost=None, payer="free")]), of("0", "0", 1, "0"), NOTHING,
    ),
    "known to have cost nothing": (order(lines=[part(cost="0")], receipts=[receipt(200)]), NOTHING, NOTHING),
    "labour and other charges have no material": (
        order(lines=[labour("1"), line("2", "other", "80")], receipts=[receipt(200)]), NOTHING, NOTHING,
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", CASES)
def test_what_counts_when(what):
    made, september, october = CASES[what]
    assert (told([made], SEPTEMBER), told([made], OCTOBER)) == (september, october)


@pytest.mark.parametrize(("period", "margin"), [(SEPTEMBER, "330"), (OCTOBER, "-330")])
def test_margin_is_money_less_cost_without_what_is_unknown_and_a_reversal_takes_all_of_it_back(period, margin):
    lines = (*WORK, accessory("300", "3", unit_cost=d(150)), part(cost=None, number="4"))
    made = order(
        lines=lines, receipts=[receipt(800)],
        settlements=[settlement(on=sep(10), reversed_on=OCT_2, lines=lines)],
    )  # fmt: skip
    assert month_output([made], period).amount == (500 if period == SEPTEMBER else -500)
    assert month_margin([made], period) == d(margin)


def test_a_row_says_which_line_how_many_at_what_price_and_which_part_of_it():
    made = order(lines=[part(quantity="2")], receipts=[receipt(100)])
    [row] = month_costs([made], SEPTEMBER).rows
    assert (row.order, row.number, row.day) == ("GD81-1", "1.  2 × 120 · 25%", sep(10))


# ── The measure ──────────────────────────────────────────────────────────────────────────────────────────────────────
LATER = datetime.fromisoformat("2026-12-01T08:00:00+08:00")
MORNING = datetime.fromisoformat("2026-10-12T09:00:00+08:00")
SHOWN = "没有进价"


@pytest.fixture
def people():
    """October of a store: a repair and a service whose cost is known but for one line of 200, a comeback, sandpaper."""
    people = cast.of_store()
    labour = {"quantity": 1, "unit_price": 300}
    part = {"kind": "part", "quantity": 1, "unit_price": 200}

    def settled(kind, *lines, **more):
        return RepairOrderFactory(
            advisor=people.advisor, kind=kind, state=OrderState.DELIVERED, lines=lines, paid=True, **more
        )

    repair = settled(OrderKind.REPAIR, labour, {**part, "unit_cost": 120}, {**part, "name": "自采件"})
    settled(OrderKind.MAINTENANCE, labour, {**part, "kind": "accessory", "unit_cost": 80})
    settled(OrderKind.COMEBACK, {**part, "payer": "internal", "unit_cost": 50}, original=repair)
    ConsumableIssueFactory(team=people.mechanics, issued_on=MORNING.date(), amount=30)
    return people


@pytest.mark.django_db
def test_one_margin_everywhere_by_type_against_its_goal_with_what_it_leaves_out(people, client):
    store = people.store
    for measure, kind, goal in ((Measure.MARGIN, "", 900), (Measure.MARGIN, "repair", 300)):
        actions.set_target(
            store=store,
            period=OCTOBER,
            measure=measure,
            order_kind=kind,
            goal=Decimal(goal),
            by=people.manager,
            at=MORNING,
        )
    found = month_measures(store, OCTOBER, LATER)
    # 500 + 300 output, 200 accessory money, less 200 nobody knows the price of; 120 + 80 + 50 material, 30 sandpaper
    margin, rate = found["margin"], found["margin_rate"]
    assert (margin.value, rate.numerator, rate.denominator) == (720, 720, 1000)
    assert [(one.unknown, one.unknown_amount) for one in (margin, rate)] == [(1, 200)] * 2
    kept = Months(store, OCTOBER, at=LATER).measured(OCTOBER)
    actions.count_month(store=store, period=OCTOBER, at=LATER)
    assert Months(store, OCTOBER, at=LATER).measured(OCTOBER) == kept
    client.force_login(people.manager)
    page = client.get(
        reverse("kpi:measure", args=["margin"]), {"period": "2026-10"}, headers={"accept-language": "zh-hans"}
    )
    told = {
        by: {cut.label: (cut.now.value, cut.goal, cut.now.unknown) for cut in cuts}
        for _t, by, cuts in page.context["cuts"]
    }
    assert told["kind"] == {
        "普通修理": (380, 300, 1), "常规保养": (420, None, 0), "返修": (-50, None, 0),
        "辅料（不属于工单）": (-30, None, 0),
    }  # fmt: skip
    wholes = [one for by, one in told.items() if by != "team"]  # nobody here is in a team of the front desk
    assert {sum(value for value, _goal, _unknown in one.values()) for one in wholes} == {720}
    assert SHOWN in page.content.decode()
    assert SHOWN in client.get(reverse("kpi:dashboard"), {"period": "2026-10"}).content.decode()
    over_http = {one["code"]: one for one in client.get("/api/v1/kpis/", {"period": "2026-10"}).json()}
    assert (over_http["margin"]["value"], SHOWN in over_http["margin"]["remark"]) == ("720.0000", True)
    assert over_http["output"]["remark"] == ""
    rows = {row[0]: row for row in kpi_report(store=store, period=OCTOBER, by=None, at=LATER).sheets[0].rows}
    assert (rows["margin"][5], rows["margin"][6], SHOWN in rows["margin"][-1]) == (720, 900, True)


@pytest.mark.django_db
def test_every_number_of_it_opens_into_lines_that_add_up(people, client):
    span = spans_of_months(people.store, [OCTOBER], LATER)[OCTOBER]
    numbers = Months(people.store, OCTOBER, at=LATER).numbers[OCTOBER].whole
    client.force_login(people.manager)
    for part, lines in (
        ("material_cost", 3),
        ("uncosted_sold", 1),
        ("uncosted_lines", 1),
        ("accessory_money", 1),
        ("consumables", 1),
    ):
        rows = list(all_rows(PARTS[part], span))
        assert (len(rows), sum(row.amount for row in rows)) == (lines, numbers[part])
        page = client.get(reverse("kpi:rows", args=[part]), {"period": "2026-10", "of": "margin"})
        assert len(page.context["rows"]) == lines
        if part == "material_cost":
            assert reverse("reception:order_costs", args=[rows[0].order_pk]) in page.content.decode()
    assert len(list(all_rows(PARTS["material_cost"], span, {"kind": "repair"}))) == 1


@pytest.mark.django_db
def test_a_bill_that_comes_late_changes_its_month_and_no_meeting_that_was_held(people):
    store = people.store
    actions.set_target(
        store=store, period=OCTOBER, measure=Measure.MARGIN, goal=Decimal(900), by=people.manager, at=MORNING
    )
    meeting = actions.open_meeting(store=store, period=OCTOBER, by=people.manager, at=LATER)
    actions.hold_meeting(meeting=meeting, by=people.manager, at=LATER)
    actions.count_month(store=store, period=OCTOBER, at=LATER)
    order = people.advisor.advised_orders.get(kind="repair")
    set_line_costs(order=order, costs={3: Decimal(140)}, by=people.finance, at=LATER)
    found = month_measures(store, OCTOBER, LATER)["margin"]
    assert (found.value, found.unknown) == (780, 0)
    sheet = goal_meeting_report(store=store, period=OCTOBER, by=None, at=LATER).sheets[0].rows
    [row] = [row for row in sheet if row[0] == "毛利"]
    assert (row[3], "1 行" in row[-1]) == (720, True)
    given = proposal(store, 2027, Measure.MARGIN, Decimal(1200), to_people=True, at=LATER)
    assert given.people_known
    assert given.goals[Aim("margin", Months(store, OCTOBER).periods[0].shifted(12), staff_id=people.advisor.pk)] > 0
