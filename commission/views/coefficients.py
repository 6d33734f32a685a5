"""Temporary coefficients."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commission import actions, queries
from commission.choices import ChangeState
from commission.forms import CoefficientFilter, CoefficientForm
from dealer_crm.access.permissions import Permission
from dealer_crm.ui.paging import keyset_page
from dealer_crm.values import Period, Refusal


def coefficients(request):
    """What was asked and decided, as far as this person may read it."""
    day = _today(request.user)
    form = CoefficientFilter(request.GET)
    rows = queries.coefficients_matching(queries.coefficient_changes_for(request.user, day), form)
    page = keyset_page(rows, request.GET, order=("-starts_on", "-pk"))
    template = "commission/coefficients.html#rows" if request.htmx else "commission/coefficients.html"
    may_ask = queries.teams_to_ask_for(request.user, day).exists()
    return render(request, template, {"filter_form": form, "page": page, "may_ask": may_ask})


def coefficient(request, pk):
    change = _coefficient_change(request, pk)
    deciding = request.user.can(Permission.COEFFICIENT_APPROVE) and request.user.pk != change.staff_id
    is_waiting = change.state == ChangeState.ASKED
    context = {
        "change": change,
        "positions": queries.positions_during(change.staff, change.starts_on, change.ends_on),
        "may_decide": deciding and is_waiting and request.user.pk != change.asked_by_id,
        "may_revoke": deciding and change.state == ChangeState.APPROVED,
        "may_withdraw": is_waiting and request.user.pk == change.asked_by_id,
    }
    return render(request, "commission/coefficient.html", context)


def coefficient_ask(request):
    at, today = timezone.now(), _today(request.user)
    month = Period.of(today)
    begun = {"starts_on": month.first_day, "ends_on": month.last_day, "staff": request.GET.get("staff")}
    people = queries.people_to_ask_for(request.user, today)
    form = CoefficientForm(request.POST or None, people=people, initial=begun)
    if request.method == "POST" and form.is_valid():
        try:
            change = actions.ask_for_change(by=request.user, at=at, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("Asked for; it holds once the station manager has approved it."))
            return redirect("commission:coefficient", change.pk)
    return render(request, "commission/coefficient_ask.html", {"form": form, "people": people})


@require_POST
def coefficient_approve(request, pk):
    return _decide(request, pk, actions.approve_change, _("Approved; both have been told."))


@require_POST
def coefficient_decline(request, pk):
    reason = request.POST.get("reason", "")
    return _decide(request, pk, actions.decline_change, _("Declined; who asked has been told."), reason=reason)


@require_POST
def coefficient_revoke(request, pk):
    reason = request.POST.get("reason", "")
    return _decide(request, pk, actions.revoke_change, _("Taken back; it is not paid by."), reason=reason)


@require_POST
def coefficient_withdraw(request, pk):
    return _decide(request, pk, actions.withdraw_change, _("The request is withdrawn."))


def _decide(request, pk, action, success, **arguments):
    action(change=_coefficient_change(request, pk), by=request.user, at=timezone.now(), **arguments)
    messages.success(request, success)
    return redirect("commission:coefficient", pk)


def _coefficient_change(request, pk):
    return get_object_or_404(queries.coefficient_changes_for(request.user, _today(request.user)), pk=pk)


def _today(staff):
    """The day by the clock of a person's store."""
    return timezone.localdate(timezone=staff.store.tz if staff.store else None)
