"""Computing long months out of sight of the page. Source: spec `commission.md` (A month's run: progress).

Asked for first, then made by whoever comes: a worker, its sweep, or the waiting page itself. Each month is computed in
one transaction, so that a worker that dies leaves the month as it was and the next one begins it again.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import OperationalError, transaction
from django.utils.translation import gettext as _

from commission.actions.runs import compute_run
from commission.models import Computation
from commission.queries import claimable_computations
from dealer_crm.organization.models import Staff, Store
from dealer_crm.reporting.choices import ReportState
from dealer_crm.values import Period, Refusal

log = logging.getLogger(__name__)

MOST_TRIES = 3
"""What fails for a reason of ours is tried this often, then left to people."""


@transaction.atomic
def order_computation(*, store: Store, period: Period, by: Staff, at: datetime) -> Computation:
    """Ask for a month to be computed. Asked for by two at once it is one and the same."""
    ordered, _was_new = Computation.objects.get_or_create(
        store=store, period=str(period), state=ReportState.OWED, defaults={"asked_by": by, "asked_at": at}
    )
    return ordered


def make_computation(
    *, computation_id: int, at: datetime, progress: Callable[[int, str], None] | None = None
) -> Computation | None:
    """Compute one that was asked for, unless somebody else is at it. None: nothing was done now."""
    with transaction.atomic():
        owed = claimable_computations(at).select_for_update(of=("self",), skip_locked=True)
        ordered = owed.select_related("store", "asked_by").filter(pk=computation_id).first()
        if ordered is None:
            return None
        ordered.claimed_at, ordered.tries = at, ordered.tries + 1
        ordered.save(update_fields=["claimed_at", "tries"])
    try:
        with transaction.atomic():
            ordered.run = compute_run(
                store=ordered.store, period=Period.parse(ordered.period), by=ordered.asked_by, at=at, progress=progress
            )
            ordered.state, ordered.ended_at = ReportState.MADE, at
            ordered.save(update_fields=["run", "state", "ended_at"])
    except OperationalError:
        raise  # the database went away: the claim lapses and whoever comes next begins again
    except Refusal as refusal:
        _end(ordered, str(refusal.message), [str(detail) for detail in refusal.details], at)
    except Exception:
        log.exception("computation %s failed", ordered.pk)
        if ordered.tries < MOST_TRIES:
            Computation.objects.filter(pk=ordered.pk, state=ReportState.OWED).update(claimed_at=None)
            return None
        _end(ordered, _("The program failed on it."), [], at)
    return ordered


def _end(ordered: Computation, failure: str, details: list[str], at: datetime) -> None:
    ordered.run, ordered.state, ordered.ended_at = None, ReportState.FAILED, at
    ordered.failure, ordered.details = failure[:300], details
    ordered.save(update_fields=["run", "state", "ended_at", "failure", "details"])
