"""约定: when the same day is impossible, a time is agreed with the customer, and the program reminds of it.

Source: complaints.md, "Closed loop" (same-day impossible); callback.md, referrals (reminds when the time comes with no
result, a new appointment can replace it, confirmed with the customer at the end).
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actions.locking import (
    locked_complaint,
    refuse_bystander,
    refuse_closed,
    said,
    step_taken,
    tell,
)
from complaints.choices import StepKind
from complaints.models import Arrangement, Complaint
from complaints.queries.clocks import arrangements_to_remind
from dealer_crm.access.roles import Role
from dealer_crm.organization.models import Store
from dealer_crm.organization.queries import staff_with_role
from dealer_crm.values import Refusal


@transaction.atomic
def arrange(
    *, complaint: Complaint, promised_at: datetime, text: str, by, at: datetime, expected_version: int | None = None
) -> Arrangement:
    """Promise the customer a time. An open promise gives way to it and says so.

    Refused: no words, a moment that is over, a closed complaint, a bystander.
    """
    complaint = locked_complaint(complaint=complaint, expected_version=expected_version)
    refuse_closed(complaint=complaint)
    refuse_bystander(complaint=complaint, by=by)
    text = said(text=text)[:300]
    if promised_at <= at:
        raise Refusal(_("The time agreed on lies in the past."), field="promised_at", code="promise_past")
    complaint.arrangements.filter(ended_at=None).update(ended_at=at, ended_by=by, was_replaced=True)
    made = Arrangement.objects.create(
        complaint=complaint, promised_at=promised_at, text=text, made_by=by, made_at=at
    )  # fmt: skip
    step_taken(complaint=complaint, step=StepKind.ARRANGE, by=by, at=at, text=f"{_when(made, complaint)} {text}")
    return made


@transaction.atomic
def keep_arrangement(
    *, complaint: Complaint, result: str, by, at: datetime, expected_version: int | None = None
) -> Arrangement:
    """Write down what came of the time agreed on. Refused: nothing agreed, no words."""
    complaint = locked_complaint(complaint=complaint, expected_version=expected_version)
    refuse_closed(complaint=complaint)
    refuse_bystander(complaint=complaint, by=by)
    open_one = complaint.arrangements.filter(ended_at=None).first()
    if open_one is None:
        raise Refusal(
            _("Nothing is agreed with the customer on %(number)s.") % {"number": complaint.number},
            code="nothing_arranged",
        )
    open_one.ended_at, open_one.ended_by, open_one.result = at, by, said(text=result, field="result")[:300]
    open_one.save(update_fields=["ended_at", "ended_by", "result"])
    step_taken(complaint=complaint, step=StepKind.KEPT, by=by, at=at, text=open_one.result)
    return open_one


@transaction.atomic
def remind_of_arrangements(*, store: Store, by, at: datetime) -> int:
    """Tell owner and supervisor of agreed times that have come with no result, each once. Returns how many.

    The row is marked in the transaction that tells: late, doubled or killed, nothing is lost and nothing told twice.
    """
    owed = list(arrangements_to_remind(store=store, at=at))
    supervisors = list(staff_with_role(store, Role.CRC)) if owed else []
    for one in owed:
        one.reminded_at = at
        one.save(update_fields=["reminded_at"])
        tell(
            complaint=one.complaint,
            people=[*filter(None, [one.complaint.owner or one.made_by]), *supervisors],
            occasion=f"arranged:{one.pk}",
            text=_("%(number)s: the customer was promised %(when)s (%(what)s); nothing is written down of it")
            % {"number": one.complaint.number, "when": _when(one, one.complaint), "what": one.text},
            at=at,
            is_urgent=True,
        )
    return len(owed)


def refuse_open_arrangement(*, complaint: Complaint) -> None:
    """A case is not solved while a promise to the customer stands without a result."""
    if open_one := complaint.arrangements.filter(ended_at=None).first():
        raise Refusal(
            _("%(number)s: the customer was promised %(when)s (%(what)s). Write down first what came of it.")
            % {"number": complaint.number, "when": _when(open_one, complaint), "what": open_one.text},
            code="promise_open",
        )


def confirm_arrangements(*, complaint: Complaint, at: datetime) -> None:
    """The customer was asked again, and with it whether what was agreed on was kept."""
    complaint.arrangements.filter(ended_at__isnull=False, was_replaced=False, confirmed_at=None).update(confirmed_at=at)


def _when(arrangement: Arrangement, complaint: Complaint) -> str:
    return f"{arrangement.promised_at.astimezone(complaint.store.tz):%m-%d %H:%M}"
