"""A long month is computed by whoever comes, once, while the page shows how far it has come."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commission import actions
from commission.models import Computation, Run
from commission.queries import missing_for
from commission.tasks import compute_month, compute_owed_months
from dealer_crm.access.roles import Role
from dealer_crm.organization.models import Store
from dealer_crm.reporting.queries import LEASE
from dealer_crm.values import Period
from tests.factories.organization import StaffFactory

SEPTEMBER, EMPTY = Period(2026, 9), Period(2027, 3)


@pytest.fixture
def payroll(example_month):
    return StaffFactory(store=Store.objects.get(), role=Role.FINANCE)


@pytest.fixture
def long_months(monkeypatch):
    monkeypatch.setattr("commission.queries.computations.SHORT", -1)


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.mark.django_db
def test_a_worker_computes_it_and_the_page_leads_on_to_the_run(
    payroll, long_months, django_capture_on_commit_callbacks
):
    client, address = signed_in(payroll), reverse("commission:run_compute")
    pages = [client.post(address, {"period": "2026-09"}).url for _press in range(2)]
    assert len(set(pages)) == 1 == Computation.objects.count()
    assert "正在核算" in client.get(pages[0]).content.decode()
    told = []
    actions.make_computation(
        computation_id=Computation.objects.get().pk, at=timezone.now(), progress=lambda *said: told.append(said)
    )
    assert [percent for percent, _text in told] == sorted({percent for percent, _text in told}) and len(told) > 2
    run = Run.objects.get(period="2026-09")
    assert client.get(pages[0]).url == reverse("commission:run", args=[run.pk])
    assert client.get(pages[0], headers={"hx-request": "true"})["HX-Redirect"] == reverse(
        "commission:run", args=[run.pk]
    )


@pytest.mark.django_db
def test_what_is_missing_is_said_on_the_page_that_waited(payroll, long_months):
    client = signed_in(payroll)
    page = client.post(reverse("commission:run_compute"), {"period": str(EMPTY)}).url
    compute_month(Computation.objects.get().pk)
    answer = client.get(page)
    missing = missing_for(payroll.store, EMPTY)
    assert answer.status_code == 409 and missing and not Run.objects.exists()
    assert [one.sentence for one in missing if one.sentence not in answer.content.decode()] == []


@pytest.mark.django_db
def test_a_worker_that_died_is_followed_by_the_next_after_its_lease(payroll, long_months):
    at = timezone.now()
    ordered = actions.order_computation(store=payroll.store, period=SEPTEMBER, by=payroll, at=at)
    Computation.objects.update(claimed_at=at, tries=1)
    compute_owed_months()
    assert not Run.objects.exists()
    Computation.objects.update(claimed_at=at - LEASE - timedelta(seconds=1))
    compute_owed_months()
    ordered.refresh_from_db()
    assert ordered.run == Run.objects.get()


@pytest.mark.django_db
def test_a_fault_of_ours_is_tried_again_and_then_left_to_people(payroll, monkeypatch):
    monkeypatch.setattr("commission.actions.computations.compute_run", lambda **_told: 1 / 0)
    ordered = actions.order_computation(store=payroll.store, period=SEPTEMBER, by=payroll, at=timezone.now())
    for _try in range(5):
        actions.make_computation(computation_id=ordered.pk, at=timezone.now())
    ordered.refresh_from_db()
    assert (ordered.state, ordered.tries, bool(ordered.failure)) == ("failed", 3, True)
