"""Number plates, VINs and running numbers: what a right one looks like.

Source: spec `reception.md`, Vehicle; GA 36 (机动车号牌) for plates, GB 16735 / ISO 3779 for VINs.
"""

import re
import unicodedata

from vininfo import Vin
from vininfo.exceptions import VininfoException

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_SERIAL = "A-HJ-NP-Z0-9"  # letters I and O are not given out
_ORDINARY = re.compile(rf"^[{_PROVINCES}][A-HJ-NP-Z][{_SERIAL}]{{5}}$")
_MARKED = re.compile(rf"^[{_PROVINCES}][A-HJ-NP-Z][{_SERIAL}]{{4}}[挂学警港澳领试超]$")
_EMBASSY = re.compile(r"^使\d{6}$")
# Small cars: D A B C E (battery) or F G H J K (other) in front, lorries and coaches behind.
_NEW_ENERGY = re.compile(rf"^[{_PROVINCES}][A-HJ-NP-Z](?:[DABCEFGHJK][A-HJ-NP-Z0-9]\d{{4}}|\d{{5}}[DABCEFGHJK])$")
_WITHOUT = re.compile(r"^新车[0-9A-HJ-NPR-Z]{8}$")
VIN_PATTERN = r"^[A-HJ-NPR-Z0-9]{17}$"
_VIN = re.compile(VIN_PATTERN)
_BETWEEN = re.compile(r"[\s·•・.\-—_]+")

ORDINARY, NEW_ENERGY, SPECIAL, WITHOUT = "ordinary", "new_energy", "special", "without"


def folded_code(text: str) -> str:
    """A plate or VIN as it is kept: full-width signs folded, capitals, no dots, dashes or blanks."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text or "")).upper()


def plate_form(plate: str) -> str | None:
    """The form a folded plate has, or None when it has none.

    `ordinary` (京A12345), `new_energy` (京AD12345), `special` (trailers, driving schools, police, consulates …) or
    `without`: a car that carries no plate yet and goes by the last eight signs of its VIN.
    """
    if _NEW_ENERGY.match(plate):
        return NEW_ENERGY
    if _ORDINARY.match(plate) and any(sign.isdigit() for sign in plate[2:]):
        return ORDINARY
    if _MARKED.match(plate) or _EMBASSY.match(plate):
        return SPECIAL
    return WITHOUT if _WITHOUT.match(plate) else None


PLATE_PATTERN = "|".join(
    [
        _NEW_ENERGY.pattern, rf"^[{_PROVINCES}][A-HJ-NP-Z](?=.*[0-9])[{_SERIAL}]{{5}}$", _MARKED.pattern,
        _EMBASSY.pattern, _WITHOUT.pattern,
    ]
)  # fmt: skip
"""The forms of `plate_form` as one pattern, for asking a whole table."""

PLACEHOLDER_PATTERN = (
    r"^(?:[-0-9\s.,?？*_/、，。·]*|(?:未知|不详|不明|无名|无名氏|无|没有|暂无|客户|顾客|车主|散客|匿名|先生|女士|小姐|测试|test|"
    r"unknown|none|null)[0-9]*)$"
)
"""A name that says nothing: blank, signs and digits only, or a word that stands for “I don't know” (any case)."""


def plate_of_new_car(vin: str) -> str:
    """What stands for the plate of a car that has none yet (PDI, first registration pending)."""
    return f"新车{vin[-8:]}"


def is_vin(vin: str) -> bool:
    """17 signs, without I, O and Q."""
    return bool(_VIN.match(vin))


def has_right_check_digit(vin: str) -> bool:
    """Whether the ninth sign is what the other sixteen ask for."""
    try:
        return Vin(vin).verify_checksum()
    except VininfoException:
        return False


def running_number(*, prefix: str, store_code: str, day, last: int) -> str:
    """`<prefix><store>-<yymmdd>-<4 digits>`; beyond 9999 a day the number grows a digit."""
    return f"{prefix}{store_code}-{day:%y%m%d}-{last:04d}"
