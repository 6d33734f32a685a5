"""Calls before an appointment and after a missed one."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from callback.models import CallTask, Rule
from callback.queries.owed.occasions import Owed, without_task
from dealer_crm.workdays.queries import work_calendar
from reception.choices import AppointmentState
from reception.models import Appointment

# The day before an appointment may lie before a long holiday.
_LONGEST_BREAK = timedelta(days=16)


def before_appointment(rule: Rule, at: datetime, make_up: timedelta) -> Iterator[Owed]:
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
    return without_task(rule, found)


def after_missed_appointment(rule: Rule, at: datetime, make_up: timedelta) -> Iterator[Owed]:
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
