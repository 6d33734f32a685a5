"""Locks are taken from the order down to its jobs, always in this sequence, so that two people never wait in a ring.

The order's lock is the reception's.
"""

from dealer_crm.journal.queries import refuse_stale
from reception.actions.locking import locked_order
from workshop.models import Job

__all__ = ["locked_job", "locked_order"]


def locked_job(*, job: Job, expected_version: int | None = None) -> Job:
    """The job as it is now, locked together with its order (`job.order`). Raises Stale."""
    order = locked_order(job.order)
    job = Job.objects.select_for_update(of=("self",)).select_related("team", "technician", "bay", "line").get(pk=job.pk)
    job.order = order
    refuse_stale(job, expected_version)
    return job
