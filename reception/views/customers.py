"""Customers, their phones, and vehicles."""

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
from reception.models import Customer, Vehicle
from reception.views.acting import act


def customer_list(request):
    found = forms.CustomerFilter(request.GET, queries.customers_visible_to(request.user), request=request)
    page = keyset_page(found.qs, request.GET, order=("-pk",))
    template = "reception/customers.html#rows" if request.htmx else "reception/customers.html"
    may_change = request.user.can(Permission.CUSTOMER_CHANGE)
    return render(request, template, {"filter_form": found.form, "page": page, "may_change": may_change})


def customer(request, pk):
    customer = get_object_or_404(
        queries.customers_visible_to(request.user).select_related("store", "created_by"), pk=pk
    )
    orders = queries.orders_visible_to(request.user).filter(customer=customer).order_by("-arrived_at", "-pk")[:20]
    page = {
        "customer": customer,
        "vehicles": queries.vehicles_visible_to(request.user).filter(owner=customer),
        "orders": orders,
        "story": queries.story_of(customer),
        "may_reveal": request.user.can(Permission.PHONE_REVEAL),
        "may_change": request.user.can(Permission.CUSTOMER_CHANGE),
        "may_add_vehicle": request.user.can(Permission.VEHICLE_CHANGE),
        "now": timezone.now(),
    }
    return render(request, "reception/customer.html", page)


def customer_new(request):
    form = forms.NewCustomerForm(request.POST or None)

    def deed(phone, expected_version=None, **given):
        store = _store_of(request.user)
        return actions.create_customer(by=request.user, at=timezone.now(), store=store, phones=[phone], **given)

    return act(
        request, form, deed, title=_("New customer"), submit=_("Save"), to=_page_of, back=reverse("reception:customers")
    )


def customer_edit(request, pk):
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    form = forms.CustomerForm(request.POST or None, instance=customer)

    def deed(**given):
        return actions.change_customer(customer=customer, by=request.user, at=timezone.now(), **given)

    return act(request, form, deed, title=customer.name, submit=_("Save"), to=_page_of(customer))


def phone_new(request, pk):
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    form = forms.PhoneForm(request.POST or None)

    def deed(**given):
        return actions.add_phone(customer=customer, by=request.user, at=timezone.now(), **given)

    return act(request, form, deed, title=_("Another phone"), submit=_("Save"), to=_page_of(customer))


def phone_primary(request, pk):
    phone = get_object_or_404(queries.phones_visible_to(request.user), pk=pk)
    if request.method == "POST":
        actions.make_phone_primary(phone=phone, by=request.user, at=timezone.now())
    return redirect(_page_of(phone.customer))


def phone_remove(request, pk):
    phone = get_object_or_404(queries.phones_visible_to(request.user), pk=pk)
    if request.method == "POST":
        actions.remove_phone(phone=phone, by=request.user, at=timezone.now())
    return redirect(_page_of(phone.customer))


@require_POST
def phone_reveal(request, pk):
    """The whole number, once, for a reason that is kept."""
    phone = get_object_or_404(queries.phones_visible_to(request.user), pk=pk)
    number = actions.reveal_phone(
        phone=phone, reason=request.POST.get("reason", ""), by=request.user, at=timezone.now()
    )
    page = {"customer": phone.customer, "number": number, "shown": national_phone(number)}
    return render(request, "reception/phone.html" + ("#number" if request.htmx else ""), page)


def vehicle_list(request):
    found = forms.VehicleFilter(request.GET, queries.vehicles_visible_to(request.user), request=request)
    page = keyset_page(found.qs, request.GET, order=("-pk",))
    template = "reception/vehicles.html#rows" if request.htmx else "reception/vehicles.html"
    may_change = request.user.can(Permission.VEHICLE_CHANGE)
    return render(request, template, {"filter_form": found.form, "page": page, "may_change": may_change})


def vehicle(request, pk):
    vehicle = get_object_or_404(queries.vehicles_visible_to(request.user).prefetch_related("owner__phones"), pk=pk)
    page = {
        "vehicle": vehicle,
        "visits": queries.visits_of(vehicle, request.user)[:50],
        "story": queries.story_of(vehicle),
        "may_change": request.user.can(Permission.VEHICLE_CHANGE),
        "may_reveal": request.user.can(Permission.PHONE_REVEAL),
        "may_take_in": request.user.can(Permission.ORDER_CREATE),
        "today": timezone.localdate(),
    }
    return render(request, "reception/vehicle.html", page)


def vehicle_new(request):
    owner = request.POST.get("owner") or request.GET.get("owner")
    form = forms.VehicleForm(request.POST or None, staff=request.user, initial={"owner": owner})

    def deed(expected_version=None, **given):
        return actions.create_vehicle(by=request.user, at=timezone.now(), store=_store_of(request.user), **given)

    return act(
        request, form, deed, title=_("New vehicle"), submit=_("Save"), back=reverse("reception:vehicles"),
        to=lambda vehicle: reverse("reception:vehicle", args=[vehicle.pk]),
    )  # fmt: skip


def vehicle_edit(request, pk):
    vehicle = get_object_or_404(Vehicle.objects.visible_to(request.user), pk=pk)
    form = forms.VehicleForm(request.POST or None, instance=vehicle, staff=request.user)

    def deed(**given):
        return actions.change_vehicle(vehicle=vehicle, by=request.user, at=timezone.now(), **given)

    return act(
        request, form, deed, title=vehicle.plate, submit=_("Save"), to=reverse("reception:vehicle", args=[vehicle.pk])
    )


def _page_of(customer) -> str:
    return reverse("reception:customer", args=[customer.pk])


def _store_of(staff):
    if staff.store is None:
        raise Refusal(_("This is entered by people who belong to a store."))
    return staff.store
