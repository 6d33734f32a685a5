"""Two languages, each whole: no English left over in the Chinese program, no Chinese in the English one but data.

Every page of the navigation is opened by the first role that has it, and from each list its first row, in the living
demo store. What is not in the database nor a name of the trade is taken for a text nobody translated.
"""

import json
import re

import pytest
from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.db.models import CharField, JSONField, TextField
from django.utils import timezone

from dealer_crm.access.roles import Role
from dealer_crm.organization.models import Staff
from dealer_crm.seeding.scene import seed_stores
from dealer_crm.values.figures import REGISTERED
from reception.models import Vehicle
from tests.journeys.desks import PASSWORD, expect

# Words that are the same in both languages: the trade's own, file kinds, keys.
NAMES = {"enter", "ctrl", "excel", "wechat", "xlsx", "english"}
LATIN = re.compile(r"(?<![\w-])[A-Za-z]{4,}(?![A-Za-z]*[\d])")
HAN = re.compile(r"[\u4e00-\u9fff]+")
# Sheets and columns of workbooks are Chinese in every language (they are what other programs read), and so are reports.
WORKBOOKS = re.compile(r"^/(reports/.+|import/)")

TEXTS = """() => {
    const found = [document.title];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const place = walker.currentNode.parentElement;
        if (place.closest('script, style, template, kbd, .code, [lang]:not(html)')) continue;
        if (place.closest('option') || place.checkVisibility()) found.push(walker.currentNode.data.trim());
    }
    for (const name of ['placeholder', 'title', 'aria-label', 'alt', 'data-confirm'])
        for (const place of document.querySelectorAll(`[${name}]`)) found.push(place.getAttribute(name));
    return found.filter(Boolean);
}"""


@pytest.fixture
def demo(transactional_db, forget_locked_months) -> str:
    """A living store; gives all that its database says, as one text."""
    seed_stores(stores=1, orders=40, months=2, random_seed=1, is_demo=True, at=timezone.now(), say=lambda _text: None)
    Staff.objects.update(password=make_password(PASSWORD))
    return "\n".join(data())


def data():
    """Everything the database says, and the shipped words of a store: check-lists, alarm words."""
    yield from (word for figure in REGISTERED.values() if isinstance(figure.default, list) for word in figure.default)
    for model in apps.get_models():
        columns = [field.name for field in model._meta.fields if isinstance(field, CharField | TextField | JSONField)]
        for row in model._default_manager.values_list(*columns):
            yield from (
                value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str) for value in row
            )


def names():
    """What cars, people and files are called."""
    yield from (word for figure in REGISTERED.values() if isinstance(figure.default, list) for word in figure.default)
    for model, *columns in ((Vehicle, "brand", "series", "model"), (Staff, "username", "work_number")):
        for row in model.objects.values_list(*columns):
            yield from row


def pages(desk, known: set[str]):
    """The pages of the navigation nobody has opened yet, each followed by the first row of its list."""
    links = desk.page.locator("#navigation a").evaluate_all("(all) => all.map((one) => one.getAttribute('href'))")
    for link in links:
        if link in known and link != "/":
            continue
        known.add(link)
        desk.page.goto(f"{desk.address}{link}")
        yield link
        row = desk.main.locator("tr[data-href]").first
        if row.count() and (address := row.get_attribute("data-href")):
            desk.page.goto(f"{desk.address}{address}")
            yield address


def texts_of(desk) -> list[str]:
    expect(desk.page.locator(".htmx-request")).to_have_count(0)
    return desk.page.evaluate(TEXTS)


def walk(desk_of, language: str, left_over) -> dict[str, list[str]]:
    """Page → what `left_over(text)` finds on it."""
    known, found = set(), {}
    for role in Role:
        desk = desk_of(Staff.objects.get(username=role.value))
        if language == "en":
            desk.page.locator(".shell-person > button").click()
            desk.page.get_by_role("button", name="English").click()
            desk.page.locator("html[lang=en]").wait_for()
        for page in pages(desk, known):
            words = {word for text in texts_of(desk) for word in left_over(page, text)}
            if words:
                found[f"{role.value} {page}"] = sorted(words)
        desk.page.context.close()
    return found


def test_nothing_is_left_in_english(demo, desk_of):
    known = NAMES | {word.lower() for word in LATIN.findall(" ".join(names()))}

    def english(_page, text):
        text = re.sub(r"\w*(…|\.\.\.)$", "", text)  # a word that is cut off is data
        return [text for word in LATIN.findall(text) if word.lower() not in known]

    found = walk(desk_of, "zh-hans", english)
    assert found == {}


def test_nothing_is_left_in_chinese_but_data(demo, desk_of):
    def chinese(page, text):
        return [] if WORKBOOKS.match(page) else [text for part in HAN.findall(text) if part not in demo]

    found = walk(desk_of, "en", chinese)
    assert found == {}
