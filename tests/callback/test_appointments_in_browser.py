"""An appointment made out of a call by keyboard, in a real browser: the call stays on the screen."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from callback import actions
from reception.choices import OrderState
from reception.models import Appointment, Vehicle
from tests.factories.callback import CallTaskFactory
from tests.factories.reception import RepairOrderFactory

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not (Path(settings.BASE_DIR) / "static" / "dist" / "main.js").is_file(),
        reason="the front end is not built (npm run build)",
    ),
]


def expect(locator):
    # Imported here, so that the file can be read on machines without the browser's driver.
    from playwright.sync_api import expect

    return expect(locator)


@pytest.fixture
def window(live_server, browser_page, people):
    """A window in which the agent is on a call."""
    now = timezone.now()
    order = RepairOrderFactory(advisor=people.advisor, state=OrderState.DELIVERED, began_at=now - timedelta(days=2))
    CallTaskFactory(order=order, opens_at=now - timedelta(hours=2), due_at=now + timedelta(days=4), created_at=now)
    actions.claim_next(by=people.agent, at=now)
    client = Client()
    client.force_login(people.agent)
    browser_page.context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                "url": live_server.url,
            },
            {"name": settings.LANGUAGE_COOKIE_NAME, "value": "en", "url": live_server.url},
        ]
    )
    browser_page.goto(live_server.url + reverse("callback:call"))
    return browser_page


def test_an_appointment_is_made_while_the_customer_is_on_the_line(window, people):
    in_three_days = timezone.now().astimezone(people.store.tz) + timedelta(days=3)
    expect(window.get_by_text("No appointment.")).to_be_visible()
    expect(window.locator("#call-form")).to_be_visible()

    window.keyboard.press("a")
    expect(window.locator("#appointment-plate")).to_have_value(Vehicle.objects.get().plate)
    window.fill("#appointment-day", f"{in_three_days:%Y-%m-%d}")
    expect(window.locator(f".hour-choices[data-day='{in_three_days:%Y-%m-%d}']")).to_be_visible()
    window.locator("#appointment-hours label", has_text="10:00").click()
    with window.expect_response("**/appointments/hours/**"):
        window.select_option("#appointment-kind", "repair")
    expect(window.locator("#appointment-hours input:checked")).to_have_value("10:00")
    window.fill("#appointment-wishes", "四万公里保养")
    window.keyboard.press("Control+Enter")

    expect(window.locator("#dialog")).to_be_hidden()
    expect(window.get_by_text("The appointment is made.")).to_be_visible()
    expect(window.locator(".book-list")).to_contain_text(f"{in_three_days:%m-%d} 10:00")
    expect(window.locator("#call-form")).to_be_visible()
    made = Appointment.objects.get()
    assert (made.way, made.wishes, made.starts_at.astimezone(people.store.tz).hour) == ("active", "四万公里保养", 10)

    window.locator(".book-acts button").first.click()
    expect(window.locator(".book-list .badge").first).to_have_text("Confirmed")
