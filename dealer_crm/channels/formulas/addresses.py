"""Addresses of phones and of e-mail."""

import re

from dealer_crm.values.phone import masked_phone


def is_mobile(number: str) -> bool:
    """Whether a number (E.164) can take a text: at home only a mobile, from abroad any."""
    return bool(re.fullmatch(r"\+861[3-9]\d{9}|\+(?!86)\d{6,15}", number))


def masked_address(address: str) -> str:
    """A phone or e-mail address as everybody may see it: `138****5678`, `w***@example.cn`."""
    if "@" in address:
        name, _at, host = address.partition("@")
        return f"{name[:1]}***@{host}"
    return masked_phone(address) if address else "—"
