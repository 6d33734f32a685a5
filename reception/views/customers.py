"""Customers, their phones, and vehicles."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dealer_crm.access.permissions import Permission
from dealer_crm.ui.paging import keyset_page
from dealer_crm.values import Refusal
from dealer_crm.values.phone import national_phone
from reception import actions, forms, queries
from reception.models import Customer
from reception.views.acting import act


def customer_list(request):
    found = forms.CustomerFilter(request.GET, queries.customers_visible_to(request.user), request=request)
    page = keyset_page(found.qs, request.GET, order=("-pk",))
    template = "reception/customers.html#rows" if request.htmx else "reception/customers.html"
    may_change = request.user.can(Permission.CUSTOMER_CHANGE)
    return render(request, template, {"filter_form": found.form, "page": page, "may_change": may_change})


def customer(request, pk):
    customer = get_object_or_404(
        Customer.objects.visible_to(request.user)
        .select_related("store", "created_by", "merged_into")
        .prefetch_related("phones"),
        pk=pk,
    )
    if customer.merged_into_id:
        messages.info(
            request, _("%(code)s was merged into this customer.") % {"code": f"{customer.code} {customer.name}"}
        )
        return redirect(_page_of(customer.merged_into))
    cars = queries.vehicles_visible_to(request.user).filter(owner=customer)
    dormant_before = queries.dormant_before(customer.store, timezone.now())
    page = {
        "customer": customer,
        "waiting": queries.waiting_changes(customer),
        "vehicles": cars.active(dormant_before),
        "dormant_vehicles": cars.dormant(dormant_before),
        "orders": queries.orders_visible_to(request.user).filter(customer=customer).order_by("-arrived_at", "-pk")[:20],
        "may_reveal": request.user.can(Permission.PHONE_REVEAL),
        "may_change": request.user.can(Permission.CUSTOMER_CHANGE),
        "may_decide": request.user.can(Permission.CUSTOMER_APPROVE),
        "may_add_vehicle": request.user.can(Permission.VEHICLE_CHANGE),
        "now": timezone.now(),
    }
    return render(request, "reception/customer.html", page)


def customer_value(request, pk):
    """What the customer is worth and what was agreed, for the customer's page."""
    customer = get_object_or_404(Customer.objects.visible_to(request.user).select_related("store"), pk=pk)
    worth = queries.worth_of(customer, request.user, timezone.localdate())
    return _part(request, customer, "reception/customer_value.html", {"worth": worth})


def customer_story(request, pk):
    """What was done to the customer's record and to those merged into it."""
    customer = get_object_or_404(Customer.objects.visible_to(request.user).prefetch_related("merged"), pk=pk)
    story = queries.story_of(customer, *customer.merged.all())
    return _part(request, customer, "reception/order/story.html", {"story": story})


def _part(request, customer, part: str, page: dict):
    template = "reception/customer_part.html" + ("#part" if request.htmx else "")
    return render(request, template, {"customer": customer, "part": part, **page})


def customer_new(request):
    form = forms.NewCustomerForm(request.POST or None)

    def deed(phone, expected_version=None, **given):
        store = store_of(request.user)
        return actions.create_customer(by=request.user, at=timezone.now(), store=store, phones=[phone], **given)

    return act(
        request, form, deed, title=_("New customer"), submit=_("Save"), to=_page_of, back=reverse("reception:customers")
    )


def customer_edit(request, pk):
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    form = forms.CustomerForm(request.POST or None, instance=customer, staff=request.user)

    def deed(**given):
        at = timezone.now()
        changed = actions.change_customer(customer=customer, by=request.user, at=at, **given)
        say_if_asked(request, customer, at)
        return changed

    return act(request, form, deed, title=customer.name, submit=_("Save"), to=_page_of(customer))


def phone_new(request, pk):
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    form = forms.PhoneForm(request.POST or None, staff=request.user)

    def deed(**given):
        at = timezone.now()
        phone = actions.add_phone(customer=customer, by=request.user, at=at, **given)
        say_if_asked(request, customer, at)
        return phone

    return act(request, form, deed, title=_("Another phone"), submit=_("Save"), to=_page_of(customer))


def phone_edit(request, pk):
    phone = get_object_or_404(queries.phones_visible_to(request.user), pk=pk)
    form = forms.NumberForm(request.POST or None, staff=request.user)

    def deed(**given):
        at = timezone.now()
        changed = actions.change_phone(phone=phone, by=request.user, at=at, **given)
        say_if_asked(request, phone.customer, at)
        return changed

    title = _("Another number instead of %(phone)s") % {"phone": phone}
    return act(request, form, deed, title=title, submit=_("Save"), to=_page_of(phone.customer))


@require_POST
def phone_primary(request, pk):
    phone, at = get_object_or_404(queries.phones_visible_to(request.user), pk=pk), timezone.now()
    actions.make_phone_primary(phone=phone, reason=request.POST.get("reason", ""), by=request.user, at=at)
    say_if_asked(request, phone.customer, at)
    return redirect(_page_of(phone.customer))


@require_POST
def phone_remove(request, pk):
    phone, at = get_object_or_404(queries.phones_visible_to(request.user), pk=pk), timezone.now()
    actions.remove_phone(phone=phone, reason=request.POST.get("reason", ""), by=request.user, at=at)
    say_if_asked(request, phone.customer, at)
    return redirect(_page_of(phone.customer))


@require_POST
def phone_reveal(request, pk):
    """The whole number, once, for a reason that is kept."""
    phone = get_object_or_404(queries.phones_visible_to(request.user), pk=pk)
    number = actions.reveal_phone(
        phone=phone, reason=request.POST.get("reason", ""), by=request.user, at=timezone.now()
    )
    page = {
        "title": phone.customer.name,
        "back": _page_of(phone.customer),
        "number": number,
        "shown": national_phone(number),
    }
    return render(request, "reception/phone.html" + ("#number" if request.htmx else ""), page)


def say_if_asked(request, subject, at) -> None:
    """Tell the person when what they changed waits for somebody else's decision."""
    if queries.change_asked(subject, request.user, at):
        messages.info(
            request, _("The change was asked for. The customer-relations supervisor decides; the old value stands.")
        )


def store_of(staff):
    if staff.store is None:
        raise Refusal(_("This is entered by people who belong to a store."))
    return staff.store


def _page_of(customer) -> str:
    return reverse("reception:customer", args=[customer.pk])
