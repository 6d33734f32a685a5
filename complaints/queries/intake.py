"""What the person who takes a complaint in is shown while typing. Source: complaints.md, fields of the sheet."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from complaints.choices import Severity
from complaints.formulas import raised_severity
from complaints.formulas.severity import Rise
from complaints.models import Complaint
from complaints.settings import ALARMING_WORDS, FIRST_WORDS, REPEAT_DAYS, REPEATS, REPLY_HOURS
from dealer_crm.organization.models import Staff, Store
from dealer_crm.organization.queries import figures, staff_matching
from reception.models import Customer, CustomerPhone, LineShare, RepairOrder, Vehicle
from reception.queries import vehicle_of_plate, visits_of
from reception.queries.search import customers_found, orders_found, vehicles_found

SHOWN = 5


@dataclass(frozen=True)
class Hits:
    """What was found of what is being typed: a part of the plate, the end of the phone, a name, an order number."""

    orders: list[RepairOrder] = field(default_factory=list)
    vehicles: list[Vehicle] = field(default_factory=list)
    customers: list[Customer] = field(default_factory=list)
    people: list[Staff] = field(default_factory=list)

    def __bool__(self) -> bool:
        return any((self.orders, self.vehicles, self.customers, self.people))


def hits_of(staff: Staff, text: str, *, at: datetime) -> Hits:
    text = text.strip()
    if len(text) < 2 or staff.store is None:
        return Hits()
    today = at.astimezone(staff.store.tz).date()
    people = staff_matching(staff, on=today, query=text, store=staff.store, state="here")
    return Hits(
        orders_found(staff, text),
        vehicles_found(staff, text),
        customers_found(staff, text),
        list(people.order_by("work_number")[:SHOWN]),
    )


@dataclass(frozen=True)
class Whose:
    """Whose matter it is as far as it is known, and who of the house had to do with it."""

    order: RepairOrder | None = None
    vehicle: Vehicle | None = None
    customer: Customer | None = None
    visits: list[RepairOrder] = field(default_factory=list)
    vehicles: list[Vehicle] = field(default_factory=list)
    people: list[Staff] = field(default_factory=list)


def whose(staff: Staff, *, order: str = "", plate: str = "", customer: str = "") -> Whose:
    """By what is in the form: an order number, a plate, a customer's key; what one of them says fills in the others."""
    found = None
    if order:
        rows = RepairOrder.objects.visible_to(staff).select_related("customer", "vehicle__owner", "advisor")
        found = rows.filter(store_id=staff.store_id, number__iexact=order.strip()).first()
    vehicle = found.vehicle if found else vehicle_of_plate(staff, plate.strip().upper()) if plate else None
    person = found.customer if found else None
    if person is None and customer.isdecimal():
        person = Customer.objects.visible_to(staff).filter(pk=customer).first()
    person = person or getattr(vehicle, "owner", None)
    visits = list(visits_of(vehicle, staff)[:SHOWN]) if vehicle and not found else []
    vehicles = list(person.vehicles.order_by("plate")[:SHOWN]) if person and not vehicle else []
    return Whose(found, vehicle, person, visits, vehicles, _people_of(found) if found else [])


def _people_of(order: RepairOrder) -> list[Staff]:
    """The advisor and the technicians of an order."""
    technicians = LineShare.objects.filter(line__order=order).values("technician")
    return [order.advisor, *Staff.objects.filter(pk__in=technicians).exclude(pk=order.advisor_id).order_by("pk")]


def earlier_of_the_matter(customer, vehicle, category: str, received_at: datetime, rules: dict) -> int:
    """How often the same customer (or car) complained of the same thing lately."""
    since = received_at - timedelta(days=rules[REPEAT_DAYS.code])
    earlier = Complaint.objects.filter(category=category, received_at__gte=since, received_at__lte=received_at)
    if vehicle is not None:
        return earlier.filter(vehicle=vehicle).count()
    return earlier.filter(customer=customer).count() if customer is not None else 0


def severity_foreseen(
    store: Store, *, severity: str, text: str, source: str, category: str, customer, vehicle, at: datetime
) -> tuple[Rise, int]:
    """What the severity will be by the rules, and how often the matter came up before."""
    rules = figures("complaints.", store=store, on=at.astimezone(store.tz).date())
    earlier = earlier_of_the_matter(customer, vehicle, category, at, rules) if category else 0
    rise = raised_severity(
        severity or Severity.GENERAL,
        text=text,
        source=source,
        earlier_of_the_matter=earlier,
        words=rules[ALARMING_WORDS.code],
        repeats=rules[REPEATS.code],
    )
    return rise, earlier


def first_words(store: Store, *, at: datetime) -> str:
    """What is said to the customer first, with the hours of the reply clock in it."""
    rules = figures("complaints.", store=store, on=at.astimezone(store.tz).date())
    hours = rules[REPLY_HOURS[Severity.GENERAL].code]
    return rules[FIRST_WORDS.code].replace("{小时}", f"{hours.normalize():f}")


def customers_of_caller(complaint: Complaint, staff: Staff) -> list[Customer]:
    """Who of the archive has the number the caller left: proposed, never taken for granted."""
    if complaint.customer_id or not complaint.caller_phone:
        return []
    owners = CustomerPhone.objects.filter(number=complaint.caller_phone).values("customer")
    return list(Customer.objects.visible_to(staff).standing().filter(pk__in=owners).order_by("pk")[:SHOWN])
