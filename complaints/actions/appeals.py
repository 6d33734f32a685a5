"""申诉: a person found to answer for a complaint contradicts; somebody who has not judged decides.

Source: complaints.md, "the person concerned may appeal within 5 days".
"""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from complaints.actions.locking import locked_complaint, said, step_taken, tell_everywhere
from complaints.choices import StepKind
from complaints.events import judgement_lifted
from complaints.models import Appeal, Complaint
from complaints.queries.judging import appeal_until_of, deciders_of
from dealer_crm.journal import actions as journal
from dealer_crm.journal.queries import refuse_stale
from dealer_crm.organization.models import Staff
from dealer_crm.values import Refusal


@transaction.atomic
def make_appeal(*, complaint: Complaint, text: str, by, at: datetime) -> Appeal:
    """Contradict the judgement that one answers for a complaint. Who decides is told; the judgement stands until then.

    Refused: to who doesn't answer for it, later than the days after being told, a second time about one judgement,
    without reasons.
    """
    complaint = locked_complaint(complaint=complaint)
    mine = complaint.responsibilities.filter(staff=by).first()
    if mine is None or not complaint.is_verified:
        raise Refusal(
            _("You don't answer for %(number)s; there is nothing to appeal against.") % {"number": complaint.number},
            code="not_concerned",
        )
    until = appeal_until_of(complaint)
    if at.astimezone(complaint.store.tz).date() > until:
        raise Refusal(
            _("The appeal against the judgement on %(number)s was possible until %(until)s.")
            % {"number": complaint.number, "until": f"{until:%F}"},
            code="appeal_late",
        )
    if complaint.appeals.filter(staff=by, judged_at=complaint.verified_at).exists():
        raise Refusal(_("You have appealed against this judgement already."), code="appealed_already")
    appeal = Appeal.objects.create(
        complaint=complaint,
        staff=by,
        judged_at=complaint.verified_at,
        judged_by=complaint.verified_by,
        share=mine.share,
        text=said(text=text),
        appealed_at=at,
    )
    journal.record(by=by, at=at, verb="appeal.made", subject=appeal, store=complaint.store, note=appeal.text)
    tell_everywhere(
        people=deciders_of(appeal),
        key=f"appeal:{appeal.pk}:made",
        text=_("%(name)s appeals against the judgement on %(number)s") % {"name": by.name, "number": complaint.number},
        url=reverse("complaints:appeals"),
        store=complaint.store,
        at=at,
    )
    return appeal


@transaction.atomic
def decide_appeal(
    *, appeal: Appeal, is_accepted: bool, text: str, by, at: datetime, expected_version: int | None = None
) -> Appeal:
    """Answer an appeal, once, with the reasons. Accepted: the judgement falls as a whole, and the case is to be judged
    anew; other open appeals against the same judgement are accepted with it. Rejected: the judgement stands.

    Refused to who judged, to who appeals, and to the service manager while a station manager can decide.
    Announces `judgement_lifted`.
    """
    complaint = locked_complaint(complaint=appeal.complaint)
    appeal = Appeal.objects.select_for_update(no_key=True).get(pk=appeal.pk)
    appeal.complaint = complaint
    refuse_stale(appeal, expected_version)
    if appeal.decided_at:
        raise Refusal(_("This appeal is decided already."), code="decided")
    _refuse_biased(appeal, by)
    _answer(appeal, is_accepted, said(text=text), by, at)
    if is_accepted:
        _lift_judgement(complaint, appeal, by, at)
    return appeal


def _refuse_biased(appeal: Appeal, by) -> None:
    if by is not None and by.pk in (appeal.judged_by_id, appeal.staff_id):
        raise Refusal(_("Neither who judged nor who appeals decides an appeal."), code="four_eyes")
    deciders = deciders_of(appeal)
    if by not in deciders:
        raise Refusal(
            _("This appeal is for %(people)s to decide.") % {"people": "、".join(one.name for one in deciders) or "—"},
            code="not_decider",
        )


def _answer(appeal: Appeal, is_accepted: bool, answer: str, by, at: datetime) -> None:
    appeal.is_accepted, appeal.answer, appeal.decided_by, appeal.decided_at = is_accepted, answer, by, at
    appeal.version += 1
    appeal.save(update_fields=["is_accepted", "answer", "decided_by", "decided_at", "version"])
    journal.record(
        by=by, at=at, verb="appeal.accepted" if is_accepted else "appeal.rejected", subject=appeal,
        store=appeal.complaint.store, note=answer,
    )  # fmt: skip
    text = (
        _("Your appeal about %(number)s is accepted: %(answer)s")
        if is_accepted
        else _("Your appeal about %(number)s is rejected: %(answer)s")
    )
    tell_everywhere(
        people=[appeal.staff],
        key=f"appeal:{appeal.pk}:decided",
        text=text % {"number": appeal.complaint.number, "answer": answer},
        url=reverse("complaints:about_me"),
        store=appeal.complaint.store,
        at=at,
    )


def _lift_judgement(complaint: Complaint, appeal: Appeal, by, at: datetime) -> None:
    others = complaint.appeals.undecided().filter(judged_at=appeal.judged_at).select_for_update(no_key=True)
    for other in others:
        other.complaint = complaint
        _answer(
            other, True, _("The judgement fell on another's appeal: %(answer)s") % {"answer": appeal.answer}, by, at
        )
    concerned = set(Staff.objects.filter(responsibilities__complaint=complaint)) - {appeal.staff}
    complaint.responsibilities.all().delete()
    step_taken(
        complaint=complaint,
        step=StepKind.VERIFY,
        by=by,
        at=at,
        text=_("Appeal of %(name)s accepted, the judgement is lifted. %(answer)s")
        % {"name": appeal.staff.name, "answer": appeal.answer},
        is_verified=None,
        verified_at=None,
        verified_by=None,
    )
    tell_everywhere(
        people={*concerned, *([appeal.judged_by] if appeal.judged_by else [])},
        key=f"appeal:{appeal.pk}:lifted",
        text=_("The judgement on %(number)s was lifted after an appeal; the case is judged anew.")
        % {"number": complaint.number},
        url=reverse("complaints:about_me"),
        store=complaint.store,
        at=at,
    )
    judgement_lifted.send(Complaint, complaint_id=complaint.pk, at=at)
