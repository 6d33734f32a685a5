"""The technician's page, made for telephones and oily hands: start, pause, finish."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dealer_crm.access.permissions import Permission
from dealer_crm.values import Refusal
from reception.models import RepairOrder
from workshop import actions, queries
from workshop.choices import NOT_READY, InspectionLevel, PauseReason
from workshop.forms import PauseForm
from workshop.models import Job
from workshop.views.shared import day_of


def my_jobs(request):
    at, store = timezone.now(), request.user.store
    context = {
        "jobs": queries.jobs_in_hand(request.user),
        "waiting": queries.jobs_of_team(request.user, at) if store else [],
        "points": queries.checklist_of(InspectionLevel.SELF, store=store, on=day_of(store, at)) if store else [],
        "checks": queries.team_checks(request.user, at) if store else [],
        "reasons": PauseReason.choices,
        "now": at,
    }
    return render(request, "workshop/my_jobs.html", context)


@require_POST
def job_start(request, pk):
    actions.start_job(job=_own_job(request, pk), by=request.user, at=timezone.now())
    return redirect("workshop:my_jobs")


@require_POST
def job_resume(request, pk):
    actions.resume_job(job=_own_job(request, pk), by=request.user, at=timezone.now())
    return redirect("workshop:my_jobs")


@require_POST
def job_pause(request, pk):
    job, form = _own_job(request, pk), PauseForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("Say what you are waiting for."))
    reason = PauseReason(form.cleaned_data["reason"])
    actions.pause_job(job=job, reason=reason, by=request.user, at=timezone.now())
    return redirect("workshop:my_jobs")


@require_POST
def job_finish(request, pk):
    """Finishing is the technician's word that every point of the self-check is in order."""
    at, job = timezone.now(), _own_job(request, pk)
    points = queries.checklist_of(InspectionLevel.SELF, store=job.order.store, on=day_of(job.order.store, at))
    actions.finish_job(job=job, by=request.user, at=at, checklist=dict.fromkeys(points, True))
    messages.success(request, _("%(plate)s: %(job)s is finished.") % {"plate": job.order.vehicle.plate, "job": job})
    return redirect("workshop:my_jobs")


def order_jobs(request, pk):
    """The workshop's part of the order page, loaded into it."""
    order = get_object_or_404(RepairOrder.objects.visible_to(request.user).select_related("store"), pk=pk)
    at = timezone.now()
    context = {
        "order": order,
        "works": [(job, queries.clocked_minutes(job, at)) for job in queries.jobs_of_order(order)],
        "undispatched": queries.undispatched_lines(order),
        "inspections": queries.inspections_of(order),
        "due": [InspectionLevel(level) for level in queries.levels_due_of(order)] if order.state in NOT_READY else [],
        "may_split": request.user.can(Permission.JOB_DISPATCH) and not order.settled_at,
        "now": at,
    }
    return render(request, "workshop/order_jobs.html#jobs" if request.htmx else "workshop/order_jobs.html", context)


def _own_job(request, pk) -> Job:
    """A job of the person's store; whose it is decides the action."""
    jobs = Job.objects.visible_to(request.user).select_related("order__store", "order__vehicle", "technician")
    return get_object_or_404(jobs, pk=pk)
