"""The gate in a real browser: by keyboard in under a minute, on the tablet with a finger."""

import re
from time import monotonic

import pytest
from django.urls import reverse

from dealer_crm.files.formulas import is_blank
from dealer_crm.files.queries import content_of
from reception.choices import OrderState
from reception.models import RepairOrder
from reception.queries.visits import marks_of, walk_round_of
from tests.factories.reception import RepairOrderFactory, VehicleFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(browser_page, live_server, client, people):
    client.force_login(people.advisor)
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    browser_page.context.add_cookies([session])
    return browser_page


def test_a_known_car_takes_less_than_a_minute_and_no_mouse(desk, live_server, people):
    """A trained hand: 150 ms for a key, a second of looking at each page. Source: spec reception.md (Pages)."""
    car = VehicleFactory(store=people.store, plate="京A12345", mileage=24_000)
    RepairOrderFactory(advisor=people.advisor, vehicle=car, state=OrderState.DELIVERED)
    desk.goto(live_server.url + reverse("reception:today"))
    strokes = 0

    def key(name):
        nonlocal strokes
        strokes += 1
        desk.keyboard.press(name)

    def typed(text):
        for sign in text:
            key(sign)

    began = monotonic()
    key("n")
    desk.wait_for_url("**/intake/")
    desk.keyboard.insert_text("京")  # one stroke of the input method
    typed("a12345")
    key("Enter")
    desk.get_by_text(car.owner.name).wait_for()
    typed("25000")
    key("Tab")
    typed("40")  # per cent of fuel
    key("Tab")
    assert desk.evaluate("document.activeElement.id") == "id_symptoms"
    desk.keyboard.insert_text("保养，刹车异响")
    key("Control+Enter")
    desk.wait_for_url("**/orders/*/")
    spent = monotonic() - began

    order = RepairOrder.objects.get(mileage=25_000)
    assert (order.vehicle, order.symptoms, order.state) == (car, "保养，刹车异响", OrderState.OPEN)
    assert strokes <= 20  # and what the input method needs for the customer's words
    assert spent + strokes * 0.15 + 2 < 60


def test_enter_in_the_plate_of_a_new_car_goes_on_with_its_customer(desk, live_server, people):
    desk.goto(live_server.url + reverse("reception:intake"))
    desk.locator("[autofocus]:focus").wait_for()
    desk.keyboard.type("京B54321")
    desk.keyboard.press("Enter")
    desk.locator("#id_customer_name:focus").wait_for()

    desk.keyboard.type("王小明")
    desk.keyboard.press("Tab")
    desk.keyboard.type("13812345678")
    desk.keyboard.press("F4")
    desk.keyboard.type("120")
    desk.keyboard.press("Control+Enter")
    desk.wait_for_url("**/orders/*/")

    assert RepairOrder.objects.get().customer.name == "王小明"


@pytest.fixture
def tablet(desk):
    desk.set_viewport_size({"width": 820, "height": 1180})
    return desk


def test_on_the_tablet_marks_are_tapped_and_the_customer_signs_with_a_finger(tablet, live_server, people):
    VehicleFactory(store=people.store, plate="京A12345")
    tablet.goto(live_server.url + reverse("reception:intake") + "?plate=京A12345")
    tablet.locator("#id_mileage").fill("25000")
    tablet.get_by_text("凹陷", exact=True).first.click()
    tap(tablet.locator("[data-diagram]"), 0.5, 0.52)
    tablet.get_by_text("划痕", exact=True).first.click()
    tap(tablet.locator("[data-diagram]"), 0.2, 0.43)
    assert tablet.locator("[data-diagram] .car-mark").count() == 2
    tablet.get_by_role("button", name="开单并请客户签字").click()
    tablet.wait_for_url("**/sign/order/")

    pad = tablet.locator("canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    tablet.mouse.move(box["x"] + 50, box["y"] + 60)
    tablet.mouse.down()
    for step in range(1, 20):
        tablet.mouse.move(box["x"] + 50 + 10 * step, box["y"] + 60 + 30 * (step % 2))
    tablet.mouse.up()
    tablet.get_by_role("button", name="签字").click()
    tablet.wait_for_url(re.compile(r"/orders/\d+/$"))

    order = RepairOrder.objects.get()
    assert [(one.kind, one.part) for one in marks_of(walk_round_of(order))] == [
        ("dent", "roof"),
        ("scratch", "left_front_door"),
    ]
    signature = order.signatures.get()
    assert not is_blank(content_of(signature.file))
    assert [mark["kind"] for mark in signature.content["walk_round"]["marks"]] == ["dent", "scratch"]


def tap(diagram, across, down):
    diagram.scroll_into_view_if_needed()
    box = diagram.bounding_box()
    diagram.click(position={"x": box["width"] * across, "y": box["height"] * down})


def test_without_a_pointer_a_mark_is_chosen_from_the_list(desk, live_server, people):
    order = RepairOrderFactory(advisor=people.advisor)
    desk.goto(live_server.url + reverse("reception:order_walk_round", args=[order.pk]))
    desk.get_by_role("button", name="添加标记").press("Enter")
    desk.keyboard.type("锈蚀")  # the row's first field has the cursor
    desk.locator("[name='marks-0-part']").select_option("right_front_wheel")
    assert desk.locator("[data-diagram] .car-mark").get_attribute("transform") == "translate(868 284)"
    desk.keyboard.press("Control+Enter")
    desk.wait_for_url(re.compile(r"/orders/\d+/$"))

    assert [one.part for one in marks_of(walk_round_of(order))] == ["right_front_wheel"]
