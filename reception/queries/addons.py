"""Add-ons as pages ask for them."""

from django.db.models import Prefetch

from dealer_crm.organization.models import Staff
from reception.models import AddOn, AddOnLine, RepairOrder


def add_ons_visible_to(staff: Staff):
    """Add-ons with their order, its car and its customer."""
    return AddOn.objects.visible_to(staff).select_related(
        "order__store", "order__vehicle", "order__customer", "order__advisor", "proposed_by", "promise"
    )


def add_ons_of(order: RepairOrder):
    """What was found on this visit, with lines, people, photos and what became of it; newest last."""
    lines = AddOnLine.objects.select_related("team", "seller", "installation_team", "discount_approved_by")
    return (
        order.add_ons.select_related("proposed_by", "recorded_by", "promise", "suggestion")
        .prefetch_related(Prefetch("lines", lines.order_by("id")), "photos__file", "signatures")
        .order_by("number")
    )


def add_ons_to_ask(staff: Staff):
    """Add-ons whose customer nobody has asked yet, on the person's own orders; the longest waiting first."""
    return (
        AddOn.objects.visible_to(staff)
        .proposed()
        .filter(order__advisor=staff)
        .select_related("order__vehicle", "order__customer")
        .order_by("proposed_at")
    )
