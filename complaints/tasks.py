from celery import shared_task
from django.utils import timezone

from complaints import actions, queries


@shared_task
def watch_clocks() -> int:
    """Each minute: tell of every mark that a complaint's clock has passed and nobody has been told of.

    Level-triggered: late, doubled or killed, it tells everything once. Returns how many marks.
    """
    told = 0
    for store in queries.stores_to_watch(at=timezone.now()):
        while raised := actions.raise_alarms(store=store, by=None, at=timezone.now()):
            told += raised
    return told
