"""Contact records as they are read, and what the archive knows of the facts they ask for."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Avg, Count, F, Q
from django.utils.translation import override

from callback.choices import CATEGORY_GROUPS, ContactCategory, ContactFact, Direction
from callback.formulas import REQUIRED_FACTS, missing_facts, record_sentence
from callback.models import Contact
from dealer_crm.organization.models import Store
from reception.models import Customer, RepairOrder, Vehicle
from reception.queries import addressed


@dataclass(frozen=True)
class FactLine:
    fact: ContactFact
    value: str
    is_missing: bool


def category_choices(*, with_callback: bool = True) -> list:
    """The tree as a select shows it: single ones, then the groups with theirs."""
    groups: dict[str, list] = {}
    for one in ContactCategory:
        groups.setdefault(one.value.partition(".")[0], []).append((one.value, one.label))
    return [
        (CATEGORY_GROUPS[name], kinds) if len(kinds) > 1 else kinds[0]
        for name, kinds in groups.items()
        if with_callback or name != "callback"
    ]


def known_facts(store: Store, customer: Customer, vehicle: Vehicle | None, order: RepairOrder | None) -> dict[str, str]:
    """What the archive knows already, so that nobody asks the customer for it."""
    visited = order.delivered_at if order and order.delivered_at else vehicle.last_visit_at if vehicle else None
    facts = {
        ContactFact.AREA: customer.area,
        ContactFact.BRAND: " ".join(filter(None, (vehicle.brand, vehicle.series))) if vehicle else "",
        ContactFact.PURCHASED_ON: f"{vehicle.purchased_on:%Y-%m-%d}" if vehicle and vehicle.purchased_on else "",
        ContactFact.MILEAGE: str(vehicle.mileage) if vehicle and vehicle.mileage else "",
        ContactFact.STATION: store.name,
        ContactFact.VISITED_ON: f"{visited.astimezone(store.tz):%Y-%m-%d}" if visited else "",
        ContactFact.PLATE: vehicle.plate if vehicle else "",
    }
    return {fact.value: value for fact, value in facts.items() if value}


def fact_lines(contact: Contact) -> list[FactLine]:
    """The facts a record asks for or states, in the order of its category."""
    missing = missing_facts(contact.category, contact.facts)
    names = [*REQUIRED_FACTS.get(contact.category, ()), *contact.facts]
    return [FactLine(ContactFact(name), contact.facts.get(name, ""), name in missing) for name in dict.fromkeys(names)]


def sentence_of(contact: Contact) -> str:
    """The standard sentence of a record; empty where nothing was recorded."""
    if not contact.category:
        return ""
    with override("zh-hans"):
        way = "来电" if contact.direction == Direction.IN else "回访"
        category = ContactCategory(contact.category)
        lead = f"{addressed(contact.customer)}{way}（{category.label}）"
    return record_sentence(lead, contact.facts)


def record_quality(store: Store, begin: datetime, until: datetime) -> list[dict]:
    """Records of a span by agent: how many, their mean points, how many state everything; lowest mean first."""
    return list(
        Contact.objects.of_store(store)
        .filter(at__gte=begin, at__lt=until, record_points__isnull=False)
        .values("agent_id", name=F("agent__name"))
        .annotate(records=Count("pk"), points=Avg("record_points"), whole=Count("pk", filter=Q(record_points=100)))
        .order_by("points", "name")
    )
