"""When a car's next service is due. Source: spec `callback.md` (maintenance: predicted from the vehicle's own mileage
history)."""

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from callback.choices import ForecastBasis
from dealer_crm.organization.models import Store
from reception.models import Vehicle


class Forecast(models.Model):
    """The next service of one car, computed by `formulas.forecast_service`, anew when what it rests on has changed.

    `target`: the day and mileage the service is due at; the same target is one occasion, however the guess of the day
    moves. `due_on` None: nothing is known to count from. `km_a_day`: what the car is driven, None when taken from the
    store's figure. `seen_…`: the facts of the car it rests on.
    """

    vehicle = models.OneToOneField(Vehicle, models.CASCADE, verbose_name=_("vehicle"), related_name="forecast")
    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="+")
    due_on = models.DateField(_("next service expected on"), null=True, blank=True)
    basis = models.CharField(_("reached first"), max_length=10, choices=ForecastBasis, blank=True)
    target = models.CharField(_("service due at"), max_length=40, blank=True)
    km_a_day = models.DecimalField(_("kilometres a day"), max_digits=6, decimal_places=1, null=True, blank=True)
    looks = models.PositiveSmallIntegerField(_("readings used"), default=0)
    seen_mileage = models.PositiveIntegerField(null=True, editable=False)
    seen_visit_at = models.DateTimeField(null=True, editable=False)
    seen_service_on = models.DateField(null=True, editable=False)
    seen_service_km = models.PositiveIntegerField(null=True, editable=False)
    made_at = models.DateTimeField(_("computed at"))

    class Meta:
        verbose_name = _("service forecast")
        verbose_name_plural = _("service forecasts")
        ordering = [F("due_on").asc(nulls_last=True), "id"]
        indexes = [models.Index("store", "due_on", name="forecast_by_day")]

    def __str__(self):
        return f"{self.vehicle_id} {self.due_on}"
