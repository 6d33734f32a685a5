"""The dated figures of the imports."""

from django.utils.translation import gettext_lazy as _

from dealer_crm.values import Figure

UNDO_DAYS = Figure(
    "importing.undo_days",
    14,
    _("Days in which an import can be taken back"),
    _("days"),
    "reception.md, Living beside the manufacturer's DMS",
)
