"""Manual rewards and penalties."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from commission import actions
from commission.forms import AdjustmentForm
from commission.models import Adjustment
from dealer_crm.access.permissions import Permission
from dealer_crm.organization.queries import store_of
from dealer_crm.ui.paging import keyset_page
from dealer_crm.values import Period, Refusal


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
