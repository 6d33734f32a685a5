"""Who comes in: passwords, the second factor, and a journal line for every sign-in, failed sign-in and sign-out.

Source: spec `people-and-roles.md` (passwords, audit).
"""

import secrets

from axes.utils import reset as forget_failed_sign_ins
from django.db import transaction
from django.utils.translation import gettext as _
from django_otp.plugins.otp_totp.models import TOTPDevice
from rest_framework.authtoken.models import Token

from dealer_crm.access.backends import plain_name
from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Staff
from dealer_crm.organization.queries import second_factor_of, staff_signing_in_as
from dealer_crm.values import Refusal

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is mistaken for another when read out


def record_sign_in(*, staff: Staff, at, with_second_factor: bool = False) -> None:
    note = _("with second factor") if with_second_factor else ""
    journal.record(by=staff, at=at, verb="staff.signed_in", subject=staff, note=note)


def record_failed_sign_in(*, typed: str, at, is_locked: bool = False) -> None:
    """Somebody gave a wrong password. A name nobody has isn't written down: it may be a password."""
    staff = staff_signing_in_as(typed)
    subject = staff or Staff(id="", name=f"{typed[:2]}…")
    note = _("locked for a while after repeated failures") if is_locked else ""
    journal.record(by=None, at=at, verb="staff.sign_in_failed", subject=subject, note=note)


def record_sign_out(*, staff: Staff, at) -> None:
    journal.record(by=staff, at=at, verb="staff.signed_out", subject=staff)


@transaction.atomic
def change_password(*, staff: Staff, password: str, by: Staff, at) -> None:
    """A person's own new password, known to nobody else."""
    staff.set_password(password)
    staff.must_change_password = False
    staff.save(update_fields=["password", "must_change_password"])
    journal.record(by=by, at=at, verb="staff.password_changed", subject=staff)


@transaction.atomic
def reset_password(*, staff: Staff, by, at) -> str:
    """Give a person a new password and open the locks of wrong ones. It is returned once and kept nowhere readable;
    two people have seen it, so at the next sign-in its owner has to replace it."""
    staff = Staff.objects.select_for_update().get(pk=staff.pk)
    if by and by.pk == staff.pk:
        raise Refusal(_("Change your own password on its own page; the old one is asked for there."))
    if not staff.is_active:
        raise Refusal(_("The account of %(name)s is closed.") % {"name": staff})
    password = "-".join("".join(secrets.choice(_LETTERS) for _letter in range(4)) for _group in range(3))
    staff.set_password(password)
    staff.must_change_password = True
    staff.save(update_fields=["password", "must_change_password"])
    Token.objects.filter(user=staff).delete()  # whoever knew the old password may have made one
    for name in {staff.username, staff.work_number}:
        forget_failed_sign_ins(username=plain_name(name))
    journal.record(by=by, at=at, verb="staff.password_reset", subject=staff)
    return password


# ── Second factor ────────────────────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def prepare_second_factor(*, by: Staff, at) -> TOTPDevice:
    """The device a person is about to set up: one per person, worthless until confirmed."""
    staff = Staff.objects.select_for_update().get(pk=by.pk)
    if second_factor_of(staff):
        raise Refusal(_("Your second factor is set up already."))
    device, _was_new = TOTPDevice.objects.get_or_create(
        user=staff, confirmed=False, defaults={"name": staff.work_number}
    )
    return device


def confirm_second_factor(*, device: TOTPDevice, code: str, by: Staff, at) -> None:
    """From now on the person is asked for a code of this device at every sign-in. Raises Refusal for a wrong code."""
    _refuse_wrong_code(device, code)
    with transaction.atomic():
        device = TOTPDevice.objects.select_for_update().get(pk=device.pk)
        device.confirmed = True
        device.save(update_fields=["confirmed"])
        TOTPDevice.objects.filter(user=by).exclude(pk=device.pk).delete()
        journal.record(by=by, at=at, verb="staff.second_factor_set_up", subject=by)


def check_second_factor(*, staff: Staff, code: str, at) -> TOTPDevice:
    """The device whose code was given. Raises Refusal for a wrong code; the next try then has to wait a little."""
    device = second_factor_of(staff)
    if device is None:
        raise Refusal(_("No second factor is set up for you."))
    try:
        _refuse_wrong_code(device, code)
    except Refusal:
        journal.record(by=None, at=at, verb="staff.sign_in_failed", subject=staff, note=_("with second factor"))
        raise
    return device


@transaction.atomic
def forget_second_factor(*, staff: Staff, by, at) -> None:
    """The telephone is lost or replaced: the person signs in with the password alone until a new one is set up."""
    staff = Staff.objects.select_for_update().get(pk=staff.pk)
    if second_factor_of(staff) is None:
        raise Refusal(_("No second factor is set up for %(name)s.") % {"name": staff})
    TOTPDevice.objects.filter(user=staff).delete()
    journal.record(by=by, at=at, verb="staff.second_factor_forgotten", subject=staff)


def _refuse_wrong_code(device: TOTPDevice, code: str) -> None:
    """Checked in a transaction of its own, so that a wrong try is counted although the caller is refused."""
    with transaction.atomic():
        locked = TOTPDevice.objects.select_for_update().get(pk=device.pk)
        may_try, _why = locked.verify_is_allowed()
        matches = may_try and locked.verify_token(code.replace(" ", ""))
    if not may_try:
        raise Refusal(_("Too many wrong codes. Wait a moment, then give the next one."), field="code")
    if not matches:
        raise Refusal(_("This code is wrong or was used already. Wait for the next one."), field="code")
