from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.values import Refusal
from reception.choices import OrderKind, OrderState
from reception.models import RepairOrder
from workshop import actions, queries
from workshop.choices import InspectionLevel, InspectionResult
from workshop.forms import ComebackForm, InspectionForm
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
    points = queries.checklist_of(level, store=order.store, on=day_of(order.store, at))
    form = InspectionForm(request.POST or None, order=order, points=points, people=queries.hands_on(order))
    if request.method == "POST" and form.is_valid() and _inspected(request, order, level, form, at):
        return redirect(back)
    works = [(job, queries.clocked_minutes(job, at)) for job in queries.jobs_of_order(order)]
    return render(request, "workshop/inspection.html", {
        "order": order, "level": level, "form": form, "works": works, "back": back,
        "inspections": queries.inspections_of(order), "now": at,
    })  # fmt: skip


def _inspected(request, order, level, form, at) -> bool:
    result = InspectionResult.PASSED if request.POST.get("result") == "passed" else InspectionResult.FAILED
    try:
        actions.inspect_order(
            order=order, level=level, result=result, checklist=form.confirmed(), by=request.user, at=at,
            defects=form.cleaned_data["defects"], responsible=form.cleaned_data["responsible"],
            expected_version=form.cleaned_data["version"],
        )  # fmt: skip
    except Refusal as refusal:
        said(form, refusal)
        return False
    sentence = (
        _("%(plate)s passed: %(level)s.") if result == InspectionResult.PASSED else _("%(plate)s failed: %(level)s.")
    )
    messages.success(request, sentence % {"plate": order.vehicle.plate, "level": level.label})
    return True


def comebacks(request):
    """Comebacks (外返) to be decided, and those that are."""
    decided = request.GET.get("decided") == "1"
    return render(request, "workshop/comebacks.html", {
        "orders": queries.comebacks(request.user, decided=decided)[:200], "decided": decided,
    })  # fmt: skip


def comeback(request, pk):
    orders = RepairOrder.objects.visible_to(request.user).filter(kind=OrderKind.COMEBACK)
    order = get_object_or_404(orders.select_related("vehicle", "store", "original__store"), pk=pk)
    at = timezone.now()
    people = queries.technicians_of(order.store, day_of(order.store, at))
    form = ComebackForm(request.POST or None, store=order.store, technicians=people, initial=_decided(order))
    if request.method == "POST" and form.is_valid():
        try:
            actions.decide_comeback(order=order, by=request.user, at=at, **form.cleaned_data)
            messages.success(request, _("The comeback is decided."))
            return redirect("workshop:comebacks")
        except Refusal as refusal:
            said(form, refusal)
    return render(request, "workshop/comeback.html", {
        "order": order, "form": form, "done": queries.jobs_of_order(order.original),
    })  # fmt: skip


def _decided(order: RepairOrder) -> dict:
    decision = getattr(order, "comeback_decision", None)
    if decision is None:
        return {}
    return {
        "is_accepted": "yes" if decision.is_accepted else "no",
        "responsibility": decision.responsibility,
        "team": decision.team_id,
        "technician": decision.technician_id,
        "standard": decision.standard,
    }
