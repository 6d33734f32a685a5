"""How far targets are reached, whosesoever they are: the store's, a repair type's, a team's, a person's."""

from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from commission.formulas import SHIPPED
from commission.formulas.books import Books
from commission.queries import month_facts
from dealer_crm.kpi.choices import Measure
from dealer_crm.kpi.formulas import accessory_sales, fitters, labour_shares
from dealer_crm.kpi.models import Target
from dealer_crm.kpi.queries import (
    MEASURES,
    NOBODY,
    PARTS,
    Aim,
    all_rows,
    cuts_of,
    month_measures,
    month_targets,
    proposal,
    reached,
    spans_of_months,
)
from dealer_crm.kpi.reports import kpi_report
from dealer_crm.organization.choices import Post, TeamKind
from dealer_crm.organization.models import Position, Staff, Team
from dealer_crm.values import Period
from reception.models import RepairOrder
from tests.commission.small_month import accessory, accident, d, labour, line, order, receipt, sep, settlement
from tests.factories.organization import StaffFactory

SEPTEMBER, OCTOBER = Period(2026, 9), Period(2026, 10)
OCT_2 = date(2026, 10, 2)
LATER = datetime.fromisoformat("2026-12-01T08:00:00+08:00")
MIDDLE = datetime.fromisoformat("2026-09-16T08:00:00+08:00")

# ── Formulas ─────────────────────────────────────────────────────────────────────────────────────────────────────────
SALES = {
    "the later of settlement and receipt": (
        order(lines=[accessory(300)], receipts=[receipt(300, on=OCT_2)]), [], ["300"],
    ),
    "divided over the lines by what is payable": (
        order(lines=[accessory(300), accessory(100, "2"), line("3", price="600")], receipts=[receipt(500)]),
        ["150", "50"], [],
    ),
    "a reversal takes back": (
        order(lines=[accessory(300)], receipts=[receipt(300)], settlements=[settlement(reversed_on=OCT_2)]),
        ["300"], ["-300"],
    ),
    "a refund takes back": (
        order(lines=[accessory(300)], receipts=[receipt(300), receipt(-300, "R2", OCT_2)]), ["300"], ["-300"],
    ),
    "the insurer's too": (
        accident("U1", 900, sep(20), OCT_2, lines=[accessory(300, payer="insurance")],
                 receipts=[receipt(300, payer="insurance")]),
        ["300"], [],
    ),
    "money no line can take is there all the same": (
        order(lines=[line()], receipts=[receipt(100, accessory=40)]), ["40"], [],
    ),
    "a gift brings nothing": (order(lines=[accessory(300, payer="free")]), [], []),
}  # fmt: skip


@pytest.mark.parametrize("what", SALES)
def test_what_is_an_accessory_sale_of_which_month(what):
    made, *expected = SALES[what]
    found = [[row.counted for row in accessory_sales([made], month)] for month in (SEPTEMBER, OCTOBER)]
    assert found == [[d(amount) for amount in of_month] for of_month in expected]


@pytest.mark.parametrize(
    ("lines", "shares"),
    [
        ([labour("1"), labour("3", "2", team="钣喷一组")], {"机电一组": "0.25", "钣喷一组": "0.75"}),
        ([labour("1", discount="1"), labour("1", "2", team="钣喷一组")], {"机电一组": "0.5", "钣喷一组": "0.5"}),
        ([labour("2", team=None, technicians=(("T01", d("0.5")), ("T09", d("0.5"))))], {"机电一组": "1"}),
        ([labour("2", team=None)], {}),
        ([line(), accessory(300)], {}),
    ],
)
def test_the_workshops_teams_share_an_order_by_their_hours(lines, shares):
    found = labour_shares(order(lines=lines), {"T01": "机电一组"}.get)
    assert found == {team: d(share) for team, share in shares.items()}


@pytest.mark.parametrize(
    ("sold", "teams", "by"),
    [
        (accessory(1, installed=True, team="加装二组"), ["加装组", "加装二组"], "加装二组"),
        (accessory(1, installed=True), ["加装组"], "加装组"),
        (accessory(1, installed=True), ["加装组", "加装二组"], None),
        (accessory(1), ["加装组"], None),
    ],
)
def test_who_installed_an_accessory(sold, teams, by):
    assert fitters(sold, teams) == by


# ── The example month ────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def front(store):
    """A team of the front desk with one of its advisors, since the first of the month."""
    team = Team.objects.create(store=store, name="前台一组", kind=TeamKind.FRONT)
    advisor = RepairOrder.objects.filter(store=store, advisor__isnull=False).first().advisor
    Position.objects.update_or_create(
        staff=advisor, starts_on=date(2026, 9, 1), defaults={"store": store, "post": Post.ADVISOR, "team": team}
    )
    return team


def set_target(store, measure, goal=1000, period=SEPTEMBER, **whose) -> Target:
    return Target.objects.create(
        store=store, period=str(period), measure=measure, goal=goal, set_at=LATER, is_signed=True, **whose
    )


def by(code, store, month=SEPTEMBER) -> dict[str, dict[str, Decimal]]:
    """By what → key → figure, as the page of the measure tells it."""
    return {
        what: {cut.key: cut.now.value for cut in cuts} for what, cuts in cuts_of(MEASURES[code], store, month, LATER)
    }


def test_an_accessory_sellers_target_is_reached_by_what_pay_says_they_brought_in(store):
    found = {
        one.target.staff.work_number: one
        for one in reached(store, SEPTEMBER, month_targets(store, SEPTEMBER), LATER)
        if one.target.measure == Measure.ACCESSORY_SALES
    }
    books = Books.of(month_facts(store, SEPTEMBER), SHIPPED)
    assert set(found) >= {"S01", "S02"}
    for number, one in found.items():
        assert one.now.value == sum(money.value for money in books.brought_in(number)) > 0
        assert one.achieved == one.now.value / one.target.goal
    sellers = by("accessory_sales", store)["seller"]
    assert sum(sellers.values()) == month_measures(store, SEPTEMBER)["accessory_sales"].value


def test_every_sort_of_target_says_what_the_page_of_the_measure_says(store, front):
    crew = Team.objects.get(store=store, name="机电一组")
    advisor = Position.objects.get(team=front).staff
    for measure in ("output", "car_count", "margin"):
        for whose in ({}, {"order_kind": "repair"}, {"team": front}, {"team": crew}, {"staff": advisor}):
            set_target(store, measure, period=SEPTEMBER, **whose) if whose else Target.objects.get_or_create(
                store=store, period=str(SEPTEMBER), measure=measure, team=None, staff=None, order_kind="",
                defaults={"goal": 1, "set_at": LATER},
            )  # fmt: skip
    set_target(store, "on_time", Decimal("0.96"), floor=Decimal("0.9"))
    whole = month_measures(store, SEPTEMBER)
    told = {code: by(code, store) for code in ("output", "car_count", "margin", "accessory_sales")}
    targets = list(month_targets(store, SEPTEMBER))
    found = reached(store, SEPTEMBER, targets, LATER)
    assert {one.target for one in found} == set(targets)
    for one in found:
        target, code = one.target, one.target.measure
        if target.order_kind:
            expected = told[code]["kind"][target.order_kind]
        elif target.team:
            expected = told[code]["team"][str(target.team_id)]
        elif target.staff:
            expected = told[code]["seller" if code == "accessory_sales" else "advisor"][str(target.staff_id)]
        else:
            expected = whole[code].value
        assert one.now.value == expected, target
    assert {one.target.measure for one in found if one.achieved is None} == {"on_time"}  # a rate is met or not


def test_a_team_has_what_its_people_brought_in_or_its_share_of_the_work(store, front):
    advisor = Position.objects.get(team=front).staff
    output, cars = by("output", store), by("car_count", store)
    assert output["team"][str(front.pk)] == output["advisor"][str(advisor.pk)]
    crews = {
        str(pk)
        for pk in Team.objects.filter(store=store, kind__in=("mechanical", "body_paint")).values_list("pk", flat=True)
    }
    shared = sum(value for key, value in output["team"].items() if key in crews)
    assert 0 < shared <= month_measures(store, SEPTEMBER)["output"].value
    worked_on = {key: value for key, value in cars["team"].items() if key in crews}
    assert all(value == int(value) for value in worked_on.values())  # a car is no share of a car
    # who was in the team only from the sixteenth brings in for it only from then on
    Position.objects.filter(team=front).update(starts_on=date(2026, 9, 16))
    later = by("output", store)["team"]
    assert later[str(front.pk)] < output["team"][str(front.pk)]


def test_what_a_team_reached_opens_into_rows_that_add_up(client, manager, store, front):
    crew = Team.objects.get(store=store, name="机电一组")
    span = spans_of_months(store, [SEPTEMBER], LATER)[SEPTEMBER]
    bare = RepairOrder.objects.filter(store=store, lines__kind="accessory", lines__seller=None)
    assert bare.exists()  # what nobody sold opens as well
    for code in ("output", "accessory_sales"):
        for what, told in by(code, store).items():
            for key, value in told.items():
                rows = all_rows(PARTS[code], span, {what: key})
                assert round(sum(row.amount for row in rows), 6) == round(value, 6), (code, what, key)
    page = client.get(reverse("kpi:measure", args=["output"]), {"period": "2026-09"}).content.decode()
    assert f"team={crew.pk}" in page
    asked = {"period": "2026-09", "team": crew.pk, "of": "margin"}
    listed = client.get(reverse("kpi:rows", args=["output"]), asked)
    assert round(listed.context["total"].amount, 6) == round(by("output", store)["team"][str(crew.pk)], 6)
    assert listed.context["only"] == ["机电一组"]
    # a margin is made of several lists: the same team's, one beside the other
    labels = [str(PARTS[part].label) for part in ("output", "accessory_money", "uncosted_sold", "material_cost")]
    assert [tab["label"].removeprefix("− ") for tab in listed.context["tabs"]] == labels
    assert [tab["active"] for tab in listed.context["tabs"]] == [True, False, False, False]
    seller = Staff.objects.get(work_number="S01")
    asked = {"period": "2026-09", "seller": seller.pk}
    book = load_workbook(BytesIO(client.get(reverse("kpi:rows_workbook", args=["accessory_sales"]), asked).content))
    rows = list(book["明细"].iter_rows(min_row=2, values_only=True))[:-1]
    assert {row[6] for row in rows} == {seller.name}
    assert round(sum(Decimal(str(row[7])) for row in rows), 2) == by("accessory_sales", store)["seller"][str(seller.pk)]
    for part, wrong in (("output", {"team": "x"}), ("output", {"seller": "½"}), ("consumables", {"team": crew.pk})):
        assert client.get(reverse("kpi:rows", args=[part]), wrong).status_code == 404


def test_the_month_of_targets_says_how_far_each_is_on_page_workbook_and_over_http(client, manager, store, front):
    target = set_target(store, "output", 200000, team=front)
    expected = by("output", store)["team"][str(front.pk)]
    page = client.get(reverse("kpi:targets"), {"period": "2026-09"})
    [shown] = [one for one in page.context["targets"] if one.target == target]
    assert (shown.now.value, shown.achieved) == (expected, expected / 200000)
    assert f"{expected:,.2f}" in page.content.decode()
    one = client.get(reverse("kpi:target", args=[target.pk]))
    assert one.context["reached"].now.value == expected
    sheet = kpi_report(store=store, period=SEPTEMBER, by=None, at=LATER).sheets[2]
    [row] = [row for row in sheet.rows if row[2] == "前台一组"]
    assert row[7:9] == (round(expected, 4), round(expected / 200000, 4))
    over_http = client.get("/api/v1/targets/reached/?period=2026-09").json()
    [row] = [row for row in over_http if row["id"] == target.pk]
    assert (row["team"], Decimal(row["actual"])) == ("前台一组", round(expected, 4))
    assert client.get("/api/v1/targets/reached/?period=soon").status_code == 422
    assert client.get("/api/v1/targets/reached/?period=2026-09&store=NONE").status_code == 404


def test_people_see_the_targets_that_bind_them(client, store, front):
    advisor = Position.objects.get(team=front).staff
    mine, ours = set_target(store, "output", staff=advisor), set_target(store, "car_count", 10, team=front)
    set_target(store, "output", team=Team.objects.get(store=store, name="机电一组"))
    of_post = [
        *month_targets(store, SEPTEMBER).filter(staff=None, team=None, measure__in=("output", "car_count")),
        set_target(store, "output", order_kind="repair"), set_target(store, "on_time", Decimal("0.96")),
    ]  # fmt: skip
    set_target(store, "labour_utilisation", Decimal("0.85"))  # the workshop's
    client.force_login(advisor)
    page = client.get(reverse("kpi:own_targets"), {"period": "2026-09"})
    shown = [one.target for one in page.context["own"]]
    assert (len(shown), set(shown)) == (len(of_post) + 2, {mine, ours, *of_post})
    assert "前台一组" in page.content.decode()
    assert client.get(reverse("kpi:own_targets")).context["own"] == []  # nothing is set for this month


def test_a_sum_under_way_is_not_judged_and_a_month_to_come_says_nothing(store):
    target = set_target(store, "output", 999999999, order_kind="repair")
    to_come = set_target(store, "output", period=Period(2027, 1), order_kind="repair")
    [now] = reached(store, SEPTEMBER, [target], MIDDLE)
    assert (now.tone, now.now.value > 0) == ("neutral", True)
    [over] = reached(store, SEPTEMBER, [target], LATER)
    assert over.tone == "danger"
    [later] = reached(store, Period(2027, 1), [to_come], LATER)
    assert (later.now.value, later.achieved, later.tone, later.actual_written) == (None, None, "neutral", "—")


def test_twenty_targets_are_told_in_as_many_questions_as_two(client, manager, store, front, django_assert_num_queries):
    Target.objects.all().delete()
    set_target(store, "output", order_kind="repair")
    set_target(store, "output", team=front)
    asked = []
    for more in (Staff.objects.filter(store=store)[:18], ()):
        targets = list(month_targets(store, SEPTEMBER))
        with django_assert_num_queries(8):
            reached(store, SEPTEMBER, targets, LATER)
        with CaptureQueriesContext(connection) as found:
            assert client.get("/api/v1/targets/reached/?period=2026-09").status_code == 200
        asked.append(len(found))
        for person in more:
            set_target(store, "output", staff=person)
    assert asked[0] == asked[1]


def test_a_store_without_a_figure_of_a_person_says_nought_of_them(store):
    newcomer = StaffFactory(store=store)
    [one] = reached(store, SEPTEMBER, [set_target(store, "output", staff=newcomer)], LATER)
    assert (one.now.value, one.achieved) == (0, 0)


def test_next_years_accessory_targets_follow_what_each_sold(store):
    found = proposal(store, 2027, Measure.ACCESSORY_SALES, Decimal(120000), to_people=True, at=LATER)
    sold = Counter()
    for month in (SEPTEMBER.previous(), SEPTEMBER, OCTOBER):
        sold.update({key: max(one, 0) for key, one in by("accessory_sales", store, month)["seller"].items()})
    sellers = Staff.objects.filter(work_number__in=("S01", "S02"))
    whole = sum(amount for key, amount in sold.items() if key != NOBODY)
    goal = found.goals[Aim("accessory_sales", Period(2027, 9))]
    for one in sellers:  # what advisors sold beside is no seller's to take on
        part = found.goals[Aim("accessory_sales", Period(2027, 9), staff_id=one.pk)]
        assert abs(part - goal * sold[str(one.pk)] / whole) <= 1
    assert found.of_others == 1 - sum(sold[str(one.pk)] for one in sellers) / whole > 0
