"""Computing a month: at once when it is short, else by a worker while a page shows how far it has come."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from commission import actions, queries
from commission.models import Computation
from commission.tasks import compute_month
from dealer_crm.later import later
from dealer_crm.organization.queries import store_of
from dealer_crm.reporting.choices import ReportState
from dealer_crm.reporting.progress import progress_of
from dealer_crm.reporting.views import PATIENCE
from dealer_crm.ui.fields import MonthForm
from dealer_crm.values import Period, Refusal


@require_POST
def run_compute(request):
    form = MonthForm(request.POST)
    if not form.is_valid():
        raise Refusal(" ".join(form.errors.get("period", [])))
    store, period, at = store_of(request.user), form.cleaned_data["period"], timezone.now()
    if not queries.is_short(store, period):
        ordered = actions.order_computation(store=store, period=period, by=request.user, at=at)
        later(compute_month, ordered.pk)
        return redirect("commission:computation", ordered.pk)
    try:
        run = actions.compute_run(store=store, period=period, by=request.user, at=at)
    except Refusal as refusal:
        return _refused(request, store, period, refusal)
    messages.success(request, _("%(run)s has been computed.") % {"run": run})
    return redirect("commission:run", run.pk)


@require_safe
def computation(request, pk):
    """How far a long month has come; then its run, or what stopped it. When no worker comes, the page does it."""
    rows, at = Computation.objects.visible_to(request.user).select_related("store"), timezone.now()
    ordered = get_object_or_404(rows, pk=pk)
    if ordered.state == ReportState.OWED and ordered.claimed_at is None and at - ordered.asked_at > PATIENCE:
        actions.make_computation(computation_id=ordered.pk, at=at)
        ordered.refresh_from_db()
    if ordered.state == ReportState.MADE:
        address = reverse("commission:run", args=[ordered.run_id])
        return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
    if ordered.state == ReportState.FAILED:
        if request.htmx:
            return HttpResponseClientRedirect(request.path)
        period = Period.parse(ordered.period)
        return _refused(request, ordered.store, period, Refusal(ordered.failure))
    context = {"ordered": ordered, "progress": progress_of(queries.computation_key(ordered.pk))}
    template = "commission/computation.html"
    return render(request, f"{template}#making" if request.htmx else template, context)


def _refused(request, store, period, refusal):
    """What is missing, each with the page where it is mended."""
    missing = queries.missing_for(store, period)
    if not missing:
        raise refusal
    rows = [(item, request.user.can(item.permission)) for item in missing]
    context = {"period": period, "refusal": refusal, "missing": missing, "rows": rows}
    return render(request, "commission/missing.html", context, status=409)
