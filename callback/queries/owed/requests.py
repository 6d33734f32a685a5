"""The call that follows a service request. Source: spec `callback.md` (service requests: "followed by a call")."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat

from callback.choices import RequestState
from callback.models import CallTask, Rule, ServiceRequest
from callback.queries.owed.occasions import Owed


def after_request(rule: Rule, at: datetime, make_up: timedelta) -> Iterator[Owed]:
    """Closed requests of known customers, counted from the day they were closed; withdrawn ones are let go."""
    known = CallTask.objects.filter(rule=rule, source_key=OuterRef("key"))
    closed = (
        ServiceRequest.objects.filter(
            store=rule.store_id, state=RequestState.CLOSED, customer__isnull=False, customer__erased_at=None,
            ended_at__gt=at - make_up, ended_at__lte=at,
        )
        .annotate(key=Concat(Value("request:"), Cast("pk", CharField()), output_field=CharField()))
        .filter(~Exists(known))
        .order_by("pk")
    )  # fmt: skip
    for key, ended_at, customer, refused, vehicle in closed.values_list(
        "key", "ended_at", "customer_id", "customer__no_call_since", "vehicle_id"
    ):
        yield Owed(
            source_key=key,
            event_on=ended_at.astimezone(rule.store.tz).date(),
            customer_id=customer,
            refuses_calls=refused is not None,
            vehicle_id=vehicle,
        )
