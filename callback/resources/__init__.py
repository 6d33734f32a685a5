"""Sheets 回访 and 新车交付 of the import workbook, a module each. Source: spec `interfaces.md`, `callback.md`."""

from django.db.models import Q

from callback.models import CallTask, Contact, Forecast
from callback.resources import calls, handovers  # noqa: F401
from dealer_crm.importing.sheets import fills, follows

# Calls are owed of themselves about what came in; one that no agent has taken goes with it. Which owed call a contact
# belongs to, the generator finds out later.
follows(CallTask, "order", Q(claimed_by=None, agent=None))
follows(CallTask, "vehicle", Q(claimed_by=None, agent=None))
follows(CallTask, "complaint", Q(claimed_by=None, agent=None))
follows(Forecast, "vehicle")
fills(Contact, "task")
