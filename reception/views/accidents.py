"""Accident cars by what they wait for: the assessment, the release, the insurer's money."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.access.permissions import Permission
from dealer_crm.ui.paging import keyset_page
from reception import actions, queries
from reception.views.acting import own_order

LISTS = {
    "assessment": (queries.awaiting_assessment, ("arrived_at", "pk")),
    "release": (queries.awaiting_release, ("arrived_at", "pk")),
    "money": (queries.awaiting_insurer, ("due_since", "pk")),
}


def accidents(request):
    asked = request.GET.get("list", "assessment")
    asked = asked if asked in LISTS else "assessment"
    rows, order = LISTS[asked]
    page = keyset_page(rows(request.user), request.GET, order=order)
    tz, today = timezone.get_current_timezone(), timezone.localdate()
    for row in page.rows:
        since = row.due_since if asked == "money" else row.arrived_at
        row.age = queries.age_in_days(since, today, tz)
    shown = {"page": page, "list": asked, "tabs": _tabs(asked), "may_assess": _may_assess(request.user)}
    template = "reception/accidents.html#rows" if request.htmx else "reception/accidents.html"
    return render(request, template, shown)


def _tabs(asked: str) -> list[dict]:
    words = {
        "assessment": _("Awaiting assessment"),
        "release": _("Awaiting release"),
        "money": _("Awaiting the insurer's money"),
    }
    url = reverse("reception:accidents")
    return [{"url": f"{url}?list={name}", "label": label, "active": name == asked} for name, label in words.items()]


def _may_assess(staff) -> bool:
    return staff.can(Permission.ASSESSMENT_CHANGE)


def order_release(request, pk):
    """The assessed car leaves today."""
    order = own_order(request, pk)
    if request.method == "POST":
        actions.release_accident_car(order=order, by=request.user, at=timezone.now())
        messages.success(request, _("%(plate)s is released.") % {"plate": order.vehicle.plate})
    return redirect("reception:order", order.pk)
