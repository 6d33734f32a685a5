"""What the report commands share: `--store CODE --period YYYY-MM [--out FILE.xlsx]`.

    class Command(MonthReportCommand):
        help = "…"
        code = "kpi"

Source: spec `interfaces.md` (manage.py commands).
"""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.journal.actions import origin
from dealer_crm.organization.models import Store
from dealer_crm.reporting.registry import report_named
from dealer_crm.reporting.workbooks import to_xlsx
from dealer_crm.values import Period, Refusal


class MonthReportCommand(BaseCommand):
    """Write a registered report of one store and month as a workbook."""

    code = ""

    def add_arguments(self, parser):
        parser.add_argument("--store", required=True, metavar="CODE")
        parser.add_argument("--period", required=True, metavar="YYYY-MM")
        parser.add_argument(
            "--out", type=Path, metavar="FILE.xlsx", help="default: <report>-<store>-<period>.xlsx here"
        )

    def handle(self, *, store, period, out, **_options):
        origin.set(f"{self.code}_report")
        place, month, at = _store(store), _month(period), timezone.now()
        try:
            self.prepare(store=place, period=month, at=at)
            report = report_named(self.code).build(store=place, period=month, by=None, at=at)
        except Refusal as refusal:
            raise CommandError("\n  ".join([str(refusal.message), *map(str, refusal.details)])) from refusal
        target = out or Path(f"{report.file_stem}.xlsx")
        try:
            with target.open("wb") as stream:
                to_xlsx(report, stream)
        except OSError as error:
            raise CommandError(
                _("%(file)s can't be written: %(why)s") % {"file": target, "why": error.strerror}
            ) from error
        self.stdout.write(self.style.SUCCESS(str(target)))

    def prepare(self, *, store, period, at) -> None:
        """What has to be done before the report can be built."""


def _store(code: str) -> Store:
    try:
        return Store.objects.get(code=code.strip().upper())
    except Store.DoesNotExist as error:
        raise CommandError(_("There is no store %(code)s.") % {"code": code}) from error


def _month(text: str) -> Period:
    try:
        return Period.parse(text)
    except ValueError as error:
        raise CommandError(_("Write the month as 2026-10.")) from error
