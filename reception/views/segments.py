"""Segments: saved questions about customers, counted and listed as they stand now."""

import io

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dealer_crm.access.permissions import Permission
from dealer_crm.organization.queries import store_of
from dealer_crm.reporting.actions import record_export
from dealer_crm.reporting.workbooks import to_xlsx
from dealer_crm.ui.paging import keyset_page
from reception import actions, forms, queries
from reception.reports.segments import segment_report
from reception.views.acting import attempt

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def segment_list(request):
    segments = queries.segments_visible_to(request.user)[:200]
    page = {
        "rows": queries.counts_of(segments, timezone.now()),
        "may_change": request.user.can(Permission.SEGMENT_CHANGE),
        "sees_all_stores": request.user.sees_all_stores,
    }
    return render(request, "reception/segments.html", page)


@require_safe
def segment(request, pk):
    """Who is in it now."""
    segment = get_object_or_404(queries.segments_visible_to(request.user), pk=pk)
    customers = queries.customers_in(segment, at=timezone.now())
    rows = keyset_page(queries.rows_shown(customers), request.GET, order=("-pk",))
    page = {
        "segment": segment,
        "page": rows,
        "asked": forms.asked_words(segment),
        "count": None if request.htmx else queries.count_up_to(customers),
        "may_change": request.user.can(Permission.SEGMENT_CHANGE),
        "may_export": request.user.can(Permission.REPORT_VIEW),
    }
    return render(request, "reception/segment.html" + ("#rows" if request.htmx else ""), page)


def segment_new(request):
    store = store_of(request.user)
    form = forms.SegmentForm(request.POST or None)

    def deed():
        return actions.create_segment(
            store=store, name=form.cleaned_data["name"], criteria=form.criteria(), by=request.user, at=timezone.now()
        )

    return _made(request, form, deed, title=_("New segment"), back=reverse("reception:segments"))


def segment_edit(request, pk):
    segment = get_object_or_404(queries.segments_visible_to(request.user), pk=pk)
    form = forms.SegmentForm(request.POST or None, initial=forms.SegmentForm.initial_of(segment))

    def deed():
        typed = form.cleaned_data
        return actions.change_segment(
            segment=segment, name=typed["name"], criteria=form.criteria(), by=request.user, at=timezone.now(),
            expected_version=typed["version"],
        )  # fmt: skip

    return _made(request, form, deed, title=segment.name, back=reverse("reception:segment", args=[pk]))


def _made(request, form, deed, *, title, back):
    if request.method == "POST" and form.is_valid() and (segment := attempt(form, deed)):
        return redirect("reception:segment", segment.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "reception/segment_form.html", {"form": form, "title": title, "back": back}, status=status)


@require_safe
def segment_count(request):
    """How many customers the form as it stands would give; asked while somebody puts it together."""
    form = forms.SegmentForm(request.GET)
    form.full_clean()
    found = queries.customers_matching(store_of(request.user), form.criteria(), at=timezone.now())
    return render(request, "reception/segment_form.html#count", {"count": queries.count_up_to(found)})


@require_POST
def segment_delete(request, pk):
    segment = get_object_or_404(queries.segments_visible_to(request.user), pk=pk)
    actions.delete_segment(segment=segment, by=request.user, at=timezone.now())
    messages.success(request, _("Segment “%(name)s” is deleted; its customers stay.") % {"name": segment.name})
    return redirect("reception:segments")


@require_safe
def segment_export(request, pk):
    """The list as a workbook; whole phones only for those who may take them out of the house."""
    segment = get_object_or_404(queries.segments_visible_to(request.user), pk=pk)
    at = timezone.now()
    report = segment_report(segment, by=request.user, at=at)
    stream = io.BytesIO()
    to_xlsx(report, stream)
    record_export(subject=segment, title=report.file_stem, form="xlsx", by=request.user, at=at)
    name = {"Content-Disposition": f'attachment; filename="{report.file_stem}.xlsx"'}
    return HttpResponse(stream.getvalue(), content_type=XLSX, headers=name)
