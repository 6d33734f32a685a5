"""The car of the walk-round sheet (环车检查): seen from above, its four sides unfolded, the front at the top.

Coordinates are thousandths of the sheet, from the left and from the top: those of `WalkRoundMark`. The codes are the
values of `choices.CarPart`; a test keeps the two in step.
"""

from dataclasses import dataclass
from math import cos, pi, sin

Point = tuple[int, int]

_ABREAST = 30
"""Marks put on the same part by the keyboard stand this far from each other, so that each can be seen."""
_AROUND = sorted(
    ((dx, dy) for dx in range(-4, 5) for dy in range(-4, 5)), key=lambda step: (step[0] ** 2 + step[1] ** 2, step)
)


@dataclass(frozen=True)
class Part:
    """One part of the car; `outline` is a closed polygon. Later parts lie on top of earlier ones."""

    code: str
    outline: tuple[Point, ...]

    @property
    def points(self) -> str:
        """The outline as SVG writes it."""
        return " ".join(f"{x},{y}" for x, y in self.outline)

    @property
    def middle(self) -> Point:
        xs, ys = zip(*self.outline, strict=True)
        return round(sum(xs) / len(xs)), round(sum(ys) / len(ys))

    def holds(self, x: int, y: int) -> bool:
        """Whether a point lies inside: it does when a ray from it crosses the outline an odd number of times."""
        inside = False
        for (ax, ay), (bx, by) in zip(self.outline, self.outline[1:] + self.outline[:1], strict=True):
            if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
                inside = not inside
        return inside


def _round(x: int, y: int, radius: int) -> tuple[Point, ...]:
    turns = [2 * pi * step / 24 for step in range(24)]
    return tuple((round(x + radius * cos(turn)), round(y + radius * sin(turn))) for turn in turns)


_MIDDLE = {
    "front_bumper": ((386, 84), (412, 48), (588, 48), (614, 84), (624, 118), (376, 118)),
    "grille": ((462, 124), (538, 124), (532, 178), (468, 178)),
    "bonnet": ((398, 232), (432, 214), (568, 214), (602, 232), (610, 346), (390, 346)),
    "windscreen": ((392, 354), (608, 354), (582, 428), (418, 428)),
    "roof": ((418, 436), (582, 436), (582, 612), (418, 612)),
    "rear_window": ((418, 620), (582, 620), (606, 684), (394, 684)),
    "boot_lid": ((392, 692), (608, 692), (600, 764), (572, 784), (428, 784), (400, 764)),
    "rear_bumper": ((376, 882), (624, 882), (614, 916), (588, 952), (412, 952), (386, 916)),
}
_LEFT = {
    "headlight": ((378, 124), (456, 124), (460, 178), (400, 178)),
    "tail_light": ((400, 822), (470, 822), (466, 876), (378, 876)),
    "front_wing": ((138, 222), (232, 214), (252, 300), (262, 352), (138, 352)),
    "front_door": ((148, 358), (262, 358), (262, 496), (148, 496)),
    "rear_door": ((148, 502), (262, 502), (262, 640), (148, 640)),
    "rear_wing": ((138, 646), (262, 646), (268, 700), (256, 788), (138, 780)),
    "sill": ((118, 338), (142, 338), (142, 662), (118, 662)),
    "front_window": ((270, 382), (326, 440), (326, 496), (270, 496)),
    "back_window": ((270, 502), (326, 502), (326, 606), (270, 668)),
    "mirror": ((268, 340), (302, 346), (302, 374), (270, 376)),
    "front_wheel": _round(132, 284, 50),
    "rear_wheel": _round(132, 716, 50),
}


def _mirrored(outline: tuple[Point, ...]) -> tuple[Point, ...]:
    return tuple((1000 - x, y) for x, y in outline)


PARTS: tuple[Part, ...] = (
    *(Part(code, outline) for code, outline in _MIDDLE.items()),
    *(Part(f"left_{code}", outline) for code, outline in _LEFT.items()),
    *(Part(f"right_{code}", _mirrored(outline)) for code, outline in _LEFT.items()),
)
_BY_CODE = {part.code: part for part in PARTS}


def part_at(x: int, y: int) -> str:
    """The part a point lies on, or the one whose middle is nearest."""
    for part in reversed(PARTS):
        if part.holds(x, y):
            return part.code
    return min(PARTS, key=lambda part: (part.middle[0] - x) ** 2 + (part.middle[1] - y) ** 2).code


def place_on(code: str, taken: frozenset[Point] = frozenset()) -> Point:
    """Where a mark goes of which only the part is known: its middle, or beside those that are there."""
    part = _BY_CODE[code]
    x, y = part.middle
    beside = ((x + dx * _ABREAST, y + dy * _ABREAST) for dx, dy in _AROUND)
    free = [spot for spot in beside if spot not in taken]
    return next((spot for spot in free if part.holds(*spot)), free[0])
