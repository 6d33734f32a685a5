"""What a customer does not want to be called for. Source: spec `callback.md` (contact rules: refusal per purpose)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from callback.choices import Purpose
from dealer_crm.organization.models import Staff
from reception.models import Customer


class CallRefusal(models.Model):
    """One purpose a customer refuses calls for, with the reason. All calls and all texts are refused in the customer
    archive (`Customer.no_call_since`, `no_text_since`)."""

    customer = models.ForeignKey(Customer, models.CASCADE, verbose_name=_("customer"), related_name="call_refusals")
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose)
    reason = models.CharField(_("reason"), max_length=120)
    noted_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("noted by"), null=True, related_name="+")
    noted_at = models.DateTimeField(_("noted at"))

    class Meta:
        verbose_name = _("refusal of calls")
        verbose_name_plural = _("refusals of calls")
        ordering = ["customer", "purpose"]
        constraints = [models.UniqueConstraint(fields=["customer", "purpose"], name="one_refusal_per_purpose")]

    def __str__(self):
        return f"{self.customer_id} {self.purpose}"
