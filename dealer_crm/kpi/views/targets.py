"""The targets of a month, one of them with its history, setting and signing."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from dealer_crm.access.permissions import Permission
from dealer_crm.journal.queries import entries_about, read_lines
from dealer_crm.kpi import actions, queries
from dealer_crm.kpi.forms import TargetForm
from dealer_crm.kpi.models import Target
from dealer_crm.organization.queries import figures_asked_once, store_of
from dealer_crm.ui.fields import month_asked
from dealer_crm.ui.stores import store_asked
from dealer_crm.values import Period, Refusal


def targets(request):
    """A store's targets of a month: how far they are reached, who has signed and whose signature is missing."""
    at, store = timezone.now(), store_asked(request)
    period, form = month_asked(request.GET, Period.of(at, store.tz))
    rows = queries.month_targets(store, period).prefetch_related("signatures__staff")
    with figures_asked_once():
        found = queries.reached(store, period, rows, at)
    return render(
        request,
        "kpi/targets.html",
        {
            "period": period,
            "store": store,
            "form": form,
            "targets": found,
            "waiting": queries.waiting_for(store, period),
            "may_change": request.user.can(Permission.TARGET_CHANGE) and store == request.user.store,
        },
    )


def target(request, pk):
    """One target: how far it is reached, who set it and when, from what to what, and who has signed."""
    found = Target.objects.visible_to(request.user).select_related("store", "team", "staff", "set_by")
    one = get_object_or_404(found, pk=pk)
    bound, signatures = list(queries.bound_staff(one)), list(one.signatures.select_related("staff").order_by("pk"))
    signed = {signature.staff_id for signature in signatures}
    [reached] = queries.reached(one.store, Period.parse(one.period), [one], timezone.now())
    context = {
        "target": one,
        "reached": reached,
        "may_open": request.user.can(Permission.KPI_VIEW),
        "signatures": signatures,
        "waiting": [person for person in bound if person.pk not in signed] if not one.is_signed else [],
        "lines": read_lines(entries_about(one), reader=request.user),
    }
    return render(request, "kpi/target.html", context)


def target_new(request):
    store = store_of(request.user)
    initial = {"period": request.GET.get("period") or str(Period.of(timezone.now()).next())}
    form = TargetForm(request.POST or None, store=store, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.set_target(store=store, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("The target is set; it counts once those it binds have signed."))
            return redirect(f"{reverse('kpi:targets')}?period={made.period}")
    return render(request, "kpi/target_new.html", {"form": form})


def own_targets(request):
    """What waits for one's own signature, month by month, and how far one and one's team have come in a month."""
    at, staff = timezone.now(), request.user
    month, form = month_asked(request.GET, Period.of(at))
    own = queries.own_targets(staff, month, at) if staff.store else []
    context = {"targets": queries.unsigned_targets_of(staff), "month": month, "form": form, "own": own}
    return render(request, "kpi/own_targets.html", context)


@require_POST
def target_sign(request, pk):
    one = get_object_or_404(Target.objects.visible_to(request.user), pk=pk)
    actions.sign_target(target=one, by=request.user, at=timezone.now())
    messages.success(request, _("Signed."))
    return redirect("kpi:own_targets")


@require_POST
def targets_sign(request):
    """Sign all targets of a month that wait for oneself."""
    month, _form = month_asked(request.POST, Period.of(timezone.now()))
    waiting = queries.unsigned_targets_of(request.user, since=month, until=month)
    count = actions.sign_targets(targets=waiting, by=request.user, at=timezone.now())
    said = ngettext("%(count)d target signed.", "%(count)d targets signed.", count) % {"count": count}
    messages.success(request, said if count else _("Nothing waits for your signature."))
    return redirect("kpi:own_targets")
