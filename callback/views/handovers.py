"""New cars handed to their owners: the list, entering one, taking one back."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from callback import actions, queries
from callback.forms.handovers import HandoverForm
from callback.models import Handover
from dealer_crm.access.permissions import Permission
from dealer_crm.organization.queries import store_of
from dealer_crm.ui.paging import keyset_page
from dealer_crm.values import Refusal


def handover_list(request):
    page = keyset_page(queries.handovers_in_list(request.user), request.GET, order=("-handed_over_at", "-pk"))
    calls = queries.calls_of_handovers(page.rows)
    for row in page.rows:
        row.calls = calls[row.pk]
    may_enter = request.user.can(Permission.HANDOVER_CREATE) and request.user.store_id
    context = {
        "page": page,
        "may_enter": may_enter,
        "may_withdraw": request.user.can(Permission.CALL_RULE_CHANGE),
        "shows_store": request.user.sees_all_stores,
    }
    return render(request, "callback/handovers.html", context)


def handover_new(request):
    """Enter the handover of a car that stands in the archive."""
    store, now = store_of(request.user), timezone.now()
    form = HandoverForm(request.POST or None, staff=request.user, initial={"handed_over_at": now})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.hand_over_new_car(
                store=store, vehicle=said["plate"], handed_over_at=said["handed_over_at"],
                salesperson=said["salesperson"], by=request.user, at=now,
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("The handover is noted; its calls are in the queue in a moment."))
            return redirect("callback:handovers")
    return render(request, "callback/handover_form.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def handover_withdraw(request, pk):
    found = get_object_or_404(Handover.objects.visible_to(request.user), pk=pk)
    actions.withdraw_handover(
        handover=found, reason=request.POST.get("reason", ""), by=request.user, at=timezone.now()
    )  # fmt: skip
    messages.success(request, _("The handover is taken back."))
    return redirect("callback:handovers")
