"""What a customer does not want to be called for (拒访). Source: spec `callback.md` (contact rules)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from callback.actions.overtaken import drop_tasks, refusal_words
from callback.choices import PURPOSES, Purpose
from callback.models import CallRefusal, CallTask
from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Staff
from dealer_crm.values import Refusal
from reception.models import Customer


@transaction.atomic
def refuse_purpose(*, customer: Customer, purpose: str, reason: str, by: Staff, at: datetime) -> CallRefusal:
    """Note that a customer does not want to be called for a purpose, and why. Their open calls for it go at once, but
    one an agent is on."""
    customer = Customer.objects.select_for_update(of=["self"]).select_related("store").get(pk=customer.pk)
    purpose = Purpose(purpose)
    if not reason.strip():
        raise Refusal(_("Say why; a refusal without a reason is none."), field="reason", code="reason_missing")
    if CallRefusal.objects.filter(customer=customer, purpose=purpose).exists():
        raise Refusal(_("That is noted already."), field="purpose", code="noted_already")
    noted = CallRefusal.objects.create(
        customer=customer, purpose=purpose, reason=reason.strip()[:120], noted_by=by, noted_at=at
    )
    codes = [code for code, meant in PURPOSES.items() if meant == purpose]
    free = CallTask.objects.unfinished().filter(customer=customer, rule__code__in=codes, claimed_by=None)
    drop_tasks(free, refusal_words(purpose, noted.reason), by=by, at=at)
    journal.record(
        by=by, at=at, verb="call_refusal.noted", subject=customer, store=customer.store,
        note=f"{purpose.label}: {noted.reason}"[:200],
    )  # fmt: skip
    return noted


@transaction.atomic
def allow_purpose(*, customer: Customer, purpose: str, reason: str, by: Staff, at: datetime) -> None:
    """The customer may be called for a purpose again, on their own word."""
    noted = CallRefusal.objects.select_for_update().filter(customer=customer, purpose=purpose).first()
    if noted is None:
        raise Refusal(_("That is not refused."), code="not_refused")
    if not reason.strip():
        raise Refusal(_("Say why; the customer's own word is needed."), field="reason", code="reason_missing")
    journal.record(
        by=by, at=at, verb="call_refusal.lifted", subject=customer, store=customer.store,
        note=f"{Purpose(purpose).label}: {reason.strip()}"[:200],
    )  # fmt: skip
    noted.delete()
