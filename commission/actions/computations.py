"""Computing long months out of sight of the page. Source: spec `commission.md` (A month's run: progress).

Asked for first, then made by whoever comes: a worker, its sweep, or the waiting page itself. Each month is computed in
one transaction, so that a worker that dies leaves the month as it was and the next one begins it again.
"""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from commission.actions.runs import compute_run
from commission.models import Computation
from commission.queries import claimable_computations
from dealer_crm.organization.models import Staff, Store
from dealer_crm.reporting.actions import make_owed
from dealer_crm.reporting.choices import ReportState
from dealer_crm.values import Period


@transaction.atomic
def order_computation(*, store: Store, period: Period, by: Staff, at: datetime) -> Computation:
    """Ask for a month to be computed. Asked for by two at once it is one and the same."""
    ordered, _was_new = Computation.objects.get_or_create(
        store=store, period=str(period), state=ReportState.OWED, defaults={"asked_by": by, "asked_at": at}
    )
    return ordered


def make_computation(*, computation_id: int, at: datetime, progress: Callable[[int, str], None] | None = None) -> bool:
    """Compute one that was asked for, unless somebody else is at it. Returns whether it was computed now."""

    def compute(ordered: Computation) -> None:
        ordered.run = compute_run(
            store=ordered.store, period=Period.parse(ordered.period), by=ordered.asked_by, at=at, progress=progress
        )
        ordered.state, ordered.claimed_at, ordered.failure = ReportState.MADE, None, ""
        ordered.save(update_fields=["run", "state", "claimed_at", "failure"])

    owed = claimable_computations(at).select_related("store", "asked_by")
    return make_owed(owed=owed, pk=computation_id, at=at, work=compute)
