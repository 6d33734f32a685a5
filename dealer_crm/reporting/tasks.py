from celery import shared_task
from django.utils import timezone

from dealer_crm.journal.actions import origin
from dealer_crm.reporting import actions, queries
from dealer_crm.reporting.progress import telling


@shared_task
def make_report(kept_id: int) -> None:
    """Make one owed report, unless somebody is at it."""
    origin.set("worker")
    with telling(queries.progress_key(kept_id)) as tell:
        actions.make_report(kept_id=kept_id, at=timezone.now(), progress=tell)


@shared_task
def make_owed_reports() -> None:
    """Sweep: owe what came due (also while the machine was off), then make everything owed."""
    actions.owe_due_editions(at=timezone.now())
    for kept_id in queries.claimable_reports(timezone.now()).values_list("pk", flat=True):
        make_report(kept_id)


@shared_task
def make_export(export_id: int) -> None:
    """Make one ordered export, unless somebody is at it."""
    origin.set("worker")
    with telling(queries.export_key(export_id)) as tell:
        actions.make_export(export_id=export_id, at=timezone.now(), progress=tell)


@shared_task
def make_ordered_exports() -> None:
    """Sweep: exports nobody works on, and files that were kept long enough."""
    for export_id in queries.claimable_exports(timezone.now()).values_list("pk", flat=True):
        make_export(export_id)
    actions.forget_old_exports(at=timezone.now())
