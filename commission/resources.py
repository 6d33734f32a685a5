"""What a locked pay month refuses of a workbook, and of taking one back.

Source: spec `interfaces.md`, `commission.md`.

A paid month never changes: a row that would change what a locked run was computed from is refused; the right way is a
refund, a reversal or an adjustment, which become correction lines of the next open month. A new row of a locked month
comes in, because it is a fact, with a notice that it is paid as a correction of the next open month.
"""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from commission.choices import RunState
from commission.models import Run
from dealer_crm.appraisal.models import Score
from dealer_crm.importing.sheets import objects_to, objects_to_undo
from dealer_crm.kpi.models import Target
from dealer_crm.values import Period
from reception.models import AccidentAssessment, OrderLine, Receipt, RepairOrder
from workshop.models import ConsumableIssue, HourDeduction


def locked_months(book) -> set[tuple[str, str]]:
    """(store code, period) of every locked run, read once per import."""
    return book.remember(
        "locked months",
        lambda: set(Run.objects.filter(state=RunState.LOCKED).values_list("store__code", "period")),
    )


def _refused(rows, book, months_of) -> Iterable[tuple]:
    """Refuse rows that change something a locked month counted; new ones of a locked month are told of.

    `months_of(get, book, row)` gives the months concerned; what counts in several counts in the last of them.
    """
    locked = locked_months(book)
    if not locked:
        return
    for row in rows:
        if row.before is None:
            _tell_if_too_late(row, book, months_of, locked)
            continue
        store = book.sheets[row.sheet].resource.store_of(row, book)
        concerned = {period for get in (row.before.get, row.get) for period in months_of(get, book, row) if period}
        hit = sorted(period for period in concerned if store and (store.code, period) in locked)
        if hit:
            column = next(iter(row.changes))
            yield (
                row,
                column,
                _("The pay of %(period)s is locked; mend it by a refund, reversal or adjustment.") % {"period": hit[0]},
            )


def _tell_if_too_late(row, book, months_of, locked) -> None:
    months = list(months_of(row.get, book, row))
    store = book.sheets[row.sheet].resource.store_of(row, book)
    if store and months and all(months) and (store.code, max(months)) in locked:
        book.notice(
            row,
            book.sheets[row.sheet].resource.key[-1],
            _("The pay of %(period)s is locked: what this row changes is paid as a correction in the next open month.")
            % {"period": max(months)},
        )


def _month(value) -> str:
    if value is None:
        return ""
    return str(Period.of(value, timezone.get_default_timezone()))


@objects_to("收款")
def locked_receipts(rows, book):
    yield from _refused(rows, book, lambda get, book, row: [_month(get("received_on")), _settled_month(row, book)])


@objects_to("事故定损")
def locked_assessments(rows, book):
    yield from _refused(rows, book, lambda get, book, row: [_month(get("assessed_on")), _month(get("released_on"))])


@objects_to("工单")
def locked_orders(rows, book):
    counting = {"kind", "advisor", "completed_at", "settled_at"}
    touched = [row for row in rows if row.before is None or counting & set(row.changes)]
    yield from _refused(touched, book, lambda get, book, row: [_month(get("completed_at")), _month(get("settled_at"))])


@objects_to("工单项目")
def locked_lines(rows, book):
    """Lines, new ones included, of an order that a locked month has counted."""
    locked = locked_months(book)
    if not locked:
        return
    for row in rows:
        order = book.row("工单", row.get("order"))
        known = order and (order.before if hasattr(order, "before") else order.values)
        if not known:
            continue
        store = known.get("store")
        for moment in (known.get("completed_at"), known.get("settled_at")):
            if moment and (store, _month(moment)) in locked:
                column = next(iter(row.changes), "number")
                yield (
                    row,
                    column,
                    _("The pay of %(period)s is locked; mend it by a refund, reversal or adjustment.")
                    % {"period": _month(moment)},
                )
                break


@objects_to("辅料领用")
def locked_consumables(rows, book):
    yield from _refused(rows, book, lambda get, book, row: [_month(get("issued_on"))])


@objects_to("工时扣除")
def locked_deductions(rows, book):
    yield from _refused(rows, book, lambda get, book, row: [_month(get("deducted_on"))])


@objects_to("月度目标")
def settled_targets(rows, book):
    """Targets of a month people check their pay of, or were paid for, stay as on their page; none is added."""
    closed = set(Run.objects.exclude(state=RunState.DRAFT).values_list("store__code", "period"))
    for row in rows:
        store = book.sheets[row.sheet].resource.store_of(row, book)
        if store and (store.code, row.get("period")) in closed:  # the month is part of its key: it never changes
            yield (
                row,
                next(iter(row.changes), "goal"),
                _("The pay of %(period)s is being checked or locked, so its targets stay as they are.")
                % {"period": row.get("period")},
            )


@objects_to("考核成绩")
def locked_scores(rows, book):
    yield from _refused(rows, book, lambda get, book, row: [get("period")])


# What a month of pay counts: model → path to the store, and the moments or months it counts by.
_COUNTED_BY = {
    Receipt: ("order__store", "received_on", "order__settled_at"),
    AccidentAssessment: ("order__store", "assessed_on", "released_on"),
    RepairOrder: ("store", "completed_at", "settled_at"),
    OrderLine: ("order__store", "order__completed_at", "order__settled_at"),
    ConsumableIssue: ("store", "issued_on"),
    HourDeduction: ("staff__store", "deducted_on"),
    Target: ("store", "period"),
    Score: ("staff__store", "period"),
}


@objects_to_undo
def locked_months_stay(touched, since):
    """A month that was locked since has paid by these rows; they are not taken back from under it."""
    locked = {
        (store, period): name
        for store, period, name in Run.objects.filter(state=RunState.LOCKED, locked_at__gt=since).values_list(
            "store", "period", "store__name"
        )
    }
    hit = set()
    for model, (store, *paths) in _COUNTED_BY.items():
        if not locked or model not in touched:
            continue
        for at_store, *moments in model.objects.filter(pk__in=touched[model]).values_list(store, *paths):
            hit.update((at_store, each if isinstance(each, str) else _month(each)) for each in moments if each)
    for key in sorted(hit & set(locked), key=str):
        yield _("The pay of %(period)s (%(store)s) was locked with these rows in it.") % {
            "period": key[1],
            "store": locked[key],
        }


def _settled_month(row, book) -> str:
    order = book.row("工单", row.get("order"))
    return _month(order.get("settled_at")) if order else ""
