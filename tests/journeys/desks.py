"""What people at their desks do with a browser: come in, follow the navigation, fill, press, read.

Everything is found as a person finds it: by the words on the screen, or by the key shown on a button.
"""

import os
import re
from pathlib import Path

import openpyxl
from django.conf import settings
from django.test import Client

PASSWORD = "correct horse battery"
DESK, TABLET, PHONE = (1366, 768), (768, 1024), (390, 844)


def expect(locator):
    # Imported here, so that the file can be read on machines without the browser's driver.
    from playwright.sync_api import expect

    return expect(locator)


class Computer:
    """A browser at which people take turns: it keeps the program's files, and for each who they are signed in as."""

    def __init__(self, context, look: tuple):
        self.context, self.look, self._sits, self._cookies = context, look, None, {}

    def seat(self, desk: "Desk") -> None:
        if self._sits is not desk:
            self._cookies[self._sits] = self.context.cookies()
            self.context.clear_cookies()
            self.context.add_cookies(self._cookies.get(desk, []))
            self._sits = desk


class Desk:
    """A window in which one person is signed in (`enter`, or `sign_in` through the page)."""

    def __init__(self, computer: Computer, address: str, person):
        self.computer, self.address, self.person = computer, address, person
        self._page = computer.context.new_page()

    @property
    def page(self):
        """The window, with its person before it."""
        self.computer.seat(self)
        return self._page

    def enter(self) -> "Desk":
        """Be signed in since this morning: where signing in is not the point."""
        client = Client()
        self.person.refresh_from_db()  # a session is as good as the password it was opened with
        client.force_login(self.person)
        name = settings.SESSION_COOKIE_NAME
        self.page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": self.address}])
        self.page.goto(f"{self.address}/")
        return self

    def sign_in(self, username: str | None = None, password: str = PASSWORD) -> "Desk":
        self.page.goto(f"{self.address}/")
        self.page.get_by_label("登录名").fill(username or self.person.username)
        self.page.get_by_label("密码").fill(password)
        self.page.keyboard.press("Enter")
        expect(self.page.locator(".shell-person-name")).to_have_text(self.person.name)
        return self

    def go(self, entry: str) -> "Desk":
        """Follow an entry of the navigation: a narrow window hides it behind a button, a long one in its group."""
        navigation = self.page.locator("#navigation")
        if not navigation.is_visible():
            self.page.get_by_role("button", name="导航", exact=True).click()
        link = navigation.locator(f'a[title="{entry}"]')
        shut = navigation.locator("details:not([open])").filter(has=self.page.locator(f'a[title="{entry}"]'))
        if shut.count():
            shut.locator("summary").click()
        with self.page.expect_navigation():
            link.click()
        return self

    def follow(self, words: str, **where) -> "Desk":
        """Follow a link of the page."""
        with self.page.expect_navigation():
            self.main.get_by_role("link", name=words, **where).first.click()
        return self

    def find(self, query: str) -> "Desk":
        """Type into the search box, reached by its key, and open the only answer."""
        self.page.keyboard.press("/")
        self.page.keyboard.type(query)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return self

    def type(self, text: str) -> "Desk":
        """Type as soon as the cursor stands where the page puts it."""
        expect(self.page.locator("[autofocus]").first).to_be_focused()
        self.page.keyboard.type(text)
        return self

    def fill(self, fields: dict) -> "Desk":
        """Fill the fields with these labels: texts are typed, a choice is chosen by its words, a box ticked by True."""
        for label, value in fields.items():
            fill(self.form.get_by_label(re.compile(rf"^\s*{re.escape(label)}\s*\*?\s*$")).first, value)
        return self

    def press(self, words: str, *, sure: bool = False) -> "Desk":
        """Press a button and wait for the page that follows; `sure`: say yes when the program asks."""
        button = self.form.get_by_role("button", name=words).first
        with self.page.expect_navigation():
            button.click()
            if sure:
                self.page.locator("#confirm.show").get_by_role("button", name="确定").click()
        return self

    def key(self, key: str, *, sure: bool = False) -> "Desk":
        """Press a key that leads to another page."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)
            if sure:
                self.page.locator("#confirm.show").get_by_role("button", name="确定").click()
        return self

    def ask(self, key: str) -> "Desk":
        """Press a key that opens the page's dialog."""
        self.page.keyboard.press(key)
        expect(self.page.locator("#dialog.show .modal-title")).to_be_visible()
        return self

    def sees(self, *texts: str) -> "Desk":
        for text in texts:
            expect(self.page.get_by_text(text).and_(self.page.locator(":visible")).first).to_be_visible()
        return self

    def fact(self, label: str) -> str:
        """What stands beside a name in a list of facts or figures."""
        return self.main.locator(f"div:has(> dt:text-is('{label}')) > dd").first.inner_text().strip()

    def row(self, text: str):
        """The table row that holds these words."""
        return self.main.locator("tr", has_text=text)

    def download(self, words: str):
        """Press a link that gives a workbook, and open it."""
        with self.page.expect_download() as download:
            self.main.get_by_role("link", name=words).first.click()
        with Path(download.value.path()).open("rb") as file:
            return openpyxl.load_workbook(file)

    def photograph(self, name: str, *sizes) -> "Desk":
        """A picture for who asks for it: SCREENSHOTS=folder."""
        if folder := os.environ.get("SCREENSHOTS"):
            before = self.page.viewport_size
            for width, height in sizes or [tuple(before.values())]:
                self.page.set_viewport_size({"width": width, "height": height})
                self.page.screenshot(path=f"{folder}/{name}-{width}.png")
            self.page.set_viewport_size(before)
        return self

    @property
    def main(self):
        return self.page.locator("#main")

    @property
    def form(self):
        """Where one works: the open dialog, else the page."""
        dialog = self.page.locator(".modal.show:not(#confirm)")
        return dialog if dialog.count() else self.main


def fill(field, value) -> None:
    kind = field.evaluate("(element) => element.tagName === 'SELECT' ? 'select' : element.type")
    if kind == "select":
        field.select_option(label=field.locator("option", has_text=str(value)).first.inner_text())
    elif kind in ("checkbox", "radio"):
        field.set_checked(value)
    else:
        field.fill(str(value))
