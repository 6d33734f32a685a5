"""Accident cars (事故车) by what they wait for. Source: spec reception.md (Accident cars)."""

from django.db.models import Q

from dealer_crm.organization.models import Staff
from reception.choices import OrderKind, OrderState, Payer
from reception.models import RepairOrder
from reception.queries.receivables import open_receivables

NOT_YET_OR_NEVER = (OrderState.DRAFT, OrderState.CANCELLED)


def _accidents(staff: Staff):
    return (
        RepairOrder.objects.visible_to(staff)
        .filter(kind=OrderKind.ACCIDENT)
        .exclude(state__in=NOT_YET_OR_NEVER)
        .select_related("vehicle", "customer", "advisor", "assessment")
    )


def awaiting_assessment(staff: Staff):
    """Accident cars whose amount the insurer has not fixed (no assessment, or one without its day)."""
    return _accidents(staff).filter(Q(assessment=None) | Q(assessment__assessed_on=None)).order_by("arrived_at", "pk")


def awaiting_release(staff: Staff):
    """Assessed accident cars that have not left the house, first come first."""
    return (
        _accidents(staff)
        .filter(assessment__assessed_on__isnull=False, assessment__released_on=None)
        .order_by("arrived_at", "pk")
    )


def awaiting_insurer(staff: Staff):
    """What insurers have not paid for accident cars, the longest due first."""
    return (
        open_receivables(staff)
        .filter(payer=Payer.INSURANCE, order__kind=OrderKind.ACCIDENT)
        .select_related("order__vehicle", "order__customer", "order__advisor", "order__assessment", "store")
        .defer(None)
    )
