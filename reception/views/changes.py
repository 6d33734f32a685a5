"""Changes of the archive: who asked, who decides."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dealer_crm.access.permissions import Permission
from dealer_crm.ui.home import Card, Item, among
from dealer_crm.ui.paging import keyset_page
from dealer_crm.values.phone import national_phone
from reception import actions, forms, queries
from reception.choices import Decision

SHOWN = 6


def change_list(request):
    """What waits, the oldest first; what was decided, the newest first."""
    asked = request.GET if "decision" in request.GET else {"decision": Decision.WAITING}
    found = forms.ChangeFilter(asked, queries.listed_changes(request.user), request=request)
    waits = found.data.get("decision") == Decision.WAITING
    page = keyset_page(found.qs, request.GET, order=("pk",) if waits else ("-pk",))
    template = "reception/changes.html#rows" if request.htmx else "reception/changes.html"
    rights = {
        "may_decide": request.user.can(Permission.CUSTOMER_APPROVE),
        "may_reveal": request.user.can(Permission.PHONE_REVEAL),
    }
    return render(request, template, {"filter_form": found.form, "page": page, **rights})


@require_POST
def change_accept(request, pk):
    change = actions.accept_change(change=_change(request, pk), by=request.user, at=timezone.now())
    messages.success(request, _("Accepted: %(change)s") % {"change": change})
    return redirect(_back(request))


@require_POST
def change_reject(request, pk):
    reason = request.POST.get("reason", "")
    change = actions.reject_change(change=_change(request, pk), reason=reason, by=request.user, at=timezone.now())
    messages.success(request, _("Rejected: %(change)s") % {"change": change})
    return redirect(_back(request))


@require_POST
def change_withdraw(request, pk):
    actions.withdraw_change(change=_change(request, pk), by=request.user, at=timezone.now())
    return redirect(_back(request))


@require_POST
def change_reveal(request, pk):
    """The whole numbers of a request, the old and the wanted one, for a reason that is kept."""
    change = _change(request, pk)
    reason = request.POST.get("reason", "")
    numbers = actions.reveal_change(change=change, reason=reason, by=request.user, at=timezone.now())
    shown = " → ".join(national_phone(number) if number else _("to be removed") for number in numbers)
    page = {"title": change.subject, "back": reverse("reception:changes"), "shown": shown}
    return render(request, "reception/phone.html" + ("#shown" if request.htmx else ""), page)


def _waiting(staff, at):
    return queries.changes_visible_to(staff).waiting().select_related("customer", "vehicle").order_by("pk")


@among(_waiting)
def changes_card(staff, at, waiting) -> Card | None:
    """First page of who decides: what waits."""
    items = [
        Item(f"{change.subject} · {change.get_field_display()}", change.reason, reverse("reception:changes"))
        for change in waiting.first(SHOWN)
    ]
    return Card(_("Changes to decide on"), items, reverse("reception:changes"), waiting.count, "warning")


def _change(request, pk):
    return get_object_or_404(queries.changes_visible_to(request.user).select_related("customer", "vehicle"), pk=pk)


def _back(request) -> str:
    """To the page the button stood on: the list, or the customer's or car's own."""
    page = request.POST.get("next", "")
    return page if url_has_allowed_host_and_scheme(page, allowed_hosts=None) else reverse("reception:changes")
