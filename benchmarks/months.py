"""A store's month: its measures and its pay, against the SQL they need.

The bare SQL of a figure is what its queries ask, issued once more over psycopg2 with the rows thrown away: nothing can
be faster that asks the same questions. For the month's output there is also the one aggregate a person would write.
"""

from benchmarks.figures import AtMost, Figure, in_turns, ms

STORES = 100
AGGREGATE = """
SELECT s.payer, count(DISTINCT o.id), sum(s.amount)
  FROM reception_settlement t
  JOIN reception_repairorder o ON o.id = t.order_id
  JOIN reception_settlementamount s ON s.settlement_id = t.id
 WHERE o.store_id = %(store)s AND t.settled_at >= %(start)s AND t.settled_at < %(end)s AND t.reversed_at IS NULL
 GROUP BY s.payer
"""


def measure(world) -> list[Figure]:
    from django.db.models import Count, Sum

    from commission.formulas.month import compute_month
    from commission.formulas.plan import SHIPPED
    from commission.queries import measures_of, month_facts
    from dealer_crm.kpi.queries import month_measures
    from dealer_crm.organization.models import Store
    from dealer_crm.values import Period
    from reception.models import SettlementAmount

    world.use(world.large)
    store = Store.objects.order_by("code").first()
    period = _last_whole_month(store)
    start, end = period.bounds(store.tz)

    def aggregate():
        return list(
            SettlementAmount.objects.filter(
                settlement__order__store=store, settlement__settled_at__gte=start, settlement__settled_at__lt=end,
                settlement__reversed_at=None,
            )
            .values("payer").annotate(orders=Count("settlement__order", distinct=True), total=Sum("amount")).order_by()
        )  # fmt: skip

    def pay():
        return compute_month(month_facts(store, period, measures_of(SHIPPED)), SHIPPED)

    assert Period.of(start) == period
    orders = len(month_facts(store, period, measures_of(SHIPPED)).orders)
    figures = []
    bare = _statement(AGGREGATE, {"store": store.pk, "start": start, "end": end})
    ours, theirs = in_turns(aggregate, bare)
    figures.append(
        Figure("month aggregate: settled money by payer", ms(ours), f"psql {ms(theirs)}", ours / theirs, AtMost(2))
    )
    for what, work, limit in (
        (
            f"facts of a store's month ({orders} orders)",
            lambda: month_facts(store, period, measures_of(SHIPPED)),
            AtMost(3),
        ),
        ("pay of the month, computed", pay, AtMost(3)),
        ("catalogue of measures of the month", lambda: month_measures(store, period), AtMost(3)),
    ):
        statements = asked_by(work)
        ours, theirs = in_turns(work, again(statements), rounds=7)
        peer = f"its {len(statements)} statements {ms(theirs)}"
        figures.append(Figure(what, ms(ours), peer, ours / theirs, limit))
    return figures + _kept_months(store, period)


def _kept_months(store, period) -> list[Figure]:
    """What reads kept months alone: the dashboard of a month with its year's trend, and a hundred stores side by side
    over twelve months. Each against the statements it asks, and against one month of one store out of its source."""
    from django.db import transaction

    from dealer_crm.kpi.actions import count_month
    from dealer_crm.kpi.models import Fact, FactMonth
    from dealer_crm.kpi.queries import FIRST_SHOWN, compared_stores, source_numbers, spans_of_months, tiles
    from dealer_crm.organization.models import Store
    from dealer_crm.organization.queries import figures_asked_once

    at = period.next().bounds(store.tz)[1]
    with transaction.atomic():
        count_month(store=store, period=period, at=at)
        pattern = list(
            Fact.objects.filter(month__store=store, month__period=str(period)).values_list(
                "part", "cut", "day", "number"
            )
        )
        stores = Store.objects.bulk_create(Store(code=f"BENCH{number:03}", name="") for number in range(STORES))
        months = FactMonth.objects.bulk_create(
            FactMonth(store=one, period=str(period.shifted(-back)), made_at=at) for one in stores for back in range(13)
        )
        whole = [row for row in pattern if row[2] is None]
        Fact.objects.bulk_create(
            (Fact(month=one, part=part, cut=cut, day=day, number=number)
             for one in months for part, cut, day, number in whole),
            batch_size=5000,
        )  # fmt: skip

        @figures_asked_once()
        def dashboard():
            return [(tile.tone, tile.spark) for tile in tiles(stores[0], period, at, with_trend=True)]

        def side_by_side():
            return [row.spark for row in compared_stores(stores, period, FIRST_SHOWN, months=12).rows]

        figures = []
        for what, work, limit in (
            (f"dashboard of a month and its year, kept ({13 * len(whole):,} numbers)", dashboard, AtMost(10)),
            (f"a year of {STORES} stores side by side ({len(months) * len(whole):,} kept)", side_by_side, AtMost(10)),
        ):
            statements = asked_by(work)
            ours, bare, counted = in_turns(
                work,
                again(statements),
                lambda: source_numbers(store, spans_of_months(store, [period], at)),
                rounds=5,
            )
            figures.append(Figure(what, ms(ours), f"its {len(statements)} statements {ms(bare)}", ours / bare, limit))
            figures.append(
                Figure(what, ms(ours), f"one store's month counted {ms(counted)}", ours / counted, AtMost(1))
            )
        transaction.set_rollback(True)
    return figures


def _last_whole_month(store):
    from dealer_crm.values import Period
    from reception.models import RepairOrder

    last = RepairOrder.objects.filter(store=store, settled_at__isnull=False).order_by("-settled_at").first()
    return Period.of(last.settled_at.astimezone(store.tz)).previous()


def asked_by(work) -> list[str]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        work()
    return [query["sql"] for query in asked.captured_queries]


def again(statements: list[str]):
    from django.db import connection

    def run():
        with connection.connection.cursor() as cursor:  # psycopg2's own, without Django's wrapping
            for statement in statements:
                cursor.execute(statement)
                cursor.fetchall()

    return run


def _statement(text: str, values: dict):
    from django.db import connection

    def run():
        with connection.connection.cursor() as cursor:
            cursor.execute(text, values)
            return cursor.fetchall()

    return run
