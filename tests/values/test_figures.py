"""Figures: dated settings keep the type of their shipped value."""

from decimal import Decimal

import pytest

from dealer_crm.values import Figure
from dealer_crm.values.figures import REGISTERED


@pytest.fixture(autouse=True)
def _clean_register():
    before = dict(REGISTERED)
    yield
    REGISTERED.clear()
    REGISTERED.update(before)


@pytest.mark.parametrize(
    ("default", "stored", "value"),
    [
        (30, "45", 45),
        (Decimal("0.80"), "0.85", Decimal("0.85")),
        (Decimal("0.80"), 1, Decimal(1)),
        (True, False, False),
        ("red", 7, "7"),
        (["a"], ["b", 3], ["b", "3"]),
    ],
)
def test_a_stored_value_is_read_in_the_figures_own_type(default, stored, value):
    read = Figure("tests.some", default, "").read(stored)
    assert (read, type(read)) == (value, type(default))


@pytest.mark.parametrize(("default", "stored"), [(30, "soon"), (Decimal(1), "much")])
def test_what_is_no_value_of_the_figure_is_an_error(default, stored):
    with pytest.raises(ValueError, match=stored):
        Figure("tests.some", default, "").read(stored)


@pytest.mark.parametrize(("default", "value", "stored"), [(Decimal(1), Decimal("0.85"), "0.85"), (30, 45, 45)])
def test_a_value_is_stored_without_losing_a_digit(default, value, stored):
    assert Figure("tests.some", default, "").stored(value) == stored


def test_one_code_is_one_figure():
    Figure("tests.once", 1, "Once")
    Figure("tests.once", 1, "Once")
    with pytest.raises(ValueError, match="declared twice"):
        Figure("tests.once", 2, "Once")
