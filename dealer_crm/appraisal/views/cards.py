"""Scorecards: what each asks from when on, and writing the next version."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dealer_crm.access.permissions import Permission
from dealer_crm.appraisal import actions, queries
from dealer_crm.appraisal.forms import IndicatorForm, VersionForm
from dealer_crm.appraisal.models import Indicator, Scorecard, ScorecardVersion
from dealer_crm.organization.queries import store_of
from dealer_crm.values import Period, Refusal


def cards(request):
    found = queries.cards_for(request.user)
    may_change = request.user.can(Permission.SCORECARD_CHANGE)
    context = {"cards": found, "may_change": may_change, "may_install": may_change and not found}
    return render(request, "appraisal/cards.html", context)


@require_POST
def cards_install(request):
    """Give a store that has none the shipped cards, for last month on."""
    at, store = timezone.now(), store_of(request.user)
    actions.install_cards(store=store, starts=Period.of(at).previous(), by=request.user, at=at)
    messages.success(request, _("The shipped cards hold; a change is a new version."))
    return redirect("appraisal:cards")


def card(request, pk):
    """A version: its lines, and what keeps a draft from being adopted."""
    version = _version(request, pk)
    may_change = request.user.can(Permission.SCORECARD_CHANGE)
    context = {
        "version": version,
        "sections": queries.items_shown(version),
        "problems": [queries.said(problem) for problem in queries.problems_of(version)] if version.is_draft else [],
        "may_edit": version.is_draft and may_change,
        "may_draft": may_change and not version.card.versions.drafts().exists(),
        "may_adopt": version.is_draft
        and request.user.can(Permission.SCORECARD_APPROVE)
        and version.created_by_id != request.user.pk,
    }
    return render(request, "appraisal/card.html", context)


@require_POST
def card_draft(request, pk):
    found = get_object_or_404(Scorecard.objects.visible_to(request.user), pk=pk)
    at = timezone.now()
    version = actions.draft_version(card=found, starts=Period.of(at), by=request.user, at=at)
    messages.success(request, _("A draft to be changed; the present version goes on to hold."))
    return redirect("appraisal:card", version.pk)


def card_edit(request, pk):
    version = _version(request, pk)
    initial = {"starts_period": version.starts_period, "full_points": version.full_points, "note": version.note}
    form = VersionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.change_draft(version=version, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("appraisal:card", pk)
    return render(request, "appraisal/card_edit.html", {"version": version, "form": form})


@require_POST
def card_adopt(request, pk):
    actions.adopt_version(version=_version(request, pk), by=request.user, at=timezone.now())
    messages.success(request, _("The version holds and can't be changed any more."))
    return redirect("appraisal:card", pk)


@require_POST
def card_discard(request, pk):
    actions.discard_draft(version=_version(request, pk), by=request.user, at=timezone.now())
    messages.success(request, _("The draft is gone."))
    return redirect("appraisal:cards")


def item_new(request, pk):
    version = _version(request, pk)
    return _item_page(request, version, None, IndicatorForm(request.POST or None))


def item_edit(request, pk):
    indicator = get_object_or_404(Indicator.objects.visible_to(request.user).select_related("version__card"), pk=pk)
    form = IndicatorForm(request.POST or None, initial=IndicatorForm.initial_of(indicator))
    return _item_page(request, indicator.version, indicator, form)


@require_POST
def item_remove(request, pk):
    indicator = get_object_or_404(Indicator.objects.visible_to(request.user).select_related("version"), pk=pk)
    actions.remove_indicator(indicator=indicator, by=request.user, at=timezone.now())
    messages.success(request, _("The item is gone from the draft."))
    return redirect("appraisal:card", indicator.version_id)


def _item_page(request, version, indicator, form):
    if not version.is_draft:
        raise Refusal(_("An adopted version can't be changed; a change is a new version."), code="version_adopted")
    if request.method == "POST" and form.is_valid():
        actions.keep_indicator(
            version=version, indicator=indicator, by=request.user, at=timezone.now(), **form.line
        )  # fmt: skip
        messages.success(request, _("Saved."))
        return redirect("appraisal:card", version.pk)
    context = {"version": version, "indicator": indicator, "form": form}
    return render(request, "appraisal/item.html", context, status=422 if form.errors else 200)


def _version(request, pk) -> ScorecardVersion:
    return get_object_or_404(queries.with_items(ScorecardVersion.objects.visible_to(request.user)), pk=pk)
