from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Store
from dealer_crm.values import Refusal
from workshop.choices import BayKind
from workshop.models import Bay

_FIELDS = ("name", "kind", "is_active")


@transaction.atomic
def open_bay(*, store: Store, name: str, by, at: datetime, kind: BayKind = BayKind.MECHANICAL) -> Bay:
    """Enter a bay (工位)."""
    _refuse_taken(store, name)
    bay = Bay.objects.create(store=store, name=name.strip(), kind=kind)
    journal.record(by=by, at=at, verb="bay.opened", subject=bay)
    return bay


@transaction.atomic
def change_bay(*, bay: Bay, name: str, is_active: bool, by, at: datetime, kind: BayKind | None = None) -> Bay:
    """Rename a bay, take it out of use or back into it, say what is done in it (None: as before).

    What was done in it stays.
    """
    bay = Bay.objects.select_for_update().get(pk=bay.pk)
    _refuse_taken(bay.store, name, other_than=bay)
    before = {field: getattr(bay, field) for field in _FIELDS}
    bay.name, bay.kind, bay.is_active = name.strip(), kind or bay.kind, is_active
    if changes := journal.changed_fields(before, bay):
        bay.save(update_fields=_FIELDS)
        journal.record(by=by, at=at, verb="bay.changed", subject=bay, changes=changes)
    return bay


def _refuse_taken(store: Store, name: str, other_than: Bay | None = None) -> None:
    others = Bay.objects.filter(store=store, name=name.strip())
    if others.exclude(pk=other_than.pk if other_than else None).exists():
        raise Refusal(_("There is a bay of this name already."), field="name")
