"""Pages of pay: runs, statements, explanations, plans, scores, adjustments, coefficients. Source: `commission.md`."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from commission import actions, queries
from commission.choices import NEXT_STATE, ChangeState, PlanState, RunState
from commission.forms import AdjustmentForm, CoefficientFilter, CoefficientForm, ScoresForm
from commission.formulas.plan import plan_from_json
from commission.models import Adjustment, PlanVersion, Run, Statement, StatementLine
from dealer_crm.access.permissions import Permission
from dealer_crm.organization.queries import store_of
from dealer_crm.ui import home
from dealer_crm.ui.fields import MonthForm, month_asked
from dealer_crm.ui.paging import keyset_page
from dealer_crm.ui.posted import version_of
from dealer_crm.values import Period, Refusal


# ── Runs ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def run_list(request):
    last = Period.of(timezone.now()).previous()
    page = keyset_page(queries.runs_for(request.user), request.GET, order=("-period", "-pk"))
    context = {
        "page": page,
        "form": MonthForm(initial={"period": str(last)}),
        "may_compute": request.user.can(Permission.RUN_COMPUTE),
    }
    return render(request, "commission/runs.html", context)


@require_POST
def run_compute(request):
    form = MonthForm(request.POST)
    if not form.is_valid():
        raise Refusal(" ".join(form.errors.get("period", [])))
    store, period = store_of(request.user), form.cleaned_data["period"]
    try:
        run = actions.compute_run(store=store, period=period, by=request.user, at=timezone.now())
    except Refusal as refusal:
        missing = queries.missing_for(store, period)
        if not missing:
            raise
        return render(
            request,
            "commission/missing.html",
            {
                "period": period,
                "refusal": refusal,
                "missing": missing,
                "rows": [(item, request.user.can(item.permission)) for item in missing],
            },
            status=409,
        )
    messages.success(request, _("%(run)s has been computed.") % {"run": run})
    return redirect("commission:run", run.pk)


def run_detail(request, pk):
    run = get_object_or_404(Run.objects.visible_to(request.user).select_related("store", "plan_version__plan"), pk=pk)
    state = RunState(run.state)
    places = list(RunState)
    steps = [
        {
            "label": step.label,
            "state": "current" if step == state else "done" if places.index(step) < places.index(state) else "todo",
            "detail": _step_detail(run, step),
        }
        for step in places
    ]
    return render(
        request,
        "commission/run.html",
        {
            "run": run,
            "steps": steps,
            "statements": queries.statements_of(run),
            "figures": queries.pool_figures(run),
            "teams": queries.team_figures(run),
            "warnings": queries.warnings_of(run, request.user),
            "carry_over": queries.carry_over_of(run),
            "adjustments": queries.adjustments_of(run),
            "next_step": _next_step(run, request.user),
            "may_compute": state == RunState.DRAFT and request.user.can(Permission.RUN_COMPUTE),
            "may_return": state in (RunState.REVIEWED, RunState.APPROVED) and request.user.can(Permission.RUN_RETURN),
        },
    )


_STEPS = {
    RunState.DRAFT: ("commission:run_review", Permission.RUN_REVIEW, gettext_lazy("Mark as reviewed")),
    RunState.REVIEWED: ("commission:run_approve", Permission.RUN_APPROVE, gettext_lazy("Approve")),
    RunState.APPROVED: ("commission:run_lock", Permission.RUN_LOCK, gettext_lazy("Lock")),
}


def _next_step(run, person):
    step = _STEPS.get(RunState(run.state))
    if step is None or not person.can(step[1]):
        return None
    return {"url": reverse(step[0], args=[run.pk]), "label": step[2], "target": NEXT_STATE[RunState(run.state)].label}


def _step_detail(run, step) -> str:
    who = getattr(run, f"{step.value}_by", None) if step != RunState.DRAFT else run.computed_by
    return str(who or "")


@require_POST
def run_review(request, pk):
    return _move(request, pk, actions.review_run, _("Reviewed; everyone can now check their own slip."))


@require_POST
def run_approve(request, pk):
    return _move(request, pk, actions.approve_run, _("The run has been approved."))


@require_POST
def run_lock(request, pk):
    return _move(request, pk, actions.lock_run, _("The month is locked. What comes later becomes a correction."))


@require_POST
def run_return(request, pk):
    reason = request.POST.get("reason", "")
    return _move(request, pk, actions.return_run, _("The run is a draft again."), reason=reason)


def _move(request, pk, action, success, **arguments):
    run = get_object_or_404(Run.objects.visible_to(request.user), pk=pk)
    action(run=run, by=request.user, at=timezone.now(), version=version_of(request), **arguments)
    messages.success(request, success)
    return redirect("commission:run", pk)


# ── Statements and explanations ──────────────────────────────────────────────────────────────────────────────────────
def statement(request, pk):
    slips = queries.with_lines(Statement.objects.visible_to(request.user).select_related("run__store", "staff", "team"))
    slip = get_object_or_404(slips, pk=pk)
    return _statement_page(request, slip, back=reverse("commission:run", args=[slip.run_id]))


def own_statements(request):
    return render(
        request, "commission/own.html", {"page": keyset_page(queries.own_statements(request.user), request.GET)}
    )


def own_statement(request, pk):
    slips = queries.with_lines(queries.own_statements(request.user))
    slip = get_object_or_404(slips, pk=pk)
    return _statement_page(request, slip, line_url="commission:own_line", back=reverse("commission:own"))


def _statement_page(request, slip, *, back, line_url="commission:line"):
    lines = [
        (line, queries.explanation_of(line.explanation), reverse(line_url, args=[line.pk])) for line in slip.lines.all()
    ]
    return render(request, "commission/statement.html", {"slip": slip, "run": slip.run, "lines": lines, "back": back})


def line(request, pk):
    return _line_page(request, StatementLine.objects.visible_to(request.user), pk)


def own_line(request, pk):
    return _line_page(request, StatementLine.objects.filter(statement__in=queries.own_statements(request.user)), pk)


def _line_page(request, lines, pk):
    found = get_object_or_404(lines.select_related("run__store", "statement__staff"), pk=pk)
    return _explanation_page(request, found.run, _(found.name), str(found.statement.staff), found.explanation)


def figure_explanation(request, pk, part, key):
    run = get_object_or_404(Run.objects.visible_to(request.user).select_related("store"), pk=pk)
    found = queries.kept_figure(run, part, key)
    if found is None:
        raise Http404
    return _explanation_page(request, run, found["title"], "", found["explanation"])


def _explanation_page(request, run, title, person, kept):
    explained = queries.explanation_of(kept)
    template = "commission/explanation.html#dialog" if request.htmx else "commission/explanation.html"
    return render(request, template, {"run": run, "title": title, "person": person, "explained": explained})


# ── Plans ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def plan_list(request):
    versions = (
        PlanVersion.objects.visible_to(request.user)
        .select_related("plan__store", "approved_by", "created_by")
        .order_by("plan__store__code", "-number")
    )
    return render(request, "commission/plans.html", {"versions": versions})


def plan_version(request, pk):
    version = get_object_or_404(
        PlanVersion.objects.visible_to(request.user).select_related("plan__store", "approved_by"), pk=pk
    )
    blocks = queries.blocks_in_words(plan_from_json(version.rules))
    may_approve = version.state == PlanState.DRAFT and request.user.can(Permission.PLAN_APPROVE)
    return render(request, "commission/plan.html", {"version": version, "blocks": blocks, "may_approve": may_approve})


@require_POST
def plan_approve(request, pk):
    version = get_object_or_404(PlanVersion.objects.visible_to(request.user), pk=pk)
    actions.approve_version(version=version, by=request.user, at=timezone.now())
    messages.success(request, _("The version is approved and can't be changed any more."))
    return redirect("commission:plan", pk)


# ── Scores and adjustments ───────────────────────────────────────────────────────────────────────────────────────────
def scores(request):
    now, store = timezone.now(), store_of(request.user)
    period, month_form = month_asked(request.GET, Period.of(now).previous())
    people = queries.scored_people(store, period, by=request.user)
    known = queries.scores_of(store, period)
    form = ScoresForm(request.POST or None, people=people, scores=known)
    if request.method == "POST" and form.is_valid():
        for person, score in form.changed_scores():
            actions.set_score(staff=person, period=period, score=score, by=request.user, at=now)
        messages.success(request, _("The scores of %(month)s are kept.") % {"month": period})
        return redirect(f"{reverse('commission:scores')}?period={period}")
    return render(request, "commission/scores.html", {"form": form, "month_form": month_form, "period": period})


def adjustments(request):
    rows = Adjustment.objects.visible_to(request.user)
    rows = rows.select_related("staff", "entered_by", "approved_by", "declined_by")
    return render(
        request,
        "commission/adjustments.html",
        {
            "page": keyset_page(rows, request.GET),
            "may_create": request.user.can(Permission.ADJUSTMENT_CREATE),
            "may_approve": request.user.can(Permission.ADJUSTMENT_APPROVE),
        },
    )


def adjustment_new(request):
    store = store_of(request.user)
    form = AdjustmentForm(
        request.POST or None, store=store, initial={"period": str(Period.of(timezone.now()).previous())}
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_adjustment(store=store, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("Proposed; it counts once the station manager has approved it."))
            return redirect("commission:adjustments")
    return render(request, "commission/adjustment_new.html", {"form": form})


@require_POST
def adjustment_approve(request, pk):
    adjustment = get_object_or_404(Adjustment.objects.visible_to(request.user), pk=pk)
    actions.approve_adjustment(adjustment=adjustment, by=request.user, at=timezone.now())
    messages.success(request, _("The adjustment is approved."))
    return redirect("commission:adjustments")


@require_POST
def adjustment_decline(request, pk):
    adjustment = get_object_or_404(Adjustment.objects.visible_to(request.user), pk=pk)
    reason = request.POST.get("reason", "")
    actions.decline_adjustment(adjustment=adjustment, reason=reason, by=request.user, at=timezone.now())
    messages.success(request, _("The adjustment is declined."))
    return redirect("commission:adjustments")


# ── Temporary coefficients ───────────────────────────────────────────────────────────────────────────────────────────
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


# ── First page ───────────────────────────────────────────────────────────────────────────────────────────────────────
def runs_card(staff):
    """Runs that wait for this person's step."""
    wanted = [state for state, (_url, permission, _label) in _STEPS.items() if staff.can(permission)]
    waiting = list(queries.runs_for(staff).filter(state__in=wanted).order_by("period")[:5])
    items = [
        home.Item(f"{run.store.name} {run.period}", run.get_state_display(), reverse("commission:run", args=[run.pk]))
        for run in waiting
    ]
    return home.Card(_("Commission runs waiting for you"), items, reverse("commission:runs"), len(items), "primary")


def adjustments_card(staff):
    """Adjustments that wait for this person's approval."""
    rows = list(queries.adjustments_to_decide(staff))
    url = reverse("commission:adjustments")
    items = [home.Item(f"{row.staff.name} {row.reason}", f"¥{row.amount:+,.2f}", url) for row in rows[:5]]
    return home.Card(_("Adjustments to approve"), items, url, len(rows), "warning")


def coefficients_card(staff):
    """Temporary coefficients that wait for this person's approval."""
    rows = list(queries.coefficients_to_decide(staff))
    items = [
        home.Item(
            f"{row.staff.name} {row.coefficient.normalize():f}",
            f"{row.starts_on:%m-%d} – {row.ends_on:%m-%d}",
            reverse("commission:coefficient", args=[row.pk]),
        )
        for row in rows[:5]
    ]
    url = f"{reverse('commission:coefficients')}?state={ChangeState.ASKED}"
    return home.Card(_("Temporary coefficients to approve"), items, url, len(rows), "warning")


def own_pay_card(staff):
    slip = queries.own_statements(staff).first()
    if slip is None:
        return None
    item = home.Item(slip.run.period, f"¥{slip.net_amount:,.2f}", reverse("commission:own_statement", args=[slip.pk]))
    return home.Card(_("My commission"), [item], reverse("commission:own"), None)
