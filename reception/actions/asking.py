"""The gate of the archive: what is a change for the supervisor to decide, and how it is asked for.

Source: spec `reception.md` (change approval). Filling in what was empty is no change: a VIN nobody knew, an owner of a
car without one, the plate of a car that went by its VIN, a further number.
"""

from django.utils.translation import gettext as _

from dealer_crm.access.permissions import Permission
from dealer_crm.journal import actions as journal
from dealer_crm.values import Refusal
from dealer_crm.values.phone import masked_phone
from reception.choices import ArchiveField, Decision
from reception.models import ChangeRequest, Customer, Vehicle


def may_decide(by) -> bool:
    """Whose changes of the archive hold at once: the program's own and those of whoever approves changes."""
    return by is None or by.can(Permission.CUSTOMER_APPROVE)


def ask(*, subject: Customer | Vehicle, field: ArchiveField, before: str, after: str, reason: str, by, at, **rows):
    """Keep a change of a locked subject as a request. One's own earlier request for the same gives way to it.

    `rows`: `phone`, `after_owner` as the request names them. Refuses without a reason, and while somebody else's
    request for the same waits.
    """
    if not reason.strip():
        raise Refusal(
            _("%(field)s is on record already. Say why it changes; the customer-relations supervisor decides on it.")
            % {"field": field.label},
            field="reason",
            code="reason_missing",
        )
    about = {"customer": subject} if isinstance(subject, Customer) else {"vehicle": subject}
    former = (
        ChangeRequest.objects.waiting()
        .filter(**about, field=field, phone=rows.get("phone"))
        .select_related("asked_by")
        .first()
    )
    if former and former.after == after and former.after_owner == rows.get("after_owner"):
        return former
    if former:
        _make_room(former, by, at)
    request = ChangeRequest.objects.create(
        store=by.store or subject.store,
        field=field,
        before=before[:120],
        after=after[:120],
        reason=reason.strip()[:200],
        asked_by=by,
        asked_at=at,
        **about,
        **rows,
    )
    journal.record(
        by=by, at=at, verb=f"{subject._meta.model_name}.change_asked", subject=subject, changes=told(request),
        note=request.reason,
    )  # fmt: skip
    return request


def told(request: ChangeRequest) -> dict:
    """From what to what, as the journal may keep it: phones masked."""
    name = "phone" if request.is_about_phone else str(request.field)
    return {name: [request.shown_before or None, request.shown_after or None]}


def masked(number: str | None) -> str | None:
    return masked_phone(number) if number else None


def _make_room(former: ChangeRequest, by, at) -> None:
    if former.asked_by_id != by.pk:
        raise Refusal(
            _("%(name)s has asked for this change already (%(after)s); it waits for the decision.")
            % {"name": former.asked_by.name, "after": former.shown_after or _("to be removed")},
            code="change_waits",
        )
    former.decision, former.decided_by, former.decided_at = Decision.WITHDRAWN, by, at
    former.save(update_fields=["decision", "decided_by", "decided_at"])
