"""Pay items and incentives: entered by payroll, refused where a month is closed, counted by four eyes."""

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commission import actions, queries
from commission.choices import RunState
from commission.models import Incentive, PayItem, PaySlip, Run
from dealer_crm.access.roles import Role
from dealer_crm.journal.models import Entry
from dealer_crm.notices.models import Notice
from dealer_crm.values import Refusal
from tests.factories import cast
from tests.factories.organization import StaffFactory
from tests.factories.reception import MORNING

FIRST = date(2026, 9, 1)


@pytest.fixture
def people(db):
    return cast.of_store()


def pay_of(person, by, kind="base", amount="5000", starts_on=FIRST, at=MORNING, **more):
    return actions.set_pay_item(
        staff=person, kind=kind, amount=Decimal(amount), starts_on=starts_on, by=by, at=at, **more
    )


def incentive(people, staff=None, amount="200", kind="daily", day=date(2026, 9, 12), by=None):
    staff = staff or people.manager
    return actions.add_incentive(
        store=staff.store, staff=staff, kind=kind, day=day, amount=Decimal(amount), reason="客户表扬信",
        by=by or people.finance, at=MORNING,
    )  # fmt: skip


def run_of(people, state=RunState.DRAFT, period="2026-09"):
    plan = actions.install_plan(store=people.store, at=MORNING)
    return Run.objects.create(
        store=people.store, period=period, plan_version=plan.versions.get(number=1), computed_at=MORNING, state=state,
        locked_at=MORNING if state == RunState.LOCKED else None,
    )  # fmt: skip


# ── Pay items ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_pay_item_holds_from_its_day_and_says_what_was_before(people):
    clerk, manager = people.finance, people.manager
    pay_of(manager, clerk, amount="5000", reason="入职定薪")
    pay_of(manager, clerk, amount="5500", starts_on=date(2026, 10, 1))
    pay_of(manager, clerk, amount="5600", starts_on=date(2026, 10, 1), reason="改正")  # the same day again
    ((kind, rows),) = queries.pay_item_history(manager, date(2026, 10, 12))
    assert kind == "base"
    assert [(str(row.amount), row.is_in_force) for row in rows] == [("5600.00", True), ("5000.00", False)]
    assert rows[0].reason.startswith("改正 · ")
    assert "5,500.00" in rows[0].reason
    journal = Entry.objects.filter(verb="pay_item.set").values_list("subject_label", "changes", "note")
    assert not any("5" in label or "5" in note or set(changes) != {"starts_on"} for label, changes, note in journal)


def test_what_cannot_be_a_pay_item_is_refused_beside_its_field(people):
    pay_of(people.manager, people.finance, amount="4000")
    for given, field in (
        ({"amount": "-1"}, "amount"),
        ({"kind": "certification", "amount": "5"}, "amount"),
        ({"kind": "certification", "amount": "1.5"}, "amount"),
        ({"starts_on": date(2019, 1, 1)}, "starts_on"),  # before the day of hire
        ({"amount": "4000"}, "amount"),  # holds already
    ):
        with pytest.raises(Refusal) as refused:
            pay_of(people.manager, people.finance, **given)
        assert refused.value.field == field


def test_nobody_sets_their_own_pay_nor_that_of_a_month_people_have_checked(people):
    refused = []

    def refuse(person, **given):
        with pytest.raises(Refusal) as stopped:
            pay_of(person, people.finance, **given)
        refused.append(stopped.value.code)

    refuse(people.finance)
    run_of(people)  # a draft is computed again
    pay_of(people.advisor, people.finance, amount="3000")
    Run.objects.update(state=RunState.REVIEWED)
    refuse(people.advisor)
    Run.objects.update(state=RunState.LOCKED, locked_at=MORNING)
    refuse(people.advisor, starts_on=date(2026, 9, 30))
    refuse(people.advisor, starts_on=date(2026, 8, 1))  # it would have held in September
    pay_of(people.advisor, people.finance, amount="3100", starts_on=date(2026, 10, 1))
    assert refused == ["own_pay", "run_reviewed", "locked", "locked"]


@pytest.mark.django_db(transaction=True)
def test_two_clerks_entering_one_item_at_once_keep_one_row():
    people = cast.of_store()
    other = StaffFactory(role=Role.FINANCE, store=people.store)
    gate, outcomes = threading.Barrier(2), []

    def enter(clerk, amount):
        gate.wait()
        try:
            outcomes.append(str(pay_of(people.agent, clerk, amount=amount).amount))
        except Exception as error:
            outcomes.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=enter, args=args) for args in ((people.finance, "3000"), (other, "3100"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["3000", "3100"]
    assert PayItem.objects.count() == 1


# ── Incentives ───────────────────────────────────────────────────────────────────────────────────────────────────────
def test_an_incentive_counts_by_four_eyes_and_is_told_to_whom_it_concerns(people):
    manager, director = people.manager, people.director
    first, second = incentive(people), incentive(people)
    assert Notice.objects.filter(recipient=director).count() == 2
    refused = []
    for incentive_, by in ((first, people.finance), (first, manager)):
        with pytest.raises(Refusal) as stopped:
            actions.approve_proposal(proposal=incentive_, by=by, at=MORNING)
        refused.append(stopped.value.code)
    actions.approve_proposal(proposal=first, by=director, at=MORNING)
    with pytest.raises(Refusal) as stopped:
        actions.decline_proposal(proposal=second, reason=" ", by=director, at=MORNING)
    assert stopped.value.field == "reason"
    actions.decline_proposal(proposal=second, reason="重复", by=director, at=MORNING)
    for again in (first, second):
        with pytest.raises(Refusal) as stopped:
            actions.approve_proposal(proposal=again, by=director, at=MORNING)
        refused.append(stopped.value.code)
    assert refused == ["four_eyes", "four_eyes", "decided", "decided"]
    assert Notice.objects.filter(recipient=manager).count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():  # whatever way it comes
        Incentive.objects.filter(pk=second.pk).update(declined_at=None, approved_at=MORNING)


def test_what_cannot_be_an_incentive_is_refused_beside_its_field(people):
    waiting = incentive(people)
    run_of(people, RunState.LOCKED)
    for given, told in (
        ({"amount": "0"}, ("amount", "")),
        ({"day": date(2026, 12, 1)}, ("day", "")),
        ({"by": people.manager}, ("staff", "own_pay")),
        ({}, ("day", "locked")),
    ):
        with pytest.raises(Refusal) as refused:
            incentive(people, **given)
        assert (refused.value.field, refused.value.code if told[1] else "") == told
    with pytest.raises(Refusal) as refused:
        actions.approve_proposal(proposal=waiting, by=people.director, at=MORNING)
    assert refused.value.code == "locked"


# ── Pages ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_an_incentive_goes_from_page_to_page(people, client):
    client.force_login(people.finance)
    page = reverse("commission:incentive_new")
    typed = {"staff": people.manager.pk, "kind": "daily", "day": "2026-09-12", "amount": "150", "reason": "表扬信"}
    assert list(client.post(page, typed | {"amount": "0"}).context["form"].errors) == ["amount"]
    client.post(page, typed)
    kept = Incentive.objects.get()
    client.force_login(people.director)
    assert reverse("commission:incentives") in client.get("/").content.decode()
    client.post(reverse("commission:incentive_decline", args=[kept.pk]), {"reason": "重复"})
    kept.refresh_from_db()
    assert (kept.declined_by, kept.decline_reason) == (people.director, "重复")
    shown = client.get(reverse("commission:incentives"), {"state": "declined"}).content.decode()
    assert "重复" in shown


def test_the_lists_ask_the_same_however_long_they_are(people, client):
    run, zeros = run_of(people, period="2026-08"), {}
    for part in ("base", "position", "skill", "allowance", "commission", "reward", "other", "total"):
        zeros[f"{part}_amount"] = 0
    client.force_login(people.finance)
    asked = {name: [] for name in ("pay", "pay_people", "incentives")}
    for number in (1, 29):
        for place in range(number):
            person = StaffFactory(role=Role.CASHIER, store=people.store)
            PayItem.objects.create(staff=person, kind="base", amount=place, starts_on=FIRST, entered_at=MORNING)
            Incentive.objects.create(store=people.store, staff=person, kind="daily", day=FIRST, amount=5, reason="表扬",
                                     entered_by=people.manager, entered_at=MORNING)  # fmt: skip
            PaySlip.objects.create(run=run, staff=person, **zeros)
        for name, found in asked.items():
            with CaptureQueriesContext(connection) as counted:
                assert client.get(reverse(f"commission:{name}"), {"period": "2026-08"}).status_code == 200
            found.append(len(counted))
    assert [found[0] - found[1] for found in asked.values()] == [0, 0, 0]
