"""Score sheets and scorecards in the browser."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dealer_crm.access.roles import Role
from dealer_crm.appraisal import actions, queries
from dealer_crm.appraisal.choices import SheetState
from dealer_crm.appraisal.models import Indicator, Scorecard, ScorecardVersion, Sheet, SheetAppeal, SheetLine
from dealer_crm.organization.choices import Post
from dealer_crm.values import Refusal
from tests.appraisal.conftest import OCTOBER, OPENED, full_points, reviewed
from tests.factories.organization import StaffFactory

MONTH = {"period": "2026-10"}


@pytest.fixture
def page(client):
    """Get or post a page of appraisal as somebody; the answer."""

    def ask(person, name, *args, post=None, **query):
        client.force_login(person)
        address = reverse(f"appraisal:{name}", args=args)
        return client.get(address, query) if post is None else client.post(address, post)

    return ask


def typed(sheet, points, **notes) -> dict[str, str]:
    return {f"points_{pk}": str(value) for pk, value in points.items()} | notes


def test_a_sheet_is_scored_entered_reviewed_appealed_against_and_answered_in_the_browser(page, people, sheets):
    sheet = sheets[people.technician]
    own = {line.pk: 4 for line in queries.own_lines(queries.lines_of(sheet))}
    shown = page(people.technician, "own_sheet", sheet.pk)
    assert {name for name in shown.context["form"].fields if name != "remark"} == {f"points_{pk}" for pk in own}
    assert page(people.technician, "own_score", sheet.pk, post=typed(sheet, own)).status_code == 302

    points = full_points(sheet)
    five_s = next(line for line in queries.lines_of(sheet) if line.indicator.name == "工位 5S")
    less = points | {five_s.pk: Decimal(4)}
    refused = page(people.workshop, "sheet_enter", sheet.pk, post=typed(sheet, less))
    assert refused.status_code == 422
    assert refused.context["form"].errors == {f"note_{five_s.pk}": ["工位 5S：请写明理由，本人会看到。"]}
    noted = typed(sheet, less) | {f"note_{five_s.pk}": "两次抽查不合格"}
    assert page(people.workshop, "sheet_enter", sheet.pk, post=noted).status_code == 302
    assert [row.waiting for row in page(people.manager, "sheets", **MONTH).context["month"].rows].count(0) == 1

    holds = {line.pk: line.holds for line in queries.lines_of(sheet)}
    changed = typed(sheet, holds | {five_s.pk: 6})
    assert page(people.manager, "sheet_review", sheet.pk, post=changed).context["form"].errors == {
        f"note_{five_s.pk}": ["工位 5S：请写明理由，本人会看到。"]
    }
    assert page(people.manager, "sheet_review", sheet.pk, post=changed | {f"note_{five_s.pk}": "一次有效"}).url
    sheet.refresh_from_db()
    assert (sheet.state, sheet.points) == (SheetState.FINAL, Decimal(96))

    said = {"text": "当天在外救援"}
    assert page(people.technician, "own_appeal", sheet.pk, post=said).status_code == 302
    appeal = SheetAppeal.objects.get(sheet=sheet)
    answer = typed(sheet, {line.pk: line.holds for line in queries.lines_of(sheet)} | {five_s.pk: 10})
    assert page(people.director, "appeal", appeal.pk, post=answer).status_code == 422  # no decision, no answer
    answer |= {"is_accepted": "1", "answer": "救援单可查"}
    assert page(people.director, "appeal", appeal.pk, post=answer).url == reverse("appraisal:appeals")
    sheet.refresh_from_db()
    assert sheet.points == Decimal(100)
    assert "救援单可查" in page(people.technician, "own_sheet", sheet.pk).content.decode()


def test_a_line_opens_into_its_events_for_its_person_and_for_who_sees_the_sheet(page, people, sheets):
    from tests.factories.complaints import ComplaintFactory

    complaint = ComplaintFactory(store=people.store, received_at=OPENED.replace(month=10, day=9), is_verified=True)
    complaint.responsibilities.create(staff=people.advisor, share=1)
    actions.count_sheets(store=people.store, period=OCTOBER, at=OPENED)
    line = SheetLine.objects.get(sheet__staff=people.advisor, indicator__name="本人责任投诉")
    for person, name in ((people.advisor, "own_line"), (people.manager, "line"), (people.frontdesk, "line")):
        text = page(person, name, line.pk).content.decode()
        assert complaint.number in text
        assert "投诉 1 × 10" in text
    linked = reverse("complaints:complaint", args=[complaint.pk])
    assert linked in page(people.manager, "line", line.pk).content.decode()
    assert linked not in page(people.frontdesk, "line", line.pk).content.decode()  # sees no complaints of others
    assert page(people.second_advisor, "own_line", line.pk).status_code == 404
    assert page(people.workshop, "line", line.pk).status_code == 404  # enters no point on an advisor's sheet


def test_who_is_missing_is_named_and_opened_with_one_press(page, people):
    shown = page(people.manager, "sheets", **MONTH).context["month"]
    assert (shown.rows, shown.missing) == ([], [])  # a store without cards judges nobody yet
    assert page(people.manager, "sheets_open", post=MONTH).status_code == 302
    month = page(people.manager, "sheets", **MONTH).context["month"]
    assert (len(month.rows), month.missing) == (7, [])
    assert [person.name for person in month.unjudged] == [
        "周敏", "钱芳", "郑强", "孙伟", "张志远", "冯丽", "蒋涛", "沈平",
    ]  # fmt: skip
    Sheet.objects.filter(staff=people.agent).delete()
    assert page(people.manager, "sheets", **MONTH).context["month"].missing == [people.agent]


def test_the_list_asks_the_same_for_one_sheet_and_for_thirty(client, page, people, sheets):
    client.force_login(people.manager)
    Sheet.objects.exclude(staff=people.agent).delete()

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("appraisal:sheets"), MONTH).status_code == 200
        return len(asked)

    questions()
    one = questions()
    template = Sheet.objects.get()
    for person in StaffFactory.create_batch(29, store=people.store, role=Role.AGENT):
        sheet = Sheet.objects.create(
            store=people.store, staff=person, period="2026-10", version_of_card=template.version_of_card,
            opened_at=OPENED, counted_at=OPENED,
        )  # fmt: skip
        SheetLine.objects.bulk_create(
            SheetLine(sheet=sheet, indicator=line.indicator, explanation=line.explanation,
                      measured_points=line.measured_points)
            for line in template.lines.select_related("indicator")
        )  # fmt: skip
    assert questions() == one


def test_the_workbook_of_the_month_has_people_lines_and_events(page, people, sheets):
    from dealer_crm.appraisal.reports.sheets import appraisal_report

    reviewed(sheets[people.agent], enterer=people.crc, by=people.manager)
    book = appraisal_report(store=people.store, period=OCTOBER, by=people.manager, at=OPENED)
    people_sheet, lines, _events = book.sheets
    assert [(row[1], row[4], row[6]) for row in people_sheet.rows if row[1] == "吴婷"] == [
        ("吴婷", "已定", Decimal(100))
    ]
    assert len(people_sheet.rows) == 7
    assert len(lines.rows) == SheetLine.objects.count()
    seen = appraisal_report(store=people.store, period=OCTOBER, by=people.workshop, at=OPENED)
    assert {row[1] for row in seen.sheets[0].rows} == {"王刚", "马超"}
    with pytest.raises(Refusal):
        appraisal_report(store=people.store, period=OCTOBER.next(), by=people.manager, at=OPENED)


# ── Cards ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_card_is_changed_by_a_new_version_that_another_adopts(page, people, sheets):
    card = Scorecard.objects.get(code="agent")
    draft = ScorecardVersion.objects.get(
        pk=int(page(people.manager, "card_draft", card.pk, post={}).url.split("/")[-2])
    )
    assert page(people.manager, "card_draft", card.pk, post={}).status_code == 302
    assert card.versions.count() == 2  # one draft at a time

    # Every line of the card goes through its form unchanged.
    for indicator in draft.indicators.all():
        form = page(people.manager, "item_edit", indicator.pk).context["form"]
        fields = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
        assert page(people.manager, "item_edit", indicator.pk, post=fields).status_code == 302
        assert Indicator.objects.get(pk=indicator.pk).rule == indicator.rule

    feedback = draft.indicators.get(name="信息反馈及时率")
    fields = {
        "section": "信息", "name": "信息反馈及时率", "kind": "indicator", "points": "6", "scale": "at_least",
        "source_1": "feedback_in_time", "tiers": "98% 6\n95% 4",
    }  # fmt: skip
    for wrong, sentence in (
        ({"tiers": "98% 6\n98% 4"}, "有两档的界限都是 0.98"), ({"tiers": "98%"}, "请写成"),
        ({"source_1": ""}, "请选择统计内容"),
        ({"tiers": "98% 4\n95% 5"}, "逐档递减"), ({"scale": "given"}, "由哪个角色评分"),
    ):  # fmt: skip
        answer = page(people.manager, "item_edit", feedback.pk, post=fields | wrong)
        assert (answer.status_code, sentence in str(answer.context["form"].errors)) == (422, True)
    assert page(people.manager, "item_edit", feedback.pk, post=fields).status_code == 302

    adopt = {"version": draft, "by": people.director, "at": OPENED}
    with pytest.raises(Refusal) as refused:
        actions.adopt_version(**adopt)
    assert list(refused.value.details) == ["指标分值合计 101 分，应为 100 分。"]
    page(people.manager, "item_remove", draft.indicators.get(name="资料归档").pk, post={})
    added = {"section": "日常工作", "name": "归档", "kind": "indicator", "points": "3", "scale": "given", "role": "crc"}
    assert page(people.manager, "item_new", draft.pk, post=added).status_code == 302
    for starts, code in ((OCTOBER, "starts_taken"), (OCTOBER.previous(), "month_judged")):
        actions.change_draft(
            version=draft, starts_period=starts, full_points=Decimal(100), note="", by=people.manager, at=OPENED
        )  # fmt: skip
        with pytest.raises(Refusal) as refused:
            actions.adopt_version(**adopt)
        assert refused.value.code == code
    saved = {"starts_period": "2026-11", "full_points": "100", "note": "反馈加一分"}
    assert page(people.manager, "card_edit", draft.pk, post=saved).status_code == 302
    with pytest.raises(Refusal):
        actions.adopt_version(**{**adopt, "by": people.manager})
    page(people.director, "card_adopt", draft.pk, post={})
    november = queries.versions_in_force(people.store, OCTOBER.next())[Post.CALLBACK_AGENT]
    assert (november, november.number) == (draft, 2)
    assert queries.versions_in_force(people.store, OCTOBER)[Post.CALLBACK_AGENT].number == 1


def test_what_is_taken_off_is_typed_without_a_sign(page, people, sheets):
    sheet = sheets[people.technician]
    actions.go_on_without_self_score(store=people.store, at=OPENED.replace(day=9))
    breach = next(line for line in queries.lines_of(sheet) if line.indicator.name == "违反劳动纪律")
    post = typed(sheet, full_points(sheet) | {breach.pk: 3}, **{f"note_{breach.pk}": "迟到三次"})
    assert page(people.workshop, "sheet_enter", sheet.pk, post=post).status_code == 302
    breach.refresh_from_db()
    assert breach.given_points == Decimal(-3)
    sheet.refresh_from_db()
    assert (sheet.state, queries.points_of(queries.lines_of(sheet))) == (SheetState.REVIEW, Decimal(97))
    shown = page(people.manager, "sheet", sheet.pk).context["form"]
    assert shown[f"points_{breach.pk}"].value() == Decimal(3)
