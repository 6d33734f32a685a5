"""Locks are taken from the order down to its jobs, always in this sequence, so that two people never wait in a ring."""

from django.utils.translation import gettext as _

from dealer_crm.values import Stale
from reception.models import RepairOrder
from workshop.models import Job


def locked_order(*, order: RepairOrder, expected_version: int | None = None) -> RepairOrder:
    """The order as it is now, locked. Raises Stale when the caller has seen an older version."""
    order = RepairOrder.objects.select_for_update(of=("self",)).select_related("store").get(pk=order.pk)
    if expected_version is not None and order.version != expected_version:
        raise Stale(_("Order %(order)s was changed in the meantime; load it again.") % {"order": order.number})
    return order


def locked_job(*, job: Job, expected_version: int | None = None) -> Job:
    """The job as it is now, locked together with its order (`job.order`)."""
    order = locked_order(order=job.order)
    job = Job.objects.select_for_update(of=("self",)).select_related("team", "technician", "bay", "line").get(pk=job.pk)
    job.order = order
    if expected_version is not None and job.version != expected_version:
        raise Stale(_("%(job)s was changed in the meantime; load it again.") % {"job": job})
    return job
