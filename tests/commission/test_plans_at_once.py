"""Two people at the plans of one store at the same moment."""

import threading

import pytest
from django.db import connection

from commission import actions
from commission.models import PlanVersion
from dealer_crm.values import Refusal
from tests.factories import cast
from tests.factories.reception import MORNING


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_get_drafts_of_their_own_and_approve_one_for_a_month():
    people = cast.of_store()
    actions.install_plan(store=people.store, at=MORNING)
    first = PlanVersion.objects.get(number=1)

    def at_once(*deeds):
        gate, outcomes = threading.Barrier(len(deeds)), []

        def do(deed):
            gate.wait()
            try:
                outcomes.append(deed().number)
            except Refusal as refusal:
                outcomes.append(refusal.code)
            finally:
                connection.close()

        threads = [threading.Thread(target=do, args=[deed]) for deed in deeds]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return outcomes

    made = at_once(*[lambda: actions.draft_version(source=first, by=people.finance, at=MORNING)] * 2)
    assert sorted(made) == [3, 4]
    third, fourth = PlanVersion.objects.filter(number__in=made).order_by("number")
    assert third.starts_period == fourth.starts_period
    approved = at_once(
        *[
            lambda version=version: actions.approve_version(
                version=version, by=people.director, at=MORNING, without_dry_run=True
            )
            for version in (third, fourth)
        ]
    )
    assert len({3, 4} & set(approved)) == 1
    assert "start_taken" in approved
