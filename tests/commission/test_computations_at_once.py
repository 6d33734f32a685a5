"""Many press at once and several workers come: one run."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from commission import actions
from commission.models import Computation, Run
from dealer_crm.access.roles import Role
from dealer_crm.organization.models import Staff, Store
from dealer_crm.values import Period
from tests.factories.organization import StaffFactory
from tests.factories.reception import MORNING
from tests.importing.workbooks import month_tables, take_in, written

SEPTEMBER = Period(2026, 9)


@pytest.mark.django_db(transaction=True)
def test_presses_and_workers_all_at_once_make_one_run():
    take_in(written(month_tables()))
    store = Store.objects.get()
    people = [StaffFactory(store=store, role=Role.FINANCE) for _person in range(4)]

    def press(person: Staff):
        try:
            ordered = actions.order_computation(store=store, period=SEPTEMBER, by=person, at=MORNING)
            return ordered.pk, actions.make_computation(computation_id=ordered.pk, at=MORNING)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(press, people))
    assert Run.objects.count() == 1
    assert Computation.objects.filter(state="made").count() == sum(made for _pk, made in done)
    assert len({pk for pk, _made in done}) == Computation.objects.count()
