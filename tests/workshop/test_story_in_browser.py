"""One car through the workshop in a real browser: dispatched by key, done at a telephone, failed, redone, passed."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from reception.choices import OrderState
from tests.factories.reception import RepairOrderFactory
from workshop.models import ClockEntry, Inspection, Job

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not (Path(settings.BASE_DIR) / "static" / "dist" / "main.js").is_file(),
        reason="the front end is not built (npm run build)",
    ),
]

PHONE, DESK, WALL = (390, 844), (1366, 768), (1920, 1080)


@pytest.fixture
def go(live_server, browser_page):
    """`go(person, path, size)`: the same window, taken over by another person."""

    def open_as(person, path, size=DESK):
        client = Client()
        client.force_login(person, "django.contrib.auth.backends.ModelBackend")
        browser_page.context.add_cookies(
            [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
        )
        browser_page.set_viewport_size({"width": size[0], "height": size[1]})
        browser_page.goto(f"{live_server.url}{path}")
        assert browser_page.evaluate("document.documentElement.scrollWidth") <= size[0]
        return browser_page

    return open_as


@pytest.fixture
def car(people):
    now = timezone.now()
    return RepairOrderFactory(
        store=people.store, advisor=people.advisor, began_at=now - timedelta(hours=1),
        promised_at=now + timedelta(hours=2), symptoms="右前轮异响",
    )  # fmt: skip


def state_of(car):
    car.refresh_from_db()
    return car.state


def press(page, button):
    """A touch, and the page that follows it."""
    with page.expect_navigation():
        button.click()


def touch(page, path):
    """Press the button of a form that goes to `…/path/`."""
    press(page, page.locator(f"form[action$='/{path}/'] button").first)


def test_a_car_through_the_workshop(go, people, car):
    page = go(people.workshop, "/workshop/dispatch/")
    with page.expect_navigation():
        page.keyboard.press("d")
    assert state_of(car) == OrderState.DISPATCHED
    worker = Job.objects.get().technician

    page = go(worker, "/workshop/jobs/", PHONE)
    touch(page, "start")
    page.locator("summary").first.click()
    press(page, page.locator("button[name=reason][value=parts]"))
    assert state_of(car) == OrderState.WAITING
    touch(page, "resume")
    touch(page, "finish")
    assert state_of(car) == OrderState.INSPECTION

    page = go(people.inspector, f"/workshop/inspections/{car.pk}/")
    page.locator("[name=defects]").fill("机油滤芯渗油")
    page.locator("[name=responsible]").select_option(str(worker.pk))
    press(page, page.locator("button[name=result][value=failed]"))
    assert state_of(car) == OrderState.IN_PROGRESS

    page = go(worker, "/workshop/jobs/", PHONE)
    assert page.locator("text=机油滤芯渗油").count() == 2  # what to redo, and why
    touch(page, "start")
    touch(page, "finish")

    page = go(people.inspector, f"/workshop/inspections/{car.pk}/")
    for answer in page.locator("label.answer-fine").all():
        answer.click()
    press(page, page.locator("button[name=result][value=passed]"))
    assert state_of(car) == OrderState.READY
    assert ClockEntry.objects.count() == 3
    assert list(Inspection.objects.order_by("id").values_list("level", "result")) == [
        ("self", "passed"), ("final", "failed"), ("self", "passed"), ("final", "passed"),
    ]  # fmt: skip


def test_a_screen_shows_what_changed_without_being_touched(go, people, car):
    page = go(people.workshop, "/workshop/board/wall/", WALL)
    columns = page.locator(".wall-column")
    shown = page.locator(f".wall-card:has-text('{car.vehicle.plate}')")
    assert columns.nth(0).locator(".wall-card").count() == 1
    Job.objects.create(
        order=car, name="异响检查", team=people.mechanics, technician=people.technician, state="assigned"
    )
    car.state, car.version = OrderState.DISPATCHED, car.version + 1
    car.save()
    page.evaluate("window.htmx.ajax('GET', location.pathname, {target: '#wall', swap: 'innerHTML'})")
    columns.nth(1).locator(".wall-card").wait_for()
    assert shown.count() == 1
    assert people.technician.name in shown.inner_text()


def test_touch_targets_are_large_enough_for_a_glove(go, people, car):
    Job.objects.create(
        order=car, name="异响检查", team=people.mechanics, technician=people.technician, state="assigned"
    )
    page = go(people.technician, "/workshop/jobs/", PHONE)
    sizes = [button.bounding_box() for button in page.locator(".btn-touch:visible").all()]
    assert sizes
    assert all(size["height"] >= 56 and size["width"] >= 150 for size in sizes)
