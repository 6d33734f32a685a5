"""关怀活动: the list, preparing one, its effect."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from callback import actions, queries
from callback.choices import MEMBER_WORDS, CampaignState
from callback.forms.campaigns import CampaignForm, JudgementForm
from callback.models import Campaign
from dealer_crm.access.permissions import Permission
from dealer_crm.organization.queries import store_of
from dealer_crm.ui.paging import keyset_page
from dealer_crm.ui.posted import valid, version_of
from dealer_crm.values import Refusal


def campaign_list(request):
    context = {
        "page": keyset_page(queries.campaigns_in_list(request.user), request.GET, order=("-first_day", "-pk")),
        "may_prepare": request.user.can(Permission.SEGMENT_CHANGE) and request.user.store_id is not None,
        "shows_store": request.user.sees_all_stores,
    }
    return render(request, "callback/campaigns.html", context)


def campaign_new(request):
    store_of(request.user)
    return _prepare(request, None)


def campaign_edit(request, pk):
    store_of(request.user)
    return _prepare(request, _campaign(request, pk))


def _prepare(request, campaign):
    initial = {name: getattr(campaign, name) for name in CampaignForm.base_fields} if campaign else None
    form = CampaignForm(request.POST or None, staff=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            kept = actions.prepare_campaign(
                store=campaign.store if campaign else request.user.store, campaign=campaign, **form.cleaned_data,
                by=request.user, at=timezone.now(), expected_version=version_of(request),
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            return redirect("callback:campaign", kept.pk)
    back = reverse("callback:campaign", args=[campaign.pk]) if campaign else reverse("callback:campaigns")
    context = {"form": form, "back": back, "campaign": campaign}
    return render(request, "callback/campaign_form.html", context, status=422 if form.errors else 200)


def campaign(request, pk):
    """One campaign and its effect as it stands."""
    found = _campaign(request, pk)
    may_change, is_draft = request.user.can(Permission.SEGMENT_CHANGE), found.state == CampaignState.DRAFT
    initial = {name: getattr(found, name) for name in JudgementForm.base_fields}
    context = {
        "campaign": found, "effect": None if is_draft else queries.campaign_effect(found),
        "may_start": may_change and is_draft, "may_call_off": may_change and found.state == CampaignState.RUNNING,
        "form": JudgementForm(initial=initial) if may_change and not is_draft else None,
    }  # fmt: skip
    return render(request, "callback/campaign.html", context)


def campaign_members(request, pk):
    """Whom the campaign meant and what came of each; `view`: only those one figure of the effect counts."""
    found, view = _campaign(request, pk), request.GET.get("view", "")
    here, effect = reverse("callback:campaign_members", args=[pk]), queries.campaign_effect(found)
    everybody = {"url": here, "label": pgettext("campaign", "All customers"), "count": effect.members}
    counted = [
        {"url": f"{here}?view={name}", "label": words, "count": getattr(effect, name), "active": name == view}
        for name, words in MEMBER_WORDS.items()
    ]
    context = {
        "campaign": found, "view": view, "page": keyset_page(queries.members_in_list(found, view), request.GET),
        "tabs": [everybody | {"active": view not in MEMBER_WORDS}, *counted],
    }  # fmt: skip
    return render(request, "callback/campaign_members.html", context)


@require_POST
def campaign_start(request, pk):
    actions.start_campaign(campaign=_campaign(request, pk), **_who(request))
    messages.success(request, _("The campaign is started; its calls are in the queue in a moment."))
    return redirect("callback:campaign", pk)


@require_POST
def campaign_call_off(request, pk):
    actions.call_off_campaign(campaign=_campaign(request, pk), reason=request.POST.get("reason", ""), **_who(request))
    messages.success(request, _("The campaign is called off."))
    return redirect("callback:campaign", pk)


@require_POST
def campaign_judge(request, pk):
    found = _campaign(request, pk)
    actions.judge_campaign(campaign=found, **valid(JudgementForm(request.POST)), **_who(request))
    messages.success(request, _("Kept."))
    return redirect("callback:campaign", pk)


def _campaign(request, pk) -> Campaign:
    return get_object_or_404(Campaign.objects.visible_to(request.user).select_related("store", "segment"), pk=pk)


def _who(request) -> dict:
    return {"by": request.user, "at": timezone.now(), "expected_version": version_of(request)}
