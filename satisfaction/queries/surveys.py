"""The customer's own link to the questionnaire: signed, for seven days, once for each order.

The link carries the order's id and the moment it was made, signed with the program's key: it can't be forged, and
nothing has to be stored until the customer answers. Once an order: the response's number, `link:<order>`, is unique.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.urls import reverse

from dealer_crm.organization.queries import figure
from reception.models import RepairOrder
from satisfaction.models import Response
from satisfaction.settings import LINK_DAYS

_SALT = "satisfaction.survey"


@dataclass(frozen=True)
class Invitation:
    """What a link says. `state`: open, answered, expired, forged."""

    state: str
    order: RepairOrder | None = None


def link_key(order: RepairOrder) -> str:
    """The number of the response that comes by an order's link."""
    return f"link:{order.pk}"


def survey_path(order: RepairOrder) -> str:
    """The address of the questionnaire for the customer of this order."""
    return reverse("satisfaction:survey", args=[signing.dumps(order.pk, salt=_SALT, compress=False)])


def invitation(token: str, *, on) -> Invitation:
    """What a link is worth on a day."""
    try:
        pk = signing.loads(token, salt=_SALT)
        order = RepairOrder.objects.select_related("store", "vehicle", "customer", "advisor").get(pk=pk)
        days = figure(LINK_DAYS, store=order.store, on=on)
        signing.loads(token, salt=_SALT, max_age=timedelta(days=days))
    except signing.SignatureExpired:
        return Invitation("expired")
    except (signing.BadSignature, RepairOrder.DoesNotExist):
        return Invitation("forged")
    if Response.objects.filter(number=link_key(order)).exists():
        return Invitation("answered", order)
    return Invitation("open", order)
