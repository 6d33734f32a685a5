"""Which months are paid. Only the pay knows, further up the hill: it answers when it is asked."""

from collections.abc import Callable, Collection

from dealer_crm.organization.models import Store
from dealer_crm.values import Period

_ASKED: list[Callable[..., set[Period]]] = []


def ask_of_locked_months(answer: Callable[..., set[Period]]) -> None:
    """Let the targets of a paid month be left alone: an upper app says, when it is ready, which months are."""
    _ASKED.append(answer)


def locked_months(store: Store, periods: Collection[Period], *, lock: bool = False) -> set[Period]:
    """Those of the months whose pay is locked. With `lock` asked inside a change: who locks one meanwhile waits."""
    return set().union(*(answer(store, periods, lock=lock) for answer in _ASKED))
