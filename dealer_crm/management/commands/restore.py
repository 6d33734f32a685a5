"""`manage.py restore DIR`: put a backup back, whole or not at all."""

import json
import shutil
import tarfile
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection
from django.utils.translation import gettext as _

from dealer_crm.management.commands.backup import DATABASE, MANIFEST, UPLOADS, facts_of, run_tool


class Command(BaseCommand):
    help = "Verify a backup's checksums and put it back into an empty database (--replace: instead of what is there)."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument("--replace", action="store_true", help="drop what the database and the uploads hold now")

    def handle(self, *args, folder: Path, replace: bool, **options):
        verify(folder)
        if not replace and (connection.introspection.table_names() or holds_files(settings.MEDIA_ROOT)):
            raise CommandError(_("Database or uploads are not empty; --replace puts the backup in their place."))
        connection.close()
        restore_database(folder / DATABASE)
        restore_uploads(folder / UPLOADS)
        # A backup of an older version is brought up to this one.
        call_command("migrate", verbosity=0, interactive=False)
        tables = len(connection.introspection.table_names())
        self.stdout.write(_("%(folder)s is back: %(tables)s tables") % {"folder": folder, "tables": tables})


def restore_database(dump: Path) -> None:
    """Empty the schema and fill it again in one transaction: a failure leaves what was there."""
    with tempfile.TemporaryDirectory() as place:
        script = str(Path(place) / "restore.sql")
        run_tool("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(dump))
        run_tool(
            "psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1",
            "--command=DROP SCHEMA public CASCADE; CREATE SCHEMA public", f"--file={script}",
        )  # fmt: skip


def verify(folder: Path) -> None:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise CommandError(
            _("%(folder)s is no backup: it has no %(file)s.") % {"folder": folder, "file": MANIFEST}
        ) from None
    for name, facts in manifest["files"].items():
        path = folder / name
        if not path.is_file() or facts_of(path) != facts:
            raise CommandError(_("%(file)s is damaged or incomplete; nothing has been changed.") % {"file": path})


def holds_files(folder: Path) -> bool:
    return folder.exists() and any(path.is_file() for path in folder.rglob("*"))


def restore_uploads(archive: Path) -> None:
    """Unpack beside the present folder, then change places, so that a failure leaves the present one."""
    target = settings.MEDIA_ROOT
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=target.parent, prefix=".uploads-"))
    try:
        with tarfile.open(archive) as packed:
            packed.extraction_filter = getattr(tarfile, "data_filter", None)  # Python before 3.11.4 has none
            packed.extractall(fresh)  # noqa: S202 (our own archive, its checksum verified)
        shutil.rmtree(target, ignore_errors=True)
        fresh.rename(target)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
