"""Questions a machine asks: are you alive, can you work, how much is waiting."""

import hmac

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from dealer_crm.celery import app
from dealer_crm.channels.queries import messages_due

BROKER_PATIENCE = 2
"""Seconds a health check waits for the broker."""


@never_cache
def healthz(request):
    """`/healthz`: this process answers. Asks nobody else, so that a database in trouble restarts no web process."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
def readyz(request):
    """`/readyz`: database and broker answer and every migration is applied; 503 with the reason otherwise."""
    faults = {name: fault for name, fault in _look().items() if fault}
    return JsonResponse({"ready": not faults, "faults": faults}, status=503 if faults else 200)


@never_cache
def metrics(request):
    """`/metrics` in Prometheus' text form; with `METRICS_TOKEN` set, only for who brings it as a bearer token."""
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode()):
            return HttpResponse(status=401)
    faults = _look()
    lines = []
    for name, fault in faults.items():
        lines += _gauge(f"dealer_crm_{name}_ready", f"1 when {name} can be worked with", 0 if fault else 1)
    if not faults["broker"]:
        lines += _gauge("dealer_crm_tasks_waiting", "Wake-ups waiting in the broker", _tasks_waiting())
    if not faults["database"]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
            lines += _gauge("dealer_crm_database_sessions", "Sessions open on the database", cursor.fetchone()[0])
    if not faults["migrations"]:
        lines += _gauge("dealer_crm_messages_due", "Messages that should be out by now", messages_due(timezone.now()))
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


def _look() -> dict[str, str]:
    """What is wrong with each thing we need; empty text when nothing is."""
    database = _fault_of(lambda: connection.ensure_connection() or connection.cursor().execute("SELECT 1"))
    return {
        "database": database,
        "migrations": database or _fault_of(_all_migrations_applied),
        "broker": _fault_of(_broker_answers),
    }


def _fault_of(question) -> str:
    try:
        question()
    except Exception as error:  # whatever it is, it is the answer
        return type(error).__name__ + (f": {error}" if settings.LOCAL else "")
    return ""


def _all_migrations_applied() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise LookupError("migrations wait to be applied")


def _broker_answers() -> None:
    with app.connection_for_write(connect_timeout=BROKER_PATIENCE) as broker:
        broker.ensure_connection(max_retries=1, timeout=BROKER_PATIENCE)


def _tasks_waiting() -> int:
    with app.connection_for_read() as broker:
        return broker.default_channel.client.llen(app.conf.task_default_queue)


def _gauge(name: str, meaning: str, value: float) -> list[str]:
    return [f"# HELP {name} {meaning}", f"# TYPE {name} gauge", f"{name} {value}"]
