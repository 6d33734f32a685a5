"""How often somebody outside may ask: for pages that need no sign-in."""

from django.core.cache import cache


def asks_too_often(request, what: str, *, most: int, span: int) -> bool:
    """True from the request after the `most`th of one address for `what` within `span` seconds (then 429, and
    `Retry-After`: `span`). Counted in the shared cache, so for all web processes together."""
    key = f"pace:{what}:{request.META.get('REMOTE_ADDR', '')}"
    cache.add(key, 0, span)
    try:
        return cache.incr(key) > most
    except ValueError:  # ran out between the two
        return False
