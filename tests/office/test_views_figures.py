"""Dated figures in the browser."""

from datetime import date

import pytest
from django.urls import reverse

from dealer_crm.organization.actions import set_figure
from dealer_crm.organization.queries import figure
from dealer_crm.values.figures import REGISTERED
from tests.factories.complaints import RECEIVED

pytestmark = pytest.mark.django_db

TRIES = REGISTERED["callback.tries"]
WORDS = REGISTERED["complaints.alarming_words"]


def address(name, *args):
    return reverse(f"office:{name}", args=args)


def shown(answer) -> dict[str, str]:
    return {one.figure.code: value for _app, rows in answer.context["sections"] for one, value, _default in rows}


def test_every_figure_of_the_program_is_shown(as_manager):
    assert set(shown(as_manager.get(address("figures")))) == set(REGISTERED)


def test_rates_are_shown_in_percent_and_lists_as_lists(as_manager):
    values = shown(as_manager.get(address("figures")))
    assert values["complaints.in_time_target"] == "98 %"
    assert values["complaints.alarming_words"].startswith("气囊、")


def test_a_manager_changes_a_figure_of_the_own_store_from_a_day_on(as_manager, people, others):
    answer = as_manager.post(address("figure_change", TRIES.code), {"value": "5", "starts_on": "2026-12-01"})
    assert answer.url == address("figure", TRIES.code)
    days = [date(2026, 11, 30), date(2026, 12, 1)]
    assert [figure(TRIES, store=people.store, on=day) for day in days] == [3, 5]
    assert figure(TRIES, store=others.store, on=days[1]) == 3


def test_a_manager_cannot_reach_for_all_stores(as_manager, people):
    as_manager.post(address("figure_change", TRIES.code), {"value": "5", "starts_on": "2026-12-01", "store": ""})
    assert figure(TRIES, on=date(2026, 12, 1)) == 3
    assert figure(TRIES, store=people.store, on=date(2026, 12, 1)) == 5


def test_the_administrator_changes_it_for_all_or_for_one(as_admin, people, others):
    as_admin.post(address("figure_change", TRIES.code), {"value": "4", "starts_on": "2026-12-01", "store": ""})
    given = {"value": "6", "starts_on": "2026-12-01", "store": others.store.code}
    as_admin.post(address("figure_change", TRIES.code), given)
    day = date(2026, 12, 1)
    assert [figure(TRIES, store=store, on=day) for store in (None, people.store, others.store)] == [4, 4, 6]


def test_a_list_is_written_one_on_each_line(as_manager, people):
    given = {"value": " 起火 \n\n漏油", "starts_on": "2026-12-01"}
    as_manager.post(address("figure_change", WORDS.code), given)
    assert figure(WORDS, store=people.store, on=date(2026, 12, 1)) == ["起火", "漏油"]


@pytest.mark.parametrize("value", ["", "three", "1.5"])
def test_what_is_no_value_is_refused_at_the_field(as_manager, value):
    answer = as_manager.post(address("figure_change", TRIES.code), {"value": value, "starts_on": "2026-12-01"})
    assert list(answer.context["form"].errors) == ["value"]


def test_the_page_of_a_figure_tells_who_decided_what(as_manager, people, others):
    for store, value in ((None, 4), (people.store, 5), (others.store, 9)):
        set_figure(figure=TRIES, store=store, value=value, starts_on=date(2026, 1, 1), by=people.admin, at=RECEIVED)
    page = as_manager.get(address("figure", TRIES.code))
    assert page.context["value"].split()[0] == "5"
    assert [(row.store, row.value) for row, _shown, _coming in page.context["history"]] == [
        (people.store, 5), (None, 4),
    ]  # fmt: skip


def test_a_figure_nobody_knows_is_not_there(as_manager):
    assert as_manager.get(address("figure", "callback.patience")).status_code == 404
