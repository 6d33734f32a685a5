"""What satisfaction puts on the first page."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.ui.home import Card, Item
from satisfaction import queries

SHOWN = 5


def flags_card(staff) -> Card | None:
    """Bad answers nobody has dealt with yet."""
    count = queries.undealt_count(staff)
    items = [
        Item(
            label=f"{flag.answer.question.name} {flag.answer.score:.0f}",
            detail=str(flag.answer.response.customer or flag.answer.response.order or ""),
            url=reverse("satisfaction:response", args=[flag.answer.response_id]),
            tone="danger",
        )
        for flag in (queries.flags_for(staff).order_by("raised_at", "pk")[:SHOWN] if count else ())
    ]
    return Card(
        title=_("Bad answers to deal with"),
        items=items,
        url=reverse("satisfaction:flags"),
        count=count,
        tone="danger" if count else "success",
    )


def plans_card(staff) -> Card | None:
    """Improvement plans this person answers for."""
    today = timezone.localdate()
    plans = list(queries.plans_for(staff, is_open=True).filter(owner=staff).order_by("due_on", "pk")[:SHOWN])
    if not plans:
        return None
    return Card(
        title=_("My improvement plans"),
        items=[
            Item(
                label=f"{plan.period} {plan.factor_name}",
                detail=f"{plan.due_on:%m-%d}",
                url=reverse("satisfaction:plan", args=[plan.pk]),
                tone="danger" if plan.due_on < today else "neutral",
            )
            for plan in plans
        ],
        url=reverse("satisfaction:plans"),
        count=len(plans),
        tone="danger" if plans[0].due_on < today else "info",
    )
