"""Temporary coefficients: asked for by the workshop, approved by the station manager, paid by the day. Rule C."""

import json
import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commission import actions, queries
from commission.choices import ChangeState, RunState
from commission.formulas import (
    SHIPPED,
    CoefficientChangeFact,
    compute_month,
    from_json,
    recompute,
    sentence,
    to_json,
)
from commission.formulas.people import members
from commission.models import CoefficientChange, Run
from dealer_crm.access.roles import Role
from dealer_crm.journal.models import Entry
from dealer_crm.notices.models import Notice
from dealer_crm.organization.choices import Post
from dealer_crm.organization.models import Position
from dealer_crm.values import Refusal
from tests.commission.small_month import (
    THE_TENTH,
    d,
    labour,
    month,
    order,
    paid,
    person,
    position,
    sep,
    technician,
)
from tests.factories import cast
from tests.factories.organization import StaffFactory
from tests.factories.reception import MORNING

TRIO = (technician("T01", "1.2"), technician("T02", "1.0"), technician("T03", "0.8"))


# ── By the day ───────────────────────────────────────────────────────────────────────────────────────────────────────
def change(coefficient="1.4", first=None, last=None, *, staff="T03", team="机电一组", approved=True):
    return CoefficientChangeFact(staff, team, d(coefficient), approved, "带徒", first, last)


def pay(*changes, staff=TRIO):
    """3 900 hours' worth: 200 h × 120 ÷ 1.17 × 18 % = 3 692.31, shared by 1.2, 1.0, 0.8."""
    work = order("GD81-1", lines=(labour(195),), completed_on=THE_TENTH, settled=None)
    return compute_month(month(work, staff=staff, coefficient_changes=changes), SHIPPED)


@pytest.mark.parametrize(
    ("changes", "weights"),
    [
        pytest.param((), (36, 30, 24), id="none"),
        pytest.param((change(),), (36, 30, 42), id="the whole month"),
        pytest.param((change("1.4", sep(1), sep(15)),), (36, 30, 33), id="half of it"),
        pytest.param((change("1.4", sep(30), sep(30)),), (36, 30, "24.6"), id="one day"),
        pytest.param((change("0.5", sep(1), sep(10)), change("1.1", sep(21), sep(30))), (36, 30, 24), id="two of them"),
        pytest.param((change("1.4", sep(1), sep(15), approved=False),), (36, 30, 24), id="not approved"),
        pytest.param((change("1.4", sep(1), sep(15), team="钣喷一组"),), (36, 30, 24), id="in another team"),
        pytest.param(
            (change("0.9", sep(16), sep(30), staff="T01"), change("1.4")), ("31.5", 30, 42), id="of two people"
        ),
    ],
)
def test_a_temporary_coefficient_counts_by_the_day(changes, weights):
    facts = month(staff=TRIO, coefficient_changes=changes)
    assert [member.weight for member in members(facts, lambda held: True, probation_shares=True)] == [
        d(weight) for weight in weights
    ]


def test_who_leaves_or_moves_keeps_it_for_the_days_in_the_team_only():
    leaver = technician("T03", "0.8", left_on=sep(10))
    mover = person(
        "T03",
        "",
        positions=[
            position("technician", "0.8", "机电一组"),
            position("technician", "1", "钣喷一组", starts_on=sep(11)),
        ],
    )
    changes = (change("1.4", sep(6), sep(20)),)
    for staff in (leaver, mover):
        facts = month(staff=(staff,), coefficient_changes=changes)
        [member] = members(facts, lambda held: held.team == "机电一组", probation_shares=True)
        assert (member.weight, member.days) == (5 * d("0.8") + 5 * d("1.4"), 10)


def test_the_statement_says_which_coefficient_held_on_which_days_and_why():
    result = pay(change("1.4", sep(1), sep(15)))
    assert paid(result) == {"T01": "1309.09", "T02": "1090.91", "T03": "1200.00"}
    [own], [colleague] = result.of("T03"), result.of("T01")
    template, params = sentence(own.explanation)
    assert template % params == (
        "The pool of 3,600.00 is shared by coefficient and days. By approved temporary coefficients "
        "(09-01 – 09-15 带徒) yours comes to (1.4 × 15 + 0.8 × 15) ÷ 30; your part is 1.1 of 3.3: 1,200.00."
    )
    told = [(value.label, str(value.value)) for value in colleague.explanation.values if "colleague" in value.name]
    assert told == [("T03 09-01 – 09-15", "1.4")]  # whose and how much, but not why
    for line in result.lines:
        assert recompute(from_json(json.loads(json.dumps(to_json(line.explanation))))) == line.amount


# ── Asking and deciding ──────────────────────────────────────────────────────────────────────────────────────────────
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 15)
ASKED = {"starts_on": FIRST, "ends_on": LAST, "coefficient": Decimal("1.3"), "reason": "带两名新学徒"}


@pytest.fixture
def people(db):
    return cast.of_store()


def ask(people, **given):
    given = {"staff": people.technician, "by": people.workshop, "at": MORNING} | ASKED | given
    return actions.ask_for_change(**given)


def refused(deed, /, **arguments):
    """The field or code a deed is refused with."""
    with pytest.raises(Refusal) as found:
        deed(**arguments)
    return found.value.code if found.value.code not in ("", "refused", None) else found.value.field


@pytest.fixture
def run_in(people):
    def made(state, period="2026-11"):
        version = actions.install_plan(store=people.store, at=MORNING).versions.get(number=1)
        return Run.objects.create(
            store=people.store, period=period, plan_version=version, computed_at=MORNING, state=state,
            locked_at=MORNING if state == RunState.LOCKED else None,
        )  # fmt: skip

    return made


def test_what_cannot_be_asked_for_is_refused_with_the_place_to_mend_it(people, run_in):
    run_in(RunState.LOCKED, "2026-10")
    newcomer = StaffFactory(role=Role.TECHNICIAN, team=people.mechanics, hired_on=date(2026, 11, 5), name="新人")
    leaver = StaffFactory(role=Role.TECHNICIAN, team=people.mechanics, left_on=date(2026, 11, 10), name="离职者")
    mover = StaffFactory(role=Role.TECHNICIAN, team=people.mechanics, name="调组者")
    Position.objects.create(
        staff=mover, store=people.store, post=Post.TECHNICIAN, team=people.painters, starts_on=date(2026, 11, 8),
        coefficient=1,
    )  # fmt: skip
    foreman = people.second_technician  # leads the mechanics
    others = cast.of_second_store()
    approved = ask(people, staff=foreman, starts_on=FIRST, ends_on=FIRST)
    actions.approve_change(change=approved, by=people.director, at=MORNING)
    ask(people)
    cases = [
        ({"ends_on": FIRST - timedelta(days=1)}, "ends_on"),
        ({"ends_on": date(2026, 12, 1)}, "ends_on"),
        ({"coefficient": Decimal("0.05")}, "coefficient"),
        ({"coefficient": Decimal("3.001")}, "coefficient"),
        ({"coefficient": Decimal(1)}, "coefficient"),  # what it is anyway
        ({"reason": "  "}, "reason"),
        ({"starts_on": date(2026, 10, 20), "ends_on": date(2026, 10, 31)}, "locked"),
        ({"staff": newcomer}, "starts_on"),
        ({"staff": leaver}, "ends_on"),
        ({"staff": mover}, "no_team"),
        ({"staff": people.advisor}, "no_team"),
        ({"staff": people.workshop}, "own_change"),
        ({"staff": foreman, "by": foreman}, "own_change"),
        ({"by": people.technician, "staff": foreman}, "not_own_team"),  # no leader
        ({"by": others.workshop}, "not_own_team"),
        ({"staff": foreman}, "overlap"),
        ({}, "asked_already"),
    ]
    assert [refused(ask, people=people, **given) for given, _why in cases] == [why for _given, why in cases]
    assert ask(people, by=foreman, ends_on=FIRST).team == people.mechanics  # a leader asks for the own team


def test_it_goes_from_asked_to_decided_and_everybody_concerned_is_told(people, run_in):
    waiting = ask(people)
    declined, withdrawn = ask(people, ends_on=FIRST), ask(people, starts_on=LAST)
    assert list(queries.coefficients_to_decide(people.director)) == [waiting, declined, withdrawn]
    assert refused(actions.approve_change, change=waiting, by=people.workshop, at=MORNING) == "four_eyes"
    assert refused(actions.approve_change, change=waiting, by=people.technician, at=MORNING) == "four_eyes"
    assert refused(actions.decline_change, change=declined, reason=" ", by=people.director, at=MORNING) == "reason"
    actions.decline_change(change=declined, reason="带徒费另计", by=people.director, at=MORNING)
    with pytest.raises(Refusal):
        actions.withdraw_change(change=withdrawn, by=people.director, at=MORNING)
    actions.withdraw_change(change=withdrawn, by=people.workshop, at=MORNING)
    run = run_in(RunState.REVIEWED)
    assert refused(actions.approve_change, change=waiting, by=people.director, at=MORNING) == "run_reviewed"
    run.delete()
    actions.approve_change(change=waiting, by=people.director, at=MORNING)
    for deed in (actions.approve_change, actions.withdraw_change):
        assert refused(deed, change=waiting, by=people.director, at=MORNING) == "decided"
    actions.revoke_change(change=waiting, reason="徒弟已调走", by=people.director, at=MORNING)
    ask(people, coefficient=Decimal("1.2"))  # the days are free again
    told = Notice.objects.filter(key__contains=f":{waiting.pk}:").order_by("id").values_list("recipient__name", "key")
    assert sorted((name, key.rpartition(":")[2]) for name, key in told) == sorted(
        [
            (people.director.name, "asked"),
            *(
                (person.name, state)
                for person in (people.technician, people.workshop)
                for state in ("approved", "revoked")
            ),
        ]
    )
    verbs = Entry.objects.filter(subject_type="commission.coefficientchange", subject_id=str(waiting.pk))
    assert list(verbs.order_by("id").values_list("verb", flat=True)) == [
        "coefficient.asked",
        "coefficient.approved",
        "coefficient.revoked",
    ]


@pytest.mark.django_db(transaction=True)
def test_two_approvals_at_once_never_give_one_day_two_coefficients(people):
    both = [ask(people), ask(people, starts_on=date(2026, 11, 10), ends_on=date(2026, 11, 30))]
    gate, outcomes = threading.Barrier(2), []

    def approve(one):
        gate.wait()
        try:
            actions.approve_change(change=one, by=people.director, at=MORNING)
            outcomes.append("approved")
        except Refusal as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=approve, args=[one]) for one in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["approved", "overlap"]
    with pytest.raises(IntegrityError), transaction.atomic():  # whatever way it comes
        CoefficientChange.objects.update(state=ChangeState.APPROVED, decided_by=people.director, decided_at=MORNING)


# ── Pages and addresses ──────────────────────────────────────────────────────────────────────────────────────────────
def test_the_supervisor_asks_the_director_approves_and_the_technician_reads_it(people, client):
    client.force_login(people.workshop)
    page = reverse("commission:coefficient_ask")
    typed = {"staff": people.technician.pk, **ASKED, "coefficient": "9"}
    answer = client.post(page, typed)
    assert list(answer.context["form"].errors) == ["coefficient"]
    answer = client.post(page, typed | {"coefficient": "1.3"})
    kept = CoefficientChange.objects.get()
    assert answer.url == reverse("commission:coefficient", args=[kept.pk])
    client.force_login(people.director)
    assert answer.url in client.get("/").content.decode()
    client.post(reverse("commission:coefficient_approve", args=[kept.pk]))
    kept.refresh_from_db()
    assert (kept.state, kept.decided_by) == (ChangeState.APPROVED, people.director)
    client.force_login(people.technician)
    assert "带两名新学徒" in client.get(reverse("commission:coefficients")).content.decode()
    colleague = StaffFactory(role=Role.TECHNICIAN, team=people.mechanics)
    client.force_login(colleague)
    assert client.get(answer.url).status_code == 404
    client.force_login(people.second_technician)  # their leader
    assert client.get(answer.url).status_code == 200


def test_the_list_costs_the_same_with_many_rows(people, client):
    client.force_login(people.director)

    def cost():
        with CaptureQueriesContext(
            connection,
        ) as counted:
            client.get(reverse("commission:coefficients"))
        return len(counted)

    ask(people)
    cost()
    one = cost()
    for day in range(1, 30):
        ask(people, starts_on=date(2026, 11, day), ends_on=date(2026, 11, day + 1))
    assert cost() == one


def test_the_api_answers_the_same_refusals(people, client):
    client.force_login(people.workshop)
    body = {key: str(value) for key, value in ASKED.items()} | {"work_number": people.technician.work_number}
    address = reverse("coefficient-change-list")

    def post(url, **given):
        return client.post(url, json.dumps(given), content_type="application/json")

    made = post(address, **body)
    assert (made.status_code, made.json()["state"]) == (201, "asked")
    again = post(address, **body)
    assert (again.status_code, again.json()["type"]) == (409, "urn:dealer-crm:problem:asked_already")
    client.force_login(people.director)
    detail = reverse("coefficient-change-approve", args=[made.json()["id"]])
    assert post(detail).json()["state"] == "approved"
    assert post(detail).json()["type"] == "urn:dealer-crm:problem:decided"
