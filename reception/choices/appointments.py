"""Words of the appointment book."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AppointmentState(models.TextChoices):
    BOOKED = "booked", pgettext_lazy("appointment", "Booked")
    CONFIRMED = "confirmed", pgettext_lazy("appointment", "Confirmed")
    ARRIVED = "arrived", pgettext_lazy("appointment", "Arrived")
    CANCELLED = "cancelled", pgettext_lazy("appointment", "Cancelled")
    MISSED = "missed", pgettext_lazy("appointment", "No-show")  # 爽约


APPOINTMENT_TONES = {
    AppointmentState.BOOKED: "info",
    AppointmentState.CONFIRMED: "primary",
    AppointmentState.ARRIVED: "success",
    AppointmentState.CANCELLED: "neutral",
    AppointmentState.MISSED: "danger",
}

# The car is expected: the appointment takes a place.
EXPECTED = (AppointmentState.BOOKED, AppointmentState.CONFIRMED)


class AppointmentWay(models.TextChoices):
    """Who began: the house by a call (主动预约) or the customer (被动预约)."""

    ACTIVE = "active", _("We called")
    PASSIVE = "passive", _("Customer asked")
