"""A month's pay of a hundred stores, ordered at once and computed by several workers.

Each worker is a process of its own that takes what nobody else works on, as the program's do; one worker alone is the
peer. A store without its run, or computed twice, is a broken promise whatever the speed.
"""

import multiprocessing
import os
import time

from benchmarks.figures import AtLeast, AtMost, Figure

ROUNDS = 2


def measure(world) -> list[Figure]:
    from django.db import connection
    from django.utils import timezone

    from commission.models import Computation, Run
    from commission.queries import missing_for
    from dealer_crm.organization.models import Store
    from dealer_crm.values import Period

    at, workers = timezone.now(), max(2, os.cpu_count() or 2)
    with world.copy_of(world.stores) as name:
        world.use(name)
        stores = list(Store.objects.order_by("code"))
        period = Period.of(at, stores[0].tz).previous()
        for store in stores:
            assert (missing := missing_for(store, period)) == [], [one.sentence for one in missing]
        taken: dict[int, list[float]] = {1: [], workers: []}
        wrong = 0
        for _round in range(ROUNDS):
            for count, seconds in taken.items():
                asked = _order(stores, period, at)
                seconds.append(_race(count, at))
                made = Computation.objects.filter(pk__in=asked, state="made")
                wrong += len(stores) - made.count() + abs(len(stores) - Run.objects.filter(period=str(period)).count())
                wrong += made.exclude(tries=1).count()
        connection.close()
    alone, together = min(taken[1]), min(taken[workers])
    return [
        Figure(f"pay of {len(stores)} stores: months missing or computed twice", str(wrong), "", wrong, AtMost(0)),
        Figure(f"pay of {len(stores)} stores by {workers} workers", f"{together:.1f} s", f"one worker {alone:.1f} s",
               alone / together, AtLeast(1.2)),
    ]  # fmt: skip


def _order(stores, period, at) -> list[int]:
    from commission.actions import order_computation
    from dealer_crm.organization.models import Staff

    people = {person.store_id: person for person in Staff.objects.exclude(store=None)}
    return [order_computation(store=store, period=period, by=people[store.pk], at=at).pk for store in stores]


def _race(count: int, at) -> float:
    """Seconds until nothing is left to do for so many workers."""
    from django.db import connection

    connection.close()
    fork = multiprocessing.get_context("fork")
    start = fork.Barrier(count + 1)

    def run():
        from commission.actions import make_computation
        from commission.queries import claimable_computations

        connection.ensure_connection()
        start.wait()
        while owed := list(claimable_computations(at).values_list("pk", flat=True)[:count]):
            for pk in owed:
                make_computation(computation_id=pk, at=at)
        connection.close()

    people = [fork.Process(target=run) for _worker in range(count)]
    for one in people:
        one.start()
    start.wait()
    began = time.perf_counter()
    for one in people:
        one.join()
    return time.perf_counter() - began
