"""Fifty screens show the progress board of two hundred cars and ask again every twenty seconds.

A board that is made, against one that another screen had made and one that has not changed; and what a minute of all
screens costs.
"""

from benchmarks.figures import AtLeast, AtMost, Figure, in_turns, ms

SCREENS, CARS, EVERY_SECONDS = 50, 200, 20


def measure(world) -> list[Figure]:
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from dealer_crm.organization.models import Staff

    with world.copy_of(world.small) as name:
        world.use(name)
        _fill_the_shop()
        screen = Client()
        screen.force_login(Staff.objects.get(username="workshop"), "django.contrib.auth.backends.ModelBackend")
        address = reverse("workshop:wall")

        def ask(etag=""):
            headers = {"hx-request": "true"} | ({"if-none-match": etag} if etag else {})
            return screen.get(address, headers=headers)

        def counted(etag=""):
            with CaptureQueriesContext(connection) as asked:
                answer = ask(etag)
            return answer, len(asked)

        def make():
            cache.clear()
            return ask()

        cache.clear()
        full, queries_full = counted()
        _given, queries_given = counted()
        unchanged, queries_unchanged = counted(full["ETag"])
        if unchanged.status_code == 200:  # the minute has just changed
            full = unchanged
            unchanged, queries_unchanged = counted(full["ETag"])
        etag = full["ETag"]
        seconds_full, seconds_unchanged = in_turns(make, lambda: ask(etag))
        seconds_given, _unchanged = in_turns(ask, lambda: ask(etag))
        answers = [ask(etag).status_code for _screen in range(SCREENS)]
        connection.close()
    # Within a minute each screen asks three times, and the remaining times on it change once: one screen has it made.
    polls = SCREENS * 60 // EVERY_SECONDS
    minute = seconds_full + (SCREENS - 1) * seconds_given + (polls - SCREENS) * seconds_unchanged
    kilobytes = (SCREENS * len(full.content) + (polls - SCREENS) * len(unchanged.content)) // 1024
    return [
        Figure(f"board of {CARS} cars: queries", str(queries_full), "", queries_full, AtMost(12)),
        Figure("board made for another screen: queries", str(queries_given), "", queries_given, AtMost(6)),
        Figure("board unchanged: queries", str(queries_unchanged), "", queries_unchanged, AtMost(6)),
        Figure("board: bytes", f"{len(unchanged.content)} unchanged", f"{len(full.content) // 1024} KB in full"),
        Figure("board: time", f"{ms(seconds_unchanged)} when unchanged, {ms(seconds_given)} when shared",
               f"{ms(seconds_full)} when made",
               seconds_full / seconds_unchanged, AtLeast(5)),
        Figure(f"{SCREENS} polls of an unchanged board answered 304", f"{answers.count(304)} of {SCREENS}", "",
               answers.count(304) / SCREENS, AtLeast(0.9)),
        Figure(f"a minute of {SCREENS} screens, {kilobytes} KB", ms(minute),
               f"always made anew {ms(polls * seconds_full)}",
               polls * seconds_full / minute),
    ]  # fmt: skip


def _fill_the_shop() -> None:
    """Two hundred cars in the shop, each with two jobs."""
    from django.utils import timezone

    from dealer_crm.access.roles import Role
    from dealer_crm.organization.models import Staff
    from reception.choices import IN_SHOP, OrderState
    from reception.models import RepairOrder
    from workshop.choices import JobState
    from workshop.models import Job

    store = Staff.objects.get(username="workshop").store
    there = RepairOrder.objects.filter(store=store, state__in=IN_SHOP).count()
    delivered = RepairOrder.objects.filter(store=store, state=OrderState.DELIVERED).order_by("-id")
    chosen = list(delivered.values_list("pk", flat=True)[: CARS - there])
    RepairOrder.objects.filter(pk__in=chosen).update(state=OrderState.IN_PROGRESS, delivered_at=None, settled_at=None)
    team = store.teams.order_by("pk").first()
    technicians = list(Staff.objects.with_role(Role.TECHNICIAN).filter(store=store))
    Job.objects.bulk_create(
        Job(order_id=pk, name=f"作业{place}", state=JobState.ASSIGNED, team=team, assigned_at=timezone.now(),
            technician=technicians[(pk + place) % len(technicians)])
        for pk in chosen
        for place in (1, 2)
    )  # fmt: skip
