"""The supervisor's pages: the queue and the work under way."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dealer_crm.ui.stores import store_asked
from dealer_crm.values import Refusal
from reception.models import RepairOrder
from workshop import actions, queries
from workshop.forms import DispatchForm, ReassignForm
from workshop.models import Job
from workshop.views.shared import said


def dispatch_page(request):
    """The queue with a proposal for every work, hands and bays, and what is under way."""
    at = timezone.now()
    return _page(request, queries.floor_of(store_asked(request), at), at)


@require_POST
def dispatch_order(request, pk):
    at = timezone.now()
    order = get_object_or_404(RepairOrder.objects.visible_to(request.user).select_related("store"), pk=pk)
    floor = queries.floor_of(order.store, at)
    queued = queries.dispatch_queue(request.user, at, order=order, floor=floor)
    if not queued:
        raise Refusal(_("Every work of this order is dispatched already."))
    form = DispatchForm(request.POST, queued=queued[0], floor=floor)
    if not form.is_valid():
        raise Refusal(_("Choose a team or a technician from the list."))
    given = form.cleaned_data
    try:
        jobs = actions.dispatch_order(
            order=order, assignments=form.assignments(), confirmed=given["confirmed"], by=request.user, at=at,
            expected_version=given["version"],
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.code != "needs_confirmation":
            raise
        form.doubts = refusal.details
        return _page(request, floor, at, asked=form)
    messages.success(request, _("%(order)s: %(count)s dispatched.") % {"order": order.number, "count": len(jobs)})
    return redirect("workshop:dispatch")


def job_reassign(request, pk):
    """A dialog: other hands, another bay, and why."""
    job, at = _job(request, pk), timezone.now()
    form = ReassignForm(
        request.POST or None, job=job, floor=queries.floor_of(job.order.store, at), wanted=request.GET
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        team, technician = chosen["hands"]
        try:
            actions.reassign_job(
                job=job, team=team, technician=technician, bay=chosen["bay"], reason=chosen["reason"],
                by=request.user, at=at, confirmed=chosen["confirmed"], expected_version=chosen["version"],
            )  # fmt: skip
            messages.success(request, _("%(job)s goes to %(hands)s.") % {"job": job, "hands": technician or team})
            return redirect("workshop:dispatch")
        except Refusal as refusal:
            if refusal.code == "needs_confirmation":
                form.doubts = refusal.details
            else:
                said(form, refusal)
    template = "workshop/reassign.html#dialog" if request.htmx else "workshop/reassign.html"
    return render(request, template, {"form": form, "job": job}, status=422 if request.method == "POST" else 200)


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


def _page(request, floor: queries.Floor, at, *, asked: DispatchForm | None = None):
    """The dispatch page; `asked`: the form that waits for a confirmation."""
    forms = [
        asked if asked and asked.queued.order == queued.order else DispatchForm(queued=queued, floor=floor)
        for queued in queries.dispatch_queue(request.user, at, floor=floor)
    ]
    context = {"forms": forms, "floor": floor, "now": at}
    return render(request, "workshop/dispatch.html", context, status=422 if asked else 200)


def _job(request, pk) -> Job:
    jobs = Job.objects.visible_to(request.user).select_related("order__store", "order__vehicle", "team", "technician")
    return get_object_or_404(jobs, pk=pk)
