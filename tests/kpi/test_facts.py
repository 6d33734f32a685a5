"""The numbers of months that are over are kept; they are the source's own, whatever was written in between."""

import threading
from datetime import datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from callback.models import CallTask, Contact
from complaints.models import Complaint
from dealer_crm.kpi import actions
from dealer_crm.kpi.models import Fact, FactMonth, TouchedMonth
from dealer_crm.kpi.queries import (
    Months,
    kept_numbers,
    month_measures,
    months_to_count,
    ripe_at,
    source_numbers,
    spans_of_months,
)
from dealer_crm.values import Period
from reception.models import MileageReading, OrderLine, Receipt, RepairOrder, Settlement, Vehicle
from tests.factories import cast
from tests.factories.reception import RepairOrderFactory
from workshop.models import ConsumableIssue

SEPTEMBER = Period(2026, 9)
LATER = datetime.fromisoformat("2026-12-01T08:00:00+08:00")
pytestmark = pytest.mark.django_db


def in_september(store, field):
    start, end = SEPTEMBER.bounds(store.tz)
    return {f"{field}__gte": start, f"{field}__lt": end}


def counted(store, at=LATER, *periods):
    for period in periods or (SEPTEMBER,):
        actions.count_month(store=store, period=period, at=at)


def touched(store) -> set[str]:
    return set(TouchedMonth.objects.filter(store_id=store.pk).values_list("period", flat=True))


def test_what_is_kept_is_what_the_source_says_as_a_whole_and_by_day(store):
    counted(store)
    kept = kept_numbers(store, [SEPTEMBER])[SEPTEMBER]
    source = source_numbers(store, spans_of_months(store, [SEPTEMBER], LATER))[SEPTEMBER]
    assert (kept.whole, kept.days) == (source.whole, source.days)
    assert kept.whole["output"] == Decimal("194538.03")
    for part in ("output", "cars", "settled", "delivered", "promised", "taken_in", "due"):
        assert sum(kept.of_days(part).values()) == sum(kept.of_cuts(part).values()) == kept.whole[part] > 0


def test_every_page_reads_what_is_kept_until_something_is_written(store):
    counted(store)
    Fact.objects.filter(part="cars", day=None).update(number=1234)  # so that one sees where a figure comes from
    assert month_measures(store, SEPTEMBER)["car_count"].value == 1234
    RepairOrder.objects.filter(store=store, settled_at__isnull=False).first().receipts.update(
        note="nothing that counts"
    )
    assert month_measures(store, SEPTEMBER)["car_count"].value == 1234
    Settlement.objects.filter(**in_september(store, "settled_at"), order__kind="repair").last().delete()
    assert month_measures(store, SEPTEMBER)["car_count"].value == 88
    counted(store)
    assert str(SEPTEMBER) not in touched(store)
    assert month_measures(store, SEPTEMBER)["car_count"].value == 88


@pytest.mark.parametrize("days", [-1, 0, 1, 2])
def test_a_month_counted_while_it_still_changes_by_itself_is_not_relied_upon(store, days):
    at = SEPTEMBER.bounds(store.tz)[1] + timedelta(days=days)
    counted(store, at)
    assert bool(kept_numbers(store, [SEPTEMBER])) == (at >= ripe_at(store, SEPTEMBER))


def test_months_are_owed_from_the_first_order_on_until_they_are_kept_and_untouched(store):
    owed = [period for place, period in months_to_count(LATER) if place == store]
    assert owed[0] == Period(2026, 12)
    assert SEPTEMBER in owed
    counted(store, LATER, *owed)
    assert (store, SEPTEMBER) not in months_to_count(LATER)
    RepairOrder.objects.filter(store=store).update(late_by_customer=True)
    assert (store, SEPTEMBER) in months_to_count(LATER)
    assert min(touched(store)) < "2023-12"  # a car was bought long ago
    actions.forget_months(at=LATER)
    assert min(touched(store)) >= "2024-01"
    assert (store, SEPTEMBER) in months_to_count(LATER)
    tomorrow = LATER + timedelta(days=1)
    counted(store, LATER, *owed)
    assert [period for place, period in months_to_count(tomorrow) if place == store] == [
        Period(2026, 12), Period(2026, 11)
    ]  # fmt: skip


def test_a_month_asked_with_others_gives_what_is_kept_and_what_is_not(store):
    counted(store)
    months = Months(store, SEPTEMBER, SEPTEMBER.next(), at=LATER)
    for period in months.periods:
        assert months.measured(period) == month_measures(store, period, LATER)


# ── Whatever is written ──────────────────────────────────────────────────────────────────────────────────────────────
WRITES = {
    "an order is late": lambda s: RepairOrder.objects.filter(store=s).update(late_by_customer=True),
    "an order changes its type": lambda s: RepairOrder.objects.filter(store=s, kind="repair").update(kind="campaign"),
    "a line is dearer": lambda s: OrderLine.objects.filter(order__store=s, kind="labour").update(
        quantity=1, unit_price=1, discount_rate=0, payable_amount=1
    ),
    "a receipt goes": lambda s: (
        Receipt.objects.filter(order__store=s, received_on__month=9, amount__gt=0, payer="customer", refunded_by=None)
        .first().delete()
    ),
    "a receipt comes late": lambda s: Receipt.objects.create(
        number="LATE-1", order=RepairOrder.objects.filter(store=s, settled_at__isnull=False).first(), payer="customer",
        received_on=SEPTEMBER.last_day, amount=Decimal("77.10"), entered_at=LATER,
    ),
    "a complaint is solved": lambda s: Complaint.objects.filter(store=s).update(solved_at=LATER),
    "a call is made": lambda s: CallTask.objects.filter(store=s).update(first_called_at=LATER),
    "a contact is corrected": lambda s: Contact.objects.filter(store=s).update(outcome="busy"),
    "insurance ends": lambda s: Vehicle.objects.filter(store=s).update(insurance_ends_on=SEPTEMBER.last_day),
    "a car was bought": lambda s: Vehicle.objects.filter(store=s).update(purchased_on=SEPTEMBER.shifted(-6).first_day),
    "a mileage is put right": lambda s: MileageReading.objects.filter(vehicle__store=s).update(km=23_000),
    "a part turns out dearer": lambda s: OrderLine.objects.filter(order__store=s, kind="part").update(unit_cost=1),
    "supplies are signed out": lambda s: ConsumableIssue.objects.create(
        number="FL-1", store=s, team=s.teams.first(), issued_on=SEPTEMBER.first_day, name="砂纸", amount=Decimal(20)
    ),
    "an order disappears": lambda s: _erase_order(s),
}  # fmt: skip


UNCHANGING = {"a contact is corrected", "a complaint is solved", "a call is made", "an order disappears"}
"""Writes of a kind that counts, of which this month has nothing that would change."""


def source_of(store):
    return source_numbers(store, spans_of_months(store, [SEPTEMBER], LATER))[SEPTEMBER]


def _erase_order(store):
    order = RepairOrderFactory(store=store, arrived_at=SEPTEMBER.bounds(store.tz)[0] + timedelta(hours=9))
    order.delete()


def facts_of(store) -> set:
    rows = Fact.objects.filter(month__store=store)
    return set(rows.values_list("month__period", "part", "cut", "day", "number"))


def test_whatever_is_written_is_noticed_and_every_figure_is_the_sources(store):
    counted(store)
    before, changed = source_of(store), set()
    for what, write in WRITES.items():
        with transaction.atomic():
            write(store)
            source = source_of(store)
            changed |= {what} if source != before else set()
            assert str(SEPTEMBER) in touched(store) or what not in changed, what
            assert Months(store, SEPTEMBER, at=LATER, with_days=True).numbers[SEPTEMBER] == source, what
            transaction.set_rollback(True)
        assert str(SEPTEMBER) not in touched(store)
    assert set(WRITES) - changed == UNCHANGING


def test_counted_piece_by_piece_the_months_are_what_they_are_when_all_are_counted_anew(store, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: LATER)
    months = [SEPTEMBER, SEPTEMBER.next()]
    counted(store, LATER, *months)
    for place, write in enumerate(WRITES.values()):
        write(store)
        if place % 7 == 6:
            owed = {period for one, period in months_to_count(LATER, store=store) if one == store}
            counted(store, LATER, *owed.intersection(months))
    pieces = facts_of(store)
    told = StringIO()
    call_command("rebuild_facts", "--store", "gd81", "--from", "2026-09", "--to", "2026-10", stdout=told)
    assert "GD81 2026-09" in told.getvalue()
    assert pieces == facts_of(store) != set()
    for wrong in (["--store", "NOSUCH", "--from", "2026-09"], ["--from", "9月"]):
        with pytest.raises(CommandError):
            call_command("rebuild_facts", *wrong)


@pytest.mark.django_db(transaction=True)
def test_what_commits_while_a_month_is_counted_leaves_its_mark(monkeypatch):
    store = cast.of_store().store
    order = RepairOrderFactory(store=store, arrived_at=SEPTEMBER.bounds(store.tz)[0] + timedelta(hours=9))
    real, went_on = source_numbers, []

    def slow(*asked):
        found = real(*asked)

        def write():
            RepairOrder.objects.filter(pk=order.pk).update(greeted_at=order.arrived_at)
            connection.close()

        writer = threading.Thread(target=write)
        writer.start()
        writer.join(20)
        went_on.append(not writer.is_alive())  # nobody at a desk waits for the counting
        return found

    monkeypatch.setattr("dealer_crm.kpi.actions.facts.source_numbers", slow)
    actions.count_month(store=store, period=SEPTEMBER, at=LATER)
    assert went_on == [True]
    assert FactMonth.objects.get().facts.filter(part="greeted", day=None).first() is None
    assert Months(store, SEPTEMBER, at=LATER).numbers[SEPTEMBER].whole["greeted"] == 1
    assert (store, SEPTEMBER) in months_to_count(LATER)
