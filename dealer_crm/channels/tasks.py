"""What the clock and each new message wake. The outbox knows what is due; this may run twice, late, or not at all."""

import os
import socket

from celery import shared_task
from django.utils import timezone

from dealer_crm.channels import actions

MOST = 500
"""Messages of one run; what is left is due for the next."""


@shared_task(name="channels.send_due_messages")
def send_due_messages() -> None:
    """Send what is due, one after another, with as many workers at it as were woken."""
    by = f"{socket.gethostname()[:24]}:{os.getpid()}"
    for _number in range(MOST):
        if not actions.send_next(by=by, at=timezone.now()):
            return


@shared_task(name="channels.forget_nonces")
def forget_nonces() -> None:
    """Every hour: what can no longer be replayed."""
    actions.forget_nonces(at=timezone.now())


@shared_task(name="channels.watch_outbox")
def watch_outbox() -> None:
    """Every ten minutes: tell somebody when messages stand still."""
    actions.tell_of_standstill(at=timezone.now())
