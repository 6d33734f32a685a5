"""Three-level inspection, internal rework, comebacks, the promise warning, consumables, deductions, bays."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from dealer_crm.journal.models import Entry
from dealer_crm.journal.queries import read_lines
from dealer_crm.notices.models import Notice
from dealer_crm.organization.actions import set_figure
from dealer_crm.values import Refusal, Stale
from reception.actions import settle
from reception.choices import OrderKind, OrderState
from reception.queries import story_of
from tests.factories.reception import MORNING, RepairOrderFactory
from tests.factories.workshop import (
    BayFactory,
    ComebackFactory,
    HourDeductionFactory,
    JobFactory,
)
from workshop import actions
from workshop.choices import InspectionLevel, InspectionResult, JobState, Responsibility
from workshop.models import ComebackDecision, ConsumableIssue, HourDeduction, Inspection, Job
from workshop.queries import levels_due_of
from workshop.settings import PROMISE_WARNING_MINUTES, TEAM_CHECK_KINDS

pytestmark = pytest.mark.django_db

NOON = MORNING + timedelta(hours=3)
PASSED, FAILED = InspectionResult.PASSED, InspectionResult.FAILED
FINAL, TEAM, SELF = InspectionLevel.FINAL, InspectionLevel.TEAM, InspectionLevel.SELF


@pytest.fixture
def car(people):
    """A car whose only job the technician finished an hour ago."""
    return finished_car(people)


def finished_car(people, **fields):
    order = RepairOrderFactory(store=people.store, advisor=people.advisor, state=OrderState.INSPECTION, **fields)
    JobFactory(order=order, team=people.mechanics, technician=people.technician, state=JobState.FINISHED)
    return order


def inspect(car, people, **fields):
    return actions.inspect_order(
        **{"order": car, "level": FINAL, "result": PASSED, "by": people.inspector, "at": NOON, **fields}
    )


def refused(deed, *args, **fields) -> str:
    with pytest.raises(Refusal) as caught:
        deed(*args, **fields)
    return caught.value.code


# ── Passed ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_final_inspection_makes_the_car_ready_and_the_moment_is_kept(people, car, heard):
    inspect(car, people, checklist={"试车正常": True})
    car.refresh_from_db()
    assert (car.state, car.completed_at) == (OrderState.READY, NOON)
    assert heard == [("repair_order_ready", {"order_id": car.pk, "at": NOON})]


@pytest.mark.parametrize("kind", [OrderKind.ACCIDENT, OrderKind.COMEBACK])
def test_some_types_need_the_team_leader_first(people, kind):
    original = (
        RepairOrderFactory(store=people.store, state=OrderState.DELIVERED) if kind == OrderKind.COMEBACK else None
    )
    car = finished_car(people, kind=kind, original=original)
    assert refused(inspect, car, people) == "out_of_turn"
    inspect(car, people, level=TEAM, by=people.second_technician)
    car.refresh_from_db()
    assert car.state == OrderState.INSPECTION
    inspect(car, people)
    car.refresh_from_db()
    assert car.state == OrderState.READY


def test_whoever_settles_too_early_reads_which_work_and_which_checks_are_missing(people):
    car = finished_car(people, kind=OrderKind.ACCIDENT)
    JobFactory(order=car, team=people.painters, name="右前门喷漆", state=JobState.ASSIGNED)

    def told() -> list[str]:
        with pytest.raises(Refusal) as caught:
            settle(order=car, by=people.cashier, at=NOON)
        return list(caught.value.details)

    assert told() == ["尚未完工：右前门喷漆。 还需检验：班组长检验、终检。"]
    car.jobs.update(state=JobState.FINISHED, finished_at=NOON - timedelta(minutes=10))
    inspect(car, people, level=TEAM)
    assert told() == ["还需检验：终检。"]


def test_which_types_need_it_is_a_figure_with_a_day(people, car):
    set_figure(
        figure=TEAM_CHECK_KINDS, store=people.store, value=["maintenance"], starts_on=date(2026, 10, 12),
        by=people.manager, at=MORNING,
    )  # fmt: skip
    assert levels_due_of(car) == (TEAM, FINAL)


def test_work_done_after_a_check_asks_for_the_check_again(people):
    car = finished_car(people, kind=OrderKind.ACCIDENT)
    inspect(car, people, level=TEAM, by=people.second_technician)
    JobFactory(
        order=car, team=people.mechanics, technician=people.technician, state=JobState.FINISHED,
        finished_at=NOON + timedelta(minutes=1), line=None,
    )  # fmt: skip
    assert levels_due_of(car) == (TEAM, FINAL)


def test_a_point_nobody_confirmed_does_not_pass(people, car):
    assert refused(inspect, car, people, checklist={"试车正常": False}) == "check_incomplete"
    assert Inspection.objects.filter(level=FINAL).count() == 0


# ── Who, and when ────────────────────────────────────────────────────────────────────────────────────────────────────
def test_nobody_does_the_final_inspection_of_their_own_work(people):
    people.inspector.roles = ["inspector", "technician"]
    people.inspector.save()
    order = RepairOrderFactory(store=people.store, state=OrderState.INSPECTION)
    JobFactory(order=order, team=people.mechanics, technician=people.inspector, state=JobState.FINISHED)
    assert refused(inspect, order, people) == "own_work"


@pytest.mark.parametrize("who", ["technician", "second_technician", "workshop", "advisor"])
def test_the_final_inspection_is_the_inspectors(people, car, who):
    assert refused(inspect, car, people, by=getattr(people, who)) == "not_entitled"


def test_the_team_check_is_made_by_the_leader_of_a_team_that_worked_on_the_car(people):
    car = finished_car(people, kind=OrderKind.ACCIDENT)
    assert refused(inspect, car, people, level=TEAM, by=people.technician) == "not_entitled"
    assert inspect(car, people, level=TEAM, by=people.second_technician).inspected_by == people.second_technician


def test_the_self_check_belongs_to_finishing_the_job(people, car):
    assert refused(inspect, car, people, level=SELF) == "out_of_turn"


@pytest.mark.parametrize("state", [OrderState.OPEN, OrderState.IN_PROGRESS, OrderState.WAITING, OrderState.READY])
def test_a_car_is_inspected_when_its_work_is_done_and_once(people, state):
    order = RepairOrderFactory(store=people.store, state=state)
    assert refused(inspect, order, people) == "wrong_state"


def test_an_unfinished_job_keeps_the_car_from_inspection(people, car):
    JobFactory(order=car, team=people.mechanics, technician=people.technician, line=None)
    assert refused(inspect, car, people) == "wrong_state"


def test_who_saw_an_older_order_inspects_nothing(people, car):
    with pytest.raises(Stale):
        inspect(car, people, expected_version=car.version + 1)


# ── Failed ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_failed_inspection_is_an_unpaid_rework_of_the_person_who_answers(people, car, heard):
    failed = inspect(car, people, result=FAILED, defects="机油滤芯渗油", responsible=people.technician)
    car.refresh_from_db()
    rework = Job.objects.get(is_rework=True)
    assert (car.state, car.completed_at) == (OrderState.IN_PROGRESS, None)
    assert (rework.technician, rework.team, rework.line, rework.standard_hours, rework.caused_by, rework.state) == (
        people.technician, people.mechanics, None, Decimal(0), failed, JobState.ASSIGNED,
    )  # fmt: skip
    assert heard == [("inspection_failed", {"inspection_id": failed.pk, "order_id": car.pk, "at": NOON})]


def test_a_redone_car_passes(people, car):
    inspect(car, people, result=FAILED, defects="机油滤芯渗油", responsible=people.technician)
    rework = Job.objects.get(is_rework=True)
    actions.start_job(job=rework, by=people.technician, at=NOON)
    actions.finish_job(job=rework, by=people.technician, at=NOON + timedelta(minutes=20))
    inspect(car, people, at=NOON + timedelta(minutes=30))
    car.refresh_from_db()
    assert (car.state, car.completed_at) == (OrderState.READY, NOON + timedelta(minutes=30))


def test_hours_of_a_redo_can_never_be_paid(people, car):
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(order=car, name="返工", is_rework=True, team=people.mechanics, standard_hours=1)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"defects": " "}, "defects_missing"),
        ({"defects": "渗油", "responsible": None}, "responsible_missing"),
        ({"defects": "渗油", "responsible": "second_technician"}, "refused"),
    ],
)
def test_a_failure_says_what_and_names_who_did_it(people, car, fields, code):
    fields = {"responsible": "technician"} | fields
    responsible = fields.pop("responsible")
    responsible = getattr(people, responsible) if responsible else None
    assert refused(inspect, car, people, result=FAILED, responsible=responsible, **fields) == code
    car.refresh_from_db()
    assert (car.state, Job.objects.filter(is_rework=True).count()) == (OrderState.INSPECTION, 0)


# ── Comebacks ────────────────────────────────────────────────────────────────────────────────────────────────────────
def decide(order, people, **fields):
    return actions.decide_comeback(
        **{
            "order": order, "is_accepted": True, "responsibility": Responsibility.TEAM, "team": people.mechanics,
            "standard": "三十日内同一故障", "by": people.inspector, "at": NOON,
            "original_line": order.original.lines.first() if order.original else None, **fields,
        }
    )  # fmt: skip


def test_a_comeback_is_decided_by_a_written_standard_and_names_who_answers(people, heard):
    order = ComebackFactory(store=people.store)
    decision = decide(order, people)
    assert (decision.is_accepted, decision.team, decision.decided_by) == (True, people.mechanics, people.inspector)
    assert heard == [("comeback_decided", {"order_id": order.pk, "at": NOON})]


def test_a_second_decision_replaces_the_first_and_both_stand_in_the_journal(people):
    order = ComebackFactory(store=people.store)
    decide(order, people)
    decide(order, people, responsibility=Responsibility.TECHNICIAN, technician=people.technician)
    decision = ComebackDecision.objects.get()
    again = Entry.objects.get(verb="comeback.decided_again")
    told = [line for line in read_lines([again])[0].changes if line[0] == "责任方"]
    assert told == [("责任方", Responsibility.TEAM.label, Responsibility.TECHNICIAN.label)]
    assert f"责任方: {Responsibility.TEAM.label} → {Responsibility.TECHNICIAN.label}" in story_of(order)[0].detail
    assert (decision.team, decision.technician) == (None, people.technician)
    assert again.changes["responsibility"] == ["team", "technician"]


@pytest.mark.parametrize(
    "fields",
    [
        {"standard": "  "},
        {"team": None},
        {"responsibility": Responsibility.TECHNICIAN},
        {"is_accepted": False},
    ],
)
def test_half_a_decision_is_refused(people, fields):
    with pytest.raises(Refusal):
        decide(ComebackFactory(store=people.store), people, **fields)


def test_only_comebacks_are_decided_and_only_the_own_store_answers(people, others):
    assert refused(decide, RepairOrderFactory(store=people.store), people) == "no_comeback"
    with pytest.raises(Refusal):
        decide(ComebackFactory(store=people.store), people, team=others.mechanics)


# ── Promise at risk ──────────────────────────────────────────────────────────────────────────────────────────────────
def promised(people, minutes, **fields):
    fields = {"state": OrderState.IN_PROGRESS, "advisor": people.advisor} | fields
    return RepairOrderFactory(store=people.store, promised_at=NOON + timedelta(minutes=minutes), **fields)


@pytest.mark.parametrize(
    ("minutes", "state", "warned"),
    [
        (31, OrderState.IN_PROGRESS, False),
        (30, OrderState.IN_PROGRESS, True),
        (30, OrderState.OPEN, True),
        (30, OrderState.WAITING, True),
        (30, OrderState.INSPECTION, True),
        (30, OrderState.READY, False),
        (30, OrderState.DELIVERED, False),
        (-10, OrderState.IN_PROGRESS, True),
    ],
)
def test_the_advisor_is_told_half_an_hour_before_a_promise_that_will_be_missed(people, heard, minutes, state, warned):
    order = promised(people, minutes, state=state)
    assert actions.warn_of_promise(order=order, at=NOON) is warned
    assert [notice.recipient for notice in Notice.objects.all()] == [people.advisor] * warned
    assert heard == [("promise_at_risk", {"order_id": order.pk, "at": NOON})] * warned


def test_one_promise_is_warned_of_once_and_a_new_promise_anew(people, heard):
    order = promised(people, 20)
    for _ in range(3):
        actions.warn_of_promise(order=order, at=NOON)
    order.promised_at += timedelta(minutes=5)
    order.save()
    actions.warn_of_promise(order=order, at=NOON)
    assert (Notice.objects.count(), len(heard)) == (2, 2)


def test_without_an_advisor_the_front_desk_is_told(people):
    actions.warn_of_promise(order=promised(people, 20, advisor=None), at=NOON)
    assert [notice.recipient for notice in Notice.objects.all()] == [people.frontdesk]


def test_how_early_is_a_figure_of_the_store(people):
    set_figure(
        figure=PROMISE_WARNING_MINUTES, store=people.store, value=60, starts_on=date(2026, 10, 1), by=people.manager,
        at=MORNING,
    )  # fmt: skip
    assert actions.warn_of_promise(order=promised(people, 55), at=NOON) is True


# ── Consumables ──────────────────────────────────────────────────────────────────────────────────────────────────────
def issue(people, **fields):
    return actions.issue_consumables(
        **{
            "team": people.mechanics,
            "name": "清洗剂",
            "quantity": Decimal(2),
            "amount": Decimal("35.5"),
            "issued_on": MORNING.date(),
            "issued_to": people.technician,
            "by": people.workshop,
            "at": NOON,
            **fields,
        }
    )


def test_consumables_are_signed_out_with_a_number_of_their_own(people):
    assert [issue(people).number, issue(people).number] == ["FLBJ01-261012-0001", "FLBJ01-261012-0002"]
    assert ConsumableIssue.objects.values_list("amount", flat=True)[0] == Decimal("35.50")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"quantity": Decimal(0)}, "quantity"),
        ({"amount": Decimal(0)}, "amount"),
        ({"amount": Decimal(-1)}, "amount"),
        ({"issued_on": date(2026, 10, 13)}, "issued_on"),
    ],
)
def test_impossible_issues_are_refused(people, fields, field):
    with pytest.raises(Refusal) as caught:
        issue(people, **fields)
    assert caught.value.field == field


def test_consumables_go_to_people_of_the_house(people, others):
    with pytest.raises(Refusal) as caught:
        issue(people, issued_to=others.technician)
    assert caught.value.field == "issued_to"


# ── Hour deductions ──────────────────────────────────────────────────────────────────────────────────────────────────
def deduct(people, **fields):
    return actions.deduct_hours(
        **{
            "staff": people.technician, "deducted_on": MORNING.date(), "hours": Decimal("1.5"), "reason": "漏检",
            "by": people.workshop, "at": NOON, **fields,
        }
    )  # fmt: skip


def test_a_deduction_counts_after_somebody_else_approved_it(people):
    deduction = deduct(people)
    assert (deduction.number, HourDeduction.objects.approved().count()) == ("KGBJ01-261012-0001", 0)
    actions.approve_deduction(deduction=deduction, by=people.manager, at=NOON)
    assert HourDeduction.objects.approved().get().approved_by == people.manager


def test_a_declined_deduction_never_counts(people):
    deduction = deduct(people)
    actions.decline_deduction(deduction=deduction, reason="责任不清", by=people.manager, at=NOON)
    assert refused(actions.approve_deduction, deduction=deduction, by=people.manager, at=NOON) == "decided"
    assert HourDeduction.objects.approved().count() == 0


def test_declining_says_why(people):
    with pytest.raises(Refusal):
        actions.decline_deduction(deduction=deduct(people), reason="", by=people.manager, at=NOON)


@pytest.mark.parametrize("who", ["workshop", "technician"])
def test_neither_who_entered_it_nor_whom_it_concerns_decides(people, who):
    assert refused(
        actions.approve_deduction, deduction=deduct(people), by=getattr(people, who), at=NOON
    ) == "four_eyes"  # fmt: skip


@pytest.mark.parametrize(
    ("by", "how"), [("manager", "approved"), ("technician", "approved"), ("manager", "declined"), (None, "approved")]
)
def test_the_database_asks_for_four_eyes_too(people, by, how):
    decided = {f"{how}_by": by and getattr(people, by), f"{how}_at": NOON, "decline_reason": "责任不清"}
    with pytest.raises(IntegrityError, match="hourdeduction_"), transaction.atomic():
        HourDeductionFactory(staff=people.technician, entered_by=people.manager, **decided)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"hours": Decimal(0)}, "hours"),
        ({"hours": Decimal(1000)}, "hours"),
        ({"reason": " "}, "reason"),
        ({"deducted_on": date(2026, 10, 13)}, "deducted_on"),
    ],
)
def test_impossible_deductions_are_refused(people, fields, field):
    with pytest.raises(Refusal) as caught:
        deduct(people, **fields)
    assert caught.value.field == field


# ── Bays ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_bays_are_named_once_per_store(people, others):
    actions.open_bay(store=people.store, name="1 号", by=people.workshop, at=NOON)
    actions.open_bay(store=others.store, name="1 号", by=others.workshop, at=NOON)
    with pytest.raises(Refusal):
        actions.open_bay(store=people.store, name=" 1 号 ", by=people.workshop, at=NOON)


def test_a_bay_is_renamed_and_put_out_of_use(people):
    bay = BayFactory(store=people.store, name="1 号")
    actions.change_bay(bay=bay, name="举升机 1", is_active=False, by=people.workshop, at=NOON)
    bay.refresh_from_db()
    assert (bay.name, bay.is_active) == ("举升机 1", False)
