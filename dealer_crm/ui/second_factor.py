"""The second factor (TOTP): setting it up with a picture to scan, and being asked for its code at sign-in.

A person whose device is confirmed is signed in only after the code: the password alone leaves nothing but a note in the
session of who gave it, good for a few minutes. Source: spec `people-and-roles.md` (passwords).
"""

import base64
import io
from datetime import datetime, timedelta

import qrcode
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django_otp import login as note_device
from qrcode.image.svg import SvgPathFillImage

from dealer_crm.access.roles import SECOND_FACTOR_ROLES
from dealer_crm.organization import actions, queries
from dealer_crm.organization.models import Staff
from dealer_crm.values import Refusal

_KEY = "password_given"
_GOOD_FOR = timedelta(minutes=5)


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code of the telephone"),
        max_length=10,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True, "pattern": "[0-9 ]*"}
        ),
    )


# ── At sign-in ───────────────────────────────────────────────────────────────────────────────────────────────────────
def is_asked_of(staff: Staff) -> bool:
    return queries.second_factor_of(staff) is not None


def ask(request, staff: Staff, then: str):
    """The password was right; the code is asked for on the next page."""
    request.session[_KEY] = {
        "staff": staff.pk,
        "backend": staff.backend,
        "then": then,
        "at": timezone.now().isoformat(),
    }
    return redirect("ui:code")


@never_cache
def code(request):
    """Who has given the password gives the code, and is signed in."""
    staff, note = _who_gave_the_password(request)
    if staff is None:
        return redirect("ui:sign_in")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            device = actions.check_second_factor(staff=staff, code=form.cleaned_data["code"], at=timezone.now())
        except Refusal as refusal:
            form.add_error("code", str(refusal))
        else:
            del request.session[_KEY]
            login(request, staff, backend=note["backend"])
            note_device(request, device)
            actions.record_sign_in(staff=staff, with_second_factor=True, at=timezone.now())
            return redirect(note["then"])
    return render(request, "registration/code.html", {"form": form})


def _who_gave_the_password(request):
    note = request.session.get(_KEY)
    if not note or timezone.now() - datetime.fromisoformat(note["at"]) > _GOOD_FOR:
        return None, None
    return Staff.objects.filter(pk=note["staff"], is_active=True).first(), note


# ── One's own device ─────────────────────────────────────────────────────────────────────────────────────────────────
@never_cache
def second_factor(request):
    """Set it up, or see that it is."""
    staff = request.user
    must = settings.SECOND_FACTOR and staff.has_role(*SECOND_FACTOR_ROLES)
    if queries.second_factor_of(staff):
        return render(request, "registration/second_factor.html", {"is_set_up": True, "must": must})
    device = actions.prepare_second_factor(by=staff, at=timezone.now())
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.confirm_second_factor(device=device, code=form.cleaned_data["code"], by=staff, at=timezone.now())
        except Refusal as refusal:
            form.add_error("code", str(refusal))
        else:
            note_device(request, device)
            messages.success(request, _("From now on the code of your telephone is asked for when you sign in."))
            return redirect("ui:home" if must else "ui:second_factor")
    secret = base64.b32encode(device.bin_key).decode()
    context = {
        "form": form,
        "must": must,
        "picture": _picture_of(device.config_url),
        "secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
    }
    return render(request, "registration/second_factor.html", context)


def second_factor_off(request):
    """Give it up, with a last code. Those who must have one set up a new one instead."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            actions.check_second_factor(staff=request.user, code=form.cleaned_data["code"], at=now)
            actions.forget_second_factor(staff=request.user, by=request.user, at=now)
        except Refusal as refusal:
            form.add_error("code", str(refusal))
        else:
            messages.success(request, _("Your second factor is taken off."))
            return redirect("ui:second_factor")
    return render(request, "registration/second_factor_off.html", {"form": form})


def _picture_of(text: str) -> str:
    """A QR code as an address an <img> can hold."""
    drawn = io.BytesIO()
    qrcode.make(text, image_factory=SvgPathFillImage, box_size=12, border=2).save(drawn)
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn.getvalue()).decode()}"
