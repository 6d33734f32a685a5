from celery import shared_task
from django.utils import timezone

from complaints import actions, queries


@shared_task
def watch_clocks() -> int:
    """Each minute: tell of every mark that a complaint's clock has passed, and of every time agreed with a customer
    that has come with no result, of which nobody has been told.

    Level-triggered: late, doubled or killed, it tells everything once. Returns how many.
    """
    told = 0
    for store in queries.stores_to_watch(at=timezone.now()):
        while raised := actions.raise_alarms(store=store, by=None, at=timezone.now()):
            told += raised
        told += actions.remind_of_arrangements(store=store, by=None, at=timezone.now())
    return told
