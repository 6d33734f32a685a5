"""Saved questions about customers and their cars (分类), asked anew each time they are shown."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery, Sum

from dealer_crm.organization.models import Staff, Store
from dealer_crm.values import Period
from reception.choices import Payer
from reception.models import Customer, Segment, SettlementAmount, Vehicle
from reception.queries.classes import dormant_before

# Nobody reads further; beyond it the count is "10,000+".
COUNTED = 10_000


@dataclass(frozen=True)
class Criteria:
    """What a segment asks for; empty means "any". Everything said about a car must be true of one and the same car.

    `spent_from`, `spent_to`: CNY the customer owed by settlements that stand, of the last `spent_months` months (None:
    ever). `is_dormant`: only cars without a visit for long, or only the others. Texts match any part.
    """

    kinds: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    value_classes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    area: str = ""
    brand: str = ""
    model: str = ""
    purchased_from: date | None = None
    purchased_to: date | None = None
    visited_from: date | None = None
    visited_to: date | None = None
    mileage_from: int | None = None
    mileage_to: int | None = None
    spent_from: Decimal | None = None
    spent_to: Decimal | None = None
    spent_months: int | None = None
    is_dormant: bool | None = None

    @classmethod
    def of(cls, stored: dict) -> "Criteria":
        """From the JSON a segment keeps. What a former version kept and this one does not know is left out."""
        return cls(
            **{
                field.name: _READ.get(field.name, lambda same: same)(value)
                for field in fields(cls)
                if (value := stored.get(field.name)) not in (None, "", [])
            }
        )

    def stored(self) -> dict:
        """The JSON form: only what is asked for."""
        return {field.name: _plain(value) for field in fields(self) if (value := getattr(self, field.name)) not in _ANY}

    @property
    def about_cars(self) -> bool:
        names = ("brand", "model", "purchased_from", "purchased_to", "visited_from", "visited_to", "mileage_from",
                 "mileage_to", "is_dormant")  # fmt: skip
        return any(getattr(self, name) not in _ANY for name in names)


_ANY = (None, "", ())
# How what JSON has no word for is read back.
_READ = {
    **dict.fromkeys(("kinds", "levels", "value_classes", "tags"), tuple),
    **dict.fromkeys(("purchased_from", "purchased_to", "visited_from", "visited_to"), date.fromisoformat),
    **dict.fromkeys(("spent_from", "spent_to"), Decimal),
}


def _plain(value):
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else list(value) if isinstance(value, tuple) else value


def segments_visible_to(staff: Staff):
    return Segment.objects.visible_to(staff).select_related("store", "made_by").order_by("store", "name")


def customers_in(segment: Segment, *, at: datetime):
    """The customers a segment means now; for its page, its export and campaigns."""
    return customers_matching(segment.store, Criteria.of(segment.criteria), at=at)


def customers_matching(store: Store, criteria: Criteria, *, at: datetime):
    """Customers at home in a store (so that no two stores call the same one) who answer to the criteria."""
    rows = Customer.objects.standing().filter(store=store)
    for name, asked in (("kind", criteria.kinds), ("level", criteria.levels), ("value_class", criteria.value_classes)):
        if asked:
            rows = rows.filter(**{f"{name}__in": asked})
    if criteria.tags:
        rows = rows.filter(tags__overlap=list(criteria.tags))
    if criteria.area:
        rows = rows.filter(Q(area__icontains=criteria.area) | Q(address__icontains=criteria.area))
    if criteria.about_cars:
        rows = rows.filter(Exists(_cars(store, criteria, at).filter(owner=OuterRef("pk"))))
    if criteria.spent_from is not None or criteria.spent_to is not None:
        rows = _by_spending(rows, store, criteria, at)
    return rows


def count_up_to(rows, most: int = COUNTED) -> int:
    """How many rows there are; `most` + 1 means more than anybody counts."""
    return rows.order_by()[: most + 1].count()


def rows_shown(customers):
    """Customers with what a row of the list shows: phones, cars, the `last_visit_at` of any of them."""
    seen = Vehicle.objects.standing().filter(owner=OuterRef("pk"), last_visit_at__isnull=False)
    last = seen.order_by("-last_visit_at").values("last_visit_at")[:1]
    cars = Vehicle.objects.standing().only("plate", "brand", "series", "owner_id").order_by("-id")
    return customers.annotate(last_visit_at=Subquery(last)).prefetch_related("phones", Prefetch("vehicles", cars))


def counts_of(segments: Iterable[Segment], at: datetime) -> list[tuple[Segment, int]]:
    """Each segment with its count."""
    return [(segment, count_up_to(customers_in(segment, at=at))) for segment in segments]


def _cars(store: Store, criteria: Criteria, at: datetime):
    cars = Vehicle.objects.standing()
    if criteria.brand:
        cars = cars.filter(brand__iexact=criteria.brand)
    if criteria.model:
        cars = cars.filter(Q(series__icontains=criteria.model) | Q(model__icontains=criteria.model))
    if criteria.is_dormant is not None:
        before = dormant_before(store, at)
        cars = cars.dormant(before) if criteria.is_dormant else cars.active(before)
    ranges = {
        "purchased_on__gte": criteria.purchased_from,
        "purchased_on__lte": criteria.purchased_to,
        "last_visit_at__gte": criteria.visited_from and _begin(criteria.visited_from, store),
        "last_visit_at__lt": criteria.visited_to and _begin(criteria.visited_to + timedelta(days=1), store),
        "mileage__gte": criteria.mileage_from,
        "mileage__lte": criteria.mileage_to,
    }
    return cars.filter(**{name: value for name, value in ranges.items() if value is not None})


def _by_spending(rows, store: Store, criteria: Criteria, at: datetime):
    paid = SettlementAmount.objects.filter(
        payer=Payer.CUSTOMER, settlement__reversed_at=None, settlement__order__store=store
    )
    if criteria.spent_months:
        since = Period.of(at, store.tz).shifted(1 - criteria.spent_months).bounds(store.tz)[0]
        paid = paid.filter(settlement__settled_at__gte=since)
    sums = paid.order_by().values("settlement__order__customer").annotate(sum=Sum("amount"))
    if criteria.spent_to is not None:
        more = sums.filter(sum__gt=criteria.spent_to).values("settlement__order__customer")
        rows = rows.exclude(pk__in=more)
    if criteria.spent_from:
        rows = rows.filter(pk__in=sums.filter(sum__gte=criteria.spent_from).values("settlement__order__customer"))
    return rows


def _begin(day: date, store: Store) -> datetime:
    return datetime.combine(day, time.min, store.tz)
