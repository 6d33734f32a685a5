"""`manage.py demo`: the whole program in one terminal."""

import os
import signal
import socket
import sys
import urllib.request
from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import override

from dealer_crm.access.backends import DEMO_PASSWORD
from dealer_crm.access.roles import Role
from dealer_crm.celery import app
from dealer_crm.embedded import servers
from dealer_crm.embedded.places import ServersRefused
from dealer_crm.organization.models import Store
from dealer_crm.settings import broker_address

ORDERS = "1100"
"""Finished orders of the living store: what its ten technicians have work from."""
NEIGHBOURS = "2"
"""Small stores of other makes beside it, so that the group has something to compare."""
RESTARTS_AT_MOST = 5
"""A program that ended is started again this often; then something is wrong with it and the demo stops."""


class Stopped(Exception):
    """Somebody asked the demo to end."""


class Command(BaseCommand):
    help = "Start servers, web, worker and clock in this terminal, with a small living store; Ctrl-C stops all."
    requires_system_checks = ()

    def handle(self, *args, **options):
        if not settings.DEMO:
            raise CommandError("The demo opens doors with a password everybody knows: set DEMO=1 (`make demo` does).")
        self.host = os.environ.get("HOST", "127.0.0.1")
        self.port = int(os.environ.get("PORT") or 8000)
        refuse_taken_port(self.host, self.port)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, stop)
        supervision = None
        try:
            supervision = start_servers()
            prepare_database()
            self.run(supervision)
        except ServersRefused as refused:
            raise CommandError(str(refused)) from None
        except Stopped:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            self.stdout.write("\n正在停止 … stopping …")
        finally:
            if supervision:
                connections.close_all()
                supervision.stop()

    def run(self, supervision):
        programs = {name: (argv, 0) for name, argv in commands(self.host, self.port).items()}
        # The page first: worker and clock would only take the processor from it while it starts.
        supervision.start("web", programs["web"][0], environment())
        greeted = False
        while True:
            stop_without_parent()
            try:
                event = supervision.next_event(1 if greeted else 0.1)
            except EOFError:
                raise CommandError("The servers' guardian has gone; everything has been stopped.") from None
            if event and event["name"] not in programs:
                raise CommandError(f"{event['name']} has ended (see var/log); everything is being stopped.")
            if event:
                argv, restarts = programs[event["name"]]
                if restarts == RESTARTS_AT_MOST:
                    raise CommandError(f"{event['name']} ends again and again; everything is being stopped.")
                self.stderr.write(f"{event['name']} ended with {event['code']}, starting it again")
                programs[event["name"]] = (argv, restarts + 1)
                supervision.start(event["name"], argv, environment())
            if not greeted and answers(self.host, self.port):
                greeted = True
                self.greet()
                for name in ("worker", "beat"):
                    supervision.start(name, programs[name][0], environment())

    def greet(self):
        line = "─" * 64
        self.stdout.write(f"\n{line}\n  http://localhost:{self.port}/\n")
        self.stdout.write(f"  演示账号 demo sign-ins · 密码 password: {DEMO_PASSWORD}\n")
        for role in Role:
            with override("zh-hans"):
                chinese = str(role.label)
            with override("en"):
                self.stdout.write(f"    {role.value:<12}{chinese} · {role.label}")
        self.stdout.write(f"\n  Ctrl-C 停止 stops everything\n{line}")


def start_servers():
    """The clone's own servers unless others are named; servers that are up already are used and left up."""
    given = all(os.environ.get(name) for name in ("DATABASE_URL", "REDIS_URL"))
    running = servers.running()
    if running and not running.get("stays", "yes"):
        raise ServersRefused("The demo of this folder is already running in another terminal.")
    if given or running:
        return servers.Supervision("--no-servers")
    supervision = servers.Supervision()
    if not os.environ.get("DATABASE_URL"):
        # This process read its settings before the servers were there; the programs it starts will find the addresses.
        config = connections["default"].settings_dict
        config |= settings.ENV.db_url_config(supervision.addresses["DATABASE_URL"])
    if not os.environ.get("REDIS_URL"):
        app.conf.broker_url = broker_address(supervision.addresses["REDIS_URL"])
    return supervision


def prepare_database():
    executor = MigrationExecutor(connections["default"])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
    if not Store.objects.exists():
        # Whole or not at all: a start that is interrupted here is made up by the next one.
        with transaction.atomic():
            call_command("seed", "--demo", "--orders", ORDERS, "--neighbours", NEIGHBOURS)


def commands(host: str, port: int) -> dict[str, list[str]]:
    celery = [sys.executable, "-m", "celery", "--quiet", "-A", "dealer_crm.celery"]
    for folder in (Path(settings.CELERY_BEAT_SCHEDULE_FILENAME).parent, settings.STATIC_ROOT):
        folder.mkdir(parents=True, exist_ok=True)
    return {
        "web": [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
            "--workers", "2", "--blocking-threads", "1", "--backlog", "256", "--log-level", "warning",
            "--respawn-failed-workers", "dealer_crm.wsgi:application",
        ],
        "worker": [*celery, "worker", "--concurrency", "2", "--loglevel", "warning", "--without-gossip",
                   "--without-mingle", "-n", "demo@%h"],
        "beat": [*celery, "beat", "--loglevel", "warning", "--pidfile", ""],
    }  # fmt: skip


def environment() -> dict[str, str]:
    # Celery warns of root in five lines; whoever runs the demo as root knows.
    return dict(os.environ, PYTHONWARNINGS="ignore:You're running the worker with superuser")


def refuse_taken_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise CommandError(f"Port {port} is taken; choose another one: PORT={port + 1} make demo") from None


def answers(host: str, port: int) -> bool:
    reachable = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 (compared, not bound)
    try:
        with urllib.request.urlopen(f"http://{reachable}:{port}/healthz", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def stop_without_parent() -> None:
    """`make demo` names itself in STOP_WITH: when it was killed without a word, nobody is left to press Ctrl-C."""
    parent = os.environ.get("STOP_WITH")
    if parent and os.getppid() != int(parent):
        raise Stopped


def stop(*_):
    raise Stopped
