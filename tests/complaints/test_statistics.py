"""Points of scorecards, ages, the month with departments and cost, what a search finds; pages and API of judging."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from complaints import actions, queries
from complaints.choices import Category, ComplaintState, GoodwillKind, Severity
from complaints.formulas import age_of
from complaints.models import Appeal, Goodwill, IncidentReport, KnowledgeEntry
from dealer_crm.values import Period
from tests.factories import cast
from tests.factories.complaints import RECEIVED, ComplaintFactory, complaint_of
from tests.factories.reception import CustomerFactory, VehicleFactory

OCTOBER = Period(2026, 10)


@pytest.mark.parametrize(("hours", "up_to"), [(0, 1), (24, 1), (25, 3), (72, 3), (169, 30), (721, None)])
def test_the_class_of_the_ageing_list(hours, up_to):
    assert age_of(timedelta(hours=hours)) == up_to


@pytest.fixture
def people(db):
    return cast.of_store()


@pytest.fixture
def as_(client):
    def sign_in(person):
        client.force_login(person)
        return client

    return sign_in


def test_a_month_by_department_cost_and_matter(people):
    car = VehicleFactory(store=people.store)
    first = complaint_of(people, ComplaintState.CLOSED, vehicle=car)
    complaint_of(people, vehicle=car, at=RECEIVED + timedelta(hours=3))  # the same matter again, unanswered
    actions.verify_complaint(
        complaint=first, is_verified=True, text="属实", by=people.manager, at=RECEIVED,
        shares={people.technician: Decimal("0.6"), people.advisor: Decimal("0.4")},
    )  # fmt: skip
    goodwill = actions.request_goodwill(
        complaint=complaint_of(people), kind=GoodwillKind.PARTS, amount=Decimal(80), reason="赠送", by=people.agent,
        at=RECEIVED,
    )  # fmt: skip
    actions.approve_goodwill(goodwill=goodwill, by=people.crc, at=RECEIVED)
    month = queries.month_statistics(people.store, OCTOBER, at=RECEIVED + timedelta(days=2))
    assert [(name, count, share) for name, count, share in month.departments] == [
        (people.mechanics.name, 1, Decimal("0.6000")), ("业务接待", 1, Decimal("0.4000")),
    ]  # fmt: skip
    assert month.costs == [("配件", 1, Decimal("80.00"))]
    assert (month.same_matter.part, month.same_matter.whole) == (1, 3)
    assert (month.replied_soon.part, month.replied_soon.whole) == (1, 3)
    assert (month.solved_soon.part, month.solved_soon.whole) == (1, 3)
    ages = queries.ages_of(people.store, at=RECEIVED + timedelta(days=2))
    assert [count for _age, count in ages] == [0, 2, 0, 0, 0]


def test_a_complaint_is_found_by_what_is_at_hand(people):
    customer = CustomerFactory(store=people.store, name="欧阳小红", phone="+8613812345678")
    complaint = complaint_of(people, customer=customer, vehicle=VehicleFactory(store=people.store, plate="京A88888"))
    expected = {
        "TSBJ01": True, "tsbj01": True, "A88": True, "京A88888": True, "小红": True, "欧": True, "5678": True,
        "三个小时": True, "小时 修车": True, "小时 刹车": False, "Z99": False, "9999": False, "a b": False,
    }  # fmt: skip
    found = {text: list(queries.complaints_matching(people.crc, at=RECEIVED, text=text)) for text in expected}
    assert found == {text: [complaint] if is_found else [] for text, is_found in expected.items()}
    assert list(queries.complaints_like(people.crc, "小红", most=5)) == [complaint]


# ── pages ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_appeal_goodwill_knowledge_report_and_file_by_their_pages(as_, people):
    major = complaint_of(people, ComplaintState.CLOSED, severity=Severity.MAJOR, at=timezone.now() - timedelta(hours=3))
    actions.verify_complaint(
        complaint=major, is_verified=True, shares={people.advisor: 1}, text="属实", by=people.manager,
        at=timezone.now(),
    )  # fmt: skip
    page = as_(people.advisor).get(reverse("complaints:about_me"))
    assert ("属实" in page.text, "5%" in page.text) == (True, True)  # the plan's rule for one verified complaint
    as_(people.advisor).post(reverse("complaints:appeal", args=[major.pk]), {"text": "已告知"})
    appeal = Appeal.objects.get()
    assert appeal.text in as_(people.director).get(reverse("complaints:appeals")).text
    said = {"is_accepted": "no", "text": "维持", "version": appeal.version}
    as_(people.director).post(reverse("complaints:appeal_decide", args=[appeal.pk]), said)
    appeal.refresh_from_db()
    assert (appeal.is_accepted, appeal.answer) == (False, "维持")

    words = {"course": "刹车失灵", "cause": "待查", "measures": "拆检", "lessons": "路试", "version": "0"}
    as_(people.crc).post(reverse("complaints:incident", args=[major.pk]), words)
    stale = as_(people.crc).post(reverse("complaints:incident", args=[major.pk]), words)
    assert (stale.status_code, IncidentReport.objects.count()) == (422, 1)
    printed = as_(people.manager).get(reverse("complaints:incident_print", args=[major.pk]), {"version": "1"})
    assert "刹车失灵" in printed.text
    as_(people.crc).post(reverse("complaints:file_case", args=[major.pk]), {"place": "2层"})
    assert "2层" in as_(people.crc).get(reverse("complaints:case_print", args=[major.pk])).text
    as_(people.agent).post(reverse("complaints:knowledge_draft", args=[major.pk]))
    entry = KnowledgeEntry.objects.get()
    as_(people.crc).post(reverse("complaints:knowledge_approve", args=[entry.pk]), {"version": entry.version})
    offered = as_(people.agent).get(reverse("complaints:knowledge_offered"), {"description": "又等了三个小时才开始"})
    assert "已登门致歉" in offered.text
    used = as_(people.agent).post(reverse("complaints:knowledge_use", args=[entry.pk]))
    entry.refresh_from_db()
    assert (used.status_code, entry.used_count) == (200, 1)

    asked = complaint_of(people, at=timezone.now() - timedelta(hours=1))
    facts = {"kind": "voucher", "amount": "300", "reason": "补偿"}
    as_(people.agent).post(reverse("complaints:goodwill_new", args=[asked.pk]), facts)
    goodwill = Goodwill.objects.get()
    approve = reverse("complaints:goodwill_approve", args=[goodwill.pk])
    refused = as_(people.crc).post(approve, headers={"HX-Request": "true"})
    assert (refused.status_code, "200.00" in refused.text) == (422, True)
    as_(people.manager).post(approve, {"version": goodwill.version})
    month = as_(people.manager).get(reverse("complaints:goodwill"))
    assert (month.context["month"].spent, month.context["waiting"]) == (Decimal("300.00"), [])
    as_(people.director).post(reverse("complaints:goodwill_budget"), {"amount": "299"})
    as_(people.director).post(reverse("complaints:goodwill_budget"), {"amount": "900"})
    assert queries.month_of_goodwill(people.store, Period.of(timezone.now())).left == Decimal("600.00")


@pytest.mark.parametrize("name", ["goodwill", "appeals", "knowledge", "filing"])
def test_lists_cost_the_same_for_one_and_for_many(as_, people, name, django_assert_max_num_queries):
    def fill(many):
        for _n in range(many):
            one = ComplaintFactory(
                store=people.store, state=ComplaintState.CLOSED, closed_at=RECEIVED, is_verified=True,
                verified_at=RECEIVED, verified_by=people.manager,
            )  # fmt: skip
            if name == "goodwill":
                Goodwill.objects.create(
                    complaint=one, kind=GoodwillKind.MONEY, amount=1, requested_by=people.agent,
                    requested_at=timezone.now(),
                )  # fmt: skip
            if name == "appeals":
                Appeal.objects.create(
                    complaint=one, staff=people.advisor, judged_at=RECEIVED, judged_by=people.manager, share=1,
                    text="不认可", appealed_at=RECEIVED,
                )  # fmt: skip
            if name == "knowledge":
                actions.write_knowledge(
                    store=people.store, category=Category.SKILL, phenomenon="异响", remedy="检查", by=people.crc,
                    at=RECEIVED,
                )  # fmt: skip

    client = as_(people.crc if name in ("knowledge", "filing") else people.director)
    fill(1)
    client.get(reverse(f"complaints:{name}"))
    with django_assert_max_num_queries(20) as once:
        client.get(reverse(f"complaints:{name}"))
    fill(12)
    with django_assert_max_num_queries(len(once.captured_queries)):
        assert client.get(reverse(f"complaints:{name}")).status_code == 200


# ── HTTP API ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_same_over_http_with_the_same_refusals(people):
    def api(person):
        client = APIClient()
        client.force_authenticate(person)
        return client

    complaint = complaint_of(people, ComplaintState.CLOSED, at=timezone.now() - timedelta(hours=3))
    actions.verify_complaint(
        complaint=complaint, is_verified=True, shares={people.advisor: 1}, text="属实", by=people.manager,
        at=timezone.now(),
    )  # fmt: skip
    sent = {"complaint": complaint.pk, "text": "已告知"}
    made = api(people.advisor).post("/api/v1/complaint-appeals/", sent, headers={"Idempotency-Key": "a"})
    again = api(people.advisor).post("/api/v1/complaint-appeals/", sent, headers={"Idempotency-Key": "a"})
    assert (made.status_code, again.data["id"]) == (201, made.data["id"])
    decide = f"/api/v1/complaint-appeals/{made.data['id']}/decide/"
    answer = {"is_accepted": True, "text": "录音可证"}
    assert api(people.manager).post(decide, answer).data["type"] == "urn:dealer-crm:problem:four_eyes"
    assert api(people.director).post(decide, answer, headers={"If-Match": '"9"'}).status_code == 412
    assert api(people.director).post(decide, answer, headers={"If-Match": '"1"'}).data["is_accepted"] is True
    assert api(people.agent).get("/api/v1/complaint-appeals/").data["results"] == []  # nobody else's

    asked = complaint_of(people, at=timezone.now() - timedelta(hours=1))
    facts = {"complaint": asked.pk, "kind": "labour", "amount": "2500", "reason": "免工时"}
    goodwill = api(people.agent).post("/api/v1/goodwill/", facts).data
    one = f"/api/v1/goodwill/{goodwill['id']}"
    assert api(people.manager).post(f"{one}/approve/").data["type"] == "urn:dealer-crm:problem:above_limit"
    assert api(people.director).post(f"{one}/approve/").data["state"] == "approved"
    budget = api(people.director).post("/api/v1/goodwill-budgets/", {"period": "2099-01", "amount": "500"})
    assert budget.data["left_amount"] == "500.00"

    words = {"category": "skill", "phenomenon": "空调不制冷", "remedy": "检漏"}
    entry = api(people.agent).post("/api/v1/complaint-knowledge/", words).data
    one = f"/api/v1/complaint-knowledge/{entry['id']}"
    assert (entry["phenomenon"], api(people.crc).post(f"{one}/rewrite/", words).status_code) == (None, 428)
    assert api(people.crc).post(f"{one}/approve/").data["phenomenon"] == "空调不制冷"
    offered = api(people.agent).get("/api/v1/complaint-knowledge/offered/", {"text": "空调修了还是不制冷"}).data
    assert [row["id"] for row in offered] == [entry["id"]]
    found = api(people.crc).get("/api/v1/complaints/", {"text": asked.number}).data["results"]
    assert [row["id"] for row in found] == [asked.pk]
    report = {"complaint": asked.pk, "course": "经过"}
    assert api(people.crc).post("/api/v1/incident-reports/", report).data["type"].endswith("not_major")
