"""Which month a complaint counts against pay. Source: spec `commission.md`, A (deductions)."""

from collections.abc import Mapping
from datetime import datetime

from commission.formulas.facts import ComplaintFact, MonthFacts
from dealer_crm.values import Period


def counting_period(complaint: ComplaintFact, locks: Mapping[Period, datetime], staff: str) -> Period:
    """The month it was received; when it was verified after that month was locked, the next month then open.

    Where it has been taken off a person's pay already it stays in that month for this person, also when it is judged
    anew: nobody answers for one complaint in two months.
    """
    for person, counted in complaint.counted:
        if person == staff:
            return counted
    period = Period.of(complaint.received_on)
    if complaint.verified_at is None:
        return period
    while period in locks and locks[period] <= complaint.verified_at:
        period = period.next()
    return period


def verified_complaints(facts: MonthFacts, staff: str) -> tuple[ComplaintFact, ...]:
    """Verified complaints by the person's fault that count in the month. A shared fault is a fault of each."""
    locks = dict(facts.locks)
    found = (
        complaint
        for complaint in facts.complaints
        if complaint.is_verified
        and staff in complaint.responsible
        and counting_period(complaint, locks, staff) == facts.period
    )
    return tuple(sorted(found, key=lambda complaint: (complaint.received_on, complaint.number)))
