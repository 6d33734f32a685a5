"""The months' runs: compute, look, review, approve, lock."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from commission import actions, queries
from commission.choices import NEXT_STATE, RunState
from commission.models import Run
from commission.views.statements import explanation_page
from dealer_crm.access.permissions import Permission
from dealer_crm.ui.fields import MonthForm
from dealer_crm.ui.paging import keyset_page
from dealer_crm.ui.posted import version_of
from dealer_crm.values import Period


def run_list(request):
    last = Period.of(timezone.now()).previous()
    page = keyset_page(queries.runs_for(request.user), request.GET, order=("-period", "-pk"))
    context = {
        "page": page,
        "form": MonthForm(initial={"period": str(last)}),
        "may_compute": request.user.can(Permission.RUN_COMPUTE),
    }
    return render(request, "commission/runs.html", context)


def run_detail(request, pk):
    run = get_object_or_404(Run.objects.visible_to(request.user).select_related("store", "plan_version__plan"), pk=pk)
    state = RunState(run.state)
    places, checked = list(RunState), queries.checked_slips(run)
    unchecked = sum(one.is_unchecked for one in checked) if state == RunState.REVIEWED else 0
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
            "checked": checked,
            "unchecked": unchecked,
            "shows_checks": state != RunState.DRAFT,
            "may_remind": bool(unchecked) and request.user.can(Permission.RUN_REVIEW),
            "corrections": queries.corrected_months(run),
            "changed_since": queries.changed_since(run),
            "not_taken_up": queries.late_changes_not_taken_up(run) if state == RunState.DRAFT else (),
            "figures": queries.pool_figures(run),
            "teams": queries.team_figures(run),
            "warnings": queries.warnings_of(run, request.user),
            "carry_over": queries.carry_over_of(run),
            "adjustments": queries.adjustments_of(run),
            "next_step": _next_step(run, request.user, unchecked),
            "may_compute": state == RunState.DRAFT and request.user.can(Permission.RUN_COMPUTE),
            "may_return": state in (RunState.REVIEWED, RunState.APPROVED) and request.user.can(Permission.RUN_RETURN),
        },
    )


STEPS = {
    RunState.DRAFT: ("commission:run_review", Permission.RUN_REVIEW, gettext_lazy("Mark as reviewed")),
    RunState.REVIEWED: ("commission:run_approve", Permission.RUN_APPROVE, gettext_lazy("Approve")),
    RunState.APPROVED: ("commission:run_lock", Permission.RUN_LOCK, gettext_lazy("Lock")),
}


def _next_step(run, person, unchecked):
    step = STEPS.get(RunState(run.state))
    if step is None or not person.can(step[1]):
        return None
    target = NEXT_STATE[RunState(run.state)].label
    confirm = [_("%(count)s people have not checked their statement.") % {"count": unchecked}] if unchecked else []
    confirm.append(_("The run becomes: %(state)s") % {"state": target})
    return {"url": reverse(step[0], args=[run.pk]), "label": step[2], "confirm": " ".join(confirm)}


def _step_detail(run, step) -> str:
    who = getattr(run, f"{step.value}_by", None) if step != RunState.DRAFT else run.computed_by
    return str(who or "")


@require_POST
def run_review(request, pk):
    return _move(request, pk, actions.review_run, _("Reviewed; everyone can now check their own slip."))


@require_POST
def run_approve(request, pk):
    seen = request.POST.get("seen_unchecked", "")
    seen_unchecked = int(seen) if seen.isdecimal() else 0
    return _move(request, pk, actions.approve_run, _("The run has been approved."), seen_unchecked=seen_unchecked)


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


def figure_explanation(request, pk, part, key):
    run = get_object_or_404(Run.objects.visible_to(request.user).select_related("store"), pk=pk)
    found = queries.kept_figure(run, part, key)
    if found is None:
        raise Http404
    return explanation_page(request, run, found["title"], "", found["explanation"])
