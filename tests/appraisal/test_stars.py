"""服务之星: proposed from the figures, chosen by people with the reason."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from dealer_crm.appraisal.actions import stars as actions
from dealer_crm.appraisal.choices import Trade
from dealer_crm.appraisal.formulas.stars import Yardstick, ranked
from dealer_crm.appraisal.models import Star
from dealer_crm.appraisal.queries import stars as queries
from dealer_crm.values import Period, Quarter, Refusal
from reception.choices import OrderState
from tests.factories import cast
from tests.factories.callback import TEN, ContactFactory
from tests.factories.reception import RepairOrderFactory

OCTOBER, QUARTER = Period(2026, 10), Quarter(2026, 4)
AFTER = TEN + timedelta(days=90)
A, B, C, D = 1, 2, 3, 4


@pytest.fixture
def people(db):
    return cast.of_store()


@pytest.mark.parametrize(
    ("values", "order", "sums"),
    [
        ({"csi": {A: 90, B: 95}, "rework": {A: 1, B: 2}}, [B, A], [3, 3]),  # equal sums: the figure named first decides
        ({"csi": {A: 90, B: 90}, "rework": {A: 1, B: 2}}, [A, B], [2, 3]),  # equals share a place
        ({"csi": {A: 90, B: 95, C: 80}, "rework": {A: 1, B: 5}}, [B, A, C], [3, 3, 6]),  # no figure: the last place
        ({"csi": {A: 90}, "rework": {}}, [A], [1]),  # a figure that says nothing of anybody counts for nobody
        ({}, [], []),
    ],
)  # fmt: skip
def test_places_are_added_up_and_the_smallest_sum_comes_first(values, order, sums):
    values = {code: {who: Decimal(value) for who, value in found.items()} for code, found in values.items()}
    found = ranked([A, B, C, D], [Yardstick("csi"), Yardstick("rework", lower_is_better=True)], values)
    known = [one for one in found if one.place is not None]
    assert ([one.person for one in known], [one.sum for one in known]) == (order, sums)
    assert {one.person for one in found} == {A, B, C, D}


def test_the_figures_of_each_group_lead_to_the_proposal(people):
    for advisor, late in ((people.advisor, False), (people.second_advisor, True)):
        order = RepairOrderFactory(advisor=advisor, state=OrderState.DELIVERED, began_at=TEN)
        promised = order.delivered_at + timedelta(hours=-2 if late else 2)
        type(order).objects.filter(pk=order.pk).update(promised_at=promised)
    ContactFactory(store=people.store, agent=people.agent, at=TEN)
    for span in (OCTOBER, QUARTER):
        groups = {group.trade: group for group in queries.candidates(people.store, span, at=AFTER)}
        assert set(groups) == {Trade.ADVISOR, Trade.TECHNICIAN, Trade.AGENT}
        best, second = groups[Trade.ADVISOR].rows[:2]
        assert (best.person, best.is_proposed, second.is_proposed) == (people.advisor, True, False)
        assert {cell.figure.code: cell.value for cell in best.cells}["advisor_on_time"] == 1
        assert groups[Trade.AGENT].rows[0].cells[-1].value == 1


def test_a_star_is_chosen_with_its_reason_once_and_keeps_the_figures(client, people):
    choose = {"store": people.store, "span": OCTOBER, "staff": people.advisor, "by": people.manager}
    for said, code in (
        ({"reason": " ", "at": AFTER}, "reason_missing"),
        ({"reason": "好", "at": TEN}, "not_over"),
        ({"reason": "好", "at": AFTER, "staff": people.manager}, "oneself"),
        ({"reason": "好", "at": AFTER, "staff": people.cashier}, "no_group"),
    ):
        with pytest.raises(Refusal) as refused:
            actions.choose_star(**{**choose, **said})
        assert refused.value.code == code
    star = actions.choose_star(reason="客户点名表扬三次", at=AFTER, **choose)
    assert (star.trade, star.kind, star.period) == ("advisor", "month", "2026-10")
    assert {one["code"] for one in star.figures} >= {"own_complaints"}
    with pytest.raises(Refusal) as refused:
        actions.choose_star(reason="再次", at=AFTER, **choose)
    assert refused.value.code == "chosen"
    actions.choose_star(reason="季度最佳", at=AFTER, **{**choose, "span": QUARTER})
    client.force_login(people.technician)
    assert "客户点名表扬三次" in client.get(reverse("appraisal:stars")).content.decode()


def test_the_page_shows_the_figures_and_takes_the_choice(client, people):
    client.force_login(people.manager)
    month = Period.of(timezone.now(), people.store.tz).previous()
    page = client.get(reverse("appraisal:star_choice"))
    assert [group.trade for group in page.context["compared"]] == list(Trade)
    address = reverse("appraisal:star_choose", args=[str(month)])
    client.post(address, {"staff": people.technician.pk, "reason": "零返修"})
    star = Star.objects.get()
    assert (star.staff, star.reason) == (people.technician, "零返修")
    client.post(reverse("appraisal:star_take_back", args=[star.pk]), {"reason": "选错人"})
    assert not Star.objects.exists()
    assert client.post(reverse("appraisal:star_choose", args=["2026-13"]), {}).status_code == 404
