from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateTimeField, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from dealer_crm.access.hidden import HIDDEN
from dealer_crm.journal import guards, verbs
from dealer_crm.journal.models import Entry
from dealer_crm.values import Stale

# So many deeds a latecomer is told of at most.
TOLD = 5


def entries_about(*subjects) -> QuerySet[Entry]:
    """The story of one or more things, newest first."""
    found = Entry.objects.none()
    for subject in subjects:
        found = found | Entry.objects.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))
    return found.order_by("-id")


def entries_matching(
    *,
    store_code: str | None = None,
    by_ids: list[str] | None = None,
    verb: str = "",
    subject_type: str = "",
    subject: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[Entry]:
    """Lines of the journal, every condition narrowing; without `store_code` those of all stores.

    `subject` is the beginning of a thing's name (an order number, a person, a store); `since` counts, `until` doesn't.
    """
    found = Entry.objects.all()
    if store_code is not None:
        found = found.filter(store_code=store_code)
    if by_ids is not None:
        found = found.filter(by_id__in=by_ids)
    if verb:
        found = found.filter(verb=verb)
    if subject_type:
        found = found.filter(subject_type=subject_type)
    if subject := subject.strip():
        found = found.filter(subject_label__istartswith=subject)
    if since:
        found = found.filter(at__gte=since)
    if until:
        found = found.filter(at__lt=until)
    return found


def refuse_stale(thing, expected_version: int | None, *, reader=None) -> None:
    """Refuses somebody who acts on an older version of a (locked) thing; says who changed it, when and what.

    None: the caller has seen no version and asks for none. What is guarded is told to a `reader` who may know it.
    """
    if expected_version is None or thing.version == expected_version:
        return
    behind = min(max(thing.version - expected_version, 1), TOLD)
    lines = read_lines(entries_about(thing)[:behind], reader=reader)
    if not lines:
        raise Stale(
            _("%(thing)s was changed in the meantime. Load it again; nothing was overwritten.") % {"thing": thing},
            version=thing.version,
        )
    last = lines[0]
    raise Stale(
        _("%(name)s changed %(thing)s at %(time)s (%(deed)s). Load it again; nothing was overwritten.")
        % {"name": _name(last), "thing": thing, "time": _clock(last), "deed": last.words},
        details=[_told(line) for line in lines if line.changes or len(lines) > 1],
        version=thing.version,
    )


def _told(line: "ReadLine") -> str:
    """One deed in one sentence: when, who, what, from what to what."""
    changes = "; ".join(f"{name}: {old} → {new}" for name, old, new in line.changes)
    return " ".join(filter(None, [_clock(line), _name(line), line.words, changes]))


def _name(line: "ReadLine") -> str:
    return line.entry.by_name or _("The program")


def _clock(line: "ReadLine") -> str:
    return f"{timezone.localtime(line.entry.at):%H:%M}"


# ── Lines as people read them ────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class ReadLine:
    """A journal line in words: what was done to what, each field's change as (name, before, after), and the note.

    Pages take these, never the fields of `entry`, for what the reader may not know is hidden here.
    """

    entry: Entry
    words: str
    kind: str
    thing: str
    changes: list[tuple[str, str, str]]
    note: str


def read_lines(entries, *, reader=None, of_everything: bool = False) -> list[ReadLine]:
    """Journal lines in the reader's language; a thing or field that is no longer known keeps its written name.

    `reader`: the Staff who will read them, for what is guarded (`guards`); without one none of it is told.
    `of_everything`: they don't stand on the page of their thing, which asked whether it may be looked at.
    """
    return [
        ReadLine(
            entry,
            verbs.words_for(entry.verb),
            _kind(entry.subject_type),
            seen.thing,
            [_change(entry.subject_type, name, pair) for name, pair in seen.changes.items()],
            seen.note,
        )
        for entry in entries
        for seen in [seen_by(reader, entry, of_everything=of_everything)]
    ]


@dataclass(frozen=True)
class Seen:
    """What a reader may know of a line: the name of its thing, its changes and its note."""

    thing: str
    changes: dict[str, list]
    note: str


def seen_by(reader, entry: Entry, *, of_everything: bool = False) -> Seen:
    """A line as one reader may read it: guarded values are replaced by `HIDDEN`, what was empty stays so."""
    is_business = not of_everything or guards.sees_business(reader, entry.subject_type)
    sees_thing = is_business and guards.sees_thing(reader, entry.subject_type)
    sees_deed = sees_thing and guards.sees_deed(reader, entry.verb)
    return Seen(
        entry.subject_label if sees_thing else HIDDEN,
        {
            name: pair if sees_deed and guards.sees_change(reader, name) else [_hidden(value) for value in pair]
            for name, pair in entry.changes.items()
        },
        entry.note if sees_deed else _hidden(entry.note),
    )


def _hidden(value):
    return value if value in (None, "", [], {}) else HIDDEN


def _kind(subject_type: str) -> str:
    try:
        return str(apps.get_model(subject_type)._meta.verbose_name)
    except (LookupError, ValueError):
        return subject_type


def _change(subject_type: str, name: str, pair) -> tuple[str, str, str]:
    field = _field(subject_type, name)
    label = getattr(field, "verbose_name", None) or verbs.name_for(name) or name
    return str(label), *(_worded(field, value, name) for value in pair)


def _field(subject_type: str, name: str):
    """The field a change is of: of the thing itself, or of its neighbours (a settlement moves the order's state)."""
    try:
        model = apps.get_model(subject_type)
    except (LookupError, ValueError):
        return verbs.field_for(name)
    for one in (model, *model._meta.app_config.get_models()):
        try:
            return one._meta.get_field(name)
        except FieldDoesNotExist:
            continue
    return verbs.field_for(name)


# What a change is called that tells money: the vocabulary of the house, `_amount` money, and its prices.
_MONEY = ("amount", "price", "cost")


def amount_in(name: str, value) -> str | None:
    """The value of a change that tells money, written as everywhere: "12,345.00"; None when it tells something else."""
    if name.rpartition("_")[2] not in _MONEY:
        return None
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return None
    return f"{amount:,.2f}" if amount.is_finite() else None


def _worded(field, value, name: str = "") -> str:
    if value is None or value == "" or value == [] or value == {}:
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if amount := amount_in(name, value):
        return amount
    if isinstance(field, DateTimeField) and (moment := parse_datetime(str(value))):
        return f"{timezone.localtime(moment):%m-%d %H:%M}"
    if isinstance(value, list):
        return "、".join(_worded(getattr(field, "base_field", None), item) for item in value)
    if isinstance(value, dict):
        return "、".join(f"{key} {_worded(None, item)}" for key, item in value.items())
    return str(dict(getattr(field, "flatchoices", [])).get(value, value))
