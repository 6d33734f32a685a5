"""Writing the journal: one line per deed, in the same transaction as the deed."""

from collections.abc import Iterable
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal

from dealer_crm.journal.models import Entry

# Where the deed came from: an address for requests (set by middleware), a command's name, "beat" …
origin: ContextVar[str] = ContextVar("journal_origin", default="")


@contextmanager
def from_paper(number: str):
    """Deeds keyed in from paper after a day without network: the journal says so, with the number on the sheet."""
    token = origin.set(f"paper {number}".strip()[:80])
    try:
        yield
    finally:
        origin.reset(token)


def entry(*, by, at, verb, subject, store=None, changes=None, note="") -> Entry:
    """An unsaved journal line; `by` is a Staff or None for the program itself.

    `changes` maps field names to `[old, new]`. `verb` is `<noun>.<past verb>`, e.g. `repair_order.settled`.
    """
    return Entry(
        at=at,
        by_id=str(by.pk) if by else "",
        by_name=str(by) if by else "",
        store_code=_store_code(subject, store),
        verb=verb,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        subject_label=str(subject)[:120],
        changes={name: [_plain(value) for value in pair] for name, pair in (changes or {}).items()},
        note=note,
        origin=origin.get(),
    )


def record(*, by, at, verb, subject, store=None, changes=None, note="") -> Entry:
    """Write one line. See `entry` for the arguments."""
    line = entry(by=by, at=at, verb=verb, subject=subject, store=store, changes=changes, note=note)
    line.save(force_insert=True)
    return line


def record_many(entries: Iterable[Entry]) -> None:
    """Write many lines at once (imports)."""
    Entry.objects.bulk_create(entries, batch_size=2000)


def changed_fields(before: dict, after) -> dict:
    """`{name: [old, new]}` for the names in `before` whose value on `after` differs."""
    return {name: [old, getattr(after, name)] for name, old in before.items() if old != getattr(after, name)}


def _store_code(subject, store) -> str:
    store = store or getattr(subject, "store", None)
    return store.code if store else ""


def _plain(value):
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if value is None or isinstance(value, (bool, int, float, str, list, dict)):
        return value
    return str(value)
