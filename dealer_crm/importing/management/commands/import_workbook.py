from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dealer_crm.importing.actions import import_workbook
from dealer_crm.importing.opening import Unreadable
from dealer_crm.importing.queries import totals
from dealer_crm.journal.actions import origin


class Command(BaseCommand):
    help = "Import a workbook: all or nothing. Prints sheet, row, column and reason of everything that is wrong."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE.xlsx")
        parser.add_argument("--dry-run", action="store_true", help="only check and show the difference")

    def handle(self, *, file: Path, dry_run: bool, **options):
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(_("%(file)s can't be read: %(why)s") % {"file": file, "why": error.strerror}) from error
        origin.set("import_workbook")
        try:
            book = import_workbook(content=content, file_name=file.name, by=None, at=timezone.now(), dry_run=dry_run)
        except Unreadable as unreadable:
            self.stdout.write(f"{file.name}: {unreadable}")
            raise CommandError(_("Nothing was written.")) from unreadable
        for notice in book.notices:
            self.stdout.write(f"{pgettext('of an import', 'Notice')}: {notice}")
        for problem in book.problems:
            self.stdout.write(str(problem))
        if book.problems:
            raise CommandError(_("%(count)s problems; nothing was written.") % {"count": len(book.problems)})
        for sheet, counts in book.counts().items():
            self.stdout.write(f"{sheet}: {_counted(counts)}")
        done = _("Checked, nothing written") if dry_run else _("Imported")
        self.stdout.write(self.style.SUCCESS(f"{done}: {_counted(totals(book.counts()))}"))


def _counted(counts: dict[str, int]) -> str:
    return _("%(new)s new, %(changed)s changed, %(unchanged)s unchanged") % counts
