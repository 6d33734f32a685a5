"""现场/5S/单据考核: planned rounds, what they come to, findings that are followed up and repeat."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dealer_crm.appraisal.actions import site as actions
from dealer_crm.appraisal.actions.site import ItemDraft
from dealer_crm.appraisal.choices import FindingState, RoundState, Verdict
from dealer_crm.appraisal.formulas.site import Seen, is_repeat, planned_days, points_given, round_sum
from dealer_crm.appraisal.models import SiteFinding, SiteItem, SiteList, SitePlan, SiteRound
from dealer_crm.appraisal.queries import site as queries
from dealer_crm.appraisal.queries.facts import Asked
from dealer_crm.notices.models import Notice
from dealer_crm.values import Period, Refusal, WorkCalendar
from tests.factories import cast
from tests.factories.callback import TEN
from tests.factories.files import photo

TODAY = TEN.date()  # Thursday, 15 October 2026
ITEMS = ("地面无油污", "工具摆放整齐", "灭火器在位")


@pytest.fixture
def people(db):
    return cast.of_store()


def site_list(people, items=ITEMS, name="机电车间5S", **facts):
    drafts = [ItemDraft(text, 10, needs_photo=False) for text in items]
    facts = {"area": "workshop", "kind": "five_s", "answers": people.workshop, **facts}
    return actions.keep_site_list(store=people.store, name=name, items=drafts, by=people.manager, at=TEN, **facts)


def walked(people, wrong=(), at=TEN, known=None, **said):
    """A round of the list on which the items named in `wrong` are not in order."""
    known = known or SiteList.objects.first() or site_list(people)
    walk = actions.begin_round(site_list=known, by=people.manager, at=at)
    for item in known.items.filter(withdrawn_at=None):
        is_wrong = item.text in wrong
        more = {"what": f"{item.text}：不合格", "given": Decimal(4), **said} if is_wrong else {}
        verdict = Verdict.WRONG if is_wrong else Verdict.FINE
        actions.note_result(walk=walk, item=item, verdict=verdict, by=people.manager, at=at, **more)
    return actions.finish_round(walk=walk, by=people.manager, at=at)


# ── Formulas ─────────────────────────────────────────────────────────────────────────────────────────────────────────
HOLIDAY = WorkCalendar(
    {date(2026, 10, day): day in (8, 9, 10) for day in range(1, 11)}
)  # Golden Week, 10 October made up


@pytest.mark.parametrize(
    ("rhythm", "said", "first", "last", "days"),
    [
        ("daily", {}, (10, 8), (10, 12), [8, 9, 10, 12]),
        ("weekly", {"weekday": 4}, (10, 1), (10, 31), [8, 15, 22, 29]),  # Thursday the 1st falls on the 8th's round
        ("weekly", {"weekday": 1}, (10, 1), (10, 12), [8, 12]),
        ("monthly", {"monthday": 3}, (10, 1), (10, 31), [8]),
        ("monthly", {"monthday": 3}, (10, 8), (10, 31), [8]),  # moved into the span from before it
        ("monthly", {"monthday": 28}, (10, 1), (10, 27), []),
    ],
)
def test_rounds_fall_on_working_days(rhythm, said, first, last, days):
    first, last = (date(2026, *one) for one in (first, last))
    assert [day.day for day in planned_days(rhythm, first, last, HOLIDAY, **said)] == days


def test_a_round_comes_to_the_points_of_what_applied():
    seen = [Seen("fine", 10, Decimal(10)), Seen("wrong", 5, Decimal("2.5")), Seen("none", 20, None)]
    total = round_sum(seen)
    assert (total.full, total.given, total.rate) == (15, Decimal("12.5"), Decimal("12.5") / 15)
    assert round_sum([Seen("none", 20, None)]).rate is None
    assert [points_given(verdict, 5, said) for verdict, said in (
        ("fine", Decimal(1)), ("wrong", None), ("wrong", Decimal(3)), ("none", Decimal(3))
    )] == [5, 0, 3, None]  # fmt: skip
    assert [is_repeat(TODAY, TODAY - timedelta(days=days), 30) for days in (0, 30, 31)] == [True, True, False]


# ── Plans ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_planned_rounds_are_listed_once_ahead_and_go_with_their_plan(people):
    known = site_list(people)
    plan = actions.plan_rounds(
        site_list=known,
        checker=people.frontdesk,
        rhythm="weekly",
        weekday=5,
        starts_on=TODAY,
        by=people.manager,
        at=TEN,
    )
    assert [one.planned_on for one in SiteRound.objects.order_by("planned_on")] == [date(2026, 10, 16)]
    for days in (0, 3, 3):
        actions.watch_site(store=people.store, at=TEN + timedelta(days=days))
    assert SiteRound.objects.count() == 2  # the 23rd came into sight
    late = TEN + timedelta(days=4)  # Monday: Friday's round may be walked until its second day after
    for days, many in ((0, 0), (1, 1), (3, 1), (4, 0)):
        assert queries.rounds_to_walk(people.frontdesk, TODAY + timedelta(days=days)).count() == many
    assert queries.rounds_matching(people.manager, today=late.date(), view="missed").count() == 1
    actions.end_plan(plan=plan, by=people.manager, at=late)
    assert [one.planned_on.day for one in SiteRound.objects.all()] == [16]


@pytest.mark.parametrize(
    ("said", "code"),
    [({"checker": "advisor"}, "may_not"), ({"checker": "workshop"}, "own_area"), ({"weekday": None}, "no_weekday"),
     ({"rhythm": "monthly"}, "no_monthday"), ({"starts_on": TODAY - timedelta(days=1)}, "behind"),
     ({"checker": "stranger"}, "stranger")],
)  # fmt: skip
def test_what_is_no_plan_is_refused(people, said, code):
    known = site_list(people)
    plan = {"checker": "frontdesk", "rhythm": "weekly", "weekday": 5, "starts_on": TODAY, **said}
    who = plan.pop("checker")
    plan["checker"] = cast.of_second_store().frontdesk if who == "stranger" else getattr(people, who)
    with pytest.raises(Refusal) as refused:
        actions.plan_rounds(site_list=known, by=people.manager, at=TEN, **plan)
    assert (refused.value.code, SitePlan.objects.count()) == (code, 0)


def test_an_item_that_was_checked_is_withdrawn_and_what_was_seen_stays(people):
    known = site_list(people)
    walked(people)
    first, second, third = known.items.order_by("place")
    drafts = [ItemDraft(third.text, 10, pk=third.pk), ItemDraft("地面干净、无水渍", 10, pk=first.pk)]
    with pytest.raises(Refusal):
        actions.keep_site_list(
            store=people.store, site_list=known, name=known.name, area="workshop", kind="five_s", items=drafts,
            by=people.manager, at=TEN, expected_version=7,
        )  # fmt: skip
    actions.keep_site_list(
        store=people.store, site_list=known, name=known.name, area="workshop", kind="five_s", items=drafts,
        by=people.manager, at=TEN,
    )  # fmt: skip
    assert [item.text for item in queries.items_of(known)] == [third.text, "地面干净、无水渍"]
    assert set(SiteItem.objects.exclude(withdrawn_at=None)) == {first, second}
    assert [one.item.text for one in queries.items_seen(SiteRound.objects.get())] != []
    with pytest.raises(Refusal) as refused:
        site_list(people)
    assert refused.value.code == "name_taken"


# ── Rounds and findings ──────────────────────────────────────────────────────────────────────────────────────────────
def test_what_is_wrong_becomes_a_finding_and_wrong_again_a_repeat(people):
    walk = walked(people, wrong=[ITEMS[0]])
    assert (walk.state, walk.full, walk.given, walk.answers) == (RoundState.WALKED, 30, 24, people.workshop)
    first = SiteFinding.objects.get()
    assert (first.owner, first.due_on, first.times) == (people.workshop, TODAY + timedelta(days=3), 1)
    assert Notice.objects.filter(recipient=people.workshop, key=f"site_finding:{first.pk}").exists()
    walked(people, wrong=[ITEMS[0], ITEMS[1]], at=TEN + timedelta(days=30))
    walked(people, wrong=[ITEMS[0]], at=TEN + timedelta(days=61))
    found = [(one.item.text, one.times, one.repeats) for one in SiteFinding.objects.order_by("pk")]
    assert found == [(ITEMS[0], 1, None), (ITEMS[0], 2, first), (ITEMS[1], 1, None), (ITEMS[0], 1, None)]


@pytest.mark.parametrize(
    ("said", "code"),
    [({"given": Decimal(10)}, "points_outside"), ({"what": " "}, "what_missing"), ({"verdict": "maybe"}, "no_verdict"),
     ({"due_on": TODAY - timedelta(days=1)}, "due_behind"), ({"photos": [None] * 7}, "photos_too_many")],
)  # fmt: skip
def test_what_is_no_result_is_refused(people, said, code):
    walk = actions.begin_round(site_list=site_list(people), by=people.manager, at=TEN)
    said = {"verdict": Verdict.WRONG, "what": "有油污", **said}
    with pytest.raises(Refusal) as refused:
        actions.note_result(walk=walk, item=walk.list.items.first(), by=people.manager, at=TEN, **said)
    assert (refused.value.code, walk.results.count()) == (code, 0)


def test_a_round_is_finished_when_everything_is_seen_with_the_photos_it_demands(people):
    known = site_list(people, items=ITEMS[:1])
    known.items.update(needs_photo=True)
    with pytest.raises(Refusal) as refused:
        actions.begin_round(site_list=known, by=people.workshop, at=TEN)
    assert refused.value.code == "own_area"
    walk, item = actions.begin_round(site_list=known, by=people.manager, at=TEN), known.items.get()
    assert actions.begin_round(site_list=known, by=people.manager, at=TEN) == walk

    def refused_finish():
        with pytest.raises(Refusal) as refused:
            actions.finish_round(walk=walk, by=people.manager, at=TEN)
        return refused.value.code

    assert refused_finish() == "items_missing"
    actions.note_result(walk=walk, item=item, verdict=Verdict.NONE, by=people.manager, at=TEN)
    assert refused_finish() == "nothing_applied"
    actions.note_result(walk=walk, item=item, verdict=Verdict.FINE, by=people.manager, at=TEN)
    assert refused_finish() == "photo_missing"
    actions.note_result(walk=walk, item=item, verdict=Verdict.FINE, photos=[photo()], by=people.manager, at=TEN)
    assert actions.finish_round(walk=walk, by=people.manager, at=TEN).given == 10
    assert refused_finish() == "round_over"


def test_a_finding_is_followed_up_till_somebody_else_finds_it_in_order(people):
    walked(people, wrong=[ITEMS[0]])
    finding, later = SiteFinding.objects.get(), TEN + timedelta(days=4)
    assert [actions.watch_site(store=people.store, at=later) for _each in range(2)] == [2, 0]
    said = {"finding": finding, "at": later}
    with pytest.raises(Refusal) as refused:
        actions.remedy_finding(remedy="已清洗", by=people.advisor, **said)
    assert refused.value.code == "not_owner"
    actions.remedy_finding(remedy="已清洗", photos=[photo()], by=people.workshop, **said)
    actions.send_finding_back(reason="角落仍有油污", due_on=later.date(), by=people.manager, **said)
    actions.hand_on_finding(owner=people.technician, due_on=later.date(), by=people.manager, **said)
    actions.remedy_finding(remedy="已彻底清洗", by=people.technician, **said)
    with pytest.raises(Refusal) as refused:
        actions.close_finding(by=people.technician, **said)
    assert refused.value.code == "own_remedy"
    closed = actions.close_finding(by=people.frontdesk, **said)
    assert (closed.state, closed.remedy, closed.closed_by) == (FindingState.CLOSED, "已彻底清洗", people.frontdesk)


def test_the_month_is_summed_up_by_list_and_its_points_go_to_who_answers(people):
    known = site_list(people)
    plan = {"site_list": known, "checker": people.frontdesk, "rhythm": "daily", "starts_on": TODAY}
    actions.plan_rounds(by=people.manager, at=TEN, **plan)
    walked(people, wrong=[ITEMS[0]])
    walked(people, wrong=[ITEMS[0]], at=TEN + timedelta(days=1))
    actions.remedy_finding(
        finding=SiteFinding.objects.earliest("pk"), remedy="已清洗", by=people.workshop, at=TEN + timedelta(days=1)
    )
    at = TEN + timedelta(days=7)
    (row,) = queries.month_of_lists(people.store, Period(2026, 10), today=at.date())
    assert (row.walked, row.missed, row.full, row.given, row.findings, row.repeats, row.due, row.in_time) == (
        2, 3, 60, 48, 2, 1, 2, 1
    )  # fmt: skip
    asked = Asked(people.store, Period(2026, 10), (people.workshop.pk, people.technician.pk), at)
    points = queries.site_points(asked, "site_points")
    assert {person: (fact.value, len(fact.rows)) for person, fact in points.items()} == {people.workshop.pk: (80, 2)}
    places = queries.workplace_points(asked, "workplace_points")
    assert {person: fact.value for person, fact in places.items()} == {people.workshop.pk: 80, people.technician.pk: 80}
    late = queries.late_findings(asked, "late_findings")[people.workshop.pk]
    assert (late.base, late.value) == (2, Decimal("0.5"))


@pytest.mark.django_db(transaction=True)
def test_two_who_note_the_same_item_at_once_leave_one_result():
    people = cast.of_store()
    walk = actions.begin_round(site_list=site_list(people), by=people.manager, at=TEN)
    item, start, errors = walk.list.items.first(), Barrier(2), []

    def note():
        start.wait()
        try:
            actions.note_result(walk=walk, item=item, verdict=Verdict.FINE, by=people.manager, at=TEN)
        except Exception as error:  # shown by the assertion
            errors.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=note) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (errors, walk.results.count()) == ([], 1)


# ── Pages ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_list_is_made_planned_and_walked_item_by_item_on_the_pages(client, people):
    client.force_login(people.manager)
    typed = {
        "name": "接待大厅", "area": "reception", "kind": "site", "answers": people.frontdesk.pk, "is_on": "on",
        "items-TOTAL_FORMS": 2, "items-INITIAL_FORMS": 0, "items-0-text": "台面整洁", "items-0-points": 10,
        "items-1-text": "资料齐全", "items-1-points": 5,
    }  # fmt: skip
    assert client.post(reverse("appraisal:site_list_new"), typed | {"items-0-points": 0}).status_code == 422
    client.post(reverse("appraisal:site_list_new"), typed)
    known = SiteList.objects.get()
    today = timezone.localdate()
    plan = {"checker": people.director.pk, "rhythm": "weekly", "weekday": "5", "starts_on": str(today)}
    client.post(reverse("appraisal:site_plan_new", args=[known.pk]), plan)
    assert SitePlan.objects.count() == 1
    answer = client.post(reverse("appraisal:round_begin", args=[known.pk]))
    walk = SiteRound.objects.get(plan=None)
    assert answer.url == reverse("appraisal:round", args=[walk.pk])
    first, second = known.items.order_by("place")
    assert client.get(answer.url).context["seen"] == 0
    seen = client.post(
        reverse("appraisal:round_item", args=[walk.pk, first.pk]),
        {"verdict": "wrong", "given": "2.5", "what": "杂物", "owner": people.advisor.pk, "due_on": str(today),
         "photos": photo()},
        headers={"HX-Request": "true"},
    )  # fmt: skip
    assert (seen.status_code, "杂物" in seen.content.decode()) == (200, True)
    client.post(reverse("appraisal:round_item", args=[walk.pk, second.pk]), {"verdict": "fine"})
    client.post(reverse("appraisal:round_finish", args=[walk.pk]), {"remark": "整体良好"})
    walk.refresh_from_db()
    assert (walk.given, walk.full, walk.remark) == (Decimal("7.5"), 15, "整体良好")
    finding = SiteFinding.objects.get()
    client.force_login(people.advisor)
    assert "杂物" in client.get(reverse("ui:home")).content.decode()
    page = reverse("appraisal:finding", args=[finding.pk])
    client.post(f"{page}remedy/", {"remedy": "已清走", "version": 1, "photos": photo("after.jpg")})
    client.force_login(people.manager)
    assert client.get(page).context["may_close"] and len(client.get(page).context["after"]) == 1
    client.post(f"{page}back/", {"reason": "还有", "due_on": str(today), "version": 2})
    client.post(f"{page}hand-on/", {"owner": people.advisor.pk, "due_on": str(today), "version": 3})
    client.post(f"{page}remedy/", {"remedy": "全部清走", "version": 4})
    client.post(f"{page}close/", {"version": 5})
    finding.refresh_from_db()
    assert (finding.state, finding.version) == (FindingState.CLOSED, 6)
    month = client.get(reverse("appraisal:site_month"))
    assert [row.findings for row in month.context["rows"]] == [1]


@pytest.mark.parametrize("name", ["rounds", "findings", "site_lists", "trainings"])
def test_a_long_list_asks_no_more_than_a_short_one(client, people, name):
    client.force_login(people.manager)
    at = datetime.now(people.store.tz) - timedelta(hours=1)
    asked = []
    for many in (1, 12):
        for number in range(many):
            known = site_list(people, name=f"表{many}-{number}", items=ITEMS[:1])
            actions.plan_rounds(
                site_list=known, checker=people.frontdesk, rhythm="weekly", weekday=1, by=people.manager, at=at,
                starts_on=at.date() + timedelta(days=1),
            )  # fmt: skip
            walked(people, wrong=ITEMS[:1], at=at, known=known)
        with CaptureQueriesContext(connection) as counted:
            answer = client.get(reverse(f"appraisal:{name}"), {"view": "walked"} if name == "rounds" else {})
        asked.append(len(counted))
        assert answer.status_code == 200
    assert asked[0] == asked[1]
