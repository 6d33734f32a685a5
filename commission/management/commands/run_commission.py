from django.utils.translation import gettext as _

from commission.actions import compute_run
from commission.choices import RunState
from commission.models import Run
from dealer_crm.reporting.management.month_report import MonthReportCommand


class Command(MonthReportCommand):
    help = "Compute a store's month (or its draft again) and write the commission workbook."
    code = "commission"

    def prepare(self, *, store, period, at):
        kept = Run.objects.filter(store=store, period=str(period)).exclude(state=RunState.DRAFT).first()
        if kept:
            self.stdout.write(_("%(run)s is no draft any more; the workbook shows it as it was kept.") % {"run": kept})
        else:
            compute_run(store=store, period=period, by=None, at=at)
