"""Judgements and appeals: in time, once, decided by another, and what follows. Source: complaints.md, "Verified"."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from complaints import actions, queries
from complaints.choices import ComplaintState
from complaints.events import judgement_lifted
from complaints.formulas import appeal_until
from complaints.models import Appeal, Responsibility
from dealer_crm.channels.models import Message
from dealer_crm.notices.models import Notice
from dealer_crm.values import Refusal, Stale
from tests.factories import cast
from tests.factories.complaints import RECEIVED, complaint_of

JUDGED = RECEIVED + timedelta(hours=2)


@pytest.mark.parametrize(
    ("told_on", "days", "until"),
    [
        (date(2026, 10, 13), 5, date(2026, 10, 18)),
        (date(2026, 10, 29), 5, date(2026, 11, 3)),
        (date(2026, 10, 13), 0, date(2026, 10, 13)),
    ],
)
def test_the_day_of_being_told_does_not_count(told_on, days, until):
    assert appeal_until(told_on, days) == until


@pytest.fixture
def people(db):
    return cast.of_store()


def judge(complaint, by, **shares):
    actions.verify_complaint(
        complaint=complaint, is_verified=True, text="接待未告知等待时间", by=by, at=JUDGED,
        shares={person: Decimal(share) for person, share in shares.get("shares", {}).items()},
    )  # fmt: skip
    return complaint


@pytest.fixture
def judged(people):
    """A closed complaint for which the advisor answers with 70 %, the workshop supervisor with 30 %."""
    complaint = complaint_of(people, ComplaintState.CLOSED)
    return judge(complaint, people.manager, shares={people.advisor: "0.7", people.workshop: "0.3"})


def appeal_of(complaint, person, at=JUDGED + timedelta(days=1)) -> Appeal:
    return actions.make_appeal(complaint=complaint, text="当时已电话告知客户", by=person, at=at)


def refused_with(deed) -> str:
    with pytest.raises(Refusal) as refused:
        deed()
    return refused.value.code


def test_the_person_concerned_reads_the_judgement_and_until_when_to_appeal(people, judged):
    (mine,) = queries.about_me(people.advisor, on=JUDGED.date())
    assert (mine.share, mine.until, mine.may_appeal) == (Decimal("0.7000"), date(2026, 10, 18), True)
    assert "接待未告知等待时间" in mine.text
    notice = Notice.objects.get(recipient=people.advisor)
    assert ("10-18" in notice.text, notice.url) == (True, "/complaints/about-me/")
    assert queries.about_me(people.cashier, on=JUDGED.date()) == []


def test_judgement_appeal_and_answer_reach_people_outside_the_program_too(people):
    for person in (people.advisor, people.director):
        person.phone = "13800138000"
        person.save()
    complaint = judge(complaint_of(people, ComplaintState.CLOSED), people.manager, shares={people.advisor: "1"})
    complaint.refresh_from_db()
    appeal = appeal_of(complaint, people.advisor)
    actions.decide_appeal(appeal=appeal, is_accepted=False, text="录音中未告知", by=people.director, at=JUDGED)
    told = Notice.objects.filter(recipient__in=[people.advisor, people.director]).values_list("key", "recipient")
    judged = (f"complaint:{complaint.pk}:verified:{complaint.version}:{people.advisor.pk}", people.advisor.pk)
    asked, answered = (
        (f"appeal:{appeal.pk}:made", people.director.pk),
        (f"appeal:{appeal.pk}:decided", people.advisor.pk),
    )
    assert set(told) == {judged, asked, answered}
    assert set(Message.objects.values_list("key", flat=True)) == {f"{key}:{person}" for key, person in told}


def test_an_appeal_is_made_in_time_once_and_by_who_is_concerned(people, judged):
    last = JUDGED.replace(day=18, hour=23)
    assert refused_with(lambda: appeal_of(judged, people.advisor, last + timedelta(hours=2))) == "appeal_late"
    assert refused_with(lambda: appeal_of(judged, people.cashier)) == "not_concerned"
    appeal = appeal_of(judged, people.advisor, last)
    assert refused_with(lambda: appeal_of(judged, people.advisor, last)) == "appealed_already"
    assert list(Notice.objects.filter(key=f"appeal:{appeal.pk}:made").values_list("recipient__name", flat=True)) == [
        people.director.name
    ]


def test_an_accepted_appeal_lifts_the_judgement_and_bounds_the_next_one(people, judged):
    heard = []
    judgement_lifted.connect(hear := lambda sender, complaint_id, at, **_more: heard.append(complaint_id))
    appeal, other = appeal_of(judged, people.advisor), appeal_of(judged, people.workshop)
    assert refused_with(lambda: judge(judged, people.manager)) == "appeal_open"
    for biased, code in ((people.manager, "four_eyes"), (people.crc, "not_decider")):
        decide = {"is_accepted": True, "text": "属实", "by": biased, "at": JUDGED}
        assert refused_with(lambda decide=decide: actions.decide_appeal(appeal=appeal, **decide)) == code
    with pytest.raises(Stale):
        actions.decide_appeal(
            appeal=appeal, is_accepted=True, text="录音可证", by=people.director, at=JUDGED, expected_version=7
        )
    actions.decide_appeal(appeal=appeal, is_accepted=True, text="录音可证", by=people.director, at=JUDGED)
    judgement_lifted.disconnect(hear)
    judged.refresh_from_db()
    other.refresh_from_db()
    assert (judged.is_verified, judged.verified_at, Responsibility.objects.count()) == (None, None, 0)
    assert (other.is_accepted, heard) == (True, [judged.pk])
    again = {"is_accepted": False, "text": "x", "by": people.director, "at": JUDGED}
    assert refused_with(lambda: actions.decide_appeal(appeal=appeal, **again)) == "decided"
    same = {people.advisor: "0.7", people.inspector: "0.3"}
    assert refused_with(lambda: judge(judged, people.manager, shares=same)) == "appeal_accepted"
    judge(judged, people.manager, shares={people.advisor: "0.2", people.inspector: "0.8"})
    assert Responsibility.objects.count() == 2


def test_a_rejected_appeal_leaves_the_judgement_and_may_be_judged_anew_only_then(people, judged):
    appeal = appeal_of(judged, people.advisor)
    assert queries.appeals_waiting_for(people.director) == [appeal]
    assert queries.appeals_waiting_for(people.manager) == []
    actions.decide_appeal(appeal=appeal, is_accepted=False, text="录音中未告知", by=people.director, at=JUDGED)
    judged.refresh_from_db()
    assert (judged.is_verified, Responsibility.objects.count()) == (True, 2)
    (mine,) = queries.about_me(people.advisor, on=JUDGED.date())
    assert (mine.appeal.answer, mine.may_appeal) == ("录音中未告知", False)
    judge(judged, people.manager)
    assert queries.about_me(people.advisor, on=JUDGED.date()) == []


def test_where_the_station_manager_has_judged_the_service_manager_decides(people):
    complaint = complaint_of(people, ComplaintState.CLOSED)
    judge(complaint, people.director, shares={people.advisor: "1"})
    appeal = appeal_of(complaint, people.advisor)
    assert queries.deciders_of(appeal) == [people.manager]
    assert queries.appeals_waiting_for(people.manager) == [appeal]
    assert refused_with(
        lambda: actions.decide_appeal(appeal=appeal, is_accepted=True, text="x", by=people.director, at=JUDGED)
    ) == "four_eyes"  # fmt: skip


def test_what_is_said_about_me_costs_the_same_for_one_and_for_twelve(people, django_assert_max_num_queries):
    for number in range(12):
        judge(complaint_of(people, ComplaintState.ADVISED), people.manager, shares={people.advisor: "1"})
        if number in (0, 11):
            with django_assert_max_num_queries(10):
                assert len(queries.about_me(people.advisor, on=JUDGED.date())) == number + 1
