"""The floor in a real browser: works of the catalogue by keyboard, work given out by dragging it."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from reception.choices import Skill
from tests.factories.reception import RepairOrderFactory, VehicleFactory
from tests.factories.workshop import BayFactory, OperationFactory
from workshop.models import Job, TechnicianSkills

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def window(browser_page, live_server):
    """`window(person, name, *args)`: the page of a name, opened by this person."""

    def open_as(person, name, *args):
        client = Client()
        client.force_login(person, "django.contrib.auth.backends.ModelBackend")
        session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        browser_page.context.add_cookies([session])
        browser_page.goto(live_server.url + reverse(name, args=args))
        return browser_page

    return open_as


def test_a_work_of_the_catalogue_is_chosen_by_keyboard_and_moves_the_promise(window, people):
    OperationFactory(
        store=people.store, code="BY01", name="更换机油机滤", price=Decimal(108), hours={"": "0.8", "H5": "0.9"}
    )
    OperationFactory(store=people.store, code="BY10", name="更换变速箱油", hours={"": "2.0"}, duration_hours=Decimal(4))
    VehicleFactory(store=people.store, plate="京A12345", series="H5")
    page = window(people.advisor, "reception:intake")
    page.locator("#id_plate").fill("京A12345")
    page.keyboard.press("Enter")
    page.get_by_text("H5").first.wait_for()
    before = page.locator("#id_promised_at").input_value()
    page.locator("#id_lines-0-name").focus()
    page.keyboard.type("by")
    page.locator(".proposals li").nth(1).wait_for()
    page.keyboard.press("ArrowDown")
    with page.expect_response(re.compile("/lines/promise/")):
        page.keyboard.press("Enter")
    values = [page.locator(f"#id_lines-0-{part}").input_value() for part in ("name", "code", "quantity", "unit_price")]
    assert values == ["更换机油机滤", "BY01", "0.90", "120.00"]
    assert page.evaluate("document.activeElement.id") == "id_lines-0-quantity"
    page.wait_for_function("before => document.getElementById('id_promised_at').value !== before", arg=before)
    page.keyboard.press("Enter")  # in the last row: the next one
    page.locator("#id_lines-1-name").focus()
    page.keyboard.type("BY10")
    page.locator(".proposals li[aria-selected=true]").wait_for()  # a whole code marks its work at once
    page.keyboard.press("Escape")
    assert page.locator(".proposals").is_hidden()
    assert page.locator("#id_lines-1-name").input_value() == "BY10"


def test_work_is_dragged_to_somebody_and_what_is_doubtful_is_confirmed(window, people):
    now = timezone.now()
    order = RepairOrderFactory(
        store=people.store, advisor=people.advisor, began_at=now - timedelta(hours=1), lines=2,
        promised_at=now + timedelta(hours=3),
    )  # fmt: skip
    bay = BayFactory(store=people.store, name="3号工位")
    TechnicianSkills.objects.create(technician=people.technician, skills=[Skill.BODY], starts_on=now.date())
    page = window(people.workshop, "workshop:dispatch")
    work = page.locator("tr[data-work='2'] .drag-handle")
    work.drag_to(page.locator(f"[data-bay='{bay.pk}']"))
    work.drag_to(page.locator(f"[data-hands$='p{people.technician.pk}']"))
    page.locator(".alert-warning button[type=submit]").click()
    page.wait_for_url("**/workshop/dispatch/")
    page.locator("tr[data-drag=job]").wait_for()
    assert [(job.line.number, job.technician, job.bay) for job in Job.objects.all()] == [(2, people.technician, bay)]
    page.locator("tr[data-drag=job] .drag-handle").drag_to(
        page.locator(f"[data-hands$='p{people.second_technician.pk}']")
    )
    page.locator("#dialog select[name=hands]").wait_for()
    chosen = page.locator("#dialog select[name=hands]").input_value()
    assert chosen == f"t{people.mechanics.pk}p{people.second_technician.pk}"
    page.keyboard.press("Escape")
    page.locator(f"#order-{order.pk} select").first.focus()
    page.keyboard.press("Control+Enter")
    page.wait_for_function("() => !document.querySelector('.dispatch-order')")
    assert Job.objects.count() == 2
