"""What the pages of the workshop have in common."""

from datetime import date, datetime

from django.http import Http404

from dealer_crm.organization.models import Store
from dealer_crm.organization.queries import stores_visible_to
from dealer_crm.values import Refusal


def store_of(request) -> Store:
    """The person's own store; a group role names one with `?store=CODE`, else sees the first."""
    stores = stores_visible_to(request.user)
    if code := request.GET.get("store"):
        store = stores.filter(code=code).first()
    else:
        store = request.user.store or stores.first()
    if store is None:
        raise Http404
    return store


def day_of(store: Store, at: datetime) -> date:
    """The store's own day."""
    return at.astimezone(store.tz).date()


def said(form, refusal: Refusal) -> None:
    """Write a refusal where it belongs: at its field, else above the form."""
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
