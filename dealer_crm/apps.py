"""The project itself as a Django app: home of its commands, its own catalogue and the Celery application."""

from django.apps import AppConfig


class DealerCrmConfig(AppConfig):
    name = "dealer_crm"
    label = "dealer_crm"

    def ready(self):
        # Every Django process needs the Celery application before it sends or defines a task.
        from dealer_crm import celery  # noqa: F401
