"""Two languages, each whole: no English left over in the Chinese program, no Chinese in the English one but data.

Every page of the navigation is opened by the first role that has it, and from each list its first row, in the living
demo store, with the parts a page fetches by itself. What is not in the database nor a name of the trade is taken for a
text nobody translated.
"""

import json
import re
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import CharField, JSONField, TextField
from django.test import Client
from django.utils import timezone

from dealer_crm.access.roles import Role
from dealer_crm.organization.models import Staff
from dealer_crm.seeding.scene import seed_stores
from dealer_crm.values.figures import REGISTERED
from reception.models import Vehicle

pytestmark = pytest.mark.django_db

# Words that are the same in both languages: the trade's own, file kinds, keys.
NAMES = {"enter", "ctrl", "excel", "wechat", "xlsx", "english"}
LATIN = re.compile(r"(?<![\w-])[A-Za-z]{4,}(?![A-Za-z]*[\d])")
HAN = re.compile(r"[\u4e00-\u9fff]+")
# Sheets and columns of workbooks are Chinese in every language (they are what other programs read), and so are reports.
WORKBOOKS = re.compile(r"^/(reports/.+|import/|callback/programme/)")


class Page(HTMLParser):
    """What a page says (hidden parts too), where it leads, and which of its parts it fetches by itself."""

    SPOKEN = ("placeholder", "title", "aria-label", "alt", "data-confirm")
    NO_END = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}

    def __init__(self, html: str):
        super().__init__()
        self.texts, self.links, self.rows, self.parts = [], [], [], []
        self._open: list[tuple[str, bool]] = []
        self._navigation = 0
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        silent = (
            tag in ("script", "style", "template", "kbd")
            or "code" in (given.get("class") or "").split()
            or ("lang" in given and tag != "html")
            or (bool(self._open) and self._open[-1][1])
        )
        if not silent:
            self.texts += [given[name] for name in self.SPOKEN if given.get(name)]
        if given.get("id") == "navigation":
            self._navigation = len(self._open) + 1
        if tag == "a" and self._navigation:
            self.links.append(given["href"])
        if tag == "tr" and given.get("data-href"):
            self.rows.append(given["data-href"])
        if given.get("hx-get") and re.search(r"\bload\b(?! delay)", given.get("hx-trigger") or ""):
            self.parts.append(given["hx-get"])
        if tag not in self.NO_END:
            self._open.append((tag, silent))

    def handle_endtag(self, tag):
        if tag in self.NO_END:  # <br/>
            return
        while self._open and self._open.pop()[0] != tag:
            pass
        if len(self._open) < self._navigation:
            self._navigation = 0

    def handle_data(self, data):
        if data.strip() and not (self._open and self._open[-1][1]):
            self.texts.append(data.strip())


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker) -> str:
    """A living store; gives all that its database says, as one text."""
    with django_db_blocker.unblock(), transaction.atomic():
        seed_stores(
            stores=1, orders=40, months=2, random_seed=1, is_demo=True, at=timezone.now(), say=lambda _text: None
        )
        yield "\n".join(data())
        transaction.set_rollback(True)


def data():
    """Everything the database says, and the shipped words of a store: check-lists, alarm words, what is said first."""
    for figure in REGISTERED.values():
        yield from figure.default if isinstance(figure.default, list) else [str(figure.default)]
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


class Reader:
    """Somebody of a role who opens pages in a language."""

    def __init__(self, role: Role, language: str):
        person = Staff.objects.get(username=role.value)
        self.client = Client(headers={"accept-language": language})
        self.client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        self.client.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    def open(self, address: str) -> Page:
        answer = self.client.get(address, follow=True)
        assert answer.status_code == 200, address
        if not answer.headers["Content-Type"].startswith("text/html"):
            return Page("")
        page = Page(answer.content.decode())
        for part in page.parts:
            fetched = self.client.get(part, headers={"hx-request": "true"})
            assert fetched.status_code in (200, 204), part
            page.texts += Page(fetched.content.decode()).texts
        return page


def walk(language: str, left_over) -> dict[str, list[str]]:
    """Page → what `left_over(address, text)` finds on it."""
    known, found = set(), {}

    def note(role, address, page):
        if words := {word for text in page.texts for word in left_over(address, text)}:
            found[f"{role.value} {address}"] = sorted(words)

    for role in Role:
        reader = Reader(role, language)
        for link in reader.open("/").links:
            if link in known and link != "/":
                continue
            known.add(link)
            page = reader.open(link)
            note(role, link, page)
            if page.rows:
                note(role, page.rows[0], reader.open(page.rows[0]))
    assert len(known) > 30  # the walk went somewhere
    return found


def test_nothing_is_left_in_english(demo):
    known = NAMES | {word.lower() for word in LATIN.findall(" ".join(names()))}

    def english(_page, text):
        text = re.sub(r"https?://\S+|\w*(…|\.\.\.)$", "", text)  # an address, or a word that is cut off, is data
        return [text for word in LATIN.findall(text) if word.lower() not in known]

    assert walk("zh-hans", english) == {}


def test_nothing_is_left_in_chinese_but_data(demo):
    def chinese(page, text):
        return [] if WORKBOOKS.match(page) else [text for part in HAN.findall(text) if part not in demo]

    assert walk("en", chinese) == {}
