"""What the callback centre measures for the service blueprint: how soon after the visit the customer is called."""

from django.db.models import Min, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from callback.choices import Direction, RuleCode
from callback.models import Contact
from satisfaction.choices import Lane
from satisfaction.queries.blueprint import Touchpoint, minutes_between
from satisfaction.settings import CALL_HOURS


def _called(orders: QuerySet) -> QuerySet:
    """From the hand-over to the first try to reach the customer by the after-service call."""
    tries = Contact.objects.filter(
        order=OuterRef("pk"), direction=Direction.OUT, task__rule__code=RuleCode.SERVICE_3D
    ).order_by()
    first = Subquery(tries.values("order").annotate(first=Min("at")).values("first"))
    return (
        orders.alias(called_at=first)
        .filter(called_at__isnull=False)
        .annotate(took=minutes_between("delivered_at", "called_at"))
    )


CALL = Touchpoint(
    "call", _("Handed over → called"), _("From the hand-over to the first after-service call."),
    Lane.FRONT, "follow_up", CALL_HOURS, ("F14",), _called, in_hours=True,
)  # fmt: skip
