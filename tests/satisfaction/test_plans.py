"""Improvement plans through plan, do, check and act. Source: spec satisfaction.md, "Improvement plan"."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from dealer_crm.journal.models import Entry
from dealer_crm.notices.models import Notice
from dealer_crm.values import Period, Refusal
from satisfaction import actions, queries
from satisfaction.choices import PlanOutcome, PlanStage
from satisfaction.formulas.review import Proposal, proposal
from satisfaction.formulas.spread import Interval
from satisfaction.models import ImprovementPlan
from satisfaction.tasks import ask_for_what_is_owed, watch_flags, watch_plans
from tests.factories import cast
from tests.factories.satisfaction import ANSWERED, response

OCTOBER = Period(2026, 10)
DAY, MONTH = timedelta(days=1), timedelta(days=30)


@pytest.fixture
def people(db):
    return cast.of_store()


def plan(people, code="F07", **fields):
    facts = {
        "store": people.store, "period": OCTOBER, "factor": queries.csi_version().questions.get(code=code),
        "cause": "派工不均", "measure": "每日两次检查进度", "owner": people.workshop,
        "due_on": (ANSWERED + 14 * DAY).date(), "by": people.manager, "at": ANSWERED,
    }  # fmt: skip
    return actions.open_plan(**facts | fields)


def told(person) -> list[str]:
    return list(Notice.objects.filter(recipient=person).order_by("pk").values_list("text", flat=True))


def test_a_plan_goes_through_its_four_stages_and_the_journal_tells_it(people):
    made = plan(people)
    assert (made.stage, made.check_on) == (PlanStage.PLAN, made.due_on + MONTH)
    made = actions.begin_plan(plan=made, by=people.workshop, at=ANSWERED + DAY)
    assert made.stage == PlanStage.DO
    made = actions.carry_out_plan(plan=made, note="已实行看板", by=people.workshop, at=ANSWERED + 9 * DAY)
    assert made.stage == PlanStage.CHECK
    closed_at = ANSWERED + 44 * DAY
    made = actions.close_plan(plan=made, outcome=PlanOutcome.HELPED, result="写入标准", by=people.manager, at=closed_at)
    assert (made.stage, made.check_on) == (PlanStage.ACT, closed_at.date())
    deeds = Entry.objects.filter(verb__startswith="improvement_plan").order_by("pk")
    assert list(deeds.values_list("verb", flat=True)) == [
        f"improvement_plan.{deed}" for deed in ("opened", "begun", "carried_out", "closed")
    ]  # fmt: skip
    assert len(told(people.workshop)) == 2  # opened, closed
    assert told(people.manager) == ["“按时交车”已落实：请于 2026-11-28 检查是否有效"]


@pytest.mark.parametrize(
    ("deed", "code"),
    [
        (lambda made, people: actions.begin_plan(plan=made, by=people.technician, at=ANSWERED), "not_the_owner"),
        (lambda made, people: actions.carry_out_plan(plan=made, note=" ", by=people.workshop, at=ANSWERED), "refused"),
        (lambda made, people: actions.change_owner(plan=made, owner=people.workshop, reason="换人", by=people.manager,
                                                   at=ANSWERED), "refused"),
        (lambda made, people: actions.change_owner(plan=made, owner=people.advisor, reason="", by=people.manager,
                                                   at=ANSWERED), "refused"),
        (lambda made, people: actions.postpone_plan(plan=made, due_on=made.due_on, check_on=made.due_on - DAY,
                                                    reason="配件晚到", by=people.manager, at=ANSWERED), "refused"),
    ],
    ids=["begun by another", "done without a word", "same owner", "new owner without reason", "checked before due"],
)  # fmt: skip
def test_what_no_plan_may_do_is_refused(people, deed, code):
    with pytest.raises(Refusal) as refused:
        deed(plan(people), people)
    assert code in ("refused", refused.value.code)


def test_a_plan_is_not_checked_before_it_is_due(people):
    with pytest.raises(Refusal) as refused:
        plan(people, check_on=ANSWERED.date())
    assert refused.value.field == "check_on"


def test_owners_are_reminded_once_of_each_day_also_when_it_was_missed(people):
    made = plan(people)
    before = len(told(people.workshop))
    due, check = ANSWERED + 14 * DAY, ANSWERED + 44 * DAY
    assert actions.remind_of_plans(store=people.store, at=due - DAY) == 0
    assert [
        actions.remind_of_plans(store=people.store, at=due),
        actions.remind_of_plans(store=people.store, at=due),
    ] == [1, 0]
    assert actions.remind_of_plans(store=people.store, at=due + DAY) == 1  # who opened it hears that it is late
    assert made.pk in queries.overdue_plans(people.manager, on=(due + DAY).date()).values_list("pk", flat=True)
    actions.carry_out_plan(plan=made, note="完成", by=people.workshop, at=due + DAY)
    assert actions.remind_of_plans(store=people.store, at=check + 3 * DAY) == 2
    assert len(told(people.workshop)) == before + 2


def test_before_and_after_say_whether_the_change_is_real_or_chance(people):
    made = plan(people)
    for n in range(12):
        response(people, {"F07": 5 + n % 2}, at=ANSWERED)
    actions.carry_out_plan(plan=made, note="完成", by=people.workshop, at=ANSWERED + 25 * DAY)
    later = ANSWERED + 40 * DAY
    for n in range(12):
        response(people, {"F07": 8 + n % 2, "F08": 9}, at=ANSWERED + 30 * DAY)
    effect = queries.effect_of(made, at=later)
    effect_now = queries.effect_of(ImprovementPlan.objects.get(pk=made.pk), at=later)
    assert [(str(one.period), one.figures.n, one.figures.mean) for one in effect.months] == [
        ("2026-10", 12, Decimal("5.5")), ("2026-11", 12, Decimal("8.5")),
    ]  # fmt: skip
    change = effect_now.change
    assert (change.gap.difference, change.gap.is_real, change.tone) == (3, True, "success")
    chance = plan(people, "F08")
    for _n in range(12):
        response(people, {"F08": 8 + _n % 3}, at=ANSWERED)
    change = queries.effect_of(chance, at=later).change
    assert (change.is_small, change.gap.is_real, change.tone) == (False, False, "neutral")


def weak(people, code="F07", months=(0,), n=10, score=5):
    """`n` customers of each month who give one factor `score` and everything else 9."""
    for back in months:
        for _n in range(n):
            response(people, {code: score}, at=ANSWERED - 30 * back * DAY)


def asks_on_its_page(plan, last) -> bool:
    return queries.wants_new_owner(queries.with_takeover(ImprovementPlan.objects).get(pk=plan.pk), last=last)


def test_three_months_under_target_ask_once_for_a_new_owner(people):
    weak(people, months=(0, 1, 2), score=6)
    made = plan(people, period=Period(2026, 8))
    [found] = queries.PlansOwed(people.store, OCTOBER).under_target
    assert (found.code, [str(month) for month, _figures, _target in found.months]) == (
        "F07", ["2026-08", "2026-09", "2026-10"],
    )  # fmt: skip
    assert found.wants_owner
    assert asks_on_its_page(made, OCTOBER)
    assert queries.PlansOwed(people.store, OCTOBER.next()).under_target == []
    november = ANSWERED + 22 * DAY
    ask_for_what_is_owed(people.store, november)
    ask_for_what_is_owed(people.store, november)
    asked = [text for text in told(people.manager) if "新的责任人" in text]
    assert len(asked) == 1
    actions.change_owner(plan=made, owner=people.frontdesk, reason="连续三个月未达标", by=people.manager, at=november)
    assert told(people.frontdesk) == ["“按时交车”由您负责了，2026-10-29 到期"]
    # The question is answered; who has it now is asked for in three more months.
    asked_again = {}
    for month, later in ((OCTOBER, 0), (OCTOBER.next(), 1), (OCTOBER.shifted(2), 2)):
        weak(people, months=(-later,), score=6)
        [found] = queries.PlansOwed(people.store, month).under_target
        asked_again[str(month)] = (found.wants_owner, asks_on_its_page(made, month))
    assert asked_again == {"2026-10": (False, False), "2026-11": (False, False), "2026-12": (True, True)}


def test_last_months_weaknesses_are_asked_for_on_the_fifth_and_once_more_after_the_tenth(people):
    weak(people, n=10, score=3)
    fourth, fifth, eleventh = (ANSWERED.replace(month=11, day=day) for day in (4, 5, 11))
    ask_for_what_is_owed(people.store, fourth)
    assert told(people.manager) == []
    for at in (fifth, fifth + DAY, eleventh, eleventh + DAY):
        ask_for_what_is_owed(people.store, at)
    assert len(told(people.manager)) == 2
    assert [one.row.question.code for one in queries.PlansOwed(people.store, OCTOBER).weaknesses] == ["F07"]
    plan(people, at=fifth, due_on=eleventh.date())
    assert queries.PlansOwed(people.store, OCTOBER).weaknesses == []


def test_the_clock_looks_after_every_store_and_tells_nothing_twice(people):
    now = timezone.now()
    for store in (people, cast.of_second_store()):
        made = plan(store)
        ImprovementPlan.objects.filter(pk=made.pk).update(due_on=timezone.localdate(now), check_on=None)
        response(store, {"F07": 2}, at=now - timedelta(hours=23))
    before = Notice.objects.count()
    for _again in range(2):
        watch_plans()
        watch_flags()
    assert Notice.objects.count() == before + 2 + 2 * 2  # two owners; in each store the two who deal with bad answers


PROPOSED = [
    # mean, interval, n, target → what, target proposed
    ("9.46", ("9.3", "9.6"), 40, "9.2", Proposal.RAISE, "9.4"),
    ("9.26", ("9.21", "9.3"), 400, "9.2", Proposal.RAISE, "9.3"),
    ("9.99", ("9.97", "10"), 400, "9.95", Proposal.RAISE, "10"),
    ("9.3", ("9.1", "9.5"), 40, "9.2", Proposal.KEEP, "9.2"),
    ("8.5", ("8.2", "8.8"), 40, "9.2", Proposal.PLAN, "9.2"),
    ("9.9", ("9.8", "10"), 9, "9.2", Proposal.WAIT, "9.2"),
]


@pytest.mark.parametrize(("mean", "interval", "n", "target", "said", "proposed"), PROPOSED)
def test_a_target_is_raised_when_it_is_surely_passed_and_never_lowered(mean, interval, n, target, said, proposed):
    found = proposal(Decimal(mean), Interval(*map(Decimal, interval)), n, target=Decimal(target), smallest_sample=10)
    assert found == (said, Decimal(proposed))


# ── Pages ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_list_has_a_tab_for_each_stage_and_one_for_late_ones(client, people):
    today = timezone.localdate()
    for place, code in enumerate(("F01", "F02", "F03", "F04")):
        made = plan(people, code)
        if place:
            actions.begin_plan(plan=made, by=people.workshop, at=ANSWERED)
        if place > 1:
            actions.carry_out_plan(plan=made, note="完成", by=people.workshop, at=ANSWERED)
        if place > 2:
            actions.close_plan(plan=made, result="有效", by=people.manager, at=ANSWERED)
        ImprovementPlan.objects.filter(pk=made.pk).update(due_on=today + (place - 2) * DAY, check_on=today + MONTH)
    client.force_login(people.manager)
    url = reverse("satisfaction:plans")

    def shown(**query):
        return [one.factor_code for one in client.get(url, query).context["page"].rows]

    stages = ("", "plan", "do", "check", "act", "late")
    assert [shown(stage=stage) for stage in stages] == [
        ["F01", "F02", "F03"], ["F01"], ["F02"], ["F03"], ["F04"], ["F01", "F02"],
    ]  # fmt: skip
    assert [tab["count"] for tab in client.get(url).context["tabs"]] == [3, 1, 1, 1, 1, 2]
    assert (shown(factor="f02"), shown(owner=people.workshop.pk), shown(period="2026-09")) == (
        ["F02"], ["F01", "F02", "F03"], [],
    )  # fmt: skip
    assert "F02" in client.get(reverse("satisfaction:plans_print"), {"stage": "do"}).text


def test_the_list_and_the_plan_cost_the_same_with_one_and_thirty_plans(client, people, django_assert_max_num_queries):
    client.force_login(people.manager)
    made = plan(people)
    for url in (reverse("satisfaction:plans"), reverse("satisfaction:plan", args=[made.pk])):
        with django_assert_max_num_queries(12) as one:
            client.get(url)
        plans = [
            ImprovementPlan(
                store=people.store, period="2026-10", factor_code=f"Q{url[-2]}{n}", factor_name="接待", cause="原因",
                measure="措施", owner=people.workshop, due_on=ANSWERED.date(), created_by=people.manager,
                created_at=ANSWERED,
            )
            for n in range(29)
        ]  # fmt: skip
        ImprovementPlan.objects.bulk_create(plans)
        with django_assert_max_num_queries(len(one.captured_queries)):
            client.get(url)


def test_a_plan_is_opened_of_ones_own_accord_and_worked_by_its_owner(client, people):
    client.force_login(people.manager)
    facts = {"period": "2026-10", "factor": "F03", "cause": "原因", "measure": "措施", "owner": people.frontdesk.pk,
             "due_on": "2030-01-01"}  # fmt: skip
    client.post(reverse("satisfaction:plan_free"), facts)
    made = ImprovementPlan.objects.get()
    wrong = client.post(reverse("satisfaction:plan_free"), facts | {"factor": "F99"})
    assert (made.factor_code, made.owner, wrong.status_code) == ("F03", people.frontdesk, 422)
    client.force_login(people.frontdesk)
    client.post(reverse("satisfaction:plan_begin", args=[made.pk]))
    client.post(reverse("satisfaction:plan_done", args=[made.pk]), {"note": "已培训"})
    assert "检查" in client.get(reverse("satisfaction:plan", args=[made.pk])).text
    client.force_login(people.manager)
    moved = {"due_on": "2030-01-05", "check_on": "2030-02-05", "reason": "春节"}
    client.post(reverse("satisfaction:plan_days", args=[made.pk]), moved)
    client.post(reverse("satisfaction:plan_owner", args=[made.pk]), {"owner": people.advisor.pk, "reason": "调岗"})
    nobody = client.post(
        reverse("satisfaction:plan_owner", args=[made.pk]), {"reason": "x"}, headers={"HX-Request": "true"}
    )
    done = {"outcome": "partly", "result": "好转"}
    client.post(reverse("satisfaction:plan_close", args=[made.pk]), done)
    made.refresh_from_db()
    assert (made.owner, made.outcome, made.done_note, nobody.status_code) == (people.advisor, "partly", "已培训", 422)
    assert "好转" in client.get(reverse("satisfaction:plan", args=[made.pk])).text


def test_the_plans_owed_stand_on_a_page_and_on_the_first_page(client, people):
    last = Period.of(ANSWERED)
    weak(people, n=10, score=3)
    client.force_login(people.manager)
    shown = client.get(reverse("satisfaction:plans_owed"), {"period": str(last)})
    assert reverse("satisfaction:plan_new", args=[last, "F07"]) in shown.text


def test_plans_are_read_over_http(client, people):
    made = plan(people)
    client.force_login(people.workshop)
    found = client.get("/api/v1/improvement-plans/", {"stage": "plan", "owner": people.workshop.work_number}).json()
    assert [(one["id"], one["stage"], one["factor_code"]) for one in found["results"]] == [(made.pk, "plan", "F07")]
    assert client.get("/api/v1/improvement-plans/", {"stage": "act"}).json()["results"] == []
