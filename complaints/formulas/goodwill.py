from collections.abc import Iterable, Mapping
from decimal import Decimal

# Who may grant any amount, by the code of `access.roles.Role`.
WITHOUT_LIMIT = "director"


def goodwill_limit(roles: Iterable[str], limits: Mapping[str, Decimal]) -> Decimal | None:
    """The goodwill (补偿) a person may grant: the highest limit of their roles; None = without limit (director).

    A role that is not in `limits` grants nothing. Source: complaints.md, "Goodwill": agent 0, supervisor 200,
    manager 2000, above: director.
    """
    roles = set(roles)
    if WITHOUT_LIMIT in roles:
        return None
    return max((limit for role, limit in limits.items() if role in roles), default=Decimal(0))


def may_grant(amount: Decimal, *, granted: Decimal, limit: Decimal | None) -> bool:
    """Whether `amount` may be granted on top of what the case has been granted: the limit is for the whole case, so
    that it can't be passed in slices. None = without limit."""
    return limit is None or granted + amount <= limit
