"""Calls after a new car was handed over. Source: spec `callback.md` (sales_2h, sales_3d, sales_7d, run_in_3w)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat

from callback.models import CallTask, Handover, Rule
from callback.queries.owed.occasions import Owed


def after_handover(rule: Rule, at: datetime, make_up: timedelta) -> Iterator[Owed]:
    """New cars handed over, each of the calls at once so that everybody sees what is to come; of a handover entered
    late, those that began within `make_up`."""
    opens_after = timedelta(days=0 if rule.within_hours else rule.opens_after_days)
    known = CallTask.objects.filter(rule=rule, source_key=OuterRef("key"))
    handovers = (
        Handover.objects.filter(
            store=rule.store_id,
            handed_over_at__gt=at - make_up - opens_after,
            handed_over_at__lte=at,
        )
        .annotate(key=Concat(Value("handover:"), Cast("pk", CharField()), output_field=CharField()))
        .filter(~Exists(known))
        .order_by("pk")
    )
    for key, moment, customer, refused, vehicle in handovers.values_list(
        "key", "handed_over_at", "customer_id", "customer__no_call_since", "vehicle_id"
    ):
        yield Owed(
            source_key=key,
            event_on=moment.astimezone(rule.store.tz).date(),
            customer_id=customer,
            refuses_calls=refused is not None,
            vehicle_id=vehicle,
            event_at=moment,
        )
