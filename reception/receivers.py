"""What the reception hears from below."""

from django.dispatch import receiver

from dealer_crm.importing.events import workbook_imported
from dealer_crm.later import later
from reception.tasks import find_flaws


@receiver(workbook_imported)
def look_over_what_came_in(sender, sheets, **_facts):
    """A workbook brought customers or cars: the data quality list is compared now and not first at night."""
    if {"客户", "车辆"} & sheets.keys():
        later(find_flaws)
