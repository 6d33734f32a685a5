"""Deciding what was asked of the archive: accept, reject, withdraw, see the numbers. Source: spec `reception.md`."""

from django.db import transaction
from django.urls import reverse as address_of
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.notices.actions import notify
from dealer_crm.values import Refusal
from reception.actions.asking import told
from reception.actions.customers import change_customer, change_phone, make_phone_primary, remove_phone
from reception.actions.locking import locked_customer, locked_vehicle, taken
from reception.actions.vehicles import change_vehicle
from reception.choices import ArchiveField, Decision
from reception.formulas import identity
from reception.models import ChangeRequest


@transaction.atomic
def accept_change(*, change: ChangeRequest, by, at) -> ChangeRequest:
    """Let the change hold (审批通过). Refused when the value was changed otherwise since it was asked for."""
    change = _locked(change)
    _refuse_decided(change)
    _refuse_own(change, by)
    if change.is_overtaken:
        raise Refusal(
            _("This was changed otherwise in the meantime. Reject the request, or have it asked for anew."),
            code="change_overtaken",
        )
    _APPLIED[ArchiveField(change.field)](change, by, at)
    return _decided(change, Decision.ACCEPTED, "", by, at)


@transaction.atomic
def reject_change(*, change: ChangeRequest, reason: str, by, at) -> ChangeRequest:
    """Leave the old value; who asked is told why."""
    change = _locked(change)
    _refuse_decided(change)
    _refuse_own(change, by)
    if not reason.strip():
        raise Refusal(_("Say why the change is rejected; who asked is told."), field="reason", code="reason_missing")
    return _decided(change, Decision.REJECTED, reason, by, at)


@transaction.atomic
def withdraw_change(*, change: ChangeRequest, by, at) -> ChangeRequest:
    """Take one's own request back."""
    change = _locked(change)
    _refuse_decided(change)
    if change.asked_by_id != by.pk:
        raise Refusal(_("Only %(name)s can withdraw this request.") % {"name": change.asked_by.name}, code="not_own")
    return _decided(change, Decision.WITHDRAWN, "", by, at)


@transaction.atomic
def reveal_change(*, change: ChangeRequest, reason: str, by, at) -> tuple[str, str]:
    """The whole numbers (E.164) of a request, the old and the wanted one; the journal keeps who and why."""
    if not reason.strip():
        raise Refusal(_("Say what you need the number for."), field="reason", code="reason_missing")
    note = " ".join(filter(None, [change.shown_before, change.shown_after, reason.strip()]))
    journal.record(by=by, at=at, verb="phone.revealed", subject=change.subject, note=note)
    return change.before, change.after


def _locked(change: ChangeRequest) -> ChangeRequest:
    """The request with its subject, the subject first: whoever asks takes them in the same order."""
    subject = change.subject
    locked = locked_customer(subject) if change.customer_id else locked_vehicle(subject)
    fresh = taken(change).select_related("asked_by", "decided_by", "phone", "after_owner", "store").get()
    if change.customer_id:
        fresh.customer = locked
    else:
        fresh.vehicle = locked
    return fresh


def _refuse_decided(change: ChangeRequest) -> None:
    if change.decision != Decision.WAITING:
        raise Refusal(
            _("%(name)s has dealt with this request already: %(decision)s.")
            % {"name": change.decided_by.name, "decision": change.get_decision_display()},
            code="decided",
        )


def _refuse_own(change: ChangeRequest, by) -> None:
    if change.asked_by_id == by.pk:
        raise Refusal(_("Somebody else decides on what you asked for yourself."), code="own_request")


def _decided(change: ChangeRequest, decision: Decision, note: str, by, at) -> ChangeRequest:
    change.decision, change.decided_by, change.decided_at = decision, by, at
    change.decision_note = note.strip()[:200]
    change.save(update_fields=["decision", "decided_by", "decided_at", "decision_note"])
    subject = change.subject
    verb = f"{subject._meta.model_name}.change_{decision.value}"
    journal.record(by=by, at=at, verb=verb, subject=subject, changes=told(change), note=change.decision_note)
    if decision != Decision.WITHDRAWN:
        _tell(change, at)
    return change


def _tell(change: ChangeRequest, at) -> None:
    words = {
        "subject": change.subject,
        "field": change.get_field_display(),
        "after": change.shown_after or _("to be removed"),
        "note": change.decision_note,
    }
    if change.decision == Decision.ACCEPTED:
        text = _("%(subject)s: your change was accepted – %(field)s: %(after)s") % words
    else:
        text = _("%(subject)s: your change was rejected – %(field)s: %(after)s. %(note)s") % words
    page = "reception:customer" if change.customer_id else "reception:vehicle"
    notify(
        recipients=[change.asked_by], key=f"change:{change.pk}:{change.decision}", text=text, at=at,
        url=address_of(page, args=[change.subject.pk]),
    )  # fmt: skip


# ── What each kind of request does ───────────────────────────────────────────────────────────────────────────────────
def _apply_name(change: ChangeRequest, by, at) -> None:
    change_customer(customer=change.customer, name=change.after, by=by, at=at)


def _apply_phone(change: ChangeRequest, by, at) -> None:
    if change.phone and change.after:
        change_phone(phone=change.phone, number=change.after, entered_by=change.asked_by, by=by, at=at)
    elif change.phone:
        remove_phone(phone=change.phone, by=by, at=at)


def _apply_primary(change: ChangeRequest, by, at) -> None:
    wanted = change.customer.phones.filter(number=change.after).first()
    if wanted is None:
        raise Refusal(_("The customer no longer has this number; reject the request."), code="change_overtaken")
    make_phone_primary(phone=wanted, by=by, at=at)


def _apply_plate(change: ChangeRequest, by, at) -> None:
    change_vehicle(vehicle=change.vehicle, plate=change.after, by=by, at=at)


def _apply_vin(change: ChangeRequest, by, at) -> None:
    """A VIN with a wrong check digit was asked for with its reason."""
    fields = {"vin": change.after}
    if change.after and not identity.has_right_check_digit(change.after):
        fields["vin_override_reason"] = change.reason[:120]
    change_vehicle(vehicle=change.vehicle, by=by, at=at, **fields)


def _apply_owner(change: ChangeRequest, by, at) -> None:
    change_vehicle(vehicle=change.vehicle, owner=change.after_owner, by=by, at=at)


_APPLIED = {
    ArchiveField.NAME: _apply_name,
    ArchiveField.PHONE: _apply_phone,
    ArchiveField.PRIMARY: _apply_primary,
    ArchiveField.PLATE: _apply_plate,
    ArchiveField.VIN: _apply_vin,
    ArchiveField.OWNER: _apply_owner,
}
