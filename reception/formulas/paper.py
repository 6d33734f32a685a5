"""What is written by hand on a paper intake sheet, read into figures. Pure Python.

Source: spec `reception.md` (Pages).
"""

import re
from dataclasses import dataclass
from decimal import Decimal

_WORDS = {
    "工时": "labour", "工": "labour", "配件": "part", "配": "part", "精品": "accessory", "精": "accessory",
    "外加工": "sublet", "外": "sublet", "其他": "other", "其": "other",
}  # fmt: skip
_KIND = "|".join(sorted(_WORDS, key=len, reverse=True))
_LINE = re.compile(
    rf"(?:(?P<kind>{_KIND})(?:[:：]\s*|\s+))?(?P<name>\S.*?)\s+"
    r"(?:(?P<quantity>\d{1,6}(?:\.\d{1,2})?)\s*[*×xX]\s*)?[¥￥]?(?P<price>\d{1,9}(?:\.\d{1,2})?)(?:元)?"
)


@dataclass(frozen=True)
class ShortLine:
    """`机油 4*68`: name, quantity (1 when none is given), unit price; labour unless a word before says otherwise."""

    kind: str
    name: str
    quantity: Decimal
    unit_price: Decimal


def short_lines(text: str) -> list[ShortLine]:
    """Lines parted by ；, ; or line ends. Raises ValueError with the part that can't be read."""
    lines = []
    for part in filter(None, (part.strip() for part in re.split(r"[;；\n]", text))):
        found = _LINE.fullmatch(part)
        if not found:
            raise ValueError(part)
        lines.append(
            ShortLine(
                kind=_WORDS.get(found["kind"], "labour"),
                name=found["name"],
                quantity=Decimal(found["quantity"] or 1),
                unit_price=Decimal(found["price"]),
            )
        )
    return lines
