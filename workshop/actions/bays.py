from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Store
from dealer_crm.values import Refusal
from workshop.models import Bay


@transaction.atomic
def open_bay(*, store: Store, name: str, by, at: datetime) -> Bay:
    """Enter a bay (工位)."""
    _refuse_taken(store, name)
    bay = Bay.objects.create(store=store, name=name.strip())
    journal.record(by=by, at=at, verb="bay.opened", subject=bay)
    return bay


@transaction.atomic
def change_bay(*, bay: Bay, name: str, is_active: bool, by, at: datetime) -> Bay:
    """Rename a bay, take it out of use or back into it; what was done in it stays."""
    bay = Bay.objects.select_for_update().get(pk=bay.pk)
    _refuse_taken(bay.store, name, other_than=bay)
    before = {"name": bay.name, "is_active": bay.is_active}
    bay.name, bay.is_active = name.strip(), is_active
    bay.save(update_fields=["name", "is_active"])
    journal.record(by=by, at=at, verb="bay.changed", subject=bay, changes=journal.changed_fields(before, bay))
    return bay


def _refuse_taken(store: Store, name: str, other_than: Bay | None = None) -> None:
    others = Bay.objects.filter(store=store, name=name.strip())
    if others.exclude(pk=other_than.pk if other_than else None).exists():
        raise Refusal(_("There is a bay of this name already."), field="name")
