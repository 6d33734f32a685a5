import pytest

from dealer_crm.ui.fields import MonthForm, month_asked
from dealer_crm.values import Period

NOVEMBER = Period(2026, 11)


@pytest.mark.parametrize(
    ("query", "period"),
    [
        ({}, NOVEMBER),
        ({"period": "2026-10"}, Period(2026, 10)),
        ({"period": "2026-13"}, NOVEMBER),
        ({"period": ""}, NOVEMBER),
    ],
)
def test_a_page_shows_the_month_that_was_asked_or_its_own(query, period):
    assert month_asked(query, NOVEMBER)[0] == period


def test_a_month_is_chosen_natively():
    form = MonthForm({"period": "2026-10"})
    assert str(form["period"]) == (
        '<input type="month" name="period" value="2026-10" placeholder="2026-10"'
        ' required id="id_period" class="form-control">'
    )
