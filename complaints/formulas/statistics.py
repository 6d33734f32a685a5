"""Rates and the Pareto order of complaint statistics. Source: complaints.md, "Reports"."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal


def rate(part: int, whole: int) -> Decimal | None:
    """part ÷ whole, 0–1; None where there is nothing to speak of, never a 0 that was not counted."""
    return Decimal(part) / whole if whole else None


@dataclass(frozen=True)
class Pareto:
    """One cause, its number, its share and the share of all causes up to it (0–1)."""

    label: str
    count: int
    share: Decimal
    cumulated: Decimal


def pareto(counts: Iterable[tuple[str, int]]) -> list[Pareto]:
    """Causes by number, the heaviest first, with the cumulated share. Causes without a case are left out."""
    ranked = sorted(((label, count) for label, count in counts if count), key=lambda pair: (-pair[1], pair[0]))
    total, running, rows = sum(count for _label, count in ranked), 0, []
    for label, count in ranked:
        running += count
        rows.append(Pareto(label, count, Decimal(count) / total, Decimal(running) / total))
    return rows


# Ageing list: up to so many days old (the next one begins there); None: older than all of them.
AGES = (1, 3, 7, 30, None)


def age_of(open_for: timedelta) -> int | None:
    """The class of the ageing list a complaint open for so long falls in, by its upper end in days."""
    return next(days for days in AGES if days is None or open_for <= timedelta(days=days))
