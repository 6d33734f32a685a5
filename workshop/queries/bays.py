"""Bays, and the cars in them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from dealer_crm.organization.models import Store
from workshop import formulas
from workshop.choices import IN_HAND, JobState
from workshop.models import Bay, Job

STANDING = (JobState.RUNNING, JobState.PAUSED)
"""Jobs whose car stands in the bay; one that is only given out may still wait in the yard."""


@dataclass(frozen=True)
class UsedBay:
    """A bay with the jobs given into it, one for each car, those begun first."""

    bay: Bay
    jobs: list[Job] = field(default_factory=list)

    @property
    def standing(self) -> Job | None:
        return next((job for job in self.jobs if job.state in STANDING), None)

    @property
    def coming(self) -> list[Job]:
        return [job for job in self.jobs if job is not self.standing]


def bays_with_cars(store: Store) -> list[UsedBay]:
    """Every bay of the store with its cars. Two queries."""
    jobs = Job.objects.filter(bay__store=store, state__in=IN_HAND).select_related("order__vehicle", "technician")
    return used_bays(Bay.objects.filter(store=store), jobs)


def used_bays(bays: Iterable[Bay], jobs: Iterable[Job]) -> list[UsedBay]:
    """The bays with the jobs that were given into them, 2 before 10."""
    found = defaultdict(dict)
    for job in sorted(jobs, key=lambda one: (one.state not in STANDING, one.pk)):
        found[job.bay_id].setdefault(job.order_id, job)
    in_order = sorted(bays, key=lambda one: (not one.is_active, formulas.by_number(one.name)))
    return [UsedBay(bay, list(found[bay.pk].values())) for bay in in_order]


def car_standing_in(bay: Bay, *, other_than_order: int) -> Job | None:
    """Another car that is being worked on, or waits half done, in a bay."""
    jobs = Job.objects.filter(bay=bay, state__in=STANDING).exclude(order=other_than_order)
    return jobs.select_related("order__vehicle").first()
