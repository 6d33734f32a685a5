"""Improvement plans: the list, one plan through its four stages, what is owed."""

from datetime import timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.access.permissions import Permission
from dealer_crm.organization.queries import figures, store_of
from dealer_crm.ui.fields import month_asked
from dealer_crm.ui.paging import keyset_page
from dealer_crm.ui.posted import valid
from dealer_crm.values import Period, Refusal
from reception.queries import story_of
from satisfaction import actions, queries
from satisfaction.choices import PlanStage
from satisfaction.forms import CarryOutForm, DaysForm, FreePlanForm, OwnerForm, PlanFilter, PlanForm, ResultForm
from satisfaction.models import ImprovementPlan, Question
from satisfaction.queries import Scope
from satisfaction.settings import CHECK_DAYS, PLAN_DAYS

LATE = "late"
# So many plans stand on one printed list.
PRINTED = 200


def plan_list(request):
    """The plans by stage (计划 → 执行 → 检查 → 处置), the late ones, narrowed by month, factor and person."""
    today, form = timezone.localdate(), PlanFilter(request.GET, staff=request.user)
    rows, stage = _matching(request, form, today)
    order = ("-closed_at", "-pk") if stage == PlanStage.ACT else ("due_on", "pk")
    context = {
        "page": keyset_page(rows, request.GET, order=order),
        "filter_form": form,
        "stage": stage,
        "tabs": _tabs(stage, form, queries.plan_counts(request.user, on=today)),
        "today": today,
        "may_plan": _may_plan(request),
        "query": request.GET.urlencode(),
    }
    template = "satisfaction/plans.html#rows" if request.htmx else "satisfaction/plans.html"
    return render(request, template, context)


def plan_print(request):
    """The same list on paper."""
    today, form = timezone.localdate(), PlanFilter(request.GET, staff=request.user)
    rows, stage = _matching(request, form, today)
    plans = rows.order_by("due_on", "pk")[:PRINTED]
    return render(request, "satisfaction/plans_print.html", {"plans": plans, "stage": stage, "today": today})


def plans_owed(request):
    """The weaknesses of a month that have no plan yet, and the factors whose owner had them for too long."""
    store, now = store_of(request.user), timezone.now()
    period, form = month_asked(request.GET, Period.of(now, store.tz).previous())
    owed = queries.PlansOwed(store, period)
    context = {
        "period": period,
        "filter_form": form,
        "owed": owed.weaknesses,
        "owed_by": queries.plans_owed_by(store, period),
        "under_target": owed.under_target,
        "today": timezone.localdate(now),
    }
    return render(request, "satisfaction/plans_owed.html", context)


def plan_new(request, period, code):
    """Open a plan for a factor of a month of one's own store, with its figure beside the form."""
    store, now = store_of(request.user), timezone.now()
    month, question = _month(period), _factor(code)
    row = next(iter(queries.factor_rows(Scope(store, month, factor=code))), None)
    form = PlanForm(request.POST or None, store=store, initial=_days(store, now))
    if request.method == "POST" and form.is_valid():
        made = _open(request, form, store, {"period": month, "factor": question, **form.cleaned_data}, now)
        if made:
            return redirect("satisfaction:plan", made.pk)
    context = {"form": form, "question": question, "row": row, "period": month}
    return render(request, "satisfaction/plan_new.html", context, status=422 if form.errors else 200)


def plan_free(request):
    """Open a plan of one's own accord: any factor, any month."""
    store, now = store_of(request.user), timezone.now()
    factors = queries.csi_version().questions.filter(weight__isnull=False)
    initial = {"period": Period.of(now, store.tz), **_days(store, now)}
    form = FreePlanForm(request.POST or None, store=store, factors=factors, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = _open(request, form, store, form.cleaned_data, now)
        if made:
            return redirect("satisfaction:plan", made.pk)
    return render(request, "satisfaction/plan_new.html", {"form": form}, status=422 if form.errors else 200)


def plan_page(request, pk):
    """The plan, where it stands, whether it helped, and what comes next."""
    plan, now = _plan(request, pk), timezone.now()
    is_open, may_plan = plan.closed_at is None, _may_plan(request)
    may_work = is_open and (may_plan or plan.owner_id == request.user.pk)
    context = {
        "plan": plan,
        "steps": _steps(plan, timezone.localdate(now)),
        "effect": queries.effect_of(plan, at=now),
        "may_begin": may_work and plan.stage == PlanStage.PLAN,
        "done_form": CarryOutForm() if may_work and plan.done_at is None else None,
        "form": ResultForm() if is_open and may_plan else None,
        "owner_form": OwnerForm(store=plan.store) if is_open and may_plan else None,
        "days_form": DaysForm(initial={"due_on": plan.due_on, "check_on": plan.check_on})
        if is_open and may_plan
        else None,
        "wants_owner": is_open
        and may_plan
        and queries.wants_new_owner(plan, last=Period.of(now, plan.store.tz).previous()),
        "story": story_of(plan),
        "is_late": plan.is_late(timezone.localdate(now)),
    }
    return render(request, "satisfaction/plan.html", context)


def plan_begin(request, pk):
    plan = _plan(request, pk)
    if request.method == "POST":
        actions.begin_plan(plan=plan, by=request.user, at=timezone.now())
        messages.success(request, _("The plan is under way."))
    return redirect("satisfaction:plan", pk)


def plan_done(request, pk):
    plan = _plan(request, pk)
    if request.method == "POST":
        form = CarryOutForm(request.POST)
        note = form.cleaned_data["note"] if form.is_valid() else ""
        actions.carry_out_plan(plan=plan, note=note, by=request.user, at=timezone.now())
        messages.success(request, _("Noted. Its figures are watched from now on."))
    return redirect("satisfaction:plan", pk)


def plan_owner(request, pk):
    plan = _plan(request, pk)
    if request.method == "POST":
        form = OwnerForm(request.POST, store=plan.store)
        valid(form)
        actions.change_owner(plan=plan, **form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, _("%(person)s is told.") % {"person": form.cleaned_data["owner"]})
    return redirect("satisfaction:plan", pk)


def plan_days(request, pk):
    plan = _plan(request, pk)
    if request.method == "POST":
        form = DaysForm(request.POST)
        valid(form)
        actions.postpone_plan(plan=plan, **form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, _("The days are moved."))
    return redirect("satisfaction:plan", pk)


def plan_close(request, pk):
    plan = _plan(request, pk)
    if request.method == "POST":
        form = ResultForm(request.POST)
        said = form.cleaned_data if form.is_valid() else {"result": ""}
        actions.close_plan(plan=plan, **said, by=request.user, at=timezone.now())
        messages.success(request, _("The plan is closed."))
    return redirect("satisfaction:plan", pk)


# ── Parts ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def _matching(request, form: PlanFilter, today):
    """The rows of the filter, and the tab: a stage, "late", or every open plan."""
    said = form.cleaned_data if form.is_valid() else {}
    stage = said.get("stage", "")
    is_late, stage = stage == LATE, stage if stage in PlanStage.values else ""
    rows = queries.plans_matching(
        request.user, on=today, stage=stage, is_late=is_late, period=said.get("period"),
        factor=said.get("factor", ""), owner=said.get("owner"),
    )  # fmt: skip
    return rows, LATE if is_late else stage


def _tabs(active: str, form: PlanFilter, counts: dict[str, int]) -> list[dict]:
    kept = {name: value for name, value in form.data.items() if name in ("period", "factor", "owner") and value}
    open_now = sum(counts[stage] for stage in (PlanStage.PLAN, PlanStage.DO, PlanStage.CHECK))
    tabs = [
        ("", _("Open plans"), open_now),
        *((stage.value, str(stage.label), counts[stage]) for stage in PlanStage),
        (LATE, _("Late"), counts[LATE]),
    ]
    return [
        {"url": f"?{urlencode(kept | {'stage': code})}", "label": label, "count": count, "active": code == active}
        for code, label, count in tabs
    ]


def _steps(plan: ImprovementPlan, today) -> list[dict]:
    """The four stages with the day on which each was, or is to be, reached."""
    order = list(PlanStage)
    here = order.index(plan.stage)
    days = [plan.created_at, plan.begun_at, plan.done_at, plan.closed_at]
    details = [f"{timezone.localtime(day):%m-%d}" if day else "" for day in days]
    if plan.done_at is None:
        details[2] = _("by %(day)s") % {"day": f"{plan.due_on:%m-%d}"}
    if plan.closed_at is None and plan.check_on:
        details[3] = _("check on %(day)s") % {"day": f"{plan.check_on:%m-%d}"}
    states = ["done" if place < here or plan.closed_at else "todo" for place in range(len(order))]
    if not plan.closed_at:
        states[here] = "problem" if plan.is_late(today) else "current"
    return [
        {"label": stage.label, "state": state, "detail": detail}
        for stage, state, detail in zip(order, states, details, strict=True)
    ]


def _open(request, form, store, facts: dict, now) -> ImprovementPlan | None:
    """The plan, or what was refused beside its field."""
    try:
        plan = actions.open_plan(store=store, **facts, by=request.user, at=now)
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return None
    messages.success(request, _("The plan is open and its owner is told."))
    return plan


def _days(store, now) -> dict:
    today = timezone.localdate(now)
    held = figures("satisfaction.", store=store, on=today)
    due_on = today + timedelta(days=held[PLAN_DAYS.code])
    return {"due_on": due_on, "check_on": due_on + timedelta(days=held[CHECK_DAYS.code])}


def _may_plan(request) -> bool:
    return request.user.can(Permission.IMPROVEMENT_CHANGE)


def _plan(request, pk) -> ImprovementPlan:
    return get_object_or_404(queries.with_takeover(queries.plans_for(request.user)), pk=pk)


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
