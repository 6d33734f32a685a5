"""Money in CNY, to the fen.

Intermediate values are never rounded; a payable amount is rounded once, half-up, at the end; the parts of a pool are
rounded so that they add up to the rounded pool (largest remainder). Source: spec `README.md`, conventions.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

FEN = Decimal("0.01")


def fen(amount: Decimal) -> Decimal:
    """Round an amount half-up (away from zero) to the fen."""
    return Decimal(amount).quantize(FEN, rounding=ROUND_HALF_UP)


def share_out(total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Split `total`, rounded to the fen, in proportion to `weights`, so that the parts add up exactly.

    Every part is rounded towards zero and the missing fen go to the largest remainders; among equal remainders to the
    earlier one, so order the weights by work number. Weights of zero receive nothing; if all are zero nobody does.
    Remainders are compared as exact fractions: 1703.333… and 425.8333… leave the same third of a fen, and no digit
    behind the last that a Decimal keeps may decide between two people.
    """
    cents = int(fen(total) * 100)
    weight_sum = sum(map(Fraction, weights))
    if weight_sum == 0:
        return [Decimal("0.00") for _ in weights]
    exact = [cents * Fraction(weight) / weight_sum for weight in weights]
    parts = [int(amount) for amount in exact]
    missing = cents - sum(parts)
    step = 1 if missing > 0 else -1
    by_remainder = sorted(
        (index for index, weight in enumerate(weights) if weight),
        key=lambda index: (-abs(exact[index] - parts[index]), index),
    )
    for index in by_remainder[: abs(missing)]:
        parts[index] += step
    return [Decimal(part) * FEN for part in parts]


_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def capital_numerals(amount: Decimal) -> str:
    """An amount in Chinese capital numerals, as on a settlement list: 1234.05 → 壹仟贰佰叁拾肆元零伍分.

    Negative amounts are prefixed with 负. Amounts are rounded to the fen first.
    """
    amount = fen(amount)
    sign, amount = ("负", -amount) if amount < 0 else ("", amount)
    yuan, cents = divmod(int(amount * 100), 100)
    jiao, fen_digit = divmod(cents, 10)
    words = _yuan_in_words(yuan)
    text = f"{words}元" if words else ""
    if not cents:
        return f"{sign}{text or '零元'}整"
    if jiao:
        text += f"{_DIGITS[jiao]}角"
    elif text:
        text += "零"
    if fen_digit:
        return f"{sign}{text}{_DIGITS[fen_digit]}分"
    return f"{sign}{text}整"


def _yuan_in_words(yuan: int) -> str:
    groups = []
    while yuan:
        yuan, group = divmod(yuan, 10_000)
        groups.append(group)
    words, gap = "", False
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if not group:
            gap = bool(words)
            continue
        if words and (gap or group < 1000):
            words += "零"
        words += _group_in_words(group) + _GROUPS[place]
        gap = False
    return words


def _group_in_words(group: int) -> str:
    words, gap = "", False
    for place in (3, 2, 1, 0):
        digit = group // 10**place % 10
        if digit:
            if gap and words:
                words += "零"
            words += _DIGITS[digit] + _UNITS[place]
            gap = False
        else:
            gap = True
    return words
