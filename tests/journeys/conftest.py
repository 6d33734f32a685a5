"""A house whose people sign in with a password, a clock that can be moved, a window for each of them."""

import os
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from dealer_crm.organization.models import Staff
from dealer_crm.workdays.actions import load_year
from tests.factories import cast
from tests.journeys.desks import DESK, PASSWORD, Computer, Desk

BUILT = (Path(settings.BASE_DIR) / "static" / "dist" / "main.js").is_file()
TUESDAY = datetime(2026, 11, 10, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))
            if not BUILT:
                item.add_marker(pytest.mark.skip(reason="the front end is not built (npm run build)"))


class MovedClock:
    """The program's clock: it runs, but from the moment a journey begins at, and can be put forward."""

    def __init__(self, begins_at: datetime, real_now):
        self._real_now, self._ahead = real_now, begins_at - real_now()

    def now(self) -> datetime:
        return self._real_now() + self._ahead

    def forward(self, **span) -> None:
        self._ahead += timedelta(**span)


@pytest.fixture
def clock(monkeypatch) -> MovedClock:
    """It is a working Tuesday morning in the middle of a month, whatever day the test is run on."""
    clock = MovedClock(TUESDAY, timezone.now)
    monkeypatch.setattr(timezone, "now", clock.now)
    return clock


@pytest.fixture
def people(transactional_db):
    """One person of every role in one store, each with the password `PASSWORD`, and the year's calendar."""
    people = cast.of_store()
    load_year(year=2026, at=TUESDAY)
    Staff.objects.update(password=make_password(PASSWORD))
    return people


@pytest.fixture
def desk_of(live_server, browser):
    """`desk_of(person)`: their window on the first page, the same one again unless it is to be `another`; with a
    `password` they sign in through the page. Script errors, broken rules of the content policy and answers that say
    "server error" fail the test."""
    computers, troubles, desks = [], [], {}

    def desk_of(person, size=DESK, language="zh-CN", *, another=False, **sign_in) -> Desk:
        key = (person.pk, size, language)
        if another or key not in desks:
            shared = [one for one in computers if one.look == (size, language)]
            computer = shared[0] if shared and not another else switched_on(size, language)
            desks[key] = Desk(computer, live_server.url, person)
        return desks[key].sign_in(**sign_in) if sign_in else desks[key].enter()

    def switched_on(size, language) -> Computer:
        context = browser.new_context(
            locale=language, timezone_id="Asia/Shanghai", viewport=dict(zip(("width", "height"), size, strict=True))
        )
        context.set_default_timeout(10_000)
        context.on("weberror", lambda error: troubles.append(str(error.error)))
        context.on("console", lambda line: "Content Security Policy" in line.text and troubles.append(line.text))
        context.on("response", lambda answer: answer.status >= 500 and troubles.append(f"{answer.status} {answer.url}"))
        computers.append(Computer(context, (size, language)))
        return computers[-1]

    yield desk_of
    for place, context in enumerate(computer.context for computer in computers):
        if context.pages and (folder := os.environ.get("SCREENSHOTS")):
            context.pages[-1].screenshot(path=f"{folder}/last-{place}.png")
        context.close()
    assert troubles == []
