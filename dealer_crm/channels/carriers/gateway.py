"""A generic HTTP gateway: JSON, signed, idempotent. What it is sent and what it answers stands in the app's README.

Providers differ in their own interfaces; a small adapter in front of one speaks this one. Certificates are checked, and
redirects are not followed: a signed message goes to the address that was configured or nowhere.
"""

import json
import secrets
from datetime import timedelta
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from dealer_crm.channels.carriers.interface import Handed, Outgoing, Setup, Verdict
from dealer_crm.channels.formulas import signature

LATER_CODES = frozenset({401, 403, 404, 405, 408, 409, 423, 425, 429})
"""Refusals that pass by themselves, or when somebody puts the address or the secret right; every other 4xx means that
this message will never go."""

LARGEST = 64 * 1024
LONGEST_WAIT = 60
"""Seconds; a claim lasts much longer, so that nobody takes over a message somebody still waits for."""


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_told):
        return None


_opener = build_opener(_NoRedirect)


class Gateway:
    def __init__(self, setup: Setup):
        self.setup = setup

    def send(self, message: Outgoing) -> Handed:
        if urlsplit(self.setup.url).scheme not in ("http", "https"):
            return Handed(Verdict.LATER, reason="no gateway address is configured")
        try:
            with _opener.open(self._request(message), timeout=min(max(self.setup.timeout, 1), LONGEST_WAIT)) as answer:
                return _taken(answer.read(LARGEST))
        except HTTPError as refusal:
            with refusal:
                return _refused(refusal.code, refusal.headers.get("Retry-After", ""), refusal.read(LARGEST))
        except (OSError, HTTPException) as error:  # not reached, cut off, too slow, a certificate that is not right
            return Handed(Verdict.LATER, reason=f"{type(error).__name__}: {error}"[:300])

    def _request(self, message: Outgoing) -> Request:
        body = json.dumps(
            {
                "reference": message.token,
                "channel": message.channel,
                "purpose": message.purpose,
                "to": message.to,
                "text": message.text,
                "template": message.template,
                "names": dict(message.names),
            },
            ensure_ascii=False,
        ).encode()
        timestamp, nonce = str(int(message.at.timestamp())), secrets.token_hex(16)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": message.token,
            "X-Channel-Account": self.setup.account,
            "X-Channel-Timestamp": timestamp,
            "X-Channel-Nonce": nonce,
            "X-Channel-Signature": signature(
                secret=self.setup.secret, timestamp=timestamp, nonce=nonce, method="POST",
                path=urlsplit(self.setup.url).path or "/", body=body,
            ),
        }  # fmt: skip
        return Request(self.setup.url, data=body, headers=headers, method="POST")  # noqa: S310 - scheme checked above


def _taken(body: bytes) -> Handed:
    """2xx: it has the message, whatever else it says."""
    said = _read(body)
    return Handed(Verdict.TAKEN, gateway_id=str(said.get("id") or "")[:80])


def _refused(code: int, retry_after: str, body: bytes) -> Handed:
    said = _read(body)
    reason = f"HTTP {code} {said.get('reason') or said.get('detail') or ''}".strip()[:300]
    if code == 409 and said.get("id"):  # it has had this reference already
        return Handed(Verdict.TAKEN, gateway_id=str(said["id"])[:80])
    if 400 <= code < 500 and code not in LATER_CODES:
        return Handed(Verdict.NEVER, reason=reason)
    is_number = retry_after.isascii() and retry_after.isdigit() and len(retry_after) < 7
    return Handed(Verdict.LATER, reason=reason, wait=timedelta(seconds=int(retry_after)) if is_number else None)


def _read(body: bytes) -> dict:
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
