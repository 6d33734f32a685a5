"""Checks of cars whose work is done, and what failed."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.access.permissions import Permission
from dealer_crm.ui.paging import keyset_page
from dealer_crm.values import Refusal
from reception.choices import OrderState
from reception.models import RepairOrder
from workshop import actions, queries
from workshop.choices import InspectionLevel, InspectionResult
from workshop.forms import InspectionForm
from workshop.views.shared import day_of, said


def inspection_queue(request):
    return render(request, "workshop/inspections.html", {
        "tasks": queries.inspection_queue(request.user), "now": timezone.now(),
    })  # fmt: skip


def inspection(request, pk):
    """The check whose turn it is."""
    return _check(request, pk, back="workshop:inspections")


def team_check(request, pk):
    """The team leader's check (互检), reached from the leader's own jobs."""
    return _check(request, pk, back="workshop:my_jobs")


def _check(request, pk, *, back: str):
    at = timezone.now()
    orders = RepairOrder.objects.visible_to(request.user).select_related("vehicle", "store", "advisor")
    order = get_object_or_404(orders, pk=pk)
    due = queries.levels_due_of(order)
    if order.state != OrderState.INSPECTION or not due:
        raise Refusal(_("Order %(order)s is not in inspection.") % {"order": order.number})
    level = InspectionLevel(due[0])
    points = queries.checklist_of(level, order=order, on=day_of(order.store, at))
    people = queries.hands_on(order)
    form = InspectionForm(request.POST or None, request.FILES or None, order=order, points=points, people=people)
    if request.method == "POST" and form.is_valid() and _inspected(request, order, level, form, at):
        return redirect(back)
    works = queries.shown_jobs(queries.jobs_of_order(order), request.user, at, {})
    return render(request, "workshop/inspection.html", {
        "order": order, "level": level, "form": form, "works": works, "back": back,
        "inspections": queries.inspections_of(order), "now": at,
    })  # fmt: skip


def _inspected(request, order, level, form, at) -> bool:
    result = InspectionResult.PASSED if request.POST.get("result") == "passed" else InspectionResult.FAILED
    try:
        actions.inspect_order(
            order=order, level=level, result=result, by=request.user, at=at,
            checklist=form.checklist(has_passed=result == InspectionResult.PASSED),
            defects=form.cleaned_data["defects"], responsible=form.cleaned_data["responsible"],
            photos=form.cleaned_data["photos"], expected_version=form.cleaned_data["version"],
        )  # fmt: skip
    except Refusal as refusal:
        said(form, refusal)
        return False
    sentence = (
        _("%(plate)s passed: %(level)s.") if result == InspectionResult.PASSED else _("%(plate)s failed: %(level)s.")
    )
    messages.success(request, sentence % {"plate": order.vehicle.plate, "level": level.label})
    return True


def reworks(request):
    """Internal reworks (内返): what failed, who answers, and what the redo took."""
    rows = queries.failed_inspections(request.user)
    page = keyset_page(rows, request.GET, order=("-pk",))
    at = timezone.now()
    return render(request, "workshop/reworks.html", {
        "page": page, "checks": [(one, queries.minutes_of_redo(one, at)) for one in page.rows],
        "may_deduct": request.user.can(Permission.DEDUCTION_CHANGE),
    })  # fmt: skip
