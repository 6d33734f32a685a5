"""The arithmetic of satisfaction once more, written from the spec in plain Python: fractions where a figure is exact,
floats where it isn't, nothing of the program. What the two agree on to the last digit shown is no slip of either.

An answer sheet is a dictionary: code of the factor → score 1–10, beside "advisor", "overall", "recommend", "week".
"""

import math
from fractions import Fraction

Z = 1.959963984540054


def shown(value, places: int) -> str:
    """Rounded half away from zero, as the pages do."""
    if value is None:
        return "—"
    scaled = Fraction(value) * 10**places
    whole = math.floor(abs(scaled) + Fraction(1, 2))
    sign = "-" if scaled < 0 and whole else ""
    digits = str(whole).rjust(places + 1, "0")
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def mean(values):
    return Fraction(sum(values), len(values)) if values else None


def csi(sheets, weights):
    means = {code: mean([sheet[code] for sheet in sheets if sheet[code] is not None]) for code in weights}
    known = {code: value for code, value in means.items() if value is not None}
    return 100 * sum(weights[code] * value for code, value in known.items()) / sum(weights[code] for code in known)


def own_index(sheet, weights):
    given = {code: sheet[code] for code in weights if sheet[code] is not None}
    return 100 * Fraction(sum(weights[code] * score for code, score in given.items()), sum(weights[c] for c in given))


def deviation(values):
    middle = sum(values) / len(values)
    return math.sqrt(sum((value - middle) ** 2 for value in values) / (len(values) - 1))


def student(degrees: int) -> float:
    """The 97.5 % point: the density integrated by Simpson's rule, the point found by halving."""
    scale = math.exp(math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2)) / math.sqrt(degrees * math.pi)

    def inside(t, steps=400):
        width = t / steps
        heights = [scale * (1 + (i * width) ** 2 / degrees) ** (-(degrees + 1) / 2) for i in range(steps + 1)]
        return 2 * width / 3 * (heights[0] + heights[-1] + 4 * sum(heights[1:-1:2]) + 2 * sum(heights[2:-1:2]))

    low, high = 1.0, 20.0
    for _halving in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if inside(middle) < 0.95 else (low, middle)
    return low


def mean_interval(middle, values, least, most):
    half = student(len(values) - 1) * deviation([float(value) for value in values]) / math.sqrt(len(values))
    return max(least, float(middle) - half), min(most, float(middle) + half)


def wilson(share, n):
    share = float(share)
    half = Z * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    middle, below = share + Z * Z / (2 * n), 1 + Z * Z / n
    return max(0.0, (middle - half) / below), min(1.0, (middle + half) / below)


def share(values, belongs):
    return Fraction(sum(1 for value in values if belongs(value)), len(values))


def promoter_score(values):
    return share(values, lambda value: value >= 9) - share(values, lambda value: value <= 6)


def promoter_interval(values):
    """Each customer counts +1, 0 or −1; the textbook's interval of their mean by the spread of all."""
    signs = [(value >= 9) - (value <= 6) for value in values]
    middle = sum(signs) / len(signs)
    half = Z * math.sqrt(sum((sign - middle) ** 2 for sign in signs)) / len(signs)
    return max(-1.0, middle - half), min(1.0, middle + half)


def ranks(indexes):
    return {who: 1 + sum(other > index for other in indexes.values()) for who, index in indexes.items()}


def verdict(now, before):
    """By the words of the spec: `now` and `before` are the scores of a factor in both months."""
    if len(now) < 10:
        return ""
    top, bad = share(now, lambda s: s >= 9), share(now, lambda s: s <= 4)
    fell = len(before) >= 10 and share(before, lambda s: s >= 9) - top >= Fraction(1, 10)
    if (top < Fraction(2, 5) and bad >= Fraction(1, 10)) or fell:
        return "weakness"
    return "strength" if not bad and top >= Fraction(3, 5) else ""


def correlation(pairs):
    xs, ys = [x for x, _y in pairs], [y for _x, y in pairs]
    middle_x, middle_y = sum(xs) / len(xs), sum(ys) / len(ys)
    both = sum((x - middle_x) * (y - middle_y) for x, y in pairs)
    r = both / math.sqrt(sum((x - middle_x) ** 2 for x in xs) * sum((y - middle_y) ** 2 for y in ys))
    middle, half = math.atanh(r), Z / math.sqrt(len(pairs) - 3)
    return r, (math.tanh(middle - half), math.tanh(middle + half))


def p_chart(groups):
    """(customers, dissatisfied) of each week → middle and the limits of each."""
    middle = Fraction(sum(bad for _n, bad in groups), sum(n for n, _bad in groups))
    limits = []
    for n, _bad in groups:
        half = 3 * math.sqrt(float(middle * (1 - middle)) / n)
        limits.append((max(0.0, float(middle) - half), min(1.0, float(middle) + half)))
    return middle, limits


def individuals(values):
    middle = sum(values) / len(values)
    ranges = [abs(values[place] - values[place - 1]) for place in range(1, len(values))]
    half = Fraction(266, 100) * sum(ranges) / len(ranges)
    return middle, max(Fraction(100), middle - half), min(Fraction(1000), middle + half)
