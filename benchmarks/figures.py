"""One line of the table, and how a line comes about: two ways of the same work measured in turns."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class AtMost:
    limit: float

    def is_met(self, ratio: float) -> bool:
        return ratio <= self.limit

    def __str__(self):
        return f"≤ {self.limit:g}"


@dataclass(frozen=True)
class AtLeast:
    limit: float

    def is_met(self, ratio: float) -> bool:
        return ratio >= self.limit

    def __str__(self):
        return f"≥ {self.limit:g}"


@dataclass(frozen=True)
class Figure:
    """`ratio` is what `bar` judges; without a bar the line is there for comparison only."""

    what: str
    figure: str
    peer: str = ""
    ratio: float | None = None
    bar: AtMost | AtLeast | None = None

    @property
    def reached(self) -> str:
        if self.bar is None or self.ratio is None:
            return ""
        return "yes" if self.bar.is_met(self.ratio) else "NO"

    def cells(self) -> list[str]:
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}" if self.ratio < 100 else f"{self.ratio:.0f}"
        return [self.what, self.figure, self.peer, ratio, str(self.bar or ""), self.reached]


def in_turns(*ways: Callable[[], object], rounds: int = 11) -> list[float]:
    """Median seconds of each way. They take turns, so that a neighbour on the machine slows all of them alike; the
    first round warms up and is not counted."""
    taken = [[] for _way in ways]
    for number in range(rounds + 1):
        for place, way in enumerate(ways):
            began = time.perf_counter()
            way()
            if number:
                taken[place].append(time.perf_counter() - began)
    return [median(each) for each in taken]


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 10 else f"{seconds:.1f} s"


def table(figures: list[Figure]) -> str:
    """The figures in columns."""
    rows = [["what", "figure", "peer", "ratio", "bar", "reached"], *(figure.cells() for figure in figures)]
    widths = [max(len(row[place]) for row in rows) for place in range(6)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines.insert(1, "  ".join("─" * width for width in widths))
    return "\n".join(lines)
