"""Letting programs open a page that is guarded by a sign-in. Source: spec `interfaces.md` (HTTP API)."""

from functools import wraps

from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed

from dealer_crm.rest.problems import problem_page


def by_token(view):
    """A guarded view that also knows who comes with `Authorization: Token …`; for reading only."""

    @wraps(view)
    def shown(request, *args, **kwargs):
        if request.method in ("GET", "HEAD") and not request.user.is_authenticated:
            try:
                found = TokenAuthentication().authenticate(request)
            except AuthenticationFailed as failure:
                return problem_page(401, "authentication_failed", str(failure.detail))
            if found:
                request.user = found[0]
        return view(request, *args, **kwargs)

    return shown
