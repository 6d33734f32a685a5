"""What referrals and service requests ask of everything they are told."""

from datetime import datetime

from django.utils.translation import gettext as _

from dealer_crm.organization.models import Staff, Store
from dealer_crm.values import Refusal


def said(text: str, field: str, sentence: str) -> str:
    """The words without blanks; refuses with `sentence` when there are none."""
    if not (text := (text or "").strip()):
        raise Refusal(sentence, field=field, code="text_missing")
    return text


def refuse_stranger(store: Store, person: Staff | None) -> None:
    """Whoever is asked belongs to the store and is still here."""
    if person is not None and (person.store_id != store.pk or not person.is_active):
        raise Refusal(_("%(agent)s works in another store.") % {"agent": person}, field="person", code="other_store")


def clock(store: Store, moment: datetime) -> str:
    """A moment as a notice says it, on the store's clock."""
    return f"{moment.astimezone(store.tz):%m-%d %H:%M}"
