"""The fingerprint of what a customer signed."""

import hashlib
import json


def fingerprint(content: dict) -> str:
    """SHA-256 of a signed content, written in one way only: sorted names, no spaces, signs as they are (UTF-8)."""
    written = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()
