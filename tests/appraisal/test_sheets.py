"""A month's sheet: opened by the program, scored by the person, the supervisor, the final review; then the appeal."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from commission.actions import compute_run, lock_run, review_run
from commission.models import Run, Statement
from dealer_crm.access.roles import Role
from dealer_crm.appraisal import actions, queries
from dealer_crm.appraisal.choices import Origin, SheetState
from dealer_crm.appraisal.formulas import from_json, recompute
from dealer_crm.appraisal.models import Indicator, Score, ScorecardVersion, Sheet, SheetAppeal, SheetLine
from dealer_crm.journal.models import Entry
from dealer_crm.notices.models import Notice
from dealer_crm.organization.models import Position, Staff, Store
from dealer_crm.values import Period, Refusal, Stale
from tests.appraisal.conftest import OCTOBER, OPENED, full_points, reviewed
from tests.factories import cast
from tests.factories.organization import StaffFactory

LATER = OPENED + timedelta(days=5)


def told(person) -> list[str]:
    return list(Notice.objects.filter(recipient=person).order_by("pk").values_list("text", flat=True))


def code_of(deed, **arguments) -> str:
    with pytest.raises(Refusal) as refused:
        deed(**arguments)
    return refused.value.code


# ── The way ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_sheet_goes_from_the_person_to_the_supervisor_to_the_final_review(people, sheets):
    sheet, at = sheets[people.agent], OPENED
    assert told(people.agent) == ["您 2026-10 的考核表已开放，请在 2026-11-04 前完成自评。"]
    own = {line.pk: Decimal(3) for line in queries.own_lines(queries.lines_of(sheet))}
    sheet = actions.score_self(sheet=sheet, points=own, remark="尽力了", by=people.agent, at=at)
    assert (sheet.state, told(people.crc)[-1]) == (SheetState.ENTRY, "吴婷 2026-10 的考核表等您评分。")

    points = full_points(sheet)
    first = next(iter(points))
    waiting = actions.enter_points(sheet=sheet, points={**points, first: None}, notes={}, by=people.crc, at=at)
    assert waiting.state == SheetState.ENTRY  # a line left empty waits
    sheet = actions.enter_points(
        sheet=sheet, points={**points, first: Decimal(4)}, notes={first: "漏建三户"}, by=people.crc, at=at
    )
    assert sheet.state == SheetState.REVIEW
    assert told(people.manager)[-1] == "吴婷 2026-10 的考核表待终审。"

    quality = next(line for line in queries.lines_of(sheet) if line.indicator.name == "电话礼仪")
    sheet = actions.finish_review(
        sheet=sheet, changes={quality.pk: (Decimal(7), "抽听录音")}, remark="继续努力", by=people.manager, at=LATER
    )
    assert (sheet.state, sheet.reviewed_by, sheet.points) == (SheetState.FINAL, people.manager, Decimal("98.00"))
    score = Score.objects.get(staff=people.agent, period="2026-10")
    assert (score.score, score.origin, score.entered_by) == (Decimal("98.00"), Origin.SHEET, people.manager)
    assert told(people.agent)[-1] == "您 2026-10 的考核成绩为 98 分，如有异议可在规定期限内申诉。"
    deeds = Entry.objects.filter(subject_type="appraisal.sheet", subject_id=str(sheet.pk)).order_by("pk")
    assert list(deeds.values_list("verb", flat=True)) == [
        "sheet.opened", "sheet.self_scored", "sheet.entered", "sheet.entered", "sheet.reviewed",
    ]  # fmt: skip


def test_steps_are_refused_to_others_and_at_other_times(people, sheets):
    sheet, points = sheets[people.agent], full_points(sheets[people.agent])
    enter = {"sheet": sheet, "points": points, "notes": {}, "at": OPENED}
    review = {"sheet": sheet, "changes": {}, "remark": "", "at": OPENED}
    own = {"sheet": sheet, "points": {}, "remark": "", "at": OPENED}
    assert code_of(actions.score_self, **own, by=people.crc) == "not_own"
    assert code_of(actions.enter_points, **enter, by=people.crc) == "not_entry"
    assert code_of(actions.finish_review, **review, by=people.manager) == "not_review"
    assert code_of(actions.return_sheet, sheet=sheet, reason="x", by=people.manager, at=OPENED) == "not_review"

    too_many = {line.pk: line.indicator.points + 1 for line in queries.own_lines(queries.lines_of(sheet))}
    assert code_of(actions.score_self, **{**own, "points": too_many}, by=people.agent) == "out_of_bounds"
    actions.score_self(**own, by=people.agent)
    assert code_of(actions.score_self, **own, by=people.agent) == "not_self"
    assert code_of(actions.enter_points, **enter, by=people.agent) == "own_sheet"
    assert code_of(actions.enter_points, **enter, by=people.workshop) == "not_concerned"
    less = {pk: Decimal(1) for pk in points if points[pk]}
    assert code_of(actions.enter_points, **{**enter, "points": points | less}, by=people.crc) == "note_missing"
    with pytest.raises(Stale):
        actions.enter_points(**enter, by=people.crc, expected_version=1)

    actions.enter_points(**enter, by=people.crc)
    line = queries.lines_of(sheet)[0]
    unsaid = {line.pk: (Decimal(1), "")}
    assert code_of(actions.finish_review, **{**review, "changes": unsaid}, by=people.manager) == "reason_missing"
    assert code_of(actions.finish_review, **review, by=people.agent) == "own_sheet"
    assert code_of(actions.finish_review, **review, by=people.crc) == "four_eyes"
    assert code_of(actions.return_sheet, sheet=sheet, reason=" ", by=people.manager, at=OPENED) == "reason_missing"
    returned = actions.return_sheet(sheet=sheet, reason="表扬未计", by=people.manager, at=OPENED)
    assert (returned.state, told(people.crc)[-1]) == (
        SheetState.ENTRY, "吴婷 2026-10 的考核表被退回：表扬未计",
    )  # fmt: skip


def test_nobody_waits_for_a_self_score_longer_than_its_days(people, sheets):
    for days, state in ((3, SheetState.SELF), (4, SheetState.ENTRY)):
        actions.go_on_without_self_score(store=people.store, at=OPENED + timedelta(days=days))
        assert {sheet.state for sheet in Sheet.objects.all()} == {state}


def test_who_gave_the_points_reviews_only_where_nobody_else_can(people, sheets):
    """The station manager enters the service manager's points; above him there is nobody in the store."""
    done = reviewed(sheets[people.manager], enterer=people.director, by=people.director)
    assert done.reviewed_by == people.director
    second = StaffFactory(role=Role.DIRECTOR, store=people.store, name="副站长", work_number="BJ01-98")
    sheet = sheets[people.crc]
    assert queries.reviewers_of(sheet) == [people.manager, people.director, second]
    actions.enter_points(sheet=sheet, points=full_points(sheet), notes={}, by=people.manager, at=LATER)
    assert queries.reviewers_of(sheet) == [people.director, second]


# ── By the program ───────────────────────────────────────────────────────────────────────────────────────────────────
def test_sheets_are_opened_once_for_everybody_a_card_judges(people, sheets):
    assert {person.name for person in sheets} == {"李明", "何丽", "王刚", "马超", "吴婷", "陈静", "赵建国"}
    assert actions.open_sheets(store=people.store, period=OCTOBER, at=LATER) == []
    assert code_of(actions.open_sheets, store=people.store, period=OCTOBER.next(), at=LATER) == "month_running"
    newcomer = StaffFactory(role=Role.AGENT, store=people.store, name="新人", work_number="BJ01-99")
    assert [sheet.staff for sheet in actions.open_sheets(store=people.store, period=OCTOBER, at=LATER)] == [newcomer]
    others = cast.of_second_store()  # who moves on the last day of the month is judged where they are then, once
    moved = [others.agent, others.advisor]
    for person, day in zip(moved, (OCTOBER.last_day, OCTOBER.next().first_day), strict=True):
        Position.objects.create(staff=person, store=people.store, post="callback_agent", starts_on=day)
    opened = [actions.open_sheets(store=store, period=OCTOBER, at=LATER) for store in (others.store, people.store)]
    assert [{sheet.staff for sheet in sheets} & set(moved) for sheets in opened] == [{moved[1]}, {moved[0]}]


def test_measured_lines_follow_the_facts_until_the_review_and_can_be_worked_out_again(people, sheets):
    from tests.factories.complaints import ComplaintFactory

    complaint = ComplaintFactory(
        store=people.store, received_at=datetime(2026, 10, 12, 2, tzinfo=UTC), is_verified=True, verified_at=OPENED
    )
    complaint.responsibilities.create(staff=people.advisor, share=1)
    complaint.responsibilities.create(staff=people.second_advisor, share=1)
    final = reviewed(sheets[people.second_advisor], enterer=people.frontdesk, by=people.manager)
    assert actions.count_sheets(store=people.store, period=OCTOBER, at=LATER) > 0
    own = {
        line.sheet.staff: line.measured_points
        for line in SheetLine.objects.filter(indicator__name="本人责任投诉").select_related("sheet__staff")
    }
    assert own == {people.advisor: Decimal(10), people.second_advisor: Decimal(20)}
    final.refresh_from_db()
    assert final.points == Decimal(100)
    kept = SheetLine.objects.exclude(explanation=None)
    assert [recompute(from_json(line.explanation)) for line in kept] == [line.measured_points for line in kept]
    assert actions.count_sheets(store=people.store, period=OCTOBER, at=LATER) == 0


@pytest.mark.django_db(transaction=True)
def test_two_who_open_a_month_at_the_same_moment_open_it_once():
    store = cast.of_store().store
    start = Barrier(2)

    def open_month(_place):
        try:
            start.wait()
            return len(actions.open_sheets(store=store, period=OCTOBER, at=OPENED))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(open_month, range(2))) == [0, 7]
    assert Sheet.objects.count() == 7


# ── The score ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_score_from_a_workbook_stays_as_given_and_by_hand_gives_way_to_the_sheet(people, sheets):
    Score.objects.create(
        staff=people.advisor, period="2026-10", score=88, origin=Origin.IMPORTED, entered_at=OPENED
    )  # fmt: skip
    Score.objects.create(staff=people.second_advisor, period="2026-10", score=77, entered_at=OPENED)
    for person in (people.advisor, people.second_advisor):
        reviewed(sheets[person], enterer=people.frontdesk, by=people.manager)
    found = dict(Score.objects.values_list("staff__name", "score"))
    assert found == {"李明": Decimal("88.00"), "何丽": Decimal("100.00")}
    code = code_of(
        actions.set_score, staff=people.advisor, period=OCTOBER, score=Decimal(90), by=people.manager, at=LATER
    )
    assert code == "has_sheet"
    actions.set_score(staff=people.cashier, period=OCTOBER, score=Decimal(90), by=people.manager, at=LATER)


SITE = "接待礼仪与六大件"


def test_from_the_sheet_to_the_score_to_what_pay_takes_off(example_month):
    """A02 shares in the advisors' pool: a sheet below 96 takes a tenth of the share off."""
    store, september, at = Store.objects.get(), Period(2026, 9), datetime(2026, 10, 6, 2, tzinfo=UTC)
    manager, frontdesk, director = (
        StaffFactory(role=role, store=store, work_number=f"Z{place}")
        for place, role in enumerate((Role.MANAGER, Role.FRONTDESK, Role.DIRECTOR))
    )
    judged = Staff.objects.get(work_number="A02")
    before = compute_run(store=store, period=september, by=None, at=at)
    assert Statement.objects.get(staff=judged).appraisal_amount == 0
    Score.objects.filter(staff=judged).delete()
    opened = {sheet.staff: sheet for sheet in actions.open_sheets(store=store, period=september, at=at)}
    lines = {line.indicator.name: line for line in queries.lines_of(opened[judged])}
    final = reviewed(opened[judged], enterer=frontdesk, by=manager, at=at + timedelta(days=5), **{SITE: "4"})
    measured = sum(line.measured_points for line in lines.values() if not line.is_entered)
    assert final.points == measured + 4 < 96
    assert code_of(review_run, run=before, by=manager, at=at + timedelta(days=5)) == "run_overtaken"
    run = compute_run(store=store, period=september, by=None, at=at + timedelta(days=6))
    slip = Statement.objects.get(staff=judged)
    assert slip.appraisal_amount == (slip.gross_amount / 10).quantize(Decimal("0.01"))

    # Once people check their slips no score moves; once the month is paid never again.
    appeal = actions.make_sheet_appeal(sheet=final, text="单据检查当日休假", by=judged, at=at + timedelta(days=6))
    review_run(run=run, by=manager, at=at + timedelta(days=7))
    line = lines[SITE]
    answer = {
        "appeal": appeal, "is_accepted": True, "answer": "核实", "changes": {line.pk: (Decimal(10), "")},
        "by": director, "at": at + timedelta(days=8),
    }  # fmt: skip
    assert code_of(actions.decide_sheet_appeal, **answer) == "locked"
    Run.objects.update(state="approved")
    lock_run(run=Run.objects.get(), by=manager, at=at + timedelta(days=8))
    assert code_of(actions.decide_sheet_appeal, **answer) == "locked"
    other = actions.decide_sheet_appeal(**{**answer, "is_accepted": False, "changes": {}})
    assert (other.is_accepted, Score.objects.get(staff=judged).score) == (False, final.points)


# ── The appeal ───────────────────────────────────────────────────────────────────────────────────────────────────────
def test_an_appeal_is_made_once_in_time_and_answered_by_another(people, sheets):
    sheet = sheets[people.technician]
    appeal = {"sheet": sheet, "text": "返修不是我的责任", "by": people.technician, "at": LATER}
    assert code_of(actions.make_sheet_appeal, **appeal) == "not_final"
    final = reviewed(sheet, enterer=people.workshop, by=people.manager, **{"工位 5S": "4"})
    assert final.points == Decimal(94)
    assert code_of(actions.make_sheet_appeal, **{**appeal, "by": people.workshop}) == "not_own"
    assert code_of(actions.make_sheet_appeal, **{**appeal, "text": " "}) == "text_missing"
    assert code_of(actions.make_sheet_appeal, **{**appeal, "at": LATER + timedelta(days=6)}) == "appeal_late"
    made = actions.make_sheet_appeal(**{**appeal, "at": LATER + timedelta(days=5)})
    assert code_of(actions.make_sheet_appeal, **appeal) == "appealed_already"
    assert Score.objects.get(staff=people.technician).score == Decimal(94)  # it stands until the answer
    assert (queries.deciders_of(made), told(people.director)[-1]) == (
        [people.director], "王刚 对 2026-10 考核表提出申诉。",
    )  # fmt: skip

    line = next(line for line in queries.lines_of(final) if line.indicator.name == "工位 5S")
    answer = {
        "appeal": made, "is_accepted": True, "answer": "照片日期有误", "changes": {line.pk: (Decimal(9), "")},
        "by": people.director, "at": LATER,
    }  # fmt: skip
    assert code_of(actions.decide_sheet_appeal, **{**answer, "by": people.manager}) == "four_eyes"
    assert code_of(actions.decide_sheet_appeal, **{**answer, "answer": ""}) == "answer_missing"
    assert code_of(actions.decide_sheet_appeal, **{**answer, "changes": {}}) == "nothing_changed"
    actions.decide_sheet_appeal(**answer)
    assert code_of(actions.decide_sheet_appeal, **answer) == "decided"
    final.refresh_from_db()
    line.refresh_from_db()
    assert (final.points, line.final_reason) == (Decimal(99), "照片日期有误")
    assert Score.objects.get(staff=people.technician).score == Decimal(99)
    assert told(people.technician)[-1] == "您对 2026-10 考核的申诉成立，成绩更正为 99 分：照片日期有误"


# ── The database holds ───────────────────────────────────────────────────────────────────────────────────────────────
def test_the_database_keeps_sheets_whole_and_adopted_cards_as_they_are(people, sheets):
    sheet = sheets[people.agent]
    line = sheet.lines.exclude(explanation=None).first()
    for rows, fields in (
        (Sheet.objects.filter(pk=sheet.pk), {"state": SheetState.FINAL}),
        (Sheet.objects.filter(pk=sheet.pk), {"points": 90}),
        (SheetLine.objects.filter(pk=line.pk), {"given_points": 1}),
        (SheetLine.objects.filter(pk=line.pk), {"final_points": 1}),
        (Indicator.objects.filter(pk=line.indicator_id), {"points": 50}),
        (ScorecardVersion.objects.filter(pk=sheet.version_of_card_id), {"starts_period": "2026-12"}),
    ):
        with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
            rows.update(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        Sheet.objects.create(
            store=people.store, staff=people.agent, period="2026-10", version_of_card=sheet.version_of_card,
            opened_at=OPENED, counted_at=OPENED,
        )  # fmt: skip
    final = reviewed(sheet, enterer=people.crc, by=people.manager)
    with pytest.raises(IntegrityError), transaction.atomic():
        SheetAppeal.objects.create(
            sheet=final, staff=people.agent, reviewed_by=people.manager, text="x", appealed_at=OPENED, score_before=1,
            decided_by=people.agent, decided_at=OPENED, is_accepted=True, answer="x",
        )  # fmt: skip
