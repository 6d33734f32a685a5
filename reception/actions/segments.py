"""Segments (分类): saved, changed, thrown away. They hold a question, not its answers."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.journal.queries import refuse_stale
from dealer_crm.values import Refusal
from reception.actions.locking import taken
from reception.models import Segment
from reception.queries.segments import Criteria

_RANGES = ("purchased", "visited", "mileage", "spent")


@transaction.atomic
def create_segment(*, store, name: str, criteria: Criteria, by, at: datetime) -> Segment:
    name = _checked(store, name, criteria)
    segment = Segment.objects.create(store=store, name=name, criteria=criteria.stored(), made_by=by, made_at=at)
    journal.record(by=by, at=at, verb="segment.created", subject=segment)
    return segment


@transaction.atomic
def change_segment(
    *, segment: Segment, name: str, criteria: Criteria, by, at: datetime, expected_version: int | None = None
) -> Segment:
    segment = _locked(segment, expected_version)
    name = _checked(segment.store, name, criteria, segment)
    changes = {"name": [segment.name, name]} if name != segment.name else {}
    changes |= _asked(segment.criteria, criteria.stored())
    if changes:
        segment.name, segment.criteria = name, criteria.stored()
        segment.version += 1
        segment.save(update_fields=["name", "criteria", "version"])
        journal.record(by=by, at=at, verb="segment.changed", subject=segment, changes=changes)
    return segment


@transaction.atomic
def delete_segment(*, segment: Segment, by, at: datetime) -> None:
    """The question goes, the customers stay."""
    segment = _locked(segment)
    journal.record(by=by, at=at, verb="segment.deleted", subject=segment, changes=_asked(segment.criteria, {}))
    segment.delete()


def _locked(segment: Segment, expected_version: int | None = None) -> Segment:
    fresh = taken(segment).select_related("store").first()
    if fresh is None:
        raise Refusal(_("This segment was deleted in the meantime."), code="deleted")
    refuse_stale(fresh, expected_version)
    return fresh


def _asked(before: dict, after: dict) -> dict:
    """What changed in the question, criterion by criterion."""
    names = [name for name in (*before, *sorted(set(after) - set(before))) if before.get(name) != after.get(name)]
    return {name: [before.get(name), after.get(name)] for name in names}


def _checked(store, name: str, criteria: Criteria, segment: Segment | None = None) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refusal(_("Give the segment a name."), field="name", code="name_missing")
    same = Segment.objects.filter(store=store, name=name).exclude(pk=segment.pk if segment else None)
    if same.exists():
        raise Refusal(_("There is a segment “%(name)s” already.") % {"name": name}, field="name", code="segment_exists")
    for prefix in _RANGES:
        least, most = getattr(criteria, f"{prefix}_from"), getattr(criteria, f"{prefix}_to")
        if least is not None and most is not None and least > most:
            raise Refusal(
                _("The range ends before it begins: from %(least)s to %(most)s.") % {"least": least, "most": most},
                field=f"{prefix}_to",
                code="range_reversed",
            )
    if criteria == Criteria():
        raise Refusal(_("Say what the customers of the segment have in common."), code="segment_empty")
    return name
