"""Taking the last import back: what it made goes, what it changed is set back, all or nothing.

Only when nobody has touched any of it since; else the refusal names which rows and who. Steps: stand in line → lock
every row, without waiting for anybody → nothing touched → add what the program made of itself (`follows`) → nothing
else hangs on it → the floors above agree → journal → delete, set back, bring back → the database checks itself.

The SQL is put together from the names of our own tables and columns alone.
"""

# ruff: noqa: S608

from collections.abc import Iterable
from datetime import datetime

from django.apps import apps
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from psycopg2.errors import LockNotAvailable

from dealer_crm.importing import events
from dealer_crm.importing.actions.images import digest
from dealer_crm.importing.actions.runs import keep, wait_for_turn
from dealer_crm.importing.choices import RunState
from dealer_crm.importing.models import ImportRun, RowImage
from dealer_crm.importing.queries import last_written, may_be_undone_until
from dealer_crm.importing.sheets import Consequence, consequences, undo_objections
from dealer_crm.journal import actions as journal
from dealer_crm.journal.models import Entry
from dealer_crm.values import Refusal

_IMAGES = RowImage._meta.db_table
# So many rows are named in a refusal; the rest is counted.
NAMED = 10


@transaction.atomic
def undo_run(*, run: ImportRun, reason: str, by, at: datetime) -> ImportRun:
    """Take the last written import of a store back. Refuses whole when somebody has touched any of its rows since."""
    wait_for_turn()
    run = ImportRun.objects.select_for_update(of=("self",)).without_file().get(pk=run.pk)
    reason = reason.strip()[:200]
    _refuse_wrong_moment(run, reason, at)
    models = _touched_models(run)
    _lock(run, models)
    _refuse_touched(run, models)
    _take_along(run, models)
    _refuse_built_upon(run, models)
    if against := list(undo_objections(_ids(run, models), run.done_at)):
        raise Refusal(_("This import can't be taken back."), code="undo_refused", details=against)
    _record(run, reason, by, at)
    try:
        _set_back(run, models)
    except IntegrityError as error:
        raise Refusal(
            _("This import can't be taken back: something else in the program stands on its rows."), code="built_upon"
        ) from error
    journal.record(by=by, at=at, verb="import.undone", subject=run, note=reason)
    RowImage.objects.filter(run=run).delete()
    keep(run, state=RunState.UNDONE, undone_by=by, undone_at=at, undo_reason=reason)
    events.import_undone.send(None, run_id=run.pk, at=at)
    return run


def forget_old_images(*, at: datetime) -> int:
    """Sweep: images of imports that can't be taken back any more are not kept."""
    gone = 0
    for run in ImportRun.objects.filter(images__isnull=False).distinct().without_file().select_related("store"):
        if at > may_be_undone_until(run):
            gone += RowImage.objects.filter(run=run).delete()[0]
    return gone


def _refuse_wrong_moment(run: ImportRun, reason: str, at: datetime) -> None:
    if run.state == RunState.UNDONE:
        raise Refusal(_("This import was taken back already."), code="undone")
    if run.state != RunState.DONE:
        raise Refusal(_("Only a written import can be taken back."), code="not_written")
    if not reason:
        raise Refusal(_("Say why the import is taken back."), field="reason", code="reason_missing")
    last = last_written(run)
    if last.pk != run.pk:
        raise Refusal(
            _("“%(file)s” was imported after it; take that one back first.") % {"file": last.file_name}, code="not_last"
        )
    if at > may_be_undone_until(run) or not run.images.exists():
        raise Refusal(_("This import is too old to be taken back."), code="too_old")


def _touched_models(run: ImportRun) -> list[type[Model]]:
    tables = set(run.images.values_list("table", flat=True).distinct())
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.db_table in tables]


def _lock(run: ImportRun, models: Iterable[type[Model]]) -> None:
    """Every row the import touched, for us alone. Nobody is waited for: whoever is at work on one of them is met here
    and not overrun, and two who wait for each other can't happen."""
    try:
        with transaction.atomic():
            for model in models:
                _rows(
                    f'SELECT 1 FROM {_t(model)} t WHERE t.{_pk(model)} IN (SELECT "row" FROM {_IMAGES} '
                    f'WHERE run_id = %s AND "table" = %s) ORDER BY t.{_pk(model)} FOR UPDATE NOWAIT',
                    [run.pk, model._meta.db_table],
                )
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise Refusal(
                _("Somebody is at work on a row of this import at this moment; try again."), code="at_work"
            ) from error
        raise


def _refuse_touched(run: ImportRun, models: Iterable[type[Model]]) -> None:
    found: list[tuple[type[Model], int]] = []
    for model in models:
        rows = _rows(
            f'SELECT i."row" FROM {_IMAGES} i LEFT JOIN {_t(model)} t ON t.{_pk(model)} = i."row" '
            f'WHERE i.run_id = %s AND i."table" = %s AND i.digest IS DISTINCT FROM '
            f"CASE WHEN t.{_pk(model)} IS NULL THEN '' ELSE {digest(model)} END ORDER BY 1",
            [run.pk, model._meta.db_table],
        )
        found += [(model, row) for (row,) in rows]
    if found:
        raise Refusal(
            ngettext(
                "%(count)s row was changed since the import; nothing was taken back.",
                "%(count)s rows were changed since the import; nothing was taken back.",
                len(found),
            )
            % {"count": len(found)},
            code="touched",
            details=_named(found, run.done_at),
        )


def _take_along(run: ImportRun, models: list[type[Model]]) -> None:
    """What the program made of itself about rows that go, goes with them: as if the import had made it."""
    added = True
    while added:
        added = False
        for each in consequences():
            if _count_in(each, run):
                added = True
                if each.model not in models:
                    models.append(each.model)


def _count_in(each: Consequence, run: ImportRun) -> int:
    """Put untouched consequences of rows that go among the rows that go; returns how many were new."""
    field = each.model._meta.get_field(each.path)
    sql, arguments = each.model.objects.filter(each.untouched).order_by().values("pk").query.sql_with_params()
    key, column = _pk(each.model), connection.ops.quote_name(field.column)
    return _run(
        f'INSERT INTO {_IMAGES} (run_id, "table", "row", digest) '
        f"SELECT %s, %s, t.{key}, {digest(each.model)} FROM {_t(each.model)} t "
        f'WHERE t.{column} IN (SELECT "row" FROM {_IMAGES} WHERE run_id = %s AND "table" = %s AND before IS NULL) '
        f"AND t.{key} IN ({sql}) ON CONFLICT DO NOTHING",
        [run.pk, each.model._meta.db_table, run.pk, field.related_model._meta.db_table, *arguments],
    )


def _refuse_built_upon(run: ImportRun, models: Iterable[type[Model]]) -> None:
    """Rows that point at a row which goes, and stay themselves."""
    found: list[str] = []
    for model in models:
        for relation in model._meta.get_fields(include_hidden=True):
            if not ((relation.one_to_many or relation.one_to_one) and relation.auto_created and not relation.concrete):
                continue
            other, column = relation.related_model, connection.ops.quote_name(relation.field.column)
            # A row that is taken away too, or set back in this very column, does not point there afterwards.
            rows = _rows(
                f"SELECT o.{column}, count(*) FROM {_t(other)} o WHERE o.{column} IN "
                f'(SELECT "row" FROM {_IMAGES} WHERE run_id = %s AND "table" = %s AND before IS NULL) '
                f'AND NOT EXISTS (SELECT 1 FROM {_IMAGES} i WHERE i.run_id = %s AND i."table" = %s '
                f'AND i."row"::text = o.{_pk(other)}::text AND (i.before IS NULL OR jsonb_exists(i.before, %s))) '
                "GROUP BY 1 ORDER BY 1",
                [run.pk, model._meta.db_table, run.pk, other._meta.db_table, relation.field.column],
            )
            if rows:
                labels = _labels(model, [row for row, _count in rows[:NAMED]])
                found += [f"{labels.get(row, row)}: {other._meta.verbose_name} × {count}" for row, count in rows]
    if found:
        raise Refusal(
            _("Something was built on rows of this import since; nothing was taken back."),
            code="built_upon",
            details=_cut(found),
        )


def _record(run: ImportRun, reason: str, by, at: datetime) -> None:
    """Every line the import wrote into the journal gets its counterpart."""
    lines = Entry.objects.filter(at=run.done_at, by_id=str(run.confirmed_by_id), note=run.file_name)
    journal.record_many(
        Entry(
            at=at,
            by_id=str(by.pk),
            by_name=str(by),
            store_code=line.store_code,
            verb=f"{noun}.import_undone",
            subject_type=line.subject_type,
            subject_id=line.subject_id,
            subject_label=line.subject_label,
            changes={name: [new, old] for name, (old, new) in line.changes.items()},
            note=reason,
            origin=journal.origin.get(),
        )
        for line in lines.iterator(chunk_size=2000)
        for noun, _dot, deed in [line.verb.rpartition(".")]
        if deed in ("imported", "changed_by_import")
    )


def _set_back(run: ImportRun, models: list[type[Model]]) -> None:
    """Take away, set back, bring back, in this order: what goes makes room for what comes back. Foreign keys are
    checked at the end (they are deferred). What hangs on a row goes before it, so that triggers still find the row."""
    for model in reversed(models):
        here = [run.pk, model._meta.db_table]
        _run(
            f'DELETE FROM {_t(model)} t USING {_IMAGES} i WHERE i.run_id = %s AND i."table" = %s '
            f'AND i.before IS NULL AND t.{_pk(model)} = i."row"',
            here,
        )
    for model in models:
        here = [run.pk, model._meta.db_table]
        changed = 'i.run_id = %s AND i."table" = %s AND i.before IS NOT NULL AND i.digest <> %s'
        names = _rows(f"SELECT DISTINCT jsonb_object_keys(i.before) FROM {_IMAGES} i WHERE {changed}", [*here, ""])
        columns = [column for column in _columns(model) if column.strip('"') in {name for (name,) in names}]
        if columns:
            _run(
                f"UPDATE {_t(model)} t SET {', '.join(f'{column} = b.{column}' for column in columns)} FROM ("
                f"SELECT (jsonb_populate_record(x, i.before)).* FROM {_IMAGES} i "
                f'JOIN {_t(model)} x ON x.{_pk(model)} = i."row" WHERE {changed}'
                f") b WHERE t.{_pk(model)} = b.{_pk(model)}",
                [*here, ""],
            )
        every = ", ".join(_columns(model))
        _run(
            f"INSERT INTO {_t(model)} ({every}) SELECT {every} FROM ("
            f"SELECT (jsonb_populate_record(NULL::{_t(model)}, before)).* FROM {_IMAGES} "
            'WHERE run_id = %s AND "table" = %s AND before IS NOT NULL AND digest = %s) gone',
            [*here, ""],
        )
    _run("SET CONSTRAINTS ALL IMMEDIATE", [])
    _run("SET CONSTRAINTS ALL DEFERRED", [])


def _ids(run: ImportRun, models: Iterable[type[Model]]) -> dict[type[Model], list[int]]:
    return {
        model: list(run.images.filter(table=model._meta.db_table).values_list("row", flat=True)) for model in models
    }


# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def _named(found: list[tuple[type[Model], int]], since: datetime) -> list[str]:
    """Rows as people know them, with who was the last to touch them as far as the journal knows."""
    sentences = []
    by_model: dict[type[Model], list[int]] = {}
    for model, row in found[:NAMED]:
        by_model.setdefault(model, []).append(row)
    for model, rows in by_model.items():
        labels = _labels(model, rows)
        lines = Entry.objects.filter(
            subject_type=model._meta.label_lower, subject_id__in=[str(row) for row in rows], at__gt=since
        )
        last = {int(line.subject_id): line for line in lines.order_by("pk")}
        for row in rows:
            words = f"{model._meta.verbose_name} {labels.get(row) or _('(gone)')}"
            if line := last.get(row):
                words += f" ({line.by_name or _('The program')}, {timezone.localtime(line.at):%m-%d %H:%M})"
            sentences.append(words)
    return _cut(sentences, len(found))


def _labels(model: type[Model], rows: list[int]) -> dict[int, str]:
    return {pk: str(thing) for pk, thing in model._base_manager.in_bulk(rows).items()}


def _cut(sentences: list[str], count: int | None = None) -> list[str]:
    more = (count or len(sentences)) - NAMED
    return [*sentences[:NAMED], *([_("and %(count)s more") % {"count": more}] if more > 0 else [])]


def _columns(model: type[Model]) -> list[str]:
    """The columns one may write; what the database works out itself is left to it."""
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    return [connection.ops.quote_name(field.column) for field in fields]


def _t(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _pk(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.pk.column)


def _run(sql: str, arguments: list) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, arguments)
        return cursor.rowcount


def _rows(sql: str, arguments: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, arguments)
        return cursor.fetchall()
