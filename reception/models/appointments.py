"""The appointment book. Source: spec `reception.md` (Appointment)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dealer_crm.organization.models import Staff, Store, StoreOwned
from reception.choices import APPOINTMENT_TONES, EXPECTED, AppointmentState, AppointmentWay, OrderKind
from reception.models.archive import Customer, Vehicle
from reception.models.orders import RepairOrder


class SlotCapacity(models.Model):
    """How many cars a store takes in one hour of a weekday, for a type of order or (empty) for every type together.

    Holds from a day on; the row in force is the latest that started. An hour without a row for every type takes
    `reception.slot_places` while the store is open.
    """

    store = models.ForeignKey(Store, models.CASCADE, verbose_name=_("store"), related_name="slot_capacities")
    weekday = models.PositiveSmallIntegerField(_("weekday"))  # 1 Monday … 7 Sunday
    hour = models.PositiveSmallIntegerField(_("hour"))
    kind = models.CharField(_("order type"), max_length=16, choices=OrderKind, blank=True)
    places = models.PositiveSmallIntegerField(_("places"))
    starts_on = models.DateField(_("holds from"))

    objects = StoreOwned.as_manager()

    class Meta:
        verbose_name = _("capacity of a slot")
        verbose_name_plural = _("capacities of slots")
        ordering = ["store", "weekday", "hour", "kind", "starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["store", "weekday", "hour", "kind", "starts_on"], name="one_capacity_per_slot_and_start"
            ),
            models.CheckConstraint(condition=Q(weekday__gte=1, weekday__lte=7), name="slot_weekday_of_week"),
            models.CheckConstraint(condition=Q(hour__lte=23), name="slot_hour_of_day"),
        ]

    def __str__(self):
        return f"{self.weekday} {self.hour}:00 × {self.places}"


class AppointmentQuerySet(StoreOwned):
    def expected(self):
        return self.filter(state__in=EXPECTED)

    def to_miss(self, before):
        """Expected cars whose hour lies before that moment."""
        return self.expected().filter(starts_at__lt=before)


class Appointment(models.Model):
    """预约. A car that is to come. `place` is its number in the hour: the database takes no place twice."""

    number = models.CharField(_("appointment number"), max_length=40, unique=True)
    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="appointments")
    vehicle = models.ForeignKey(
        Vehicle, models.PROTECT, verbose_name=_("vehicle"), null=True, blank=True, related_name="appointments"
    )
    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), null=True, blank=True, related_name="appointments"
    )
    plate = models.CharField(_("plate"), max_length=12)
    contact_name = models.CharField(_("who comes"), max_length=80)
    contact_phone = models.CharField(_("phone"), max_length=20)
    kind = models.CharField(_("order type"), max_length=16, choices=OrderKind)
    starts_at = models.DateTimeField(_("appointed for"))
    slot_at = models.DateTimeField(_("hour of the slot"))
    place = models.PositiveSmallIntegerField(_("place in the hour"))
    way = models.CharField(_("who began"), max_length=10, choices=AppointmentWay)
    state = models.CharField(_("state"), max_length=10, choices=AppointmentState, default=AppointmentState.BOOKED)
    advisor = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("service advisor"), null=True, blank=True, related_name="appointments"
    )
    wishes = models.TextField(_("what the customer wants done"), blank=True)
    moved_count = models.PositiveSmallIntegerField(_("times moved"), default=0)
    order = models.OneToOneField(
        RepairOrder, models.PROTECT, verbose_name=_("order"), null=True, blank=True, related_name="appointment"
    )
    made_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("made by"), null=True, related_name="+")
    made_at = models.DateTimeField(_("made at"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    ended_at = models.DateTimeField(_("arrived, cancelled or missed at"), null=True, blank=True)
    cancel_reason = models.CharField(_("reason for cancelling"), max_length=200, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["starts_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["store", "slot_at", "place"],
                condition=Q(state__in=[*EXPECTED, AppointmentState.ARRIVED]),
                name="appointment_place_taken_once",
            ),
            models.UniqueConstraint(
                fields=["store", "plate", "slot_at"],
                condition=Q(state__in=EXPECTED),
                name="one_appointment_per_car_and_hour",
                violation_error_message=_("This car has an appointment at that hour already."),
            ),
            models.CheckConstraint(condition=Q(starts_at__gte=F("slot_at")), name="appointment_lies_in_its_slot"),
            models.CheckConstraint(
                condition=~Q(state=AppointmentState.ARRIVED) | Q(order__isnull=False),
                name="arrived_appointment_has_its_order",
            ),
            models.CheckConstraint(
                condition=~Q(state=AppointmentState.CANCELLED) | ~Q(cancel_reason=""),
                name="cancelled_appointment_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(state__in=EXPECTED, ended_at=None) | (~Q(state__in=EXPECTED) & Q(ended_at__isnull=False)),
                name="ended_appointment_has_its_time",
            ),
        ]
        indexes = [
            models.Index(fields=["store", "starts_at", "id"], name="appointment_by_time"),
            models.Index("starts_at", name="appointment_expected", condition=Q(state__in=EXPECTED)),
            models.Index(fields=["vehicle", "-starts_at"], name="appointment_of_vehicle"),
            models.Index(fields=["customer", "-starts_at"], name="appointment_of_customer"),
        ]

    def __str__(self):
        return self.number

    @property
    def tone(self) -> str:
        return APPOINTMENT_TONES[AppointmentState(self.state)]

    @property
    def is_expected(self) -> bool:
        return self.state in EXPECTED
