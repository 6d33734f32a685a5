"""Corrections of locked months: noted when something happens, worked out and kept by the run of the next open month.

Source: spec `commission.md`, A month's run ("what changes later … becomes signed correction lines").
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from commission.choices import LateCause, LineKind
from commission.formulas import explanation as explained
from commission.formulas.corrections import ChangedRow
from commission.formulas.month import MonthStopped
from commission.models import Correction, LateChange, Run, Statement, StatementLine
from commission.queries import corrections as found
from commission.queries import late
from complaints.models import Complaint
from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Staff, Store
from dealer_crm.values import Period, Refusal
from reception.models import Receipt, RepairOrder
from workshop.models import ConsumableIssue, HourDeduction

NIGHTLY_MONTHS = 12
"""So many paid months are compared each night; an older one is corrected when an event touches it."""


SAID_TO_ALL = {LateCause.CONSUMABLES}
"""Causes whose reason everybody reads whose pay the month corrects; others speak of a colleague."""


def note_late_change(
    *, store: Store, periods: Iterable[Period], cause: LateCause, document: str, person: str, at: datetime
) -> list[LateChange]:
    """Remember that something happened to months that are computed already. Twice the same is one; a run that has
    looked before looks again. Months without a run need no mark: they are computed anyway."""
    months = {str(period) for period in periods}
    noted = []
    for period in Run.objects.filter(store=store, period__in=months).values_list("period", flat=True):
        change, _was_new = LateChange.objects.update_or_create(
            store=store, period=period, cause=cause, document=document[:60], settled_at=None,
            defaults={"person": person[:80], "happened_at": at, "taken_up_by": None},
        )  # fmt: skip
        noted.append(change)
    return noted


def note_changed_receipt(*, receipt: Receipt, at: datetime) -> list[LateChange]:
    """Money was booked: note the computed months it counts in."""
    store = receipt.order.store
    return note_late_change(
        store=store, periods=late.months_of_receipt(receipt), cause=LateCause.RECEIPT, document=receipt.number,
        person=late.who_did_it(store, at), at=at,
    )  # fmt: skip


def note_changed_order(*, order: RepairOrder, cause: LateCause, at: datetime) -> list[LateChange]:
    """Something of an order changed: note the computed months that counted it or would."""
    return note_late_change(
        store=order.store, periods=late.months_of_order(order), cause=cause, document=order.number,
        person=late.who_did_it(order.store, at), at=at,
    )  # fmt: skip


def note_imported_orders(*, store: Store, orders: Iterable[int], at: datetime) -> list[LateChange]:
    """Orders came in by workbook: note the computed months something of them happened in."""
    periods = late.months_of_orders(store, orders)
    person = late.who_did_it(store, at)
    return note_late_change(store=store, periods=periods, cause=LateCause.IMPORT, document="", person=person, at=at)


def note_imported_rows(*, sheets: Mapping[str, Collection[int]], at: datetime) -> list[LateChange]:
    """Rows came in by workbook that count in pay by themselves (sheet → ids): note the computed months they count
    in."""
    orders, periods, noted = late.orders_of_rows(sheets), late.months_of_rows(sheets), []
    for store in Store.objects.filter(pk__in={*orders, *periods}).order_by("code"):
        noted += note_imported_orders(store=store, orders=orders.get(store.pk, ()), at=at)
        noted += note_late_change(
            store=store, periods=periods.get(store.pk, ()), cause=LateCause.IMPORT, document="",
            person=late.who_did_it(store, at), at=at,
        )  # fmt: skip
    return noted


def note_issued_consumables(*, issue: ConsumableIssue, at: datetime) -> list[LateChange]:
    """Shop supplies were signed out, or an entry was taken back: note the month when it is computed."""
    return note_late_change(
        store=issue.store, periods=[Period.of(issue.issued_on)], cause=LateCause.CONSUMABLES, document=issue.number,
        person=late.who_did_it(issue.store, at), at=at,
    )  # fmt: skip


def note_deducted_hours(*, deduction: HourDeduction, at: datetime) -> list[LateChange]:
    """Hours were taken off somebody's share: note the month when it is computed."""
    return note_late_change(
        store=deduction.store, periods=[Period.of(deduction.deducted_on)], cause=LateCause.DEDUCTION,
        document=deduction.number, person=late.who_did_it(deduction.store, at), at=at,
    )  # fmt: skip


def note_judged_complaint(*, complaint: Complaint, cause: LateCause, at: datetime) -> list[LateChange]:
    """A judgement was passed or fell: note the computed months that counted it or would."""
    return note_late_change(
        store=complaint.store, periods=late.months_of_complaint(complaint), cause=cause, document=complaint.number,
        person=late.who_did_it(complaint.store, at), at=at,
    )  # fmt: skip


def compare_locked_months(*, store: Store, at: datetime) -> list[LateChange]:
    """Each night: hold the last paid months against what they would come to today; what differs and nothing has told
    of is noted, for the next open month. A second look on the same day notes nothing new."""
    waiting = set(found.late_changes_waiting(store).values_list("period", flat=True))
    noted = []
    for run in found.locked_runs(store)[:NIGHTLY_MONTHS]:
        if run.period not in waiting and _differs(run):
            noted += note_late_change(
                store=store, periods=[Period.parse(run.period)], cause=LateCause.FOUND, document="", person="", at=at
            )
    return noted


def _differs(run: Run) -> bool:
    """Whether a month lacks something, or can't be worked out any more: then somebody has to see why."""
    try:
        return bool(found.month_again(run).lines)
    except MonthStopped:
        return True


def keep_corrections(*, run: Run, months: list[found.MonthAgain], changes: list[LateChange]) -> Decimal:
    """Put what locked months lack into the draft that pays it. Called while the draft is being computed.

    Returns what it adds to the month's pay.
    """
    LateChange.objects.filter(taken_up_by=run).update(taken_up_by=None)
    LateChange.objects.filter(pk__in=[change.pk for change in changes]).update(taken_up_by=run)
    lines = []
    for month in months:
        correction = Correction.objects.create(
            run=run,
            corrected_run=month.run,
            causes=[_kept_cause(change, run) for change in changes if change.period == month.run.period],
            rows=[_kept_row(row) for row in month.rows],
            amount=month.amount,
        )
        lines += [(correction, line) for line in month.lines]
    slips = _slips_for(run, {line.staff for _correction, line in lines}, [month.run for month in months])
    last = run.lines.aggregate(last=Max("position"))["last"] or 0
    StatementLine.objects.bulk_create(
        StatementLine(
            run=run, statement=slips[line.staff], position=place, kind=LineKind.CORRECTION, item=line.code,
            name=line.title, base=None, rate=None, factor=None, amount=line.amount,
            explanation=explained.to_json(line.explanation), corrects_id=line.line, correction=correction,
            recomputed=line.recomputed and explained.to_json(line.recomputed),
        )
        for place, (correction, line) in enumerate(lines, start=last + 1)
    )  # fmt: skip
    for number, slip in slips.items():
        amount = sum((line.amount for _correction, line in lines if line.staff == number), Decimal(0))
        Statement.objects.filter(pk=slip.pk).update(correction_amount=amount, net_amount=F("net_amount") + amount)
    return sum((month.amount for month in months), Decimal(0))


def _slips_for(run: Run, numbers: set[str], corrected: list[Run]) -> dict[str, Statement]:
    """The slips the corrections go on; who earned nothing in the open month gets one for them alone."""
    slips = {slip.staff.work_number: slip for slip in run.statements.select_related("staff")}
    people = Staff.objects.filter(work_number__in=numbers - set(slips))
    places = found.place_of(people, corrected)
    for person in people:
        post, team = places.get(person.pk, ("", None))
        slips[person.work_number] = Statement.objects.create(
            run=run, staff=person, post=post, team_id=team, gross_amount=0, net_amount=0
        )
    return {number: slips[number] for number in numbers}


def _kept_cause(change: LateChange, run: Run) -> dict:
    moment = change.happened_at.astimezone(run.store.tz)
    return {
        "cause": change.cause, "document": change.document, "person": change.person, "at": f"{moment:%Y-%m-%d %H:%M}",
        "reason": late.reason_given(run.store, change.happened_at) if change.cause in SAID_TO_ALL else "",
    }  # fmt: skip


def _kept_row(row: ChangedRow) -> dict:
    return {
        "code": row.code, "receiver": row.receiver, "kind": row.kind, "number": row.number, "order": row.order,
        "day": row.day.isoformat() if row.day else None, "before": str(row.before), "now": str(row.now),
    }  # fmt: skip


def refuse_overtaken_corrections(run: Run) -> None:
    """A run may pay corrections only while it is the next open month: else a later one has them."""
    if run.corrections.exists() and found.next_open_month(run.store) != Period.parse(run.period):
        raise Refusal(
            _(
                "A later month has been locked meanwhile, so the corrections in this run are no longer its own: send "
                "it back and compute it again."
            ),
            code="run_overtaken",
        )


@transaction.atomic
def settle_late_changes(*, run: Run, by: Staff | None, at: datetime) -> None:
    """The run that looked at them is locked: what it looked at is done with. What came since waits on."""
    LateChange.objects.filter(taken_up_by=run).waiting().update(settled_at=at)
    for correction in run.corrections.select_related("corrected_run"):
        journal.record(
            by=by, at=at, verb="run.corrected", subject=correction.corrected_run, store=run.store,
            changes={"amount": [None, correction.amount]}, note=run.period,
        )  # fmt: skip


def forget_changes_of_draft(*, run: Run) -> None:
    """A draft computed again has everything in it that happened until now."""
    LateChange.objects.filter(store=run.store_id, period=run.period).waiting().delete()
