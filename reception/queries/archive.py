"""Customers and vehicles as their lists and pages ask for them."""

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from dealer_crm.channels.choices import Channel as Way
from dealer_crm.channels.queries import is_mobile, is_on
from dealer_crm.organization.models import Staff
from dealer_crm.values.phone import parse_phone
from reception.choices import Channel, Gender
from reception.models import Customer, CustomerPhone, Vehicle


def customers_visible_to(staff: Staff):
    """Customers for a list: with the phones and cars a row shows."""
    return (
        Customer.objects.visible_to(staff)
        .standing()
        .prefetch_related("phones", Prefetch("vehicles", Vehicle.objects.only("plate", "owner_id").order_by("-id")))
    )


def vehicles_visible_to(staff: Staff):
    return Vehicle.objects.visible_to(staff).standing().select_related("owner")


def vehicle_at_gate(plate: str) -> Vehicle | None:
    """The car that stands at the gate, by its whole plate, wherever in the group it is at home.

    The plate of a double leads to the car it was merged into.
    """
    cars = Vehicle.objects.select_related("owner", "store").prefetch_related("owner__phones")
    found = cars.filter(plate=plate).first()
    return cars.get(pk=found.merged_into_id) if found and found.merged_into_id else found


def vehicle_of_plate(staff: Staff, plate: str) -> Vehicle | None:
    """The car of a plate, if the person may know of it; the plate of a double leads to the car that is kept."""
    cars = Vehicle.objects.visible_to(staff).select_related("owner")
    found = cars.filter(plate=plate).select_related("merged_into__owner").first()
    return found.merged_into if found and found.merged_into_id else found


def customer_with_phone(staff: Staff, *, name: str, number: str) -> Customer | None:
    """The customer of that name who can be reached at that number (E.164), if the person may know of one."""
    known = Customer.objects.visible_to(staff).standing()
    return known.filter(name=name, phones__number=number).order_by("id").first()


def customers_named(staff: Staff, text: str) -> list[Customer]:
    """The customers a code, a phone or a whole name means, a few at most."""
    known = Customer.objects.visible_to(staff).standing()
    by_code = list(known.filter(code=text.upper()))
    if by_code:
        return by_code
    try:
        return list(known.filter(phones__number=parse_phone(text)).order_by("id")[:5])
    except ValueError:
        return list(known.filter(name=text).order_by("id")[:5])


def addressed(customer: Customer) -> str:
    """How a customer is addressed in Chinese, in speech and in writing: 王伟先生."""
    return f"{customer.name}{ {Gender.MALE: '先生', Gender.FEMALE: '女士'}.get(customer.gender, '') }"


def texted_number(customer: Customer) -> str:
    """The number (E.164) a text goes to: the first mobile no call has found wrong; empty without one."""
    numbers = [phone.number for phone in customer.phones.all() if phone.wrong_since is None]
    return next((number for number in numbers if is_mobile(number)), "")


def text_way(customer: Customer) -> Way:
    """By which channel a customer is written to: WeChat for who prefers it, where it is on; else by text message."""
    return Way.WECHAT if customer.contact_channel == Channel.WECHAT and is_on(Way.WECHAT) else Way.SMS


def texts_refused_by(number: str) -> str:
    """Why the customers with this number (E.164) get no texts; empty when they do. One who refuses speaks for all who
    share the number."""
    refusing = Customer.objects.standing().filter(phones__number=number, no_text_since__isnull=False)
    reason = refusing.order_by("no_text_since").values_list("no_text_reason", flat=True).first()
    return "" if reason is None else reason or _("The customer wants no texts.")


def phones_visible_to(staff: Staff):
    return CustomerPhone.objects.filter(customer__in=Customer.objects.visible_to(staff)).select_related(
        "customer__store"
    )
