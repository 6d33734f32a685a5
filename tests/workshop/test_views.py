"""The pages of the workshop as the people of the house use them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from dealer_crm.ui.home import card_for
from reception.choices import OrderState
from tests.factories.reception import RepairOrderFactory
from tests.factories.workshop import (
    ComebackFactory,
    ConsumableIssueFactory,
    HourDeductionFactory,
    InspectionFactory,
    JobFactory,
)
from workshop.choices import JobState
from workshop.models import Bay, ConsumableIssue, HourDeduction, Job
from workshop.shipped import POINTS
from workshop.views import cards

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def act(client):
    """`act(person, name, *args, **data)`: post (or with `get=True` look) as this person."""

    def do(person, page, /, *args, get=False, htmx=False, **body):
        client.force_login(person, "django.contrib.auth.backends.ModelBackend")
        headers = {"HX-Request": "true"} if htmx else {}
        url = reverse(f"workshop:{page}", args=args)
        return client.get(url, body, headers=headers) if get else client.post(url, body, headers=headers)

    return do


def order_of(people, state=OrderState.OPEN, **fields):
    return RepairOrderFactory(
        store=people.store, advisor=people.advisor, state=state, began_at=timezone.now() - timedelta(hours=5), **fields
    )


def job_of(people, state=JobState.ASSIGNED, order_state=OrderState.DISPATCHED, **fields):
    order = order_of(people, order_state)
    return JobFactory(
        order=order, **{"team": people.mechanics, "technician": people.technician, "state": state, **fields}
    )


# ── Supervisor ───────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_supervisor_takes_the_proposal_with_one_press(people, act):
    order = order_of(people, lines=2)
    page = act(people.workshop, "dispatch", get=True)
    form = page.context["forms"][0]
    sent = {form.add_prefix(name): field.initial for name, field in form.fields.items()}
    act(people.workshop, "dispatch_order", order.pk, **sent)
    assert {job.technician for job in order.jobs.all()} == {people.technician}
    order.refresh_from_db()
    assert order.state == OrderState.DISPATCHED


def test_the_supervisor_overrules_and_leaves_a_line_in_the_queue(people, act):
    order = order_of(people, lines=2)
    prefix, team, person = f"o{order.pk}", people.mechanics.pk, people.second_technician.pk
    sent = {f"{prefix}-version": order.version, f"{prefix}-hands_1": f"t{team}p{person}", f"{prefix}-hands_2": ""}
    act(people.workshop, "dispatch_order", order.pk, **sent)
    assert [(job.line.number, job.technician) for job in order.jobs.all()] == [(1, people.second_technician)]


def test_hands_that_are_not_on_the_list_dispatch_nothing(people, others, act):
    order = order_of(people)
    sent = {f"o{order.pk}-version": order.version, f"o{order.pk}-hands_1": f"t{others.mechanics.pk}"}
    act(people.workshop, "dispatch_order", order.pk, **sent)
    assert order.jobs.count() == 0


def test_work_is_reassigned_in_a_dialog(people, act):
    job = job_of(people)
    assert act(people.workshop, "job_reassign", job.pk, get=True, htmx=True).status_code == 200
    hands = f"t{people.mechanics.pk}p{people.second_technician.pk}"
    missing = act(people.workshop, "job_reassign", job.pk, htmx=True, version=job.version, hands=hands, reason="")
    assert list(missing.context["form"].errors) == ["reason"]
    done = act(people.workshop, "job_reassign", job.pk, htmx=True, version=job.version, hands=hands, reason="请假")
    job.refresh_from_db()
    assert (done["HX-Redirect"], job.technician) == (reverse("workshop:dispatch"), people.second_technician)


def test_work_is_called_off_and_finished_for_somebody(people, act):
    first, second = job_of(people), job_of(people, JobState.RUNNING, OrderState.IN_PROGRESS)
    act(people.workshop, "job_cancel", first.pk, reason="客户改期")
    act(people.workshop, "job_finish_for", second.pk)
    assert [Job.objects.get(pk=one.pk).state for one in (first, second)] == ["cancelled", "finished"]


def test_labour_is_shared_in_percent(people, act):
    line = job_of(people, JobState.FINISHED, OrderState.INSPECTION).line
    parts = {
        "version": line.order.version, "person_0": people.technician.pk, "percent_0": "70",
        "person_1": people.second_technician.pk,
    }  # fmt: skip
    [begun, *_rest] = act(people.workshop, "line_split", line.pk, get=True).context["form"].rows()
    assert (begun[0].initial, begun[1].initial, begun[2]) == (str(people.technician.pk), "100", 60)
    wrong = act(people.workshop, "line_split", line.pk, **parts, percent_1="20")
    assert len(wrong.context["form"].non_field_errors()) == 1
    act(people.workshop, "line_split", line.pk, **parts, percent_1="30")
    assert {share.technician: str(share.share) for share in line.shares.all()} == {
        people.technician: "0.7000", people.second_technician: "0.3000",
    }  # fmt: skip


# ── Technician ───────────────────────────────────────────────────────────────────────────────────────────────────────
def test_three_touches_of_the_technician(people, act):
    job = job_of(people)
    states = []
    for name, body in (("job_start", {}), ("job_pause", {"reason": "meal"}), ("job_resume", {}), ("job_finish", {})):
        assert act(people.technician, name, job.pk, **body)["Location"] == reverse("workshop:my_jobs")
        job.refresh_from_db()
        states.append(job.state)
    assert states == ["running", "paused", "running", "finished"]
    assert set(job.self_checks.get().checklist.values()) == {True}


def test_a_refusal_is_said_on_the_page_before_and_nothing_changes(people, act):
    first, second = job_of(people), job_of(people)
    act(people.technician, "job_start", first.pk)
    refused = act(people.technician, "job_start", second.pk, htmx=True)
    second.refresh_from_db()
    assert (refused.status_code, second.state) == (422, "assigned")


def test_a_job_of_another_store_is_not_there(people, others, act):
    job = job_of(others)
    names = [("technician", "job_start"), ("workshop", "job_reassign"), ("workshop", "job_cancel")]
    assert [act(getattr(people, who), name, job.pk).status_code for who, name in names] == [404, 404, 404]


# ── Inspector ────────────────────────────────────────────────────────────────────────────────────────────────────────
def inspection_of(people, act, **said):
    order = job_of(people, JobState.FINISHED, OrderState.INSPECTION).order
    page = act(people.inspector, "inspection", order.pk, get=True)
    answered = {point.html_name: "fine" for point in page.context["form"].points()}
    answer = act(
        people.inspector, "inspection", order.pk, **{"version": order.version, **answered, "result": "passed", **said}
    )
    order.refresh_from_db()
    return order, answer


def test_a_car_that_is_in_order_becomes_ready(people, act):
    order, answer = inspection_of(people, act)
    assert (order.state, answer["Location"]) == (OrderState.READY, reverse("workshop:inspections"))


def test_a_point_left_out_is_said_at_the_check_list(people, act):
    order, answer = inspection_of(people, act, point_0="")
    [said] = answer.context["form"].non_field_errors()
    assert (order.state, POINTS["final"][0] in said) == (OrderState.INSPECTION, True)


def test_a_car_that_is_not_goes_back_to_work(people, act):
    order, _answer = inspection_of(
        people, act, result="failed", point_0="wrong", defects="渗油", responsible=people.technician.pk
    )
    assert order.state == OrderState.IN_PROGRESS


def test_a_comeback_is_decided_and_moves_to_the_other_tab(people, act):
    order = ComebackFactory(store=people.store, advisor=people.advisor)
    act(
        people.inspector, "comeback", order.pk, is_accepted="yes", responsibility="team", team=people.mechanics.pk,
        chosen_standard="other", standard="三十日内同一故障", original_line=order.original.lines.get().pk,
    )  # fmt: skip
    pages = [act(people.inspector, "comebacks", get=True, **query) for query in ({}, {"decided": "1"})]
    assert [page.context["page"].rows for page in pages] == [[], [order]]


def test_the_order_page_shows_what_the_workshop_knows(people, act):
    job = job_of(people, JobState.FINISHED, OrderState.INSPECTION)
    InspectionFactory(order=job.order, inspected_by=people.inspector, result="failed", defects="渗油")
    page = act(people.advisor, "order_jobs", job.order.pk, get=True, htmx=True)
    assert [card.job for card in page.context["works"]] == [job]
    assert "渗油" in page.content.decode()
    assert "<html" not in page.content.decode()


def test_a_check_is_due_once_work_was_done(people, act):
    fresh, worked_on = job_of(people), job_of(people, JobState.FINISHED, OrderState.IN_PROGRESS)
    pages = [act(people.advisor, "order_jobs", job.order.pk, get=True, htmx=True) for job in (fresh, worked_on)]
    assert [bool(page.context["due"]) for page in pages] == [False, True]


# ── Board ────────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("name", ["board", "wall", "lounge"])
def test_a_screen_that_saw_the_board_is_told_that_nothing_changed(people, act, client, name, monkeypatch, now):
    monkeypatch.setattr(timezone, "now", lambda: now)  # the minute is part of what the board shows
    job_of(people)
    first = act(people.advisor, name, get=True, htmx=True)
    again = client.get(reverse(f"workshop:{name}"), headers={"HX-Request": "true", "If-None-Match": first["ETag"]})
    job_of(people)
    changed = client.get(reverse(f"workshop:{name}"), headers={"HX-Request": "true", "If-None-Match": first["ETag"]})
    assert [(one.status_code, bool(one.content)) for one in (first, again, changed)] == [
        (200, True), (304, False), (200, True),
    ]  # fmt: skip


def test_the_page_and_its_refreshed_part_are_never_taken_for_each_other(people, act):
    page, part = (act(people.advisor, "board", get=True, htmx=htmx) for htmx in (False, True))
    assert page["ETag"] != part["ETag"]
    assert "HX-Request" in part["Vary"]


@pytest.mark.parametrize("cars", [1, 60])
def test_a_refresh_of_an_unchanged_board_costs_the_sign_in_and_two_small_queries(
    people, act, client, cars, django_assert_num_queries, monkeypatch, now
):
    monkeypatch.setattr(timezone, "now", lambda: now)
    for _ in range(cars):
        order_of(people)
    mark = act(people.advisor, "wall", get=True, htmx=True)["ETag"]
    with django_assert_num_queries(5):  # session, person, store, two fingerprints
        client.get(reverse("workshop:wall"), headers={"HX-Request": "true", "If-None-Match": mark})


def test_the_lounge_sees_no_plate_and_no_name(people, act):
    job = job_of(people, JobState.RUNNING, OrderState.IN_PROGRESS)
    shown = act(people.advisor, "lounge", get=True, htmx=True).content.decode()
    plate = job.order.vehicle.plate
    assert plate[:2] in shown
    private = [plate, job.technician.name, people.advisor.name, job.order.customer.name, job.order.number]
    assert [secret for secret in private if secret in shown] == []


def test_a_technician_sees_the_board_without_ways_into_the_orders(people, act):
    job_of(people)
    assert "/reception/" not in act(people.technician, "board", get=True, htmx=True).content.decode()


def test_a_group_role_chooses_the_store_and_a_foreign_store_is_not_there(people, others, act):
    job = job_of(others)
    page = act(people.group, "board", get=True, store=others.store.code)
    assert [one.order for column in page.context["columns"] for one in column.cars] == [job.order]
    assert act(people.advisor, "board", get=True, store=others.store.code).status_code == 404


# ── Supplies ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_consumables_are_entered_and_a_refusal_stands_at_its_field(people, act):
    body = {
        "team": people.mechanics.pk, "issued_on": timezone.localdate(), "articles-TOTAL_FORMS": 3,
        "articles-INITIAL_FORMS": 0, "articles-0-name": "清洗剂", "articles-0-quantity": 1, "articles-0-amount": "35",
        "articles-2-name": "砂纸", "articles-2-quantity": 10, "articles-2-amount": "12.50",
    }  # fmt: skip
    wrong = act(people.workshop, "consumable_new", **body | {"articles-2-amount": "-1"})
    right = act(people.workshop, "consumable_new", **body)
    assert [list(errors) for errors in wrong.context["articles"].errors] == [[], [], ["amount"]]
    known = list(ConsumableIssue.objects.order_by("id").values_list("name", "amount"))
    assert (right.status_code, known) == (302, [("清洗剂", Decimal("35.00")), ("砂纸", Decimal("12.50"))])


def test_a_deduction_goes_from_the_workshop_to_the_manager(people, act):
    today = timezone.localdate()
    act(people.workshop, "deduction_new", staff=people.technician.pk, deducted_on=today, hours="1", reason="漏检")
    deduction = HourDeduction.objects.get()
    assert list(act(people.manager, "deduction_approvals", get=True).context["deductions"]) == [deduction]
    act(people.manager, "deduction_approve", deduction.pk)
    other = HourDeductionFactory(staff=people.technician, entered_by=people.workshop)
    act(people.manager, "deduction_decline", other.pk, reason="责任不清")
    assert [bool(HourDeduction.objects.get(pk=one.pk).approved_at) for one in (deduction, other)] == [True, False]


@pytest.mark.parametrize(("name", "factory"), [("consumables", ConsumableIssueFactory), ("deductions", None)])
def test_lists_show_the_own_store_only(people, others, act, name, factory):
    make = factory or (lambda team: HourDeductionFactory(staff=team.positions.first().staff))
    own, _foreign = make(team=people.mechanics), make(team=others.mechanics)
    assert act(people.workshop, name, get=True, period="2026-10").context["page"].rows == [own]


def test_bays_are_entered_renamed_and_never_doubled(people, act):
    act(people.workshop, "bays", name="1 号", kind="mechanical")
    bay = Bay.objects.get()
    doubled = act(people.workshop, "bays", name="1 号", kind="mechanical")
    act(people.workshop, "bay", bay.pk, name="举升机 1", kind="mechanical")
    bay.refresh_from_db()
    assert (list(doubled.context["form"].errors), bay.name, bay.is_active) == (["name"], "举升机 1", False)


# ── First page ───────────────────────────────────────────────────────────────────────────────────────────────────────
def test_everybody_is_told_what_waits_for_them(people):
    order_of(people)
    job_of(people)
    job_of(people, JobState.FINISHED, OrderState.INSPECTION)
    ComebackFactory(store=people.store, advisor=people.advisor, state=OrderState.IN_PROGRESS, lines=0)
    HourDeductionFactory(staff=people.technician, entered_by=people.workshop)
    accident = job_of(people, JobState.FINISHED, OrderState.INSPECTION)
    accident.order.kind = "accident"
    accident.order.save()
    accident.clock_entries.update(was_forgotten=True)
    counts = {
        card.__name__: card_for(card, person, timezone.now()).count
        for card, person in [
            (cards.dispatch_card, people.workshop),
            (cards.my_jobs_card, people.technician),
            (cards.inspection_card, people.inspector),
            (cards.clock_card, people.workshop),
            (cards.team_check_card, people.second_technician),
            (cards.comeback_card, people.inspector),
            (cards.deduction_card, people.manager),
        ]
    }
    assert counts == {
        "dispatch_card": 1, "my_jobs_card": 1, "inspection_card": 2, "clock_card": 1,
        "team_check_card": 1, "comeback_card": 1, "deduction_card": 1,
    }  # fmt: skip


def test_cars_whose_promise_is_near_or_missed_are_told(people, now):
    for minutes in (-5, 20, 60):
        order_of(people, promised_at=now + timedelta(minutes=minutes))
    order_of(people, OrderState.READY, promised_at=now)
    assert card_for(cards.late_card, people.workshop, now).count == 2
