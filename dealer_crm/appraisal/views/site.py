"""现场/5S/单据考核: lists and plans, rounds walked on a tablet, findings followed up, a month of it."""

from datetime import date, timedelta

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dealer_crm.access.permissions import Permission
from dealer_crm.access.roles import PERMISSIONS
from dealer_crm.appraisal.actions import site as actions
from dealer_crm.appraisal.choices import FindingState
from dealer_crm.appraisal.forms.site import (
    FindingFilter,
    FindingHandOnForm,
    FinishForm,
    ItemRows,
    PlanForm,
    RemedyForm,
    RoundFilter,
    SeenForm,
    SendBackForm,
    SiteListForm,
    staff_of,
)
from dealer_crm.appraisal.models import SiteFinding, SiteList, SitePlan, SiteRound
from dealer_crm.appraisal.queries import site as queries
from dealer_crm.appraisal.settings import FINDING_DAYS
from dealer_crm.files.answers import file_response, small_response
from dealer_crm.journal.queries import entries_about
from dealer_crm.journal.verbs import words_for
from dealer_crm.organization.queries import figure, store_of
from dealer_crm.ui.fields import month_asked
from dealer_crm.ui.paging import keyset_page
from dealer_crm.ui.posted import valid, version_of
from dealer_crm.ui.stores import store_asked
from dealer_crm.values import Period, Refusal


# ── Rounds ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def rounds(request):
    """What is to be walked today, ahead, walked and missed."""
    form, today = RoundFilter(request.GET), _today(request)
    said = form.cleaned_data if form.is_valid() else {}
    found = queries.rounds_matching(request.user, today=today, **said)
    order = ("planned_on", "pk") if said.get("view", "") in ("", "ahead") else ("-planned_on", "-pk")
    context = {
        "filter_form": form, "today": today, "page": keyset_page(found, request.GET, order=order),
        "shows_store": request.user.sees_all_stores, "may_check": request.user.can(Permission.SITE_CHECK),
    }  # fmt: skip
    return render(request, "appraisal/rounds.html#rows" if request.htmx else "appraisal/rounds.html", context)


def round_(request, pk):
    """A round: walked here while it is open, read here afterwards."""
    walk = _round(request, pk)
    may_walk = walk.is_open and request.user.can(Permission.SITE_CHECK)
    items = queries.items_seen(walk)
    context = {
        "walk": walk, "items": items, "may_walk": may_walk, "finish_form": FinishForm() if may_walk else None,
        "seen": sum(one.result is not None for one in items),
        "story": _story(walk),
    }  # fmt: skip
    if may_walk:
        context |= {"forms": _seen_forms(walk, items)}
    return render(request, "appraisal/round.html", context)


@require_POST
def round_item(request, pk, item):
    """One item is seen; the answer is its row as it stands now."""
    walk = _round(request, pk)
    found = get_object_or_404(walk.list.items, pk=item)
    said = valid(SeenForm(request.POST, request.FILES, people=staff_of(walk.store), item=found))
    actions.note_result(
        walk=walk, item=found, verdict=request.POST.get("verdict", ""), **said, by=request.user, at=timezone.now()
    )
    if not request.htmx:
        return redirect("appraisal:round", pk)
    items = queries.items_seen(_round(request, pk))
    seen = next(one for one in items if one.item.pk == found.pk)
    context = {
        "walk": walk, "items": items, "seen": sum(one.result is not None for one in items), "one": seen,
        "form": _seen_forms(walk, [seen])[0][1], "may_walk": True, "is_answer": True,
    }  # fmt: skip
    return render(request, "appraisal/round_item.html", context)


@require_POST
def round_finish(request, pk):
    walk = _round(request, pk)
    walk = actions.finish_round(walk=walk, **valid(FinishForm(request.POST)), by=request.user, at=timezone.now())
    messages.success(
        request,
        _("The round is finished: %(given)s of %(full)d points.") % {"given": f"{walk.given:g}", "full": walk.full},
    )
    return redirect("appraisal:round", pk)


@require_POST
def round_call_off(request, pk):
    reason = request.POST.get("reason", "")
    actions.call_off_round(walk=_round(request, pk), reason=reason, by=request.user, at=timezone.now())
    messages.success(request, _("The round is called off."))
    return redirect("appraisal:rounds")


def _seen_forms(walk, items) -> list[tuple]:
    """Each item with its form, filled with what was noted, else with who answers and the usual day."""
    people, today = list(staff_of(walk.store)), timezone.now().astimezone(walk.store.tz).date()
    due_on = today + timedelta(days=figure(FINDING_DAYS, store=walk.store, on=today))
    choices = [("", "—"), *((person.pk, person.name) for person in people)]
    found = []
    for one in items:
        noted = one.result if one.result and one.result.owner_id else None
        initial = {
            "given": noted.given if noted else 0, "what": noted.what if noted else "",
            "owner": noted.owner_id if noted else walk.list.answers_id, "due_on": noted.due_on if noted else due_on,
        }  # fmt: skip
        form = SeenForm(initial=initial, people=staff_of(walk.store), item=one.item)
        form.fields["owner"].choices = choices  # the people are asked for once, not once an item
        found.append((one, form))
    return found


# ── Lists and plans ──────────────────────────────────────────────────────────────────────────────────────────────────
def site_lists(request):
    context = {
        "lists": queries.site_lists(request.user), "shows_store": request.user.sees_all_stores,
        "may_change": request.user.can(Permission.SITE_CHANGE) and request.user.store_id,
        "may_check": request.user.can(Permission.SITE_CHECK) and request.user.store_id,
    }  # fmt: skip
    return render(request, "appraisal/site_lists.html", context)


def site_list_new(request):
    store_of(request.user)
    return _keep_list(request, None)


def site_list_edit(request, pk):
    return _keep_list(request, _list(request, pk))


def _keep_list(request, site_list):
    store = site_list.store if site_list else request.user.store
    names = SiteListForm.base_fields
    initial = {name: getattr(site_list, name) for name in names} if site_list else None
    form = SiteListForm(request.POST or None, store=store, initial=initial)
    rows = ItemRows(request.POST or None, site_list=site_list)
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        try:
            kept = actions.keep_site_list(
                store=store, site_list=site_list, items=rows.drafts(), **form.cleaned_data, by=request.user,
                at=timezone.now(), expected_version=version_of(request),
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("The check-list is kept."))
            return redirect("appraisal:site_list", kept.pk)
    context = {"form": form, "items": rows.formset, "site_list": site_list}
    has_errors = form.errors or (rows.formset.is_bound and not rows.is_valid())
    return render(request, "appraisal/site_list_form.html", context, status=422 if has_errors else 200)


def site_list(request, pk):
    """One check-list: its items, who walks it when, its last rounds."""
    found = _list(request, pk)
    may_change = request.user.can(Permission.SITE_CHANGE) and found.store_id == request.user.store_id
    today = timezone.now().astimezone(found.store.tz).date()
    context = {
        "site_list": found, "items": queries.items_of(found), "may_change": may_change,
        "plans": found.plans.filter(ended_on=None).select_related("checker"),
        "rounds": found.rounds.walked().select_related("checker").order_by("-walked_at")[:8],
        "may_check": request.user.can(Permission.SITE_CHECK) and found.store_id == request.user.store_id,
        "plan_form": PlanForm(people=_checkers(found.store), initial={"starts_on": today}) if may_change else None,
    }  # fmt: skip
    return render(request, "appraisal/site_list.html", context)


@require_POST
def plan_new(request, pk):
    found = _list(request, pk)
    said = valid(PlanForm(request.POST, people=_checkers(found.store)))
    actions.plan_rounds(site_list=found, **said, by=request.user, at=timezone.now())
    messages.success(request, _("The rounds are planned."))
    return redirect("appraisal:site_list", pk)


@require_POST
def plan_end(request, pk):
    plan = get_object_or_404(SitePlan.objects.visible_to(request.user), pk=pk)
    actions.end_plan(plan=plan, by=request.user, at=timezone.now())
    messages.success(request, _("There are no more rounds of this plan."))
    return redirect("appraisal:site_list", plan.list_id)


@require_POST
def round_begin(request, pk):
    """Walk a list now."""
    walk = actions.begin_round(site_list=_list(request, pk), by=request.user, at=timezone.now())
    return redirect("appraisal:round", walk.pk)


def _checkers(store):
    """Who may walk rounds."""
    return staff_of(store).with_role(*(role for role, held in PERMISSIONS.items() if Permission.SITE_CHECK in held))


# ── Findings ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def findings(request):
    form, today = FindingFilter(request.GET), _today(request)
    said = form.cleaned_data if form.is_valid() else {}
    found = queries.findings_matching(request.user, today=today, **said)
    context = {
        "filter_form": form, "today": today, "page": keyset_page(found, request.GET, order=("-found_at", "-pk")),
        "shows_store": request.user.sees_all_stores,
    }  # fmt: skip
    return render(request, "appraisal/findings.html#rows" if request.htmx else "appraisal/findings.html", context)


def finding(request, pk):
    """A finding with its photos and what comes next, for who remedies it and who looks at it."""
    found = _finding(request, pk)
    may_check = request.user.can(Permission.SITE_CHECK) and found.store_id == request.user.store_id
    is_open, is_remedied = found.state == FindingState.OPEN, found.state == FindingState.REMEDIED
    today = timezone.now().astimezone(found.store.tz).date()
    due_on = today + timedelta(days=figure(FINDING_DAYS, store=found.store, on=today))
    photos = list(found.result.photos.select_related("file"))
    context = {
        "finding": found, "today": today, "story": _story(found),
        "before": [one for one in photos if not one.is_after], "after": [one for one in photos if one.is_after],
        "remedy_form": RemedyForm() if is_open and (may_check or found.owner_id == request.user.pk) else None,
        "back_form": SendBackForm(initial={"due_on": due_on}) if is_remedied and may_check else None,
        "may_close": is_remedied and may_check and found.owner_id != request.user.pk,
        "hand_on_form": FindingHandOnForm(
            people=staff_of(found.store), initial={"owner": found.owner_id, "due_on": max(found.due_on, today)}
        ) if is_open and may_check else None,
    }  # fmt: skip
    return render(request, "appraisal/finding.html", context)


@require_POST
def finding_remedy(request, pk):
    found = _finding(request, pk)
    actions.remedy_finding(finding=found, **valid(RemedyForm(request.POST, request.FILES)), **_who(request))
    messages.success(request, _("Thank you. Who found it looks at it."))
    return redirect("appraisal:finding", pk)


@require_POST
def finding_back(request, pk):
    actions.send_finding_back(finding=_finding(request, pk), **valid(SendBackForm(request.POST)), **_who(request))
    messages.success(request, _("It is sent back."))
    return redirect("appraisal:finding", pk)


@require_POST
def finding_close(request, pk):
    actions.close_finding(finding=_finding(request, pk), **_who(request))
    messages.success(request, _("The finding is closed."))
    return redirect("appraisal:finding", pk)


@require_POST
def finding_hand_on(request, pk):
    found = _finding(request, pk)
    said = valid(FindingHandOnForm(request.POST, people=staff_of(found.store)))
    actions.hand_on_finding(finding=found, **said, **_who(request))
    messages.success(request, _("Handed on to %(person)s.") % {"person": said["owner"]})
    return redirect("appraisal:finding", pk)


@require_safe
def photo(request, pk):
    return file_response(get_object_or_404(queries.photos_visible_to(request.user), pk=pk).file)


@require_safe
def photo_small(request, pk):
    return small_response(get_object_or_404(queries.photos_visible_to(request.user), pk=pk).file)


# ── A month ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def site_month(request):
    """How the rounds of a month went, list by list."""
    store, now = store_asked(request), timezone.now()
    period, form = month_asked(request.GET, Period.of(now, store.tz))
    context = {
        "store": store, "period": period, "filter_form": form,
        "rows": queries.month_of_lists(store, period, today=now.astimezone(store.tz).date()),
        "excel": f"{reverse('reporting:site_checks')}{store.code}/{period}.xlsx"
        if request.user.can(Permission.REPORT_VIEW)
        else "",
    }  # fmt: skip
    return render(request, "appraisal/site_month.html", context)


# ── Parts ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def _today(request) -> date:
    zone = request.user.store.tz if request.user.store else timezone.get_current_timezone()
    return timezone.now().astimezone(zone).date()


def _round(request, pk) -> SiteRound:
    rounds = SiteRound.objects.visible_to(request.user).select_related("store", "list__answers", "checker", "answers")
    return get_object_or_404(rounds, pk=pk)


def _list(request, pk) -> SiteList:
    return get_object_or_404(SiteList.objects.visible_to(request.user).select_related("store", "answers"), pk=pk)


def _finding(request, pk) -> SiteFinding:
    found = SiteFinding.objects.visible_to(request.user).select_related(
        "store", "owner", "found_by", "closed_by", "item", "repeats", "result__round__list"
    )
    return get_object_or_404(found, pk=pk)


def _story(thing) -> list[dict]:
    return [
        {"at": entry.at, "text": words_for(entry.verb), "by": entry.by_name, "detail": entry.note}
        for entry in entries_about(thing).order_by("id")
    ]


def _who(request) -> dict:
    return {"by": request.user, "at": timezone.now(), "expected_version": version_of(request)}
