"""How bays stand in a list."""

import re


def by_number(name: str) -> list:
    """Sorts names as people count: "2号工位" before "10号工位", and both before "洗车位"."""
    return [(not part.isdigit(), int(part) if part.isdigit() else part) for part in re.split(r"(\d+)", name) if part]
