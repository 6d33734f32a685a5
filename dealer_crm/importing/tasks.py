from celery import shared_task
from django.utils import timezone

from dealer_crm.importing import actions, queries
from dealer_crm.journal.actions import origin
from dealer_crm.reporting.progress import telling


@shared_task
def go_on_with_import(run_id: int) -> None:
    """The next step of one import, unless somebody is at it."""
    origin.set("worker")
    with telling(queries.progress_key(run_id)) as tell:
        actions.go_on(run_id=run_id, at=timezone.now(), progress=tell)


@shared_task
def go_on_with_imports() -> None:
    """Sweep: every import somebody waits for and nobody works on (its wake-up was lost, or its worker killed)."""
    for run_id in queries.claimable(timezone.now()).values_list("pk", flat=True):
        go_on_with_import(run_id)
    actions.forget_old_images(at=timezone.now())
