from django import template

from dealer_crm.access.permissions import Permission
from dealer_crm.reporting.exports import export_named

register = template.Library()


@register.inclusion_tag("reporting/export_buttons.html", takes_context=True)
def export_buttons(context, code: str) -> dict:
    """The buttons that take the list on this page out, with its filter; nothing for who may not see it."""
    request, registered = context["request"], export_named(code)
    may_see = request.user.can(registered.permission)
    return {
        "export_address": f"reporting:export_{code}",
        "asked": request.GET.urlencode(),
        "has_rows": bool(may_see and context["page"].rows),
        "may_take_phones": registered.has_phones and request.user.can(Permission.PHONE_EXPORT),
        "csrf_token": context.get("csrf_token"),
        "request": request,
    }
