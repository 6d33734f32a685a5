"""Lists and searches with a short and a long history, and against Django's stock admin; queries with few and many rows.

The pages are asked through the whole program (middleware, permissions, templates); the admin's change list of the same
orders with the same columns through Django's stock middleware only.
"""

import contextlib
from collections.abc import Iterator
from datetime import timedelta
from statistics import median

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from benchmarks.figures import AtLeast, AtMost, Figure, in_turns, ms

FULL_SIZE = 1_000_000
"""What the stock admin and LIKE take grows with the table, what the program takes does not: their bars hold here."""
WEEKS_AGO = 2_000
"""So many orders back lies the car that is asked for."""
STOCK_MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
# What people look at all day: name of the address, with the thing it is about, and what is asked.
LISTS = {
    "today board": ("reception:today", {}),
    "orders": ("reception:orders", {}),
    "orders delivered": ("reception:orders", {"state": "delivered"}),
    "orders of long ago": ("reception:orders", {"arrived_to": "{long_ago}"}),
    "orders by part of the plate": ("reception:orders", {"q": "{part}"}),
    "customers": ("reception:customers", {}),
    "vehicles": ("reception:vehicles", {}),
    "settlements": ("reception:settlements", {}),
    "callback queue": ("callback:queue", {}),
    "contacts": ("callback:contacts", {}),
    "complaints": ("complaints:list", {}),
}
SEARCHES = {
    "part of the plate": ("ui:search", {"q": "{part}"}),
    "last four digits": ("ui:search", {"q": "{tail}"}),
    "part of the name": ("ui:search", {"q": "{name}"}),
    "end of the VIN": ("ui:search", {"q": "{vin}"}),
}
DESK = {
    "first page": ("ui:home", {}),
    "order page": ("reception:order {order}", {}),
    "customer page": ("reception:customer {customer}", {}),
    "vehicle page": ("reception:vehicle {vehicle}", {}),
    "car at the gate": ("reception:intake", {"plate": "{plate}"}),
    "intake of a car": (
        "reception:intake",
        {"plate": "{plate}", "kind": "maintenance", "advisor": "{advisor}", "mileage": "{mileage}",
         "promised_at": "{promised}"},
    ),
}  # fmt: skip
REPORTS = {
    "dashboard": ("kpi:dashboard", {}),
    "CSI of the month": ("reporting:csi", {}),
}
"""These look back over two years: a history shorter than that would leave them less to count."""
POSTED = {"intake of a car"}
AT_THE_GATE = {"car at the gate", "intake of a car"}
"""Asked for by an advisor; everything else by the service manager."""


def measure(world) -> list[Figure]:
    return [*_short_and_long(world), *_stock_admin(world), *_substring(world), *_few_and_many(world)]


# ── Short and long history ───────────────────────────────────────────────────────────────────────────────────────────


def _short_and_long(world) -> list[Figure]:
    """Two databases asked in turns; the sum over the pages of one kind, and the worst single page."""
    figures = []
    for kind, known, short, turns in (
        ("list pages", LISTS, world.small, 5),
        ("searches", SEARCHES, world.small, 5),
        ("pages of the desk", DESK, world.small, 5),
        ("pages that look back two years", REPORTS, world.middle, 2),  # seconds each
    ):
        taken = _taken(world, known, (short, world.large), turns)
        few, many = map(sum, zip(*taken.values(), strict=True))
        ratios = {page: long / short for page, (short, long) in taken.items()}
        worst = max(ratios, key=ratios.get)
        title = f"{len(known)} {kind}, {world.orders:,} orders"
        figures += [
            Figure(title, ms(many), f"{world.orders_in(short):,} orders {ms(few)}", many / few, AtMost(1.2)),
            Figure(f"  the slowest to grow: {worst}", ms(taken[worst][1]), ms(taken[worst][0]), ratios[worst]),
        ]
    return figures


def _taken(world, known: dict, names: tuple[str, str], turns: int) -> dict[str, list[float]]:
    """Page → seconds in each of the databases. Many short turns: a neighbour on the machine slows both alike."""
    from django.db import connection

    pages = {}
    for name in names:
        world.use(name)
        pages[name] = _asked(_words(), known)
    taken = {page: {name: [] for name in names} for page in known}
    for _turn in range(turns):  # in turns by database: a connection is opened anew each time, which is not counted
        for name in names:
            world.use(name)
            for page, deed in pages[name].items():
                taken[page][name] += in_turns(deed, rounds=3)
    connection.close()
    return {page: [median(each[name]) for name in names] for page, each in taken.items()}


def _asked(words: dict[str, str], known: dict[str, tuple[str, dict]]) -> dict:
    """Page → a function that asks for it."""
    manager, advisor = _signed_in("manager"), _signed_in("advisor")
    asked = {}
    for page, (address, query) in known.items():
        name, *about = address.format(**words).split()
        given = {key: text.format(**words) for key, text in query.items()}
        client = advisor if page in AT_THE_GATE else manager
        asked[page] = _posting(client, name, given) if page in POSTED else _getting(client, name, about, given)
    return asked


def _getting(client, name: str, about: list[str], given: dict[str, str]):
    address, headers = reverse(name, args=about), {"hx-request": "true"} if name == "ui:search" else {}

    def ask():
        answer = client.get(address, given, headers=headers)
        assert answer.status_code == 200, (address, given, answer.status_code)

    return ask


def _posting(client, name: str, given: dict[str, str]):
    """What is written is taken back, so that the next one finds the same."""
    address = reverse(name)

    def ask():
        with transaction.atomic():
            answer = client.post(address, given)
            assert answer.status_code == 302, (address, given, answer.status_code)
            transaction.set_rollback(True)

    return ask


def _signed_in(username: str):
    from django.test import Client

    from dealer_crm.organization.models import Staff

    client = Client()
    client.force_login(Staff.objects.get(username=username), "django.contrib.auth.backends.ModelBackend")
    return client


def _words() -> dict[str, str]:
    """What is asked for: the same car of some weeks ago in both histories, and a day in the middle of each."""
    from dealer_crm.organization.models import Staff
    from reception.choices import OrderState
    from reception.models import RepairOrder

    orders = RepairOrder.objects.filter(store__staff__username="manager")
    middle = orders.order_by("id")[orders.count() // 2]
    delivered = orders.filter(state=OrderState.DELIVERED).select_related("vehicle", "customer")
    order = delivered.order_by("-arrived_at")[WEEKS_AGO]
    return {
        "long_ago": f"{middle.arrived_at:%Y-%m-%d}",
        "part": order.vehicle.plate[-5:],
        "tail": order.customer.phones.first().number[-4:],
        "name": order.customer.name[:2],
        "vin": order.vehicle.vin[-6:],
        "plate": order.vehicle.plate,
        "order": str(order.pk),
        "customer": str(order.customer_id),
        "vehicle": str(order.vehicle_id),
        "advisor": str(Staff.objects.get(username="advisor").pk),
        "mileage": str(order.vehicle.mileage + 10),
        "promised": f"{timezone.localtime() + timedelta(hours=3):%Y-%m-%dT%H:%M}",
    }


# ── Peers ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _stock_admin(world) -> list[Figure]:
    from django.contrib.admin import AdminSite, ModelAdmin
    from django.test import override_settings
    from django.urls import path

    from reception.models import RepairOrder

    class StockOrders(ModelAdmin):
        list_display = ("number", "kind", "state", "vehicle", "customer", "advisor", "arrived_at", "promised_at")
        list_per_page = 50
        search_fields = ("number", "vehicle__plate", "customer__name")

    site = AdminSite()
    site.register(RepairOrder, StockOrders)
    site.has_permission = lambda _request: True
    for right in ("view", "change", "add", "delete"):
        setattr(StockOrders, f"has_{right}_permission", lambda *_asked: True)
    StockOrders.has_module_permission = lambda *_asked: True
    world.use(world.large)
    words = _words()
    ours = _asked(words, LISTS)
    client = _signed_in("manager")
    addresses = type("Addresses", (), {"urlpatterns": [path("admin/", site.urls)]})

    def stock(query):
        def ask():
            with override_settings(ROOT_URLCONF=addresses, MIDDLEWARE=STOCK_MIDDLEWARE):
                client.handler._middleware_chain = None
                answer = client.get("/admin/reception/repairorder/", query)
            assert answer.status_code == 200, answer.status_code

        return ask

    middle = RepairOrder.objects.count() // StockOrders.list_per_page // 2
    figures, sums = [], [0.0, 0.0]
    for what, page, query in (
        ("newest orders", "orders", {}),
        ("orders from the middle of the history", "orders of long ago", {"p": middle}),
        ("orders found by a part of the plate", "orders by part of the plate", {"q": words["part"]}),
    ):
        mine, theirs = in_turns(ours[page], stock(query), rounds=5)
        sums = [sums[0] + mine, sums[1] + theirs]
        figures.append(Figure(f"  {what}", ms(mine), f"stock admin {ms(theirs)}", theirs / mine))
    mine, theirs = sums
    bar = AtLeast(10) if world.orders >= FULL_SIZE else None
    title = f"order list: these together, {world.orders:,} orders"
    return [*figures, Figure(title, ms(mine), f"stock admin {ms(theirs)}", theirs / mine, bar)]


def _substring(world) -> list[Figure]:
    """The question alone: which cars have this in their plate? Over the pieces, and with LIKE."""
    from django.db import connection

    from reception.models import Vehicle
    from reception.queries.search import containing

    world.use(world.large)
    part = _words()["part"]
    cars = Vehicle.objects.count()
    statement, values = containing(Vehicle.objects.all(), "plate", part).values_list("pk").query.sql_with_params()

    def ask(text, given):
        def run():
            with connection.connection.cursor() as cursor:
                cursor.execute(text, given)
                return cursor.fetchall()

        return run

    like = ask("SELECT id FROM reception_vehicle WHERE plate LIKE %s", [f"%{part}%"])
    over_pieces = ask(statement, values)
    assert sorted(like()) == sorted(over_pieces())
    mine, theirs = in_turns(over_pieces, like, rounds=21)
    bar = AtLeast(30) if world.orders >= FULL_SIZE else None
    return [Figure(f"part of a plate among {cars:,} cars", ms(mine), f"LIKE {ms(theirs)}", theirs / mine, bar)]


# ── Queries with few and many rows ───────────────────────────────────────────────────────────────────────────────────


def _few_and_many(world) -> list[Figure]:
    """Queries of each page with 10 and with 1 000 open cars, calls and complaints."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counted = {}
    with world.copy_of(world.small) as name:
        world.use(name)
        pages = _asked(_words(), LISTS | SEARCHES)
        for rows in (10, 1000):
            with _with_open_rows(rows):
                for page, ask in pages.items():
                    ask()
                    with CaptureQueriesContext(connection) as asked:
                        ask()
                    counted.setdefault(page, []).append(len(asked))
        connection.close()
    grown = [page for page, (few, many) in counted.items() if few != many]
    most = max(counted, key=lambda page: counted[page][1])
    return [
        Figure("pages whose queries grow from 10 to 1000 rows", f"{len(grown)} of {len(counted)}", ", ".join(grown),
               len(grown), AtMost(0)),
        Figure(f"most queries of a page: {most}", str(counted[most][1]), "", counted[most][1], AtMost(12)),
    ]  # fmt: skip


@contextlib.contextmanager
def _with_open_rows(count: int) -> Iterator[None]:
    """So many cars in the shop, open calls and open complaints; as before afterwards."""

    from callback.choices import TaskState
    from callback.models import CallTask
    from complaints.choices import ComplaintState
    from complaints.models import Complaint
    from reception.choices import OrderState
    from reception.models import RepairOrder

    with transaction.atomic():
        delivered = RepairOrder.objects.filter(state=OrderState.DELIVERED).order_by("-id").values("pk")[:count]
        RepairOrder.objects.filter(pk__in=list(delivered.values_list("pk", flat=True))).update(
            state=OrderState.IN_PROGRESS, delivered_at=None, settled_at=None
        )
        finished = list(
            CallTask.objects.filter(done_at__isnull=False).order_by("-id").values_list("pk", flat=True)[:count]
        )
        CallTask.objects.filter(pk__in=finished).update(state=TaskState.OPEN, done_at=None)
        closed = list(Complaint.objects.order_by("-id").values_list("pk", flat=True)[:count])
        Complaint.objects.filter(pk__in=closed).update(state=ComplaintState.RECORDED, closed_at=None)
        try:
            yield
        finally:
            transaction.set_rollback(True)
