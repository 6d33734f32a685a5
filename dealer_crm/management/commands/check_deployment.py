"""`manage.py check_deployment`: Django's deployment checks on the settings a real installation would have."""

import os
import secrets
import subprocess
import sys

from django.conf import settings
from django.core.management import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Run `check --deploy` as production would be configured, on any machine; warnings count as faults."
    requires_system_checks = ()

    def handle(self, *args, **options):
        production = {
            "DEBUG": "0",
            "DEMO": "0",
            "HTTPS": "1",
            "SECRET_KEY": secrets.token_urlsafe(60),
            "ALLOWED_HOSTS": "dealer.example",
            "DATABASE_URL": "postgresql://dealer:secret@database/dealer",
            "REDIS_URL": "redis://:secret@broker:6379/0",
        }
        argv = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
        done = subprocess.run(argv, cwd=settings.BASE_DIR, env={**os.environ, **production}, check=False)
        if done.returncode:
            raise CommandError("The settings are not fit for a real installation.")
