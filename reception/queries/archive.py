"""Customers and vehicles as their lists and pages ask for them."""

from django.db.models import Prefetch

from dealer_crm.organization.models import Staff
from reception.models import Customer, CustomerPhone, Vehicle


def customers_visible_to(staff: Staff):
    """Customers for a list: with the phones and cars a row shows."""
    return Customer.objects.visible_to(staff).prefetch_related(
        "phones", Prefetch("vehicles", Vehicle.objects.only("plate", "owner_id").order_by("-id"))
    )


def vehicles_visible_to(staff: Staff):
    return Vehicle.objects.visible_to(staff).select_related("owner")


def vehicle_at_gate(plate: str) -> Vehicle | None:
    """The car that stands at the gate, by its whole plate, wherever in the group it is at home."""
    return (
        Vehicle.objects.filter(plate=plate).select_related("owner", "store").prefetch_related("owner__phones").first()
    )


def customer_with_phone(staff: Staff, *, name: str, number: str) -> Customer | None:
    """The customer of that name who can be reached at that number (E.164), if the person may know of one."""
    return Customer.objects.visible_to(staff).filter(name=name, phones__number=number).order_by("id").first()


def phones_visible_to(staff: Staff):
    return CustomerPhone.objects.filter(customer__in=Customer.objects.visible_to(staff)).select_related(
        "customer__store"
    )
