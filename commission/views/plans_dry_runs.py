"""Dry runs of plan versions: asked for, made, read, taken along."""

import io

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from commission import actions, queries
from commission.forms import DryRunForm
from commission.models import DryRun, PlanVersion
from commission.reports import dry_run_report
from commission.tasks import make_dry_run
from dealer_crm.later import later
from dealer_crm.organization.models import Staff
from dealer_crm.reporting.actions import record_export
from dealer_crm.reporting.choices import ReportState
from dealer_crm.reporting.progress import progress_of
from dealer_crm.reporting.views import PATIENCE, XLSX
from dealer_crm.reporting.workbooks import to_xlsx
from dealer_crm.ui.posted import valid


@require_POST
def dry_run_order(request, pk):
    """A short one is made while the page waits."""
    version, at = get_object_or_404(PlanVersion.objects.visible_to(request.user), pk=pk), timezone.now()
    dry_run = actions.order_dry_run(version=version, by=request.user, at=at, **valid(DryRunForm(request.POST)))
    if queries.is_small(dry_run):
        actions.make_dry_run(dry_run_id=dry_run.pk, at=at)
    else:
        later(make_dry_run, dry_run.pk)
    return redirect("commission:dry_run", dry_run.pk)


@require_safe
def dry_run(request, pk):
    """Who gains and who loses; while it is in the making, how far that has come. When no worker comes, the page does
    it."""
    found, at = _dry_run(request, pk), timezone.now()
    if found.state == ReportState.OWED and found.claimed_at is None and at - found.asked_at > PATIENCE:
        actions.make_dry_run(dry_run_id=found.pk, at=at)
        found = _dry_run(request, pk)
    is_made = found.state == ReportState.MADE
    context = {
        "dry_run": found,
        "result": queries.result_of(found) if is_made else None,
        "is_current": found.revision == found.version.revision,
        "progress": progress_of(queries.dry_run_key(found.pk)) if found.state == ReportState.OWED else None,
    }
    return render(
        request, "commission/plan_dry_run.html#dry_run" if request.htmx else "commission/plan_dry_run.html", context
    )


@require_safe
def dry_run_person(request, pk, staff):
    """What one person's difference is made of."""
    found = _dry_run(request, pk)
    person = get_object_or_404(Staff.objects.filter(pk__in=found.lines.values("staff")), pk=staff)
    context = {"dry_run": found, "person": person, "lines": queries.lines_of_person(found, person)}
    template = "commission/plan_dry_run_person.html"
    return render(request, f"{template}#dialog" if request.htmx else template, context)


@require_safe
def dry_run_workbook(request, pk):
    found, at = _dry_run(request, pk), timezone.now()
    report, stream = dry_run_report(found, by=request.user, at=at), io.BytesIO()
    to_xlsx(report, stream)
    record_export(subject=found.version, title=report.file_stem, form="xlsx", by=request.user, at=at)
    name = {"Content-Disposition": f'attachment; filename="{report.file_stem}.xlsx"'}
    return HttpResponse(stream.getvalue(), content_type=XLSX, headers=name)


def _dry_run(request, pk):
    rows = DryRun.objects.visible_to(request.user).select_related("version__plan__store", "asked_by")
    return get_object_or_404(rows, pk=pk)
