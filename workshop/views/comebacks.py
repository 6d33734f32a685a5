"""Comebacks (外返): the chain, the decision, and what it means for the teams' hours."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dealer_crm.organization.queries import figure
from dealer_crm.ui.paging import keyset_page
from dealer_crm.values import Refusal
from reception.choices import OrderKind
from reception.models import RepairOrder
from workshop import actions, queries
from workshop.choices import NotCounted
from workshop.forms import ComebackForm
from workshop.settings import COMEBACK_STANDARDS
from workshop.views.shared import day_of, said


def comebacks(request):
    """Comebacks to be decided, and those that are."""
    decided = request.GET.get("decided") == "1"
    page = keyset_page(queries.comebacks(request.user, decided=decided), request.GET, order=("-pk",))
    return render(request, "workshop/comebacks.html", {"page": page, "decided": decided})


def comeback(request, pk):
    order, at = _comeback(request, pk), timezone.now()
    kept = getattr(order, "comeback_decision", None)
    form = _form(order, at, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.decide_comeback(order=order, by=request.user, at=at, **form.decision())
            messages.success(request, _("The comeback is decided."))
            return redirect("workshop:comebacks")
        except Refusal as refusal:
            said(form, refusal)
    decision = form.draft() if form.is_bound else kept
    return render(request, "workshop/comeback.html", {
        "order": order, "form": form, "visits": queries.visits_of_fault(order), "decided": kept,
        "since": queries.since_delivery(order), "is_paid": queries.is_paid(order), **_effect(order, decision),
    })  # fmt: skip


@require_safe
def comeback_effect(request, pk):
    """What the decision would mean as far as it is filled in; asked while it is."""
    order, at = _comeback(request, pk), timezone.now()
    effect = _effect(order, _form(order, at, request.GET).draft())
    return render(request, "workshop/comeback.html#effect", {"order": order, **effect})


def _effect(order: RepairOrder, decision) -> dict:
    rows = [
        (row, NotCounted(row.why_not).label if row.why_not else "")
        for row in queries.hours_of_comeback(order, decision)
    ]
    return {"rows": rows, "is_decided": decision is not None}


def _form(order: RepairOrder, at, sent) -> ComebackForm:
    day = day_of(order.store, at)
    return ComebackForm(
        sent, order=order, technicians=queries.may_answer(order, day),
        standards=figure(COMEBACK_STANDARDS, store=order.store, on=day),
    )  # fmt: skip


def _comeback(request, pk) -> RepairOrder:
    orders = RepairOrder.objects.visible_to(request.user).filter(kind=OrderKind.COMEBACK)
    found = orders.select_related("vehicle", "store", "original__store", "comeback_decision__decided_by")
    return get_object_or_404(found, pk=pk)
