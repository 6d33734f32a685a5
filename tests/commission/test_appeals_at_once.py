"""Two members of a committee, or a person and the station manager, at the same moment."""

import threading
from decimal import Decimal

import pytest
from django.db import connection

from commission import actions
from commission.choices import AppealState, RunState
from commission.models import Adjustment, AppealVote, Dispute, PayAppeal, PlanVersion, Run, Statement, StatementLine
from dealer_crm.values import Refusal
from tests.factories import cast
from tests.factories.reception import MORNING


def at_once(*deeds) -> list:
    gate, outcomes = threading.Barrier(len(deeds)), []

    def do(deed):
        gate.wait()
        try:
            deed()
            outcomes.append("")
        except Refusal as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


@pytest.mark.django_db(transaction=True)
def test_two_votes_at_once_decide_once_and_a_line_is_disputed_or_approved():
    people = cast.of_store()
    actions.install_plan(store=people.store, at=MORNING)
    version = PlanVersion.objects.get(number=1)
    run = Run.objects.create(
        store=people.store, period="2026-09", plan_version=version, computed_at=MORNING, state=RunState.REVIEWED,
        reviewed_by=people.manager, reviewed_at=MORNING,
    )  # fmt: skip
    slip = Statement.objects.create(run=run, staff=people.advisor, gross_amount=0, net_amount=0)
    line = StatementLine.objects.create(
        run=run, statement=slip, position=1, item="A.share", name="X", amount=0, explanation={}
    )
    outcomes = at_once(
        lambda: actions.dispute_line(line=line, text="不对", by=people.advisor, at=MORNING),
        lambda: actions.approve_run(run=run, by=people.director, at=MORNING),
    )
    run.refresh_from_db()
    assert outcomes in (["", "dispute_open"], ["", "wrong_state"])
    assert Dispute.objects.exists() == (run.state == RunState.REVIEWED)
    Dispute.objects.all().delete()
    if run.state == RunState.REVIEWED:
        actions.approve_run(run=run, by=people.director, at=MORNING)
    actions.lock_run(run=run, by=people.finance, at=MORNING)
    appeal = PayAppeal.objects.create(
        statement=slip, staff=people.advisor, text="漏计", appealed_at=MORNING, decide_by=MORNING.date()
    )
    members = (people.manager, people.director)
    AppealVote.objects.bulk_create(AppealVote(appeal=appeal, member=member, named_at=MORNING) for member in members)
    votes = at_once(
        *[
            lambda member=member: actions.vote_on_appeal(
                appeal=appeal, amount=Decimal(50), reasons="属实", by=member, at=MORNING
            )
            for member in members
        ]
    )
    appeal.refresh_from_db()
    assert votes == ["", ""]
    assert (appeal.state, Adjustment.objects.get().amount) == (AppealState.GRANTED, 50)
