"""The jobs of the clock under test: what they find to do, and what they must not leave behind."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from callback.choices import RuleCode
from callback.models import CallTask
from callback.tasks import generate_callbacks, release_lapsed_claims
from complaints.models import ClockAlarm, Complaint
from complaints.tasks import watch_clocks
from dealer_crm.journal.models import Entry
from dealer_crm.notices.models import Notice
from dealer_crm.reporting import queries as reporting
from dealer_crm.reporting.actions import owe_report
from dealer_crm.reporting.choices import ReportState
from dealer_crm.reporting.models import KeptReport
from dealer_crm.reporting.registry import report_named
from dealer_crm.reporting.tasks import make_owed_reports
from dealer_crm.values import Period
from reception.choices import OrderState
from reception.models import RepairOrder
from tests.factories.callback import CallTaskFactory
from tests.factories.complaints import ComplaintFactory
from tests.factories.reception import RepairOrderFactory


@dataclass(frozen=True)
class Job:
    """`prepare(people, number)` gives it something to do; `wrong()` tells what is lost or doubled of everything ever
    given. `again_after`: when the next run may take up what a killed one had in hand."""

    task: Callable
    prepare: Callable
    wrong: Callable[[], list[str]]
    again_after: timedelta = timedelta(0)


# ── Calls ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _deliver_two_cars(people, _number):
    for _car in range(2):
        RepairOrderFactory(
            advisor=people.advisor, state=OrderState.DELIVERED, began_at=timezone.now() - timedelta(days=2)
        )


def _calls_wrong() -> list[str]:
    calls = Counter(CallTask.objects.filter(source_key__startswith="order:").values_list("order", flat=True))
    orders = RepairOrder.objects.filter(state=OrderState.DELIVERED).values_list("pk", flat=True)
    wrong = [f"order {order}: {calls[order]} calls" for order in orders if calls[order] != 1]
    noted = sum(int(re.search(r"\d+", entry.note)[0]) for entry in Entry.objects.filter(verb="call_tasks.made"))
    if noted != calls.total():
        wrong.append(f"the journal knows of {noted} calls of {calls.total()}")
    return wrong


def _leave_two_calls_lying(people, _number):
    for agent in (people.agent, people.crc):
        CallTaskFactory(store=people.store, claimed_by=agent, claimed_at=timezone.now() - timedelta(minutes=20))


def _claims_wrong() -> list[str]:
    noted = Counter(Entry.objects.filter(verb="call_task.lapsed").values_list("subject_id", flat=True))
    return [
        f"call {task.pk}: held by {task.claimed_by_id}, noted {noted[str(task.pk)]} times"
        for task in CallTask.objects.exclude(source_key__startswith="order:")
        if task.claimed_by_id or noted[str(task.pk)] != 1
    ]


# ── Complaints ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _let_two_complaints_wait(people, _number):
    """Three hours without an answer: the half-hour's warning to the supervisor, the breach to the manager."""
    ComplaintFactory.create_batch(2, store=people.store, received_at=timezone.now() - timedelta(hours=3))


def _notices_wrong() -> list[str]:
    alarms = Counter(ClockAlarm.objects.values_list("complaint", flat=True))
    told = Counter(int(key.split(":")[1]) for key in Notice.objects.values_list("key", flat=True))
    return [
        f"complaint {pk}: {alarms[pk]} alarms, {told[pk]} told"
        for pk in Complaint.objects.values_list("pk", flat=True)
        if (alarms[pk], told[pk]) != (2, 2)
    ]


# ── Reports ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _owe_a_report(people, number):
    period = Period.of(timezone.now()).shifted(-number - 3)
    owe_report(code="complaints", store=people.store, period=period, edition="", by=None, at=timezone.now())


def _reports_wrong() -> list[str]:
    noted = Counter(Entry.objects.filter(verb="report.made").values_list("subject_id", flat=True))
    told = Counter(Notice.objects.values_list("key", flat=True))
    readers = {}
    wrong = []
    for kept in KeptReport.objects.filter(code="complaints").without_file().select_related("store"):
        if kept.store_id not in readers:
            readers[kept.store_id] = len(reporting.readers_of(report_named(kept.code), kept.store))
        found = (kept.state, noted[str(kept.pk)], told[f"report:{kept.pk}"])
        if found != (ReportState.MADE, 1, readers[kept.store_id]):
            wrong.append(f"report {kept.period}: state, journal, told = {found}")
    return wrong


JOBS = {
    "owed calls": Job(generate_callbacks.s(codes=[RuleCode.SERVICE_3D.value]), _deliver_two_cars, _calls_wrong),
    "lapsed claims": Job(release_lapsed_claims, _leave_two_calls_lying, _claims_wrong),
    "complaint clocks": Job(watch_clocks, _let_two_complaints_wait, _notices_wrong),
    "owed reports": Job(make_owed_reports, _owe_a_report, _reports_wrong, again_after=2 * reporting.LEASE),
}
