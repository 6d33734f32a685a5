"""What happened in a month: each source counts what its app knows, for the right person and the right month."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from callback.choices import Outcome, RuleCode, TaskState
from callback.models import CallScore, WorkLog
from dealer_crm.appraisal.queries import Asked, fact_about, facts_of
from dealer_crm.reporting.choices import ReportState
from dealer_crm.reporting.models import KeptReport
from dealer_crm.values import Period
from reception.choices import FlawKind, OrderState
from reception.models import Flaw
from satisfaction.models import FactoryRank
from tests.appraisal.conftest import OCTOBER, OPENED
from tests.factories.callback import CallTaskFactory, ContactFactory, ReferralFactory
from tests.factories.complaints import ComplaintFactory
from tests.factories.organization import StaffFactory
from tests.factories.reception import CustomerFactory, RepairOrderFactory
from tests.factories.workshop import ComebackDecisionFactory, ComebackFactory, JobFactory
from workshop.choices import JobState

DAY = datetime(2026, 10, 12, 2, tzinfo=UTC)
BEFORE = DAY - timedelta(days=40)


def asked(people, *persons, at=OPENED):
    return Asked(people.store, OCTOBER, tuple(person.pk for person in persons), at)


def shown(people, source: str, *persons, at=OPENED) -> dict:
    """Person → (rows, base, figure) of a source; of the store's under None."""
    found = facts_of([source], asked(people, *persons, at=at))
    facts = {person: fact_about(found, source, person.pk) for person in persons}
    return {
        person: (int(fact.count), fact.base, None if fact.value is None else round(fact.value, 4))
        for person, fact in facts.items()
    }


def delivered(people, advisor, *, hours_late: int, at=DAY, **more):
    return RepairOrderFactory(
        store=people.store, advisor=advisor, state=OrderState.DELIVERED, began_at=at - timedelta(hours=6),
        promised_at=at - timedelta(hours=hours_late), delivered_at=at, **more,
    )  # fmt: skip


def test_late_cars_are_the_advisor_s_and_those_who_worked_on_them(people):
    other, technician = people.second_advisor, people.technician
    late = delivered(people, people.advisor, hours_late=1)
    orders = [
        late, delivered(people, people.advisor, hours_late=-1), delivered(people, other, hours_late=-1),
        delivered(people, people.advisor, hours_late=2, late_by_customer=False, delay_cause="customer",
                  delay_confirmed=True),
        delivered(people, people.advisor, hours_late=5, at=BEFORE),
    ]  # fmt: skip
    for order in orders:
        JobFactory(order=order, technician=technician, state=JobState.FINISHED)
    JobFactory(order=late, technician=technician, state=JobState.FINISHED)  # two jobs are one car
    assert shown(people, "advisor_on_time", people.advisor, other) == {
        people.advisor: (1, 3, Decimal("0.6667")), other: (0, 1, Decimal(1)),
    }  # fmt: skip
    assert shown(people, "technician_on_time", technician) == {technician: (1, 4, Decimal("0.75"))}
    found = facts_of(["advisor_on_time"], asked(people, people.advisor))["advisor_on_time"][people.advisor.pk]
    assert (found.goal, found.rows[0].number, found.rows[0].pk) == (Decimal("0.04"), late.number, late.pk)


def test_comebacks_are_whose_they_were_decided_to_be_of_the_cars_they_worked_on(people):
    technician, other = people.technician, people.second_technician
    for _place in range(2):
        order = RepairOrderFactory(store=people.store, state=OrderState.SETTLED, settled_at=DAY)
        JobFactory(order=order, technician=technician, state=JobState.FINISHED)
    for moment, is_accepted, whose in ((DAY, True, technician), (DAY, False, technician), (BEFORE, True, technician),
                                       (DAY, True, other)):  # fmt: skip
        comeback = ComebackFactory(store=people.store, arrived_at=moment)
        ComebackDecisionFactory(order=comeback, is_accepted=is_accepted, technician=whose)
    found = shown(people, "comebacks", technician, other)
    assert found[technician] == (1, 2, Decimal("0.5"))
    assert found[other][0] == 1


def test_complaints_of_the_month(people):
    def complaint(received=DAY, **fields):
        return ComplaintFactory(store=people.store, received_at=received, **fields)

    quick = {"first_reply_at": DAY + timedelta(hours=1), "solved_at": DAY + timedelta(hours=20)}
    own = complaint(is_verified=True, verified_at=OPENED, **quick, is_satisfied=True)
    own.responsibilities.create(staff=people.advisor, share=1)
    complaint(BEFORE, is_verified=True, verified_at=DAY).responsibilities.create(staff=people.advisor, share=1)
    complaint(first_reply_at=DAY + timedelta(hours=3), solved_at=DAY + timedelta(hours=4), is_satisfied=False)
    complaint(**{**quick, "solved_at": DAY + timedelta(hours=30)}, stopped_for=timedelta(hours=10), is_satisfied=True)
    complaint(**{**quick, "solved_at": DAY + timedelta(hours=30)})
    complaint(OPENED - timedelta(hours=10), first_reply_at=OPENED - timedelta(hours=9))  # its day is not over
    assert shown(people, "own_complaints", people.advisor, people.agent) == {
        people.advisor: (1, None, 1), people.agent: (0, None, 0),
    }  # fmt: skip
    assert shown(people, "complaint_speed", people.agent) == {people.agent: (2, 4, Decimal("0.5"))}
    assert shown(people, "complaint_satisfied", people.crc) == {people.crc: (1, 3, Decimal("0.6667"))}


def test_wrong_entries_and_wrong_numbers(people):
    customer = CustomerFactory(store=people.store)
    for kind, moment, end in (
        (FlawKind.PHONE_WRONG, DAY, ""), (FlawKind.NAME_MISSING, DAY, "fixed"),
        (FlawKind.PHONE_INVALID, DAY, "accepted"),
        (FlawKind.PHONE_DOUBLE, BEFORE, ""),
    ):  # fmt: skip
        Flaw.objects.create(
            store=people.store, kind=kind, customer=customer, value=f"{kind}", entered_by=people.agent,
            found_at=moment, end=end, ended_at=DAY if end else None,
        )  # fmt: skip
    assert shown(people, "wrong_entries", people.agent) == {people.agent: (2, None, 2)}
    assert shown(people, "wrong_numbers", people.agent) == {people.agent: (1, None, 1)}
    known, unknown = CustomerFactory(store=people.store), CustomerFactory(store=people.store)
    known.phones.update(wrong_since=DAY)
    for whom in (known, unknown):
        ContactFactory(
            store=people.store, customer=whom, agent=people.agent, at=DAY, outcome=Outcome.WRONG_NUMBER,
            phone=whom.phones.first().number,
        )  # fmt: skip
    assert shown(people, "unreported_numbers", people.agent) == {people.agent: (1, 2, Decimal("0.5"))}


def test_calls_of_the_desk_are_counted_by_their_last_moment(people):
    def call(due, called=None, **fields):
        CallTaskFactory(
            store=people.store, code=RuleCode.WEEKLY_SAMPLE, opens_at=due - timedelta(hours=9), due_at=due,
            first_called_at=called, **fields,
        )  # fmt: skip

    call(DAY, DAY - timedelta(hours=1), state=TaskState.DONE)
    call(DAY, DAY + timedelta(hours=1), state=TaskState.DONE)
    call(DAY)
    call(DAY, state=TaskState.DROPPED)
    call(BEFORE)
    expected = (2, 3, Decimal("0.3333"))
    assert shown(people, "calls_weekly", people.agent, people.crc) == {people.agent: expected, people.crc: expected}
    assert shown(people, "calls_monthly", people.agent) == {people.agent: (0, 0, None)}


def test_what_an_agent_hands_on_writes_and_says(people):
    for answered in (timedelta(hours=1), timedelta(hours=3), None):
        moment = DAY + answered if answered else None
        given = {"answer": "到货", "answered_by": people.workshop, "state": "answered"} if answered else {}
        ReferralFactory(store=people.store, asked_by=people.agent, asked_at=DAY, answered_at=moment, **given)
    assert shown(people, "feedback_in_time", people.agent) == {people.agent: (2, 3, Decimal("0.3333"))}

    days = [DAY + timedelta(days=offset) for offset in range(4)]
    for day in days:
        contact = ContactFactory(store=people.store, agent=people.agent, at=day)
    for day, after in ((days[0], timedelta(hours=8)), (days[1], timedelta(hours=20))):
        WorkLog.objects.create(store=people.store, agent=people.agent, day=day.date(), kept_at=day + after)
    assert shown(people, "daily_reports", people.agent) == {people.agent: (3, 4, Decimal("0.25"))}
    assert shown(people, "work_logs", people.agent) == {people.agent: (2, 4, Decimal("0.5"))}

    CallScore.objects.create(
        store=people.store, contact=contact, agent=people.agent, marks={}, weights={}, points=Decimal("82.5"),
        scored_by=people.crc, scored_at=DAY,
    )  # fmt: skip
    assert shown(people, "call_quality", people.agent) == {people.agent: (1, 1, Decimal("82.5"))}


def test_the_report_of_september_is_due_on_the_third_of_october(people):
    assert shown(people, "relations_report", people.agent)[people.agent][0] == 0  # nobody owed one
    report = KeptReport.objects.create(
        code="customer_relations", store=people.store, period="2026-09", edition="third", owed_at=DAY
    )
    for made, days in ((datetime(2026, 10, 3, 15, tzinfo=UTC), 0), (datetime(2026, 10, 5, 2, tzinfo=UTC), 2)):
        report.state, report.made_at, report.inputs_at, report.content = ReportState.MADE, made, made, b"x"
        report.save()
        assert shown(people, "relations_report", people.agent)[people.agent][0] == days
    report.state, report.made_at = ReportState.OWED, None
    report.save()
    assert shown(people, "relations_report", people.agent)[people.agent][0] == 28


def test_the_place_in_the_region_is_a_share_and_of_several_lists_the_worst(people):
    assert shown(people, "factory_place", people.crc)[people.crc][2] is None
    for survey, place in (("CSS", 2), ("MOT", 5)):
        FactoryRank.objects.create(
            store=people.store, period="2026-10", survey=survey, region="华北", place=place, of=20
        )  # fmt: skip
    assert shown(people, "factory_place", people.crc)[people.crc] == (1, None, Decimal("0.25"))


def test_a_measure_of_the_catalogue_is_the_store_s(people):
    delivered(people, people.advisor, hours_late=1)
    delivered(people, people.advisor, hours_late=-1)
    assert shown(people, "kpi.on_time", people.manager)[people.manager][2] == Decimal("0.5")


def test_the_same_questions_are_asked_for_two_people_and_for_thirty(people, django_assert_max_num_queries):
    from dealer_crm.appraisal.queries import SOURCES

    many = [people.agent, *StaffFactory.create_batch(29, store=people.store)]
    counts = []
    for persons in (many[:2], many):
        with django_assert_max_num_queries(200) as asked_questions:
            facts_of(SOURCES, Asked(people.store, Period(2026, 10), tuple(one.pk for one in persons), OPENED))
        counts.append(len(asked_questions))
    assert counts[0] == counts[1]
