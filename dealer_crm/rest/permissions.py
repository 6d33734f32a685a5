from rest_framework.permissions import BasePermission


class DeclaredPermission(BasePermission):
    """A viewset lists the permission of each of its actions in `permissions`; what is not listed is forbidden."""

    def has_permission(self, request, view):
        if not request.user or not request.user.is_authenticated:
            return False
        if request.method == "OPTIONS":
            return True
        needed = getattr(view, "permissions", {}).get(getattr(view, "action", None))
        return needed is not None and request.user.can(needed)
