"""New cars handed to their owners. Source: spec `callback.md` (which calls are owed: new-car handover)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dealer_crm.organization.models import Staff, Store, StoreOwned
from reception.models import Customer, Vehicle


class Handover(models.Model):
    """新车交付: the moment the calls after a purchase are counted from. A car is new once.

    The sales department has no accounts here: `salesperson` is the name the customer knows.
    """

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="handovers")
    customer = models.ForeignKey(Customer, models.PROTECT, verbose_name=_("customer"), related_name="handovers")
    vehicle = models.OneToOneField(Vehicle, models.PROTECT, verbose_name=_("vehicle"), related_name="handover")
    handed_over_at = models.DateTimeField(_("handed over at"))
    salesperson = models.CharField(_("sales consultant"), max_length=40, blank=True)
    noted_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("entered by"), null=True, related_name="+")
    noted_at = models.DateTimeField(_("entered at"))

    objects = StoreOwned.as_manager()

    class Meta:
        verbose_name = _("new-car handover")
        verbose_name_plural = _("new-car handovers")
        ordering = ["-handed_over_at", "-id"]
        indexes = [models.Index(fields=["store", "-handed_over_at"], name="handover_of_store")]

    def __str__(self):
        return f"{self.vehicle_id} {self.handed_over_at:%F}"
