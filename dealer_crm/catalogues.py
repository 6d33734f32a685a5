"""The texts of the program and their translations, without gettext programs.

`python -m dealer_crm.catalogues` collects every text that is marked for translation in Python files and templates into
the catalogues `<app>/locale/zh_Hans/LC_MESSAGES/django.po`: a Python file's texts go to its app, those of
`templates/<app>/` to that app, everything else to `dealer_crm/locale`. What is translated stays, what is new comes in
empty, what nobody uses any more goes. Folders behind it mean only those catalogues. `--check` changes nothing and fails
when a text is missing, fuzzy or unused; `--compile` writes the `.mo` files that are older than their catalogue.
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
LANGUAGE = "zh_Hans"
HOME_OF_THE_REST = Path("dealer_crm")
APART = {"node_modules", "static", "tests", "var", "migrations", "locale", "benchmarks", "embedded", "locks"}
HEADERS = {
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": LANGUAGE,
    "MIME-Version": "1.0",
    "Plural-Forms": "nplurals=1; plural=0;",
}
CALLS = {
    "gettext": "s", "gettext_lazy": "s", "gettext_noop": "s", "_": "s", "N_": "s",
    "ngettext": "sp", "ngettext_lazy": "sp",
    "pgettext": "cs", "pgettext_lazy": "cs",
    "npgettext": "csp", "npgettext_lazy": "csp",
}  # fmt: skip
"""Function → what its arguments are: s text, p plural, c context."""


@dataclass(frozen=True)
class Text:
    """One text to translate, as gettext tells texts apart."""

    source: str
    plural: str = ""
    context: str | None = None


@dataclass
class Collected:
    """The texts of one catalogue, each with the files it stands in."""

    places: dict[Text, set[str]] = field(default_factory=dict)

    def add(self, text: Text, place: str) -> None:
        # A text used alone and with a plural is one entry in the catalogue: the plural one.
        alone = Text(text.source, context=text.context)
        if not text.plural:
            text = next((known for known in self.places if known.plural and _alone(known) == alone), text)
        elif alone in self.places:
            self.places[text] = self.places.pop(alone)
        self.places.setdefault(text, set()).add(place)


def _alone(text: Text) -> Text:
    return Text(text.source, context=text.context)


# ── Where texts stand ────────────────────────────────────────────────────────────────────────────────────────────────


def texts_in_python(source: str) -> Iterator[Text]:
    """Every call of a translation function with literal texts (neighbouring literals count as one)."""
    tree = ast.parse(source)
    aliases = dict(CALLS)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django.utils.translation"):
            aliases |= {name.asname: CALLS[name.name] for name in node.names if name.asname and name.name in CALLS}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
        if name not in aliases:
            continue
        literals = [getattr(argument, "value", None) for argument in node.args]
        parts = dict(zip(aliases[name], literals, strict=False))
        if all(isinstance(parts.get(part), str) for part in aliases[name]) and parts["s"]:
            yield Text(parts["s"], parts.get("p", ""), parts.get("c"))


_TAG = re.compile(r"\{%-?\s*(.*?)\s*-?%\}|\{\{\s*(.*?)\s*\}\}|\{#.*?#\}", re.DOTALL)
_COMMENT = re.compile(r"\{%\s*comment\b.*?%\}.*?\{%\s*endcomment\s*%\}", re.DOTALL)
_STRING = r"(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')"
_TRANSLATE = re.compile(rf"(?:translate|trans)\s+({_STRING})(.*)", re.DOTALL)
_CONTEXT = re.compile(rf"\bcontext\s+({_STRING})")
_INLINE = re.compile(rf"\b_\(\s*({_STRING})\s*\)")
_VARIABLE = re.compile(r"\{\{\s*(.*?)\s*\}\}")
_DYNAMIC_ATTRIBUTE = re.compile(r"""\s:[\w.-]+=("[^"]*"|'[^']*')""")


def texts_in_template(source: str) -> Iterator[Text]:
    """`translate`, `blocktranslate` (with plural, context, trimmed) and `_("…")` anywhere inside a tag or variable,
    attributes of components included."""
    source = _COMMENT.sub("", source)
    for attribute in _DYNAMIC_ATTRIBUTE.findall(_TAG.sub("", source)):
        for literal in _INLINE.findall(attribute[1:-1]):
            yield Text(_in_template(literal))
    position = 0
    while match := _TAG.search(source, position):
        position = match.end()
        tag = match.group(1) or ""
        for literal in _INLINE.findall(match.group(0)):
            yield Text(_in_template(literal))
        if found := _TRANSLATE.fullmatch(tag):
            context = _CONTEXT.search(found.group(2))
            yield Text(_in_template(found.group(1)), context=_unquote(context.group(1)) if context else None)
        elif re.match(r"blocktrans(late)?\b", tag):
            end = re.compile(r"\{%\s*endblocktrans(late)?\s*%\}").search(source, position)
            if not end:
                raise SyntaxError("blocktranslate without an end")
            yield _block(tag, source[position : end.start()])
            position = end.end()


def _block(tag: str, body: str) -> Text:
    singular, *plural = re.split(r"\{%\s*plural\s*%\}", body, maxsplit=1)
    context = _CONTEXT.search(tag)
    trimmed = re.search(r"\btrimmed\b", tag)
    parts = []
    for part in (singular, *plural):
        if trimmed:
            part = " ".join(line.strip() for line in part.strip().splitlines() if line.strip())
        parts.append(_VARIABLE.sub(r"%(\1)s", part.replace("%", "%%")))
    return Text(parts[0], parts[1] if len(parts) > 1 else "", _unquote(context.group(1)) if context else None)


def _in_template(literal: str) -> str:
    # Django looks for a template's texts with their percent signs doubled.
    return _unquote(literal).replace("%", "%%")


def _unquote(literal: str) -> str:
    return literal[1:-1].replace(f"\\{literal[0]}", literal[0]).replace("\\\\", "\\")


# ── Which catalogue a file belongs to ────────────────────────────────────────────────────────────────────────────────


def home_of(file: Path) -> Path:
    """The app (a path below the root) whose catalogue holds the texts of `file` (below the root, too)."""
    parts = file.parts
    folders = [Path(*parts[:2]), Path(parts[0])]
    if parts[0] == "templates" and len(parts) > 2:
        folders = [Path("dealer_crm") / parts[1], Path(parts[1])]
    for folder in folders:
        if (ROOT / folder / "apps.py").is_file() and folder != HOME_OF_THE_REST:
            return folder
    return HOME_OF_THE_REST


def source_files() -> Iterator[Path]:
    """Every Python file and template of the program, below the root."""
    waiting = [ROOT]
    while waiting:
        for entry in sorted(waiting.pop().iterdir()):
            if entry.name.startswith((".", "__pycache__")) or (entry.is_dir() and entry.name in APART):
                continue
            if entry.is_dir():
                waiting.append(entry)
            elif entry.suffix in (".py", ".html", ".txt") and (entry.suffix == ".py" or "templates" in entry.parts):
                yield entry.relative_to(ROOT)


def collect() -> dict[Path, Collected]:
    """The texts of the whole program by catalogue."""
    found: dict[Path, Collected] = {}
    for file in source_files():
        source = (ROOT / file).read_text(encoding="utf-8")
        try:
            texts = list(texts_in_python(source) if file.suffix == ".py" else texts_in_template(source))
        except SyntaxError as error:
            raise SystemExit(f"{file}: {error}") from None
        for text in texts:
            found.setdefault(home_of(file), Collected()).add(text, file.as_posix())
    return found


# ── Catalogues ───────────────────────────────────────────────────────────────────────────────────────────────────────


def catalogue_path(app: Path) -> Path:
    return ROOT / app / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def existing_catalogues() -> list[Path]:
    folders = ("*", "*/*")
    return sorted(path for some in folders for path in ROOT.glob(f"{some}/locale/{LANGUAGE}/LC_MESSAGES/django.po"))


def key(entry: polib.POEntry) -> Text:
    return Text(entry.msgid, entry.msgid_plural, entry.msgctxt)


def update(path: Path, collected: Collected) -> None:
    """Bring one catalogue in line with the program, keeping every translation that is still used."""
    old = polib.pofile(str(path)) if path.exists() else polib.POFile()
    known = {key(entry): entry for entry in old if not entry.obsolete}
    by_source = {(entry.msgid, entry.msgctxt): entry for entry in old}
    new = polib.POFile(wrapwidth=120)
    new.metadata = HEADERS
    in_order = sorted(collected.places, key=lambda text: (min(collected.places[text]), text.source, text.context or ""))
    for text in in_order:
        entry = polib.POEntry(
            msgid=text.source, msgid_plural=text.plural, msgctxt=text.context,
            occurrences=[(place, "") for place in sorted(collected.places[text])],
        )  # fmt: skip
        before = known.get(text) or by_source.get((text.source, text.context))
        translated = (before.msgstr or before.msgstr_plural.get(0, "")) if before else ""
        if text.plural:
            entry.msgstr_plural = {0: translated}
        else:
            entry.msgstr = translated
        if before:
            entry.flags, entry.tcomment = list(before.flags), before.tcomment
        if re.search(r"%(\(\w+\))?[sd]", text.source) and "python-format" not in entry.flags:
            entry.flags.append("python-format")
        new.append(entry)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or str(new) != path.read_text(encoding="utf-8"):
        path.write_text(str(new), encoding="utf-8")


def faults(path: Path, collected: Collected) -> list[str]:
    """What is wrong with one catalogue: missing, untranslated, fuzzy, unused, placeholders that do not match."""
    name = path.relative_to(ROOT).as_posix()
    entries = {key(entry): entry for entry in polib.pofile(str(path))} if path.exists() else {}
    absent = {text: places for text, places in collected.places.items() if text not in entries}
    found = [f"{name}: missing: {text.source!r} ({min(places)})" for text, places in absent.items()]
    for text, entry in entries.items():
        translations = list(entry.msgstr_plural.values()) if text.plural else [entry.msgstr]
        if text not in collected.places:
            found.append(f"{name}: unused: {text.source!r}")
        elif not all(translations):
            found.append(f"{name}: not translated: {text.source!r}")
        elif "fuzzy" in entry.flags:
            found.append(f"{name}: fuzzy: {text.source!r}")
        elif (wrong := _placeholders(text.plural or text.source) ^ _placeholders(translations[0])) and not (
            text.plural and wrong <= _placeholders(text.plural)
        ):
            found.append(f"{name}: placeholders differ {sorted(wrong)}: {text.source!r}")
    return found


def _placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]|\{\w*\}|(?<!%)%[sd]", text))


def compile_all() -> int:
    """Write every `.mo` that is missing or older than its catalogue; the number written."""
    written = 0
    for path in existing_catalogues():
        compiled = path.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < path.stat().st_mtime:
            polib.pofile(str(path)).save_as_mofile(str(compiled))
            written += 1
    return written


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("apps", nargs="*", help="only these catalogues, as folders: reception dealer_crm/ui")
    parser.add_argument("--check", action="store_true", help="change nothing; fail when a text is missing or unused")
    parser.add_argument("--compile", action="store_true", help="only write the .mo files that are out of date")
    options = parser.parse_args(argv)
    if options.compile:
        compile_all()
        return 0
    found = collect()
    for path in existing_catalogues():
        found.setdefault(path.parents[3].relative_to(ROOT), Collected())
    if options.apps:
        found = {app: collected for app, collected in found.items() if app in set(map(Path, options.apps))}
    if options.check:
        wrong = [line for app, collected in sorted(found.items()) for line in faults(catalogue_path(app), collected)]
        print("\n".join(wrong) or f"translations complete: {sum(len(c.places) for c in found.values())} texts")
        return 1 if wrong else 0
    for app, collected in sorted(found.items()):
        update(catalogue_path(app), collected)
        empty = sum(1 for entry in polib.pofile(str(catalogue_path(app))) if not entry.translated())
        print(f"{catalogue_path(app).relative_to(ROOT)}: {len(collected.places)} texts, {empty} to translate")
    compile_all()
    return 0


if __name__ == "__main__":
    sys.exit(main())
