"""Every template compiles, and none needs what the content policy forbids."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

FOLDER = Path(settings.BASE_DIR) / "templates"
TEMPLATES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.html"))

FORBIDDEN = {
    "a style attribute": r"<[a-zA-Z][^>]*\sstyle\s*=",
    "a style element": r"<style\b",
    "a script in the page": r"<script(?![^>]*(\bsrc=|application/json))[^>]*>",
    "an event attribute": r"<[a-zA-Z][^>]*\son[a-z]+\s*=",
    "hx-on": r"\bhx-on[:\-=]",
    "a javascript address": r"javascript:",
    "hx-vals with a script": r"hx-(vals|headers|vars)=[\"']\s*js:",
    "something from another host": r"(src|href)=[\"'](https?:)?//",
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_compiles(name):
    assert get_template(name).template.source != ""


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_keeps_the_content_policy(name):
    source = (FOLDER / name).read_text(encoding="utf-8")
    markup = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", "", source, flags=re.DOTALL)
    assert [what for what, pattern in FORBIDDEN.items() if re.search(pattern, markup)] == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_loads_no_library_that_is_builtin(name):
    loaded = re.findall(r"\{%\s*load\s+([^%]+?)\s*%\}", (FOLDER / name).read_text(encoding="utf-8"))
    assert {word for words in loaded for word in words.split()} & {
        "i18n",
        "static",
        "ui",
        "partials",
        "cotton",
    } == set()


def test_every_icon_that_is_named_exists():
    """The build draws only what Tabler has; a misspelt name would be an empty square."""
    packages = Path(settings.BASE_DIR) / "node_modules" / "@tabler" / "icons" / "icons"
    if not packages.is_dir():
        pytest.skip("the front-end packages are not installed")
    named = set((Path(settings.BASE_DIR) / "static" / "src" / "icons.txt").read_text(encoding="utf-8").split())
    for path in [
        *FOLDER.rglob("*.html"),
        *Path(settings.BASE_DIR).glob("*/apps.py"),
        *Path(settings.BASE_DIR).glob("*/*/apps.py"),
    ]:
        named |= set(
            re.findall(r"\bicon(?:=|\s+)[\"']([a-z0-9]+(?:-[a-z0-9]+)*)[\"']", path.read_text(encoding="utf-8"))
        )
    drawn = {path.stem for path in (packages / "outline").glob("*.svg")}
    drawn |= {f"{path.stem}-filled" for path in (packages / "filled").glob("*.svg")}
    assert named - drawn == set()
