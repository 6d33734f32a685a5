"""Calls after work and about what it left open: deliveries, complaints, bad answers, suggestions."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import CharField, Exists, F, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat

from callback.models import CallTask, Rule
from callback.queries.owed.occasions import Owed
from complaints.choices import ComplaintState, StepKind
from complaints.models import Complaint, ComplaintStep
from complaints.queries import survey_gap
from reception.choices import OrderKind, OrderState, Payer
from reception.models import OrderLine, RepairOrder, Suggestion
from satisfaction.choices import ResponseSource
from satisfaction.models import Flag, Response


def after_service(rule: Rule, at: datetime, make_up: timedelta) -> Iterator[Owed]:
    """Delivered orders, but no pre-delivery inspections and none that only the house itself pays for."""
    lines = OrderLine.objects.filter(order=OuterRef("pk"))
    orders = (
        RepairOrder.objects.filter(
            store=rule.store_id, state=OrderState.DELIVERED, delivered_at__gt=at - make_up, delivered_at__lte=at
        )
        .exclude(kind=OrderKind.PDI)
        .filter(Exists(lines.exclude(payer=Payer.INTERNAL)) | ~Exists(lines))
        .filter(~Exists(CallTask.objects.filter(rule=rule, order=OuterRef("pk"))))
        .order_by("pk")
    )
    for pk, customer, vehicle, delivered_at, refused in orders.values_list(
        "pk", "customer_id", "vehicle_id", "delivered_at", "customer__no_call_since"
    ):
        yield Owed(
            source_key=f"order:{pk}",
            event_on=delivered_at.astimezone(rule.store.tz).date(),
            customer_id=customer,
            refuses_calls=refused is not None,
            vehicle_id=vehicle,
            order_id=pk,
        )


def after_complaint(rule: Rule, at: datetime, make_up: timedelta) -> Iterator[Owed]:
    """Complaints whose remedy was done and checked; each round is asked about anew."""
    checked = ComplaintStep.objects.filter(complaint=OuterRef("pk"), kind=StepKind.CHECK, round=OuterRef("round"))
    complaints = (
        Complaint.objects.filter(store=rule.store_id, state=ComplaintState.CHECKED)
        .annotate(
            checked_at=Coalesce(Subquery(checked.order_by("-id").values("at")[:1]), F("solved_at")),
            asked=Coalesce("customer", "order__customer"),
            refused=Coalesce("customer__no_call_since", "order__customer__no_call_since"),
            key=Concat(
                Value("complaint:"), Cast("pk", CharField()), Value(":"), Cast("round", CharField()),
                output_field=CharField(),
            ),
        )
        .filter(asked__isnull=False, checked_at__gt=at - make_up, checked_at__lte=at)
        .filter(~Exists(CallTask.objects.filter(rule=rule, source_key=OuterRef("key"))))
        .order_by("pk")
    )  # fmt: skip
    for pk, key, checked_at, customer, refused, vehicle, order, car in complaints.values_list(
        "pk", "key", "checked_at", "asked", "refused", "vehicle_id", "order_id", "order__vehicle_id"
    ):
        yield Owed(
            source_key=key,
            event_on=checked_at.astimezone(rule.store.tz).date(),
            customer_id=customer,
            refuses_calls=refused is not None,
            vehicle_id=vehicle or car,
            order_id=order,
            complaint_id=pk,
        )


def after_closing(rule: Rule, at: datetime, make_up: timedelta) -> Iterator[Owed]:
    """Closed complaints, so many days on (`opens_after_days`), of customers nobody has surveyed in the span set
    (`complaints.survey_gap_days`): neither by questionnaire nor by such a call. Of several cases of one customer the
    last one closed. Source: complaints.md, "a second survey follows after 10 days".
    """
    wait = timedelta(days=rule.opens_after_days)
    today = at.astimezone(rule.store.tz).date()
    since = at - survey_gap(rule.store, on=today)
    answered = Response.objects.filter(customer=OuterRef("asked"), answered_at__gt=since, answered_at__lte=at)
    called = CallTask.objects.filter(rule=rule, customer=OuterRef("asked"), created_at__gt=since)
    complaints = (
        Complaint.objects.filter(store=rule.store_id, state=ComplaintState.CLOSED, second_asked_at=None)
        .filter(closed_at__gt=at - wait - make_up, closed_at__lte=at - wait + timedelta(days=1))
        .annotate(
            asked=Coalesce("customer", "order__customer"),
            refused=Coalesce("customer__no_call_since", "order__customer__no_call_since"),
            key=Concat(Value("complaint:"), Cast("pk", CharField()), Value(":second"), output_field=CharField()),
        )
        .filter(~Exists(answered), ~Exists(called), asked__isnull=False)
        .filter(~Exists(CallTask.objects.filter(rule=rule, source_key=OuterRef("key"))))
        .order_by("asked", "-closed_at", "-pk")
        .distinct("asked")
    )
    for pk, key, closed_at, customer, refused, vehicle, order, car in complaints.values_list(
        "pk", "key", "closed_at", "asked", "refused", "vehicle_id", "order_id", "order__vehicle_id"
    ):
        closed_on = closed_at.astimezone(rule.store.tz).date()
        if closed_on + wait <= today:
            yield Owed(
                source_key=key,
                event_on=closed_on,
                customer_id=customer,
                refuses_calls=refused is not None,
                vehicle_id=vehicle or car,
                order_id=order,
                complaint_id=pk,
            )


def after_bad_answer(rule: Rule, at: datetime, make_up: timedelta) -> Iterator[Owed]:
    """Bad answers given without us on the line (link, QR code, tablet) that nobody has dealt with.

    In a call the agent has the customer on the line already; where a complaint is open its own loop asks.
    """
    complaints = Complaint.objects.unclosed().filter(order=OuterRef("order"))
    responses = (
        Response.objects.filter(
            store=rule.store_id,
            customer__isnull=False,
            source__in=[ResponseSource.LINK, ResponseSource.QR, ResponseSource.TABLET],
            answered_at__gt=at - make_up,
            answered_at__lte=at,
        )
        .annotate(key=Concat(Value("response:"), Cast("pk", CharField()), output_field=CharField()))
        .filter(Exists(Flag.objects.filter(answer__response=OuterRef("pk"), dealt_at=None)), ~Exists(complaints))
        .filter(~Exists(CallTask.objects.filter(rule=rule, source_key=OuterRef("key"))))
        .order_by("pk")
    )
    for key, answered_at, customer, refused, order, vehicle in responses.values_list(
        "key", "answered_at", "customer_id", "customer__no_call_since", "order_id", "order__vehicle_id"
    ):
        yield Owed(
            source_key=key,
            event_on=answered_at.astimezone(rule.store.tz).date(),
            customer_id=customer,
            refuses_calls=refused is not None,
            vehicle_id=vehicle,
            order_id=order,
        )


def after_suggestion(rule: Rule, at: datetime, make_up: timedelta) -> Iterator[Owed]:
    """Open repair suggestions on their follow-up day; while the car stands in the shop its advisor asks.

    Another follow-up day is another call: the customer asked to be called then.
    """
    today = at.astimezone(rule.store.tz).date()
    in_shop = RepairOrder.objects.in_shop().filter(vehicle=OuterRef("vehicle"), delivered_at=None)
    suggestions = (
        Suggestion.objects.open()
        .filter(~Exists(in_shop), store=rule.store_id, follow_up_on__lte=today, follow_up_on__gt=today - make_up)
        .annotate(
            asked=Coalesce("vehicle__owner", "order__customer"),
            refused=Coalesce("vehicle__owner__no_call_since", "order__customer__no_call_since"),
            key=suggestion_key(),
        )
        .filter(asked__isnull=False)
        .filter(~Exists(CallTask.objects.filter(rule=rule, source_key=OuterRef("key"))))
        .order_by("pk")
    )
    for key, day, customer, refused, vehicle, order in suggestions.values_list(
        "key", "follow_up_on", "asked", "refused", "vehicle_id", "order_id"
    ):
        yield Owed(
            source_key=key,
            event_on=day,
            customer_id=customer,
            refuses_calls=refused is not None,
            vehicle_id=vehicle,
            order_id=order,
        )


def suggestion_key() -> Concat:
    """The source event of a suggestion's call: the suggestion and the day it is to be followed up."""
    day = Cast("follow_up_on", CharField())
    return Concat(Value("suggestion:"), Cast("pk", CharField()), Value(":"), day, output_field=CharField())
