"""Consumables (辅料领用), hour deductions (扣除工时)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dealer_crm.ui.fields import month_asked
from dealer_crm.ui.paging import keyset_page
from dealer_crm.ui.stores import store_asked
from dealer_crm.values import Period, Refusal
from workshop import actions, queries
from workshop.forms import Articles, ConsumablesFilter, ConsumablesForm, DeductionForm
from workshop.models import ConsumableIssue, HourDeduction
from workshop.views.shared import day_of, said


def consumables(request):
    """What was signed out in a month, with each team's sum."""
    at, store = timezone.now(), store_asked(request)
    month, month_form = month_asked(request.GET, Period.of(day_of(store, at)))
    filtered = ConsumablesFilter(request.GET, store=store)
    rows = queries.consumable_issues(request.user, month)
    if filtered.is_valid() and (team := filtered.cleaned_data["team"]):
        rows = rows.filter(team=team)
    page = keyset_page(rows, request.GET, order=("-issued_on", "-pk"))
    context = {
        "page": page, "month": month, "month_form": month_form, "filter_form": filtered,
        "totals": queries.consumables_of_month(store, month.first_day),
    }  # fmt: skip
    return render(request, "workshop/consumables.html", context)


def consumable_new(request):
    """Several articles at once, signed out by one person."""
    at, store = timezone.now(), store_asked(request)
    today = day_of(store, at)
    people = queries.technicians_of(store, today)
    form = ConsumablesForm(request.POST or None, store=store, technicians=people, initial={"issued_on": today})
    articles = Articles(request.POST or None, prefix="articles")
    if request.method == "POST" and form.is_valid() and articles.is_valid():
        try:
            issued = actions.issue_articles(articles=articles.articles(), by=request.user, at=at, **form.cleaned_data)
            messages.success(request, _("%(count)s entries, %(amount)s CNY.") % {
                "count": len(issued), "amount": f"{sum(one.amount for one in issued):,.2f}",
            })  # fmt: skip
            _tell_if_paid(request, store, issued[0].issued_on)
            return redirect("workshop:consumables")
        except Refusal as refusal:
            said(form, refusal)
    context = {"form": form, "articles": articles, "known": queries.articles_known(store)}
    return render(request, "workshop/consumable_new.html", context)


@require_POST
def consumable_take_back(request, pk):
    issue = get_object_or_404(ConsumableIssue.objects.visible_to(request.user), pk=pk)
    actions.take_back_consumables(
        issue=issue, reason=request.POST.get("reason", ""), by=request.user, at=timezone.now()
    )
    messages.success(request, _("%(number)s is taken back.") % {"number": issue.number})
    _tell_if_paid(request, issue.store, issue.issued_on)
    return redirect("workshop:consumables")


def deductions(request):
    rows = HourDeduction.objects.visible_to(request.user).select_related("staff", "entered_by", "approved_by")
    page = keyset_page(rows, request.GET, order=("-deducted_on", "-pk"))
    return render(request, "workshop/deductions.html", {"page": page})


def deduction_new(request):
    at, store = timezone.now(), store_asked(request)
    today = day_of(store, at)
    people = queries.technicians_of(store, today)
    begun = {"deducted_on": today, "staff": request.GET.get("staff"), "reason": request.GET.get("reason", "")[:200]}
    form = DeductionForm(request.POST or None, technicians=people, initial=begun)
    if request.method == "POST" and form.is_valid():
        try:
            deduction = actions.deduct_hours(by=request.user, at=at, **form.cleaned_data)
            messages.success(request, _("%(number)s is entered and waits for approval.") % {"number": deduction.number})
            _tell_if_paid(request, store, deduction.deducted_on)
            return redirect("workshop:deductions")
        except Refusal as refusal:
            said(form, refusal)
    return render(request, "workshop/deduction_new.html", {"form": form})


def deduction_approvals(request):
    """For the manager: what waits for a second pair of eyes."""
    return render(
        request, "workshop/deduction_approvals.html", {"deductions": queries.deductions_to_decide(request.user)}
    )


@require_POST
def deduction_approve(request, pk):
    deduction = _deduction(request, pk)
    actions.approve_deduction(deduction=deduction, by=request.user, at=timezone.now())
    messages.success(request, _("%(number)s is approved.") % {"number": deduction.number})
    _tell_if_paid(request, deduction.store, deduction.deducted_on)
    return redirect("workshop:deduction_approvals")


@require_POST
def deduction_decline(request, pk):
    deduction = _deduction(request, pk)
    reason = request.POST.get("reason", "")
    actions.decline_deduction(deduction=deduction, reason=reason, by=request.user, at=timezone.now())
    messages.success(request, _("%(number)s is declined.") % {"number": deduction.number})
    return redirect("workshop:deduction_approvals")


def _tell_if_paid(request, store, day) -> None:
    """What counts in a month that is paid is settled later; whoever enters it knows."""
    if queries.pay_is_locked(store, day):
        text = _("The pay of %(month)s is locked: it is settled as a correction with the next open month.")
        messages.info(request, text % {"month": f"{day:%Y-%m}"})


def _deduction(request, pk) -> HourDeduction:
    return get_object_or_404(HourDeduction.objects.visible_to(request.user), pk=pk)
