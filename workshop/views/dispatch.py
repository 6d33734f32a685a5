"""The supervisor's pages: the queue and the work under way."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dealer_crm.values import Refusal
from reception.models import RepairOrder
from workshop import actions, queries
from workshop.forms import DispatchForm, ReassignForm
from workshop.models import Job
from workshop.views.shared import day_of, said, store_of


def dispatch_page(request):
    """The queue with a proposal for every work, and what is under way."""
    at, store = timezone.now(), store_of(request)
    loads = queries.team_loads(store, day_of(store, at))
    bays = list(queries.bays_in_use(store))
    forms = [DispatchForm(queued=queued, loads=loads, bays=bays) for queued in queries.dispatch_queue(request.user, at)]
    context = {"forms": forms, "loads": loads, "jobs": queries.jobs_under_way(request.user), "now": at}
    return render(request, "workshop/dispatch.html", context)


@require_POST
def dispatch_order(request, pk):
    at = timezone.now()
    order = get_object_or_404(RepairOrder.objects.visible_to(request.user).select_related("store"), pk=pk)
    queued = queries.dispatch_queue(request.user, at, order=order)
    if not queued:
        raise Refusal(_("Every work of this order is dispatched already."))
    loads = queries.team_loads(order.store, day_of(order.store, at))
    form = DispatchForm(request.POST, queued=queued[0], loads=loads, bays=list(queries.bays_in_use(order.store)))
    if not form.is_valid():
        raise Refusal(_("Choose a team or a technician from the list."))
    jobs = actions.dispatch_order(
        order=order, assignments=form.assignments(), by=request.user, at=at,
        expected_version=form.cleaned_data["version"],
    )  # fmt: skip
    messages.success(request, _("%(order)s: %(count)s dispatched.") % {"order": order.number, "count": len(jobs)})
    return redirect("workshop:dispatch")


def job_reassign(request, pk):
    """A dialog: other hands, another bay, and why."""
    job, at = _job(request, pk), timezone.now()
    loads = queries.team_loads(job.order.store, day_of(job.order.store, at))
    form = ReassignForm(request.POST or None, job=job, loads=loads)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        team, technician = chosen["hands"]
        try:
            actions.reassign_job(
                job=job, team=team, technician=technician, bay=chosen["bay"], reason=chosen["reason"],
                by=request.user, at=at, expected_version=chosen["version"],
            )  # fmt: skip
            messages.success(request, _("%(job)s goes to %(hands)s.") % {"job": job, "hands": technician or team})
            return redirect("workshop:dispatch")
        except Refusal as refusal:
            said(form, refusal)
    return render(request, "workshop/reassign.html#dialog" if request.htmx else "workshop/reassign.html", {
        "form": form, "job": job,
    })  # fmt: skip


@require_POST
def job_cancel(request, pk):
    job = _job(request, pk)
    actions.cancel_job(job=job, reason=request.POST.get("reason", ""), by=request.user, at=timezone.now())
    messages.success(request, _("%(job)s is called off.") % {"job": job})
    return redirect("workshop:dispatch")


@require_POST
def job_finish_for(request, pk):
    """The supervisor finishes for a technician who can't (gone home, no telephone)."""
    job = _job(request, pk)
    actions.finish_job(job=job, by=request.user, at=timezone.now())
    messages.success(request, _("%(job)s is finished.") % {"job": job})
    return redirect("workshop:dispatch")


def _job(request, pk) -> Job:
    jobs = Job.objects.visible_to(request.user).select_related("order__store", "order__vehicle", "team", "technician")
    return get_object_or_404(jobs, pk=pk)
