"""The pages of complaints: queues by role, the loop by its forms, the month, the workbook, the API."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from rest_framework.test import APIClient

from complaints import actions, queries
from complaints.choices import Category, ComplaintSource, ComplaintState, GoodwillKind, StepKind
from complaints.models import ClockAlarm, Complaint
from complaints.receivers import complaints_imported
from complaints.urls import STEP_PERMISSIONS
from dealer_crm.reporting.registry import report_named
from dealer_crm.reporting.workbooks import to_xlsx
from dealer_crm.ui import home, search
from dealer_crm.values import Period
from tests.factories import cast
from tests.factories.complaints import RECEIVED, ComplaintFactory, complaint_of
from tests.factories.reception import RepairOrderFactory

pytestmark = pytest.mark.django_db

STATES = list(ComplaintState)


@pytest.fixture
def people(db):
    return cast.of_store()


@pytest.fixture
def as_(client):
    def sign_in(person):
        client.force_login(person)
        return client

    return sign_in


# ── what waits for whom ──────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("crc", {"recorded", "checked"}),
        ("agent", {"checked"}),
        ("manager", {"advised", "remedied", "closed"}),
        ("frontdesk", {"decided"}),
        ("director", set()),
        ("technician", set()),
    ],
)
def test_each_role_has_its_own_queue(people, role, expected):
    for state in STATES:
        complaint = complaint_of(people, state)
        if state != ComplaintState.CLOSED:
            # Replied to already, so that only the loop decides whose it is.
            Complaint.objects.filter(pk=complaint.pk).update(first_reply_at=RECEIVED)
    rows = queries.waiting_for(getattr(people, role), at=RECEIVED + timedelta(hours=1))
    assert {row.state for row in rows} == expected


def test_an_unanswered_complaint_waits_for_whoever_may_reply(people):
    complaint_of(people, ComplaintState.ADVISED)
    assert queries.waiting_for(people.agent, at=RECEIVED).count() == 1


def test_the_station_manager_sees_what_is_late_and_the_managers_own_remedies(people):
    late = complaint_of(people, ComplaintState.ADVISED)
    own = complaint_of(people, ComplaintState.REMEDIED, owner=people.manager, at=RECEIVED + timedelta(hours=20))
    rows = queries.waiting_for(people.director, at=RECEIVED + timedelta(hours=25))
    assert set(rows) == {late, own}
    assert list(queries.waiting_for(people.manager, at=RECEIVED)) == [late]  # nobody checks their own remedy


def test_what_runs_out_first_stands_on_top_and_what_stands_below(people):
    second, first = complaint_of(people, at=RECEIVED), complaint_of(people, at=RECEIVED - timedelta(hours=1))
    standing = complaint_of(people, at=RECEIVED - timedelta(hours=2))
    actions.pause_clock(complaint=standing, reason="等客户", by=people.crc, at=RECEIVED)
    assert list(queries.waiting_for(people.crc, at=RECEIVED)) == [first, second, standing]


def test_the_queue_page_names_the_next_step(as_, people):
    complaint_of(people, ComplaintState.ADVISED)
    page = as_(people.manager).get(reverse("complaints:queue"))
    assert [next_step for _complaint, next_step in page.context["rows"]] == [StepKind.DECISION]


def test_what_waits_names_decisions_too_and_a_case_leads_to_the_number_to_dial(as_, people):
    complaint = complaint_of(people)
    actions.request_goodwill(
        complaint=complaint, kind=GoodwillKind.VOUCHER, amount=Decimal(150), reason="补偿等待", by=people.agent,
        at=RECEIVED + timedelta(hours=1),
    )  # fmt: skip
    page = as_(people.director).get(reverse("complaints:queue"))
    assert [(one.label, one.detail) for one in page.context["deciding"].items] == [
        (f"{complaint.number} 补偿等待", "¥150.00")
    ]
    assert reverse("complaints:goodwill") in page.content.decode()
    case = as_(people.agent).get(reverse("complaints:complaint", args=[complaint.pk])).content.decode()
    phone = complaint.customer.phones.first()
    assert reverse("reception:customer", args=[complaint.customer_id]) in case
    assert (str(phone) in case, phone.number in case) == (True, False)


def test_the_first_page_and_the_search_box_know_complaints(people):
    complaint = complaint_of(people)
    card = next(card for card in home.cards_for(people.crc, RECEIVED) if card.title == "待我处理的投诉")
    assert (card.count, [item.url for item in card.items]) == (
        1,
        [reverse("complaints:complaint", args=[complaint.pk])],
    )
    sections = {section.title: section.hits for section in search.find(people.crc, complaint.number[:8])}
    assert [hit.label for hit in sections["投诉"]] == [complaint.number]


# ── who sees what ────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_technician_sees_only_the_complaints_that_are_theirs(as_, people):
    mine, other = complaint_of(people, ComplaintState.DECIDED, owner=people.technician), complaint_of(people)
    client = as_(people.technician)
    assert client.get(reverse("complaints:complaint", args=[mine.pk])).status_code == 200
    assert client.get(reverse("complaints:complaint", args=[other.pk])).status_code == 404
    assert client.get(reverse("complaints:list")).status_code == 403


def test_another_stores_complaint_is_not_found(as_, people):
    complaint = complaint_of(people)
    client = as_(cast.of_second_store().manager)
    assert client.get(reverse("complaints:complaint", args=[complaint.pk])).status_code == 404
    assert client.post(reverse("complaints:advise", args=[complaint.pk]), {"text": "x"}).status_code in (403, 404)


def test_every_step_has_a_page_with_a_permission():
    assert set(STEP_PERMISSIONS) == {
        "reply", "advise", "decide", "remedy", "check", "ask", "close", "pause", "resume", "arrange", "kept", "verify",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("role", "state", "expected"),
    [
        ("crc", ComplaintState.RECORDED, {"reply", "pause", "advice"}),
        ("agent", ComplaintState.RECORDED, {"reply", "pause"}),
        ("manager", ComplaintState.ADVISED, {"reply", "pause", "decision", "verify"}),
        ("manager", ComplaintState.DECIDED, {"reply", "pause", "decision", "verify"}),
        ("frontdesk", ComplaintState.DECIDED, {"reply", "pause", "remedy"}),
        ("manager", ComplaintState.REMEDIED, {"reply", "pause", "check", "verify"}),
        ("agent", ComplaintState.CHECKED, {"reply", "ask"}),
        ("manager", ComplaintState.CLOSED, {"verify"}),
        ("crc", ComplaintState.CLOSED, set()),
        ("group", ComplaintState.ADVISED, set()),
    ],
)
def test_the_page_offers_the_steps_that_are_this_persons(as_, people, role, state, expected):
    complaint = complaint_of(people, state)
    page = as_(getattr(people, role)).get(reverse("complaints:complaint", args=[complaint.pk]))
    assert (page.status_code, page.context["open"]) == (200, expected)


# ── the loop by its pages ────────────────────────────────────────────────────────────────────────────────────────────
def test_a_complaint_goes_round_the_loop_in_the_browser_pages(as_, people):
    order = RepairOrderFactory(advisor=people.advisor)
    sent = {
        "order": order.number,
        "source": "phone",
        "category": "waiting",
        "severity": "general",
        "received_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "description": "等了三个小时",
        "wish": "道歉",
    }
    made = as_(people.agent).post(reverse("complaints:new"), sent)
    complaint = Complaint.objects.get()
    assert made.url == reverse("complaints:complaint", args=[complaint.pk])
    assert (complaint.order, complaint.customer, complaint.wish) == (order, order.customer, "道歉")
    tomorrow = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    walk = [
        (people.agent, "reply", {"text": "已致歉"}),
        (people.crc, "advise", {"text": "建议当面致歉"}),
        (people.manager, "decide", {
            "owner": people.frontdesk.pk, "deadline_at": tomorrow, "goodwill_amount": "100", "text": "当日处理",
        }),
        (people.frontdesk, "remedy", {"text": "已登门致歉"}),
        (people.manager, "check", {"is_good": "yes"}),
        (people.crc, "ask", {"is_satisfied": "yes"}),
        (people.manager, "verify", {
            "is_verified": "yes", "text": "属实", "shares-TOTAL_FORMS": "2", "shares-INITIAL_FORMS": "0",
            "shares-0-person": people.advisor.pk, "shares-0-percent": "70",
            "shares-1-person": people.workshop.pk, "shares-1-percent": "30",
        }),
    ]  # fmt: skip
    for person, step, said in walk:
        answer = as_(person).post(reverse(f"complaints:{step}", args=[complaint.pk]), said)
        assert answer.url == reverse("complaints:complaint", args=[complaint.pk]), step
    complaint.refresh_from_db()
    assert (complaint.state, complaint.goodwill_amount, complaint.is_verified) == (
        ComplaintState.CLOSED, Decimal("100.00"), True,
    )  # fmt: skip
    assert dict(complaint.responsibilities.values_list("staff__name", "share")) == {
        "李明": Decimal("0.7000"), "郑强": Decimal("0.3000"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("step", "said", "sentence"),
    [
        ("advise", {"text": ""}, "请写明说了什么或做了什么。"),
        ("decide", {"text": "处理"}, "责任人: 请选择由谁处理。"),
    ],
)
def test_a_form_without_its_words_is_a_toast_and_changes_nothing(as_, people, step, said, sentence):
    complaint = complaint_of(people, ComplaintState.ADVISED if step == "decide" else ComplaintState.RECORDED)
    person = people.manager if step == "decide" else people.crc
    url = reverse(f"complaints:{step}", args=[complaint.pk])
    answer = as_(person).post(url, said, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert Complaint.objects.get().version == complaint.version


def test_a_page_that_was_open_too_long_overwrites_nothing(as_, people):
    complaint = complaint_of(people, ComplaintState.ADVISED)
    url = reverse("complaints:verify", args=[complaint.pk])
    said = {
        "is_verified": "no",
        "text": "无依据",
        "version": "1",
        "shares-TOTAL_FORMS": "0",
        "shares-INITIAL_FORMS": "0",
    }
    answer = as_(people.manager).post(url, said, headers={"HX-Request": "true"})
    assert (answer.status_code, Complaint.objects.get().is_verified) == (412, None)


def test_an_order_of_another_store_is_unknown_to_the_form(as_, people):
    foreign = RepairOrderFactory(advisor=cast.of_second_store().advisor)
    answer = as_(people.agent).post(reverse("complaints:new"), {"order": foreign.number})
    assert (answer.status_code, answer.context["form"].errors["order"]) == (422, ["本店没有这张工单。"])


def test_the_form_is_filled_in_from_an_order(as_, people):
    order = RepairOrderFactory(advisor=people.advisor)
    page = as_(people.agent).get(reverse("complaints:new"), {"order": order.pk, "source": "call"})
    assert (page.context["form"].initial["order"], page.context["form"].initial["source"]) == (order.number, "call")


# ── lists ────────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, {"a", "b", "c"}),
        ({"state": "open"}, {"a", "b"}),
        ({"state": "closed"}, {"c"}),
        ({"category": "price"}, {"b"}),
        ({"text": "王"}, {"b"}),
        ({"text": "TSBJ"}, {"a", "b", "c"}),
        ({"is_late": "on"}, {"a", "b"}),
        ({"severity": "major"}, set()),
    ],
)
def test_the_list_is_narrowed(as_, people, wanted, expected):
    from tests.factories.reception import CustomerFactory

    made = {
        "a": complaint_of(people),
        "b": complaint_of(people, category=Category.PRICE, customer=CustomerFactory(store=people.store, name="王强")),
        "c": complaint_of(people, ComplaintState.CLOSED),
    }
    for name in "ab":  # names drawn at random may be called 王 too
        if name == "a":
            made["a"].customer.name = "李雷"
            made["a"].customer.save()
    made["c"].customer.name = "赵丽"
    made["c"].customer.save()
    page = as_(people.manager).get(reverse("complaints:list"), wanted).context["page"]
    assert {name for name, one in made.items() if one in page.rows} == expected


@pytest.mark.parametrize("name", ["list", "queue", "month"])
def test_pages_cost_the_same_queries_with_one_and_thirty_complaints(as_, people, name, django_assert_max_num_queries):
    client, url = as_(people.crc), reverse(f"complaints:{name}")
    complaint_of(people, order=RepairOrderFactory(advisor=people.advisor), customer=None)
    client.get(url)
    with django_assert_max_num_queries(45) as one:
        client.get(url)
    for _n in range(29):
        ComplaintFactory(store=people.store, order=RepairOrderFactory(advisor=people.advisor))
    with django_assert_max_num_queries(len(one.captured_queries)):
        client.get(url)


def test_orders_under_an_open_complaint_are_known(people):
    open_one, closed_one = RepairOrderFactory(advisor=people.advisor), RepairOrderFactory(advisor=people.advisor)
    complaint_of(people, order=open_one, customer=open_one.customer)
    complaint_of(people, ComplaintState.CLOSED, order=closed_one, customer=closed_one.customer)
    assert queries.open_complaint_orders([open_one.pk, closed_one.pk]) == {open_one.pk}


# ── the month ────────────────────────────────────────────────────────────────────────────────────────────────────────
OCTOBER = Period(2026, 10)


@pytest.fixture
def october(people):
    """Five complaints: closed in time; solved late; replied late and open; reopened and solved; of last month."""
    complaint_of(people, ComplaintState.CLOSED)
    late = complaint_of(people, ComplaintState.REMEDIED, category=Category.PRICE)
    actions.check_remedy(complaint=late, is_good=True, by=people.manager, at=RECEIVED + timedelta(hours=25))
    open_one = complaint_of(people, category=Category.PRICE, source=ComplaintSource.MANUFACTURER)
    actions.reply_to_customer(complaint=open_one, text="致歉", by=people.agent, at=RECEIVED + timedelta(hours=25))
    again = complaint_of(people, ComplaintState.CHECKED)
    actions.ask_customer(
        complaint=again, is_satisfied=False, text="没修好", by=people.crc, at=RECEIVED + timedelta(hours=1)
    )
    complaint_of(people, at=RECEIVED - timedelta(days=30))
    verified = Complaint.objects.order_by("pk").first()
    actions.verify_complaint(
        complaint=verified,
        is_verified=True,
        shares={people.advisor: Decimal(1)},
        text="属实",
        by=people.manager,
        at=RECEIVED,
    )
    return people


def test_the_statistics_of_a_month(october):
    month = queries.month_statistics(october.store, OCTOBER, at=RECEIVED + timedelta(days=2))
    assert (month.complaints, month.previous, month.closed, month.verified, month.judged) == (4, 1, 1, 1, 1)
    # Replied: closed (asked after 50 min), reopened (after 60 min); the late one never, the maker's after 25 of 24 h.
    assert (month.replied.part, month.replied.whole) == (2, 4)
    # Solved in time: the first; the second took 25 h; the open one ran out; the reopened one is no solution.
    assert (month.solved.part, month.solved.whole) == (1, 4)
    assert (month.satisfied.part, month.satisfied.whole) == (1, 2)
    assert (month.repeated.part, month.repeated.whole) == (1, 4)
    assert [(one.label, one.count) for one in month.categories] == [("价格", 2), ("等待时间", 2)]
    assert [(one.name, one.count, one.shares) for one in month.people] == [("李明", 1, Decimal("1.0000"))]


def test_a_clock_still_running_says_nothing_yet(people):
    complaint_of(people)
    month = queries.month_statistics(people.store, OCTOBER, at=RECEIVED + timedelta(hours=1))
    assert (month.replied.value, month.solved.value) == (None, None)


def test_who_may_see_counts_sees_no_names(as_, october):
    page = as_(october.frontdesk).get(reverse("complaints:month"), {"period": "2026-10"})
    assert (page.status_code, page.context["may_view"], "属实投诉责任人" in page.text) == (200, False, False)
    assert as_(october.manager).get(reverse("complaints:month"), {"period": "2026-10"}).context["may_view"] is True


def workbook_of(people):
    report = report_named("complaints").build(
        store=people.store, period=OCTOBER, by=people.manager, at=RECEIVED + timedelta(days=2)
    )
    stream = io.BytesIO()
    to_xlsx(report, stream)
    return report.file_stem, load_workbook(stream)


def test_the_workbook_holds_the_month(october):
    stem, book = workbook_of(october)
    assert stem == "complaints-BJ01-2026-10"
    assert book.sheetnames == ["汇总", "来源", "级别", "类别", "责任人", "部门", "补偿", "明细", "未结案", "说明"]
    summary = {row[0]: row[1:4] for row in book["汇总"].iter_rows(min_row=2, values_only=True)}
    assert summary["投诉件数"][0] == 4
    assert summary["首次回复及时率"] == (0.5, 2, 4)
    assert summary["解决及时率"] == (0.25, 1, 4)
    details = list(book["明细"].iter_rows(values_only=True))
    assert (details[0][:5], len(details)) == (("投诉编号", "受理时间", "来源", "级别", "类别"), 6)


def test_the_command_writes_the_workbook(run_manage, tmp_path, transactional_db):
    complaint_of(cast.of_store("GZ01", "广州店"))
    target = tmp_path / "complaints.xlsx"
    done = run_manage("complaint_report", "--store", "GZ01", "--period", "2026-10", "--out", str(target))
    assert (done.returncode, load_workbook(target)["汇总"]["B2"].value) == (0, 1)


def test_complaints_of_a_workbook_are_told_of_nobody(people):
    complaint = ComplaintFactory(store=people.store)
    complaints_imported(None, run_id=None, sheets={"投诉": [complaint.pk]}, at=RECEIVED + timedelta(days=40))
    assert ClockAlarm.objects.count() == 6
    assert actions.raise_alarms(store=people.store, by=None, at=RECEIVED + timedelta(days=40)) == 0


# ── HTTP API ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def api(person):
    client = APIClient()
    client.force_authenticate(person)
    return client


COMPLAINTS = "/api/v1/complaints/"


def test_a_complaint_goes_round_the_loop_over_http(people):
    order = RepairOrderFactory(advisor=people.advisor)
    sent = {"order": order.pk, "source": "call", "category": "waiting", "description": "等了三个小时"}
    made = api(people.agent).post(COMPLAINTS, sent, headers={"Idempotency-Key": "one"})
    again = api(people.agent).post(COMPLAINTS, sent, headers={"Idempotency-Key": "one"})
    assert (made.status_code, again.data["id"], Complaint.objects.count()) == (201, made.data["id"], 1)
    one, tomorrow = f"{COMPLAINTS}{made.data['id']}/", (timezone.now() + timedelta(days=1)).isoformat()
    walk = [
        (people.crc, "advise", {"text": "建议"}, "advised"),
        (people.manager, "decide", {"owner": "BJ01-02", "deadline_at": tomorrow, "text": "处理"}, "decided"),
        (people.frontdesk, "remedy", {"text": "已致歉"}, "remedied"),
        (people.manager, "check", {"is_good": True}, "checked"),
        (people.crc, "ask", {"is_satisfied": False, "text": "没修好"}, "recorded"),
        (people.crc, "pause", {"reason": "客户出差"}, "recorded"),
        (people.crc, "resume", {}, "recorded"),
        (people.agent, "reply", {"text": "再次致歉"}, "recorded"),
        (people.manager, "verify", {"is_verified": True, "shares": {"BJ01-01": "1"}, "text": "属实"}, "recorded"),
        (people.manager, "close", {"text": "协商未果"}, "closed"),
    ]  # fmt: skip
    for person, step, said, state in walk:
        answer = api(person).post(f"{one}{step}/", said)
        assert (answer.status_code, answer.data["state"]) == (200, state), (step, answer.data)
    data = api(people.manager).get(one)
    assert (data.data["round"], data.data["is_satisfied"], data.data["responsibilities"]) == (
        2, False, [{"staff": "BJ01-01", "share": "1.0000"}],
    )  # fmt: skip
    assert data["ETag"] == f'"{data.data["version"]}"'


def test_a_skipped_step_and_a_stale_version_are_problem_documents(people):
    one = f"{COMPLAINTS}{complaint_of(people).pk}/"
    skipped = api(people.crc).post(f"{one}ask/", {"is_satisfied": True})
    assert (skipped.status_code, skipped.data["type"]) == (409, "urn:dealer-crm:problem:not_ask")
    stale = api(people.crc).post(f"{one}advise/", {"text": "建议"}, headers={"If-Match": '"99"'})
    assert (stale.status_code, stale.data["type"]) == (412, "urn:dealer-crm:problem:stale")
    unknown = api(people.manager).post(
        f"{one}verify/", {"is_verified": True, "shares": {"NOBODY": "1"}, "text": "属实"}
    )
    assert unknown.status_code == 422


@pytest.mark.parametrize(
    ("role", "step", "status"),
    [
        ("agent", "advise", 403),
        ("crc", "decide", 403),
        ("advisor", "check", 403),
        ("manager", "ask", 403),
        ("cashier", "verify", 403),
        ("technician", "reply", 404),
    ],
)
def test_a_step_of_another_role_is_forbidden(people, role, step, status):
    one = f"{COMPLAINTS}{complaint_of(people).pk}/"
    assert api(getattr(people, role)).post(f"{one}{step}/", {"text": "x"}).status_code == status


def test_the_list_over_http_stays_in_the_store_and_is_narrowed(people):
    mine = complaint_of(people, ComplaintState.ADVISED)
    complaint_of(people)
    complaint_of(cast.of_second_store())
    assert len(api(people.manager).get(COMPLAINTS).data["results"]) == 2
    found = api(people.manager).get(COMPLAINTS, {"state": "advised"}).data["results"]
    assert [row["id"] for row in found] == [mine.pk]
