"""Customers who answer that they want no more texts. Source: spec `callback.md` (inbound "T"/"退订")."""

from django.db import transaction
from django.utils.translation import gettext as _

from reception.actions.customers import change_customer
from reception.models import Customer


@transaction.atomic
def note_texts_refused(*, number: str, said: str, by=None, at) -> int:
    """Everybody with this number (E.164) gets no more texts; the reason is what was answered. Returns how many have the
    number: who refused texts before keeps the older day and reason."""
    holders = Customer.objects.standing().filter(phones__number=number, erased_at=None).select_related("store")
    known = list(holders.distinct().order_by("pk"))
    for customer in known:
        if customer.no_text_since is None:
            change_customer(
                customer=customer,
                by=by,
                at=at,
                no_text_since=at.astimezone(customer.store.tz).date(),
                no_text_reason=_("Answered “%(said)s” to a text message.") % {"said": said.strip()[:40]},
            )
    return len(known)
