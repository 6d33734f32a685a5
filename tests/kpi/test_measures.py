"""What each measure counts and what it leaves out: a month of a store with one case of each kind.

Source: spec `kpi.md` (definitions).
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from dealer_crm.journal import actions as journal
from dealer_crm.kpi.queries import MEASURES, PARTS, Months, month_measures, spans_of_months
from dealer_crm.values import Period
from reception.choices import AgreementKind, AppointmentState, CustomerLevel, OrderKind, OrderState
from reception.models import MileageReading
from tests.factories import cast
from tests.factories.agreements import AgreementFactory
from tests.factories.appointments import AppointmentFactory
from tests.factories.callback import ContactFactory
from tests.factories.reception import CustomerFactory, RepairOrderFactory, VehicleFactory
from tests.factories.workshop import ClockEntryFactory, JobFactory
from workshop.choices import JobState, PauseReason

OCTOBER = Period(2026, 10)
LATER = datetime.fromisoformat("2026-12-01T08:00:00+08:00")
pytestmark = pytest.mark.django_db


def on(day: str, hour: int = 10) -> datetime:
    return datetime.fromisoformat(f"{day}T{hour:02}:00:00+08:00")


@pytest.fixture
def people():
    return cast.of_store()


@pytest.fixture
def visit(people):
    def make(day, car=None, **fields):
        car = car or VehicleFactory(store=people.store)
        given = {"vehicle": car, "advisor": people.advisor, "state": OrderState.DELIVERED, "lines": 0}
        return RepairOrderFactory(**{**given, "began_at": on(day), **fields})

    return make


def told(people, code, period=OCTOBER):
    found = month_measures(people.store, period, LATER)[code]
    return int(found.numerator), int(found.denominator)


def test_the_catalogue_names_only_numbers_there_are_and_every_number_has_its_measure():
    named = {code for entry in MEASURES.values() for code in (*entry.codes, entry.beside) if code}
    assert named - set(PARTS) == {
        "csi",
        "ssi",
        "ten_questions",
        "nps",
        "factory_rank",
        "greeting_median",
        "greeting_p90",
    }
    assert set(PARTS) - named == set()


def test_customers_who_stay_away_are_lost_in_the_month_their_last_visit_is_two_years_old(people, visit):
    visit("2024-10-10")  # lost in October
    twice = visit("2024-10-12").vehicle
    visit("2025-03-01", twice)  # came again
    visit("2024-09-30")  # was lost before the month began
    visit("2024-11-01")  # will be lost in November
    visit("2026-10-05")  # new in the month: not there when it began
    visit("2024-10-20", kind=OrderKind.PDI)  # a new car made ready is no visit
    visit("2024-10-20", state=OrderState.CANCELLED)
    assert told(people, "customer_loss") == (1, 3)
    assert told(people, "customer_loss", OCTOBER.next()) == (1, 3)


def test_a_first_service_is_lost_when_the_free_term_ends_without_one(people, visit):
    def bought(day):
        return VehicleFactory(store=people.store, purchased_on=date.fromisoformat(day))

    bought("2026-04-15")  # due on 15 October, never came
    visit("2026-10-15", bought("2026-04-15"), kind=OrderKind.FIRST_SERVICE)  # on its last day
    visit("2026-10-16", bought("2026-04-15"), kind=OrderKind.FIRST_SERVICE)  # a day late
    visit("2026-08-01", bought("2026-04-30"), kind=OrderKind.REPAIR)  # came, for no service
    bought("2026-05-01")  # due in November
    assert told(people, "first_service_loss") == (3, 4)


def test_services_are_done_or_missed_at_each_ten_thousand_kilometres(people, visit):
    def look(day, km, car):
        MileageReading.objects.create(vehicle=car, km=km, read_at=on(day))

    def seen(*looks):
        car = VehicleFactory(store=people.store)
        for day, km in looks:
            look(day, km, car)
        return car

    visit("2026-10-03", seen(("2026-05-01", 5_000), ("2026-10-03", 9_200)), mileage=9_200)  # done at 10,000
    visit("2026-10-04", seen(("2026-05-01", 15_000), ("2026-10-04", 23_000)), kind="repair", mileage=23_000)  # missed
    late = seen(("2026-05-01", 8_000), ("2026-10-05", 12_500))
    visit("2026-10-05", late, mileage=12_500)  # a maintenance, but too late for its mark
    visit("2026-10-06", seen(("2026-10-06", 57_000)), kind="repair", mileage=57_000)  # seen for the first time
    visit("2026-10-07", seen(("2026-05-01", 9_000), ("2026-10-07", 11_000)), kind="repair", mileage=11_000)  # not yet
    known = seen(("2026-05-01", 19_000), ("2026-10-08", 24_000))
    visit("2026-05-02", known, mileage=19_500)
    visit("2026-10-08", known, kind="repair", mileage=24_000)  # done in May, nothing missed
    assert told(people, "service_compliance") == (1, 3)
    marks = Months(people.store, OCTOBER, at=LATER, with_days=True).numbers[OCTOBER]
    assert (marks.of_cuts("services_done"), marks.of_cuts("services_missed")) == (
        {"10000": 1}, {"10000": 1, "20000": 1}
    )  # fmt: skip


def test_an_insurance_is_renewed_when_its_end_has_moved_on_by_a_year(people):
    def insured(end, was=None, moved_on="2026-10-01"):
        car = VehicleFactory(store=people.store, insurance_ends_on=date.fromisoformat(end))
        if was:
            before = {"insurance_ends_on": date.fromisoformat(was)}
            changes = journal.changed_fields(before, car)
            journal.record(by=None, at=on(moved_on), verb="vehicle.changed", subject=car, changes=changes)

    insured("2026-10-20")  # ended and not renewed
    insured("2027-10-20", was="2026-10-20")
    insured("2027-10-21", was="2026-10-21", moved_on="2026-12-20")  # two months late, renewed all the same
    insured("2026-11-20", was="2026-10-20")  # a wrong date put right
    insured("2027-09-20", was="2026-09-20")  # of September
    assert told(people, "insurance_renewal") == (2, 3)


def test_members_are_who_was_one_at_the_months_end(people, visit):
    def customer(**fields):
        made = CustomerFactory(store=people.store, **fields)
        visit("2026-10-02", VehicleFactory(store=people.store, owner=made))
        return made

    customer()
    customer(level=CustomerLevel.VIP)
    agreed = {"store": people.store, "kind": AgreementKind.MEMBER, "approver": people.manager}
    AgreementFactory(customer=customer(), **agreed)
    AgreementFactory(customer=customer(), ends_on=date(2026, 10, 30), **agreed)  # over the day before
    rose = customer(level=CustomerLevel.MEMBER)
    changes = {"level": [CustomerLevel.ORDINARY.value, CustomerLevel.MEMBER.value]}
    journal.record(by=None, at=on("2026-11-05"), verb="customer.changed", subject=rose, changes=changes)
    CustomerFactory(store=people.store, level=CustomerLevel.VIP)  # never came
    assert told(people, "member_share") == (2, 5)
    assert told(people, "member_share", OCTOBER.next()) == (3, 5)


def test_parts_that_had_to_be_waited_for_were_not_there(people, visit):
    def worked(day, lines, state=JobState.FINISHED):
        order = visit(day, lines=lines)
        job = JobFactory(order=order, state=JobState.FINISHED, technician=people.technician, team=people.mechanics)
        return order, job

    both = [{}, {"kind": "part"}]
    worked("2026-10-02", both)
    _order, job = worked("2026-10-03", both)
    ClockEntryFactory(
        job=job, started_at=on("2026-10-03", 7), ended_at=on("2026-10-03", 8), pause_reason=PauseReason.PARTS
    )
    order, _job = worked("2026-10-04", both)
    journal.record(
        by=None, at=on("2026-10-04"), verb="repair_order.waiting", subject=order, changes={"wait_reason": ["", "parts"]}
    )
    worked("2026-10-05", [{}])  # no parts on it
    visit("2026-10-06", lines=both)  # no work on record: came by workbook
    assert told(people, "parts_fill") == (1, 3)


def test_appointments_calls_and_delays(people, visit):
    for day, state in enumerate(
        (AppointmentState.ARRIVED, AppointmentState.MISSED, AppointmentState.CANCELLED), start=5
    ):
        AppointmentFactory(store=people.store, starts_at=on(f"2026-10-{day:02}"), state=state)
    visit("2026-10-20")
    visit("2026-10-21", state=OrderState.CANCELLED)
    assert told(people, "appointments_kept") == (1, 2)
    above, below = told(people, "appointment_rate")
    assert (above, below) in {(1, 2), (0, 1)}  # the order of the appointment stands on the day it came
    for outcome in ("completed", "no_answer", "refused"):
        ContactFactory(store=people.store, agent=people.agent, at=on("2026-10-09"), outcome=outcome)
    assert told(people, "call_connected") == (2, 3)
    late = visit(
        "2026-10-22", delay_cause="customer", delay_confirmed=True, delivered_at=on("2026-10-22") + timedelta(days=1)
    )
    span = spans_of_months(people.store, [OCTOBER], LATER)[OCTOBER]
    assert [row["thing"] for row in PARTS["customer_delays"].rows(span).of()] == [late.pk]
    found = month_measures(people.store, OCTOBER, LATER)["on_time"]
    assert found.value == Decimal(1)
