"""A month's sheets: opened and counted by the program, scored by the person, the supervisor and the final review.

Source: spec `commission.md` (Scorecards: "self-score, supervisor, final review").
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from dealer_crm.appraisal.actions.cards import install_cards
from dealer_crm.appraisal.actions.scores import keep_score, refuse_paid
from dealer_crm.appraisal.choices import LineKind, Origin, SheetState
from dealer_crm.appraisal.formulas import explain, to_json
from dealer_crm.appraisal.models import Scorecard, Sheet, SheetLine
from dealer_crm.appraisal.queries import (
    Asked,
    enterers_of,
    fact_about,
    facts_of,
    imported_score,
    lines_of,
    lines_to_enter,
    own_lines,
    people_judged,
    plain,
    points_of,
    reviewers_of,
    self_score_until,
)
from dealer_crm.journal import actions as journal
from dealer_crm.journal.queries import refuse_stale
from dealer_crm.notices.actions import notify
from dealer_crm.organization.models import Staff, Store
from dealer_crm.values import Period, Refusal


# ── By the program ───────────────────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def open_sheets(*, store: Store, period: Period, at: datetime, by=None) -> list[Sheet]:
    """Open the sheets of a month that is over for everybody judged by a card who has none, and count what is measured.

    Safe to repeat: one sheet for a person and month. A store without cards gets the shipped ones first.
    """
    if period.last_day >= at.astimezone(store.tz).date():
        raise Refusal(_("%(month)s is not over yet.") % {"month": period}, code="month_running", field="period")
    Store.objects.select_for_update(no_key=True).get(pk=store.pk)
    if not Scorecard.objects.filter(store=store).exists():
        install_cards(store=store, starts=period, by=by, at=at)
    there = set(Sheet.objects.filter(period=str(period)).values_list("staff", flat=True))  # judged elsewhere: not twice
    judged = [(person, version) for person, version in people_judged(store, period) if person.pk not in there]
    opened = Sheet.objects.bulk_create(
        Sheet(store=store, staff=person, period=str(period), version_of_card=version, opened_at=at, counted_at=at)
        for person, version in judged
    )
    found = _facts(store, period, [(sheet, sheet.version_of_card.indicators.all()) for sheet in opened], at)
    SheetLine.objects.bulk_create(
        SheetLine(sheet=sheet, indicator=indicator, **_measured(indicator, sheet, found))
        for sheet in opened
        for indicator in sheet.version_of_card.indicators.all()
    )
    journal.record_many(
        journal.entry(by=by, at=at, verb="sheet.opened", subject=sheet, store=store) for sheet in opened
    )
    for sheet in opened:
        _skip_self_score(sheet, by, at) if not _is_entered(sheet) else _tell_opened(sheet, at)
    return opened


@transaction.atomic
def count_sheets(*, store: Store, period: Period, at: datetime, by=None) -> int:
    """Count the measured lines of the month's open sheets again: what was entered late counts until the review.

    Returns how many lines changed.
    """
    rows = Sheet.objects.unfinished().filter(store=store, period=str(period)).select_related("version_of_card")
    sheets = list(rows.select_for_update(of=("self",), no_key=True).order_by("pk"))
    lines = {sheet.pk: [line for line in lines_of(sheet) if not line.is_entered] for sheet in sheets}
    indicators = [(sheet, [line.indicator for line in lines[sheet.pk]]) for sheet in sheets]
    found = _facts(store, period, indicators, at)
    changed = []
    for sheet in sheets:
        for line in lines[sheet.pk]:
            fresh = _measured(line.indicator, sheet, found)
            if fresh["explanation"] != line.explanation:
                line.explanation, line.measured_points = fresh["explanation"], fresh["measured_points"]
                changed.append(line)
    SheetLine.objects.bulk_update(changed, ["explanation", "measured_points"], batch_size=500)
    Sheet.objects.filter(pk__in=[sheet.pk for sheet in sheets]).update(counted_at=at)
    touched = {line.sheet_id for line in changed}
    Sheet.objects.filter(pk__in=touched).update(version=F("version") + 1)
    journal.record_many(
        journal.entry(by=by, at=at, verb="sheet.counted", subject=sheet, store=store)
        for sheet in sheets
        if sheet.pk in touched
    )
    return len(changed)


@transaction.atomic
def go_on_without_self_score(*, store: Store, at: datetime, by=None) -> int:
    """Hand sheets whose days for the self-score are over on to who enters the points. Returns how many."""
    rows = Sheet.objects.filter(store=store, state=SheetState.SELF).select_related("store", "staff", "version_of_card")
    today = at.astimezone(store.tz).date()
    over = [
        sheet
        for sheet in rows.select_for_update(of=("self",), no_key=True, skip_locked=True).order_by("pk")
        if today > self_score_until(sheet)
    ]
    for sheet in over:
        _skip_self_score(sheet, by, at)
    return len(over)


def _facts(store: Store, period: Period, sheets, at: datetime):
    """What all sources of these lines say, each asked once."""
    codes = {step for _sheet, indicators in sheets for indicator in indicators for step, _points in indicator.steps}
    asked = Asked(store, period, tuple(sheet.staff_id for sheet, _indicators in sheets), at)
    return facts_of(codes, asked) if sheets else {}


def _measured(indicator, sheet: Sheet, found) -> dict[str, object]:
    if indicator.is_entered:
        return {}
    rule = indicator.rule
    explained = explain(rule, tuple(fact_about(found, step.source, sheet.staff_id) for step in rule.steps))
    return {"explanation": to_json(explained), "measured_points": explained.points}


def _is_entered(sheet: Sheet) -> bool:
    return any(indicator.is_entered for indicator in sheet.version_of_card.indicators.all())


def _skip_self_score(sheet: Sheet, by, at: datetime) -> None:
    entered = _is_entered(sheet)
    sheet.state = SheetState.ENTRY if entered else SheetState.REVIEW
    _kept(sheet, "sheet.handed_on", by, at, "state")
    _tell_enterers(sheet, at) if entered else _tell_reviewers(sheet, at)


# ── By people ────────────────────────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def score_self(
    *, sheet: Sheet, points: Mapping[int, Decimal], remark: str, by: Staff, at: datetime,
    expected_version: int | None = None,
) -> Sheet:  # fmt: skip
    """The person's own view of the entered lines: `points` by line id. It decides nothing; the supervisor reads it."""
    sheet = _locked(sheet, expected_version)
    if by.pk != sheet.staff_id:
        raise Refusal(_("The self-score is the person’s own."), code="not_own")
    if sheet.state != SheetState.SELF:
        raise Refusal(_("The days for the self-score are over, or it is given already."), code="not_self")
    own = own_lines(lines_of(sheet))
    for line in own:
        line.self_points = _within(line, points.get(line.pk))
    SheetLine.objects.bulk_update(own, ["self_points"])
    sheet.state, sheet.self_scored_at, sheet.self_remark = SheetState.ENTRY, at, remark.strip()
    _kept(sheet, "sheet.self_scored", by, at, "state", "self_scored_at", "self_remark")
    _tell_enterers(sheet, at)
    return sheet


@transaction.atomic
def enter_points(
    *, sheet: Sheet, points: Mapping[int, Decimal | None], notes: Mapping[int, str], by: Staff, at: datetime,
    expected_version: int | None = None,
) -> Sheet:  # fmt: skip
    """The supervisor's points of the lines their roles enter, with a word where points are taken off or added.

    Lines left empty wait. Once nobody's line is empty, the sheet goes on to the final review.
    """
    sheet = _locked(sheet, expected_version)
    _refuse_own(sheet, by)
    if sheet.state != SheetState.ENTRY:
        raise Refusal(
            _("The sheet is “%(state)s”; points are entered after the self-score and before the review.")
            % {"state": sheet.get_state_display()},
            code="not_entry",
        )
    lines = lines_of(sheet)
    mine = lines_to_enter(lines, by)
    if not mine:
        raise Refusal(_("No line of this sheet is yours to enter."), code="not_concerned")
    for line in mine:
        given, note = points.get(line.pk), (notes.get(line.pk) or "").strip()
        if given is None:
            line.given_points = line.given_by = line.given_at = None
            line.given_note = note
            continue
        _within(line, given)
        if given != _usual(line) and not note:
            raise Refusal(
                _("%(item)s: say why, the person concerned will read it.") % {"item": line.indicator.name},
                field=f"note_{line.pk}", code="note_missing",
            )  # fmt: skip
        line.given_points, line.given_note, line.given_by, line.given_at = given, note, by, at
    SheetLine.objects.bulk_update(mine, ["given_points", "given_note", "given_by", "given_at"])
    if all(line.holds is not None for line in lines):
        sheet.state = SheetState.REVIEW
    _kept(sheet, "sheet.entered", by, at, "state", "return_reason")
    if sheet.state == SheetState.REVIEW:
        _tell_reviewers(sheet, at)
    return sheet


@transaction.atomic
def finish_review(
    *, sheet: Sheet, changes: Mapping[int, tuple[Decimal, str]], remark: str, by: Staff, at: datetime,
    expected_version: int | None = None,
) -> Sheet:  # fmt: skip
    """The final review: with `changes` (line id → points and reason) the sheet becomes final, and its sum the score of
    the month that pay counts. A score that came by workbook stays as given."""
    sheet = _locked(sheet, expected_version)
    _refuse_own(sheet, by)
    if sheet.state != SheetState.REVIEW:
        raise Refusal(
            _("The sheet is “%(state)s”; it can be reviewed once all points are entered.")
            % {"state": sheet.get_state_display()},
            code="not_review",
        )
    if by not in reviewers_of(sheet):
        raise Refusal(_("Who gave the points doesn’t do the final review."), code="four_eyes")
    refuse_paid(store=sheet.store, period=sheet.month)
    lines = change_lines(lines=lines_of(sheet), changes=changes)
    sheet.state, sheet.reviewed_by, sheet.reviewed_at = SheetState.FINAL, by, at
    sheet.review_remark, sheet.points = remark.strip(), points_of(lines)
    _kept(sheet, "sheet.reviewed", by, at, "state", "reviewed_by", "reviewed_at", "review_remark", "points")
    keep_score_of(sheet=sheet, by=by, at=at)
    notify(
        recipients=[sheet.staff],
        key=f"sheet:{sheet.pk}:final",
        text=_("Your score of %(month)s is %(points)s. You may appeal within the days set.")
        % {"month": sheet.period, "points": plain(sheet.points)},
        at=at,
        url=reverse("appraisal:own_sheet", args=[sheet.pk]),
    )
    return sheet


@transaction.atomic
def return_sheet(*, sheet: Sheet, reason: str, by: Staff, at: datetime, expected_version: int | None = None) -> Sheet:
    """Send a sheet back to who entered the points, saying why."""
    sheet = _locked(sheet, expected_version)
    _refuse_own(sheet, by)
    if sheet.state != SheetState.REVIEW:
        raise Refusal(_("Only a sheet that waits for its review can be sent back."), code="not_review")
    if not reason.strip():
        raise Refusal(_("Say why the sheet is sent back."), field="reason", code="reason_missing")
    if not _is_entered(sheet):
        raise Refusal(_("Nobody enters points on this card; there is nobody to send it back to."), code="nobody_enters")
    sheet.state, sheet.return_reason = SheetState.ENTRY, reason.strip()
    _kept(sheet, "sheet.returned", by, at, "state", "return_reason")
    _tell_enterers(sheet, at, occasion=f"returned:{sheet.version}")
    return sheet


# ── What both reviews share ──────────────────────────────────────────────────────────────────────────────────────────
def change_lines(*, lines: list[SheetLine], changes: Mapping[int, tuple[Decimal, str]]) -> list[SheetLine]:
    """Give lines other points than were entered or measured, each with its reason; what stood stays to be seen."""
    changed = []
    for line in lines:
        points, reason = changes.get(line.pk, (None, ""))
        if points is None or points == line.holds:
            continue
        if not reason.strip():
            raise Refusal(
                _("%(item)s: say why, the person concerned will read it.") % {"item": line.indicator.name},
                field=f"reason_{line.pk}", code="reason_missing",
            )  # fmt: skip
        line.final_points, line.final_reason = _within(line, points), reason.strip()
        changed.append(line)
    SheetLine.objects.bulk_update(changed, ["final_points", "final_reason"])
    return lines


def keep_score_of(*, sheet: Sheet, by, at: datetime) -> None:
    """Make a final sheet's sum the score of the month; one that came by workbook stays as given."""
    if imported_score(sheet.staff, sheet.month) is None:
        keep_score(staff=sheet.staff, period=sheet.month, score=sheet.points, origin=Origin.SHEET, by=by, at=at)


def locked_sheet(*, pk: int) -> Sheet:
    """The sheet as it is now, kept from others until the transaction ends."""
    rows = Sheet.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("store", "staff", "version_of_card__card").get(pk=pk)


def _locked(sheet: Sheet, expected_version: int | None) -> Sheet:
    sheet = locked_sheet(pk=sheet.pk)
    refuse_stale(sheet, expected_version)
    return sheet


def _kept(sheet: Sheet, verb: str, by, at: datetime, *fields: str) -> None:
    before = Sheet.objects.filter(pk=sheet.pk).values(*fields).get() if fields else {}
    sheet.version += 1
    sheet.save(update_fields=["version", *fields])
    changes = {
        name: [old, getattr(sheet, f"{name}_id", None) or getattr(sheet, name)]
        for name, old in before.items()
        if name in ("state", "points") and old != getattr(sheet, name)
    }
    journal.record(by=by, at=at, verb=verb, subject=sheet, store=sheet.store, changes=changes)


def _refuse_own(sheet: Sheet, by: Staff) -> None:
    if by.pk == sheet.staff_id:
        raise Refusal(_("Nobody scores themselves."), code="own_sheet")


def _within(line: SheetLine, points: Decimal | None) -> Decimal | None:
    least, most = line.bounds
    if points is not None and not least <= points <= most:
        raise Refusal(
            _("%(item)s: the points lie between %(least)s and %(most)s.")
            % {"item": line.indicator.name, "least": plain(least), "most": plain(most)},
            field=f"points_{line.pk}", code="out_of_bounds",
        )  # fmt: skip
    return points


def _usual(line: SheetLine) -> Decimal:
    """What needs no explanation: the full points of an indicator, nothing added or taken off."""
    return line.indicator.points if line.indicator.kind == LineKind.INDICATOR else Decimal(0)


def _tell_opened(sheet: Sheet, at: datetime) -> None:
    notify(
        recipients=[sheet.staff],
        key=f"sheet:{sheet.pk}:opened",
        text=_("Your score sheet of %(month)s is open: give your self-score by %(until)s.")
        % {"month": sheet.period, "until": f"{self_score_until(sheet):%F}"},
        at=at,
        url=reverse("appraisal:own_sheet", args=[sheet.pk]),
    )


def _tell_enterers(sheet: Sheet, at: datetime, occasion: str = "to_enter") -> None:
    text = (
        _("The sheet of %(name)s for %(month)s was sent back: %(reason)s")
        if sheet.return_reason
        else _("Points of %(name)s for %(month)s wait for you.")
    )
    notify(
        recipients=enterers_of(sheet),
        key=f"sheet:{sheet.pk}:{occasion}",
        text=text % {"name": sheet.staff.name, "month": sheet.period, "reason": sheet.return_reason},
        at=at,
        url=reverse("appraisal:sheet", args=[sheet.pk]),
    )


def _tell_reviewers(sheet: Sheet, at: datetime) -> None:
    notify(
        recipients=reviewers_of(sheet),
        key=f"sheet:{sheet.pk}:to_review:{sheet.version}",
        text=_("The score sheet of %(name)s for %(month)s waits for the final review.")
        % {"name": sheet.staff.name, "month": sheet.period},
        at=at,
        url=reverse("appraisal:sheet", args=[sheet.pk]),
    )
