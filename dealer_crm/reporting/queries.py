"""What the report pages and the sweep ask."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from dealer_crm.access.permissions import Permission
from dealer_crm.organization.models import Staff, Store
from dealer_crm.reporting.choices import ReportState
from dealer_crm.reporting.models import Export, KeptReport
from dealer_crm.reporting.registry import Edition, RegisteredReport, reports, reports_for
from dealer_crm.values import Day, Period, Quarter, Refusal, Span, Week

# A worker that was killed over a report gives it back after this long; above the longest a report may take.
LEASE = timedelta(minutes=31)
# A new store begins with the last month's reports; that is four weekly ones.
MADE_UP = {Week: 4, Day: 7}
# A machine that was off makes up what came due meanwhile, as far back as somebody would still read it.
FURTHEST = {Period: 12, Quarter: 4, Week: 13, Day: 31}


def kept_reports_for(staff):
    """The kept reports a person may open, newest first, without the files."""
    codes = [report.code for report in reports_for(staff)]
    return KeptReport.objects.visible_to(staff).filter(code__in=codes).without_file().select_related("store", "made_by")


def claimable(rows: QuerySet, at: datetime) -> QuerySet:
    """Of rows with `state` and `claimed_at` those that are owed and nobody is at; a claim lapses with its maker."""
    return rows.filter(state=ReportState.OWED).filter(Q(claimed_at=None) | Q(claimed_at__lt=at - LEASE))


def claimable_reports(at: datetime) -> QuerySet[KeptReport]:
    return claimable(KeptReport.objects.all(), at).order_by("owed_at", "pk")


def due_editions(at: datetime) -> list[tuple[RegisteredReport, Store, Span, str, datetime]]:
    """What should have been made by now, store by store: everything since the last that is kept, however long the
    machine was off; of what was never made, the last month, the last weeks and days, the last quarter.

    (report, store, period, edition, since when).
    """
    due, last = [], _last_owed()
    for store in Store.objects.all():
        for report in reports():
            for edition in report.editions:
                made = last.get((report.code, store.pk, edition.code), "")
                for period in _back(report, store, at, has_any=bool(made)):
                    if str(period) <= made:
                        break
                    due_at = edition.due_at(period, store.tz)
                    if due_at <= at:
                        due.append((report, store, period, edition.code, due_at))
    return due


def _last_owed() -> dict[tuple[str, int, str], str]:
    """Report, store and edition → the latest period that was ever owed; periods are written so that they sort."""
    rows = KeptReport.objects.values_list("code", "store", "edition").annotate(last=Max("period")).order_by()
    return {(code, store, edition): last for code, store, edition, last in rows}


def _back(report: RegisteredReport, store: Store, at: datetime, *, has_any: bool):
    """The period under way and those before it, as far back as anybody would still read them."""
    now = report.kind.of(at, store.tz)
    furthest = FURTHEST[report.kind] if has_any else MADE_UP.get(report.kind, 1)
    return (now.shifted(-back) for back in range(furthest + 1))


@dataclass(frozen=True)
class Scheduled:
    """An edition that is made by itself: when the next one is due, and the last that was kept."""

    report: RegisteredReport
    label: str
    next_at: datetime
    kept: KeptReport | None


def timetable(staff: Staff, store: Store, at: datetime) -> list[Scheduled]:
    """What is made by itself of what a person may read, the soonest first."""
    rows = (
        kept_reports_for(staff).filter(store=store).order_by("code", "edition", "-period").distinct("code", "edition")
    )
    kept = {(one.code, one.edition): one for one in rows}
    found = [
        Scheduled(report, edition.label, _next(report, edition, store, at), kept.get((report.code, edition.code)))
        for report in reports_for(staff)
        for edition in report.editions
    ]
    return sorted(found, key=lambda one: (one.next_at, one.report.order))


def _next(report: RegisteredReport, edition: Edition, store: Store, at: datetime) -> datetime:
    now = report.kind.of(at, store.tz)
    due = (edition.due_at(now.shifted(step), store.tz) for step in (-1, 0, 1))
    return min(moment for moment in due if moment > at)


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


def claimable_exports(at: datetime) -> QuerySet[Export]:
    return claimable(Export.objects.all(), at).order_by("ordered_at", "pk")


def export_key(export_id: int) -> str:
    return f"export {export_id}"


def progress_key(kept_id: int) -> str:
    return f"report {kept_id}"
