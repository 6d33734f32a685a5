"""Customers and their phones.

A change of the name, or of a number that is on record, by somebody who may not approve changes is kept as a request
(`asking`); the value stands until it is decided. A further number holds at once.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.organization.actions import pinyin_key
from dealer_crm.values import Refusal
from dealer_crm.values.phone import masked_phone, parse_typed_phone
from reception.actions.asking import ask, masked, may_decide
from reception.actions.locking import locked_customer
from reception.actions.numbering import CUSTOMER, next_number
from reception.actions.quality import look_at, relist_wrong_phone
from reception.choices import ArchiveField, CustomerKind
from reception.models import Customer, CustomerPhone

# What a change of a customer may touch.
FIELDS = (
    "name", "kind", "gender", "birthday", "area", "address", "contact_hour", "contact_channel", "source", "level",
    "tags", "no_call_since", "no_call_reason", "no_text_since", "no_text_reason",
)  # fmt: skip


@transaction.atomic
def create_customer(*, by, at, store, name: str, phones=(), kind=CustomerKind.PERSON, **fields) -> Customer:
    """Enter a customer with phones (as people type them; the first is primary). Further fields: see `FIELDS`."""
    name = right_name(name)
    numbers = list(dict.fromkeys(right_number(phone) for phone in phones if phone))
    _refuse_impossible(fields, at)
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
        CustomerPhone.objects.create(customer=customer, number=number, is_primary=number == numbers[0], entered_by=by)
    journal.record(by=by, at=at, verb="customer.created", subject=customer)
    look_at(customer, by=by, at=at)
    return customer


@transaction.atomic
def change_customer(
    *, customer: Customer, by, at, reason: str = "", expected_version: int | None = None, **fields
) -> Customer:
    """Change some of `FIELDS`. Raises Stale when somebody else changed the customer in the meantime.

    Another name is asked for with its `reason`, unless the person may approve changes.
    """
    customer = locked_customer(customer, expected_version)
    if "name" in fields:
        fields["name"] = right_name(fields["name"])
        if fields["name"] != customer.name and not may_decide(by):
            ask(
                subject=customer, field=ArchiveField.NAME, before=customer.name, after=fields.pop("name"),
                reason=reason, by=by, at=at,
            )  # fmt: skip
    _refuse_impossible(fields, at)
    before = {name: getattr(customer, name) for name in _known(fields)}
    for name, value in fields.items():
        setattr(customer, name, value)
    _refuse_unexplained_silence(customer)
    changes = journal.changed_fields(before, customer)
    if changes:
        customer.name_pinyin = pinyin_key(customer.name)
        customer.version += 1
        customer.save()
        journal.record(by=by, at=at, verb="customer.changed", subject=customer, changes=changes, note=reason.strip())
        look_at(customer, by=by, at=at)
    return customer


@transaction.atomic
def add_phone(*, customer: Customer, number: str, is_primary: bool = False, reason: str = "", by, at) -> CustomerPhone:
    """Add a number; the first one is primary by itself. That it takes the place of the first one is asked for."""
    customer = locked_customer(customer)
    number = right_number(number)
    if customer.phones.filter(number=number).exists():
        raise Refusal(_("The customer has this number already."), field="number", code="phone_known")
    phone = CustomerPhone.objects.create(customer=customer, number=number, entered_by=by)
    _note_phone(customer, by, at, [None, masked(number)])
    if is_primary or not customer.phones.exclude(pk=phone.pk).exists():
        phone = make_phone_primary(phone=phone, reason=reason, by=by, at=at)
    look_at(customer, by=by, at=at)
    return phone


@transaction.atomic
def change_phone(*, phone: CustomerPhone, number: str, reason: str = "", entered_by=None, by, at) -> CustomerPhone:
    """Correct a number, or ask for it. `entered_by`: whose entry it is, when that is somebody else than `by`."""
    customer = locked_customer(phone.customer)
    phone = _phone_of(customer, phone)
    number, before = right_number(number), phone.number
    if number == before:
        return phone
    if customer.phones.filter(number=number).exists():
        raise Refusal(_("The customer has this number already."), field="number", code="phone_known")
    if not may_decide(by):
        ask(
            subject=customer, field=ArchiveField.PHONE, before=before, after=number, phone=phone, reason=reason,
            by=by, at=at,
        )  # fmt: skip
        return phone
    phone.number, phone.wrong_since, phone.entered_by = number, None, entered_by or by
    phone.save(update_fields=["number", "wrong_since", "entered_by"])
    _note_phone(customer, by, at, [masked(before), masked(number)], note=reason.strip())
    look_at(customer, by=by, at=at)
    return phone


@transaction.atomic
def make_phone_primary(*, phone: CustomerPhone, reason: str = "", by, at) -> CustomerPhone:
    """The number that is dialled first. That it takes another's place is a change."""
    customer = locked_customer(phone.customer)
    phone = _phone_of(customer, phone)
    former = customer.phones.filter(is_primary=True).first()
    if phone == former:
        return phone
    if former and not may_decide(by):
        ask(
            subject=customer, field=ArchiveField.PRIMARY, before=former.number, after=phone.number, reason=reason,
            by=by, at=at,
        )  # fmt: skip
        return phone
    customer.phones.update(is_primary=False)
    customer.phones.filter(pk=phone.pk).update(is_primary=True)
    phone.refresh_from_db()
    _note_phone(customer, by, at, [masked(former and former.number), masked(phone.number)], note=_("primary number"))
    return phone


@transaction.atomic
def remove_phone(*, phone: CustomerPhone, reason: str = "", by, at) -> None:
    """Take a number away; the oldest of the others becomes primary when the primary one went."""
    customer = locked_customer(phone.customer)
    phone = _phone_of(customer, phone)
    if not may_decide(by):
        ask(
            subject=customer, field=ArchiveField.PHONE, before=phone.number, after="", phone=phone, reason=reason,
            by=by, at=at,
        )  # fmt: skip
        return
    customer.phones.filter(pk=phone.pk).delete()
    others = customer.phones.order_by("id")
    if not others.filter(is_primary=True).exists() and (first := others.first()):
        CustomerPhone.objects.filter(pk=first.pk).update(is_primary=True)
    _note_phone(customer, by, at, [masked(phone.number), None], note=reason.strip())
    look_at(customer, by=by, at=at)


@transaction.atomic
def mark_phone_wrong(*, customer: Customer, number: str, by, at) -> None:
    """A call found that the number (E.164) isn't the customer's or isn't given out; it counts until it changes."""
    customer = locked_customer(customer)
    if customer.phones.filter(number=number, wrong_since=None).update(wrong_since=at):
        relist_wrong_phone(customer, number)
        journal.record(by=by, at=at, verb="phone.found_wrong", subject=customer, note=masked_phone(number))
        look_at(customer, by=by, at=at)


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


def right_name(name: str) -> str:
    name = " ".join((name or "").split())
    if not name:
        raise Refusal(_("A customer needs a name."), field="name", code="name_missing")
    return name


def right_number(text: str) -> str:
    try:
        return parse_typed_phone(str(text))
    except ValueError as error:
        raise Refusal(
            _("“%(number)s” is no phone number. A mobile has 11 digits, a landline its area code.") % {"number": text},
            field="phone",
            code="phone_wrong",
        ) from error


def _phone_of(customer: Customer, phone: CustomerPhone) -> CustomerPhone:
    """The number as it is now, of a locked customer."""
    fresh = customer.phones.select_for_update().filter(pk=phone.pk).first()
    if fresh is None:
        raise Refusal(_("This number was removed in the meantime."), code="phone_gone")
    return fresh


def _known(fields: dict) -> dict:
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"not a field of a customer: {', '.join(sorted(unknown))}")
    return fields


def _refuse_impossible(fields: dict, at) -> None:
    if (hour := fields.get("contact_hour")) is not None and not 0 <= hour <= 23:
        raise Refusal(_("The hour lies between 0 and 23."), field="contact_hour", code="hour_wrong")
    if (birthday := fields.get("birthday")) and birthday > timezone.localdate(at):
        raise Refusal(_("The birthday lies in the future."), field="birthday", code="birthday_wrong")


def _refuse_unexplained_silence(customer: Customer) -> None:
    """A customer who is not to be called or texted has said so on some occasion."""
    for since, reason in (("no_call_since", "no_call_reason"), ("no_text_since", "no_text_reason")):
        if getattr(customer, since) and not getattr(customer, reason).strip():
            raise Refusal(_("Say why the customer is not to be contacted."), field=reason, code="reason_missing")


def _note_phone(customer: Customer, by, at, change, note="") -> None:
    customer.version += 1
    customer.save(update_fields=["version"])
    journal.record(by=by, at=at, verb="customer.phone_changed", subject=customer, changes={"phone": change}, note=note)
