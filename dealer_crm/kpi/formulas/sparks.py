"""A line of figures drawn as points of a picture: so charts need no script, and print as they stand on the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Spark:
    """`lines`: the points of each unbroken stretch, as an SVG polyline wants them; `dots`: every figure; a figure that
    is missing breaks the line. `goal_y`: where the goal lies. Sizes in the picture's own units."""

    width: int
    height: int
    lines: list[str]
    dots: list[tuple[str, str]]
    goal_y: str | None
    low: Decimal | None
    high: Decimal | None


def spark(
    values: Sequence[Decimal | None], goal: Decimal | None = None, *, width: int = 120, height: int = 32
) -> Spark:
    """The figures from left to right, the lowest at the foot; fewer than two make no line, a level line lies amid."""
    known = [value for value in values if value is not None]
    if not known:
        return Spark(width, height, [], [], None, None, None)
    low, high = min(known), max(known)
    ground, top = (min(low, goal), max(high, goal)) if goal is not None else (low, high)
    room = Decimal(4)

    def at_height(value: Decimal) -> Decimal:
        share = (value - ground) / (top - ground) if top > ground else Decimal("0.5")
        return height - room - share * (height - 2 * room)

    step = (Decimal(width) - 2 * room) / max(1, len(values) - 1)
    lines, stretch, dots = [], [], []
    for place, value in enumerate([*values, None]):
        if value is not None:
            point = _written(room + place * step), _written(at_height(value))
            stretch.append(",".join(point))
            dots.append(point)
            continue
        if len(stretch) > 1:
            lines.append(" ".join(stretch))
        stretch = []
    return Spark(width, height, lines, dots, None if goal is None else _written(at_height(goal)), low, high)


def _written(number: Decimal) -> str:
    return f"{number:.1f}"
