"""Judgements and appeals: what is said about whom, until when one may appeal, who decides."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from complaints.choices import StepKind
from complaints.formulas import appeal_until
from complaints.models import Appeal, Complaint, ComplaintStep, Responsibility
from complaints.settings import APPEAL_DAYS
from dealer_crm.access.permissions import Permission
from dealer_crm.access.roles import Role
from dealer_crm.organization.models import Staff
from dealer_crm.organization.queries import figure, figures_on_days, staff_with_role

MOST = 60


def appeal_until_of(complaint: Complaint) -> date:
    """The last day on which the judgement in force can be appealed against: the people are told as it is passed."""
    told_on = complaint.verified_at.astimezone(complaint.store.tz).date()
    return appeal_until(told_on, figure(APPEAL_DAYS, store=complaint.store, on=told_on))


def deciders_of(appeal: Appeal) -> list[Staff]:
    """Who decides an appeal: the station manager; where nobody of that post may (empty, judged, appeals) the service
    manager."""
    return _deciding(appeal, list(staff_with_role(appeal.complaint.store, *_DECIDE)))


# In this order: a later one only where nobody of the earlier may.
_DECIDE = (Role.DIRECTOR, Role.MANAGER)


def _deciding(appeal: Appeal, people: list[Staff]) -> list[Staff]:
    unbiased = [one for one in people if one.pk not in (appeal.judged_by_id, appeal.staff_id)]
    by_post = ([one for one in unbiased if one.has_role(role)] for role in _DECIDE)
    return next((found for found in by_post if found), [])


def appeals_for(staff: Staff):
    """The appeals of the stores a person may see, those still to be decided first and the oldest of them on top."""
    return Appeal.objects.visible_to(staff).select_related(
        "complaint__store", "staff", "judged_by", "decided_by"
    ).order_by("decided_at", "appealed_at", "pk")  # fmt: skip


def appeals_of_others(staff: Staff):
    """The open appeals this person could be the one to decide."""
    if not staff.can(Permission.APPEAL_DECIDE):
        return Appeal.objects.none()
    return appeals_for(staff).undecided().exclude(Q(judged_by=staff) | Q(staff=staff))


def appeals_waiting_for(staff: Staff, rows: list[Appeal] | None = None) -> list[Appeal]:
    """Those of them this person is the one to decide. `rows`: where they were asked already."""
    rows = list(appeals_of_others(staff)) if rows is None else rows
    people = list(staff_with_role(staff.store, *_DECIDE)) if rows else []
    return [one for one in rows if staff in _deciding(one, people)]


# ── What is said about me ────────────────────────────────────────────────────────────────────────────────────────────
_ASKED_OF_PAY: list[Callable[[Staff, Iterable[Complaint]], dict[int, str]]] = []


def ask_of_pay_effect(answer: Callable[[Staff, Iterable[Complaint]], dict[int, str]]) -> None:
    """Let pay say what a judgement does to it: an upper app gives, when it is ready, `(staff, complaints)` →
    {complaint id: a sentence}."""
    _ASKED_OF_PAY.append(answer)


@dataclass(frozen=True)
class AboutMe:
    """A judgement in force that names this person, the words of it, and what can still be done about it."""

    complaint: Complaint
    share: object
    text: str
    until: date
    appeal: Appeal | None
    may_appeal: bool
    pay: str


def about_me(staff: Staff, *, on: date) -> list[AboutMe]:
    """The judgements that name a person, newest first, in as many questions for one as for sixty."""
    rows = list(
        Responsibility.objects.filter(staff=staff, complaint__is_verified=True, complaint__verified_at__isnull=False)
        .select_related("complaint__store", "complaint__verified_by")
        .order_by("-complaint__verified_at", "-pk")[:MOST]
    )
    complaints = [row.complaint for row in rows]
    words = {}
    for step in ComplaintStep.objects.filter(complaint__in=complaints, kind=StepKind.VERIFY).order_by("pk"):
        words[step.complaint_id] = step.text
    appeals = {(one.complaint_id, one.judged_at): one for one in _own_appeals(staff, complaints)}
    days, pay = _days_in_force(complaints), _pay_effects(staff, complaints)
    found = []
    for row in rows:
        told_on = row.complaint.verified_at.astimezone(row.complaint.store.tz).date()
        until = appeal_until(told_on, days[row.complaint.store_id, told_on])
        appeal = appeals.get((row.complaint_id, row.complaint.verified_at))
        found.append(
            AboutMe(
                complaint=row.complaint,
                share=row.share,
                text=words.get(row.complaint_id, ""),
                until=until,
                appeal=appeal,
                may_appeal=appeal is None and on <= until,
                pay=pay.get(row.complaint_id, ""),
            )
        )
    return found


def appeals_of(staff: Staff):
    """A person's own appeals, also those whose judgement is gone."""
    return Appeal.objects.filter(staff=staff).select_related("complaint", "decided_by", "judged_by")[:MOST]


def _own_appeals(staff: Staff, complaints) -> Iterable[Appeal]:
    return Appeal.objects.filter(staff=staff, complaint__in=complaints).select_related("decided_by")


def _days_in_force(complaints) -> dict[tuple[int, date], int]:
    by_store: dict = {}
    for complaint in complaints:
        day = complaint.verified_at.astimezone(complaint.store.tz).date()
        by_store.setdefault(complaint.store, set()).add(day)
    return {
        (store.pk, day): values[APPEAL_DAYS.code]
        for store, days in by_store.items()
        for day, values in figures_on_days([APPEAL_DAYS], store=store, days=sorted(days)).items()
    }


def _pay_effects(staff: Staff, complaints) -> dict[int, str]:
    effects = {}
    for answer in _ASKED_OF_PAY if complaints else ():
        effects |= answer(staff, complaints)
    return effects
