from django.core.exceptions import PermissionDenied


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


def declares_permission(view) -> bool:
    """True for a guarded page, a public page, or an API view that lists its permissions by action."""
    api_class = getattr(view, "cls", None)
    return hasattr(view, "permission") or getattr(api_class, "permissions", None) is not None
