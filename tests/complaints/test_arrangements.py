"""When the same day is impossible: a time is promised, reminded of once, replaced, kept, confirmed; the page says what
is missing and for whom it waits; the closed case is asked about once more."""

from datetime import timedelta

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from complaints import actions, queries
from complaints.choices import ComplaintState, PauseReason
from complaints.models import Arrangement
from dealer_crm.access.roles import Role
from dealer_crm.notices.models import Notice
from dealer_crm.values import Refusal
from tests.factories import cast
from tests.factories.complaints import RECEIVED, complaint_of
from tests.factories.organization import StaffFactory

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def people(db):
    return cast.of_store()


def reminded(complaint) -> dict[str, int]:
    """Who was reminded how often of the times agreed on."""
    rows = Notice.objects.filter(key__startswith=f"complaint:{complaint.pk}:arranged:")
    return {name: list(rows.values_list("recipient__name", flat=True)).count(name)
            for name in rows.values_list("recipient__name", flat=True)}  # fmt: skip


def test_a_promise_is_reminded_of_once_replaced_kept_and_confirmed_at_the_end(people):
    complaint = complaint_of(people, ComplaintState.DECIDED)
    first = actions.arrange(
        complaint=complaint, promised_at=RECEIVED + DAY, text="到店复检", by=people.frontdesk, at=RECEIVED + HOUR
    )
    for after in (DAY - HOUR, DAY, DAY + HOUR, DAY + HOUR):
        actions.remind_of_arrangements(store=people.store, by=None, at=RECEIVED + after)
    assert reminded(complaint) == {people.frontdesk.name: 1, people.crc.name: 1}
    second = actions.arrange(
        complaint=complaint,
        promised_at=RECEIVED + 2 * DAY,
        text="改后天",
        by=people.frontdesk,
        at=RECEIVED + DAY + HOUR,
    )
    first.refresh_from_db()
    assert (first.was_replaced, first.ended_at) == (True, RECEIVED + DAY + HOUR)
    actions.remedy(complaint=complaint, text="已更换", by=people.frontdesk, at=RECEIVED + 2 * DAY)
    with pytest.raises(Refusal) as refusal:
        actions.check_remedy(complaint=complaint, is_good=True, by=people.manager, at=RECEIVED + 2 * DAY)
    assert refusal.value.code == "promise_open"
    actions.keep_arrangement(complaint=complaint, result="按时到店", by=people.frontdesk, at=RECEIVED + 2 * DAY)
    actions.check_remedy(complaint=complaint, is_good=True, by=people.manager, at=RECEIVED + 2 * DAY)
    actions.ask_customer(complaint=complaint, is_satisfied=True, by=people.agent, at=RECEIVED + 3 * DAY)
    second.refresh_from_db()
    first.refresh_from_db()
    assert (second.result, second.confirmed_at, first.confirmed_at) == ("按时到店", RECEIVED + 3 * DAY, None)
    actions.remind_of_arrangements(store=people.store, by=None, at=RECEIVED + 9 * DAY)
    assert reminded(complaint) == {people.frontdesk.name: 1, people.crc.name: 1}


def a_bystander():
    return StaffFactory(role=Role.TECHNICIAN)


@pytest.mark.parametrize(
    ("deed", "code"),
    [
        (lambda facts: actions.arrange(promised_at=RECEIVED, text="晚了", **facts), "promise_past"),
        (lambda facts: actions.arrange(promised_at=RECEIVED + DAY, text=" ", **facts), "text_missing"),
        (lambda facts: actions.keep_arrangement(result="好", **facts), "nothing_arranged"),
        (lambda facts: actions.arrange(promised_at=RECEIVED + DAY, text="来", **facts | {"by": a_bystander()}),
         "not_concerned"),
        (lambda facts: actions.ask_once_more(is_satisfied=True, **facts), "complaint_open"),
        (lambda facts: actions.pause_clock(kind=PauseReason.OTHER, reason=" ", **facts), "text_missing"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(people, deed, code):
    complaint = complaint_of(people, ComplaintState.DECIDED)
    facts = {"complaint": complaint, "by": people.frontdesk, "at": RECEIVED + HOUR}
    with pytest.raises(Refusal) as refusal:
        deed(facts)
    assert refusal.value.code == code
    assert not Arrangement.objects.exists()


def test_page_and_interface_take_the_same_way(people, client):
    complaint = complaint_of(people, ComplaintState.DECIDED)
    client.force_login(people.frontdesk)
    page = reverse("complaints:complaint", args=[complaint.pk])
    client.post(
        reverse("complaints:arrange", args=[complaint.pk]), {"promised_at": "2099-01-01T10:00", "text": "到店复检"}
    )
    assert "到店复检" in client.get(page).content.decode()
    api = APIClient()
    api.force_authenticate(people.frontdesk)
    kept = api.post(reverse("complaint-kept", args=[complaint.pk]), {"result": "已到店"}, format="json")
    assert kept.json()["arrangements"][0]["result"] == "已到店"
    again = api.post(reverse("complaint-kept", args=[complaint.pk]), {"result": "又到"}, format="json")
    assert (again.status_code, again.json()["type"]) == (409, "urn:dealer-crm:problem:nothing_arranged")
    paused = api.post(reverse("complaint-pause", args=[complaint.pk]), {"kind": "car"}, format="json")
    assert (paused.json()["pause_kind"], paused.json()["pause_reason"]) == ("car", "等客户送车")


# ── what is missing, for whom it waits ───────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (ComplaintState.RECORDED, {"首次回复": "吴婷", "主管建议": "陈静"}),
        (ComplaintState.ADVISED, {"首次回复": "吴婷", "经理决定": "赵建国"}),
        (ComplaintState.DECIDED, {"首次回复": "吴婷", "处理": "周敏"}),
        (ComplaintState.REMEDIED, {"首次回复": "吴婷", "经理检查": "赵建国"}),
        (ComplaintState.CHECKED, {"首次回复": "吴婷", "再次询问客户": "吴婷"}),
        (ComplaintState.CLOSED, {"是否属实": "赵建国"}),
    ],
)
def test_the_page_says_what_is_missing_and_for_whom_it_waits(people, client, state, expected):
    complaint = complaint_of(people, state)
    assert {one.label: one.who for one in queries.missing_of(complaint)} == expected
    client.force_login(people.crc)
    shown = client.get(reverse("complaints:complaint", args=[complaint.pk])).content.decode()
    for label, who in expected.items():
        assert label in shown
        assert who in shown


def test_a_managers_own_remedy_waits_for_the_station_manager(people):
    complaint = complaint_of(people, ComplaintState.REMEDIED, owner=people.manager)
    assert queries.missing_of(complaint)[-1].who == people.director.name


def test_a_deadline_on_another_day_asks_for_a_time_agreed_with_the_customer(people):
    complaint = complaint_of(people, ComplaintState.ADVISED)
    actions.decide(
        complaint=complaint, owner=people.frontdesk, deadline_at=RECEIVED + 2 * DAY, text="等配件", by=people.manager,
        at=RECEIVED + HOUR,
    )  # fmt: skip
    complaint.refresh_from_db()
    before = [one.label for one in queries.missing_of(complaint)]
    open_one = actions.arrange(
        complaint=complaint, promised_at=RECEIVED + 2 * DAY, text="到件电话", by=people.agent, at=RECEIVED + HOUR
    )
    after = [one.label for one in queries.missing_of(complaint, open_one)]
    assert len(before) == len(after)
    assert set(after) - set(before) == {"“到件电话”的结果"}


# ── once more ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_closed_case_is_asked_about_once_more_and_a_no_is_told(people):
    complaint = complaint_of(people, ComplaintState.CLOSED)
    with pytest.raises(Refusal):
        actions.ask_once_more(
            complaint=complaint, is_satisfied=False, text=" ", by=people.agent, at=RECEIVED + 10 * DAY
        )
    actions.ask_once_more(
        complaint=complaint, is_satisfied=False, text="又响了", by=people.agent, at=RECEIVED + 10 * DAY
    )
    complaint.refresh_from_db()
    assert (complaint.state, complaint.is_satisfied, complaint.is_still_satisfied) == ("closed", True, False)
    told = Notice.objects.filter(key__startswith=f"complaint:{complaint.pk}:second")
    assert set(told.values_list("recipient__name", flat=True)) == {people.crc.name, people.manager.name}
    with pytest.raises(Refusal) as refusal:
        actions.ask_once_more(complaint=complaint, is_satisfied=True, by=people.agent, at=RECEIVED + 11 * DAY)
    assert refusal.value.code == "asked_already"
