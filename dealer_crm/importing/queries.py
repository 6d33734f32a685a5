"""What the import pages and the sweep ask."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.access.hidden import HIDDEN, may_see
from dealer_crm.importing.choices import DateOrder, RunState
from dealer_crm.importing.layout import Layout
from dealer_crm.importing.models import ImportRun, ImportSource
from dealer_crm.importing.opening import open_workbook
from dealer_crm.importing.settings import UNDO_DAYS
from dealer_crm.importing.sheets import registered_sheets
from dealer_crm.importing.widgets import Phone
from dealer_crm.organization.models import Staff
from dealer_crm.organization.queries import figure
from dealer_crm.values.phone import masked_phone

_NUMBER = re.compile(r"-?\d[\d,.]*")
# A step whose worker was killed is taken up again after this long; above the longest time a step may take.
LEASE = timedelta(minutes=31)


def runs_of(staff):
    """A person's imports and those of their store, newest first, without the files."""
    return ImportRun.objects.visible_to(staff).without_file().select_related("brought_by", "store", "source")


def sources_of(staff):
    """The sources a person may choose from: those of their store; every one for who sees all stores."""
    rows = ImportSource.objects.visible_to(staff).select_related("changed_by", "store")
    return rows.annotate(file_count=Count("runs"), last_used_at=Max("runs__brought_at")).order_by("name", "pk")


def source_of_file(sheets, *, store) -> ImportSource | None:
    """The source whose header rows the file has; the one with the most tables, then the one changed last."""
    found = [
        (Layout.of(source.layout).found_in(sheets), source.changed_at, source)
        for source in ImportSource.objects.filter(store=store)
    ]
    found = [one for one in found if one[0]]
    return max(found, key=lambda one: one[:2])[2] if found else None


def people_by_name(store) -> dict[str, str]:
    """Name → work number of a store's people, for the names only one of them has."""
    named: dict[str, list[str]] = {}
    for name, number in Staff.objects.filter(store=store, is_active=True).values_list("name", "work_number"):
        named.setdefault(name, []).append(number)
    return {name: numbers[0] for name, numbers in named.items() if len(numbers) == 1}


def sheets_of(run: ImportRun):
    """The file of a run, opened. Raises `Unreadable`."""
    content = ImportRun.objects.values_list("content", flat=True).get(pk=run.pk)
    return open_workbook(bytes(content), file_name=run.file_name)


def last_written(run: ImportRun) -> ImportRun:
    """The import of the same store that was written last and still stands."""
    rows = ImportRun.objects.without_file().filter(store=run.store_id, state=RunState.DONE)
    return rows.order_by("-done_at", "-pk").first()


def may_be_undone_until(run: ImportRun):
    days = figure(UNDO_DAYS, store=run.store, on=timezone.localdate(run.done_at))
    return run.done_at + timedelta(days=days)


def is_undoable(run: ImportRun, at) -> bool:
    """Whether the page offers to take the run back; what has been touched since is only found out by trying."""
    return (
        run.state == RunState.DONE
        and last_written(run).pk == run.pk
        and at <= may_be_undone_until(run)
        and run.images.exists()
    )


def claimable(at):
    """Runs nobody is working on: never taken in hand since their last step, or by a worker that is long gone."""
    return ImportRun.objects.owed().filter(Q(claimed_at=None) | Q(claimed_at__lt=at - LEASE)).order_by("id")


def sheet_forms() -> list[dict]:
    """The sheets one can fill in: name, and columns with ★ for the key and ? for what may stay empty."""
    return [
        {
            "name": resource.sheet,
            "columns": [
                f"{'★' if name in resource.key else ''}{column.header}{'' if column.required else '?'}"
                for name, column in resource.fields.items()
            ],
        }
        for resource in registered_sheets()
    ]


def totals(counts: dict[str, dict[str, int]]) -> dict[str, int]:
    """New, changed, unchanged and refused rows of all sheets together."""
    total = Counter({"new": 0, "changed": 0, "unchanged": 0, "refused": 0})
    for of_sheet in counts.values():
        total.update(of_sheet)
    return dict(total)


def in_order(by_sheet: dict[str, object]) -> list[tuple[str, object]]:
    """What was kept by sheet, in the order of the sheets (the database keeps no order of keys)."""
    places = {resource.sheet: place for place, resource in enumerate(registered_sheets())}
    return sorted(by_sheet.items(), key=lambda item: places.get(item[0], len(places)))


def progress_key(run_id: int) -> str:
    return f"import {run_id}"


KINDS = ("new", "changed", "unchanged", "refused")
_KIND_TONES = {"new": "success", "changed": "warning", "unchanged": "neutral", "refused": "danger"}


def kind_labels() -> dict[str, str]:
    return {"new": _("New"), "changed": _("Changed"), "unchanged": _("Unchanged"), "refused": _("Refused")}


def kinds_of(run: ImportRun, *, chosen: str) -> list[dict]:
    """The outcomes with their counts; choosing one again shows all."""
    total, labels = totals(run.counts), kind_labels()
    return [
        {
            "label": labels[kind],
            "count": total[kind],
            "tone": _KIND_TONES[kind] if total[kind] else "neutral",
            "is_chosen": kind == chosen,
            "query": "" if kind == chosen else f"?show={kind}",
        }
        for kind in KINDS
    ]


def changes_anything(run: ImportRun) -> bool:
    total = totals(run.counts)
    return bool(total["new"] or total["changed"])


# ── what a reader may see of a file ──────────────────────────────────────────────────────────────────────────────────
def sees_file(run: ImportRun, reader: Staff) -> bool:
    """Whether the rows of the file may be shown as they stand: to who brought it. Others see what it would change."""
    return run.brought_by_id == reader.pk


def veils_of(run: ImportRun, reader: Staff) -> dict[tuple[str, str], Callable[[str], str]]:
    """Sheet and header of the columns the reader may not read as they stand → what stands there instead.

    Values whose permission the reader lacks are hidden, whoever brought them; numbers of phones are masked, as
    everywhere, but for who brought them.
    """
    found: dict[tuple[str, str], Callable[[str], str]] = {}
    for resource in registered_sheets():
        for column in resource.fields.values():
            if not may_see(reader, column.seen_by):
                found[resource.sheet, column.header] = _hidden
            elif isinstance(column.widget, Phone) and not sees_file(run, reader):
                found[resource.sheet, column.header] = masked_phone
    return found


def problems_shown(run: ImportRun, kept: list[dict], *, reader: Staff) -> list[dict]:
    """Problems or notices as they were kept, without what stands in columns that are not the reader's business."""
    veils = veils_of(run, reader)
    return [
        {**one, "value": HIDDEN, "reason": _NUMBER.sub(HIDDEN, one["reason"])}
        if (one["sheet"], one["column"]) in veils
        else one
        for one in kept
    ]


def _hidden(_text: str) -> str:
    return HIDDEN


def _row_shown(sheet: str, row: dict, veils: dict) -> dict:
    """A row of the difference without what is not the reader's business."""
    cells = [
        {**cell, **{side: veil(cell[side]) for side in ("old", "new") if cell[side]}}
        if (veil := veils.get((sheet, cell["column"])))
        else cell
        for cell in row["cells"]
    ]
    reasons = [
        _NUMBER.sub(HIDDEN, reason) if (sheet, reason.partition(":")[0]) in veils else reason
        for reason in row["reasons"]
    ]
    return {**row, "cells": cells, "reasons": reasons}


def shown_differences(run: ImportRun, *, kind: str, reader: Staff) -> list[dict]:
    """Sheet by sheet: its counts, and its rows of one outcome or (empty) those that would be written; what is refused
    then stands among the problems. Cells that are not the reader's business are hidden."""
    labels, veils = kind_labels(), veils_of(run, reader)
    shown = []
    for sheet, counts in in_order(run.counts):
        rows = [
            {
                **_row_shown(sheet, row, veils),
                "label": labels[row["kind"]],
                "tone": _KIND_TONES[row["kind"]],
            }
            for row in run.changes.get(sheet, [])
            if row["kind"] == kind or (not kind and row["kind"] in ("new", "changed"))
        ]
        count = counts.get(kind, 0) if kind else counts["new"] + counts["changed"]
        badges = [(labels[each], counts[each], _KIND_TONES[each]) for each in KINDS if counts[each]]
        if count or not kind:
            shown.append({"sheet": sheet, "rows": rows, "badges": badges, "hidden": max(count - len(rows), 0),
                          "is_open": bool(kind or counts["changed"])})  # fmt: skip
    return shown


def assigned_columns(source: ImportSource) -> list[dict]:
    """How the columns of a source are ours, as its page tells it."""
    return [
        {
            "sheet": table.sheet,
            "target": table.target,
            "rows": [
                {
                    "header": table.resource.fields[name].header,
                    "origin": origin.header,
                    "constant": origin.constant,
                    "words": [f"{theirs} → {ours}" for theirs, ours in origin.words.items()],
                    "order": DateOrder(origin.order).label if origin.order else "",
                }
                for name, origin in table.columns.items()
                if name in table.resource.fields
            ],
        }
        for table in Layout.of(source.layout).tables
    ]
