"""The token of one's own with which a program speaks for a person over the HTTP API. Source: spec `interfaces.md`."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from dealer_crm.organization import actions, queries


@never_cache
def api_token(request):
    """The new token is shown on the answer to the form only; loading the page again can't bring it back."""
    key = None
    if request.method == "POST":
        key = actions.give_api_token(staff=request.user, by=request.user, at=timezone.now())
    given_at = queries.api_token_given_at(request.user)
    return render(request, "registration/api_token.html", {"key": key, "given_at": given_at})


@require_POST
def api_token_off(request):
    if actions.withdraw_api_token(staff=request.user, by=request.user, at=timezone.now()):
        messages.success(request, _("Your API token is worthless from now on."))
    return redirect("ui:api_token")
