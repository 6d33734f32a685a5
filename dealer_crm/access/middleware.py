from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from dealer_crm.access.permissions import Permission
from dealer_crm.access.roles import SECOND_FACTOR_ROLES
from dealer_crm.access.routes import PUBLIC


class DefaultDeny:
    """A view that declares no permission is shown to nobody, so that forgetting the guard can't open a door.

    Pages carry `permission` from `routes.page`; API views carry `permissions` and are checked by
    `dealer_crm.rest.permissions.DeclaredPermission`. Source: spec `people-and-roles.md`.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not declares_permission(view):
            raise PermissionDenied


class OwnPasswordFirst:
    """Whose password somebody else made replaces it before anything else; only signing out stays open.

    A program's token is no way around: `reset_password` withdraws it, and a new one is made on a page.
    """

    OPEN = frozenset({"ui:password", "ui:sign_out"})

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if getattr(view, "permission", None) == PUBLIC or request.resolver_match.view_name in self.OPEN:
            return None
        if not getattr(request.user, "must_change_password", False):
            return None
        if getattr(view, "cls", None):
            raise PermissionDenied
        page = reverse("ui:password")
        if not request.headers.get("HX-Request"):
            return redirect(page)
        is_there = urlsplit(request.headers.get("HX-Current-URL", "")).path == page
        return HttpResponse(status=204) if is_there else HttpResponse(headers={"HX-Redirect": page})


class SecondFactorFirst:
    """Finance, station manager and administrator do nothing before their second factor is set up and given.

    What stays open is what they need for it: the pages of their own account and those for everybody. Only where
    `settings.SECOND_FACTOR` asks for it (not in the demo). Source: spec `people-and-roles.md` (passwords).
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not settings.SECOND_FACTOR or getattr(view, "permission", None) in (PUBLIC, Permission.ACCOUNT_CHANGE):
            return None
        staff = request.user
        if not staff.is_authenticated or not staff.has_role(*SECOND_FACTOR_ROLES) or staff.is_verified():
            return None
        if getattr(view, "cls", None):
            raise PermissionDenied
        return redirect("ui:second_factor")


def declares_permission(view) -> bool:
    """True for a guarded page, a public page, or an API view that lists its permissions by action."""
    api_class = getattr(view, "cls", None)
    return hasattr(view, "permission") or getattr(api_class, "permissions", None) is not None
