"""What the reception hears from below."""

from django.dispatch import receiver

from dealer_crm.channels.events import texts_refused
from dealer_crm.importing.events import workbook_imported
from dealer_crm.later import later
from reception import actions
from reception.tasks import find_flaws


@receiver(workbook_imported)
def look_over_what_came_in(sender, sheets, **_facts):
    """A workbook brought customers or cars: the data quality list is compared now and not first at night."""
    if {"客户", "车辆"} & sheets.keys():
        later(find_flaws)


@receiver(texts_refused)
def note_texts_refused(sender, phone, text, at, **_facts) -> bool:
    """True when the number is a customer's."""
    return actions.note_texts_refused(number=phone, said=text, at=at) > 0
