from celery import shared_task
from django.utils import timezone

from dealer_crm.files import actions


@shared_task
def sweep_files():
    """Every night: files without a row go, files that were left waiting get their place."""
    actions.sweep_files(at=timezone.now())
