"""How the workshop did: its measures for some days, and the rows behind every number."""

import io
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from dealer_crm.organization.models import Staff, Store, Team
from dealer_crm.organization.queries import stores_to_choose
from dealer_crm.reporting.actions import record_export
from dealer_crm.reporting.workbooks import to_xlsx
from dealer_crm.ui.paging import keyset_page
from dealer_crm.ui.stores import store_asked
from dealer_crm.values import Period
from workshop import queries
from workshop.choices import HOURS, Counted, Stay
from workshop.forms import MeasuredDaysForm
from workshop.queries import Line, Span, Whose
from workshop.reports import measures_report
from workshop.views.shared import day_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Asked:
    """What a page was asked for: the form to ask for something else, the days, whose, and the name of it."""

    form: MeasuredDaysForm
    span: Span
    whose: Whose
    name: str

    def query(self, whose: Whose, first: date | None = None, last: date | None = None) -> str:
        """What stands in a link to the same of somebody else, or of other days."""
        named = {"first": first or self.span.first, "last": last or self.span.last}
        if "store" in self.form.fields:
            named["store"] = self.span.store.code
        return urlencode(named | {name: pk for name, pk in vars(whose).items() if pk})


def measures(request):
    """The measures of the store, of a team or of a technician, and beside them everybody's."""
    asked = _asked(request, timezone.now())
    span, whose = asked.span, asked.whose
    counts = queries.everybodys_counts(span)
    stages, together = queries.stage_times(span, whose)
    teams = queries.team_lines(span, counts)
    people = queries.technician_lines(span, counts, whose.team)
    context = {
        "asked": asked,
        "whole_store": asked.query(Whose()),
        "link": asked.query(whose),
        "tabs": _spans_to_choose(asked),
        "shown": queries.shown_measures(span, counts, whose),
        "tables": [(_("By team"), _with_links(asked, teams)), (_("By technician"), _with_links(asked, people))],
        "stages": [{"label": Stay(one.stage).label, "time": one} for one in stages],
        "together": together,
        "by_day": _chart_by_day(queries.finished_by_day(span, whose)),
    }
    return render(request, "workshop/measures.html", context)


def measure_rows(request, count):
    """The rows that a number was counted from."""
    if count not in queries.COUNTED_ROWS:
        raise Http404
    asked, count = _asked(request, timezone.now()), Counted(count)
    rows = queries.rows_of(count, asked.span, asked.whose)
    page = keyset_page(rows, request.GET, order=("-at", "-thing"))
    back = asked.query(asked.whose)
    context = {"asked": asked, "count": count, "page": page, "back": back, "in_hours": count in HOURS}
    return render(request, "workshop/measure_rows.html", context)


@require_safe
def measures_workbook(request):
    """What the page shows, and every row it was counted from, as a workbook."""
    at = timezone.now()
    asked = _asked(request, at)
    report = measures_report(asked.span, by=request.user, whose=asked.whose, name=asked.name)
    stream = io.BytesIO()
    to_xlsx(report, stream)
    record_export(subject=asked.span.store, title=report.file_stem, form="xlsx", by=request.user, at=at)
    name = {"Content-Disposition": f'attachment; filename="{report.file_stem}.xlsx"'}
    return HttpResponse(stream.getvalue(), content_type=XLSX, headers=name)


def _asked(request, at: datetime) -> Asked:
    """What stands in the address; without days, or with impossible ones, the month under way."""
    store, stores = store_asked(request), stores_to_choose(request.user)
    today = day_of(store, at)
    month = {"store": store.code, "first": today.replace(day=1), "last": today}
    form = MeasuredDaysForm(request.GET if "first" in request.GET else {**request.GET.dict(), **month}, stores=stores)
    days = form.cleaned_data if form.is_valid() else month
    whose, name = _whose(store, days.get("team"), days.get("technician"))
    [span] = queries.spans_of(store, [(days["first"], days["last"])], at)
    return Asked(form, span, whose, name)


def _whose(store: Store, team: int | None, technician: int | None) -> tuple[Whose, str]:
    if technician:
        return Whose(technician=technician), get_object_or_404(Staff, store=store, pk=technician).name
    if team:
        return Whose(team=team), get_object_or_404(Team, store=store, pk=team).name
    return Whose(), ""


def _spans_to_choose(asked: Asked) -> list[dict]:
    """The days people ask for most."""
    today = day_of(asked.span.store, asked.span.at)
    before = Period.of(today).previous()
    spans: list[tuple[str, date, date]] = [
        (pgettext("days", "Today"), today, today),
        (_("This week"), today - timedelta(days=today.weekday()), today),
        (_("This month"), today.replace(day=1), today),
        (_("Last month"), before.first_day, before.last_day),
    ]
    return [
        {
            "label": label,
            "url": f"?{asked.query(asked.whose, first, last)}",
            "active": (first, last) == (asked.span.first, asked.span.last),
        }
        for label, first, last in spans
    ]


def _with_links(asked: Asked, lines: list[Line]) -> list[tuple[Line, str]]:
    return [(line, asked.query(line.whose)) for line in lines]


def _chart_by_day(days: dict[date, int]) -> dict:
    """Bars of the jobs finished on each day."""
    return {
        "xAxis": {"type": "category", "data": [f"{day:%m-%d}" for day in days]},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": [{"name": str(Counted.JOBS.label), "type": "bar", "barMaxWidth": 24, "data": list(days.values())}],
    }
