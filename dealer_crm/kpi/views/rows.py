"""The rows a number was counted from, on a page and as a workbook."""

import io

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dealer_crm.kpi import queries
from dealer_crm.kpi.reports import rows_report
from dealer_crm.kpi.views.asked import Asked, asked_of
from dealer_crm.reporting.actions import record_export
from dealer_crm.reporting.workbooks import to_xlsx
from dealer_crm.values import Period
from workshop.queries import Span

_PEOPLE = ("advisor", "seller", "team")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def rows(request, part):
    """The rows behind a number, the newest first."""
    asked, part, only = _asked(request, part)
    page, total = queries.page_of_rows(part, _span(asked, part), request.GET, only)
    context = {
        "asked": asked,
        "part": part,
        "page": page,
        "total": total,
        "only": queries.words_of(only),
        "tabs": _tabs(request, part, only),
        "rows": [(row, _page_of(part, row)) for row in page.rows],
        "back": _back(request, asked),
    }
    return render(request, "kpi/rows.html", context)


@require_safe
def rows_workbook(request, part):
    """All of them as a workbook."""
    asked, part, only = _asked(request, part)
    report = rows_report(part, _span(asked, part), only, by=request.user)
    stream = io.BytesIO()
    to_xlsx(report, stream)
    record_export(subject=asked.store, title=report.file_stem, form="xlsx", by=request.user, at=asked.at)
    name = {"Content-Disposition": f'attachment; filename="{report.file_stem}.xlsx"'}
    return HttpResponse(stream.getvalue(), content_type=XLSX, headers=name)


def _asked(request, code: str):
    part = queries.PARTS.get(code)
    asked = asked_of(request, timezone.now())
    if part is None or not part.opens or asked.store is None:
        raise Http404
    only = {name: request.GET[name] for name in queries.ROW_FILTERS if request.GET.get(name)}
    if not all(only.get(name) in (None, queries.NOBODY) or only[name].isdecimal() for name in _PEOPLE):
        raise Http404
    if part.rows is not None and not {"seller", "team"}.isdisjoint(only):
        raise Http404
    return asked, part, only


def _tabs(request, part, only) -> list[dict]:
    """The numbers of the measure the reader comes from, each with its rows of the same orders: they add up to it."""
    entry = queries.MEASURES.get(request.GET.get("of", ""))
    opens = [one for one in entry.parts if one.opens and (one.rows is None or not only)] if entry else []
    if part not in opens or len(opens) < 2:
        return []
    asked = request.GET.copy()
    for name in ("after", "before"):
        asked.pop(name, None)
    return [
        {
            "label": f"− {one.label}" if one.code in entry.taken_off else one.label,
            "url": f"{reverse('kpi:rows', args=[one.code])}?{asked.urlencode()}",
            "active": one == part,
        }
        for one in opens
    ]


def _span(asked: Asked, part) -> Span:
    """The days that are asked for; what has no days of its own is there for the whole month."""
    month = Period.of(asked.span.last_day)
    span = queries.spans_of_months(asked.store, [month], asked.at)[month]
    days = month if part.is_stock else asked.span
    return Span(span.store, days.first_day, days.last_day, span.at, span.figures)


def _page_of(part, row) -> str:
    """The page of the counted thing."""
    if not part.leads_to:
        return ""
    pk = row.order_pk if part.leads_to in ("reception:order", "reception:order_costs") else row.pk
    return reverse(part.leads_to, args=[pk]) if pk else ""


def _back(request, asked: Asked) -> str:
    """The measure the reader comes from, or all of them."""
    code = request.GET.get("of", "")
    page = reverse("kpi:measure", args=[code]) if code in queries.MEASURES else reverse("kpi:dashboard")
    return f"{page}?{asked.link}"
