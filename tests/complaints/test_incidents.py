"""The major-incident report and the file of a closed case."""

from datetime import timedelta

import pytest

from complaints import actions
from complaints.choices import ComplaintState, Severity
from dealer_crm.values import Refusal, Stale
from tests.factories import cast
from tests.factories.complaints import RECEIVED, complaint_of

LATER = RECEIVED + timedelta(days=1)
WORDS = {
    "course": "刹车失灵，客户报警",
    "cause": "制动液未加注",
    "measures": "免费维修并提供代步车",
    "lessons": "增加终检项",
}


@pytest.fixture
def people(db):
    return cast.of_store()


def test_a_report_is_kept_in_versions_and_overwrites_nobody(people):
    major = complaint_of(people, severity=Severity.MAJOR)
    first = actions.write_incident_report(complaint=major, **WORDS, by=people.crc, at=LATER, expected_number=0)
    actions.write_incident_report(
        complaint=major, **WORDS | {"cause": "查明"}, by=people.manager, at=LATER, expected_number=first.number
    )
    assert [(one.number, one.cause) for one in major.incidents.order_by("number")] == [(1, "制动液未加注"), (2, "查明")]
    with pytest.raises(Stale, match=people.manager.name):
        actions.write_incident_report(complaint=major, **WORDS, by=people.crc, at=LATER, expected_number=1)
    for complaint, words, code in (
        (complaint_of(people), WORDS, "not_major"),
        (major, WORDS | {"course": " "}, "text_missing"),
    ):
        with pytest.raises(Refusal) as refused:
            actions.write_incident_report(complaint=complaint, **words, by=people.crc, at=LATER)
        assert refused.value.code == code


def test_a_case_is_filed_when_everything_about_it_is_over(people):
    closed = complaint_of(people, ComplaintState.CLOSED)

    def file_away(complaint=closed):
        return actions.file_case(complaint=complaint, place="2026-10 第3盒", by=people.crc, at=LATER)

    def refused_with(*args) -> str:
        with pytest.raises(Refusal) as refused:
            file_away(*args)
        return refused.value.code

    assert refused_with(complaint_of(people)) == "not_closed"
    assert refused_with() == "not_judged"
    actions.verify_complaint(
        complaint=closed, is_verified=True, shares={people.advisor: 1}, text="属实", by=people.manager, at=LATER
    )
    appeal = actions.make_appeal(complaint=closed, text="不认可", by=people.advisor, at=LATER)
    assert refused_with() == "appeal_open"
    actions.decide_appeal(appeal=appeal, is_accepted=False, text="维持", by=people.director, at=LATER)
    assert file_away().place == "2026-10 第3盒"
    assert refused_with() == "filed_already"
