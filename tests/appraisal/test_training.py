"""培训: who is invited, who was there, what the tests come to, and what scorecards read of it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from dealer_crm.appraisal.actions import training as actions
from dealer_crm.appraisal.actions.training import Attended
from dealer_crm.appraisal.choices import Presence, TrainingState
from dealer_crm.appraisal.models import Training, TrainingSeat
from dealer_crm.appraisal.queries import training as queries
from dealer_crm.appraisal.queries.facts import Asked
from dealer_crm.notices.models import Notice
from dealer_crm.values import Period, Refusal
from tests.factories import cast
from tests.factories.callback import TEN


@pytest.fixture
def people(db):
    return cast.of_store()


def planned(people, who=("advisor", "technician", "agent"), at=TEN, **facts):
    facts = {
        "title": "新车型培训", "kind": "product", "starts_at": at + timedelta(days=1), "hours": Decimal(2),
        "trainer": "厂家讲师", **facts,
    }  # fmt: skip
    invited = [getattr(people, one) for one in who]
    return actions.plan_training(store=people.store, people=invited, by=people.manager, at=at, **facts)


def held(people, training, at=None, **said):
    """`said`: role → (presence, score); everybody else was there and has 90."""
    seats = {seat.staff_id: seat for seat in training.seats.all()}
    by_pk = {getattr(people, role).pk: what for role, what in said.items()}
    noted = {
        seat.pk: Attended(*by_pk.get(person, (Presence.THERE, Decimal(90) if training.has_test else None)))
        for person, seat in seats.items()
    }
    at = at or training.starts_at + timedelta(hours=3)
    return actions.hold_training(training=training, noted=noted, by=people.manager, at=at)


def test_who_is_invited_is_told_once_and_who_is_taken_off_loses_the_seat(people):
    training = planned(people)
    assert Notice.objects.filter(key=f"training:{training.pk}").count() == 3
    again = {name: getattr(training, name) for name in ("title", "kind", "starts_at", "hours", "trainer")}
    actions.plan_training(
        store=people.store, training=training, people=[people.advisor, people.crc], by=people.manager, at=TEN,
        expected_version=1, **again,
    )  # fmt: skip
    assert {seat.staff for seat in TrainingSeat.objects.all()} == {people.advisor, people.crc}
    assert Notice.objects.filter(key=f"training:{training.pk}").count() == 4
    actions.call_off_training(training=training, reason="讲师请假", by=people.manager, at=TEN)
    assert Notice.objects.filter(key=f"training:{training.pk}:called_off").count() == 2


@pytest.mark.parametrize(
    ("facts", "code"),
    [({"title": " "}, "name_missing"), ({"hours": Decimal(0)}, "no_time"), ({"who": ()}, "nobody")],
)
def test_what_is_no_training_is_refused(people, facts, code):
    with pytest.raises(Refusal) as refused:
        planned(people, **facts)
    assert (refused.value.code, Training.objects.count()) == (code, 0)


@pytest.mark.parametrize(
    ("said", "code"),
    [((Presence.THERE, None), "score_missing"), ((Presence.ABSENT, Decimal(80)), "no_test"),
     ((Presence.THERE, Decimal(101)), "score_outside"), (("", None), "left_out")],
)  # fmt: skip
def test_attendance_says_of_everybody_what_there_is_to_say(people, said, code):
    training = planned(people)
    with pytest.raises(Refusal) as refused:
        held(people, training, at=TEN)
    assert refused.value.code == "ahead"
    with pytest.raises(Refusal) as refused:
        held(people, training, advisor=said)
    assert (refused.value.code, TrainingSeat.objects.exclude(presence="").count()) == (code, 0)


def test_scorecards_read_the_mean_of_the_tests_and_the_sessions_stayed_away_from(people):
    first, second = planned(people), planned(people, title="服务礼仪", kind="service")
    held(people, first, advisor=(Presence.THERE, Decimal(80)), technician=(Presence.EXCUSED, None))
    held(people, second, advisor=(Presence.ABSENT, None))
    held(people, planned(people, title="消防演练", kind="safety", has_test=False))
    asked = Asked(
        people.store,
        Period(2026, 10),
        (people.advisor.pk, people.technician.pk, people.crc.pk),
        TEN + timedelta(days=20),
    )
    scores = queries.training_scores(asked, "training_scores")
    assert {pk: (fact.value, len(fact.rows)) for pk, fact in scores.items()} == {
        people.advisor.pk: (40, 2), people.technician.pk: (90, 1),
    }  # fmt: skip
    there = queries.training_attendance(asked, "training_attendance")
    assert {pk: (fact.base, fact.count) for pk, fact in there.items()} == {
        people.advisor.pk: (3, 1), people.technician.pk: (2, 0),
    }  # fmt: skip
    rows = {row.person: (row.invited, row.there, row.excused, row.mean) for row in queries.trained_in_month(
        people.store, Period(2026, 10)
    )}  # fmt: skip
    assert rows[people.advisor] == (3, 2, 0, 40)


def test_a_session_goes_its_way_through_the_pages(client, people):
    client.force_login(people.manager)
    begun = timezone.localtime(timezone.now(), people.store.tz) - timedelta(hours=2)
    typed = {
        "title": "接待流程", "kind": "service", "starts_at": begun.strftime("%Y-%m-%dT%H:%M"), "hours": "1.5",
        "trainer": "服务经理", "has_test": "on", "people": [people.advisor.pk, people.agent.pk],
    }  # fmt: skip
    assert client.post(reverse("appraisal:training_new"), typed | {"people": []}).status_code == 422
    client.post(reverse("appraisal:training_new"), typed)
    training = Training.objects.get()
    client.post(reverse("appraisal:training_edit", args=[training.pk]), typed | {"place": "培训室", "version": 1})
    page = client.get(reverse("appraisal:training", args=[training.pk]))
    assert len(page.context["form"].seats) == 2
    noted = {"version": 2, "note": "按时"}
    for seat in training.seats.all():
        noted |= {f"presence_{seat.pk}": "there", f"score_{seat.pk}": "", f"remark_{seat.pk}": ""}
    address = reverse("appraisal:training_held", args=[training.pk])
    assert client.post(address, noted).status_code == 422
    noted |= {name: "92.5" for name in noted if name.startswith("score_")}
    client.post(address, noted)
    training.refresh_from_db()
    assert (training.state, training.place) == (TrainingState.HELD, "培训室")
    client.force_login(people.agent)
    shown = client.get(reverse("appraisal:training", args=[training.pk]))
    assert [seat.is_shown for seat in shown.context["seats"]] == [False, True]
