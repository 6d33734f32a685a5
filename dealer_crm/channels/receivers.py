"""A new message wakes whoever sends."""

from django.dispatch import receiver

from dealer_crm.channels.events import message_ordered
from dealer_crm.channels.tasks import send_due_messages
from dealer_crm.later import later


@receiver(message_ordered)
def send_at_once(sender, **_facts):
    later(send_due_messages)
