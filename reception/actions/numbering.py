"""Running numbers that stay unique however many people open orders at the same time."""

from datetime import datetime

from django.db import connection, models

from dealer_crm.organization.models import Store
from reception.formulas.identity import running_number
from reception.models import NumberSeries

ORDER, SETTLEMENT, RECEIPT, CUSTOMER, AGREEMENT, APPOINTMENT = "", "JS", "SK", "KH", "XY", "YY"


def next_number(*, model: type[models.Model], field: str, prefix: str, store: Store, at: datetime) -> str:
    """The next free number of a store's day. Numbers that came in by workbook are stepped over.

    The counter's row stays locked until the transaction ends, so ask for a number last. A number given to a
    transaction that fails is lost: gaps are allowed, doubles are not.
    """
    day = at.astimezone(store.tz).date()
    while True:
        number = running_number(prefix=prefix, store_code=store.code, day=day, last=_counted_up(store, day, prefix))
        if not model.objects.filter(**{field: number}).exists():
            return number


def _counted_up(store: Store, day, series: str) -> int:
    table = connection.ops.quote_name(NumberSeries._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS series (store_id, day, series, last) VALUES (%s, %s, %s, 1) "  # noqa: S608
            "ON CONFLICT (store_id, day, series) DO UPDATE SET last = series.last + 1 RETURNING last",
            [store.pk, day, series],
        )
        return cursor.fetchone()[0]
