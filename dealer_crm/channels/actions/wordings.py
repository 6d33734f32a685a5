"""A store's own words."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.channels.actions.ordering import right_text
from dealer_crm.channels.choices import Purpose
from dealer_crm.channels.models import Wording
from dealer_crm.channels.queries import wording_in_force
from dealer_crm.channels.shipped import NAMES
from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Staff, Store
from dealer_crm.values import Refusal
from dealer_crm.values.wording import unknown_names

NEEDED = {Purpose.SURVEY: "链接", Purpose.ALARM: "内容"}
"""Without this a message of that purpose says nothing."""


@transaction.atomic
def change_wording(
    *, store: Store, purpose: Purpose, text: str, template: str = "", wechat_template: str = "", by: Staff, at: datetime
) -> Wording | None:
    """Give a store its own words for a purpose; they hold for messages ordered from now on."""
    text, purpose = text.strip(), Purpose(purpose)
    _refuse_wrong_words(purpose, text)
    Store.objects.select_for_update(of=["self"]).get(pk=store.pk)
    before = wording_in_force(store, purpose)
    wanted = {"text": text, "template": template.strip(), "wechat_template": wechat_template.strip()}
    changes = {name: [getattr(before, name), new] for name, new in wanted.items() if getattr(before, name) != new}
    if not changes:
        return before.row
    row, _is_new = Wording.objects.update_or_create(
        store=store, purpose=purpose, defaults={**wanted, "changed_by": by, "changed_at": at}
    )
    journal.record(by=by, at=at, verb="wording.changed", subject=row, changes=changes)
    return row


@transaction.atomic
def use_shipped_wording(*, store: Store, purpose: Purpose, by: Staff, at: datetime) -> None:
    """Take the shipped words again."""
    row = Wording.objects.select_for_update(of=["self"]).filter(store=store, purpose=purpose).first()
    if row is None:
        raise Refusal(_("The wording is as shipped already."), code="as_shipped")
    journal.record(by=by, at=at, verb="wording.as_shipped", subject=row, changes={"text": [row.text, ""]})
    row.delete()


def _refuse_wrong_words(purpose: Purpose, text: str) -> None:
    known = NAMES.get(purpose)
    if known is None:
        raise Refusal(_("These words stand elsewhere."), field="text", code="no_wording")
    right_text(text)
    if strange := unknown_names(text, known):
        raise Refusal(
            _("Nobody knows what stands for %(names)s. Possible: %(known)s.")
            % {
                "names": "、".join(f"{{{name}}}" for name in strange),
                "known": "、".join(f"{{{name}}}" for name in known),
            },
            field="text",
            code="name_unknown",
        )
    if (needed := NEEDED.get(purpose)) and f"{{{needed}}}" not in text:
        raise Refusal(
            _("Without %(name)s the message says nothing.") % {"name": f"{{{needed}}}"},
            field="text",
            code="name_missing",
        )
