"""Pages declare their permission where they declare their address.

`page()` makes a `path()` whose view is guarded: not signed in → sign-in page; signed in without the permission → 403;
a `Refusal` raised below → the sentence for the person (a toast for htmx, a message and the page before otherwise).
`DefaultDeny` (middleware) turns away any view that came in by another way. Source: spec `people-and-roles.md`,
`architecture.md` (law 3, refusals).
"""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme

from dealer_crm.access.permissions import Permission
from dealer_crm.values import Refusal, Stale

PUBLIC = "public"


def page(route: str, view, permission: Permission, *, name: str):
    """A page or form target that needs `permission`."""
    return path(route, guarded(view, permission), name=name)


def public_page(route: str, view, *, name: str):
    """A page for people who are not signed in (sign-in itself, a customer's survey link, health checks)."""

    @wraps(view)
    def shown(request, *args, **kwargs):
        return view(request, *args, **kwargs)

    shown.permission = PUBLIC
    return path(route, shown, name=name)


def guarded(view, permission: Permission):
    @wraps(view)
    def shown(request, *args, **kwargs):
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        if not request.user.can(permission):
            raise PermissionDenied
        try:
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            return _refused(request, refusal)

    shown.permission = permission
    return shown


def _to_sign_in(request):
    if request.headers.get("HX-Request"):
        answer = HttpResponse(status=401)
        answer["HX-Redirect"] = redirect_to_login(_safe(request, request.headers.get("HX-Current-URL", ""))).url
        return answer
    return redirect_to_login(request.get_full_path() if request.method == "GET" else _page_before(request))


def _refused(request, refusal: Refusal):
    """Say the refusal where the person is: nothing they did is lost, the page before stays."""
    if request.headers.get("HX-Request"):
        status = 412 if isinstance(refusal, Stale) else 422
        return render(request, "ui/toast.html", {"refusal": refusal}, status=status)
    messages.error(request, str(refusal))
    return HttpResponseRedirect(_page_before(request))


def _page_before(request) -> str:
    before = request.headers.get("Referer", "")
    return _safe(request, before) if before != request.build_absolute_uri() else "/"


def _safe(request, address: str) -> str:
    """The address if it is one of this house, else the first page."""
    is_ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if is_ours else "/"
