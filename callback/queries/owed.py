"""Which calls are owed and have no task yet, rule by rule. Source: spec `callback.md`, first table."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import CharField, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat

from callback.choices import RuleCode
from callback.models import CallTask, Rule
from complaints.choices import ComplaintState, StepKind
from complaints.models import Complaint, ComplaintStep
from complaints.queries import survey_gap
from dealer_crm.workdays.queries import work_calendar
from reception.choices import AppointmentState, OrderKind, OrderState, Payer
from reception.models import Appointment, OrderLine, RepairOrder, Suggestion, Vehicle
from satisfaction.choices import ResponseSource
from satisfaction.models import Flag, Response

# The day before an appointment may lie before a long holiday.
_LONGEST_BREAK = timedelta(days=16)


@dataclass(frozen=True)
class Owed:
    """One owed call. `event_on` is the day the window is counted from (`lead_days` before it for reminders)."""

    source_key: str
    event_on: date
    customer_id: int
    refuses_calls: bool
    vehicle_id: int | None = None
    order_id: int | None = None
    complaint_id: int | None = None
    appointment_id: int | None = None
    lead_days: int = 0


def owed_calls(rule: Rule, *, at: datetime, make_up: timedelta) -> list[Owed]:
    """What `rule` owes at `at` and nobody has made a task of; events older than `make_up` are let go."""
    return list(GENERATED[RuleCode(rule.code)](rule, at, make_up))


def _after_service(rule: Rule, at: datetime, make_up: timedelta) -> Iterator[Owed]:
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


def _after_complaint(rule: Rule, at: datetime, make_up: timedelta) -> Iterator[Owed]:
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


def _after_closing(rule: Rule, at: datetime, make_up: timedelta) -> Iterator[Owed]:
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


def _after_bad_answer(rule: Rule, at: datetime, make_up: timedelta) -> Iterator[Owed]:
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


def _before_service(rule: Rule, at: datetime, make_up: timedelta) -> Iterator[Owed]:
    """Cars whose next service is near and that do not stand in the shop already."""
    in_shop = RepairOrder.objects.in_shop().filter(vehicle=OuterRef("pk"))
    return _reminders(rule, at, make_up, "next_service_on", "service", ~Exists(in_shop))


def _after_suggestion(rule: Rule, at: datetime, make_up: timedelta) -> Iterator[Owed]:
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


def _before_insurance_end(rule: Rule, at: datetime, make_up: timedelta) -> Iterator[Owed]:
    today = at.astimezone(rule.store.tz).date()
    return _reminders(rule, at, make_up, "insurance_ends_on", "insurance", Q(insurance_ends_on__gte=today))


def _before_appointment(rule: Rule, at: datetime, make_up: timedelta) -> Iterator[Owed]:
    """Appointments nobody has confirmed yet, on the working day before (or as many days ahead as the rule says).

    One that was made on that day or later needs no second word; one that was moved is asked about at its new time.
    """
    tz, today = rule.store.tz, at.astimezone(rule.store.tz).date()
    ahead = max(rule.lead_days, default=1)
    expected = (
        Appointment.objects.of_store(rule.store_id)
        .filter(state=AppointmentState.BOOKED, customer__isnull=False, starts_at__gt=at)
        .filter(starts_at__lt=at + timedelta(days=ahead) + _LONGEST_BREAK)
        .order_by("starts_at", "pk")
        .values_list(
            "pk", "starts_at", "made_at", "moved_count", "customer_id", "customer__no_call_since", "vehicle_id"
        )
    )
    calendar = work_calendar(rule.store, today, today + timedelta(days=ahead) + _LONGEST_BREAK)
    found = []
    for pk, starts_at, made_at, moved, customer, refused, vehicle in expected:
        day = starts_at.astimezone(tz).date()
        asked_on = calendar.on_or_before(day - timedelta(days=ahead))
        was_just_agreed = made_at.astimezone(tz).date() >= asked_on and not moved
        if asked_on > today or was_just_agreed:
            continue
        found.append(
            Owed(
                source_key=f"appointment:{pk}:{starts_at.astimezone(tz):%Y-%m-%dT%H:%M}",
                event_on=day,
                customer_id=customer,
                refuses_calls=refused is not None,
                vehicle_id=vehicle,
                appointment_id=pk,
                lead_days=(day - asked_on).days,
            )
        )
    return _without_task(rule, found)


def _after_missed_appointment(rule: Rule, at: datetime, make_up: timedelta) -> Iterator[Owed]:
    """Cars that did not come, unless they came later that day or have an appointment again."""
    tz = rule.store.tz
    again = Appointment.objects.expected().filter(plate=OuterRef("plate"), store=OuterRef("store"))
    missed = (
        Appointment.objects.of_store(rule.store_id)
        .filter(state=AppointmentState.MISSED, customer__isnull=False, starts_at__gt=at - make_up, starts_at__lte=at)
        .filter(~Exists(again), ~Exists(CallTask.objects.filter(rule=rule, appointment=OuterRef("pk"))))
        .order_by("starts_at", "pk")
    )
    for pk, starts_at, customer, refused, vehicle in missed.values_list(
        "pk", "starts_at", "customer_id", "customer__no_call_since", "vehicle_id"
    ):
        yield Owed(
            source_key=f"appointment:{pk}",
            event_on=starts_at.astimezone(tz).date(),
            customer_id=customer,
            refuses_calls=refused is not None,
            vehicle_id=vehicle,
            appointment_id=pk,
        )


def _reminders(rule: Rule, at: datetime, make_up: timedelta, day_field: str, word: str, condition) -> Iterator[Owed]:
    """Of several reminders only the latest one reached: who missed the one 60 days ahead gets that of 30 days alone.

    A day entered so late that the reminder's window has passed already is recalled from today on: a call that could
    never have been made in time must not be born overdue.
    """
    today = at.astimezone(rule.store.tz).date()
    leads = sorted(rule.lead_days) or [0]
    vehicles = (
        Vehicle.objects.standing()
        .filter(
            condition,
            store=rule.store_id,
            owner__isnull=False,
            **{
                f"{day_field}__lte": today + timedelta(days=leads[-1]),
                f"{day_field}__gt": today + timedelta(days=leads[0]) - make_up,
            },
        )
        .order_by("pk")
        .values_list("pk", "owner_id", "owner__no_call_since", day_field)
    )
    found = []
    for pk, owner, refused, day in vehicles:
        lead = next(lead for lead in leads if day - timedelta(days=lead) <= today)
        was_missed = day - timedelta(days=lead) + timedelta(days=rule.closes_after_days) < today
        found.append(
            Owed(
                source_key=f"vehicle:{pk}:{word}:{day}:{lead}",
                event_on=day,
                customer_id=owner,
                refuses_calls=refused is not None,
                vehicle_id=pk,
                lead_days=(day - today).days if was_missed else lead,
            )
        )
    return _without_task(rule, found)


def _without_task(rule: Rule, found: list[Owed]) -> Iterator[Owed]:
    known = set(
        CallTask.objects.filter(rule=rule, source_key__in=[each.source_key for each in found]).values_list(
            "source_key", flat=True
        )
    )
    return (each for each in found if each.source_key not in known)


GENERATED: dict[RuleCode, Callable[[Rule, datetime, timedelta], Iterator[Owed]]] = {
    RuleCode.COMPLAINT_NEXT_DAY: _after_complaint,
    RuleCode.COMPLAINT_SECOND: _after_closing,
    RuleCode.BAD_ANSWER: _after_bad_answer,
    RuleCode.SERVICE_3D: _after_service,
    RuleCode.INSURANCE_RENEWAL: _before_insurance_end,
    RuleCode.MAINTENANCE: _before_service,
    RuleCode.SUGGESTION: _after_suggestion,
    RuleCode.APPOINTMENT_CONFIRM: _before_appointment,
    RuleCode.APPOINTMENT_MISSED: _after_missed_appointment,
}
"""The rules whose calls the program makes; a rule without a way to know what is owed is not shown."""
