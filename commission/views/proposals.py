"""Decisions on what was proposed: the same two form targets for every kind of proposal."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commission import actions
from commission.models.proposals import Proposal


def approval(kind: type[Proposal]):
    """The form target that approves a proposal of this kind."""

    @require_POST
    def approve(request, pk):
        proposal = get_object_or_404(kind.objects.visible_to(request.user), pk=pk)
        actions.approve_proposal(proposal=proposal, by=request.user, at=timezone.now())
        messages.success(request, _("Approved; it counts now."))
        return redirect(proposal)

    return approve


def refusal(kind: type[Proposal]):
    """The form target that declines a proposal of this kind, with the reason."""

    @require_POST
    def decline(request, pk):
        proposal = get_object_or_404(kind.objects.visible_to(request.user), pk=pk)
        reason = request.POST.get("reason", "")
        actions.decline_proposal(proposal=proposal, reason=reason, by=request.user, at=timezone.now())
        messages.success(request, _("Declined; who entered it is told."))
        return redirect(proposal)

    return decline
