"""What the report pages and the sweep ask."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from dealer_crm.access.permissions import Permission
from dealer_crm.organization.models import Staff, Store
from dealer_crm.reporting.choices import ReportState
from dealer_crm.reporting.models import Export, KeptReport
from dealer_crm.reporting.registry import RegisteredReport, reports, reports_for
from dealer_crm.values import Day, Period, Quarter, Refusal, Span, Week

# A worker that was killed over a report gives it back after this long; above the longest a report may take.
LEASE = timedelta(minutes=31)
# A machine that was off makes up the last month's reports; that is four weekly ones.
MADE_UP = {Week: 4, Day: 7}


def kept_reports_for(staff):
    """The kept reports a person may open, newest first, without the files."""
    codes = [report.code for report in reports_for(staff)]
    return KeptReport.objects.visible_to(staff).filter(code__in=codes).without_file().select_related("store", "made_by")


def claimable(at: datetime):
    """Reports owed that nobody is making."""
    return (
        KeptReport.objects.filter(state=ReportState.OWED)
        .filter(Q(claimed_at=None) | Q(claimed_at__lt=at - LEASE))
        .order_by("owed_at", "pk")
    )


def due_editions(at: datetime) -> list[tuple[RegisteredReport, Store, Span, str, datetime]]:
    """What should have been made by now of last month (the last weeks and days, last quarter), store by store.

    (report, store, period, edition, since when).
    """
    due = []
    for store in Store.objects.all():
        for report in reports():
            now = report.kind.of(at, store.tz)
            for period in (now.shifted(-back) for back in range(MADE_UP.get(report.kind, 1) + 1)):
                for edition in report.editions:
                    due_at = edition.due_at(period, store.tz)
                    if due_at <= at:
                        due.append((report, store, period, edition.code, due_at))
    return due


def period_written(kind: type, text: str) -> Span:
    """The month, week, quarter or day somebody wrote. Raises Refusal for anything else."""
    sentences = {
        Period: _("Write the month as 2026-10."),
        Week: _("Write the week as 2026-W43."),
        Quarter: _("Write the quarter as 2026-Q4."),
        Day: _("Write the day as 2026-10-15."),
    }
    try:
        return kind.parse(text)
    except ValueError as error:
        raise Refusal(sentences[kind], field="period") from error


def readers_of(report: RegisteredReport, store: Store) -> list[Staff]:
    """The people of a store who may read a report and look at reports at all."""
    people = Staff.objects.filter(store=store, is_active=True)
    return [person for person in people if person.can(report.permission) and person.can(Permission.REPORT_VIEW)]


# An export is fetched at once or not at all; nobody's customers lie about for longer.
EXPORT_KEPT = timedelta(days=1)


def exports_of(staff: Staff):
    """A person's own exports, without the files: nobody else may fetch them."""
    return Export.objects.filter(made_by=staff).defer("content")


def claimable_exports(at: datetime):
    return (
        Export.objects.filter(state=ReportState.OWED)
        .filter(Q(claimed_at=None) | Q(claimed_at__lt=at - LEASE))
        .order_by("ordered_at", "pk")
    )


def export_key(export_id: int) -> str:
    return f"export {export_id}"


def progress_key(kept_id: int) -> str:
    return f"report {kept_id}"
