import io
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dealer_crm.access.permissions import Permission
from dealer_crm.later import later
from dealer_crm.organization.queries import stores_to_choose, stores_visible_to
from dealer_crm.reporting import actions, queries
from dealer_crm.reporting.choices import ReportState
from dealer_crm.reporting.exports import RegisteredExport, export_named
from dealer_crm.reporting.forms import PaperForm, ReportFilter
from dealer_crm.reporting.pages import shown_sheets
from dealer_crm.reporting.paper import catch_ups_for, paper_sheets_for
from dealer_crm.reporting.progress import progress_of
from dealer_crm.reporting.registry import RegisteredReport, report_named, reports_for
from dealer_crm.reporting.tasks import make_export, make_report
from dealer_crm.reporting.text_files import to_csv
from dealer_crm.reporting.workbooks import to_xlsx
from dealer_crm.ui.home import Card, Item, among
from dealer_crm.ui.paging import keyset_page

# A list of so many rows is made while the person waits; a longer one by a worker, and by the page when none comes.
SMALL = 2_000
# A table of more columns is printed across; tables of two, what and its words, are forms: a page for each.
WIDE, FORM = 7, 2
PATIENCE = timedelta(seconds=20)
# What the first page shows of the reports that came in, and for how long.
SHOWN, NEW_FOR = 8, timedelta(days=7)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def report_list(request):
    """The reports one may see, and those kept."""
    page, store = keyset_page(queries.kept_reports_for(request.user), request.GET), request.user.store
    for kept in page.rows:
        kept.registered = report_named(kept.code)
    context = {
        "reports": reports_for(request.user),
        "page": page,
        "timetable": queries.timetable(request.user, store, timezone.now()) if store else [],
    }
    return render(request, "reporting/reports.html", context)


def _new_reports(staff, at):
    new = queries.kept_reports_for(staff).made().filter(made_at__gte=at - NEW_FOR).order_by("-made_at")
    return new if staff.sees_all_stores else None


@among(_new_reports)
def reports_card(staff, at, new) -> Card | None:
    """First page of who reads the reports of all stores and is told of none at the bell: those made this week."""
    items = [
        Item(
            f"{kept.store} {getattr(report_named(kept.code), 'title', kept.code)}",
            f"{kept.period} {kept.edition_label}",
            reverse("reporting:kept", args=[kept.pk]),
        )
        for kept in new.first(SHOWN)
    ]
    return Card(_("New reports"), items, reverse("reporting:reports"), new.count, "info")


def page_of(registered: RegisteredReport):
    """The page of one report: store and month chosen above, its tables below; with `?print` on paper."""

    @require_safe
    def report_page(request):
        stores = stores_to_choose(request.user)
        latest = registered.kind.of(timezone.now()).previous()
        chosen = {"store": stores[0].code if stores else "", "period": str(latest), **request.GET.dict()}
        form = ReportFilter(chosen, stores=stores, latest=latest)
        context = {"registered": registered, "filter_form": form}
        if form.is_valid():
            store, period = form.cleaned_data["store"], form.cleaned_data["period"]
            report = registered.made(store=store, period=period, by=request.user, at=timezone.now()).held()
            context |= {"report": report, "sheets": shown_sheets(report), "store": store, "period": period}
            if "print" in request.GET:
                widths = [len(sheet.columns) for sheet in report.sheets]
                context |= {"is_wide": max(widths) > WIDE, "is_form": max(widths) == FORM}
                return render(request, "reporting/report_print.html", context)
        template = "reporting/report.html#report" if request.htmx else "reporting/report.html"
        return render(request, template, context)

    return report_page


def xlsx_of(registered: RegisteredReport):
    @require_safe
    def report_workbook(request, store_code, period):
        report, store = _built(request, registered, store_code, period)
        stream = io.BytesIO()
        to_xlsx(report, stream)
        _record(request, store, report, "xlsx")
        return HttpResponse(stream.getvalue(), content_type=XLSX, headers=_attached(f"{report.file_stem}.xlsx"))

    return report_workbook


def csv_of(registered: RegisteredReport):
    @require_safe
    def report_csv(request, store_code, period, place):
        report, store = _built(request, registered, store_code, period)
        if not 0 <= place < len(report.sheets):
            raise Http404
        _record(request, store, report, "csv")
        return StreamingHttpResponse(
            to_csv(report.sheets[place]),
            content_type="text/csv; charset=utf-8",
            headers=_attached(f"{report.file_stem}-{place + 1}.csv"),
        )

    return report_csv


@require_safe
def kept_page(request, pk):
    """A kept report: the file, or how far its making has come."""
    kept = _kept(request, pk)
    context = {
        "kept": kept,
        "registered": report_named(kept.code),
        "progress": progress_of(queries.progress_key(kept.pk)) if kept.state == ReportState.OWED else None,
    }
    return render(request, "reporting/kept.html#kept" if request.htmx else "reporting/kept.html", context)


@require_safe
def kept_file(request, pk):
    kept = _kept(request, pk)
    if kept.state != ReportState.MADE:
        raise Http404
    actions.record_export(subject=kept, title=kept.file_name, form="xlsx", by=request.user, at=timezone.now())
    return FileResponse(io.BytesIO(kept.content), as_attachment=True, filename=kept.file_name, content_type=XLSX)


@require_POST
def kept_again(request, pk):
    kept = actions.owe_again(kept=_kept(request, pk), by=request.user, at=timezone.now())
    later(make_report, kept.pk)
    return redirect("reporting:kept", pk)


# ── lists taken out ──────────────────────────────────────────────────────────────────────────────────────────────────
def order_of(registered: RegisteredExport):
    """The address where a list is ordered; a short one is made while the page waits."""

    @require_POST
    def order_export(request):
        now, asked = timezone.now(), request.POST.get("asked", "")
        with_phones = "with_phones" in request.POST
        if with_phones and not request.user.can(Permission.PHONE_EXPORT):
            raise PermissionDenied
        export = actions.order_export(
            code=registered.code, asked=asked, with_phones=with_phones, by=request.user, at=now
        )
        if registered.is_small(request.user, asked, now, SMALL):
            actions.make_export(export_id=export.pk, at=now)
        else:
            later(make_export, export.pk)
        return redirect("reporting:export", export.pk)

    return order_export


@require_safe
def export_list(request):
    """The lists one has taken out since yesterday."""
    page = keyset_page(queries.exports_of(request.user), request.GET)
    for export in page.rows:
        export.registered = export_named(export.code)
    return render(request, "reporting/exports.html", {"page": page})


@require_safe
def export_page(request, pk):
    """An ordered list: the file, or how far its making has come."""
    export, now = _export(request, pk), timezone.now()
    if export.state == ReportState.OWED and export.claimed_at is None and now - export.ordered_at > PATIENCE:
        actions.make_export(export_id=export.pk, at=now)
        export = _export(request, pk)
    context = {
        "export": export,
        "registered": export_named(export.code),
        "progress": progress_of(queries.export_key(export.pk)) if export.state == ReportState.OWED else None,
    }
    return render(request, "reporting/export.html#export" if request.htmx else "reporting/export.html", context)


@require_safe
def export_file(request, pk):
    export = _export(request, pk)
    if export.state != ReportState.MADE:
        raise Http404
    actions.record_fetched(export=export, by=request.user, at=timezone.now())
    return FileResponse(io.BytesIO(export.content), as_attachment=True, filename=export.file_name, content_type=XLSX)


def _export(request, pk):
    """One's own export of a list one may still see."""
    export = get_object_or_404(queries.exports_of(request.user), pk=pk)
    registered = export_named(export.code)
    if registered is None or not request.user.can(registered.permission):
        raise PermissionDenied
    if export.with_phones and not request.user.can(Permission.PHONE_EXPORT):
        raise PermissionDenied
    return export


# ── the paper pack ───────────────────────────────────────────────────────────────────────────────────────────────────
@require_safe
def paper(request):
    """What a day without network needs on paper; one click prints all of it."""
    context = {"form": _paper_form(request), "catch_ups": catch_ups_for(request.user)}
    return render(request, "reporting/paper.html", context)


@require_POST
def paper_print(request):
    form = _paper_form(request, request.POST)
    if not form.is_valid():
        context = {"form": form, "catch_ups": catch_ups_for(request.user)}
        return render(request, "reporting/paper.html", context, status=422)
    now, chosen = timezone.now(), form.cleaned_data
    pack = actions.print_pack(
        codes=chosen["sheets"], copies=chosen["copies"], with_phones=chosen.get("with_phones", False),
        by=request.user, at=now,
    )  # fmt: skip
    return render(request, "reporting/paper_print.html", {"pack": pack, "now": now})


def _paper_form(request, *sent) -> PaperForm:
    return PaperForm(*sent, staff=request.user, sheets=paper_sheets_for(request.user))


def _kept(request, pk):
    kept = get_object_or_404(queries.kept_reports_for(request.user), pk=pk)
    registered = report_named(kept.code)
    if registered is None or not request.user.can(registered.permission):
        raise PermissionDenied
    return kept


def _built(request, registered, store_code, period):
    store = get_object_or_404(stores_visible_to(request.user), code=store_code)
    try:
        asked = registered.kind.parse(period)
    except ValueError as error:
        raise Http404 from error
    return registered.made(store=store, period=asked, by=request.user, at=timezone.now()), store


def _record(request, store, report, form: str) -> None:
    actions.record_export(subject=store, title=report.file_stem, form=form, by=request.user, at=timezone.now())


def _attached(file_name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{file_name}"'}
