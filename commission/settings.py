"""The dated figures of the pay rooms. What the formulas pay by stands in the plan versions, not here."""

from django.utils.translation import gettext_lazy as _

from dealer_crm.values import Figure

APPEAL_DAYS = Figure(
    "commission.appeal_days", 5, _("Days in which a person may appeal against a statement"), _("days"), "commission.md"
)
