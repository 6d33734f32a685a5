"""Hour deductions (扣除工时): one enters, somebody else approves."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from dealer_crm.access.permissions import Permission
from dealer_crm.access.roles import PERMISSIONS
from dealer_crm.journal import actions as journal
from dealer_crm.notices.actions import notify
from dealer_crm.organization.actions import four_eyes
from dealer_crm.organization.models import Staff
from dealer_crm.organization.queries import staff_with_role
from dealer_crm.values import Refusal
from reception.actions.numbering import next_number
from workshop import events
from workshop.models import HourDeduction

NUMBERED = "KG"
MOST_HOURS = 999
"""Of one deduction, typed or brought in by workbook."""


@transaction.atomic
def deduct_hours(
    *, staff: Staff, deducted_on: date, hours: Decimal, reason: str, by: Staff, at: datetime
) -> HourDeduction:
    """Enter a deduction; it lowers pay only after somebody else has approved it. One of a month that is paid already is
    corrected with the next open month."""
    if hours <= 0:
        raise Refusal(_("The hours must be above zero."), field="hours")
    if hours > MOST_HOURS:
        raise Refusal(_("At most %(most)s hours are deducted at once.") % {"most": MOST_HOURS}, field="hours")
    if not reason.strip():
        raise Refusal(_("Say why hours are deducted."), field="reason")
    if deducted_on > at.astimezone(staff.store.tz).date():
        raise Refusal(_("Nothing can be deducted for a day to come."), field="deducted_on")
    deduction = HourDeduction.objects.create(
        number=next_number(model=HourDeduction, field="number", prefix=NUMBERED, store=staff.store, at=at),
        staff=staff,
        deducted_on=deducted_on,
        hours=hours,
        reason=reason.strip(),
        entered_by=by,
    )
    journal.record(by=by, at=at, verb="deduction.entered", subject=deduction, changes={"hours": [None, hours]})
    deciders = [role for role, allowed in PERMISSIONS.items() if Permission.DEDUCTION_APPROVE in allowed]
    notify(
        recipients=[person for person in staff_with_role(staff.store, *deciders) if person not in (by, staff)],
        key=f"deduction:{deduction.pk}:entered",
        text=_("%(number)s waits for approval: %(hours)s h of %(person)s, %(reason)s") % _facts(deduction),
        at=at,
        url=reverse("workshop:deduction_approvals"),
    )
    return deduction


@transaction.atomic
def approve_deduction(*, deduction: HourDeduction, by: Staff, at: datetime) -> HourDeduction:
    """Let it count. Neither who entered it nor whom it concerns may approve it; that person is told."""
    deduction = four_eyes.approve(four_eyes.to_decide(deduction, by=by), by=by, at=at)
    events.hours_deducted.send(HourDeduction, deduction_id=deduction.pk, at=at)
    notify(
        recipients=[deduction.staff],
        key=f"deduction:{deduction.pk}:approved",
        text=_("%(hours)s h are deducted from your share of the team's pay: %(reason)s (%(number)s)")
        % _facts(deduction),
        at=at,
    )
    return deduction


@transaction.atomic
def decline_deduction(*, deduction: HourDeduction, reason: str, by: Staff, at: datetime) -> HourDeduction:
    """Turn it down, with the reason; it never counts."""
    deduction = four_eyes.decline(four_eyes.to_decide(deduction, by=by), reason=reason, by=by, at=at)
    if deduction.entered_by:
        notify(
            recipients=[deduction.entered_by],
            key=f"deduction:{deduction.pk}:declined",
            text=_("%(number)s was declined: %(why)s") % (_facts(deduction) | {"why": deduction.decline_reason}),
            at=at,
            url=reverse("workshop:deductions"),
        )
    return deduction


def _facts(deduction: HourDeduction) -> dict[str, object]:
    return {
        "number": deduction.number, "hours": f"{deduction.hours:.2f}", "person": deduction.staff.name,
        "reason": deduction.reason,
    }  # fmt: skip
