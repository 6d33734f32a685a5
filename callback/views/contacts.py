"""Who was called, when, and what came of it."""

from django.shortcuts import get_object_or_404, render

from callback import queries
from callback.forms import ContactFilter
from callback.forms.refusals import PurposeForm
from callback.views.day import bounds
from dealer_crm.access.permissions import Permission
from dealer_crm.organization.models import Staff
from dealer_crm.ui.paging import keyset_page
from dealer_crm.ui.stores import only_of, store_picked
from reception.models import Customer

NEWEST_FIRST = ("-at", "-pk")


def contact_list(request):
    form = ContactFilter(
        request.GET, agents=Staff.objects.visible_to(request.user).order_by("work_number"),
        rules=queries.rules_of(request.user),
    )  # fmt: skip
    said, store = form.cleaned_data if form.is_valid() else {}, store_picked(request)
    begin, until = bounds(request.user.store, said.get("first"), said.get("last"))
    rows = queries.call_contacts(request.user).filter(**only_of(store))
    wanted = {
        "outcome": said.get("outcome"),
        "agent": said.get("agent"),
        "task__rule": said.get("rule"),
        "at__gte": begin,
        "at__lt": until,
    }
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    rows = queries.calls_counted(rows, said["view"]) if said.get("view") else rows
    page = keyset_page(rows, request.GET, order=NEWEST_FIRST)
    template = "callback/contacts.html#rows" if request.htmx else "callback/contacts.html"
    return render(request, template, {"filter_form": form, "page": page, "store": store})


def customer_contacts(request, pk):
    """One customer's contacts, newest first."""
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    page = keyset_page(queries.contacts_of_customer(request.user, customer), request.GET, order=NEWEST_FIRST)
    context = {
        "customer": customer,
        "page": page,
        "owed": queries.owed_to(request.user, customer),
        "refusals": customer.call_refusals.select_related("noted_by"),
        "purpose_form": PurposeForm() if request.user.can(Permission.CALL_TAKE) else None,
    }
    return render(request, "callback/customer.html", context)


def wrong_number_list(request):
    """Customers nobody can be called at; a row goes when the number was put right."""
    page = keyset_page(queries.wrong_numbers(request.user), request.GET, order=NEWEST_FIRST)
    return render(request, "callback/wrong_numbers.html", {"page": page})
