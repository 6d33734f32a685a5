"""Who is asked whether an address may be written to.

Whom it belongs to, and what they said, an app above knows; it registers when it is ready:

consent.register(texts_refused_by)  # (phone in E.164) -> why not, or "" when nothing stands against it
"""

from collections.abc import Callable

_asked: list[Callable[[str], str]] = []


def register(ask: Callable[[str], str]) -> None:
    if ask not in _asked:
        _asked.append(ask)


def why_not(address: str) -> str:
    """The first reason against writing to the address; empty when there is none."""
    return next((str(reason) for ask in _asked if (reason := ask(address))), "")
