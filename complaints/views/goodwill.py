"""Goodwill: a month with its budget, asking for it, granting it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from complaints import actions, queries
from complaints.forms.judging import BudgetForm, GoodwillForm
from complaints.models import Complaint, Goodwill
from complaints.views.charts import kinds_chart
from dealer_crm.access.permissions import Permission
from dealer_crm.organization.queries import store_of, stores_to_choose
from dealer_crm.ui.fields import month_asked
from dealer_crm.ui.paging import keyset_page
from dealer_crm.ui.posted import valid, version_of
from dealer_crm.values import Period


def month(request):
    """What waits for this person, the month's budget with what is left, and every booking of it."""
    now, stores = timezone.now(), stores_to_choose(request.user)
    store = next((one for one in stores if one.code == request.GET.get("store")), stores[0])
    period, form = month_asked(request.GET, Period.of(now, store.tz))
    of_month = queries.month_of_goodwill(store, period)
    may_budget = request.user.can(Permission.GOODWILL_BUDGET_CHANGE) and period >= Period.of(now, store.tz)
    context = {
        "month": of_month,
        "filter_form": form,
        "stores": stores,
        "store": store,
        "waiting": queries.goodwill_waiting_for(request.user, on=timezone.localdate(now)),
        "page": keyset_page(queries.goodwill_of_month(store, period), request.GET, order=("-requested_at", "-pk")),
        "chart": kinds_chart(of_month.kinds) if len(of_month.kinds) > 1 else None,
        "budget_form": BudgetForm(initial={"amount": of_month.budget}) if may_budget else None,
        "may_approve": request.user.can(Permission.GOODWILL_APPROVE),
        "may_view": request.user.can(Permission.COMPLAINT_VIEW),
    }
    return render(request, "complaints/goodwill.html", context)


@require_POST
def budget(request):
    """Set the budget of a month of one's own store."""
    store, now = store_of(request.user), timezone.now()
    period, _form = month_asked(request.POST, Period.of(now, store.tz))
    actions.change_goodwill_budget(
        store=store, period=period, **valid(BudgetForm(request.POST)), by=request.user, at=now
    )
    messages.success(request, _("The budget of %(period)s is set.") % {"period": period})
    return redirect(f"{reverse('complaints:goodwill')}?period={period}")


@require_POST
def ask(request, pk):
    """Ask for goodwill on a complaint."""
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user), pk=pk)
    said = valid(GoodwillForm(request.POST))
    actions.request_goodwill(complaint=complaint, **said, by=request.user, at=timezone.now())
    messages.success(request, _("The goodwill waits for somebody who may grant it."))
    return redirect("complaints:complaint", pk)


@require_POST
def approve(request, pk):
    goodwill = _goodwill(request, pk)
    actions.approve_goodwill(
        goodwill=goodwill, by=request.user, at=timezone.now(), expected_version=version_of(request)
    )
    messages.success(request, _("Granted and booked."))
    return redirect("complaints:goodwill")


@require_POST
def decline(request, pk):
    goodwill, reason = _goodwill(request, pk), request.POST.get("reason", "")
    actions.decline_goodwill(
        goodwill=goodwill, reason=reason, by=request.user, at=timezone.now(), expected_version=version_of(request)
    )
    messages.success(request, _("Declined; who asked is told."))
    return redirect("complaints:goodwill")


@require_POST
def take_back(request, pk):
    goodwill, reason = _goodwill(request, pk), request.POST.get("reason", "")
    actions.reverse_goodwill(
        goodwill=goodwill, reason=reason, by=request.user, at=timezone.now(), expected_version=version_of(request)
    )
    messages.success(request, _("Taken back; the budget has it again."))
    return redirect("complaints:goodwill")


def _goodwill(request, pk) -> Goodwill:
    return get_object_or_404(Goodwill.objects.visible_to(request.user).select_related("complaint"), pk=pk)
