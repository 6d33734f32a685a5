"""Writing workbooks: all or nothing, exactly what was shown, and a line in the journal for everything.

Two ways in: `import_workbook` (command: check and write in one go) and the run of the browser: `bring_workbook` →
(check) → `confirm_run` → (write). The steps in brackets are owed work, done by `go_on`: a worker calls it, or the page
itself when none runs; the claim sees to it that only one of them does the step.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from dealer_crm.importing import events
from dealer_crm.importing.actions.images import Camera
from dealer_crm.importing.cells import shown
from dealer_crm.importing.choices import RunState
from dealer_crm.importing.examination import Examination, Problem, examine
from dealer_crm.importing.layout import Layout, applied, is_ours
from dealer_crm.importing.models import ImportRun, ImportSource
from dealer_crm.importing.opening import Unreadable, open_workbook, refuse_from_outside
from dealer_crm.importing.queries import claimable, kind_labels, people_by_name, source_of_file
from dealer_crm.importing.widgets import Phone
from dealer_crm.journal import actions as journal
from dealer_crm.values import Refusal, Stale
from dealer_crm.values.phone import masked_phone

log = logging.getLogger(__name__)

_TAKEN_IN_HAND = {RunState.WAITING: RunState.CHECKING, RunState.CONFIRMED: RunState.WRITING}
# Only one workbook is written at a time: what one brings is the ground the next is compared with.
_WRITING_LOCK = 0x1A9B_0001
# Rows of the difference kept per sheet for the page; the counts are always of all rows.
SHOWN_ROWS = 500
KEPT_PROBLEMS = 20_000

Progress = Callable[[int, str], None]


@transaction.atomic
def import_workbook(*, content: bytes, file_name: str, by, at: datetime, dry_run: bool = False) -> Examination:
    """Check a workbook and, when nothing is wrong, write it. Returns the examination; with problems nothing is written.

    Raises `Unreadable` when the file can't be opened as a workbook.
    """
    sheets = open_workbook(content, file_name=file_name)
    if not dry_run:
        wait_for_turn()
    book = examine(sheets, by=by, at=at, lock=not dry_run)
    if book.is_clean and not dry_run:
        _write(book, file_name=file_name)
    return book


@transaction.atomic
def bring_workbook(
    *, content: bytes, file_name: str, store, language: str, by, at: datetime, source: ImportSource | None = None
) -> ImportRun:
    """Take in an uploaded file; what is plainly no workbook is refused at the door. Without `source` it is recognised
    by its header rows."""
    refuse_from_outside(content, file_name=file_name)
    run = ImportRun.objects.create(
        store=store,
        source=source,
        file_name=file_name[-200:],
        content=content,
        content_size=len(content),
        content_hash=hashlib.sha256(content).hexdigest(),
        language=language,
        brought_by=by,
        brought_at=at,
    )
    journal.record(by=by, at=at, verb="import.brought", subject=run, note=run.content_hash)
    return run


def claim_step(*, run_id: int, at: datetime) -> RunState | None:
    """Take the next step of a run in hand, alone. Returns the state it then is in, None when there is nothing to do."""
    with transaction.atomic():
        run = claimable(at).select_for_update(skip_locked=True).only("state").filter(pk=run_id).first()
        if run is None:
            return None
        run.state = _TAKEN_IN_HAND.get(RunState(run.state), RunState(run.state))
        run.claimed_at = at
        run.save(update_fields=["state", "claimed_at"])
        return RunState(run.state)


def go_on(*, run_id: int, at: datetime, progress: Progress | None = None) -> None:
    """Do the next step of a run, if nobody else does: check what was brought, write what was confirmed."""
    state = claim_step(run_id=run_id, at=at)
    if state is None:
        return
    try:
        if state == RunState.CHECKING:
            _check(run_id, at)
        else:
            _write_confirmed(run_id, at, progress)
    except OperationalError:
        raise  # the database went away: the claim lapses and the sweep tries again
    except Exception:
        # Nothing was written: a person must not wait for ever for a mistake of ours.
        log.exception("import %s failed", run_id)
        reason = _("The program failed on this workbook; nothing was written. The incident is in the log.")
        with transaction.atomic():
            run = ImportRun.objects.select_for_update().get(pk=run_id)
            problem = Problem("", 0, "", run.file_name, reason)
            keep(run, state=RunState.REFUSED, problems=[problem.as_dict()], problem_count=1)


def _check(run_id: int, at: datetime) -> None:
    """Examine a run's file and keep the difference, or the problems."""
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(pk=run_id)
        if run.state != RunState.CHECKING:
            return
        with translation.override(run.language):
            try:
                sheets = open_workbook(bytes(run.content), file_name=run.file_name)
            except Unreadable as unreadable:
                problem = Problem("", 0, "", run.file_name, str(unreadable))
                keep(run, state=RunState.REFUSED, problems=[problem.as_dict()], problem_count=1)
                return
            run.source = run.source or source_of_file(sheets, store=run.store)
            if run.source is None and not is_ours(sheets) and any(sheet.rows for sheet in sheets):
                keep(run, state=RunState.UNMAPPED)
                return
            _keep_difference(run, _examined(run, sheets, by=run.brought_by, at=at), source=run.source)


def _examined(run: ImportRun, sheets, *, by, at: datetime, lock: bool = False) -> Examination:
    """The examination of a file, its columns made ours first where it comes from a source."""
    if run.source is None:
        return examine(sheets, by=by, at=at, lock=lock)
    ours, passed = applied(Layout.of(run.source.layout), sheets, people=people_by_name(run.store))
    book = examine(ours, by=by, at=at, lock=lock)
    book.notices[:0] = [Problem(each.sheet, each.row, "", each.value, each.reason) for each in passed]
    if not ours:
        reason = _("The columns of the source “%(source)s” are not in this file.") % {"source": run.source}
        book.problems[:] = [Problem("", 0, "", run.file_name, reason)]
    return book


def _write_confirmed(run_id: int, at: datetime, progress: Progress | None) -> None:
    """Write a confirmed run. When the database has moved since the preview, nothing is written and the new difference
    is shown for confirmation again."""
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(pk=run_id)
        if run.state != RunState.WRITING:
            return
        wait_for_turn()
        with translation.override(run.language):
            sheets = open_workbook(bytes(run.content), file_name=run.file_name)
            book = _examined(run, sheets, by=run.confirmed_by, at=at, lock=True)
            if not book.is_clean or book.fingerprint() != run.fingerprint:
                moved = _("The program's own rows changed since the preview; this is the new difference.")
                book.notices.insert(0, Problem("", 0, "", "", moved))
                _keep_difference(run, book, confirmed_by=None, confirmed_at=None)
                return
            _write(book, file_name=run.file_name, run=run, progress=progress)
        journal.record(
            by=run.confirmed_by, at=at, verb="import.written", subject=run, note=_outcome(book, run.language)
        )
        keep(run, state=RunState.DONE, counts=book.counts(), done_at=at)


@transaction.atomic
def confirm_run(*, run: ImportRun, fingerprint: str, by, at: datetime) -> ImportRun:
    """The person has seen the difference and wants it written. Raises `Stale` when it is no longer the one shown."""
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    if run.state in (RunState.CONFIRMED, RunState.WRITING, RunState.DONE):
        return run  # pressed twice
    if run.state != RunState.PREVIEWED:
        raise Refusal(_("This import can't be confirmed: %(state)s.") % {"state": run.get_state_display()})
    if run.fingerprint != fingerprint:
        raise Stale(_("The difference has changed since you looked at it; look at it again."))
    run.confirmed_by, run.confirmed_at = by, at
    journal.record(by=by, at=at, verb="import.confirmed", subject=run)
    return keep(run, state=RunState.CONFIRMED, confirmed_by=by, confirmed_at=at)


@transaction.atomic
def drop_run(*, run: ImportRun, by, at: datetime) -> ImportRun:
    """The person does not want it after all."""
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    if run.state not in (RunState.PREVIEWED, RunState.REFUSED, RunState.WAITING):
        raise Refusal(_("This import can't be dropped: %(state)s.") % {"state": run.get_state_display()})
    journal.record(by=by, at=at, verb="import.dropped", subject=run)
    return keep(run, state=RunState.DROPPED)


def _write(
    book: Examination, *, file_name: str, run: ImportRun | None = None, progress: Progress | None = None
) -> None:
    """Write an examined workbook without problems, sheet by sheet, inside the caller's transaction."""
    book.file_name = file_name
    in_file = [sheet for sheet in book.sheets.values() if sheet.in_file]
    camera = Camera(run, lambda: _touched(in_file, book)) if run else None
    if camera:
        camera.before()
    touched: dict[str, list[int]] = {}
    for place, sheet in enumerate(in_file):
        if progress:
            progress(place * 100 // len(in_file), sheet.resource.sheet)
        new, changed = sheet.of_kind("new"), sheet.of_kind("changed")
        if new or changed:
            sheet.resource.write(new, changed, book)
            _record(sheet, new, changed, book, file_name)
            touched[sheet.resource.sheet] = [row.pk for row in (*new, *changed)]
    if not touched:
        return
    for sheet in in_file:
        sheet.resource.finish(book)
    events.workbook_imported.send(None, run_id=run.pk if run else None, sheets=touched, at=book.at)
    if camera:
        camera.after()


def _touched(in_file, book: Examination) -> Iterable[QuerySet]:
    """Everything the sheets of a workbook touch, as they say themselves."""
    for sheet in in_file:
        rows = [row for row in sheet.rows if row.kind in ("new", "changed")]
        if rows:
            yield from sheet.resource.touches(rows, book)


class _Subject:
    """What the journal writes about, without loading the row again."""

    def __init__(self, model, pk, label):
        self._meta, self.pk, self._label = model._meta, pk, label

    def __str__(self):
        return self._label


def _record(sheet, new, changed, book: Examination, file_name: str) -> None:
    resource, model = sheet.resource, sheet.resource.known_rows(set()).model
    noun = resource.noun
    journal.record_many(
        journal.entry(
            by=book.by,
            at=book.at,
            verb=f"{noun}.imported" if row.before is None else f"{noun}.changed_by_import",
            subject=_Subject(model, row.pk, resource.label(row.key)),
            store=resource.store_of(row, book),
            changes={name: _told(sheet.column(name), pair) for name, pair in row.changes.items()},
            note=file_name,
        )
        for row in (*(new if resource.records_new else ()), *changed)
    )


def _outcome(book: Examination, language: str) -> str:
    """How many rows of each sheet came in, for the journal, as who brought them speaks: "班组 新增 2、未变 1"。"""
    with translation.override(language):
        labels = kind_labels()
        return "；".join(
            f"{sheet} " + "、".join(f"{labels[kind]} {count}" for kind, count in counts.items() if count)
            for sheet, counts in book.counts().items()
        )


def _told(column, pair) -> list:
    """From what to what, as the journal may keep it: phones masked."""
    if isinstance(column.widget, Phone):
        return [masked_phone(value) if value else value for value in pair]
    return list(pair)


def wait_for_turn() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_WRITING_LOCK])


def keep(run: ImportRun, **fields) -> ImportRun:
    for name, value in {**fields, "claimed_at": None}.items():
        setattr(run, name, value)
    run.save(update_fields=[*fields, "claimed_at"])
    return run


def _keep_difference(run: ImportRun, book: Examination, **fields) -> ImportRun:
    return keep(
        run,
        state=RunState.PREVIEWED if book.is_clean else RunState.REFUSED,
        counts=book.counts(),
        problems=[problem.as_dict() for problem in book.problems[:KEPT_PROBLEMS]],
        problem_count=len(book.problems),
        notices=[notice.as_dict() for notice in book.notices[:KEPT_PROBLEMS]],
        changes=_difference(book),
        fingerprint=book.fingerprint() if book.is_clean else "",
        **fields,
    )


def _difference(book: Examination) -> dict[str, list[dict]]:
    """The rows the page shows: what is new with its cells, what changes from what to what, what is refused and why,
    what is known already. So many of each kind."""
    reasons: dict[tuple[str, int], list[str]] = {}
    for problem in book.problems:
        reasons.setdefault((problem.sheet, problem.row), []).append(f"{problem.column}: {problem.reason}")
    difference = {}
    for name, sheet in book.sheets.items():
        # What one looks for first.
        rows = [row for kind in ("refused", "changed", "new", "unchanged") for row in sheet.of_kind(kind)[:SHOWN_ROWS]]
        if rows:
            difference[name] = [_shown_row(sheet, row, reasons.get((name, row.number), ())) for row in rows]
    return difference


def _shown_row(sheet, row, reasons) -> dict:
    def text(column, value):
        return shown(sheet.column(column).widget.render(value))

    def old_text(column, value):
        # What the person brought is theirs to see; a number the program keeps is shown as everybody may see it.
        is_number = value and isinstance(sheet.column(column).widget, Phone)
        return masked_phone(value) if is_number else text(column, value)

    given = {column: (None, value) for column, value in row.values.items() if not column.startswith("!")}
    pairs = {"changed": row.changes, "unchanged": {}}.get(row.kind, given)
    return {
        "row": row.number,
        "key": sheet.resource.label(row.key or ()),
        "kind": row.kind,
        "reasons": list(reasons),
        "cells": [
            {"column": sheet.column(column).header, "old": old_text(column, old), "new": text(column, new)}
            for column, (old, new) in pairs.items()
        ],
    }
