"""The knowledge base: offered while somebody types, approved by the supervisor, grown from cases."""

from datetime import timedelta

import pytest
from django.urls import reverse

from complaints import actions, queries
from complaints.choices import Category, ComplaintState
from complaints.formulas import likeness, pairs
from complaints.models import Complaint, KnowledgeEntry
from dealer_crm.values import Refusal, Stale
from tests.factories import cast
from tests.factories.complaints import RECEIVED, complaint_of

LATER = RECEIVED + timedelta(days=1)


@pytest.mark.parametrize(
    ("typed", "known", "expected"),
    [
        ("空调不制冷", "空调不制冷", 1),
        ("客户说空调不制冷，很热", "空调不制冷", 1),
        ("刹车异响", "空调不制冷", 0),
        ("空调有异味", "空调不制冷", 0.25),
        ("", "空调", 0),
        ("ABS 灯亮", "abs灯亮了", 1),
    ],
)
def test_likeness_is_the_share_of_common_pairs(typed, known, expected):
    assert likeness(pairs(typed), pairs(known)) == expected


@pytest.fixture
def people(db):
    return cast.of_store()


def write(people, phenomenon, by=None, category=Category.SKILL, **words) -> KnowledgeEntry:
    return actions.write_knowledge(
        store=people.store, category=category, phenomenon=phenomenon, remedy="检测冷媒压力", by=by or people.crc,
        at=LATER, **words,
    )  # fmt: skip


def test_what_is_alike_is_offered_first_and_only_what_is_approved(people):
    cooling, brakes = write(people, "空调不制冷"), write(people, "刹车异响")
    write(people, "空调不制冷有异味", by=people.agent)  # waits for the supervisor
    other = write(people, "等待过久", category=Category.WAITING)
    actions.use_knowledge(entry=brakes, by=people.agent, at=LATER)

    def offered(**asked):
        return [one.entry for one in queries.knowledge_for(people.store, **asked)]

    assert offered(text="客户说空调修了还是不制冷") == [cooling]
    assert offered(category=Category.SKILL) == [brakes, cooling]
    assert offered(category=Category.WAITING, text="等待太久") == [other]
    assert offered(category=Category.WAITING, text="咖啡机坏了") == [
        other
    ]  # no word in common: what the category knows
    assert offered() == []
    assert queries.knowledge_for(cast.of_second_store().store, text="空调不制冷") == []


def test_who_works_on_a_case_is_offered_what_is_known_and_what_is_typed_in_any_field_counts(people, client):
    write(people, "到店后无人接待", category=Category.OTHER, wording="非常抱歉")
    complaint = complaint_of(people, ComplaintState.RECORDED)
    Complaint.objects.update(description="到店后无人接待半小时", category=Category.OTHER)
    offers = {}
    for person in (people.crc, people.manager):
        client.force_login(person)
        page = client.get(reverse("complaints:complaint", args=[complaint.pk])).content.decode()
        offers[person] = page.count("非常抱歉")
    client.force_login(people.crc)
    typed = client.get(reverse("complaints:knowledge_offered"), {"note": "没有人接待", "fact_asked": "到店无人接待"})
    assert (offers, typed.content.decode().count("非常抱歉")) == ({people.crc: 1, people.manager: 1}, 1)


def test_a_change_waits_while_the_former_version_holds(people):
    entry = write(people, "空调不制冷")
    words = {"category": Category.SKILL, "phenomenon": "空调制冷差", "remedy": "清洗冷凝器"}
    actions.change_knowledge(entry=entry, **words, by=people.agent, at=LATER, expected_version=1)
    entry.refresh_from_db()
    assert (str(entry), queries.knowledge_waiting_count(people.crc)) == ("空调不制冷", 1)
    assert list(queries.knowledge_matching(people.agent, state="waiting")) == [entry]
    with pytest.raises(Stale):
        actions.approve_knowledge(entry=entry, by=people.crc, at=LATER, expected_version=1)
    entry = actions.approve_knowledge(entry=entry, by=people.crc, at=LATER, expected_version=2)
    assert (str(entry), [one.number for one in entry.versions.all()]) == ("空调制冷差", [2, 1])
    assert list(queries.knowledge_matching(people.agent, text="冷凝器")) == [entry]
    with pytest.raises(Refusal, match="已"):
        actions.approve_knowledge(entry=entry, by=people.crc, at=LATER)
    actions.withdraw_knowledge(entry=entry, by=people.crc, at=LATER)
    assert not queries.knowledge_matching(people.agent).exists()


def test_a_closed_case_becomes_a_draft_once(people):
    complaint = complaint_of(people, ComplaintState.CLOSED)
    entry = actions.draft_from_case(complaint=complaint, by=people.crc, at=LATER)
    draft = entry.versions.get()
    assert (entry.current, draft.phenomenon, draft.remedy) == (None, complaint.description, "已登门致歉，客户接受")
    for one, code in ((complaint, "drafted_already"), (complaint_of(people), "not_closed")):
        with pytest.raises(Refusal) as refused:
            actions.draft_from_case(complaint=one, by=people.crc, at=LATER)
        assert refused.value.code == code
    with pytest.raises(Refusal) as refused:
        write(people, "  ")
    assert refused.value.field == "phenomenon"
