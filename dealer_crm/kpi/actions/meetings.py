"""The goal meeting (目标会): prepared, held, followed up. Source: spec `kpi.md` (dashboards and reports)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.journal.queries import refuse_stale
from dealer_crm.kpi.actions.targets import setters_of
from dealer_crm.kpi.models import GoalLine, GoalMeeting
from dealer_crm.kpi.queries import goal_figures
from dealer_crm.notices import actions as notices
from dealer_crm.organization.models import Staff, Store
from dealer_crm.values import Period, Refusal


@dataclass(frozen=True)
class Said:
    """What people say to one line: why, what is done about it, by whom, until when."""

    cause: str = ""
    remedy: str = ""
    owner: Staff | None = None
    due_on: date | None = None


class LinesRefused(Refusal):
    """Some lines of the sheet can't be; `lines` says of each (by its id) why, and nothing was saved."""

    code = "meeting_lines"

    def __init__(self, lines: Mapping[int, str]):
        super().__init__(_("Some lines are not whole. Nothing was saved."))
        self.lines = dict(lines)


@transaction.atomic
def open_meeting(*, store: Store, period: Period, by, at: datetime) -> GoalMeeting:
    """Prepare the sheet of a month: a line for every measure that has a goal. The one that is there is given back.

    Refused for a month that has not begun, and while it has no goal at all.
    """
    if period.first_day > at.astimezone(store.tz).date():
        raise Refusal(_("%(period)s has not begun yet.") % {"period": period}, field="period")
    meeting, was_new = GoalMeeting.objects.get_or_create(
        store=store, period=str(period), defaults={"opened_by": by, "opened_at": at, "figures_at": at}
    )
    if was_new:
        _fill(meeting, at)
        journal.record(by=by, at=at, verb="goal_meeting.opened", subject=meeting)
    return meeting


@transaction.atomic
def refresh_meeting(*, meeting: GoalMeeting, by, at: datetime) -> GoalMeeting:
    """Take the figures anew; what people wrote stays. Refused once the meeting was held."""
    meeting = _locked(meeting)
    _fill(meeting, at)
    _touch(meeting, "figures_at", figures_at=at)
    journal.record(by=by, at=at, verb="goal_meeting.refreshed", subject=meeting)
    return meeting


@transaction.atomic
def write_meeting(
    *, meeting: GoalMeeting, said: Mapping[int, Said], present: str, note: str, by, at: datetime,
    expected_version: int | None = None,
) -> GoalMeeting:  # fmt: skip
    """Keep what people said to the lines (by id). All or nothing; refused when it was held, or changed by another."""
    meeting = _locked(meeting)
    refuse_stale(meeting, expected_version)
    lines = {line.pk: line for line in meeting.lines.select_related("owner")}
    wrong = {pk: words for pk, one in said.items() if pk in lines and (words := _why_not(one, meeting, at))}
    if wrong:
        raise LinesRefused(wrong)
    changed, changes = [], {}
    for pk, one in said.items():
        line = lines.get(pk)
        if line is None:
            continue
        before = Said(line.cause, line.remedy, line.owner, line.due_on)
        if before == one:
            continue
        line.cause, line.remedy, line.owner, line.due_on = one.cause, one.remedy, one.owner, one.due_on
        changed.append(line)
        changes[str(line.get_measure_display())] = [_in_words(before), _in_words(one)]
    GoalLine.objects.bulk_update(changed, ["cause", "remedy", "owner", "due_on"])
    if not changed and (meeting.present, meeting.note) == (present, note):
        return meeting
    _touch(meeting, "present", "note", present=present, note=note)
    journal.record(by=by, at=at, verb="goal_meeting.written", subject=meeting, changes=changes)
    return meeting


@transaction.atomic
def hold_meeting(
    *, meeting: GoalMeeting, by, at: datetime, expected_version: int | None = None
) -> GoalMeeting:  # fmt: skip
    """The meeting is held: its figures are taken a last time and stand still, and whoever took something on is told."""
    meeting = _locked(meeting)
    refuse_stale(meeting, expected_version)
    _fill(meeting, at)
    _touch(meeting, "figures_at", "held_at", "held_by", figures_at=at, held_at=at, held_by=by)
    journal.record(by=by, at=at, verb="goal_meeting.held", subject=meeting)
    for line in meeting.lines.filter(owner__isnull=False).select_related("owner"):
        _tell(line, [line.owner], "agreed", _("%(matter)s: you take it on until %(day)s"), at)
    return meeting


@transaction.atomic
def finish_line(*, line: GoalLine, result: str, by: Staff, at: datetime, may_change: bool = False) -> GoalLine:
    """End a matter with what came of it. Its owner does, or whoever leads the meetings (`may_change`)."""
    line = _agreed(line, by, may_change)
    if not result.strip():
        raise Refusal(_("Say what came of it."), field="result")
    line.result, line.done_by, line.done_at = result.strip(), by, at
    line.save(update_fields=["result", "done_by", "done_at"])
    journal.record(by=by, at=at, verb="goal_line.done", subject=line, store=line.meeting.store, note=line.result)
    return line


@transaction.atomic
def postpone_line(*, line: GoalLine, due_on: date, reason: str, by: Staff, at: datetime) -> GoalLine:
    """Give a matter another day, with the reason; whoever leads the meetings does."""
    line = _agreed(line, by, may_change=True)
    if not reason.strip():
        raise Refusal(_("Say why it is postponed."), field="reason")
    if due_on < at.astimezone(line.meeting.store.tz).date():
        raise Refusal(_("This day has passed."), field="due_on")
    changes = {"due_on": [str(line.due_on), str(due_on)]}
    line.due_on = due_on
    line.save(update_fields=["due_on"])
    journal.record(
        by=by, at=at, verb="goal_line.postponed", subject=line, store=line.meeting.store, changes=changes,
        note=reason.strip(),
    )  # fmt: skip
    if line.owner != by:
        _tell(line, [line.owner], f"moved:{due_on}", _("%(matter)s: now until %(day)s"), at)
    return line


# ── What the clock reminds of ────────────────────────────────────────────────────────────────────────────────────────
def remind_of_lines(*, store: Store, at: datetime) -> int:
    """Tell owners on the day, each once; when the day has passed also whoever leads the meetings."""
    today, told = at.astimezone(store.tz).date(), 0
    due = GoalLine.objects.unfinished().filter(meeting__store=store, due_on__lte=today)
    for line in due.select_related("meeting__store", "owner"):
        told += _tell(line, [line.owner], f"due:{line.due_on}", _("%(matter)s is due %(day)s"), at)
        if line.due_on < today:
            late = _("%(matter)s was due %(day)s and is not done (%(owner)s)")
            told += _tell(line, setters_of(store), f"late:{line.due_on}", late, at)
    return told


# ── Parts ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def _locked(meeting: GoalMeeting) -> GoalMeeting:
    meeting = GoalMeeting.objects.select_for_update(of=("self",)).select_related("store").get(pk=meeting.pk)
    if meeting.is_held:
        raise Refusal(_("This meeting was held; its sheet stays as it is."), code="meeting_held")
    return meeting


def _touch(meeting: GoalMeeting, *fields: str, **values) -> None:
    for name, value in values.items():
        setattr(meeting, name, value)
    meeting.version += 1
    meeting.save(update_fields=[*fields, "version"])


def _fill(meeting: GoalMeeting, at: datetime) -> None:
    """Goals and actual figures as of now; a measure without a goal any more goes, unless somebody wrote to it."""
    figures = {one.measure: one for one in goal_figures(meeting.store, Period.parse(meeting.period), at)}
    if not figures:
        raise Refusal(_("%(period)s has no goals yet.") % {"period": meeting.period}, code="no_goals")
    standing = {line.measure: line for line in meeting.lines.all()}
    empty = [
        line.pk
        for code, line in standing.items()
        if code not in figures and not (line.cause or line.remedy or line.owner_id)
    ]
    GoalLine.objects.filter(pk__in=empty).delete()
    for line in (standing[code] for code in figures if code in standing):
        for name in _FIGURES:
            setattr(line, name, getattr(figures[line.measure], name))
    GoalLine.objects.bulk_update([standing[code] for code in figures if code in standing], _FIGURES)
    GoalLine.objects.bulk_create(
        GoalLine(meeting=meeting, measure=code, **{name: getattr(one, name) for name in _FIGURES})
        for code, one in figures.items()
        if code not in standing
    )


_FIGURES = ["goal", "actual", "is_ceiling", "unknown"]
"""What a line takes from the catalogue."""


def _why_not(one: Said, meeting: GoalMeeting, at: datetime) -> str:
    """Why a line can't be like this; "" when it can."""
    if (one.owner is None) != (one.due_on is None):
        return _("Who takes it on needs a day, and a day needs somebody.")
    if one.owner is not None and not one.remedy:
        return _("Say what is to be done.")
    if one.owner is not None and one.owner.store_id != meeting.store_id:
        return _("%(name)s does not belong to this store.") % {"name": one.owner}
    if one.due_on is not None and one.due_on < at.astimezone(meeting.store.tz).date():
        return _("This day has passed.")
    return ""


def _in_words(said: Said) -> str:
    return " / ".join(str(part) for part in (said.cause, said.remedy, said.owner, said.due_on) if part)


def _agreed(line: GoalLine, by: Staff, may_change: bool) -> GoalLine:
    lines = GoalLine.objects.select_for_update(of=("self",)).select_related("meeting__store", "owner")
    line = lines.get(pk=line.pk)
    if not line.meeting.is_held or line.owner is None:
        raise Refusal(_("Nothing was agreed about this yet."), code="not_agreed")
    if line.done_at:
        raise Refusal(_("This is done already."), code="line_done")
    if not may_change and line.owner_id != by.pk:
        raise Refusal(_("Only %(name)s or whoever leads the meeting can end this.") % {"name": line.owner})
    return line


def _tell(line: GoalLine, people, occasion: str, sentence: str, at: datetime) -> int:
    matter = f"{line.get_measure_display()}: {line.remedy}"[:120]
    return notices.notify(
        recipients=people,
        key=f"goal_line:{line.pk}:{occasion}",
        text=sentence % {"matter": matter, "day": line.due_on, "owner": line.owner},
        url=reverse("kpi:follow_ups"),
        at=at,
    )
