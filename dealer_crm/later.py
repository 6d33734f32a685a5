"""Wake a worker after the transaction is safe.

PostgreSQL holds the truth; Celery only wakes workers. A task is therefore sent when the transaction has committed, and
a broker that is down never fails a page: the sweep of due rows makes up for every wake-up that was lost.
Source: spec `measured.md` (Celery), `architecture.md`.
"""

import logging

from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def later(task, *args, **kwargs) -> None:
    """Enqueue `task(*args, **kwargs)` once the current transaction has committed."""

    def send():
        try:
            task.apply_async(args=args, kwargs=kwargs, retry=False)
        except (OperationalError, ConnectionError, OSError) as error:
            log.warning("broker not reached, %s waits for its sweep: %s", task.name, error)

    transaction.on_commit(send, robust=True)
