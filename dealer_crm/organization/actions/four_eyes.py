"""Approving and declining what somebody else entered. Source: spec `commission.md` (a month's run; C, D, F)."""

from datetime import datetime
from typing import TypeVar

from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import FourEyes, Staff
from dealer_crm.values import Refusal

Kind = TypeVar("Kind", bound=FourEyes)


def to_decide(row: Kind, *, by: Staff) -> Kind:
    """The row, locked for a decision. Refused once it is decided, and to who entered it or is concerned by it."""
    rows = type(row).objects.select_for_update(of=("self",)).select_related("staff__store", "entered_by")
    row = rows.get(pk=row.pk)
    if row.approved_at:
        raise Refusal(_("This is approved already."), code="decided")
    if row.declined_at:
        raise Refusal(_("This is declined already."), code="decided")
    if by.pk in (row.entered_by_id, row.staff_id):
        raise Refusal(_("Neither who entered this nor whom it concerns can decide on it."), code="four_eyes")
    return row


def approve(row: Kind, *, by: Staff, at: datetime) -> Kind:
    """Let it count; the row comes from `to_decide`."""
    row.approved_by, row.approved_at = by, at
    row.save(update_fields=["approved_by", "approved_at"])
    journal.record(by=by, at=at, verb=f"{row.noun}.approved", subject=row)
    return row


def decline(row: Kind, *, reason: str, by: Staff, at: datetime) -> Kind:
    """Turn it down, with the reason; it never counts. The row comes from `to_decide`."""
    if not reason.strip():
        raise Refusal(_("Say why it is declined."), field="reason")
    row.declined_by, row.declined_at, row.decline_reason = by, at, reason.strip()
    row.save(update_fields=["declined_by", "declined_at", "decline_reason"])
    journal.record(by=by, at=at, verb=f"{row.noun}.declined", subject=row, note=row.decline_reason)
    return row
