"""Making questionnaires: drafts, wordings, publishing from a day, what changed; pages of the editor."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from dealer_crm.values import Refusal, Stale
from satisfaction import actions, queries
from satisfaction.actions import QuestionDraft, WordingDraft
from satisfaction.actions.questionnaires import contents_of
from satisfaction.actions.shipped import SHIPPED
from satisfaction.choices import Aspect, Channel, Construct, Language, QuestionKind, QuestionnaireKind
from satisfaction.models import Question, Questionnaire, QuestionnaireVersion, Wording
from tests.factories import cast
from tests.factories.satisfaction import ANSWERED

pytestmark = pytest.mark.django_db
TODAY = ANSWERED.date()


@pytest.fixture
def people(db):
    return cast.of_store()


@pytest.fixture
def as_crc(client, people):
    client.force_login(people.crc)
    return client


def factor(code="A1", weight=1, **more):
    return QuestionDraft(
        code=code, name=f"因子{code}", text=f"{code}怎么样？", weight=weight and Decimal(weight), **more
    )


@pytest.fixture
def draft(people):
    return actions.make_questionnaire(
        code="Winter", name="冬季检查", kind=QuestionnaireKind.MONTHLY_SURVEY, by=people.crc, at=ANSWERED
    )


def save(version, *questions, sections=()):
    return actions.change_draft(
        version=version, sections=sections, questions=questions, expected_mark=queries.mark_of(version), by=None,
        at=ANSWERED,
    )  # fmt: skip


# ── what comes with the program ──────────────────────────────────────────────────────────────────────────────────────
def test_every_shipped_questionnaire_is_in_force_with_its_sections_and_wordings():
    asked = {one.code: queries.version_in_force(one) for one in Questionnaire.objects.all()}
    assert {code: version.number for code, version in asked.items()} == {one.code: 1 for one in SHIPPED}
    assert [one.name for one in asked["sales-ssi"].sections.all()] == [
        "接待", "试乘试驾", "价格与付款", "承诺", "交车", "跟踪", "执行检查",
    ]  # fmt: skip
    months = list(asked["monthly-survey"].questions.all())
    assert (len(months), {one.construct for one in months}) == (12, set(Construct.values))
    expectations = asked["expectations"].questions.all()
    factors = set(asked["service-csi"].questions.filter(weight__isnull=False).values_list("code", flat=True))
    for aspect in (Aspect.EXPECTATION, Aspect.IMPORTANCE):
        assert {one.about for one in expectations if one.aspect == aspect} == factors


def test_every_shipped_questionnaire_obeys_the_rules_of_the_editor(people):
    for questionnaire in Questionnaire.objects.all():
        draft = actions.draft_version(questionnaire=questionnaire, by=people.crc, at=ANSWERED)
        sections, questions, _wordings = contents_of(draft)
        save(draft, *questions, sections=sections)
        assert actions.publish_version(version=draft, by=None, at=ANSWERED).number == 2


def test_each_channel_and_language_gets_the_wording_that_fits_best():
    version = queries.csi_version()
    assert queries.languages_of(version) == [Language.ZH_HANS, Language.EN]

    def said(code, **how):
        return next(one.text for one in queries.asked(version, **how) if one.code == code)

    assert said("TJ", channel=Channel.CALL).startswith("如果亲友也要修车")
    assert said("TJ", channel=Channel.TABLET) == "您有多大可能把我们店推荐给亲友？（0–10 分）"
    assert said("F10", channel=Channel.CALL, language=Language.EN) == "Was the price reasonable?"


# ── drafts ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_new_version_is_the_one_in_force_copied(people):
    former = queries.csi_version()
    version = actions.draft_version(questionnaire=former.questionnaire, by=people.crc, at=ANSWERED)
    assert (version.number, version.created_by, contents_of(version)) == (2, people.crc, contents_of(former))
    assert queries.csi_version() == former  # nobody is asked with a draft
    with pytest.raises(Refusal, match="已有草稿"):
        actions.draft_version(questionnaire=former.questionnaire, by=people.crc, at=ANSWERED)


def test_wordings_stay_with_their_question_when_codes_change_places(draft):
    save(draft, factor("A1"), factor("A2"))
    actions.change_wordings(
        version=draft, wordings=[WordingDraft("A1", Language.EN, "", "How was one?")],
        expected_mark=queries.mark_of(draft), by=None, at=ANSWERED,
    )  # fmt: skip
    first, second = draft.questions.order_by("position")
    save(draft, factor("A1", replaces=second.pk), factor("A2", replaces=first.pk))
    assert Wording.objects.get(question__version=draft).question.code == "A2"


def test_two_who_save_the_same_draft_do_not_overwrite_each_other(draft):
    seen = queries.mark_of(draft)
    save(draft, factor("A1"))
    with pytest.raises(Stale):
        actions.change_draft(
            version=draft, sections=[], questions=[factor("B1")], expected_mark=seen, by=None, at=ANSWERED
        )
    assert [one.code for one in draft.questions.all()] == ["A1"]


@pytest.mark.parametrize(
    ("questions", "said"),
    [
        ([factor("A1"), factor("A1")], "代码 A1 出现了 2 次。"),
        ([factor(weight=0)], "A1：因子的权重必须大于零。"),
        ([factor(weight=-1)], "A1：因子的权重必须大于零。"),
        ([factor(kind=QuestionKind.TEXT)], "A1：只有打分、五级和是否题可以有权重。"),
        ([factor(section="nowhere")], "A1：没有环节 nowhere。"),
        ([factor(aspect=Aspect.EXPECTATION, weight=None)], "A1：请写明期望或重要性针对哪个因子。"),
        ([factor(aspect=Aspect.IMPORTANCE, about="F01")], "A1：期望和重要性没有权重。"),
        ([factor(flags_no=True)], "A1：只有是否题才有需要处理的“否”。"),
    ],
)
def test_a_draft_that_makes_no_sense_is_not_saved(draft, questions, said):
    with pytest.raises(Refusal) as refused:
        save(draft, *questions)
    assert said in refused.value.details
    assert not draft.questions.exists()


@pytest.mark.parametrize(
    ("questions", "said"),
    [
        ([], "问卷至少要有一个问题。"),
        ([factor(weight=None)], "没有任何问题设权重：没有因子就没有指数。"),
        ([factor(), factor("A2", None, kind=QuestionKind.CHOICE)], "以下问题没有选项：A2。"),
        ([factor(), factor("A2", None, aspect=Aspect.EXPECTATION, about="X77")], "以下问题针对的因子没有人问：A2。"),
        ([factor(is_overall=True), factor("A2", is_overall=True)], "只能有一个问题询问总体满意度。"),
    ],
)
def test_what_can_not_be_asked_is_not_published(draft, questions, said):
    save(draft, *questions)
    with pytest.raises(Refusal) as refused:
        actions.publish_version(version=draft, by=None, at=ANSWERED)
    assert said in refused.value.details
    draft.refresh_from_db()
    assert draft.published_at is None


def test_a_version_is_asked_from_its_first_day_and_never_from_one_in_the_past(draft, people):
    save(draft, factor())
    actions.publish_version(version=draft, by=None, at=ANSWERED)
    version = actions.draft_version(questionnaire=draft.questionnaire, by=people.crc, at=ANSWERED)
    with pytest.raises(Refusal, match="过去") as refused:
        actions.publish_version(version=version, starts_on=TODAY - timedelta(days=1), by=None, at=ANSWERED)
    assert refused.value.field == "starts_on"
    actions.publish_version(version=version, starts_on=TODAY + timedelta(days=2), by=None, at=ANSWERED)
    asked = [
        queries.version_in_force(draft.questionnaire, at=ANSWERED + timedelta(days=days)).number for days in (0, 1, 2)
    ]
    assert asked == [1, 1, 2]
    rows = queries.questionnaires_with_versions()
    standing = queries.standing_of(rows.get(pk=draft.questionnaire_id), on=TODAY + timedelta(days=1))
    assert [(one.number, state) for one, state in standing.rows] == [(2, "coming"), (1, "in_force")]


def test_nobody_is_handed_a_questionnaire_before_its_first_day(draft):
    save(draft, factor())
    actions.publish_version(version=draft, starts_on=date(2099, 1, 1), by=None, at=ANSWERED)
    assert draft.questionnaire not in queries.customer_questionnaires()


def test_a_published_version_is_frozen_and_says_so(people):
    version = queries.csi_version()
    for refused in (
        lambda: actions.change_draft(
            version=version, sections=[], questions=[], expected_mark=queries.mark_of(version), by=None, at=ANSWERED
        ),
        lambda: actions.discard_draft(version=version, by=None, at=ANSWERED),
    ):
        with pytest.raises(Refusal, match="请另建新版本") as said:
            refused()
        assert said.value.code == "frozen"


def test_a_draft_is_thrown_away_and_with_it_a_questionnaire_that_never_was(draft):
    save(draft, factor())
    actions.discard_draft(version=draft, by=None, at=ANSWERED)
    assert not Questionnaire.objects.filter(code="winter").exists()


def test_what_changed_between_two_versions_is_told_question_by_question(people):
    former = queries.csi_version()
    version = actions.draft_version(questionnaire=former.questionnaire, by=people.crc, at=ANSWERED)
    sections, questions, _wordings = contents_of(version)
    changed = [replace(questions[0], weight=Decimal(9), text="预约方便吗？"), *questions[2:], factor("F99")]
    save(version, *changed, sections=sections)
    found = {one.code: one for one in queries.differences(former, version)}
    told = {name: (old, new) for name, old, new in found["F01"].fields}
    assert told["权重"] == ("6", "9")
    assert (found["F02"].now, found["F99"].before) == (None, None)


# ── pages ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def rows(prefix, filled, *, initial=0):
    management = {f"{prefix}-TOTAL_FORMS": len(filled), f"{prefix}-INITIAL_FORMS": initial}
    return management | {
        f"{prefix}-{n}-{name}": value for n, row in enumerate(filled) for name, value in row.items()
    }  # fmt: skip


def test_a_questionnaire_is_made_edited_previewed_and_published_in_the_browser(as_crc):
    made = as_crc.post(
        reverse("satisfaction:questionnaire_new"), {"code": "winter", "name": "冬季检查", "kind": "monthly_survey"}
    )
    version = QuestionnaireVersion.objects.get(questionnaire__code="winter")
    assert made.url == reverse("satisfaction:version_edit", args=[version.pk])
    mark = as_crc.get(made.url).context["mark"]
    question = {"kind": "score", "aspect": "perception"}
    cold = question | {"section": "cold", "weight": "1"}
    sheet = rows("sections", [{"code": "cold", "name": "防冻"}, {}]) | rows(
        "questions",
        [
            cold | {"code": "W2", "name": "电池", "text": "电池检查了吗？", "place": "20"},
            cold | {"code": "W1", "name": "防冻液", "text": "防冻液检查了吗？", "place": "10"},
            question | {"code": "W3", "name": "天气", "text": "下雪吗？", "kind": "choice", "choices": "是的 / 没有"},
            question,
        ],
    )
    saved = as_crc.post(made.url, sheet | {"mark": mark})
    assert saved.url == reverse("satisfaction:version", args=[version.pk])
    assert list(version.questions.values_list("code", "choices")) == [("W1", []), ("W2", []), ("W3", ["是的", "没有"])]
    stale = as_crc.post(made.url, sheet | {"mark": mark})
    assert (stale.status_code, "已被他人修改" in stale.text) == (422, True)
    wordings = reverse("satisfaction:version_wordings", args=[version.pk])
    said = rows(
        "wordings", [{"code": "W1", "language": "en", "channel": "", "text": "Coolant?"}, {"language": "zh-hans"}]
    )
    as_crc.post(wordings, said | {"mark": as_crc.get(wordings).context["mark"]})
    preview = reverse("satisfaction:version_preview", args=[version.pk])
    for channel in Channel.values:
        shown = as_crc.get(preview, {"channel": channel, "language": "en"})
        texts = [question.text for question, _field in shown.context["sheet"]]
        assert texts == ["Coolant?", "电池检查了吗？", "下雪吗？"]
    as_crc.post(reverse("satisfaction:version_publish", args=[version.pk]), {"starts_on": ""})
    page = as_crc.get(saved.url)
    assert (page.context["state"], "已冻结" in page.text) == ("in_force", True)
    assert as_crc.get(made.url).url == saved.url  # nothing to edit any more
    drafted = as_crc.post(reverse("satisfaction:questionnaire_draft", args=[version.questionnaire_id]))
    following = QuestionnaireVersion.objects.get(questionnaire__code="winter", number=2)
    assert drafted.url == reverse("satisfaction:version_edit", args=[following.pk])
    assert as_crc.get(reverse("satisfaction:version_changes", args=[following.pk, 1])).context["differences"] == []


def test_everything_wrong_with_a_draft_is_said_on_its_page(as_crc, draft):
    url = reverse("satisfaction:version_edit", args=[draft.pk])
    twice = {"code": "W1", "name": "电池", "text": "？", "kind": "score", "aspect": "perception"}
    sheet = rows("sections", [{}]) | rows("questions", [twice, twice]) | {"mark": queries.mark_of(draft)}
    answer = as_crc.post(url, sheet)
    assert (answer.status_code, "代码 W1 出现了 2 次。" in answer.text) == (422, True)
    assert answer.text.count('value="W1"') == 2  # nothing typed is lost


def test_a_code_that_is_taken_is_refused_at_its_field(as_crc):
    answer = as_crc.post(
        reverse("satisfaction:questionnaire_new"), {"code": "SERVICE-CSI", "name": "又一个", "kind": "service_csi"}
    )
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["code"])


def test_the_list_costs_the_same_queries_however_many_there_are(as_crc, people, django_assert_max_num_queries):
    url = reverse("satisfaction:questionnaires")
    with django_assert_max_num_queries(30) as few:
        as_crc.get(url)
    for n in range(20):
        actions.make_questionnaire(
            code=f"more-{n}", name=f"问卷{n}", kind=QuestionnaireKind.MONTHLY_SURVEY, by=people.crc, at=ANSWERED
        )
    with django_assert_max_num_queries(len(few.captured_queries)):
        as_crc.get(url)
    assert Question.objects.count()
