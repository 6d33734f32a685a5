"""Drawing lots so that everybody can check them.

Source: spec `callback.md` (samples "chosen at random with a recorded seed").
"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256

Groups = Mapping[str, Sequence[int]]


def drawn_of(count: int, share: Decimal) -> int:
    """How many of `count` are drawn. `share` from 1 on is a number for each group; below 1 a part of it, rounded half
    up and at least one; 0 is everybody."""
    if share == 0:
        return count
    if share >= 1:
        return min(count, int(share))
    return min(count, max(1, int((count * share).to_integral_value(ROUND_HALF_UP)))) if count else 0


def draw(eligible: Groups, *, seed: int, share: Decimal) -> dict[str, list[int]]:
    """Draw from every group, without preference; the same seed and groups give the same, on any machine.

    The lot of each one is the SHA-256 of "seed:group:id"; those with the smallest lots are drawn. Nothing depends on
    the order of `eligible` nor on a library's generator, so that the draw can be checked by hand years later.
    """
    return {
        group: sorted(sorted(ids, key=lambda each: _lot(seed, group, each))[: drawn_of(len(ids), share)])
        for group, ids in sorted(eligible.items())
    }


def _lot(seed: int, group: str, each: int) -> str:
    return sha256(f"{seed}:{group}:{each}".encode()).hexdigest()
