"""What comes in by the public form: nobody is signed in, and nobody is matched to a customer without a person's eye."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actions.intake import Sheet, record_complaint
from complaints.choices import Category, ComplaintSource, Severity
from complaints.models import Complaint
from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Store
from dealer_crm.values import Refusal
from dealer_crm.values.phone import masked_phone


@transaction.atomic
def take_from_public(
    *,
    store: Store,
    caller_name: str,
    caller_phone: str,
    plate: str = "",
    happened_at: datetime | None = None,
    description: str,
    wish: str = "",
    evidence: Sequence = (),
    form_key: UUID,
    by=None,
    at: datetime,
) -> Complaint:
    """Take down what somebody tells us from outside: source web, category other, until a supervisor has read it.

    The plate is kept in the words, the telephone on the sheet; whose they are a person decides. The same form sent
    twice is one complaint. Refused as `record_complaint` refuses, and without a telephone number.
    """
    if not caller_phone.strip():
        raise Refusal(_("Give us a number to call you at."), field="caller_phone", code="phone_missing")
    told = description.strip()
    if told and plate.strip():
        told = f"{told}\n{_('Plate')}: {plate.strip().upper()}"
    return record_complaint(
        store=store,
        order=None,
        customer=None,
        vehicle=None,
        source=ComplaintSource.WEB,
        severity=Severity.GENERAL,
        category=Category.OTHER,
        received_at=at,
        description=told,
        wish=wish,
        sheet=Sheet(happened_at=happened_at, caller_name=caller_name, caller_phone=caller_phone),
        evidence=evidence,
        form_key=form_key,
        by=by,
        at=at,
    )


@transaction.atomic
def reveal_caller(*, complaint: Complaint, reason: str, by, at: datetime) -> str:
    """Hand out the whole number of who complained to somebody who says what for; the journal keeps who and why."""
    if not complaint.caller_phone:
        raise Refusal(_("Nobody left a number on %(number)s.") % {"number": complaint.number}, code="phone_missing")
    if not reason.strip():
        raise Refusal(_("Say what you need the number for."), field="reason", code="reason_missing")
    note = f"{masked_phone(complaint.caller_phone)} {reason.strip()}"
    journal.record(by=by, at=at, verb="phone.revealed", subject=complaint, note=note)
    return complaint.caller_phone
