"""A month's run: from the workbook to locked pay. The example month comes out to the fen, typed neatly or messily."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from commission import actions
from commission.choices import PlanState, RunState
from commission.formulas.explanation import from_json, recompute
from commission.models import Adjustment, CountedRow, Plan, PlanVersion, Run, Statement, StatementLine
from commission.queries import (
    explanation_of,
    missing_for,
    month_facts,
    own_statements,
    version_in_force,
    warnings_of,
)
from dealer_crm.access.roles import Role
from dealer_crm.appraisal.actions import set_score
from dealer_crm.journal.models import Entry
from dealer_crm.kpi.actions import set_target
from dealer_crm.kpi.models import Target
from dealer_crm.organization.actions import change_person, change_position
from dealer_crm.organization.models import Staff, Store
from dealer_crm.values import Period, Refusal, Stale
from tests.factories import cast
from tests.factories.organization import StaffFactory
from tests.factories.reception import MORNING
from tests.importing.workbooks import MONTHS, month_tables, take_in, written

SEPTEMBER = Period(2026, 9)
EXPECTED = json.loads((MONTHS / "2026-09" / "expected.json").read_text())

pytestmark = pytest.mark.django_db


@pytest.fixture
def store(example_month):
    """The store of the example month, as it is after the import."""
    return Store.objects.get(code=EXPECTED["store"])


@pytest.fixture
def run(store):
    return actions.compute_run(store=store, period=SEPTEMBER, by=None, at=MORNING)


@pytest.fixture
def people(store):
    """A manager, a station manager and a payroll clerk of any house: actions ask who, pages ask whether they may."""
    return cast.of_second_store()


def paid(run) -> dict[str, str]:
    return {slip.staff.work_number: str(slip.net_amount) for slip in run.statements.select_related("staff")}


@pytest.mark.parametrize("name", ["2026-09/month.xlsx", "2026-09/month-messy.xlsx"])
def test_the_example_month_is_paid_to_the_fen_however_it_was_typed(name):
    take_in(written(month_tables(name)))
    run = actions.compute_run(store=Store.objects.get(), period=SEPTEMBER, by=None, at=MORNING)
    assert paid(run) == {number: person["net"] for number, person in EXPECTED["people"].items()}


def test_the_pool_shows_the_figures_of_the_month(run):
    shown = {figure["name"]: Decimal(figure["explanation"]["amount"]) for figure in run.figures["pool"]}
    expected = {name: Decimal(str(value)) for name, value in EXPECTED["pool"].items()}
    assert {name: shown[name] for name in expected} == expected


def test_every_kept_amount_comes_out_of_its_stored_explanation_alone(run):
    kept = [(line.amount, line.explanation) for line in run.lines.all()]
    assert kept
    assert [recompute(from_json(explanation)) for _amount, explanation in kept] == [amount for amount, _e in kept]


def test_the_statement_adds_up_to_its_lines(run):
    for slip in run.statements.prefetch_related("lines"):
        by_kind = {kind: Decimal(0) for kind in ("item", "deduction", "adjustment")}
        for line in slip.lines.all():
            by_kind[line.kind] += line.amount
        assert by_kind["item"] == slip.gross_amount
        assert by_kind["deduction"] == slip.complaint_amount + slip.appraisal_amount


def test_computing_a_draft_again_replaces_it_and_changes_nothing_else(run, store):
    before = list(run.lines.order_by("position").values_list("item", "amount"))
    again = actions.compute_run(store=store, period=SEPTEMBER, by=None, at=MORNING + timedelta(hours=1))
    assert again.pk == run.pk
    assert Run.objects.count() == 1
    assert list(again.lines.order_by("position").values_list("item", "amount")) == before


def test_a_missing_target_stops_the_run_by_name_and_nothing_is_written(store):
    Target.objects.filter(measure="car_count").delete()
    with pytest.raises(Refusal) as stopped:
        actions.compute_run(store=store, period=SEPTEMBER, by=None, at=MORNING)
    assert stopped.value.code == "month_incomplete"
    assert len(stopped.value.details) == 1
    assert Run.objects.count() == 0
    assert [item.url for item in missing_for(store, SEPTEMBER)] == ["/kpi/targets/?period=2026-09"]


def test_an_unsigned_target_stops_the_run(store):
    Target.objects.filter(measure="output").update(is_signed=False)
    with pytest.raises(Refusal):
        actions.compute_run(store=store, period=SEPTEMBER, by=None, at=MORNING)


def test_the_facts_of_a_month_cost_the_same_number_of_queries_whatever_its_size(store, django_assert_max_num_queries):
    with django_assert_max_num_queries(24):
        month_facts(store, SEPTEMBER, measures=())


def test_a_run_goes_from_draft_over_review_and_approval_to_lock(run, people):
    actions.review_run(run=run, by=people.manager, at=MORNING)
    actions.approve_run(run=run, by=people.director, at=MORNING)
    locked = actions.lock_run(run=run, by=people.finance, at=MORNING)
    assert locked.state == RunState.LOCKED
    assert (locked.reviewed_by, locked.approved_by, locked.locked_by) == (
        people.manager,
        people.director,
        people.finance,
    )
    verbs = Entry.objects.filter(subject_type="commission.run").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["run.computed", "run.reviewed", "run.approved", "run.locked"]


@pytest.mark.parametrize("step", [actions.approve_run, actions.lock_run])
def test_no_step_of_a_run_can_be_skipped(run, people, step):
    with pytest.raises(Refusal):
        step(run=run, by=people.director, at=MORNING)


def test_whoever_reviewed_a_run_cannot_approve_it(run, people):
    actions.review_run(run=run, by=people.director, at=MORNING)
    with pytest.raises(Refusal):
        actions.approve_run(run=run, by=people.director, at=MORNING)


def test_a_draft_that_a_target_or_a_position_has_overtaken_is_computed_again_before_its_review(run, store, people):
    staff, later = Staff.objects.get(work_number="A02"), MORNING + timedelta(hours=1)
    deeds = (
        lambda: set_target(
            store=store, period=SEPTEMBER, measure="output", goal=Decimal(1), by=people.manager, at=later
        ),
        lambda: change_position(
            staff=staff, starts_on=date(2026, 9, 15), post="advisor", team=None, coefficient=Decimal("0.5"),
            by=people.admin, at=later,
        ),
        lambda: change_person(staff=staff, regularised_on=date(2026, 9, 2), by=people.admin, at=later),
    )  # fmt: skip
    for deed in deeds:
        with transaction.atomic():
            deed()
            with pytest.raises(Refusal) as stopped:
                actions.review_run(run=run, by=people.manager, at=later)
            assert stopped.value.code == "run_overtaken"
            transaction.set_rollback(True)
    assert actions.review_run(run=run, by=people.manager, at=later).state == RunState.REVIEWED
    with pytest.raises(Refusal) as stopped:  # people check their slips by it
        deeds[0]()
    assert stopped.value.code == "pay_locked"
    sheet = month_tables()["月度目标"]
    changed = take_in(written({"月度目标": [sheet[0], [*sheet[1][:-2], 1, sheet[1][-1]]]}))
    added = take_in(written({"月度目标": [sheet[0], [store.code, "2026-09", "毛利", None, 100, "是"]]}))
    assert [[problem.sheet for problem in book.problems] for book in (changed, added)] == [["月度目标"], ["月度目标"]]


def test_a_run_somebody_changed_in_the_meantime_is_not_moved_on(run, people):
    with pytest.raises(Stale):
        actions.review_run(run=run, by=people.manager, at=MORNING, version=run.version + 1)


def test_a_reviewed_run_is_not_computed_again_until_it_is_sent_back_with_a_reason(run, store, people):
    actions.review_run(run=run, by=people.manager, at=MORNING)
    with pytest.raises(Refusal):
        actions.compute_run(store=store, period=SEPTEMBER, by=None, at=MORNING)
    with pytest.raises(Refusal):
        actions.return_run(run=run, reason=" ", by=people.director, at=MORNING)
    actions.return_run(run=run, reason="考核成绩录错", by=people.director, at=MORNING)
    assert actions.compute_run(store=store, period=SEPTEMBER, by=None, at=MORNING).state == RunState.DRAFT


def test_people_see_their_own_slip_once_the_run_is_reviewed(run, people):
    advisor = Staff.objects.get(work_number="A01")
    assert list(own_statements(advisor)) == []
    actions.review_run(run=run, by=people.manager, at=MORNING)
    assert [str(slip.net_amount) for slip in own_statements(advisor)] == [EXPECTED["people"]["A01"]["net"]]


@pytest.fixture
def locked(run, people):
    actions.review_run(run=run, by=people.manager, at=MORNING)
    actions.approve_run(run=run, by=people.director, at=MORNING)
    return actions.lock_run(run=run, by=people.finance, at=MORNING)


@pytest.mark.parametrize(
    "change",
    [
        lambda run: Run.objects.filter(pk=run.pk).update(net_total_amount=1),
        lambda run: Run.objects.filter(pk=run.pk).update(state=RunState.DRAFT),
        lambda run: run.statements.update(complaint_amount=0),
        lambda run: run.lines.update(amount=0),
        lambda run: run.lines.all().delete(),
        lambda run: CountedRow.objects.filter(run=run).update(counted=0),
        lambda run: Statement.objects.filter(run=run).delete(),
        lambda run: run.delete(),
        lambda run: connection.cursor().execute("UPDATE commission_statementline SET amount = amount + 1"),
        lambda run: connection.cursor().execute("TRUNCATE commission_statementline CASCADE"),
        lambda run: StatementLine.objects.create(
            run=run, statement=run.statements.first(), position=9999, item="X", name="X", amount=1, explanation={}
        ),
    ],
)
def test_a_locked_run_is_changed_by_no_way_into_the_database(locked, change):
    connection.check_constraints()  # nothing deferred is left to be the reason
    with pytest.raises(DatabaseError, match="locked"), transaction.atomic():
        change(locked)


def test_a_locked_month_takes_no_score_and_no_adjustment(locked, store, people):
    staff = Staff.objects.get(work_number="A02")
    with pytest.raises(Refusal):
        set_score(staff=staff, period=SEPTEMBER, score=Decimal(90), by=people.manager, at=MORNING)
    with pytest.raises(Refusal):
        actions.add_adjustment(
            store=store,
            period=SEPTEMBER,
            staff=staff,
            amount=Decimal(100),
            reason="奖励",
            by=people.manager,
            at=MORNING,
        )


def test_an_adjustment_counts_once_another_person_has_approved_it(store, people):
    staff = Staff.objects.get(work_number="A02")
    proposed = actions.add_adjustment(
        store=store,
        period=SEPTEMBER,
        staff=staff,
        amount=Decimal("-50.00"),
        reason="丢失工具",
        by=people.manager,
        at=MORNING,
    )
    waiting = actions.compute_run(store=store, period=SEPTEMBER, by=None, at=MORNING)
    assert Statement.objects.get(staff=staff).net_amount == Decimal(EXPECTED["people"]["A02"]["net"])
    told = [text for text, _url in warnings_of(waiting, people.finance) if "丢失工具" in text]
    assert told == [f"A02 {staff.name} 的调整 -50.00 元（丢失工具）未审批，不计发。"]
    with pytest.raises(Refusal):
        actions.approve_proposal(proposal=proposed, by=people.manager, at=MORNING)
    actions.approve_proposal(proposal=proposed, by=people.director, at=MORNING)
    again = actions.compute_run(store=store, period=SEPTEMBER, by=None, at=MORNING)
    assert Statement.objects.get(staff=staff).net_amount == Decimal(EXPECTED["people"]["A02"]["net"]) - 50
    assert "丢失工具" in explanation_of(again.lines.get(item="adjustment").explanation).sentence
    assert Adjustment.objects.get().approved_by == people.director


def test_an_adjustment_is_declined_with_a_reason_and_decided_in_a_draft_only(run, store, people):
    staff = Staff.objects.get(work_number="A02")
    staff.store = people.store  # has moved on since: what is owed for September is owed here
    given = {"store": store, "period": SEPTEMBER, "staff": staff, "by": people.manager, "at": MORNING}
    first, second = (actions.add_adjustment(amount=Decimal(sum_), reason="奖励", **given) for sum_ in (100, 200))
    with pytest.raises(Refusal):
        actions.decline_proposal(proposal=first, reason=" ", by=people.director, at=MORNING)
    actions.decline_proposal(proposal=first, reason="重复", by=people.director, at=MORNING)
    actions.review_run(run=run, by=people.manager, at=MORNING)
    refused = []
    for adjustment in (first, second):
        with pytest.raises(Refusal) as stopped:
            actions.approve_proposal(proposal=adjustment, by=people.director, at=MORNING)
        refused.append(stopped.value.code)
    assert refused == ["decided", "run_reviewed"]


def test_a_month_with_a_temporary_coefficient_is_paid_by_days_and_says_so(run, store, people):
    own = run.lines.filter(item="C.share").select_related("statement__staff").order_by("position").first()
    staff, team = own.statement.staff, own.statement.team
    factors = dict(run.lines.filter(item="C.share", statement__team=team).values_list("statement__staff", "factor"))
    pool = sum(run.lines.filter(item="C.share", statement__team=team).values_list("amount", flat=True))
    asked = actions.ask_for_change(
        staff=staff, starts_on=date(2026, 9, 1), ends_on=date(2026, 9, 12), coefficient=Decimal("0.6"),
        reason="支援钣喷", by=StaffFactory(role=Role.WORKSHOP, store=store), at=MORNING,
    )  # fmt: skip
    waiting = actions.compute_run(store=store, period=SEPTEMBER, by=None, at=MORNING)
    pointed_at = [kept["subject"] for kept in waiting.warnings if kept["code"] == "warn.coefficient_waiting"]
    assert pointed_at == [staff.work_number]
    assert waiting.lines.get(item="C.share", statement__staff=staff).amount == own.amount
    later = MORNING + timedelta(hours=1)
    actions.approve_change(change=asked, by=people.director, at=later)
    with pytest.raises(Refusal) as stopped:  # the draft doesn't know of it
        actions.review_run(run=waiting, by=people.manager, at=later)
    assert stopped.value.code == "run_overtaken"
    again = actions.compute_run(store=store, period=SEPTEMBER, by=None, at=later)
    paid_by_days = again.lines.get(item="C.share", statement__staff=staff)
    factors[staff.pk] = (12 * Decimal("0.6") + 18 * own.factor) / 30
    assert abs(paid_by_days.amount - pool * factors[staff.pk] / sum(factors.values())) < Decimal("0.01")
    assert paid_by_days.amount < own.amount
    lines = again.lines.filter(item="C.share", statement__team=team)
    assert sum(line.amount for line in lines) == pool
    assert [recompute(from_json(line.explanation)) for line in lines] == [line.amount for line in lines]
    assert "09-01 – 09-12 支援钣喷" in explanation_of(paid_by_days.explanation).sentence
    actions.review_run(run=again, by=people.manager, at=later)
    with pytest.raises(Refusal, match="2026-09"):  # what people check is what they are paid
        actions.revoke_change(change=asked, reason="误批", by=people.director, at=later)


def test_rules_that_nobody_could_have_approved_here_pay_nobody_and_say_why(run, store):
    """Written into the database by another way: tiers with a hole, shares of 110 %, no rules at all."""
    for place, (code, change) in enumerate(
        (
            ("A.complaints", lambda block: block["tiers"].pop(1)),
            ("A.accessories", lambda block: block["installed"][0].update(share="0.7")),
            ("C", lambda block: block.clear()),
        )
    ):
        rules = PlanVersion.objects.get(plan__store=store, number=1).rules
        change(next(block for block in rules["blocks"] if block.get("code") == code))
        PlanVersion.objects.create(
            plan=Plan.objects.get(store=store), number=7 + place, starts_period=f"2026-0{7 + place}", rules=rules,
            state=PlanState.APPROVED, approved_at=MORNING, created_at=MORNING,
        )  # fmt: skip
        with pytest.raises(Refusal) as stopped:
            actions.compute_run(store=store, period=SEPTEMBER, by=None, at=MORNING)
        assert (stopped.value.code, code) == ("plan_mistaken", code)
    run.refresh_from_db()
    assert run.lines.exists()


# ── Plans ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_store_is_paid_by_the_shipped_plan_until_it_has_its_own(run, store):
    assert version_in_force(store, SEPTEMBER).number == 1
    assert [(v.number, v.state) for v in PlanVersion.objects.order_by("number")] == [
        (1, PlanState.APPROVED),
        (2, PlanState.DRAFT),
    ]


def test_the_second_version_pays_by_the_divisor_of_1_13_from_its_month_on(run, store, people):
    second = PlanVersion.objects.get(number=2)
    actions.approve_version(version=second, by=people.director, at=MORNING, without_dry_run=True)
    following = Period.parse(second.starts_period)
    assert version_in_force(store, following.previous()).number == 1
    assert version_in_force(store, following).number == 2


def test_a_version_cannot_start_in_a_locked_month(locked, store, people):
    plan = Plan.objects.get(store=store)
    rules = {**plan.versions.get(number=2).rules, "starts": str(SEPTEMBER)}
    version = PlanVersion.objects.create(
        plan=plan, number=3, starts_period=str(SEPTEMBER), rules=rules, created_at=MORNING, created_by=people.finance
    )
    with pytest.raises(Refusal):
        actions.approve_version(version=version, by=people.director, at=MORNING)


def test_no_way_into_the_database_adopts_a_version_for_a_locked_month(locked, store):
    connection.check_constraints()
    draft = PlanVersion.objects.get(plan__store=store, number=2)
    for starts in (str(SEPTEMBER), "2026-01"):
        with pytest.raises(DatabaseError, match="locked"), transaction.atomic():
            PlanVersion.objects.filter(pk=draft.pk).update(
                state=PlanState.APPROVED, approved_at=MORNING, starts_period=starts
            )
    assert PlanVersion.objects.filter(pk=draft.pk).update(state=PlanState.APPROVED, approved_at=MORNING) == 1


def test_an_approved_version_cannot_be_changed_or_put_back(run, store):
    version = version_in_force(store, SEPTEMBER)
    for change in ({"state": PlanState.DRAFT}, {"rules": {}}):
        with pytest.raises(DatabaseError, match="approved"), transaction.atomic():
            PlanVersion.objects.filter(pk=version.pk).update(**change)
