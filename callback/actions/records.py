"""Contact records: what a contact was about, with the facts its category asks for. Source: spec `callback.md`."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from callback import settings
from callback.choices import ContactCategory, ContactFact, Direction, Outcome
from callback.formulas import REQUIRED_FACTS, record_points
from callback.models import Contact
from dealer_crm.access.permissions import Permission
from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Staff, Store
from dealer_crm.organization.queries import figure
from dealer_crm.values import Refusal
from reception.choices import Channel
from reception.models import Customer, Vehicle

LONGEST = timedelta(hours=12)
"""A contact that came in is written down on the day it came in."""


def file_record(*, contact: Contact, category: str, facts: Mapping[str, str] | None, at: datetime) -> None:
    """Put category, facts and points on a contact that is not saved yet; no points where no fact is asked for."""
    contact.category = ContactCategory(category)
    contact.facts = {
        fact.value: text for fact in ContactFact if (text := str((facts or {}).get(fact) or "").strip()[:300])
    }
    if not REQUIRED_FACTS[contact.category]:
        contact.record_points = None
        return
    cost = figure(settings.RECORD_FACT_POINTS, store=contact.store, on=at.astimezone(contact.store.tz).date())
    contact.record_points = record_points(category, contact.facts, cost)


@transaction.atomic
def record_incoming(
    *,
    store: Store,
    customer: Customer,
    category: str,
    by: Staff,
    at: datetime,
    facts: Mapping[str, str] | None = None,
    note: str = "",
    vehicle: Vehicle | None = None,
    channel: str = Channel.PHONE,
    started_at: datetime | None = None,
    token: UUID | None = None,
) -> Contact:
    """Write down that a customer called us (or wrote, or came). The same `token` is written down once."""
    if token and (known := Contact.objects.filter(token=token).first()):
        return known
    if vehicle is not None and vehicle.owner_id != customer.pk:
        raise Refusal(_("This car is not the customer's."), field="vehicle", code="other_car")
    if category == ContactCategory.CALLBACK:
        raise Refusal(_("Choose what the customer called about."), field="category", code="category_missing")
    contact = Contact(
        store=store, customer=customer, vehicle=vehicle, agent=by, direction=Direction.IN, channel=channel, at=at,
        started_at=started_at if started_at and at - LONGEST < started_at <= at else None,
        outcome=Outcome.COMPLETED, note=note.strip(), token=token,
    )  # fmt: skip
    file_record(contact=contact, category=category, facts=facts, at=at)
    contact.save()
    journal.record(by=by, at=at, verb="contact.came_in", subject=contact, note=contact.get_category_display())
    return contact


@transaction.atomic
def complete_record(
    *, contact: Contact, category: str, facts: Mapping[str, str], by: Staff, at: datetime, note: str | None = None
) -> Contact:
    """Put a record right: the agent their own, the supervisor anybody's. The points are counted again."""
    contact = Contact.objects.select_for_update(of=["self"]).select_related("store").get(pk=contact.pk)
    if contact.agent_id != by.pk and not by.can(Permission.CALL_ASSIGN):
        raise Refusal(_("Only who wrote it and the supervisor change a record."), code="not_own_record")
    if contact.outcome != Outcome.COMPLETED:
        raise Refusal(_("Nobody was talked to; there is nothing to record."), code="not_talked")
    before = {"category": contact.category, "facts": contact.facts, "record_points": contact.record_points}
    file_record(contact=contact, category=category, facts=facts, at=at)
    if note is not None:
        contact.note = note.strip()
    contact.save(update_fields=["category", "facts", "record_points", "note"])
    changes = {
        name: [str(old), str(getattr(contact, name))] for name, old in before.items() if old != getattr(contact, name)
    }
    if changes:
        journal.record(by=by, at=at, verb="contact.record_changed", subject=contact, changes=changes)
    return contact
