"""How bays stand in a list."""

import re


def by_number(name: str) -> list:
    """Sorts names as people count: "2号工位" before "10号工位"."""
    return [(part.isdigit(), int(part) if part.isdigit() else part) for part in re.split(r"(\d+)", name) if part]
