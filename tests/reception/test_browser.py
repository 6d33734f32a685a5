"""The gate in a real browser: a known car by keyboard alone, an act in the dialog."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from reception.models import RepairOrder
from tests.factories.reception import RepairOrderFactory, VehicleFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(browser_page, live_server, client, people):
    client.force_login(people.advisor)
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    browser_page.context.add_cookies([session])
    return browser_page


def test_a_known_car_is_taken_in_by_keyboard_alone(desk, live_server, people):
    car = VehicleFactory(store=people.store, plate="京A12345")
    desk.goto(live_server.url + reverse("reception:today"))
    desk.keyboard.press("n")
    desk.wait_for_url("**/intake/")

    desk.locator("[autofocus]:focus").wait_for()
    desk.keyboard.type("京a12345")
    desk.get_by_text(car.owner.name).wait_for()
    desk.keyboard.press("Tab")  # order type
    desk.keyboard.press("Tab")
    desk.keyboard.type("25000")
    desk.keyboard.press("Control+Enter")
    desk.wait_for_url("**/orders/*/")

    order = RepairOrder.objects.get()
    assert (order.vehicle, order.mileage, order.advisor) == (car, 25_000, people.advisor)


def test_a_refused_act_stays_in_its_dialog_and_a_good_one_closes_it(desk, live_server, people):
    order = RepairOrderFactory(advisor=people.advisor)
    desk.goto(live_server.url + reverse("reception:order", args=[order.pk]))

    desk.keyboard.press("t")
    dialog = desk.locator("#dialog")
    dialog.locator("#id_reason").fill("等待配件")
    dialog.locator("#id_promised_at").fill("2020-01-01T10:00")
    desk.keyboard.press("Control+Enter")
    dialog.get_by_text("早于进厂时间").wait_for()
    assert order.promises.count() == 1

    new = timezone.localtime() + timedelta(days=2)
    dialog.locator("#id_promised_at").fill(f"{new:%Y-%m-%d}T10:00")
    desk.keyboard.press("Control+Enter")
    desk.get_by_text(f"{new:%m-%d} 10:00").first.wait_for()
    assert order.promises.count() == 2
