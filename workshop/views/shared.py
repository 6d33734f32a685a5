"""What the pages of the workshop have in common."""

from datetime import date, datetime

from dealer_crm.organization.models import Store
from dealer_crm.values import Refusal


def day_of(store: Store, at: datetime) -> date:
    """The store's own day."""
    return at.astimezone(store.tz).date()


def said(form, refusal: Refusal) -> None:
    """Write a refusal where it belongs: at its field, else above the form."""
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
