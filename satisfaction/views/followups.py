"""What a figure asks for: flags that must be dealt with, improvement plans."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.access.permissions import Permission
from dealer_crm.organization.queries import figure, store_of
from dealer_crm.ui.paging import keyset_page
from dealer_crm.values import Period, Refusal
from satisfaction import actions, queries
from satisfaction.forms import FlagForm, PlanForm, ResultForm
from satisfaction.models import Flag, ImprovementPlan, Question
from satisfaction.queries import Scope
from satisfaction.settings import PLAN_DAYS


def flag_list(request):
    """Bad answers: those to be dealt with, the oldest first; or those that were, newest first."""
    dealt = request.GET.get("dealt") == "1"
    rows = queries.flags_for(request.user, dealt=dealt)
    page = keyset_page(rows, request.GET, order=("-raised_at", "-pk") if dealt else ("raised_at", "pk"))
    here = reverse("satisfaction:flags")
    tabs = [
        {
            "url": here,
            "label": _("To be dealt with"),
            "active": not dealt,
            "count": queries.undealt_count(request.user),
        },
        {"url": f"{here}?dealt=1", "label": _("Dealt with"), "active": dealt},
    ]
    context = {"page": page, "dealt": dealt, "tabs": tabs}
    template = "satisfaction/flags.html#rows" if request.htmx else "satisfaction/flags.html"
    return render(request, template, context)


def flag_deal(request, pk):
    flag = get_object_or_404(Flag.objects.visible_to(request.user), pk=pk)
    if request.method == "POST":
        form = FlagForm(request.POST)
        result = form.cleaned_data["result"] if form.is_valid() else ""
        actions.deal_with_flag(flag=flag, result=result, by=request.user, at=timezone.now())
        messages.success(request, _("Dealt with."))
    return redirect("satisfaction:flags")


def plan_list(request):
    return render(
        request,
        "satisfaction/plans.html",
        {
            "open_plans": queries.plans_for(request.user, is_open=True),
            "page": keyset_page(
                queries.plans_for(request.user, is_open=False), request.GET, order=("-closed_at", "-pk")
            ),
            "today": timezone.localdate(),
        },
    )


def plan_new(request, period, code):
    """Open a plan for a factor of a month of one's own store, with its figure beside the form."""
    store, now = store_of(request.user), timezone.now()
    month, question = _month(period), _factor(code)
    row = next((one for one in queries.month_figures(Scope(store, month)).factors if one.question.code == code), None)
    due_on = timezone.localdate(now) + timedelta(days=figure(PLAN_DAYS, store=store, on=timezone.localdate(now)))
    form = PlanForm(request.POST or None, store=store, initial={"due_on": due_on})
    if request.method == "POST" and form.is_valid():
        try:
            plan = actions.open_plan(
                store=store, period=month, factor=question, **form.cleaned_data, by=request.user, at=now
            )
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("The plan is open and its owner is told."))
            return redirect("satisfaction:plan", plan.pk)
    context = {"form": form, "question": question, "row": row, "period": month}
    return render(request, "satisfaction/plan_new.html", context, status=422 if form.errors else 200)


def plan_page(request, pk):
    plan = _plan(request, pk)
    may_close = plan.closed_at is None and request.user.can(Permission.IMPROVEMENT_CHANGE)
    context = {
        "plan": plan,
        "effects": queries.effect_of(plan, until=Period.of(timezone.now(), plan.store.tz)),
        "form": ResultForm() if may_close else None,
        "today": timezone.localdate(),
    }
    return render(request, "satisfaction/plan.html", context)


def plan_close(request, pk):
    plan = _plan(request, pk)
    if request.method == "POST":
        form = ResultForm(request.POST)
        result = form.cleaned_data["result"] if form.is_valid() else ""
        actions.close_plan(plan=plan, result=result, by=request.user, at=timezone.now())
        messages.success(request, _("The plan is closed."))
    return redirect("satisfaction:plan", pk)


def _plan(request, pk) -> ImprovementPlan:
    plans = ImprovementPlan.objects.visible_to(request.user).select_related("store", "owner", "created_by", "closed_by")
    return get_object_or_404(plans, pk=pk)


def _month(period: str) -> Period:
    try:
        return Period.parse(period)
    except ValueError as error:
        raise Http404 from error


def _factor(code: str) -> Question:
    """The newest published wording of a factor."""
    questions = Question.objects.filter(code=code, weight__isnull=False, version__published_at__isnull=False)
    question = questions.order_by("-version__number").first()
    if question is None:
        raise Http404
    return question
