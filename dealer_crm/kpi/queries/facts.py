"""The orders a month's figures are counted from, as the formulas are told about them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import reduce
from itertools import groupby
from operator import itemgetter, or_

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from dealer_crm.organization.models import Store
from dealer_crm.values import Period
from reception.choices import PAYING, OrderKind
from reception.formulas.facts import AssessmentFact, LineFact, OrderFact, ReceiptFact, SettlementFact
from reception.models import (
    AccidentAssessment,
    OrderLine,
    Receipt,
    RepairOrder,
    Settlement,
    SettlementAmount,
)

WAITING_MONTHS = 12


def touched_orders(store: Store, *periods: Period) -> QuerySet[RepairOrder]:
    """The orders of which something happened in one of the months that can move money or hours."""

    def moment(field: str) -> Q:
        return _any(Q(**{f"{field}__gte": start, f"{field}__lt": end}) for start, end in bounds)

    def day(field: str) -> Q:
        return _any(Q(**{f"{field}__range": (period.first_day, period.last_day)}) for period in periods)

    bounds = [period.bounds(store.tz) for period in periods]
    settlements = Settlement.objects.filter(order__store=store)
    parts = [
        RepairOrder.objects.filter(moment("completed_at"), store=store).values("pk"),
        settlements.filter(moment("settled_at")).values("order"),
        settlements.filter(moment("reversed_at")).values("order"),
        Receipt.objects.filter(day("received_on"), order__store=store).values("order"),
        AccidentAssessment.objects.filter(day("assessed_on") | day("released_on"), order__store=store).values("order"),
    ]
    return RepairOrder.objects.filter(pk__in=parts[0].union(*parts[1:]))


def order_facts(orders: QuerySet[RepairOrder], store: Store) -> list[OrderFact]:
    """The orders as the formulas are told about them: four queries, however many orders."""
    rows = list(
        orders.order_by("number").values_list(
            "pk", "number", "kind", "advisor__work_number", "arrived_at", "completed_at",
            "assessment__pk", "assessment__assessed_amount", "assessment__assessed_on", "assessment__released_on",
        )
    )  # fmt: skip
    ids = _as_one([row[0] for row in rows])
    lines = _lines_by_order(ids)
    receipts = _grouped(
        Receipt.objects.filter(order__in=ids).values_list(
            "order", "number", "payer", "received_on", "amount", "accessory_amount"
        ),
        lambda number, payer, day, amount, accessory: ReceiptFact(number, payer, day, amount, accessory),
    )
    settlements = _grouped(
        Settlement.objects.filter(order__in=ids)
        .order_by("pk")
        .values_list("order", "number", "settled_at", "reversed_at", "lines", "costs"),
        lambda number, settled, reversed_at, frozen, costs: SettlementFact(
            number,
            _day(settled, store),
            _day(reversed_at, store),
            None if reversed_at is None else tuple(line_fact(line, costs) for line in frozen),
        ),
    )
    return [
        OrderFact(
            number,
            kind,
            advisor,
            _day(arrived, store),
            _day(completed, store),
            tuple(lines.get(pk, ())),
            tuple(settlements.get(pk, ())),
            tuple(receipts.get(pk, ())),
            AssessmentFact(*assessment) if assessment_pk else None,
        )
        for pk, number, kind, advisor, arrived, completed, assessment_pk, *assessment in rows
    ]


def waiting_orders(store: Store, period: Period) -> QuerySet[RepairOrder]:
    """Orders taken in before the month's end that were still unsettled, unpaid or not assessed when it ended.

    Looked for among the orders of the last `WAITING_MONTHS` months; what is older is a receivable to be pursued, no
    month's carry-over.
    """
    _start, end = period.bounds(store.tz)
    earliest, _end = period.shifted(-WAITING_MONTHS).bounds(store.tz)
    last = period.last_day
    due = (
        SettlementAmount.objects.filter(
            settlement__order=OuterRef("pk"), settlement__reversed_at=None, payer__in=PAYING
        )
        .values("settlement__order")
        .values(total=Sum("amount"))
    )
    received = (
        Receipt.objects.filter(order=OuterRef("pk"), received_on__lte=last).values("order").values(total=Sum("amount"))
    )
    return (
        RepairOrder.objects.filter(store=store, arrived_at__gte=earliest, arrived_at__lt=end, cancelled_at=None)
        .annotate(due=Coalesce(Subquery(due), Decimal(0)), received=Coalesce(Subquery(received), Decimal(0)))
        .filter(
            Q(settled_at=None)
            | Q(settled_at__gte=end)
            | Q(due__gt=F("received"))
            | Q(kind=OrderKind.ACCIDENT) & ~Q(assessment__assessed_on__lte=last, assessment__released_on__lte=last)
        )
        .order_by()
    )


def line_fact(frozen: dict, costs: Mapping[str, str]) -> LineFact:
    """A line as a settlement froze it (`reception.queries.frozen_line`), with what it cost when that was reversed."""
    cost = costs.get(str(frozen["number"]))
    return LineFact(
        number=str(frozen["number"]),
        kind=frozen["kind"],
        payer=frozen["payer"],
        quantity=Decimal(frozen["quantity"]),
        unit_price=Decimal(frozen["unit_price"]),
        discount_rate=Decimal(frozen["discount_rate"]),
        payable=Decimal(frozen["payable_amount"]),
        team=frozen["team"] or None,
        technicians=tuple(sorted((share["technician_number"], Decimal(share["share"])) for share in frozen["shares"])),
        seller=frozen["seller_number"] or None,
        is_installed=frozen["is_installed"],
        installation_team=frozen["installation_team"] or None,
        name=frozen["name"],
        unit_cost=None if cost is None else Decimal(cost),
    )


def _any(conditions: Iterable[Q]) -> Q:
    return reduce(or_, conditions)


def _as_one(ids: list[int]) -> RawSQL:
    """The ids as one array: thousands of single parameters cost more than the rows they ask for."""
    return RawSQL("SELECT unnest(%s::bigint[])", [ids])  # the program's own numbers, and bound as a parameter


def _lines_by_order(ids: RawSQL) -> dict[int, list[LineFact]]:
    rows = OrderLine.objects.filter(order__in=ids).order_by("order", "number")
    rows = rows.values_list(
        "order", "pk", "number", "kind", "payer", "quantity", "unit_price", "discount_rate", "payable_amount",
        "team__name", "seller__work_number", "is_installed", "installation_team__name", "name", "unit_cost",
        "shares__technician__work_number", "shares__share",
    )  # fmt: skip
    lines = defaultdict(list)
    for _pk, shared in groupby(rows, key=itemgetter(1)):  # a line shared by two technicians comes twice
        row, *more = shared
        order, _pk, number, kind, payer, quantity, price, discount, payable, *who, name, cost = row[:-2]
        team, seller, installed, fitters = who
        shares = tuple(sorted(one[-2:] for one in (row, *more) if one[-2] is not None))
        lines[order].append(
            LineFact(
                str(number), kind, payer, quantity, price, discount, payable,
                team, shares, seller, installed, fitters, name, cost,
            )
        )  # fmt: skip
    return lines


def _grouped(rows: Iterable[tuple], make) -> dict[int, list]:
    groups = defaultdict(list)
    for order, *values in rows:
        groups[order].append(make(*values))
    return groups


def _day(moment, store: Store):
    return moment.astimezone(store.tz).date() if moment else None
