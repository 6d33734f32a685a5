"""The pages of satisfaction, the customer's own link, the workbook, the API. Source: satisfaction.md, interfaces.md."""

import io
from datetime import timedelta

import pytest
from django.core import signing
from django.core.cache import cache
from django.urls import reverse
from openpyxl import load_workbook
from rest_framework.test import APIClient

from dealer_crm.reporting.registry import report_named
from dealer_crm.reporting.workbooks import to_xlsx
from dealer_crm.values import Period
from satisfaction import actions, queries
from satisfaction.choices import QuestionnaireKind
from satisfaction.models import Answer, Flag, ImprovementPlan, Response
from satisfaction.views.surveys import MOST
from tests.factories import cast
from tests.factories.reception import RepairOrderFactory
from tests.factories.satisfaction import ANSWERED, response

pytestmark = pytest.mark.django_db
MONTH = {"period": "2026-10"}


@pytest.fixture(autouse=True)
def _nobody_asked_before():
    cache.clear()


@pytest.fixture
def people(db):
    return cast.of_store()


@pytest.fixture
def as_manager(client, people):
    client.force_login(people.manager)
    return client


def test_the_month_shows_the_index_and_its_factors(as_manager, people):
    for n in range(12):
        response(people, {"F07": 3 if n < 3 else 8}, advisor=people.advisor)
    answer = as_manager.get(reverse("satisfaction:month"), MONTH)
    assert answer.status_code == 200
    figures = answer.context["month"]
    assert (figures.n, [row.question.code for row in figures.factors if row.verdict == "weakness"]) == (12, ["F07"])
    assert reverse("satisfaction:plan_new", args=["2026-10", "F07"]) in answer.text


def test_a_month_without_answers_says_so(as_manager):
    assert "本月还没有答卷。" in as_manager.get(reverse("satisfaction:month"), MONTH).text


def test_a_group_analyst_chooses_the_store(client, people):
    other = cast.of_second_store()
    response(other)
    client.force_login(people.group)
    assert client.get(reverse("satisfaction:month"), MONTH | {"store": "SH01"}).context["month"].n == 1
    assert client.get(reverse("satisfaction:month"), MONTH | {"store": "BJ01"}).context["month"].n == 0


def test_a_manager_can_not_look_into_another_store(as_manager):
    response(cast.of_second_store())
    assert as_manager.get(reverse("satisfaction:month"), MONTH | {"store": "SH01"}).context["month"].n == 0


def test_a_weak_figure_leads_to_the_responses_behind_it(as_manager, people):
    low = response(people, {"F07": 3})
    response(people, {"F07": 9})
    answer = as_manager.get(reverse("satisfaction:responses"), MONTH | {"factor": "F07", "most": "4"})
    assert [row[0] for row in answer.context["rows"]] == [low]
    shown = as_manager.get(reverse("satisfaction:response", args=[low.pk]))
    assert (shown.status_code, shown.context["response"]) == (200, low)
    # The month of an advisor leads to their responses alone, and to no other questionnaire's.
    theirs = response(people, {"F07": 3}, advisor=people.advisor)
    ten = queries.version_in_force(queries.questionnaire_of_kind(QuestionnaireKind.TEN_QUESTIONS))
    response(people, {"S01": True}, version=ten, advisor=people.advisor)
    month = as_manager.get(reverse("satisfaction:month"), MONTH | {"advisor": people.advisor.pk})
    assert [row[0] for row in as_manager.get(month.context["behind"]).context["rows"]] == [theirs]


@pytest.mark.parametrize("name", ["responses", "flags"])
def test_lists_cost_the_same_queries_with_one_and_thirty_rows(as_manager, people, name, django_assert_max_num_queries):
    response(people, {"F07": 2}, order=RepairOrderFactory(advisor=people.advisor))
    with django_assert_max_num_queries(40) as one:
        as_manager.get(reverse(f"satisfaction:{name}"), MONTH)
    for _n in range(29):
        response(people, {"F07": 2}, order=RepairOrderFactory(advisor=people.advisor))
    with django_assert_max_num_queries(len(one.captured_queries)):
        as_manager.get(reverse(f"satisfaction:{name}"), MONTH)


def test_a_bad_answer_is_dealt_with_from_the_queue(as_manager, people):
    response(people, {"F07": 2})
    flag = Flag.objects.get()
    assert flag in as_manager.get(reverse("satisfaction:flags")).context["page"].rows
    as_manager.post(reverse("satisfaction:flag_deal", args=[flag.pk]), {"result": "已致电道歉"})
    flag.refresh_from_db()
    assert flag.result == "已致电道歉"
    assert as_manager.get(reverse("satisfaction:flags")).context["page"].rows == []
    assert as_manager.get(reverse("satisfaction:flags"), {"shown": "dealt"}).context["page"].rows == [flag]


def test_dealing_without_a_word_is_refused_where_the_person_is(as_manager, people):
    response(people, {"F07": 2})
    flag = Flag.objects.get()
    answer = as_manager.post(reverse("satisfaction:flag_deal", args=[flag.pk]), {}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "请写明为客户做了什么。" in answer.text


def test_a_plan_is_opened_shown_and_closed(as_manager, people):
    response(people, {"F07": 2})
    url = reverse("satisfaction:plan_new", args=["2026-10", "F07"])
    assert as_manager.get(url).context["row"].now.mean == 2
    made = as_manager.post(
        url, {"cause": "派工不均", "measure": "每日检查", "owner": people.workshop.pk, "due_on": "2030-01-01"}
    )
    plan = ImprovementPlan.objects.get()
    assert made.url == reverse("satisfaction:plan", args=[plan.pk])
    again = as_manager.post(
        url, {"cause": "派工不均", "measure": "每日检查", "owner": people.workshop.pk, "due_on": "2030-01-01"}
    )
    assert (again.status_code, ImprovementPlan.objects.count()) == (422, 1)
    as_manager.post(reverse("satisfaction:plan_close", args=[plan.pk]), {"result": "均值升到 8"})
    plan.refresh_from_db()
    assert plan.result == "均值升到 8"


def test_the_owner_of_a_plan_sees_it_and_no_other(client, people):
    mine, others = (
        actions.open_plan(
            store=people.store,
            period=Period(2026, 10),
            factor=queries.csi_version().questions.get(code=code),
            cause="原因",
            measure="措施",
            owner=owner,
            due_on=ANSWERED.date(),
            by=people.manager,
            at=ANSWERED,
        )
        for code, owner in (("F07", people.workshop), ("F08", people.frontdesk))
    )
    client.force_login(people.workshop)
    assert client.get(reverse("satisfaction:plan", args=[mine.pk])).status_code == 200
    assert client.get(reverse("satisfaction:plan", args=[others.pk])).status_code == 404
    assert list(client.get(reverse("satisfaction:plans")).context["page"].rows) == [mine]


@pytest.mark.parametrize("path", ["2026-13/F07", "bad/F07", "2026-10/X99"])
def test_a_plan_for_nothing_is_not_found(as_manager, path):
    assert as_manager.get(f"/satisfaction/plans/new/{path}/").status_code == 404


def test_the_questionnaires_are_shown_with_their_wordings(as_manager):
    version = queries.csi_version()
    address = reverse("satisfaction:version", args=[version.pk])
    assert address in as_manager.get(reverse("satisfaction:questionnaires")).text
    assert "您反映的问题是否一次就解决了？" in as_manager.get(address).text


# ── the customer's own link ──────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def order(people):
    return RepairOrderFactory(advisor=people.advisor, state="delivered")


def test_a_customer_answers_by_the_link_once(client, order):
    path = queries.survey_path(order)
    assert client.get(path).status_code == 200
    client.post(path, {"F01": "9", "F07": "3", "YJ": "等太久"})
    made = Response.objects.get()
    assert (made.order, made.source, made.advisor, made.number) == (order, "link", order.advisor, f"link:{order.pk}")
    assert (made.answers.count(), Flag.objects.count()) == (3, 1)
    again = client.post(path, {"F01": "1"})
    assert ("您已经评价过了。" in again.text, Answer.objects.count()) == (True, 3)


def test_an_empty_sheet_is_asked_for_once_more(client, order):
    answer = client.post(queries.survey_path(order), {})
    assert (answer.status_code, Response.objects.count()) == (422, 0)


def test_a_score_off_the_scale_is_not_taken(client, order):
    answer = client.post(queries.survey_path(order), {"F01": "11"})
    assert (answer.status_code, Response.objects.count()) == (422, 0)


@pytest.mark.parametrize(("days", "status"), [(6, 200), (8, 410)])
def test_the_link_is_good_for_seven_days(client, order, monkeypatch, days, status):
    path = queries.survey_path(order)
    later = signing.time.time() + days * 86_400
    monkeypatch.setattr(signing.time, "time", lambda: later)
    assert client.get(path).status_code == status
    assert client.post(path, {"F01": "9"}).status_code == status
    assert Response.objects.count() == (1 if status == 200 else 0)


def test_a_forged_link_is_worth_nothing(client, order):
    path = queries.survey_path(order)
    other = signing.dumps(order.pk, salt="something else")
    for wrong in (path[:-3] + "xx/", reverse("satisfaction:survey", args=[other]), "/satisfaction/s/1/"):
        assert client.get(wrong).status_code == 404
        assert client.post(wrong, {"F01": "9"}).status_code == 404
    assert Response.objects.count() == 0


def test_a_flood_from_one_address_is_slowed_down(client, order):
    path = queries.survey_path(order)
    statuses = {client.get(path).status_code for _n in range(MOST)}
    assert (statuses, client.get(path).status_code) == ({200}, 429)


def test_the_code_at_hand_over_is_for_ones_own_store(client, people, order):
    client.force_login(people.advisor)
    page = client.get(reverse("satisfaction:invite", args=[order.pk]))
    assert (page.status_code, page.context["link"].startswith("http://testserver/satisfaction/s/")) == (200, True)
    picture = client.get(reverse("satisfaction:invite_code", args=[order.pk]))
    assert (picture["Content-Type"], picture.text.count("<svg")) == ("image/svg+xml", 1)
    client.force_login(cast.of_second_store().advisor)
    assert client.get(reverse("satisfaction:invite", args=[order.pk])).status_code == 404


# ── the workbook ─────────────────────────────────────────────────────────────────────────────────────────────────────
def workbook(people):
    report = report_named("csi").build(store=people.store, period=Period(2026, 10), by=people.manager, at=ANSWERED)
    stream = io.BytesIO()
    to_xlsx(report, stream)
    return report.file_stem, load_workbook(stream)


def rows_of(sheet):
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_the_workbook_is_as_laid_down(people):
    for n in range(10):
        response(
            people, {"F07": 3 if n < 2 else 8, "TJ": 10}, order=RepairOrderFactory(advisor=people.advisor), score=10
        )
    for _n in range(2):
        response(people, at=ANSWERED - timedelta(days=30), score=9)
    staff_survey = queries.version_in_force(queries.questionnaire_of_kind(QuestionnaireKind.STAFF))
    actions.answer_staff_survey(version=staff_survey, answers={"N01": 2}, by=people.advisor, at=ANSWERED)
    stem, book = workbook(people)
    assert stem == "csi-BJ01-2026-10"
    assert book.sheetnames == ["汇总", "因子", "人员", "明细", "改进计划", "说明"]
    head, row = rows_of(book["汇总"])
    assert head[:7] == ["样本数", "CSI", "目标", "上期", "满意率", "NPS", "十项"]
    assert row[:7] == [10, 970, 900, 900, 0.9857, 1, None]  # F07 (10 of 100) has a mean of 7; 138 of 140 scores ≥ 7
    factors = rows_of(book["因子"])
    assert factors[0][:9] == ["代码", "因子", "权重", "样本数", "均值", "非常满意率", "不满意率", "上期", "判定"]
    assert factors[7][:9] == ["F07", "按时交车", 10, 10, 7, 0, 0.2, 9, "劣势"]
    assert factors[8][:9] == ["F08", "一次修好", 14, 10, 10, 1, 0, 9, "优势"]
    assert [row[:5] for row in rows_of(book["人员"])[:2]] == [
        ["工号", "姓名", "样本数", "CSI", "名次"],
        ["BJ01-01", "李明", 10, 970, 1],
    ]
    # Right of what is laid down: the intervals.
    intervals = dict(zip(factors[0], factors[7], strict=True))
    assert (intervals["不满意率下限"], intervals["不满意率上限"]) == (0.0567, 0.5098)  # Wilson's of 2 in 10
    details = rows_of(book["明细"])
    assert (len(details), details[0][9:11], details[1][9]) == (11, ["F01 预约便利", "F02 接待及时"], 10)
    # What only the staff or the factory are asked is no column of the customers' sheets.
    assert [header[:3] for header in details[0][-3:]] == ["ZT ", "TJ ", "YJ "]


def test_the_workbook_of_an_empty_month_can_be_made(people):
    _stem, book = workbook(people)
    assert rows_of(book["汇总"])[1][:4] == [0, None, 900, None]


def test_the_command_writes_the_workbook(people, run_manage, tmp_path, transactional_db):
    made = cast.of_store("GZ01", "广州店")
    response(made)
    target = tmp_path / "csi.xlsx"
    done = run_manage("csi_report", "--store", "GZ01", "--period", "2026-10", "--out", str(target))
    assert (done.returncode, load_workbook(target)["汇总"]["A2"].value) == (0, 1)


# ── HTTP API ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def api(person):
    client = APIClient()
    client.force_authenticate(person)
    return client


def test_responses_are_taken_down_and_read_over_http(people):
    order = RepairOrderFactory(advisor=people.advisor)
    sent = {"questionnaire": "service-csi", "order": order.pk, "source": "tablet", "answers": {"F01": 9, "TJ": 10}}
    made = api(people.agent).post("/api/v1/responses/", sent)
    assert made.status_code == 201
    got = api(people.manager).get(f"/api/v1/responses/{made.data['id']}/").data
    assert (got["order"], got["advisor"], [(one["code"], one["score"]) for one in got["answers"]]) == (
        order.pk, "BJ01-01", [("F01", "9.00"), ("TJ", "10.00")],
    )  # fmt: skip
    assert api(cast.of_second_store().manager).get(f"/api/v1/responses/{made.data['id']}/").status_code == 404
    assert api(people.technician).get("/api/v1/responses/").status_code == 403


def test_a_wrong_answer_is_a_problem_document_with_every_sentence(people):
    sent = {"questionnaire": "service-csi", "source": "tablet", "answers": {"F01": 12, "X": 1}}
    refused = api(people.agent).post("/api/v1/responses/", sent)
    assert (refused.status_code, refused["Content-Type"], len(refused.data["details"])) == (
        409, "application/problem+json", 2,
    )  # fmt: skip


def test_the_same_key_answers_once(people):
    sent = {"questionnaire": "service-csi", "source": "tablet", "answers": {"F01": 9}}
    answers = [
        api(people.agent).post("/api/v1/responses/", sent, headers={"Idempotency-Key": "one"}).data["id"]
        for _n in range(2)
    ]
    assert (answers[0] == answers[1], Response.objects.count()) == (True, 1)
