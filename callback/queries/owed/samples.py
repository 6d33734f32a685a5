"""Calls of customers and talks that were drawn by lot (`Sample`). Source: spec `callback.md` (weekly_sample,
monthly_survey, spot_check)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from callback.choices import RuleCode
from callback.models import Contact, Rule, Sample
from callback.queries.owed.occasions import Owed, without_task
from dealer_crm.values import Period, Week
from reception.models import RepairOrder

SURVEY_FROM, SURVEY_TO = 25, 30
"""Days of the month between which the monthly survey is made."""


def drawn_orders(rule: Rule, at: datetime, make_up: timedelta) -> Iterator[Owed]:
    """Customers of drawn orders: on the Monday of the weekly draw, from the 25th to the 30th of the surveyed month."""
    samples = {sample.pk: sample for sample in _fresh(rule, at, make_up)}
    spans = {order: sample.span for sample in samples.values() for ids in sample.drawn.values() for order in ids}
    orders = RepairOrder.objects.filter(pk__in=list(spans)).order_by("pk")
    found = []
    for pk, customer, refused, vehicle in orders.values_list(
        "pk", "customer_id", "customer__no_call_since", "vehicle_id"
    ):
        event_on, within = _days(rule, spans[pk])
        found.append(
            Owed(
                source_key=f"{spans[pk]}:order:{pk}",
                event_on=event_on,
                customer_id=customer,
                refuses_calls=refused is not None,
                vehicle_id=vehicle,
                order_id=pk,
                within_days=within,
            )
        )
    return without_task(rule, found)


def drawn_calls(rule: Rule, at: datetime, make_up: timedelta) -> Iterator[Owed]:
    """Customers of drawn talks, the working day after."""
    drawn = {
        contact: date.fromisoformat(sample.span)
        for sample in _fresh(rule, at, make_up)
        for ids in sample.drawn.values()
        for contact in ids
    }
    contacts = Contact.objects.filter(pk__in=list(drawn)).order_by("pk")
    found = [
        Owed(
            source_key=f"contact:{pk}",
            event_on=drawn[pk],
            customer_id=customer,
            refuses_calls=refused is not None,
            vehicle_id=vehicle,
            order_id=order,
        )
        for pk, customer, refused, vehicle, order in contacts.values_list(
            "pk", "customer_id", "customer__no_call_since", "vehicle_id", "order_id"
        )
    ]
    return without_task(rule, found)


def _fresh(rule: Rule, at: datetime, make_up: timedelta):
    return Sample.objects.filter(rule=rule, drawn_at__gt=at - make_up, drawn_at__lte=at).order_by("pk")


def _days(rule: Rule, span: str) -> tuple[date, int | None]:
    """The day a drawn call is counted from, and the length of the survey where the month ends before the 30th."""
    if rule.code == RuleCode.WEEKLY_SAMPLE:
        return Week.parse(span).first_day, None
    period = Period.parse(span)
    return period.first_day.replace(day=SURVEY_FROM), min(rule.closes_after_days, period.days - SURVEY_FROM)
