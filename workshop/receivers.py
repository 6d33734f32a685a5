"""What the reception tells the workshop: each only wakes a task."""

from django.dispatch import receiver

from dealer_crm.later import later
from reception.events import add_on_answered
from workshop.tasks import tell_of_add_on


@receiver(add_on_answered)
def pass_on_answer(sender, add_on_id, **_facts):
    later(tell_of_add_on, add_on_id)
