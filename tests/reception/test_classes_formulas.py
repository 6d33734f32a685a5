"""Value classes by recency, frequency and money."""

from decimal import Decimal

import pytest

from reception.formulas.classes import ClassLimits, Worth, class_points, value_class

LIMITS = ClassLimits((90, 180, 365), (6, 4, 2), (Decimal(10000), Decimal(4000), Decimal(1500)), (10, 7, 5))


@pytest.mark.parametrize(
    ("days", "visits", "spent", "points", "letter"),
    [
        (0, 6, "10000.00", 12, "A"),
        (90, 6, "4000.00", 11, "A"),  # on the threshold counts
        (91, 6, "4000.00", 10, "A"),
        (181, 6, "4000.00", 9, "B"),
        (90, 2, "200.00", 7, "B"),
        (91, 2, "200.00", 6, "C"),
        (180, 1, "1499.99", 5, "C"),
        (180, 1, "1500.00", 6, "C"),
        (365, 1, "0.00", 4, "D"),
        (366, 0, "0.00", 3, "D"),
        (366, 6, "10000.00", 9, "B"),  # good once, gone for a year
    ],
)
def test_three_measures_give_points_and_their_sum_the_class(days, visits, spent, points, letter):
    worth = Worth(days, visits, Decimal(spent))

    assert (class_points(worth, LIMITS), value_class(worth, LIMITS)) == (points, letter)


def test_more_of_anything_never_makes_a_customer_worse():
    ladder = [(400, 0, "0"), (300, 1, "1600"), (150, 3, "4200"), (60, 5, "9000"), (3, 9, "20000")]
    letters = [value_class(Worth(days, visits, Decimal(spent)), LIMITS) for days, visits, spent in ladder]

    assert letters == sorted(letters, reverse=True)
