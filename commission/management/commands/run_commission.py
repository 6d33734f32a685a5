from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from commission.actions import compute_run
from commission.choices import RunState
from commission.models import Run
from commission.reports import commission_report
from dealer_crm.journal.actions import origin
from dealer_crm.organization.models import Store
from dealer_crm.reporting.workbooks import to_xlsx
from dealer_crm.values import Period, Refusal


class Command(BaseCommand):
    help = "Compute a store's month (or its draft again) and write the commission workbook."

    def add_arguments(self, parser):
        parser.add_argument("--store", required=True, metavar="CODE")
        parser.add_argument("--period", required=True, metavar="YYYY-MM")
        parser.add_argument(
            "--out", type=Path, metavar="FILE.xlsx", help="default: commission-<store>-<period>.xlsx here"
        )

    def handle(self, *, store, period, out, **_options):
        origin.set("run_commission")
        at = timezone.now()
        try:
            month = Period.parse(period)
            place = Store.objects.get(code=store.strip().upper())
        except ValueError as error:
            raise CommandError(_("Write the month as 2026-10.")) from error
        except Store.DoesNotExist as error:
            raise CommandError(_("There is no store %(code)s.") % {"code": store}) from error
        try:
            kept = Run.objects.filter(store=place, period=str(month)).exclude(state=RunState.DRAFT).first()
            if kept:
                self.stdout.write(
                    _("%(run)s is no draft any more; the workbook shows it as it was kept.") % {"run": kept}
                )
            else:
                compute_run(store=place, period=month, by=None, at=at)
            report = commission_report(store=place, period=month, by=None, at=at)
        except Refusal as refusal:
            raise CommandError("\n  ".join([str(refusal.message), *map(str, refusal.details)])) from refusal
        target = out or Path(f"{report.file_stem}.xlsx")
        with target.open("wb") as stream:
            to_xlsx(report, stream)
        self.stdout.write(self.style.SUCCESS(str(target)))
