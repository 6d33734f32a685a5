"""The goal meeting: prepared by the program, filled in by people, held, followed up."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from dealer_crm.journal.models import Entry
from dealer_crm.kpi import actions
from dealer_crm.kpi.actions.meetings import LinesRefused, Said
from dealer_crm.kpi.choices import Measure
from dealer_crm.kpi.models import GoalLine, GoalMeeting, Target
from dealer_crm.kpi.queries import carried_to
from dealer_crm.kpi.reports import goal_meeting_report
from dealer_crm.kpi.views import follow_ups_card
from dealer_crm.notices.models import Notice
from dealer_crm.ui.home import card_for
from dealer_crm.values import Period, Refusal, Stale
from tests.factories import cast
from tests.factories.reception import MORNING

SEPTEMBER, OCTOBER = Period(2026, 9), Period(2026, 10)
SOON = MORNING.date() + timedelta(days=10)
pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    people = cast.of_store()
    for period in (SEPTEMBER, OCTOBER):
        Target.objects.create(
            store=people.store, period=str(period), measure=Measure.OUTPUT, goal=400_000, set_at=MORNING
        )
    return people


def opened(people, period=SEPTEMBER) -> GoalMeeting:
    return actions.open_meeting(store=people.store, period=period, by=people.manager, at=MORNING)


def line_of(meeting, measure=Measure.OUTPUT) -> GoalLine:
    return meeting.lines.get(measure=measure)


def write(people, meeting, *, version=None, **said):
    return actions.write_meeting(
        meeting=meeting, said={line_of(meeting).pk: Said(**said)}, present="", note="", by=people.manager, at=MORNING,
        expected_version=version,
    )  # fmt: skip


def held(people, period=SEPTEMBER, **said) -> GoalMeeting:
    said = {"cause": "淡季", "remedy": "周末保养活动", "owner": people.frontdesk, "due_on": SOON} | said
    meeting = write(people, opened(people, period), **said)
    return actions.hold_meeting(meeting=meeting, by=people.manager, at=MORNING)


def test_the_sheet_has_a_line_for_every_measure_with_a_goal_and_its_figures_stand_once_it_is_held(people):
    meeting = opened(people)
    assert opened(people).pk == meeting.pk
    line = line_of(meeting)
    assert (line.goal, line.actual, line.gap, line.is_met) == (400_000, 0, -400_000, False)
    line.meeting.figures_at = SEPTEMBER.bounds(people.store.tz)[0]
    assert line.is_met is None  # the month is not over: nothing is lost yet
    standing = {line.measure: (line.goal, line.is_ceiling) for line in meeting.lines.all()}
    assert standing["on_time"] == (Decimal("0.96"), False)
    assert standing["external_comeback"][1] is True
    Target.objects.update(goal=300_000)
    meeting = actions.refresh_meeting(meeting=meeting, by=people.manager, at=MORNING)
    meeting = write(people, meeting, cause="淡季")
    meeting = actions.hold_meeting(meeting=meeting, by=people.manager, at=MORNING)
    Target.objects.update(goal=1)
    assert (line_of(meeting).goal, line_of(meeting).cause) == (300_000, "淡季")
    for late in (
        lambda: actions.refresh_meeting(meeting=meeting, by=people.manager, at=MORNING),
        lambda: write(people, meeting, cause="anders"),
        lambda: actions.hold_meeting(meeting=meeting, by=people.manager, at=MORNING),
    ):
        with pytest.raises(Refusal):
            late()
    assert line_of(meeting).goal == 300_000


@pytest.mark.parametrize(
    "said",
    [
        {"remedy": "活动", "owner": "frontdesk"},
        {"remedy": "活动", "due_on": SOON},
        {"owner": "frontdesk", "due_on": SOON},
        {"remedy": "活动", "owner": "frontdesk", "due_on": MORNING.date() - timedelta(days=1)},
        {"remedy": "活动", "owner": "stranger", "due_on": SOON},
    ],
    ids=["no day", "nobody", "nothing to do", "a day that has passed", "somebody of another store"],
)
def test_a_line_that_is_not_whole_is_refused(people, said):
    if "owner" in said:
        stranger = said["owner"] == "stranger"
        said = said | {"owner": cast.of_second_store().advisor if stranger else getattr(people, said["owner"])}
    meeting = opened(people)
    with pytest.raises(LinesRefused) as refused:
        write(people, meeting, **said)
    assert list(refused.value.lines) == [line_of(meeting).pk]
    assert line_of(meeting).remedy == ""


def test_a_month_that_has_not_begun_has_no_meeting(people):
    with pytest.raises(Refusal):
        opened(people, OCTOBER.next())
    assert GoalMeeting.objects.count() == 0


def test_what_another_has_written_meanwhile_is_not_overwritten(people):
    meeting = opened(people)
    write(people, meeting, cause="淡季", version=meeting.version)
    with pytest.raises(Stale):
        write(people, meeting, cause="天气", version=meeting.version)
    assert line_of(meeting).cause == "淡季"


def test_what_was_agreed_is_told_reminded_of_carried_on_and_ended(people):
    line = line_of(held(people))
    assert Notice.objects.filter(key=f"goal_line:{line.pk}:agreed").get().recipient == people.frontdesk
    october = opened(people, OCTOBER)
    assert list(carried_to(october)) == [line]
    days = {SOON - timedelta(days=1): 0, SOON: 1, SOON + timedelta(days=1): 2, SOON + timedelta(days=2): 0}
    told = {
        day: actions.remind_of_lines(store=people.store, at=MORNING + timedelta(days=(day - MORNING.date()).days))
        for day in days
    }
    assert told == days
    with pytest.raises(Refusal):
        actions.finish_line(line=line, result="办完", by=people.advisor, at=MORNING)
    with pytest.raises(Refusal):
        actions.finish_line(line=line, result=" ", by=people.frontdesk, at=MORNING)
    actions.finish_line(line=line, result="到店 38 台", by=people.frontdesk, at=MORNING)
    with pytest.raises(Refusal):
        actions.postpone_line(line=line, due_on=SOON, reason="人手不足", by=people.manager, at=MORNING)
    # Done since the last meeting, it is on the table once more; after that no longer.
    assert [one.result for one in carried_to(october)] == ["到店 38 台"]
    GoalMeeting.objects.filter(pk=october.pk).update(held_at=MORNING + timedelta(days=1), held_by=people.manager)
    november = GoalMeeting(store=people.store, period="2026-11")
    assert list(carried_to(november)) == []
    assert Entry.objects.filter(verb="goal_line.done", note="到店 38 台").count() == 1


def test_the_first_page_shows_what_one_took_on_and_marks_what_is_late(people):
    held(people, due_on=date.today() + timedelta(days=3))
    now = timezone.now()
    card = card_for(follow_ups_card, people.frontdesk, now)
    assert (card.count, card.tone) == (1, "info")
    assert card_for(follow_ups_card, people.advisor, now) is None
    GoalLine.objects.filter(owner=people.frontdesk).update(due_on=date.today() - timedelta(days=1))
    assert card_for(follow_ups_card, people.frontdesk, now).tone == "danger"


def test_a_meeting_is_held_and_followed_up_in_the_browser(client, people):
    client.force_login(people.manager)
    client.post(reverse("kpi:meeting_open"), {"period": "2026-09"})
    meeting = GoalMeeting.objects.get()
    page, line = reverse("kpi:meeting", args=[meeting.pk]), line_of(meeting)
    typed = {
        "version": meeting.version, "present": "全体", "note": "", f"line-{line.pk}-cause": "淡季",
        f"line-{line.pk}-remedy": "活动", f"line-{line.pk}-owner": people.frontdesk.pk,
    }  # fmt: skip
    refused = client.post(reverse("kpi:meeting_save", args=[meeting.pk]), typed)
    assert (refused.status_code, "淡季" in refused.content.decode()) == (422, True)
    due_on = date.today() + timedelta(days=5)
    typed |= {f"line-{line.pk}-due_on": str(due_on), "hold": "1"}
    assert client.post(reverse("kpi:meeting_save", args=[meeting.pk]), typed).status_code == 302
    for address in (page, reverse("kpi:meeting_print", args=[meeting.pk]), reverse("kpi:follow_ups")):
        assert "活动" in client.get(address).content.decode()
    moved = {"due_on": str(due_on + timedelta(days=1)), "reason": "人手不足"}
    client.post(reverse("kpi:follow_up_postpone", args=[line.pk]), moved)
    client.force_login(people.advisor)
    assert client.post(reverse("kpi:follow_up_done", args=[line.pk]), {"result": "x"}).status_code == 404
    client.force_login(people.frontdesk)
    assert client.post(reverse("kpi:follow_up_done", args=[line.pk]), {"result": "到店 38 台"}).status_code == 302
    line.refresh_from_db()
    assert (line.due_on, line.result) == (due_on + timedelta(days=1), "到店 38 台")
    report = goal_meeting_report(store=people.store, period=SEPTEMBER, by=people.manager, at=MORNING)
    row = next(row for row in report.sheets[0].rows if row[0] == "产值")
    assert (row[2], row[5], row[6], row[8]) == (400_000, "否", "淡季", people.frontdesk.name)


def test_the_lists_ask_as_much_for_thirty_as_for_one(client, people, django_assert_max_num_queries):
    client.force_login(people.manager)
    for number in range(30):
        period = SEPTEMBER.shifted(-number)
        meeting = GoalMeeting.objects.create(
            store=people.store, period=str(period), opened_by=people.manager, opened_at=MORNING, figures_at=MORNING,
            held_by=people.manager, held_at=MORNING,
        )  # fmt: skip
        GoalLine.objects.create(
            meeting=meeting, measure=Measure.OUTPUT, goal=1, remedy="活动", owner=people.frontdesk, due_on=SOON
        )
    last = GoalMeeting.objects.get(period="2026-09")
    for address in (reverse("kpi:meetings"), reverse("kpi:follow_ups"), reverse("kpi:meeting", args=[last.pk])):
        with django_assert_max_num_queries(11):
            assert client.get(address).status_code == 200
