"""Appointments in any state, an hour each."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import factory

from reception.choices import AppointmentState, AppointmentWay, OrderKind, OrderState
from reception.models import Appointment
from tests.factories.organization import StoreFactory
from tests.factories.reception import RepairOrderFactory, VehicleFactory

SHANGHAI = ZoneInfo("Asia/Shanghai")
TEN_OCLOCK = datetime(2026, 10, 14, 10, 0, tzinfo=SHANGHAI)
"""A working Wednesday, for which the appointments of the tests are made unless they say otherwise."""


class AppointmentFactory(factory.django.DjangoModelFactory):
    """A booked car on record; an ended `state` brings what belongs to it. `vehicle=None` with a `plate` is a car nobody
    knows; the place is the next one of the hour."""

    class Meta:
        model = Appointment

    store = factory.SubFactory(StoreFactory)
    number = factory.Sequence(lambda n: f"YYT01-261012-{n + 1:04d}")
    vehicle = factory.SubFactory(VehicleFactory, store=factory.SelfAttribute("..store"))
    customer = factory.LazyAttribute(lambda made: made.vehicle.owner if made.vehicle else None)
    plate = factory.LazyAttribute(lambda made: made.vehicle.plate)
    contact_name = factory.LazyAttribute(lambda made: made.customer.name if made.customer else "王先生")
    contact_phone = "+8613812345678"
    kind = OrderKind.MAINTENANCE
    starts_at = TEN_OCLOCK
    slot_at = factory.LazyAttribute(lambda made: made.starts_at.replace(minute=0))
    place = factory.LazyAttribute(
        lambda made: Appointment.objects.filter(store=made.store, slot_at=made.slot_at).count() + 1
    )
    way = AppointmentWay.PASSIVE
    made_at = factory.LazyAttribute(lambda made: made.starts_at - timedelta(days=3))

    @classmethod
    def _create(cls, model, *args, **fields):
        state, starts_at = fields.get("state"), fields["starts_at"]
        if state == AppointmentState.CONFIRMED:
            fields = {"confirmed_at": starts_at - timedelta(days=1), **fields}
        if state in (AppointmentState.ARRIVED, AppointmentState.CANCELLED, AppointmentState.MISSED):
            fields = {"ended_at": starts_at + timedelta(minutes=30), **fields}
        if state == AppointmentState.CANCELLED:
            fields = {"cancel_reason": "客户出差", **fields}
        if state == AppointmentState.ARRIVED and not fields.get("order"):
            fields["order"] = RepairOrderFactory(
                store=fields["store"], vehicle=fields["vehicle"], state=OrderState.OPEN, began_at=starts_at
            )
        return super()._create(model, *args, **fields)
