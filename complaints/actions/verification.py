"""Whether a complaint is true (属实), and who answers for it. Only verified complaints count against pay."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from complaints.actions.locking import locked_complaint, said, step_taken, tell_everywhere
from complaints.choices import ComplaintState, StepKind
from complaints.events import complaint_verified
from complaints.formulas import shares_add_up
from complaints.models import Complaint, Responsibility
from complaints.queries.judging import appeal_until_of
from dealer_crm.organization.models import Staff
from dealer_crm.values import Refusal


@transaction.atomic
def verify_complaint(
    *,
    complaint: Complaint,
    is_verified: bool,
    shares: Mapping[Staff, Decimal] | None = None,
    text: str = "",
    by,
    at: datetime,
    expected_version: int | None = None,
) -> Complaint:
    """The manager decides whether the complaint is true, and who answers with which share (person → 0–1).

    A true complaint may be nobody's fault (a product): then no shares are given. The decision may be taken again, e.g.
    after an appeal; the former one stays in the story. Refused: before the supervisor has advised, while an appeal is
    open, shares on an untrue complaint, shares that do not add up to 1, people of another store, deciding about
    oneself, as much blame as an accepted appeal took off somebody, no reason.
    The people concerned are told until when they may appeal. Announces `complaint_verified`.
    Source: complaints.md, "Verified".
    """
    complaint = locked_complaint(complaint=complaint, expected_version=expected_version)
    shares = {person: Decimal(share) for person, share in (shares or {}).items()}
    _refuse_unfair(complaint, is_verified, shares, by)
    _refuse_against_appeals(complaint, shares)
    before = set(complaint.responsibilities.values_list("staff_id", flat=True))
    complaint.responsibilities.all().delete()
    Responsibility.objects.bulk_create(
        Responsibility(complaint=complaint, staff=person, share=share) for person, share in shares.items()
    )
    people = "、".join(f"{person.name} {share:.0%}" for person, share in shares.items())
    step_taken(
        complaint=complaint,
        step=StepKind.VERIFY,
        by=by,
        at=at,
        text=" ".join(filter(None, [_("True.") if is_verified else _("Not true."), people, said(text=text)])),
        is_verified=is_verified,
        verified_at=at,
        verified_by=by,
    )
    _tell_concerned(complaint, is_verified, shares, before, at)
    complaint_verified.send(Complaint, complaint_id=complaint.pk, at=at)
    return complaint


def _tell_concerned(complaint: Complaint, is_verified: bool, shares: Mapping[Staff, Decimal], before: set, at) -> None:
    """Each who answers for it learns their share and until when they may appeal; who did before, that they don't."""
    verdict = _("True.") if is_verified else _("Not true.")
    until = appeal_until_of(complaint)
    for person, share in shares.items():
        tell_everywhere(
            people=[person],
            key=f"complaint:{complaint.pk}:verified:{complaint.version}:{person.pk}",
            text=_("Complaint %(number)s was judged: %(verdict)s You answer for %(share)s of it; you may appeal until "
                   "%(until)s.")
            % {"number": complaint.number, "verdict": verdict, "share": f"{share:.0%}", "until": f"{until:%m-%d}"},
            url=reverse("complaints:about_me"),
            store=complaint.store,
            at=at,
        )  # fmt: skip
    tell_everywhere(
        people=Staff.objects.filter(pk__in=before - {person.pk for person in shares}),
        key=f"complaint:{complaint.pk}:verified:{complaint.version}",
        text=_("Complaint %(number)s was judged anew: %(verdict)s You don't answer for it any more.")
        % {"number": complaint.number, "verdict": verdict},
        url=reverse("complaints:about_me"),
        store=complaint.store,
        at=at,
    )


def _refuse_against_appeals(complaint: Complaint, shares: Mapping[Staff, Decimal]) -> None:
    appeals = list(complaint.appeals.select_related("staff"))
    if waiting := [one.staff.name for one in appeals if one.decided_at is None]:
        raise Refusal(
            _("The appeal of %(people)s is to be decided first.") % {"people": "、".join(waiting)}, code="appeal_open"
        )
    taken_off = {one.staff: one.share for one in appeals if one.is_accepted}
    for person, share in shares.items():
        if person in taken_off and share >= taken_off[person]:
            raise Refusal(
                _("%(name)s's appeal against a share of %(share)s was accepted; a new judgement must stay below it.")
                % {"name": person.name, "share": f"{taken_off[person]:.0%}"},
                field="shares",
                code="appeal_accepted",
            )


def _refuse_unfair(complaint: Complaint, is_verified: bool, shares: Mapping[Staff, Decimal], by) -> None:
    if complaint.state == ComplaintState.RECORDED and complaint.round == 1:
        raise Refusal(
            _("%(number)s can't be judged before the supervisor has advised on it.") % {"number": complaint.number},
            code="not_verify",
        )
    if shares and not is_verified:
        raise Refusal(_("Nobody answers for a complaint that is not true."), field="shares", code="shares_of_nothing")
    if shares and not all(0 < share <= 1 for share in shares.values()):
        raise Refusal(_("A share lies above 0 and is at most 100 %."), field="shares", code="share_off_scale")
    if shares and not shares_add_up(shares.values()):
        total = sum(shares.values()) * 100
        raise Refusal(
            _("The shares add up to %(total)s %%; they must add up to 100 %%.") % {"total": f"{total:.2f}"},
            field="shares",
            code="shares_not_whole",
        )
    strangers = [person.name for person in shares if person.store_id != complaint.store_id]
    if strangers:
        raise Refusal(_("%(people)s does not work in this store.") % {"people": "、".join(strangers)}, field="shares")
    if by is not None and any(person.pk == by.pk for person in shares):
        raise Refusal(_("Nobody decides about themselves; somebody else must judge this."), code="own_cause")
