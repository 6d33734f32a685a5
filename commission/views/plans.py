"""Plans and their versions: read, written, compared, approved."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from commission import actions, queries
from commission.choices import PlanState
from commission.forms import DryRunForm, PlanForm, block_kinds
from commission.formulas.plan import VAT_DIVISOR_NOW, plan_from_json
from commission.models import Plan, PlanVersion
from dealer_crm.access.permissions import Permission
from dealer_crm.organization.queries import store_of
from dealer_crm.ui.posted import version_of
from dealer_crm.values import Period, Refusal, Stale


@require_safe
def plan_list(request):
    at, staff = timezone.now(), request.user
    may_change = staff.can(Permission.PLAN_CHANGE) and Plan.objects.filter(store=staff.store_id).exists()
    context = {
        "versions": queries.versions_for(staff),
        "may_change": may_change,
        "divisor": VAT_DIVISOR_NOW,
        "offers_divisor": may_change and queries.offers_divisor(staff.store, Period.of(at, staff.store.tz)),
    }
    return render(request, "commission/plans.html", context)


@require_safe
def plan_version(request, pk):
    version, staff, at = _version(request, pk), request.user, timezone.now()
    is_draft = version.state == PlanState.DRAFT
    first, last = queries.months_to_try(version.plan.store, at)
    tried = queries.current_dry_run(version)
    context = {
        "version": version,
        "until": queries.holds_until(version),
        "blocks": queries.blocks_in_words(plan_from_json(version.rules)),
        "others": version.plan.versions.exclude(pk=pk).defer("rules").order_by("-number"),
        "dry_runs": queries.dry_runs_of(version)[:5],
        "tried": tried and (tried, queries.result_of(tried)),
        "dry_run_form": DryRunForm(initial={"first": str(first), "last": str(last)}),
        "may_try": staff.can(Permission.PLAN_TRY),
        "may_copy": staff.can(Permission.PLAN_CHANGE),
        "may_change": is_draft and staff.can(Permission.PLAN_CHANGE),
        "may_approve": is_draft and staff.can(Permission.PLAN_APPROVE) and staff.pk not in _writers(version),
    }
    return render(request, "commission/plan.html", context)


@require_POST
def plan_draft(request):
    """A new draft out of the version in force, or out of the one that is named; `divisor`: with the VAT divisor of
    today."""
    at, store = timezone.now(), store_of(request.user)
    named = request.POST.get("version", "")
    source = _version(request, int(named)) if named.isdecimal() else queries.version_in_force(store, Period.of(at))
    if source is None:
        raise Refusal(_("There is no version in force to begin with."))
    divisor = VAT_DIVISOR_NOW if "divisor" in request.POST else None
    version = actions.draft_version(source=source, divisor=divisor, by=request.user, at=at)
    messages.success(request, _("%(version)s is a draft now; nobody is paid by it yet.") % {"version": version})
    return redirect("commission:plan_edit", version.pk)


def plan_edit(request, pk):
    """The editor: adding and removing rules brings the page back as it was typed, saving keeps it or says what is
    wrong beside each field."""
    version = _version(request, pk)
    if version.state == PlanState.APPROVED:
        messages.error(request, _("This version is approved already; a change is a new version."))
        return redirect("commission:plan", pk)
    form = PlanForm(request.POST if request.method == "POST" else None, version=version)
    if "add" in request.POST:
        form.add(request.POST.get("kind", ""))
    elif "remove" in request.POST:
        form.remove(request.POST["remove"])
    elif request.method == "POST" and form.is_valid() and _saved(request, version, form):
        messages.success(request, _("The draft is saved."))
        return redirect("commission:plan", pk)
    context = {"version": version, "form": form, "kinds": block_kinds()}
    refused = request.method == "POST" and not {"add", "remove"} & set(request.POST)
    return render(request, "commission/plan_edit.html", context, status=422 if refused else 200)


def _saved(request, version, form) -> bool:
    try:
        actions.change_version(version=version, **form.given(), by=request.user, at=timezone.now())
    except Refusal as refusal:
        form.tell(refusal)
        if isinstance(refusal, Stale):
            form.take_revision(refusal.version)
        return False
    return True


@require_POST
def plan_discard(request, pk):
    actions.discard_version(version=_version(request, pk), by=request.user, at=timezone.now())
    messages.success(request, _("Thrown away."))
    return redirect("commission:plans")


@require_POST
def plan_ask(request, pk):
    actions.ask_for_approval(version=_version(request, pk), by=request.user, at=timezone.now())
    messages.success(request, _("Whoever may approve it has been told."))
    return redirect("commission:plan", pk)


@require_POST
def plan_approve(request, pk):
    actions.approve_version(
        version=_version(request, pk),
        expected_revision=version_of(request),
        without_dry_run="without_dry_run" in request.POST,
        by=request.user,
        at=timezone.now(),
    )
    messages.success(request, _("The version is approved and can't be changed any more."))
    return redirect("commission:plan", pk)


@require_safe
def plan_compare(request, pk, other):
    """Two versions of a plan side by side."""
    after, before = _version(request, pk), _version(request, other)
    blocks = queries.compared(before, after)
    changed = [block for block in blocks if block.kind != "same"]
    shows_all = "all" in request.GET
    tabs = [
        {"url": "?", "label": _("Differences"), "active": not shows_all, "count": len(changed)},
        {"url": "?all=1", "label": _("All rules"), "active": shows_all, "count": len(blocks)},
    ]
    context = {"before": before, "after": after, "tabs": tabs, "blocks": blocks if shows_all else changed}
    return render(request, "commission/plan_compare.html", context)


def _writers(version) -> set:
    return {version.created_by_id, version.changed_by_id}


def _version(request, pk):
    versions = PlanVersion.objects.visible_to(request.user).select_related(
        "plan__store", "approved_by", "created_by", "changed_by", "asked_by"
    )
    return get_object_or_404(versions, pk=pk)
