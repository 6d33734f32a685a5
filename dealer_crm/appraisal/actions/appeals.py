"""申诉: a person contradicts a final sheet, once; somebody else answers in writing.

Source: spec `commission.md` (Scorecards: "the person sees and may appeal"; Appeal).
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from dealer_crm.appraisal.actions.scores import refuse_paid
from dealer_crm.appraisal.actions.sheets import change_lines, keep_score_of, locked_sheet
from dealer_crm.appraisal.models import Sheet, SheetAppeal
from dealer_crm.appraisal.queries import appeal_until, deciders_of, lines_of, plain, points_of
from dealer_crm.journal import actions as journal
from dealer_crm.journal.queries import refuse_stale
from dealer_crm.notices.actions import notify
from dealer_crm.organization.models import Staff
from dealer_crm.values import Refusal


@transaction.atomic
def make_sheet_appeal(*, sheet: Sheet, text: str, by: Staff, at: datetime) -> SheetAppeal:
    """Contradict one's own final sheet; the score stands until the answer.

    Refused: to others, before the review, later than the days after it, a second time, without reasons.
    """
    sheet = locked_sheet(pk=sheet.pk)
    if by.pk != sheet.staff_id:
        raise Refusal(_("Only the person judged may appeal."), code="not_own")
    until = appeal_until(sheet)
    if until is None:
        raise Refusal(_("There is nothing to appeal against before the final review."), code="not_final")
    if SheetAppeal.objects.filter(sheet=sheet).exists():
        raise Refusal(_("You have appealed against this sheet already."), code="appealed_already")
    if at.astimezone(sheet.store.tz).date() > until:
        raise Refusal(_("The appeal was possible until %(until)s.") % {"until": f"{until:%F}"}, code="appeal_late")
    if not text.strip():
        raise Refusal(_("Write down what speaks against it."), field="text", code="text_missing")
    appeal = SheetAppeal.objects.create(
        sheet=sheet, staff=by, reviewed_by=sheet.reviewed_by, text=text.strip(), appealed_at=at,
        score_before=sheet.points,
    )  # fmt: skip
    journal.record(by=by, at=at, verb="sheet.appealed", subject=sheet, store=sheet.store, note=appeal.text)
    notify(
        recipients=deciders_of(appeal),
        key=f"sheet_appeal:{appeal.pk}:made",
        text=_("%(name)s appeals against the score sheet of %(month)s.") % {"name": by.name, "month": sheet.period},
        at=at,
        url=reverse("appraisal:appeals"),
    )
    return appeal


@transaction.atomic
def decide_sheet_appeal(
    *, appeal: SheetAppeal, is_accepted: bool, answer: str, changes: Mapping[int, tuple[Decimal, str]], by: Staff,
    at: datetime, expected_version: int | None = None,
) -> SheetAppeal:  # fmt: skip
    """Answer an appeal, once, in writing. Accepted: with `changes` (line id → points) the score becomes another.

    Once the month is paid no score changes: then an appeal is only answered, and what is owed is an adjustment.
    """
    sheet = locked_sheet(pk=appeal.sheet_id)
    appeal = SheetAppeal.objects.select_for_update(of=("self",), no_key=True).select_related("staff").get(pk=appeal.pk)
    appeal.sheet = sheet
    refuse_stale(appeal, expected_version)
    if appeal.decided_at:
        raise Refusal(_("This appeal is decided already."), code="decided")
    if by.pk == appeal.staff_id or by not in deciders_of(appeal):
        raise Refusal(_("Neither who reviewed nor who appeals decides an appeal."), code="four_eyes")
    if not answer.strip():
        raise Refusal(_("Write down the answer and its reasons."), field="answer", code="answer_missing")
    if is_accepted:
        _correct(sheet, changes, answer.strip(), by, at)
    appeal.is_accepted, appeal.answer, appeal.decided_by, appeal.decided_at = is_accepted, answer.strip(), by, at
    appeal.version += 1
    appeal.save(update_fields=["is_accepted", "answer", "decided_by", "decided_at", "version"])
    verb = "sheet.appeal_accepted" if is_accepted else "sheet.appeal_rejected"
    changed = {"points": [appeal.score_before, sheet.points]} if sheet.points != appeal.score_before else {}
    journal.record(by=by, at=at, verb=verb, subject=sheet, store=sheet.store, note=appeal.answer, changes=changed)
    _tell(appeal, at)
    return appeal


def _correct(sheet: Sheet, changes: Mapping[int, tuple[Decimal, str]], answer: str, by: Staff, at: datetime) -> None:
    refuse_paid(store=sheet.store, period=sheet.month)
    reasoned = {line: (points, reason or answer[:300]) for line, (points, reason) in changes.items()}
    before = sheet.points
    sheet.points = points_of(change_lines(lines=lines_of(sheet), changes=reasoned))
    if sheet.points == before:
        raise Refusal(_("An accepted appeal changes the points of a line; say of which."), code="nothing_changed")
    sheet.version += 1
    sheet.save(update_fields=["points", "version"])
    keep_score_of(sheet=sheet, by=by, at=at)


def _tell(appeal: SheetAppeal, at: datetime) -> None:
    sheet = appeal.sheet
    text = (
        _("Your appeal about %(month)s is accepted, the score is %(points)s: %(answer)s")
        if appeal.is_accepted
        else _("Your appeal about %(month)s is rejected: %(answer)s")
    )
    notify(
        recipients=[appeal.staff],
        key=f"sheet_appeal:{appeal.pk}:decided",
        text=text % {"month": sheet.period, "points": plain(sheet.points), "answer": appeal.answer},
        at=at,
        url=reverse("appraisal:own_sheet", args=[sheet.pk]),
    )
