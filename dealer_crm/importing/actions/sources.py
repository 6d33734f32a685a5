"""Keeping how the columns of a stranger's file are ours, so that the next one is read by itself."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.importing.actions.runs import keep
from dealer_crm.importing.choices import TO_BE_ASSIGNED, RunState
from dealer_crm.importing.layout import Layout
from dealer_crm.importing.models import ImportRun, ImportSource
from dealer_crm.importing.sheets import REGISTERED
from dealer_crm.journal import actions as journal
from dealer_crm.values import Refusal


@transaction.atomic
def assign_columns(*, run: ImportRun, name: str, layout: Layout, by, at: datetime) -> ImportSource:
    """Keep the layout under the name of its source and let the run be checked by it. The source the run came with is
    changed; else one of that name; else it is new."""
    run = ImportRun.objects.select_for_update(of=("self",)).without_file().get(pk=run.pk)
    if run.state not in TO_BE_ASSIGNED:
        raise Refusal(
            _("The columns of this import can't be assigned any more: %(state)s.") % {"state": run.get_state_display()}
        )
    _refuse_incomplete(layout)
    name = name.strip()
    if not name:
        raise Refusal(_("Name the source, so that its next file is recognised."), field="name", code="name_missing")
    rows = ImportSource.objects.select_for_update(of=("self",)).filter(store=run.store_id)
    source = rows.filter(pk=run.source_id).first() or rows.filter(name=name).first()
    if source is None:
        source = ImportSource(store=run.store)
    elif source.name != name and rows.filter(name=name).exists():
        raise Refusal(_("There is a source of this name already."), field="name", code="name_taken")
    before = {"name": source.name or None, "layout": source.layout or None}
    source.name, source.layout, source.changed_by, source.changed_at = name, layout.as_json(), by, at
    source.save()
    changes = journal.changed_fields(before, source)
    if changes:
        journal.record(by=by, at=at, verb="import_source.assigned", subject=source, changes=changes)
    keep(run, source=source, state=RunState.WAITING, counts={}, changes={}, problems=[], problem_count=0, notices=[])
    return source


@transaction.atomic
def rename_source(*, source: ImportSource, name: str, by, at: datetime) -> ImportSource:
    source = ImportSource.objects.select_for_update(of=("self",)).get(pk=source.pk)
    name = name.strip()
    if not name:
        raise Refusal(_("Name the source, so that its next file is recognised."), field="name", code="name_missing")
    if ImportSource.objects.filter(store=source.store_id, name=name).exclude(pk=source.pk).exists():
        raise Refusal(_("There is a source of this name already."), field="name", code="name_taken")
    before, source.name = source.name, name
    source.save(update_fields=["name"])
    if before != name:
        changes = {"name": [before, name]}
        journal.record(by=by, at=at, verb="import_source.renamed", subject=source, changes=changes)
    return source


@transaction.atomic
def remove_source(*, source: ImportSource, by, at: datetime) -> None:
    """Forget a source; what came in by it stays."""
    source = ImportSource.objects.select_for_update(of=("self",)).get(pk=source.pk)
    journal.record(by=by, at=at, verb="import_source.removed", subject=source)
    source.delete()


def _refuse_incomplete(layout: Layout) -> None:
    """Every required column of ours needs a column of theirs or a fixed value; a sheet of ours is fed once."""
    if not layout.tables:
        raise Refusal(_("Say for at least one sheet what it holds."), code="nothing_assigned")
    targets = [table.target for table in layout.tables]
    missing = [
        _("%(sheet)s feeds %(target)s: %(column)s has neither a column nor a fixed value.")
        % {"sheet": table.sheet, "target": table.target, "column": column.header}
        for table in layout.tables
        for name, column in REGISTERED[table.target].fields.items()
        if column.required and not _has_origin(table.columns.get(name))
    ]
    missing += [
        _("Two sheets of the file are to feed %(target)s; choose one.") % {"target": target}
        for target in sorted({target for target in targets if targets.count(target) > 1})
    ]
    if missing:
        raise Refusal(_("The columns are not all assigned yet."), code="columns_missing", details=missing)


def _has_origin(origin) -> bool:
    return origin is not None and bool(origin.header or origin.constant)
