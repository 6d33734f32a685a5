"""Ten calls in a row with every outcome, by keyboard alone, in a real browser."""

import os
import re
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from callback.choices import Outcome, TaskState
from callback.models import CallTask, Contact
from complaints.models import Complaint
from reception.choices import Gender, OrderState
from reception.models import Customer
from satisfaction.models import Response
from tests.factories.callback import CallTaskFactory
from tests.factories.reception import CustomerFactory, RepairOrderFactory, VehicleFactory

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not (Path(settings.BASE_DIR) / "static" / "dist" / "main.js").is_file(),
        reason="the front end is not built (npm run build)",
    ),
]

CALLS = 11


def expect(locator):
    # Imported here, so that the file can be read on machines without the browser's driver.
    from playwright.sync_api import expect

    return expect(locator)


@pytest.fixture
def window(live_server, browser_page, people):
    """A window in which the agent is signed in, with eleven calls owed."""
    now = timezone.now()
    for number in range(CALLS):
        customer = CustomerFactory(store=people.store, gender=[Gender.MALE, Gender.FEMALE][number % 2])
        order = RepairOrderFactory(
            advisor=people.advisor,
            vehicle=VehicleFactory(store=people.store, owner=customer),
            state=OrderState.DELIVERED,
            began_at=now - timedelta(days=1, hours=6),
            lines=[{}, {"kind": "part", "name": "机油滤清器"}],
        )
        CallTaskFactory(
            order=order,
            opens_at=now - timedelta(hours=2),
            due_at=now + timedelta(days=4, minutes=number),
            created_at=now,
        )
    client = Client()
    client.force_login(people.agent)
    browser_page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    browser_page.goto(f"{live_server.url}/callback/call/")
    return browser_page


def photograph(window, name):
    """A picture for who asks for it: SCREENSHOTS=folder."""
    if folder := os.environ.get("SCREENSHOTS"):
        window.screenshot(path=f"{folder}/{name}.png", caret="initial", animations="allow")


STROKES: list[str] = []
"""The keys pressed at the desk; the words of customers are not counted."""


def press(window, *keys):
    for key in keys:
        STROKES.append(key)
        window.keyboard.press(key)


def on(window, task):
    """Wait until the desk shows this call and is ready for keys."""
    expect(window.locator(f"#call-form[action$='/{task.pk}/outcome/']")).to_be_visible()
    expect(window.locator(".htmx-added, .htmx-settling, .htmx-swapping")).to_have_count(0)


def test_ten_calls_with_every_outcome_by_keyboard_alone(window, people):
    tasks = list(CallTask.objects.order_by("due_at"))
    loads, began = [], monotonic()
    STROKES.clear()
    window.on("load", lambda _page: loads.append(1))
    photograph(window, "desk-empty")
    press(window, "n")

    on(window, tasks[0])
    photograph(window, "desk-call")
    press(window, "p")
    expect(window.locator("#number .call-dial")).to_be_visible()
    press(window, "y")
    press(window, "q")
    for _score in range(4):
        press(window, "9", "Tab")
    window.locator("textarea[name=note]").fill("服务很好")
    photograph(window, "desk-filled")
    press(window, "Control+Enter")

    for place, key in enumerate("234569", start=1):
        on(window, tasks[place])
        press(window, key)

    on(window, tasks[7])
    press(window, "7")
    expect(window.locator(".modal[id^=refused-]")).to_be_visible()
    photograph(window, "desk-refused")
    press(window, "1")

    on(window, tasks[8])
    press(window, "8")
    expect(window.locator(".modal[id^=later-]")).to_be_visible()
    photograph(window, "desk-later")
    press(window, "1")

    on(window, tasks[9])
    press(window, "w")
    window.keyboard.type("空调异响没有修好")
    press(window, "Escape")
    window.evaluate("document.activeElement.blur()")
    press(window, "c")
    expect(window.locator("#dialog #id_description")).to_have_value("空调异响没有修好")
    photograph(window, "desk-complaint")
    press(window, "Control+Enter")
    expect(window.locator("#raised .alert")).to_be_visible()
    expect(window.locator("#dialog")).to_be_hidden()
    press(window, "x")
    photograph(window, "desk-raised")
    press(window, "Control+Enter")

    on(window, tasks[10])
    assert loads == []
    print(f"ten calls: {len(STROKES)} keys, {monotonic() - began:.1f} seconds")
    assert len(STROKES) <= 30, "three keys a call on the average"
    heard = list(Contact.objects.order_by("at").values_list("outcome", flat=True))
    assert heard == [
        "completed", "no_answer", "busy", "switched_off", "wrong_number", "invalid_number", "sms", "refused",
        "call_later", "completed",
    ]  # fmt: skip
    assert set(heard) == set(Outcome.values)
    assert Response.objects.get().answers.count() == 4
    complaint = Complaint.objects.get()
    assert Contact.objects.get(task=tasks[9]).complaint == complaint
    assert (complaint.description, complaint.order) == ("空调异响没有修好", tasks[9].order)
    tasks[9].order.refresh_from_db()
    assert tasks[9].order.late_by_customer is True


def test_nothing_is_sent_by_mistake_or_lost_and_who_wants_no_more_calls_says_why(window):
    press(window, "n")
    score = window.locator(".call-answers input[type=number]").first
    score.fill("8")
    score.press("Enter")
    expect(window.locator("#call-form")).to_be_visible()
    assert Contact.objects.count() == 0

    window.locator("textarea[name=note]").fill("很满意")
    press(window, "Control+Enter")
    expect(window.locator("#toasts .toast")).to_be_visible()
    expect(window.locator("textarea[name=note]")).to_have_value("很满意")
    press(window, "Escape")
    window.evaluate("document.activeElement.blur()")
    press(window, "y", "Control+Enter")
    expect(window.locator("textarea[name=note]")).to_have_value("")
    assert CallTask.objects.filter(state=TaskState.DONE).count() == 1

    on(window, CallTask.objects.unfinished().order_by("due_at").first())
    press(window, "7")
    expect(window.locator(".modal.show[id^=refused-]")).to_be_visible()
    press(window, "w")
    window.keyboard.type("工作忙，不愿接回访")
    window.get_by_role("button", name=re.compile("一切来电")).click()
    expect(window.locator(".call-said")).to_contain_text("拒访")
    assert Customer.objects.get(no_call_since__isnull=False).no_call_reason == "工作忙，不愿接回访"
