"""What was agreed with a customer, what is left of it, and what their level and points give."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import CharField, Count, Exists, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Cast, Coalesce

from dealer_crm.access.permissions import Permission
from dealer_crm.journal.models import Entry
from dealer_crm.organization.models import Staff, Store
from reception.choices import EDITABLE, AgreementState, CustomerLevel, OrderState
from reception.formulas.agreements import AGREEMENT, MEMBERSHIP, CoveredItem, Terms
from reception.formulas.responses import Response
from reception.models import (
    Agreement,
    AgreementItem,
    AgreementUse,
    Customer,
    CustomerClass,
    MembershipTerms,
    OrderLine,
    PointsEntry,
    RepairOrder,
    Settlement,
    Vehicle,
)
from reception.queries.classes import classes_of

_NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class ItemLeft:
    """A covered item: `used` by settlements, `left` to be used (None: any number of times)."""

    item: AgreementItem
    used: int
    left: int | None


@dataclass(frozen=True)
class Standing:
    """An agreement with what is left of it. `balance` in CNY, None where nothing was prepaid."""

    agreement: Agreement
    items: tuple[ItemLeft, ...]
    balance: Decimal | None

    def is_low(self, *, times: int, rate: Decimal) -> bool:
        """Running out: a counted item at `times` or fewer, or no more than `rate` of the prepaid amount."""
        few = any(one.left is not None and one.left <= min(times, one.item.times - 1) for one in self.items)
        return few or (self.balance is not None and self.balance <= self.agreement.prepaid_amount * rate)


# ── Lists and pages ──────────────────────────────────────────────────────────────────────────────────────────────────
def agreements_visible_to(staff: Staff):
    """Agreements for a list or a page, with the names a row shows."""
    return Agreement.objects.visible_to(staff).select_related("customer", "store", "made_by", "approved_by")


def agreements_to_approve(staff: Staff):
    """Drafts that wait for somebody other than who made them."""
    drafts = agreements_visible_to(staff).filter(state=AgreementState.DRAFT)
    return drafts.exclude(made_by=staff).order_by("made_at")


def vehicles_to_cover(customer: Customer):
    """The cars an agreement with this customer may name."""
    return Vehicle.objects.standing().filter(owner=customer).order_by("plate")


def uses_of(agreement: Agreement):
    """Everything that was taken out or put back, newest first."""
    return agreement.uses.select_related("item", "settlement__order__vehicle").order_by("-id")


# ── How fast it was answered ─────────────────────────────────────────────────────────────────────────────────────────
RESPONSES = 50
"""So many of the newest visits are shown and counted."""


@dataclass(frozen=True)
class Answered:
    """A visit under an agreement, how long its car waited for work to begin, and whether that was as promised."""

    order: RepairOrder
    took: timedelta | None
    is_kept: bool | None


def responses(agreement: Agreement, at: datetime) -> list[Answered]:
    """The newest visits of the cars an agreement covers, against the response time it promises."""
    if agreement.response_hours is None or agreement.approved_at is None:
        return []
    tz = agreement.store.tz
    first = datetime.combine(agreement.starts_on, time.min, tz)
    until = min(datetime.combine(agreement.ends_on + timedelta(days=1), time.min, tz), agreement.ended_at or at, at)
    named = Vehicle.objects.filter(agreements=agreement)
    covered = Q(vehicle__in=named) if named.exists() else Q(vehicle__owner=agreement.customer_id)
    begun = Entry.objects.filter(
        subject_type=RepairOrder._meta.label_lower, subject_id=Cast(OuterRef("pk"), CharField()),
        verb="repair_order.started",
    ).order_by("id")  # fmt: skip
    visits = (
        RepairOrder.objects.of_store(agreement.store)
        .filter(covered, arrived_at__gte=first, arrived_at__lte=until)
        .exclude(state__in=[OrderState.DRAFT, OrderState.CANCELLED])
        .select_related("vehicle")
        .annotate(begun_at=Subquery(begun.values("at")[:1]))
        .order_by("-arrived_at", "-pk")[:RESPONSES]
    )
    return [_answered(order, agreement.response_hours, at) for order in visits]


def _answered(order: RepairOrder, hours: int, at: datetime) -> Answered:
    is_over = order.completed_at is not None or order.settled_at is not None or order.delivered_at is not None
    response = Response(order.arrived_at, hours, order.begun_at, is_over)
    return Answered(order, response.took(at), response.is_kept(at))


# ── What is left ─────────────────────────────────────────────────────────────────────────────────────────────────────
def standings(agreements: Iterable[Agreement]) -> list[Standing]:
    """What is left of each, in their order; two queries however many there are."""
    agreements = list(agreements)
    uses = AgreementUse.objects.filter(agreement__in=agreements).order_by()
    sums = list(uses.values("agreement", "item").annotate(times=Sum("times"), amount=Sum("amount")))
    used = {row["item"]: row["times"] for row in sums if row["item"]}
    drawn = Counter()
    for row in sums:
        drawn[row["agreement"]] += row["amount"]
    items: dict[int, list[ItemLeft]] = {}
    for item in AgreementItem.objects.filter(agreement__in=agreements).order_by("id"):
        times = used.get(item.pk, 0)
        left = None if item.times is None else item.times - times
        items.setdefault(item.agreement_id, []).append(ItemLeft(item, times, left))
    return [
        Standing(
            one,
            tuple(items.get(one.pk, ())),
            one.prepaid_amount - (drawn[one.pk] or _NOTHING) if one.prepaid_amount else None,
        )
        for one in agreements
    ]


# ── What holds for a car and an order ────────────────────────────────────────────────────────────────────────────────
def agreements_for(vehicle: Vehicle, store: Store, *, on: date, arrived_at: datetime | None = None):
    """What holds for a car at a store on a day, the most particular first: those that name the car, then those served
    first, then the newest. With `arrived_at`: what held when it came in, also if it was ended since."""
    named = Agreement.vehicles.through.objects.filter(agreement=OuterRef("pk"))
    still = Q(state=AgreementState.ACTIVE)
    if arrived_at:
        still |= Q(state=AgreementState.ENDED, ended_at__gt=arrived_at)
    return (
        Agreement.objects.filter(still, store=store, starts_on__lte=on, ends_on__gte=on)
        .annotate(names_car=Exists(named.filter(vehicle=vehicle)))
        .filter(Q(names_car=True) | (~Exists(named) & Q(customer=vehicle.owner_id, customer__isnull=False)))
        .select_related("customer")
        .order_by("-names_car", "-has_priority", "-id")
    )


def agreements_of_order(order: RepairOrder):
    """What held when the car came in holds for the whole visit."""
    day = order.arrived_at.astimezone(order.store.tz).date()
    return agreements_for(order.vehicle, order.store, on=day, arrived_at=order.arrived_at)


def membership_terms(store: Store, level: str, on: date) -> MembershipTerms | None:
    """What a level gives on a day."""
    return MembershipTerms.objects.filter(store=store, level=level, starts_on__lte=on).order_by("-starts_on").first()


def terms_of_order(order: RepairOrder) -> list[Terms]:
    """Everything agreed that may price a line of this order. What lines of other open orders take counts as used."""
    given = []
    held = standings(agreements_of_order(order))
    kept = _kept_elsewhere(order, [one.item.pk for standing in held for one in standing.items])
    for standing in held:
        items = tuple(
            CoveredItem(
                id=one.item.pk, kind=one.item.kind, code=one.item.code, name=one.item.name,
                unit_price=one.item.unit_price,
                left=None if one.left is None else max(one.left - kept.get(one.item.pk, 0), 0),
            )
            for one in standing.items
        )  # fmt: skip
        agreement = standing.agreement
        given.append(Terms(AGREEMENT, agreement.labour_discount_rate, agreement.part_discount_rate, items))
    day = order.arrived_at.astimezone(order.store.tz).date()
    if level := membership_terms(order.store, order.customer.level, day):
        given.append(Terms(MEMBERSHIP, level.labour_discount_rate, level.part_discount_rate))
    return given


def _kept_elsewhere(order: RepairOrder, items: Sequence[int]) -> dict[int, int]:
    if not items:
        return {}
    lines = OrderLine.objects.filter(agreement_item__in=items, order__state__in=EDITABLE).exclude(order=order)
    return dict(lines.order_by().values_list("agreement_item").annotate(Count("pk")))


# ── What the gate and the order page show ────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Favour:
    """What a customer at the gate may expect: `standings` of agreements, the level's `terms`, class and `points`.

    Rendered by `reception/agreement_banner.html` under the name `favour`.
    """

    customer: Customer
    standings: list[Standing]
    terms: MembershipTerms | None
    points: int

    @property
    def has_priority(self) -> bool:
        return any(one.agreement.has_priority for one in self.standings)

    @property
    def response_hours(self) -> int | None:
        """The quickest answer that was promised."""
        return min((hours for one in self.standings if (hours := one.agreement.response_hours)), default=None)

    @property
    def gives_prices(self) -> bool:
        """Whether a line could get another price by it."""
        given = [*(one.agreement for one in self.standings), *([self.terms] if self.terms else [])]
        rates = any(one.labour_discount_rate or one.part_discount_rate for one in given)
        return rates or any(one.items for one in self.standings)

    @property
    def is_worth_telling(self) -> bool:
        return bool(self.standings or self.terms or self.points or self.customer.value_class)


def favour_at_gate(vehicle: Vehicle, store: Store, on: date) -> Favour | None:
    """For a car that stands at the gate; None for a car without owner."""
    if vehicle.owner is None:
        return None
    return Favour(
        vehicle.owner,
        standings(agreements_for(vehicle, store, on=on)),
        membership_terms(store, vehicle.owner.level, on),
        points_of(vehicle.owner),
    )


def favour_of_order(order: RepairOrder) -> Favour:
    """For an order: what held when the car came in."""
    day = order.arrived_at.astimezone(order.store.tz).date()
    return Favour(
        order.customer,
        standings(agreements_of_order(order)),
        membership_terms(order.store, order.customer.level, day),
        points_of(order.customer),
    )


@dataclass(frozen=True)
class Drawn:
    """What a settlement took out of agreements and gave in points, for its page and its print.

    `uses`: rows of agreements net of nothing (a reversed settlement shows none); `prepaid_amount`: paid from balances;
    `balances`: what is left of each prepaid agreement now; `points_balance`: the customer's points now.
    """

    uses: list[AgreementUse]
    prepaid_amount: Decimal
    standings: list[Standing]
    points: int
    points_balance: int


def drawn_by(settlement: Settlement) -> Drawn:
    uses = list(
        settlement.uses.filter(undoes=None, undone_by=None).select_related("agreement", "item", "line").order_by("id")
    )
    agreements = {use.agreement_id: use.agreement for use in uses}
    customer = settlement.order.customer
    return Drawn(
        uses=uses,
        prepaid_amount=sum((use.amount for use in uses), _NOTHING),
        standings=standings(agreements.values()),
        points=settlement.points_entries.aggregate(sum=Coalesce(Sum("points"), 0))["sum"],
        points_balance=points_of(customer),
    )


# ── Points and levels ────────────────────────────────────────────────────────────────────────────────────────────────
def points_of(customer: Customer) -> int:
    return customer.points_entries.aggregate(sum=Coalesce(Sum("points"), 0))["sum"]


def points_moved(customer: Customer):
    """A customer's movements of points, newest first."""
    return customer.points_entries.select_related("settlement", "entered_by").order_by("-id")


def with_points(customers):
    """Customers with their balance as `points`."""
    sums = PointsEntry.objects.filter(customer=OuterRef("pk")).order_by().values("customer").annotate(sum=Sum("points"))
    return customers.annotate(points=Coalesce(Subquery(sums.values("sum")), 0))


@dataclass(frozen=True)
class LevelTerms:
    """A level with what it gives now, and every decision about it."""

    level: CustomerLevel
    now: MembershipTerms | None
    history: list[MembershipTerms]


def levels_of(store: Store, on: date) -> list[LevelTerms]:
    rows: dict[str, list[MembershipTerms]] = {}
    for row in MembershipTerms.objects.filter(store=store).order_by("-starts_on"):
        rows.setdefault(row.level, []).append(row)
    return [
        LevelTerms(level, next((row for row in rows.get(level, []) if row.starts_on <= on), None), rows.get(level, []))
        for level in CustomerLevel
    ]


# ── What runs out ────────────────────────────────────────────────────────────────────────────────────────────────────
def agreements_ending(store: Store, *, until: date):
    """In force, and over on or before a day."""
    return Agreement.objects.filter(store=store, state=AgreementState.ACTIVE, ends_on__lte=until).select_related(
        "customer", "made_by", "store"
    )


def agreements_counted(store: Store):
    """In force, with something that can run out before their time: prepaid money or counted items."""
    counted = AgreementItem.objects.filter(agreement=OuterRef("pk"), times__isnull=False)
    return (
        Agreement.objects.filter(store=store, state=AgreementState.ACTIVE)
        .filter(Q(prepaid_amount__gt=0) | Exists(counted))
        .select_related("customer", "made_by", "store")
        .order_by("pk")
    )


def overdue_to_end(store: Store, on: date):
    """In force by their state, over by the calendar."""
    return Agreement.objects.filter(store=store, state=AgreementState.ACTIVE, ends_on__lt=on)


@dataclass(frozen=True)
class CustomerWorth:
    """What a customer is worth to the house and what was agreed, for their page: the newest classes first."""

    classes: list[CustomerClass]
    points: int
    terms: MembershipTerms | None
    standings: list[Standing]
    may_agree: bool


def worth_of(customer: Customer, staff: Staff, on: date) -> CustomerWorth:
    agreements = agreements_visible_to(staff).filter(customer=customer).order_by("-id")[:20]
    return CustomerWorth(
        classes=list(classes_of(customer)[:2]),
        points=points_of(customer),
        terms=membership_terms(customer.store, customer.level, on),
        standings=standings(agreements),
        may_agree=staff.can(Permission.AGREEMENT_CHANGE) and customer.merged_into_id is None,
    )
