"""Which channel is on, how it does, and a message to try it with."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.channels import actions, queries
from dealer_crm.channels.forms import TestForm
from dealer_crm.organization.queries import stores_to_choose
from dealer_crm.values import Refusal


def state(request):
    form = TestForm(request.POST or None, stores=stores_to_choose(request.user))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.send_test(
                store=form.store, channel=said["channel"], to=said["to"], key=str(said["token"]),
                by=request.user, at=timezone.now(),
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("The test message is ordered; what became of it stands below."))
            return redirect("channels:state")
    at = timezone.now()
    context = {
        "channels": queries.channel_states(request.user, at=at),
        "tests": queries.tests_of(request.user),
        "form": form,
        "now": at,
        "hooks": [request.build_absolute_uri(reverse(f"channels:{name}")) for name in ("receipts", "answers")],
    }
    return render(request, "channels/state.html", context, status=422 if form.errors else 200)
