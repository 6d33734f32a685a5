"""What changes after a month is locked: signed lines in the next open month, by recomputation, once."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from commission import actions
from commission.choices import LateCause, LineKind
from commission.formulas.explanation import from_json, recompute
from commission.formulas.month import compute_month
from commission.formulas.plan import plan_from_json
from commission.models import Correction, LateChange, Run, StatementLine
from commission.queries import corrected_months, month_facts
from commission.queries.corrections import changed_since, month_again
from commission.queries.facts_posts import measures_of
from commission.reports import commission_report
from complaints.events import complaint_verified, judgement_lifted
from complaints.models import Complaint
from dealer_crm.appraisal.models import Score
from dealer_crm.celery import app
from dealer_crm.journal import actions as journal
from dealer_crm.kpi.models import Target
from dealer_crm.organization.models import Position, Staff, Store
from dealer_crm.values import Period, Refusal
from reception.events import receipt_entered, repair_orders_imported, settlement_created
from reception.models import OrderLine, Receipt, RepairOrder, Settlement
from tests.factories import cast
from workshop.events import (
    comeback_decided,
    consumables_issued,
    hours_deducted,
    labour_shared,
    repair_order_ready,
)
from workshop.models import ConsumableIssue, HourDeduction

SEPTEMBER, OCTOBER, NOVEMBER = Period(2026, 9), Period(2026, 10), Period(2026, 11)
LOCKED_AT = datetime(2026, 10, 13, 2, tzinfo=UTC)
LATER = LOCKED_AT + timedelta(days=7)
OVER, LONG_OVER = datetime(2026, 11, 3, 2, tzinfo=UTC), datetime(2026, 12, 3, 2, tzinfo=UTC)
"""October is over; November is."""


pytestmark = pytest.mark.django_db


@pytest.fixture
def store(example_month):
    return Store.objects.get(code="GD81")


@pytest.fixture
def people(store):
    return cast.of_second_store()


@pytest.fixture
def september(store, people):
    """September, locked; October and November have targets and scores."""
    run = lock(store, SEPTEMBER, people, LOCKED_AT)
    for month in (OCTOBER, NOVEMBER):
        for model, name in ((Target, "period"), (Score, "period")):
            for row in model.objects.filter(period=str(SEPTEMBER)):
                row.pk = None
                setattr(row, name, str(month))
                row.save(force_insert=True)
        known = Score.objects.filter(period=str(month)).first()
        known.pk, known.staff = None, Staff.objects.get(work_number="A06")  # regular since October
        known.save(force_insert=True)
    return run


def lock(store, period, people, at) -> Run:
    run = actions.compute_run(store=store, period=period, by=None, at=at)
    actions.review_run(run=run, by=people.manager, at=at)
    actions.approve_run(run=run, by=people.director, at=at)
    return actions.lock_run(run=run, by=people.finance, at=at)


def paid_in(period, only=(LineKind.ITEM, LineKind.DEDUCTION)) -> dict[tuple[str, str], Decimal]:
    """What a month has paid, corrections made for it anywhere included: (person, item) → effect on pay."""
    sums = defaultdict(Decimal)
    for line in StatementLine.objects.select_related("statement__staff", "run", "correction__corrected_run"):
        month = line.correction.corrected_run.period if line.correction else line.run.period
        if month == str(period) and (line.correction or line.kind in only):
            sign = -1 if line.kind == LineKind.DEDUCTION else 1
            sums[line.statement.staff.work_number, line.item] += sign * line.amount
    return {key: amount for key, amount in sums.items() if amount}


def truth_of(run) -> dict[tuple[str, str], Decimal]:
    """What the month comes to with today's facts and its own plan version."""
    plan = plan_from_json(run.plan_version.rules)
    result = compute_month(month_facts(run.store, Period.parse(run.period), measures_of(plan)), plan)
    sums = defaultdict(Decimal)
    for line in result.lines:
        if line.kind != "adjustment":
            sums[line.staff, line.code] += -line.amount if line.kind == "deduction" else line.amount
    return {key: amount for key, amount in sums.items() if amount}


# ── What changed, and what it does ───────────────────────────────────────────────────────────────────────────────────
def receipt_booked_late(store):
    order = RepairOrder.objects.get(number="GD81-00137")
    late = Receipt.objects.filter(order=order).first()
    late.pk, late.number, late.received_on, late.amount = None, "R-LATE", date(2026, 9, 28), Decimal("800.00")
    late.save(force_insert=True)
    actions.note_changed_receipt(receipt=late, at=LATER)


def hours_of_another_team(store):
    line = OrderLine.objects.get(order__number="GD81-00137", number=1)
    line.team = store.teams.get(name="机电一组")
    line.save()
    actions.note_changed_order(order=line.order, cause=LateCause.INSPECTION, at=LATER)


def inspected_again_in_october(store):
    order = RepairOrder.objects.get(number="GD81-00137")
    RepairOrder.objects.filter(pk=order.pk).update(completed_at=LATER)
    actions.note_changed_order(order=order, cause=LateCause.INSPECTION, at=LATER)


def judgement_overturned(store):
    lift("P001")


def another_to_blame(store):
    complaint = Complaint.objects.get(number="P003")
    complaint.responsibilities.update(staff=Staff.objects.get(work_number="A02"))
    Complaint.objects.filter(pk=complaint.pk).update(verified_at=LATER)
    actions.note_judged_complaint(complaint=complaint, cause=LateCause.JUDGEMENT, at=LATER)


def consumables_of_september(store):
    issue = ConsumableIssue.objects.filter(issued_on__month=9).first()
    issue.pk, issue.number, issue.amount = None, "FL-LATE", Decimal("117.00")
    issue.save(force_insert=True)


def hours_deducted_in_september(store):
    deduction = HourDeduction.objects.filter(deducted_on__month=9, staff__work_number="T02").first()
    HourDeduction.objects.filter(pk=deduction.pk).update(hours=deduction.hours + 1)


def coefficient_was_wrong(store):
    Position.objects.filter(staff__work_number="T03").update(coefficient=Decimal("1.1"))


def never_was_an_advisor(store):
    Position.objects.filter(staff__work_number="A04").update(post="technician", coefficient=Decimal(0))


def came_from_another_team(store):
    """Nothing was paid for the item: the new line points at nothing but the month."""
    Position.objects.filter(staff__work_number="T06").update(team=store.teams.get(name="机电二组"))


CHANGES = [
    # what, whose pay moves, documents that count differently
    (receipt_booked_late, {"A01", "A02", "A03", "A04"}, {"R-LATE", "R-LATE/3"}),
    (hours_of_another_team, {"T01", "T02", "T03", "T04", "T05"}, {"GD81-00137/1"}),
    (inspected_again_in_october, {"T04", "T05"}, {"GD81-00137/1", "GD81-00137/2"}),
    (judgement_overturned, {"A01"}, {"P001"}),
    (another_to_blame, {"A03"}, {"P003"}),
    (consumables_of_september, None, {"FL-LATE"}),
    (hours_deducted_in_september, {"T02"}, None),
    (coefficient_was_wrong, {"T01", "T02", "T03"}, set()),
    (never_was_an_advisor, {"A01", "A02", "A03", "A04"}, None),
    (came_from_another_team, {"T04", "T05", "T06", "T07", "T08"}, None),
]


def lift(number):
    """As an accepted appeal does."""
    complaint = Complaint.objects.get(number=number)
    complaint.responsibilities.all().delete()
    Complaint.objects.filter(pk=complaint.pk).update(is_verified=None, verified_at=None)
    actions.note_judged_complaint(complaint=complaint, cause=LateCause.LIFTED, at=LATER)


def test_whatever_changed_original_and_corrections_add_up_to_the_truth(september, store, people):
    as_paid = paid_in(SEPTEMBER)
    for change, whose, documents in CHANGES:
        with transaction.atomic():
            change(store)
            if not LateChange.objects.waiting().exists():  # no event told of it
                actions.compare_locked_months(store=store, at=LATER)
            october = actions.compute_run(store=store, period=OCTOBER, by=None, at=LATER)
            lines = list(october.lines.filter(kind=LineKind.CORRECTION).select_related("statement__staff", "corrects"))
            truth = truth_of(september)
            assert paid_in(SEPTEMBER) == truth != as_paid, change.__name__
            assert whose in (None, {line.statement.staff.work_number for line in lines}), change.__name__
            assert documents in (None, {row["number"] for row in october.corrections.get().rows}), change.__name__
            for line in lines:
                assert recompute(from_json(line.explanation)) == line.amount != 0
                assert line.correction.corrected_run == september
                if line.corrects:
                    assert (line.corrects.run, line.corrects.item) == (september, line.item)
                    assert line.corrects.statement.staff == line.statement.staff
                else:
                    assert (line.statement.staff.work_number, line.item) not in as_paid
                if line.recomputed:
                    assert abs(recompute(from_json(line.recomputed))) == abs(
                        truth[line.statement.staff.work_number, line.item]
                    )
            assert sum(slip.net_amount for slip in october.statements.all()) == october.net_total_amount
            transaction.set_rollback(True)
    assert paid_in(SEPTEMBER) == as_paid
    for number in ("A01", "T02"):  # who moves to another store afterwards was paid here all the same
        person = Staff.objects.get(work_number=number)
        Position.objects.create(staff=person, store=people.store, post="advisor", starts_on=date(2026, 11, 1))
        Staff.objects.filter(pk=person.pk).update(store=people.store)
    assert month_again(september).lines == ()


def money_given_back(store):
    """A refund counts negative in its own month."""
    paid = Receipt.objects.filter(order__number="GD81-00131").get()
    back = Receipt.objects.get(pk=paid.pk)
    back.pk, back.number, back.amount, back.received_on, back.refunds = None, "R-BACK", -paid.amount, LATER.date(), paid
    back.save(force_insert=True)
    actions.note_changed_receipt(receipt=back, at=LATER)
    return "R-BACK"


def settlement_reversed(store):
    settlement = Settlement.objects.get(order__number="GD81-00131")
    Settlement.objects.filter(pk=settlement.pk).update(
        reversed_at=LATER, reversal_approved_by=Staff.objects.first(), reversal_reason="开错发票"
    )
    RepairOrder.objects.filter(pk=settlement.order_id).update(settled_at=None)
    actions.note_changed_order(order=settlement.order, cause=LateCause.SETTLEMENT, at=LATER)
    return settlement.number


def verified_after_the_lock(store):
    complaint = Complaint.objects.get(number="P006")
    Complaint.objects.filter(pk=complaint.pk).update(is_verified=True, verified_at=LATER)
    actions.note_judged_complaint(complaint=complaint, cause=LateCause.JUDGEMENT, at=LATER)
    return "P006"


def judged_anew_alike(store):
    """The same people answer for it: it stays in the month that took it off."""
    complaint = Complaint.objects.get(number="P001")
    Complaint.objects.filter(pk=complaint.pk).update(verified_at=LATER)
    actions.note_judged_complaint(complaint=complaint, cause=LateCause.JUDGEMENT, at=LATER)


@pytest.mark.parametrize("change", [money_given_back, settlement_reversed, verified_after_the_lock, judged_anew_alike])
def test_what_has_a_month_of_its_own_is_not_corrected_a_second_time(september, store, change):
    document = change(store)
    october = actions.compute_run(store=store, period=OCTOBER, by=None, at=LATER)
    assert not october.corrections.exists()
    assert {row.number for row in october.counted_rows.filter(number=document)} == ({document} if document else set())
    looked_at = LateChange.objects.filter(period="2026-09", taken_up_by=october)
    assert looked_at.exists() == (change is not money_given_back)  # a refund concerns only the month it is booked in
    assert not october.counted_rows.filter(number="P001").exists()


def test_corrections_of_two_months_in_a_row_never_pay_twice(september, store, people):
    lift("P001")
    first = lock(store, OCTOBER, people, OVER)
    given_back = first.lines.get(kind=LineKind.CORRECTION, item="A.complaints")
    share = september.lines.get(item="A.share", statement__staff__work_number="A01").amount
    assert given_back.amount == Decimal("148.24")  # 988.24 × 20 % − 988.24 × 5 %: the tier that would have held
    assert share == Decimal("988.24")
    assert not LateChange.objects.waiting().exists()
    assert month_again(september).lines == ()
    lift("P002")
    second = actions.compute_run(store=store, period=NOVEMBER, by=None, at=LATER + timedelta(days=30))
    rest = second.lines.get(kind=LineKind.CORRECTION, item="A.complaints")
    assert rest.corrects == given_back.corrects
    assert rest.recomputed is None
    assert given_back.amount + rest.amount == Decimal("197.65")
    assert [row["number"] for row in second.corrections.get().rows] == ["P002"]
    assert paid_in(SEPTEMBER) == truth_of(september)


def test_who_had_no_line_gets_one_that_later_ones_point_at(september, store, people):
    came_from_another_team(store)
    actions.compare_locked_months(store=store, at=LATER)
    lock(store, OCTOBER, people, OVER)
    new = StatementLine.objects.get(kind=LineKind.CORRECTION, item="C.share", statement__staff__work_number="T06")
    assert (new.corrects, new.correction.corrected_run) == (None, september)
    Position.objects.filter(staff__work_number="T06").update(coefficient=Decimal("0.1"))
    actions.compare_locked_months(store=store, at=LATER)
    november = actions.compute_run(store=store, period=NOVEMBER, by=None, at=LATER)
    of_september = november.lines.filter(correction__corrected_run=september)
    assert of_september.get(item="C.share", statement__staff__work_number="T06").corrects == new
    assert paid_in(SEPTEMBER) == truth_of(september)


def test_a_draft_computed_twice_corrects_once_and_says_the_reason_given(september, store, people):
    lift("P001")
    consumables_of_september(store)
    late = ConsumableIssue.objects.get(number="FL-LATE")
    journal.record(by=people.workshop, at=LATER, verb="consumables.issued", subject=late, note="盘点时发现")
    actions.note_issued_consumables(issue=late, at=LATER)
    runs = [actions.compute_run(store=store, period=OCTOBER, by=None, at=LATER) for _time in range(2)]
    assert Correction.objects.get().run == runs[0] == runs[1]
    assert runs[0].net_total_amount == runs[1].net_total_amount
    assert {change.taken_up_by for change in LateChange.objects.all()} == {runs[1]}
    told = [cause.split(" · ")[1::3] for cause in corrected_months(runs[1])[0].causes]
    assert sorted(told) == [["FL-LATE", "盘点时发现"], ["P001"]]  # what is said of a colleague is not said to all


def test_only_the_next_open_month_takes_corrections_and_a_lock_cannot_be_overtaken(september, store, people):
    lift("P001")
    assert not actions.compute_run(store=store, period=NOVEMBER, by=None, at=LATER).corrections.exists()
    october = actions.compute_run(store=store, period=OCTOBER, by=None, at=LATER)
    assert october.corrections.get().amount == Decimal("148.23")  # of 30 % together a fen falls to the other part
    actions.review_run(run=october, by=people.manager, at=OVER)
    actions.approve_run(run=october, by=people.director, at=OVER)
    november = Run.objects.get(period=str(NOVEMBER))
    with pytest.raises(Refusal) as refused:
        actions.review_run(run=november, by=people.manager, at=OVER)
    assert refused.value.code == "month_not_over"
    actions.review_run(run=november, by=people.manager, at=LONG_OVER)
    actions.approve_run(run=november, by=people.director, at=LONG_OVER)
    actions.lock_run(run=november, by=people.finance, at=LONG_OVER)
    with pytest.raises(Refusal) as refused:
        actions.lock_run(run=october, by=people.finance, at=LONG_OVER)
    assert refused.value.code == "run_overtaken"


def test_what_happens_while_people_check_a_run_waits_for_the_month_after(store, people):
    """Reviewed on the 3rd, a receipt of the month booked on the 4th: the slip stays as it was checked."""
    run = actions.compute_run(store=store, period=SEPTEMBER, by=None, at=LOCKED_AT)
    actions.review_run(run=run, by=people.manager, at=LOCKED_AT)
    receipt_booked_late(store)
    assert [change.document for change in changed_since(run)] == ["R-LATE"]
    actions.return_run(run=run, reason="漏记收款", by=people.manager, at=LOCKED_AT)
    again = actions.compute_run(store=store, period=SEPTEMBER, by=None, at=LATER)
    assert not changed_since(again).exists()
    assert paid_in(SEPTEMBER) == truth_of(again)


def test_a_month_that_cannot_be_worked_out_again_is_named_and_waits(september, store):
    Target.objects.filter(period="2026-09", measure="output").delete()
    assert [change.period for change in actions.compare_locked_months(store=store, at=LATER)] == ["2026-09"]
    assert actions.compare_locked_months(store=store, at=LATER) == []
    october = actions.compute_run(store=store, period=OCTOBER, by=None, at=LATER)
    assert [kept["subject"] for kept in october.warnings if kept["code"] == "warn.month_not_recomputed"] == ["2026-09"]
    assert LateChange.objects.get().taken_up_by is None


def test_the_workbook_adds_up_with_corrections(september, store):
    lift("P001")
    actions.compute_run(store=store, period=OCTOBER, by=None, at=LATER)
    report = commission_report(store=store, period=OCTOBER, by=None, at=LATER)
    sheets = {sheet.title: list(sheet.rows) for sheet in report.sheets}
    items = [row for row in sheets["项目"] if "2026-09" in row[2]]
    assert [(row[0], row[1], row[-1]) for row in items] == [
        ("A01", "A.appraisal", Decimal("-0.01")), ("A01", "A.complaints", Decimal("148.24")),
    ]  # fmt: skip
    for row in sheets["汇总"]:
        gross, complaints, appraisal, adjustments, net = row[4:9]
        assert net == gross - complaints - appraisal + adjustments
        assert gross == sum(item[-1] for item in sheets["项目"] if item[0] == row[0])
    assert [(row[0], row[1], row[5], row[-1]) for row in sheets["更正"]] == [
        ("2026-09", "A01", Decimal("-0.01"), "P001 1→0"), ("2026-09", "A01", Decimal("148.24"), "P001 1→0"),
    ]  # fmt: skip


def test_a_locked_correction_is_changed_by_no_way_into_the_database(september, store, people):
    lift("P001")
    october = lock(store, OCTOBER, people, OVER)
    connection.check_constraints()  # nothing deferred is left to be the reason
    for change in (
        lambda: Correction.objects.filter(run=october).update(amount=0),
        lambda: Correction.objects.filter(run=october).delete(),
        lambda: connection.cursor().execute("TRUNCATE commission_correction CASCADE"),
    ):
        with pytest.raises(DatabaseError, match="locked"), transaction.atomic():
            change()


@pytest.fixture
def worker():
    """What is sent to the workers is done at once."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


def test_what_happens_below_marks_the_months_it_concerns_with_document_and_person(
    september, store, people, worker, django_capture_on_commit_callbacks
):
    order = RepairOrder.objects.get(number="GD81-00137")
    receipt, complaint = order.receipts.get(number="R00121"), Complaint.objects.get(number="P001")
    journal.record(by=people.cashier, at=LATER, verb="receipt.entered", subject=receipt, store=store)
    with django_capture_on_commit_callbacks(execute=True):
        receipt_entered.send(Receipt, receipt_id=receipt.pk, order_id=order.pk, at=LATER)
        for signal in (settlement_created, repair_order_ready, labour_shared, comeback_decided):
            signal.send(RepairOrder, order_id=order.pk, at=LATER)
        for signal in (complaint_verified, judgement_lifted):
            signal.send(Complaint, complaint_id=complaint.pk, at=LATER)
        repair_orders_imported.send(RepairOrder, order_ids=[order.pk], at=LATER)
        issue = ConsumableIssue.objects.filter(issued_on__month=9).first()
        deduction = HourDeduction.objects.filter(deducted_on__month=9).first()
        consumables_issued.send(ConsumableIssue, issue_id=issue.pk, at=LATER)
        hours_deducted.send(HourDeduction, deduction_id=deduction.pk, at=LATER)
        judgement_lifted.send(Complaint, complaint_id=complaint.pk, at=LATER)  # twice is once
    noted = LateChange.objects.order_by("cause").values_list("cause", "document", "period", "person")
    who = str(people.cashier)
    assert list(noted) == [
        ("comeback", order.number, "2026-09", who),
        ("consumables", issue.number, "2026-09", who),
        ("deduction", deduction.number, "2026-09", who),
        ("import", "", "2026-09", who),
        ("inspection", order.number, "2026-09", who),
        ("judgement", "P001", "2026-09", who),
        ("labour", order.number, "2026-09", who),
        ("lifted", "P001", "2026-09", who),
        ("receipt", receipt.number, "2026-09", who),
        ("settlement", order.number, "2026-09", who),
    ]
