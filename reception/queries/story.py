"""The story of a thing as a timeline: the journal in the words of the trade."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db.models import Model
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from dealer_crm.journal import verbs
from dealer_crm.journal.queries import amount_in, entries_about, seen_by
from reception.choices import CHANGES, AnswerWay, CustomerLevel, DelayCause, OrderKind, Payer, Urgency, WaitReason
from reception.models import (
    AccidentAssessment,
    AddOn,
    Agreement,
    Appointment,
    Customer,
    OrderLine,
    Part,
    PartCost,
    Receipt,
    RepairOrder,
    Settlement,
    Suggestion,
    Vehicle,
)

LONGEST = 200
_TONES = {
    "delivered": "success",
    "created": "success",
    "ready": "success",
    "entered": "success",
    "agreed": "success",
    "proposed": "warning",
    "waiting": "warning",
    "reversal_requested": "warning",
    "cancelled": "danger",
    "reversed": "danger",
}
_WORDS = {
    "kind": OrderKind,
    "payer": Payer,
    "delay_cause": DelayCause,
    "wait_reason": WaitReason,
    "level": CustomerLevel,
    "answer_way": AnswerWay,
    "urgency": Urgency,
}

# Things of upper apps whose deeds belong into the story of an order (the jobs of the workshop).
_TELLERS: list[Callable[[RepairOrder], Iterable[Model]]] = []
# What is one event for the people in the shop and two deeds in the journal: the poorer deed → the richer ones.
_RICHER: dict[str, tuple[str, ...]] = {}


def tell_of(
    teller: Callable[[RepairOrder], Iterable[Model]], *, instead_of: dict[str, tuple[str, ...]] | None = None
) -> None:
    """Let the story of an order tell what was done to further things: an upper app names them when it is ready.

    `instead_of`: deed → deeds of which each tells the same event with more words; where one of them happened at the
    same moment, the first is left out of stories. The journal keeps both: stays in a state are counted from it.
    """
    _TELLERS.append(teller)
    _RICHER.update(instead_of or {})


# What the words of the deed say by themselves.
_SILENT = {"state", "version"}


@dataclass(frozen=True)
class Deed:
    """One line of a story: `text` what was done, `detail` from what to what and why."""

    at: datetime
    text: str
    by: str
    detail: str
    tone: str


def story_of(*subjects, reader=None) -> list[Deed]:
    """What happened to things, newest first, the last `LONGEST` deeds; deeds on others than the first name them.

    `reader`: who will read it, for what the journal tells only to some (`journal.guards`); without one, it is hidden.
    """
    first = subjects[0]._meta.label_lower
    return [
        Deed(
            at=entry.at,
            text=verbs.words_for(entry.verb),
            by=entry.by_name,
            detail="\n".join(filter(None, [_named(entry, seen, first), *_told(seen.changes), seen.note])),
            tone=_TONES.get(entry.verb.rpartition(".")[2], "neutral"),
        )
        for entry in _once(_tellable(subjects)[:LONGEST])
        for seen in [seen_by(reader, entry)]
    ]


def _once(entries) -> list:
    """Every event told once: without the deeds that another of the same moment tells with more words."""
    entries = list(entries)
    told = {(entry.at, entry.verb) for entry in entries}
    return [e for e in entries if not any((e.at, richer) in told for richer in _RICHER.get(e.verb, ()))]


def _tellable(subjects):
    """What the journal keeps of a customer who asked to be forgotten is told no more."""
    erased = [thing.erased_at for thing in subjects if getattr(thing, "erased_at", None)]
    entries = entries_about(*subjects)
    return entries.filter(at__gte=max(erased)) if erased else entries


def _named(entry, seen, first: str) -> str:
    """Which thing a deed was done to, when it is another one than the story's own."""
    return "" if entry.subject_type == first else seen.thing


def story_of_order(order: RepairOrder) -> list[Deed]:
    """The whole story of an order: its settlements, receipts, add-ons and suggestions, and what upper apps know of."""
    own = (order.settlements, order.receipts, order.add_ons, order.suggestions)
    return story_of(
        order,
        *(thing for things in own for thing in things.all()),
        *(thing for teller in _TELLERS for thing in teller(order)),
    )


def _told(changes: dict):
    for name, (old, new) in changes.items():
        if name in _SILENT or old == new:
            continue
        if name.startswith("line "):
            yield f"{'−' if new is None else '+' if old is None else '±'} {old if new is None else new}"
        elif old in (None, ""):
            yield f"{_label(name)}: {_shown(name, new)}"
        else:
            yield f"{_label(name)}: {_shown(name, old)} → {_shown(name, new)}"


@cache
def _fields() -> dict:
    models = (
        OrderLine,
        PartCost,
        Part,
        Suggestion,
        Agreement,
        Appointment,
        Customer,
        Vehicle,
        AccidentAssessment,
        Settlement,
        Receipt,
        AddOn,
        RepairOrder,
    )
    return {field.name: field.verbose_name for model in models for field in model._meta.fields}


def _label(name: str) -> str:
    payer = name.removesuffix("_amount")
    if payer in Payer.values:
        return str(Payer(payer).label)
    if name == "phone":
        return _("phone")
    return str(_fields().get(name) or CHANGES.get(name) or verbs.name_for(name) or name)


def _shown(name: str, value) -> str:
    if value in (None, ""):
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if amount := amount_in(name, value):
        return amount
    words = _WORDS.get(name)
    if words and value in words.values:
        return str(words(value).label)
    if name.endswith("_at") and (moment := parse_datetime(str(value))):
        return f"{timezone.localtime(moment):%m-%d %H:%M}"
    if isinstance(value, str):
        value = dict(getattr(verbs.field_for(name), "flatchoices", ())).get(value, value)
    return str(value)
