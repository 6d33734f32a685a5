"""The signature both sides put on what they send each other.

HMAC-SHA256 with the shared secret over `timestamp.nonce.METHOD.path.sha256(body)`, all joined with full stops: nobody
can change the body, send it to another address, or send it a second time (nonce) or later (timestamp).
"""

import hashlib
import hmac
from datetime import datetime, timedelta

LASTS = timedelta(minutes=5)
"""How far the clocks of the two sides may be apart, and how long a nonce is remembered at least."""


def signature(*, secret: str, timestamp: str, nonce: str, method: str, path: str, body: bytes) -> str:
    """`v1=<hex>`, for the header `X-Channel-Signature`. `path` without query and host."""
    said = ".".join([timestamp, nonce, method.upper(), path, hashlib.sha256(body).hexdigest()])
    return f"v1={hmac.new(secret.encode(), said.encode(), hashlib.sha256).hexdigest()}"


def is_right(
    given: str, *, at: datetime, secret: str, timestamp: str, nonce: str, method: str, path: str, body: bytes
) -> bool:
    """Whether a signature is that of the secret's holder, and young enough. Without a secret nothing is right."""
    if not secret or not nonce or not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        return False
    if abs(at.timestamp() - int(timestamp)) > LASTS.total_seconds():
        return False
    wanted = signature(secret=secret, timestamp=timestamp, nonce=nonce, method=method, path=path, body=body)
    return hmac.compare_digest(wanted.encode(), given.encode())
