"""`/api/v1/reports`: which there are, ordering one, taking the file."""

import io

import openpyxl
import pytest
from django.urls import reverse

from dealer_crm.journal.models import Entry
from dealer_crm.reporting import actions
from dealer_crm.reporting.api import XLSX
from dealer_crm.reporting.models import KeptReport
from tests.factories import cast
from tests.reporting.test_kept import NOON, OCTOBER, only_the_sample_report, owed, people, sign_in

__all__ = ["only_the_sample_report", "people"]

pytestmark = pytest.mark.django_db

REPORTS = "/api/v1/reports/"


def order(client, **body):
    return client.post(REPORTS, {"code": "kpi", "period": "2026-10", **body}, content_type="application/json")


def test_the_reports_there_are_have_a_code_a_title_and_their_editions(client, people):
    sign_in(client, people.manager)
    assert client.get(f"{REPORTS}kinds/").json() == [
        {"code": "kpi", "title": "样表", "description": "", "editions": ["first", "final"]}
    ]
    sign_in(client, people.finance)  # may look at reports, not at key figures
    assert client.get(f"{REPORTS}kinds/").json() == []


def test_a_report_is_ordered_made_and_taken(client, people):
    sign_in(client, people.manager)
    answer = order(client)
    assert (answer.status_code, answer.json()["state"], answer.json()["file"]) == (202, "owed", None)
    pk = answer.json()["id"]
    assert actions.make_report(kept_id=pk, at=NOON)
    found = client.get(f"{REPORTS}{pk}/").json()
    assert (found["state"], found["store"], found["file_name"]) == ("made", "BJ01", "kpi-BJ01-2026-10.xlsx")
    file = client.get(found["file"], headers={"accept": XLSX})
    book = openpyxl.load_workbook(io.BytesIO(b"".join(file.streaming_content)), data_only=True)
    assert (file.headers["Content-Type"], [cell.value for cell in book["汇总"][2]]) == (XLSX, ["北京远航店", 12.5])
    assert Entry.objects.get(verb="report.exported").by_name == people.manager.name


def test_the_same_key_orders_one_report_only(client, people):
    sign_in(client, people.manager)
    body = {"code": "kpi", "period": "2026-10"}
    answers = [
        client.post(REPORTS, body, content_type="application/json", headers={"Idempotency-Key": "k-1"})
        for _time in range(2)
    ]
    assert [answer.json()["id"] for answer in answers] == [KeptReport.objects.get().pk] * 2


@pytest.mark.parametrize(
    ("body", "status"), [({"code": "nothing"}, 404), ({"period": "十月"}, 422), ({"store": "SH01"}, 404)]
)
def test_what_cannot_be_ordered_is_a_problem(client, people, body, status):
    cast.of_second_store()
    sign_in(client, people.manager)
    answer = order(client, **body)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert not KeptReport.objects.exists()


def test_who_may_not_read_a_report_may_not_order_it_nor_see_it(client, people):
    kept = owed(people)
    sign_in(client, people.finance)
    assert order(client).status_code == 403
    assert client.get(REPORTS).json()["results"] == []
    assert client.get(f"{REPORTS}{kept.pk}/").status_code == 404
    sign_in(client, people.advisor)
    assert client.get(REPORTS).status_code == 403


def test_the_group_orders_for_any_store_and_filters_by_it(client, people):
    cast.of_second_store()
    owed(people)
    sign_in(client, people.group)
    assert order(client, store="sh01").json()["store"] == "SH01"
    found = client.get(REPORTS, {"store": "SH01", "period": "2026-10", "state": "owed"}).json()["results"]
    assert [row["store"] for row in found] == ["SH01"]


def test_a_file_not_made_yet_is_not_there_and_a_made_one_is_not_made_again(client, people):
    sign_in(client, people.manager)
    kept = owed(people, OCTOBER)
    missing = client.get(reverse("report-file", args=[kept.pk]), headers={"accept": XLSX})
    assert (missing.status_code, missing.json()["status"]) == (404, 404)
    actions.make_report(kept_id=kept.pk, at=NOON)
    assert client.post(reverse("report-again", args=[kept.pk])).status_code == 409
