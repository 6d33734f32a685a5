"""What waits, on the first page."""

from django.urls import reverse
from django.utils.translation import gettext as _

from dealer_crm.kpi import queries
from dealer_crm.ui import home


def own_targets_card(staff):
    waiting = queries.unsigned_targets_of(staff)
    if not waiting:
        return None
    items = [home.Item(f"{target.period} {target.subject}", target.goal_written) for target in waiting[:5]]
    return home.Card(_("Targets to sign"), items, reverse("kpi:own_targets"), len(waiting), "warning")
