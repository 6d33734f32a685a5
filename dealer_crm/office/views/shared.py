"""What the pages of the office have in common."""

from datetime import date, datetime

from django.shortcuts import get_object_or_404

from dealer_crm.organization.models import Store
from dealer_crm.organization.queries import stores_visible_to
from dealer_crm.values import Refusal
from dealer_crm.values.period import SHANGHAI


def chosen_store(request) -> Store | None:
    """The store asked for with `?store=CODE`; else one's own, or none (all of them) for people who see every store."""
    if code := request.GET.get("store"):
        return get_object_or_404(stores_visible_to(request.user), code=code)
    return None if request.user.sees_all_stores else request.user.store


def day_of(store: Store | None, at: datetime) -> date:
    """The store's own day; the group's is that of Shanghai."""
    return at.astimezone(store.tz if store else SHANGHAI).date()


def said(form, refusal: Refusal) -> None:
    """Write a refusal where it belongs: at its field, else above the form."""
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
