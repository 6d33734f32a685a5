"""Add-ons as pages ask for them."""

from django.db.models import Prefetch, prefetch_related_objects

from dealer_crm.organization.models import Staff
from reception.models import AddOn, AddOnLine, RepairOrder, Suggestion


def add_ons_visible_to(staff: Staff):
    """Add-ons with their order, its car and its customer."""
    return AddOn.objects.visible_to(staff).select_related(
        "order__store", "order__vehicle", "order__customer", "order__advisor", "proposed_by", "promise"
    )


def with_findings(order: RepairOrder) -> RepairOrder:
    """The order with its add-ons (lines, people, photos and what became of them) and what was suggested on it."""
    lines = AddOnLine.objects.select_related("team", "seller", "installation_team", "discount_approved_by")
    add_ons = AddOn.objects.select_related("proposed_by", "recorded_by", "promise", "suggestion").prefetch_related(
        Prefetch("lines", lines.order_by("id")), "photos", "signatures"
    )
    suggestions = Suggestion.objects.select_related("made_by", "ended_by", "done_in", "order")
    prefetch_related_objects(
        [order], Prefetch("add_ons", add_ons.order_by("number")), Prefetch("suggestions", suggestions.order_by("pk"))
    )
    return order


def add_ons_to_ask(staff: Staff):
    """Add-ons whose customer nobody has asked yet, on the person's own orders; the longest waiting first."""
    return (
        AddOn.objects.visible_to(staff)
        .proposed()
        .filter(order__advisor=staff)
        .select_related("order__vehicle", "order__customer")
        .order_by("proposed_at")
    )
