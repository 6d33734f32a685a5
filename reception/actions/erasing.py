"""A customer asks to be forgotten: what names the person goes, money and statistics stay.

Source: spec `people-and-roles.md` (Privacy, erasure request). There is no undo.
"""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.channels import actions as channels
from dealer_crm.journal import actions as journal
from dealer_crm.organization.actions import pinyin_key
from dealer_crm.values import Refusal
from reception import events
from reception.actions.locking import locked_customer
from reception.choices import IN_SHOP, Channel, Decision, FlawEnd, OrderState, Payer
from reception.models import (
    AddOn,
    Appointment,
    ChangeRequest,
    Customer,
    CustomerPhone,
    Flaw,
    Promise,
    Receivable,
    Signature,
    VehicleDriver,
)


@transaction.atomic
def erase_customer(*, customer: Customer, reason: str, by, at, expected_version: int | None = None) -> Customer:
    """Make the customer, and the doubles merged into it, nobody in particular. `reason`: how the request was made.

    Refused while the name is still needed: a car is in the shop or expected, or money is due either way.
    """
    customer = locked_customer(customer, expected_version)
    if not reason.strip():
        raise Refusal(_("Say how the customer asked for it."), field="reason", code="reason_missing")
    _refuse_unfinished(customer)
    both = Customer.objects.filter(Q(pk=customer.pk) | Q(merged_into=customer))
    ids, nobody = list(both.values_list("pk", flat=True)), _("Erased customer")
    _forget_what_was_said(ids, nobody, by, at)
    phones = CustomerPhone.objects.filter(customer__in=ids)
    numbers = list(phones.values_list("number", flat=True))
    channels.forget_address(addresses=numbers, by=by, at=at)
    phones.delete()
    today = timezone.localdate(at)
    both.update(
        name=nobody, name_pinyin=pinyin_key(nobody), gender="", birthday=None, address="", contact_hour=None,
        contact_channel=Channel.PHONE, tags=[], no_call_since=today, no_text_since=today, no_call_reason=nobody,
        no_text_reason=nobody, erased_at=at,
    )  # fmt: skip
    customer.refresh_from_db()
    customer.version += 1
    customer.save(update_fields=["version"])
    journal.record(by=by, at=at, verb="customer.erased", subject=customer, note=reason.strip())
    events.customer_erased.send(Customer, customer_ids=ids, phones=numbers, at=at)
    return customer


def _refuse_unfinished(customer: Customer) -> None:
    waits = [
        _("Order %(number)s is not finished.") % {"number": number}
        for number in customer.repair_orders.filter(
            Q(state=OrderState.DRAFT) | Q(state__in=IN_SHOP)
        ).values_list("number", flat=True)
    ]  # fmt: skip
    waits += [
        _("Appointment %(number)s is open.") % {"number": one.number}
        for one in Appointment.objects.expected().filter(customer=customer)
    ]
    owing = Receivable.objects.filter(order__customer=customer, payer=Payer.CUSTOMER).exclude(open_amount=0)
    waits += [
        _("Money is due on order %(number)s.") % {"number": number}
        for number in owing.values_list("order__number", flat=True)
    ]
    if waits:
        raise Refusal(_("The customer's name is still needed."), code="still_needed", details=waits)


def _forget_what_was_said(ids: list[int], nobody: str, by, at) -> None:
    """Names and numbers that were copied elsewhere."""
    asked = ChangeRequest.objects.filter(Q(customer__in=ids) | Q(after_owner__in=ids) | Q(vehicle__owner__in=ids))
    asked.waiting().update(decision=Decision.WITHDRAWN, decided_by=by, decided_at=at, decision_note=nobody)
    asked.filter(customer__in=ids).update(before="", after="", reason=nobody)
    asked.exclude(after_owner=None).update(before="", after="")
    flaws = Flaw.objects.filter(customer__in=ids)
    flaws.open().update(ended_at=at, ended_by=by, end=FlawEnd.FIXED)
    flaws.filter(end=FlawEnd.ACCEPTED).delete()  # nobody's mistake, so nothing that is counted
    flaws.update(value="")
    VehicleDriver.objects.filter(vehicle__owner__in=ids).delete()
    Appointment.objects.filter(customer__in=ids).update(contact_name=nobody, contact_phone="")
    Promise.objects.filter(order__customer__in=ids).exclude(confirmed_by="").update(confirmed_by=nobody)
    AddOn.objects.filter(order__customer__in=ids).exclude(answered_by="").update(answered_by=nobody)
    Signature.objects.filter(order__customer__in=ids).update(signer=nobody)
