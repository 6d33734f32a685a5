"""Plans and their versions."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commission import actions, queries
from commission.choices import PlanState
from commission.formulas.plan import plan_from_json
from commission.models import PlanVersion
from dealer_crm.access.permissions import Permission


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
