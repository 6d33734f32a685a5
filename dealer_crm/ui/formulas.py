"""How figures, moments and phones are written on pages. Pure: no clock, no database, no Django."""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

MISSING = "—"
"""What stands where there is no value: never an empty cell, never a 0 that was not counted."""


def as_decimal(value) -> Decimal | None:
    """The number in `value`, or None when there is none."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def grouped(value, places: int = 0) -> str:
    """A number with thousands commas and `places` decimals, half up: 12345.5 → "12,345.50"."""
    number = as_decimal(value)
    if number is None:
        return MISSING
    rounded = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return f"{rounded or abs(rounded):,}"


def percentage(rate, places: int = 1) -> str:
    """A rate 0–1 as percent: 0.853 → "85.3%"."""
    number = as_decimal(rate)
    return MISSING if number is None else f"{grouped(number * 100, places)}%"


def masked_phone(phone: str | None) -> str:
    """A phone with its middle hidden: "+8613812345678" → "138****5678". Source: people-and-roles.md, Privacy."""
    digits = (phone or "").strip().replace(" ", "").replace("-", "")
    if digits.startswith("+86"):
        digits = digits[3:]
    elif digits.startswith("0086"):
        digits = digits[4:]
    if not digits:
        return MISSING
    if len(digits) < 7:
        return "*" * len(digits)
    shown = 3 if len(digits) >= 10 else 2
    return f"{digits[:shown]}{'*' * (len(digits) - shown - 4)}{digits[-4:]}"


def masked_plate(plate: str | None) -> str:
    """A plate for the customers' lounge: "京A12345" → "京A***45"."""
    plate = (plate or "").strip()
    if len(plate) < 5:
        return MISSING
    return f"{plate[:2]}{'*' * (len(plate) - 4)}{plate[-2:]}"


def hours_and_minutes(length: timedelta) -> tuple[int, int]:
    """Whole hours and minutes of a length of time, sign dropped, cut to the minute."""
    minutes = int(abs(length).total_seconds() // 60)
    return divmod(minutes, 60)


_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_SECTIONS = ("", "万", "亿", "兆")


def capital_amount(amount) -> str:
    """Yuan in Chinese capital numerals as on a settlement list: 1234.50 → "壹仟贰佰叁拾肆元伍角整".

    Source: reception.md, Settlement; form of the People's Bank rules for bills (正确填写票据和结算凭证的基本规定).
    """
    number = as_decimal(amount)
    if number is None:
        return MISSING
    fen = int((abs(number) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    sign = "负" if number < 0 and fen else ""
    yuan, rest = divmod(fen, 100)
    jiao, cent = divmod(rest, 10)
    words = f"{_capital_integer(yuan)}元" if yuan else ""
    if not rest:
        return f"{sign}{words or '零元'}整"
    if jiao:
        words += f"{_DIGITS[jiao]}角"
    elif yuan:
        words += "零"
    words += f"{_DIGITS[cent]}分" if cent else "整"
    return sign + words


def _capital_integer(number: int) -> str:
    words, gap, section = "", False, 0
    while number:
        number, part = divmod(number, 10_000)
        if part:
            text = _capital_section(part)
            words = text + _SECTIONS[section] + ("零" if gap and words else "") + words
        # A zero is spoken between this section and the next higher when this one does not fill its thousands.
        gap = bool(words) and part < 1000
        section += 1
    return words


def _capital_section(part: int) -> str:
    words, gap = "", False
    for place in range(4):
        part, digit = divmod(part, 10)
        if digit:
            words = _DIGITS[digit] + _PLACES[place] + ("零" if gap and words else "") + words
            gap = False
        else:
            gap = bool(words)
    return words
