"""Taking answers down, flags, plans, versions that can't be changed. Source: spec satisfaction.md."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from dealer_crm.notices.models import Notice
from dealer_crm.values import Period, Refusal
from reception import actions as reception
from reception.models import RepairOrder
from satisfaction import actions, queries
from satisfaction.actions import KeptAnswers
from satisfaction.choices import QuestionKind, QuestionnaireKind, ResponseSource
from satisfaction.events import bad_answer_flagged, response_recorded
from satisfaction.models import Answer, Flag, Question, Questionnaire, QuestionnaireVersion, Response, Wording
from satisfaction.settings import BAD_SCORE
from tests.factories import cast
from tests.factories.reception import RepairOrderFactory, VehicleFactory
from tests.factories.satisfaction import ANSWERED, response

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db):
    return cast.of_store()


def record(people, answers, **fields):
    return response(people, answers, score=None, **fields)


# ── questionnaires ───────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_shipped_questionnaires_are_there_after_migrate():
    version = queries.csi_version()
    factors = [question for question in version.questions.all() if question.weight is not None]
    assert (version.number, len(factors), sum(one.weight for one in factors)) == (1, 14, 100)
    assert {question.section.code for question in factors} == {
        "appointment", "reception", "environment", "waiting", "quality", "charges", "handover",
    }  # fmt: skip
    ten = queries.version_in_force(queries.questionnaire_of_kind(QuestionnaireKind.TEN_QUESTIONS))
    assert [question.code for question in ten.questions.all()] == [f"S{n:02d}" for n in range(1, 11)]


def test_installing_again_changes_nothing():
    before = list(Question.objects.values_list("pk", "text"))
    assert actions.install_questionnaires(by=None, at=ANSWERED) == []
    call_command("migrate", verbosity=0)
    assert list(Question.objects.values_list("pk", "text")) == before


@pytest.mark.parametrize(
    "change",
    [
        lambda version: version.questions.update(weight=99),
        lambda version: version.questions.filter(code="F01").delete(),
        lambda version: Question.objects.create(version=version, position=99, code="X", name="x", text="x"),
        lambda version: QuestionnaireVersion.objects.filter(pk=version.pk).update(published_at=None),
        lambda version: version.delete(),
    ],
    ids=["change a question", "delete a question", "add a question", "unpublish", "delete"],
)
def test_a_published_version_is_frozen_for_every_way_into_the_database(change):
    version = queries.csi_version()
    with pytest.raises(IntegrityError), transaction.atomic():
        change(version)
    assert version.questions.count() == 17


def test_a_draft_can_be_written_and_a_new_version_is_in_force_once_published():
    old = queries.csi_version()
    draft = QuestionnaireVersion.objects.create(questionnaire=old.questionnaire, number=2)
    with pytest.raises(Refusal):
        actions.publish_version(version=draft, by=None, at=ANSWERED)  # no question
    Question.objects.create(version=draft, position=1, code="F01", name="预约", text="预约方便吗？", weight=1)
    assert queries.version_in_force(old.questionnaire) == old
    actions.publish_version(version=draft, by=None, at=ANSWERED)
    assert queries.version_in_force(old.questionnaire).number == 2
    with pytest.raises(Refusal):
        actions.publish_version(version=draft, by=None, at=ANSWERED)


def test_a_questionnaire_without_a_published_version_asks_nobody():
    empty = Questionnaire.objects.create(code="new", name="新问卷", kind=QuestionnaireKind.STAFF)
    with pytest.raises(Refusal) as refused:
        queries.version_in_force(empty)
    assert refused.value.code == "no_version"


# ── taking down ──────────────────────────────────────────────────────────────────────────────────────────────────────
def test_answers_are_kept_with_whose_they_are(people):
    order = RepairOrderFactory(advisor=people.advisor)
    made = record(people, {"F01": "9", "F02": None, "TJ": 0, "YJ": " 洗车更干净些 ", "F03": ""}, order=order)
    assert (made.advisor, made.customer, made.store) == (people.advisor, order.customer, people.store)
    assert {answer.question.code: (answer.score, answer.text) for answer in made.answers.all()} == {
        "F01": (9, ""),
        "TJ": (0, ""),
        "YJ": (None, "洗车更干净些"),
    }


@pytest.mark.parametrize(
    ("answers", "details"),
    [
        ({"F01": 0}, 1),
        ({"F01": 11}, 1),
        ({"F01": 8.5}, 1),
        ({"F01": "很好"}, 1),
        ({"F01": "NaN"}, 1),
        ({"TJ": 11}, 1),
        ({"X99": 9}, 1),
        ({"F01": 9, "F02": -1, "X99": 3}, 2),
    ],
)
def test_a_value_off_its_scale_or_an_unknown_question_is_refused_and_named(people, answers, details):
    with pytest.raises(Refusal) as refused:
        record(people, answers)
    assert (refused.value.code, len(refused.value.details)) == ("answers_invalid", details)
    assert Response.objects.count() == 0


@pytest.mark.parametrize(
    ("kind", "value", "score"),
    [
        (QuestionKind.LEVEL, 5, 5),
        (QuestionKind.YES_NO, True, 1),
        (QuestionKind.YES_NO, False, 0),
        (QuestionKind.CHOICE, "微信", None),
    ],
)
def test_every_kind_of_question_takes_its_own_values(people, kind, value, score):
    questionnaire = Questionnaire.objects.create(code="kinds", name="各类题", kind=QuestionnaireKind.EXPECTATION)
    draft = QuestionnaireVersion.objects.create(questionnaire=questionnaire, number=1)
    Question.objects.create(
        version=draft, position=1, code="A", name="a", text="a", kind=kind, choices=["微信", "电话"]
    )
    version = actions.publish_version(version=draft, by=None, at=ANSWERED)
    assert record(people, {"A": value}, version=version).answers.get().score == score
    with pytest.raises(Refusal):
        record(people, {"A": 6 if kind != QuestionKind.CHOICE else "短信"}, version=version)


def test_nothing_answered_is_no_response(people):
    with pytest.raises(Refusal) as refused:
        record(people, {"F01": None, "YJ": ""})
    assert refused.value.code == "nothing_answered"


def test_an_order_of_another_store_is_refused(people):
    with pytest.raises(Refusal):
        record(people, {"F01": 9}, order=RepairOrderFactory(advisor=cast.of_second_store().advisor))


def test_an_unpublished_version_asks_nobody(people):
    draft = QuestionnaireVersion.objects.create(questionnaire=queries.csi_version().questionnaire, number=2)
    with pytest.raises(Refusal):
        record(people, {"F01": 9}, version=draft)


def test_the_same_key_is_taken_down_once(people):
    record(people, {"F01": 9}, number="call:17")
    with pytest.raises(Refusal) as refused:
        record(people, {"F01": 3}, number="call:17")
    assert refused.value.code == "answered_already"
    assert Answer.objects.get().score == 9


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_with_one_key_are_one_response():
    people, results, barrier = cast.of_store(), [], threading.Barrier(4)

    def answer():
        barrier.wait()
        try:
            record(people, {"F01": 9}, number="link:1")
            results.append("kept")
        except Refusal as refusal:
            results.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=answer) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["answered_already"] * 3 + ["kept"]
    assert (Response.objects.count(), Answer.objects.count()) == (1, 1)


def test_bad_answers_raise_flags_and_are_announced(people):
    heard = []

    def hear(sender, signal, **facts):
        heard.append(facts.get("flag_id") or "response")

    for signal in (response_recorded, bad_answer_flagged):
        signal.connect(hear)
    made = record(people, {"F01": 4, "F02": 5, "F08": 1})
    for signal in (response_recorded, bad_answer_flagged):
        signal.disconnect(hear)
    flags = Flag.objects.order_by("pk")
    assert [flag.answer.question.code for flag in flags] == ["F01", "F08"]
    assert heard == ["response", *[flag.pk for flag in flags]]
    assert {flag.store for flag in flags} == {made.store}


def test_only_a_no_to_a_marked_question_is_flagged(people):
    ten = queries.version_in_force(queries.questionnaire_of_kind(QuestionnaireKind.TEN_QUESTIONS))
    record(people, {"S01": False, "S05": False, "S09": True}, version=ten)
    assert [flag.answer.question.code for flag in Flag.objects.all()] == ["S05"]


def test_the_score_that_must_be_dealt_with_is_a_figure(people):
    from dealer_crm.organization.actions import set_figure

    set_figure(figure=BAD_SCORE, store=people.store, value=6, starts_on=ANSWERED.date(), by=None, at=ANSWERED)
    record(people, {"F01": 6})
    assert Flag.objects.count() == 1


# ── many at once ─────────────────────────────────────────────────────────────────────────────────────────────────────
def kept(people, number, answers):
    return KeptAnswers(number, people.store.pk, None, None, people.advisor.pk, ANSWERED, people.agent.pk, answers)


def bring(people, *rows):
    return actions.record_responses(
        version=queries.csi_version(), source=ResponseSource.IMPORT, kept=rows, by=None, at=ANSWERED
    )


def test_many_responses_come_in_once_and_changed_answers_are_corrected(people):
    first = bring(
        people, kept(people, "a", {"F01": 9, "F02": 3}), kept(people, "b", {"F01": 10}), kept(people, "c", {})
    )
    again = bring(people, kept(people, "a", {"F01": 8, "F03": 7}), kept(people, "b", {"F01": 10}))
    assert again == first
    scores = {(one.response.number, one.question.code): one.score for one in Answer.objects.all()}
    assert scores == {("a", "F01"): 8, ("a", "F02"): 3, ("a", "F03"): 7, ("b", "F01"): 10}
    assert Flag.objects.count() == 1


def test_one_wrong_score_keeps_all_out(people):
    with pytest.raises(Refusal):
        bring(people, kept(people, "a", {"F01": 9}), kept(people, "b", {"F01": 0}))
    assert Response.objects.count() == 0


def test_many_cost_the_same_queries_as_few(people, django_assert_max_num_queries):
    with django_assert_max_num_queries(15) as few:
        bring(people, kept(people, "a", {"F01": 3}))
    with django_assert_max_num_queries(len(few.captured_queries)):
        bring(people, *[kept(people, f"n{n}", {"F01": 3, "F02": 9}) for n in range(30)])


# ── flags and plans ──────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_flag_is_dealt_with_once_and_says_what_was_done(people):
    record(people, {"F01": 2})
    flag = Flag.objects.get()
    with pytest.raises(Refusal):
        actions.deal_with_flag(flag=flag, result=" ", by=people.crc, at=ANSWERED)
    actions.deal_with_flag(flag=flag, result="已致电道歉", by=people.crc, at=ANSWERED)
    with pytest.raises(Refusal) as refused:
        actions.deal_with_flag(flag=flag, result="我也打了", by=people.manager, at=ANSWERED)
    assert str(refused.value) == "陈静 已经处理过：已致电道歉"
    flag.refresh_from_db()
    assert (flag.dealt_by, flag.result) == (people.crc, "已致电道歉")


def test_answers_written_past_the_action_get_the_same_flags(people):
    ten = queries.version_in_force(queries.questionnaire_of_kind(QuestionnaireKind.TEN_QUESTIONS))
    record(people, {"F01": 2, "F02": 5, "TJ": 4})
    record(people, {"S01": False, "S05": False}, version=ten)
    expectations, staff = (
        queries.version_in_force(queries.questionnaire_of_kind(kind))
        for kind in (QuestionnaireKind.EXPECTATION, QuestionnaireKind.STAFF)
    )
    record(people, {"E01": 3, "I01": 2}, version=expectations)
    actions.answer_staff_survey(version=staff, answers={"N01": 1}, by=people.advisor, at=ANSWERED)
    before = set(Flag.objects.values_list("answer", flat=True))
    Flag.objects.all().delete()
    since = ANSWERED - timedelta(days=30)
    assert actions.flag_bad_answers(store=people.store, since=since, by=None, at=ANSWERED) == 3
    assert set(Flag.objects.values_list("answer", flat=True)) == before
    assert actions.flag_bad_answers(store=people.store, since=since, by=None, at=ANSWERED) == 0


def plan(people, **fields):
    return actions.open_plan(
        **{
            "store": people.store,
            "period": Period(2026, 10),
            "factor": queries.csi_version().questions.get(code="F07"),
            "cause": "派工不均",
            "measure": "每日两次检查进度",
            "owner": people.workshop,
            "due_on": ANSWERED.date(),
            "by": people.manager,
            "at": ANSWERED,
            **fields,
        }
    )


def test_a_plan_tells_its_owner_and_closes_with_its_result(people):
    made = plan(people)
    assert Notice.objects.get().recipient == people.workshop
    with pytest.raises(Refusal):
        actions.close_plan(plan=made, result="", by=people.manager, at=ANSWERED)
    actions.close_plan(plan=made, result="均值由 6.0 升到 8.4", by=people.manager, at=ANSWERED)
    made.refresh_from_db()
    assert (made.closed_by, made.check_on, made.result) == (people.manager, ANSWERED.date(), "均值由 6.0 升到 8.4")
    with pytest.raises(Refusal):
        actions.close_plan(plan=made, result="再关一次", by=people.manager, at=ANSWERED)
    plan(people)  # a closed plan makes room for another


@pytest.mark.parametrize(
    "fields",
    [{"cause": ""}, {"measure": " "}, {"due_on": ANSWERED.date() - timedelta(days=1)}],
    ids=["no cause", "no measure", "due yesterday"],
)
def test_a_plan_without_ground_is_refused(people, fields):
    with pytest.raises(Refusal):
        plan(people, **fields)


def test_a_second_open_plan_and_a_foreign_owner_are_refused(people):
    plan(people)
    with pytest.raises(Refusal) as refused:
        plan(people)
    assert refused.value.code == "plan_open"
    with pytest.raises(Refusal):
        plan(people, owner=cast.of_second_store().workshop, period=Period(2026, 9))


def test_nothing_here_touches_the_orders(people):
    """Satisfaction reads orders and never writes them."""
    order = RepairOrderFactory(advisor=people.advisor)
    before = RepairOrder.objects.filter(pk=order.pk).values().get()
    record(people, {"F01": Decimal(2)}, order=order)
    assert RepairOrder.objects.filter(pk=order.pk).values().get() == before


@pytest.mark.parametrize("change", ["section", "wording"])
def test_sections_and_wordings_of_a_published_version_are_frozen_too(change):
    question = queries.csi_version().questions.get(code="F01")
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        if change == "section":
            question.section.name = "别的环节"
            question.section.save()
        else:
            Wording.objects.create(question=question, text="换一种问法")


def test_answers_follow_their_car_when_two_entries_of_it_are_merged(people):
    kept, double = VehicleFactory.create_batch(2, store=people.store)
    answered = response(people, vehicle=double)
    reception.merge_vehicles(kept=kept, double=double, by=people.crc, at=ANSWERED)
    answered.refresh_from_db()
    assert answered.vehicle == kept
