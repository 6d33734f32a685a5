"""How often somebody outside may ask: for pages that need no sign-in."""

from django.core.cache import cache


def asks_too_often(request, what: str, *, most: int, span: int) -> bool:
    """True from the request after the `most`th of one address for `what` within `span` seconds (then 429, and
    `Retry-After`: `span`). Counted in the shared cache, so for all web processes together."""
    key = _key(request, what)
    cache.add(key, 0, span)
    try:
        return cache.incr(key) > most
    except ValueError:  # ran out between the two
        return False


def has_asked_too_often(request, what: str, *, most: int) -> bool:
    """The same without counting this request: whether `most` of one address have been counted for `what`."""
    return cache.get(_key(request, what), 0) >= most


def _key(request, what: str) -> str:
    return f"pace:{what}:{request.META.get('REMOTE_ADDR', '')}"
