import io

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dealer_crm.later import later
from dealer_crm.organization.queries import stores_visible_to
from dealer_crm.reporting import actions, queries
from dealer_crm.reporting.choices import ReportState
from dealer_crm.reporting.forms import ReportFilter
from dealer_crm.reporting.pages import shown_sheets
from dealer_crm.reporting.progress import progress_of
from dealer_crm.reporting.registry import RegisteredReport, report_named, reports_for
from dealer_crm.reporting.tasks import make_report
from dealer_crm.reporting.text_files import to_csv
from dealer_crm.reporting.workbooks import to_xlsx
from dealer_crm.ui.paging import keyset_page
from dealer_crm.values import Period

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def report_list(request):
    """The reports one may see, and those kept."""
    page = keyset_page(queries.kept_reports_for(request.user), request.GET)
    return render(request, "reporting/reports.html", {"reports": reports_for(request.user), "page": page})


def page_of(registered: RegisteredReport):
    """The page of one report: store and month chosen above, its tables below."""

    @require_safe
    def report_page(request):
        stores = list(stores_visible_to(request.user))
        chosen = {
            "store": stores[0].code if stores else "",
            "period": str(Period.of(timezone.now()).previous()),
            **request.GET.dict(),
        }
        form = ReportFilter(chosen, stores=stores)
        context = {"registered": registered, "filter_form": form}
        if form.is_valid():
            store, period = form.cleaned_data["store"], form.cleaned_data["period"]
            report = registered.build(store=store, period=period, by=request.user, at=timezone.now()).held()
            context |= {"report": report, "sheets": shown_sheets(report), "store": store, "period": period}
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


def _kept(request, pk):
    kept = get_object_or_404(queries.kept_reports_for(request.user), pk=pk)
    registered = report_named(kept.code)
    if registered is None or not request.user.can(registered.permission):
        raise PermissionDenied
    return kept


def _built(request, registered, store_code, period):
    store = get_object_or_404(stores_visible_to(request.user), code=store_code)
    try:
        month = Period.parse(period)
    except ValueError as error:
        raise Http404 from error
    return registered.build(store=store, period=month, by=request.user, at=timezone.now()), store


def _record(request, store, report, form: str) -> None:
    actions.record_export(subject=store, title=report.file_stem, form=form, by=request.user, at=timezone.now())


def _attached(file_name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{file_name}"'}
