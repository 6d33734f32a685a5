"""The doors carriers knock at: receipts, and texts of customers. Public; the signature is the key."""

import json
from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from dealer_crm.access.pace import asks_too_often, has_asked_too_often
from dealer_crm.channels import actions
from dealer_crm.channels.carriers import Setup, setup_of
from dealer_crm.channels.choices import PHONE_CHANNELS
from dealer_crm.channels.formulas import is_right
from dealer_crm.values import Refusal

LARGEST = 64 * 1024
MOST, SPAN = 1200, 60
"""Calls of one address in so many seconds; receipts come in bursts."""
WRONG, MOST_WRONG, SPAN_WRONG = "hooks-wrong", 30, 600
"""Wrongly signed calls of one address; after them nothing of it is looked at for a while."""


class Turned(Exception):
    def __init__(self, status: int, reason: str):
        super().__init__(reason)
        self.answer = HttpResponse(f"{reason}\n", status=status, content_type="text/plain; charset=utf-8")
        if status == 429:
            self.answer["Retry-After"] = SPAN


@csrf_exempt
@require_POST
def receipts(request):
    """What became of a message."""
    at = timezone.now()
    try:
        setup, said = _heard(request, at)
        state = said.get("state")
        if state not in ("delivered", "failed"):
            raise Turned(400, "state is delivered or failed")
        is_known = actions.note_receipt(
            channel=setup.channel, reference=_text(said, "reference"), gateway_id=_text(said, "id"),
            is_delivered=state == "delivered", reason=_text(said, "reason"), happened_at=_moment(said, at), at=at,
        )  # fmt: skip
    except Turned as turned:
        return turned.answer
    return HttpResponse(status=204 if is_known else 404)


@csrf_exempt
@require_POST
def texts_in(request):
    """A text of a customer."""
    at = timezone.now()
    try:
        setup, said = _heard(request, at)
        if not _text(said, "id"):
            raise Turned(400, "id is missing")
        actions.take_answer(
            channel=setup.channel, gateway_id=_text(said, "id"), sender=_text(said, "from"), text=_text(said, "text"),
            happened_at=_moment(said, at), at=at,
        )  # fmt: skip
    except Turned as turned:
        return turned.answer
    except Refusal:
        return HttpResponse("from is no phone number\n", status=400, content_type="text/plain; charset=utf-8")
    return HttpResponse(status=204)


def _heard(request, at: datetime) -> tuple[Setup, dict]:
    """Whose call it is and what it says, once everything about it is right."""
    if asks_too_often(request, "hooks", most=MOST, span=SPAN) or has_asked_too_often(request, WRONG, most=MOST_WRONG):
        raise Turned(429, "too many calls")
    if len(request.body) > LARGEST:
        raise Turned(413, "too large")
    setup, body = _setup_named(request.headers.get("X-Channel-Account", "")), request.body
    nonce = request.headers.get("X-Channel-Nonce", "")
    signed = {
        "timestamp": request.headers.get("X-Channel-Timestamp", ""), "nonce": nonce, "method": request.method,
        "path": request.path, "body": body,
    }  # fmt: skip
    given = request.headers.get("X-Channel-Signature", "")
    if setup is None or not is_right(given, at=at, secret=setup.secret, **signed):
        asks_too_often(request, WRONG, most=MOST_WRONG, span=SPAN_WRONG)
        raise Turned(401, "account, clock or signature is wrong")
    if not actions.use_nonce(nonce=f"{setup.channel}:{nonce}", at=at):
        raise Turned(401, "this call was made before")
    return setup, _read(body)


def _setup_named(account: str) -> Setup | None:
    setups = [setup_of(channel) for channel in PHONE_CHANNELS]
    return next((one for one in setups if one.secret and one.account == account), None)


def _read(body: bytes) -> dict:
    try:
        said = json.loads(body)
    except ValueError as error:
        raise Turned(400, "not JSON") from error
    if not isinstance(said, dict):
        raise Turned(400, "not an object")
    return said


def _text(said: dict, name: str) -> str:
    value = said.get(name)
    return str(value).replace("\x00", "") if isinstance(value, str | int) else ""


def _moment(said: dict, at: datetime) -> datetime:
    """When it happened; now, when that is not said or not readable."""
    try:
        moment = parse_datetime(_text(said, "at"))
    except ValueError:
        return at
    if moment is None:
        return at
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
