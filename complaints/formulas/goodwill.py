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
