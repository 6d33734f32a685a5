"""What a car lacks before it is ready. Only the workshop knows, further up the hill: it answers when it is asked."""

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from reception.models import RepairOrder

_ASKED: list[Callable[[RepairOrder], Iterable[str]]] = []


def ask_what_is_missing(answer: Callable[[RepairOrder], Iterable[str]]) -> None:
    """Let an upper app say, when it is ready, what an order lacks: one sentence for each kind of thing."""
    _ASKED.append(answer)


def what_is_missing(order: RepairOrder) -> str:
    """What must happen before the order can be settled, in words."""
    told = [sentence for answer in _ASKED for sentence in answer(order)]
    return " ".join(told) or _("The final inspection must be passed.")
