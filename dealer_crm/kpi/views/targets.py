"""Setting and signing targets."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dealer_crm.access.permissions import Permission
from dealer_crm.kpi import actions, queries
from dealer_crm.kpi.forms import TargetForm
from dealer_crm.kpi.models import Target
from dealer_crm.organization.queries import store_of
from dealer_crm.ui.fields import month_asked
from dealer_crm.values import Period, Refusal


def targets(request):
    period, form = month_asked(request.GET, Period.of(timezone.now()))
    rows = Target.objects.visible_to(request.user).filter(period=str(period)).select_related("store", "staff")
    return render(
        request,
        "kpi/targets.html",
        {
            "period": period,
            "form": form,
            "targets": rows.prefetch_related("signatures__staff"),
            "may_change": request.user.can(Permission.TARGET_CHANGE),
        },
    )


def target_new(request):
    store = store_of(request.user)
    initial = {"period": request.GET.get("period") or str(Period.of(timezone.now()).next())}
    form = TargetForm(request.POST or None, store=store, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            target = actions.set_target(store=store, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("The target is set; it counts once those it binds have signed."))
            return redirect(f"{reverse('kpi:targets')}?period={target.period}")
    return render(request, "kpi/target_new.html", {"form": form})


def own_targets(request):
    return render(request, "kpi/own_targets.html", {"targets": queries.unsigned_targets_of(request.user)})


@require_POST
def target_sign(request, pk):
    target = get_object_or_404(Target.objects.visible_to(request.user), pk=pk)
    actions.sign_target(target=target, by=request.user, at=timezone.now())
    messages.success(request, _("Signed."))
    return redirect("kpi:own_targets")
