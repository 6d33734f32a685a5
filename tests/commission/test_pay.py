"""What a post is paid, what people are paid a month, and the pay statement: entered, computed, frozen, shown."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse

from commission import actions, queries
from commission.choices import PlanState
from commission.formulas import SHIPPED, from_json, plan_to_json, recompute
from commission.formulas.posts_blocks import KEY_MEASURES, PLACES
from commission.models import CountedRow, PayLine, PlanVersion
from commission.reports import pay_report
from dealer_crm.access.roles import Role
from dealer_crm.appraisal.models import Score
from dealer_crm.kpi.queries import MEASURES, measured
from dealer_crm.organization.models import Staff, Store
from dealer_crm.reporting.workbooks import to_xlsx
from dealer_crm.values import Period, Refusal
from reception.models import RepairOrder
from tests.factories.appointments import AppointmentFactory
from tests.factories.organization import StaffFactory
from tests.factories.reception import MORNING, RepairOrderFactory

SEPTEMBER = Period(2026, 9)
FIRST = date(2026, 9, 1)
pytestmark = pytest.mark.django_db

NUMBERS = {
    "E.staff": {"appointment_rate": Decimal(20), "car_rate": Decimal(2), "key_measures": ("on_time",)},
    "F.manager": {"scored": Decimal(2000), "coefficient": Decimal("0.005")},
    "F.rank_managers": {"target_place": Decimal(10)},
}


@pytest.fixture
def store(example_month):
    return Store.objects.get(code="GD81")


@pytest.fixture
def house(store):
    """The people the two rules pay, and payroll, in the store of the example month."""
    roles = (Role.AGENT, Role.CRC, Role.MANAGER, Role.DIRECTOR, Role.FINANCE)
    return {role: StaffFactory(role=role, store=store, work_number=f"Z-{role.value}".upper()) for role in roles}


@pytest.fixture
def second_clerk(store):
    return StaffFactory(role=Role.FINANCE, store=store, work_number="Z-FINANCE2")


def with_numbers(store):
    """The shipped plan with its holes filled, in force since the beginning."""
    plan = actions.install_plan(store=store, at=MORNING)
    blocks = tuple(replace(block, **NUMBERS.get(block.code, {})) for block in SHIPPED.blocks)
    rules = plan_to_json(replace(SHIPPED, number=3, starts=Period(2020, 1), blocks=blocks))
    PlanVersion.objects.create(
        plan=plan, number=3, starts_period="2020-01", rules=rules, state=PlanState.APPROVED, approved_at=MORNING,
        created_at=MORNING,
    )  # fmt: skip


def compute(store, at=MORNING):
    return actions.compute_run(store=store, period=SEPTEMBER, by=None, at=at)


def locked(run, house):
    actions.review_run(run=run, by=house[Role.MANAGER], at=MORNING)
    actions.approve_run(run=run, by=house[Role.DIRECTOR], at=MORNING)
    return actions.lock_run(run=run, by=house[Role.FINANCE], at=MORNING)


def pay_of(person, by, kind="base", amount="5000", starts_on=FIRST, at=MORNING, **more):
    return actions.set_pay_item(
        staff=person, kind=kind, amount=Decimal(amount), starts_on=starts_on, by=by, at=at, **more
    )


def incentive(house, staff, amount="200", kind="daily", day=date(2026, 9, 12), by=Role.FINANCE, **more):
    return actions.add_incentive(
        store=staff.store, staff=staff, kind=kind, day=day, amount=Decimal(amount), reason="客户表扬信",
        by=house[by], at=MORNING, **more,
    )  # fmt: skip


# ── A month ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_month_pays_its_posts_and_its_statements_add_up_and_stay(store, house):
    before = {slip.staff.work_number: slip.net_amount for slip in compute(store).statements.select_related("staff")}
    with_numbers(store)
    agent, crc, manager, clerk = (house[role] for role in (Role.AGENT, Role.CRC, Role.MANAGER, Role.FINANCE))
    kept = list(RepairOrder.objects.filter(store=store, arrived_at__date__gte=FIRST).order_by("number")[:3])
    begun = RepairOrderFactory(
        advisor=Staff.objects.get(work_number="A01"), state="draft", began_at=MORNING - timedelta(days=20), lines=0
    )
    for order, maker in zip((*kept, begun), (agent, agent, crc, agent), strict=True):
        AppointmentFactory(store=store, vehicle=order.vehicle, order=order, state="arrived", ended_at=order.arrived_at,
                           starts_at=order.arrived_at, made_by=maker)  # fmt: skip
    with pytest.raises(Refusal) as stopped:
        compute(store)
    assert len(stopped.value.details) == 3  # agent, supervisor and manager have no score
    assert {item.url for item in queries.missing_for(store, SEPTEMBER)} == {"/appraisal/scores/?period=2026-09"}
    for person in (agent, crc, manager):
        Score.objects.create(staff=person, period="2026-09", score=90, entered_at=MORNING)
    pay_of(manager, clerk, "base", "6000")
    pay_of(manager, clerk, "certification", "2")
    pay_of(manager, clerk, "social_insurance", "512.34")
    pay_of(clerk, manager, "base", "4800", date(2026, 9, 16))
    paid, waiting = incentive(house, manager), incentive(house, manager, "999")
    actions.approve_proposal(proposal=paid, by=house[Role.DIRECTOR], at=MORNING)
    run = compute(store, MORNING + timedelta(hours=1))

    # 产值 194 538.03, 台次 89 of 60: as the example month has them.
    on_time = measured("on_time", store, SEPTEMBER).value / Decimal("0.96")
    achieved = Decimal(89) / 60 * on_time * Decimal("0.9")
    lines = {
        (line.statement.staff.work_number, line.item): line for line in run.lines.select_related("statement__staff")
    }
    amounts = {key: line.amount for key, line in lines.items() if key[0].startswith("Z-")}
    assert amounts == {
        (agent.work_number, "E.staff"): ((2 * 20 + 89 * 2) * achieved).quantize(Decimal("0.01")),
        (crc.work_number, "E.staff"): ((20 + 89 * 2) * achieved * Decimal("1.3")).quantize(Decimal("0.01")),
        (manager.work_number, "F.manager"): Decimal("2675.42"),  # (2 000 + 194 538.03 × 0.005) × 90 %
        (manager.work_number, "F.daily"): Decimal("200.00"),
        (manager.work_number, "F.certification"): Decimal("100.00"),
        (manager.work_number, "F.seniority"): Decimal("200.00"),
    }
    assert [recompute(from_json(line.explanation)) for line in lines.values()] == [x.amount for x in lines.values()]
    counted = CountedRow.objects.filter(run=run, item="E.staff", kind="appointment")
    assert list(counted.order_by("order_number").values_list("receiver", "order_number")) == [
        (maker.work_number, order.number) for order, maker in zip(kept, (agent, agent, crc), strict=True)
    ]
    slips = {slip.staff.work_number: slip for slip in run.pay_slips.select_related("staff")}
    assert {number: slips[number].total_amount for number in before} == before  # nobody else's pay moved
    own = slips[manager.work_number]
    assert (own.base_amount, own.commission_amount, own.other_amount, own.total_amount) == (
        Decimal("6000.00"), Decimal("3175.42"), Decimal("512.34"), Decimal("8663.08"),
    )  # fmt: skip
    assert slips[clerk.work_number].total_amount == Decimal("2400.00")  # no commission, half a month of base pay
    kept_lines = PayLine.objects.filter(run=run)
    assert [recompute(from_json(line.explanation)) for line in kept_lines] == [line.amount for line in kept_lines]
    codes = {warning["code"] for warning in run.warnings}
    assert {"warn.incentive_waiting", "warn.measure_empty", "warn.rule_not_set"} <= codes
    assert "warn.incentive_unpaid" not in codes

    with pytest.raises(IntegrityError), transaction.atomic():
        run.pay_slips.update(total_amount=1)
    actions.approve_proposal(proposal=waiting, by=house[Role.DIRECTOR], at=MORNING + timedelta(hours=2))
    with pytest.raises(Refusal) as stopped:  # the draft doesn't know of it
        actions.review_run(run=run, by=manager, at=MORNING + timedelta(hours=2))
    assert stopped.value.code == "run_overtaken"
    run = compute(store, MORNING + timedelta(hours=3))
    assert run.pay_slips.get(staff=manager).total_amount == Decimal("9662.08")
    locked(run, house)
    for sql in (
        "UPDATE commission_payslip SET base_amount = base_amount + 1, total_amount = total_amount + 1",
        "UPDATE commission_payline SET amount = 0",
        "DELETE FROM commission_payline",
        "DELETE FROM commission_payslip",
        "TRUNCATE commission_payline",
        "TRUNCATE commission_payslip CASCADE",
        "INSERT INTO commission_payline (run_id, slip_id, position, kind, is_taken_off, amount, explanation) "
        "SELECT run_id, id, 9999, 'base', false, 1, '{}' FROM commission_payslip LIMIT 1",
    ):
        with pytest.raises(DatabaseError, match="locked"), transaction.atomic():
            connection.check_constraints()
            connection.cursor().execute(sql)


def test_key_indicators_and_places_are_measures_of_the_catalogue():
    assert all(MEASURES[code].goal and not MEASURES[code].is_ceiling for code in KEY_MEASURES)
    assert all(MEASURES[code].is_ceiling for code in PLACES)


# ── Pages and workbook ───────────────────────────────────────────────────────────────────────────────────────────────
def test_payroll_enters_pay_and_everybody_reads_their_own_statement_only(store, house, client):
    clerk, advisor = house[Role.FINANCE], Staff.objects.get(work_number="A01")
    client.force_login(clerk)
    page = reverse("commission:pay_items", args=[advisor.pk])
    typed = {"kind": "base", "amount": "3500", "starts_on": "2026-09-01", "reason": "定薪"}
    answer = client.post(page, typed | {"starts_on": "2001-01-01"})
    assert list(answer.context["form"].errors) == ["starts_on"]
    assert client.post(page, typed).url == page
    assert "3,500.00" in client.get(page).content.decode()
    assert client.post(reverse("commission:pay_items", args=[clerk.pk]), typed).context["form"].errors
    empty = client.get(reverse("commission:pay"), {"period": "2026-09"})
    assert (empty.context["run"], empty.context["totals"]) == (None, None)
    run = compute(store, MORNING + timedelta(days=400))
    slip = run.pay_slips.get(staff=advisor)
    shown = client.get(reverse("commission:pay"), {"period": "2026-09"}).content.decode()
    assert "4,191.77" in shown  # 3 500.00 + 691.77
    line = slip.lines.get()
    assert "3,500.00" in client.get(reverse("commission:pay_line", args=[line.pk])).content.decode()

    client.force_login(advisor)
    own = [reverse("commission:own_pay_slip", args=[slip.pk]), reverse("commission:own_pay_line", args=[line.pk])]
    assert [client.get(address).status_code for address in own] == [404, 404]  # a draft still moves
    actions.review_run(run=run, by=house[Role.MANAGER], at=MORNING + timedelta(days=401))
    assert [client.get(address).status_code for address in own] == [200, 200]
    assert own[0] in client.get(reverse("commission:own_pay")).content.decode()
    client.force_login(Staff.objects.get(work_number="A02"))
    assert [client.get(address).status_code for address in own] == [404, 404]


def test_the_workbook_for_payroll_adds_up_and_says_how(store, house):
    clerk, advisor = house[Role.FINANCE], Staff.objects.get(work_number="A01")
    pay_of(advisor, clerk, amount="3500.50", starts_on=date(2026, 9, 16))
    pay_of(advisor, clerk, "housing_fund", "120")
    run = compute(store)
    stream = BytesIO()
    to_xlsx(pay_report(store=store, period=SEPTEMBER, by=clerk, at=MORNING), stream)
    book = openpyxl.load_workbook(stream)
    assert book.sheetnames == ["工资", "项目", "说明"]
    rows = list(book["工资"].iter_rows(values_only=True))
    assert rows[0] == (
        "工号",
        "姓名",
        "岗位",
        "班组",
        "基本工资",
        "岗位工资",
        "技能工资",
        "补贴",
        "提成",
        "奖惩",
        "其他扣款",
        "工资合计",
    )
    paid = next(row for row in rows if row[0] == "A01")
    assert paid[2:] == ("业务接待", None, 1750.25, 0, 0, 0, 691.77, 0, 120, 2322.02)
    assert len(rows) == run.pay_slips.count() + 2  # headers and total
    items = [row for row in book["项目"].iter_rows(values_only=True) if row[0] == "A01"]
    assert [(row[2], row[4]) for row in items] == [("基本工资", 1750.25), ("住房公积金（个人）", -120)]
    assert book["工资"].freeze_panes == "A2"
    with pytest.raises(Refusal):
        pay_report(store=store, period=Period(2026, 1), by=clerk, at=MORNING)
