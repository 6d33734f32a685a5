"""`manage.py backup DIR`: everything that cannot be made again, in one folder that can be checked."""

import hashlib
import json
import subprocess
import tarfile
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from dealer_crm.embedded.places import ServersRefused
from dealer_crm.embedded.postgres import program

DATABASE, UPLOADS, MANIFEST = "database.dump", "uploads.tar", "manifest.json"


class Command(BaseCommand):
    help = "Write the database and the uploads into a new folder, with a manifest that `restore` verifies."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)

    def handle(self, *args, folder: Path, **options):
        if folder.exists() and any(folder.iterdir()):
            raise CommandError(
                _("%(folder)s is not empty; a backup never overwrites another one.") % {"folder": folder}
            )
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Uploads after the database: a file the database speaks of is then always in the backup, and one that it does
        # not know yet does no harm.
        dump_database(folder / DATABASE)
        with tarfile.open(folder / UPLOADS, "w") as archive:
            if settings.MEDIA_ROOT.exists():
                archive.add(settings.MEDIA_ROOT, arcname=".")
        manifest = {
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "migrations": sorted(map(list, MigrationRecorder(connection).applied_migrations())),
            "files": {name: facts_of(folder / name) for name in (DATABASE, UPLOADS)},
        }
        (folder / MANIFEST).write_text(json.dumps(manifest, indent=1, ensure_ascii=False), encoding="utf-8")
        for file in folder.iterdir():
            file.chmod(0o600)
        size = sum(facts["bytes"] for facts in manifest["files"].values())
        self.stdout.write(_("%(folder)s: %(size)s bytes") % {"folder": folder, "size": f"{size:,}"})


def dump_database(target: Path) -> None:
    """One consistent snapshot in PostgreSQL's own format."""
    run_tool("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")


def run_tool(name: str, *arguments: str) -> None:
    """Run one of PostgreSQL's tools on our database; the password travels in the environment, where nobody reads it."""
    config = connection.settings_dict
    given = {**config, **config.get("OPTIONS", {})}
    address = {
        "PGHOST": config["HOST"] or given.get("host", ""),
        "PGPORT": str(config["PORT"] or ""),
        "PGUSER": config["USER"],
        "PGPASSWORD": config["PASSWORD"],
        "PGDATABASE": config["NAME"],
        "PGSSLMODE": given.get("sslmode", ""),
    }
    try:
        argv = [str(program(name)), *arguments]
    except ServersRefused:
        raise CommandError(
            _("%(name)s is needed (PostgreSQL's client programs) and not to be found in the path.") % {"name": name}
        ) from None
    done = subprocess.run(argv, env={"PATH": "/usr/bin:/bin", **{k: v for k, v in address.items() if v}},
                          capture_output=True, text=True)  # fmt: skip
    if done.returncode:
        raise CommandError(_("%(name)s failed:") % {"name": name} + f"\n{done.stderr.strip()}")


def facts_of(path: Path) -> dict:
    with path.open("rb") as file:
        return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}
