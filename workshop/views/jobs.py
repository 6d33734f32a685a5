"""The technician's pages, made for telephones and oily hands: start, pause, finish."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dealer_crm.access.permissions import Permission
from dealer_crm.values import Refusal
from reception.choices import LineKind
from reception.models import OrderLine, RepairOrder
from workshop import actions, queries
from workshop.choices import NOT_READY, InspectionLevel, JobState, PauseReason
from workshop.forms import PauseForm, SplitForm
from workshop.models import Job
from workshop.views.shared import day_of, said


def my_jobs(request):
    at, staff, store = timezone.now(), request.user, request.user.store
    points = queries.points_of(InspectionLevel.SELF, store=store, on=day_of(store, at)) if store else {}
    context = {
        "cards": queries.shown_jobs(queries.jobs_in_hand(staff), staff, at, points),
        "helped": queries.shown_jobs(queries.jobs_helped(staff), staff, at, points),
        "waiting": queries.jobs_of_team(staff, at) if store else [],
        "others": queries.jobs_to_help(staff, at) if store else [],
        "checks": queries.team_checks(staff, at) if store else [],
        "forgotten": queries.own_forgotten_clocks(staff, at),
        "reasons": PauseReason.choices,
        "now": at,
    }
    return render(request, "workshop/my_jobs.html", context)


def job(request, pk):
    """One job: its clock, who is at it, what was found and what the customer said."""
    at, staff = timezone.now(), request.user
    found = get_object_or_404(queries.at_the_car(Job.objects.visible_to(staff)), pk=pk)
    points = queries.checklist_of(InspectionLevel.SELF, order=found.order, on=day_of(found.order.store, at))
    [card] = queries.shown_jobs([found], staff, at, {found.order.kind: points})
    context = {"card": card, "reasons": PauseReason.choices, "now": at, "is_page": True}
    return render(request, "workshop/job.html", context)


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
def job_join(request, pk):
    actions.join_job(job=_own_job(request, pk), by=request.user, at=timezone.now())
    return redirect("workshop:my_jobs")


@require_POST
def job_leave(request, pk):
    actions.leave_job(job=_own_job(request, pk), by=request.user, at=timezone.now())
    return redirect("workshop:my_jobs")


@require_POST
def job_finish(request, pk):
    """Finishing is the technician's word that every point of the self-check is in order."""
    job = _own_job(request, pk)
    actions.finish_job(job=job, by=request.user, at=timezone.now())
    messages.success(request, _("%(plate)s: %(job)s is finished.") % {"plate": job.order.vehicle.plate, "job": job})
    return redirect("workshop:my_jobs")


def line_split(request, pk):
    """Who did how much of a labour line: by the clock, until the supervisor knows better."""
    line = get_object_or_404(
        OrderLine.objects.select_related("order__store", "order__vehicle"),
        order__in=RepairOrder.objects.visible_to(request.user), kind=LineKind.LABOUR, pk=pk,
    )  # fmt: skip
    at, order = timezone.now(), line.order
    minutes, shares = queries.hands_of_line(line, at)
    people = list(queries.technicians_of(order.store, day_of(order.store, at)))
    form = SplitForm(request.POST or None, version=order.version, technicians=people, shares=shares, minutes=minutes)
    if request.method == "POST" and form.is_valid():
        try:
            actions.split_labour(
                line=line, shares=form.shares(), by=request.user, at=at, expected_version=form.cleaned_data["version"]
            )
            messages.success(request, _("The labour is shared."))
            return redirect("reception:order", line.order_id)
        except Refusal as refusal:
            said(form, refusal)
    return render(request, "workshop/split.html", {"form": form, "line": line, "order": order})


def order_jobs(request, pk):
    """The workshop's part of the order page, loaded into it."""
    order = get_object_or_404(RepairOrder.objects.visible_to(request.user).select_related("store"), pk=pk)
    at, jobs = timezone.now(), list(queries.jobs_of_order(order))
    # Before any work is done there is nothing to check.
    is_checked = order.state in NOT_READY and any(job.state == JobState.FINISHED for job in jobs)
    context = {
        "order": order,
        "works": queries.shown_jobs(jobs, request.user, at, {}),
        "undispatched": queries.undispatched_lines(order),
        "inspections": queries.inspections_of(order),
        "due": [InspectionLevel(level) for level in queries.levels_due_of(order)] if is_checked else [],
        "may_split": request.user.can(Permission.JOB_DISPATCH) and not order.settled_at,
        "now": at,
    }
    return render(request, "workshop/order_jobs.html#jobs" if request.htmx else "workshop/order_jobs.html", context)


def _own_job(request, pk) -> Job:
    """A job of the person's store; whose it is decides the action."""
    jobs = Job.objects.visible_to(request.user).select_related("order__store", "order__vehicle", "technician")
    return get_object_or_404(jobs, pk=pk)
