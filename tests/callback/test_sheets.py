"""The nine standard sheets: each a page, on paper and as a workbook."""

import pytest
from django.urls import reverse

from callback.choices import STANDARD_SHEETS, Outcome, RuleCode, TaskState
from callback.models import Handover
from callback.reports.records import sales_record, service_record
from complaints.models import IncidentReport
from complaints.reports.sheets import complaint_sheets, incident_reports
from dealer_crm.reporting.registry import report_named
from dealer_crm.values import Period
from tests.factories.callback import TEN, CallTaskFactory, ContactFactory
from tests.factories.complaints import ComplaintFactory
from tests.factories.reception import RepairOrderFactory, VehicleFactory

OCTOBER = Period(2026, 10)


@pytest.fixture
def month(people):
    """A service call that reached the customer, one nobody made, a new car's call, a complaint with its report."""
    order = RepairOrderFactory(store=people.store, advisor=people.advisor)
    task = CallTaskFactory(order=order, state=TaskState.DONE, attempts=2)
    ContactFactory(task=task, agent=people.agent, outcome=Outcome.NO_ANSWER, at=TEN)
    ContactFactory(task=task, agent=people.agent, was_on_time=False, note="等太久", at=TEN.replace(hour=15))
    CallTaskFactory(store=people.store, code=RuleCode.BAD_ANSWER)
    car = VehicleFactory(store=people.store)
    Handover.objects.create(
        store=people.store, vehicle=car, customer=car.owner, handed_over_at=TEN, salesperson="孙浩", noted_at=TEN
    )
    CallTaskFactory(store=people.store, code=RuleCode.SALES_3D, vehicle=car, customer=car.owner)
    case = ComplaintFactory(store=people.store, received_at=TEN, description="刹车异响")
    for number in (1, 2):
        IncidentReport.objects.create(
            complaint=case, number=number, course=f"经过{number}", cause="因", measures="措", lessons="训",
            written_by=people.crc, written_at=TEN,
        )  # fmt: skip
    ComplaintFactory(store=people.store, received_at=TEN.replace(month=9))
    return case


def made(build, people):
    return build(store=people.store, period=OCTOBER, by=people.crc, at=TEN)


def test_records_of_calls_show_the_last_contact_of_every_owed_call_and_the_script(people, month):
    record, script = made(service_record, people).sheets
    (called, uncalled) = sorted(record.rows, key=lambda row: row[1], reverse=True)
    assert called[5:] == (
        people.advisor.name, "维修三日回访", called[7], TEN.replace(hour=15), people.agent.name, 2, "成功", "否", None,
        "等太久", "",
    )  # fmt: skip
    assert (uncalled[8], uncalled[11]) == (None, "待回访")
    assert {row[0] for row in script.rows} >= {"维修三日回访"}
    (sold,) = made(sales_record, people).sheets[0].rows
    assert (sold[0], sold[4]) == (TEN, "孙浩")


def test_every_complaint_of_the_month_is_a_sheet_of_its_own(people, month):
    (sheet,) = made(complaint_sheets, people).sheets
    assert (sheet.title, dict(sheet.rows)["投诉内容"]) == (month.number, "刹车异响")
    (report,) = made(incident_reports, people).sheets
    assert (report.title, dict(report.rows)["经过"]) == (month.number, "经过2")
    later = incident_reports(store=people.store, period=OCTOBER.next(), by=None, at=TEN)
    assert [sheet.empty for sheet in later.sheets] == ["本月没有。"]


def test_all_nine_are_opened_printed_and_taken_out_from_one_page(client, people, month):
    client.force_login(people.manager)
    page = client.get(reverse("callback:standard_sheets"), {"period": "2026-10"})
    assert [(place, one.code, may) for place, one, may in page.context["sheets"]] == [
        (place, code, True) for place, code in enumerate(STANDARD_SHEETS, start=1)
    ]
    for code in STANDARD_SHEETS:
        asked = {"store": people.store.code, "period": "2026-10", "print": 1}
        printed = client.get(reverse(f"reporting:{code}"), asked)
        assert (printed.status_code, printed.templates[0].name) == (200, "reporting/report_print.html")
        assert f"{reverse(f'reporting:{code}')}?store={people.store.code}" in page.content.decode()
        assert report_named(code) is not None
    client.force_login(people.agent)
    may = {one.code: may for _place, one, may in client.get(reverse("callback:standard_sheets")).context["sheets"]}
    assert (may["sales_record"], may["customer_relations"]) == (True, False)
