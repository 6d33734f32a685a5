"""Customers and their phones."""

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.organization.actions import pinyin_key
from dealer_crm.values import Refusal
from dealer_crm.values.phone import masked_phone, parse_phone
from reception.actions.locking import locked_customer
from reception.actions.numbering import CUSTOMER, next_number
from reception.choices import CustomerKind
from reception.models import Customer, CustomerPhone

# What a change of a customer may touch.
FIELDS = (
    "name", "kind", "gender", "birthday", "area", "address", "contact_hour", "contact_channel", "source", "level",
    "tags", "no_call_since", "no_call_reason", "no_text_since", "no_text_reason",
)  # fmt: skip


@transaction.atomic
def create_customer(*, by, at, store, name: str, phones=(), kind=CustomerKind.PERSON, **fields) -> Customer:
    """Enter a customer with phones (as people type them; the first is primary). Further fields: see `FIELDS`."""
    name = _name(name)
    numbers = list(dict.fromkeys(_number(phone) for phone in phones if phone))
    customer = Customer.objects.create(
        code=next_number(model=Customer, field="code", prefix=CUSTOMER, store=store, at=at),
        store=store,
        name=name,
        name_pinyin=pinyin_key(name),
        kind=kind,
        created_by=by,
        created_at=at,
        **_known(fields),
    )
    for number in numbers:
        CustomerPhone.objects.create(customer=customer, number=number, is_primary=number == numbers[0])
    journal.record(by=by, at=at, verb="customer.created", subject=customer)
    return customer


@transaction.atomic
def change_customer(*, customer: Customer, by, at, expected_version: int | None = None, **fields) -> Customer:
    """Change some of `FIELDS`. Raises Stale when somebody else changed the customer in the meantime."""
    customer = locked_customer(customer, expected_version)
    if "name" in fields:
        fields["name"] = _name(fields["name"])
    before = {name: getattr(customer, name) for name in _known(fields)}
    for name, value in fields.items():
        setattr(customer, name, value)
    _refuse_unexplained_silence(customer)
    changes = journal.changed_fields(before, customer)
    if changes:
        customer.name_pinyin = pinyin_key(customer.name)
        customer.version += 1
        customer.save()
        journal.record(by=by, at=at, verb="customer.changed", subject=customer, changes=changes)
    return customer


@transaction.atomic
def add_phone(*, customer: Customer, number: str, is_primary: bool = False, by, at) -> CustomerPhone:
    """Add a number; the first one is primary by itself."""
    customer = locked_customer(customer)
    number = _number(number)
    if customer.phones.filter(number=number).exists():
        raise Refusal(_("The customer has this number already."), field="number", code="phone_known")
    is_primary = is_primary or not customer.phones.exists()
    if is_primary:
        customer.phones.update(is_primary=False)
    phone = CustomerPhone.objects.create(customer=customer, number=number, is_primary=is_primary)
    _note_phone(customer, by, at, [None, masked_phone(number)])
    return phone


@transaction.atomic
def change_phone(*, phone: CustomerPhone, number: str, by, at) -> CustomerPhone:
    customer = locked_customer(phone.customer)
    phone = customer.phones.select_for_update().get(pk=phone.pk)
    number, before = _number(number), phone.number
    if number == before:
        return phone
    if customer.phones.filter(number=number).exists():
        raise Refusal(_("The customer has this number already."), field="number", code="phone_known")
    phone.number = number
    phone.save(update_fields=["number"])
    _note_phone(customer, by, at, [masked_phone(before), masked_phone(number)])
    return phone


@transaction.atomic
def make_phone_primary(*, phone: CustomerPhone, by, at) -> CustomerPhone:
    """The number that is dialled first."""
    customer = locked_customer(phone.customer)
    customer.phones.update(is_primary=False)
    customer.phones.filter(pk=phone.pk).update(is_primary=True)
    phone.refresh_from_db()
    _note_phone(customer, by, at, [None, masked_phone(phone.number)], note=_("primary number"))
    return phone


@transaction.atomic
def remove_phone(*, phone: CustomerPhone, by, at) -> None:
    """Take a number away; the oldest of the others becomes primary when the primary one went."""
    customer = locked_customer(phone.customer)
    customer.phones.filter(pk=phone.pk).delete()
    others = customer.phones.order_by("id")
    if not others.filter(is_primary=True).exists() and (first := others.first()):
        CustomerPhone.objects.filter(pk=first.pk).update(is_primary=True)
    _note_phone(customer, by, at, [masked_phone(phone.number), None])


@transaction.atomic
def reveal_phone(*, phone: CustomerPhone, reason: str, by, at) -> str:
    """Hand out the whole number (E.164) to somebody who says what for; the journal keeps who and why."""
    if not reason.strip():
        raise Refusal(_("Say what you need the number for."), field="reason", code="reason_missing")
    journal.record(
        by=by,
        at=at,
        verb="phone.revealed",
        subject=phone.customer,
        note=f"{masked_phone(phone.number)} {reason.strip()}",
    )
    return phone.number


def _name(name: str) -> str:
    name = " ".join((name or "").split())
    if not name:
        raise Refusal(_("A customer needs a name."), field="name", code="name_missing")
    return name


def _number(text: str) -> str:
    try:
        return parse_phone(str(text))
    except ValueError as error:
        raise Refusal(
            _("“%(number)s” is no phone number. A mobile has 11 digits, a landline its area code.") % {"number": text},
            field="phone",
            code="phone_wrong",
        ) from error


def _known(fields: dict) -> dict:
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"not a field of a customer: {', '.join(sorted(unknown))}")
    return fields


def _refuse_unexplained_silence(customer: Customer) -> None:
    """A customer who is not to be called or texted has said so on some occasion."""
    for since, reason in (("no_call_since", "no_call_reason"), ("no_text_since", "no_text_reason")):
        if getattr(customer, since) and not getattr(customer, reason).strip():
            raise Refusal(_("Say why the customer is not to be contacted."), field=reason, code="reason_missing")


def _note_phone(customer: Customer, by, at, change, note="") -> None:
    customer.version += 1
    customer.save(update_fields=["version"])
    journal.record(by=by, at=at, verb="customer.phone_changed", subject=customer, changes={"phone": change}, note=note)
