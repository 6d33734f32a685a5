"""What a cell can hold, and how people's typing is folded into one form. Pure Python.

Source: spec `interfaces.md`, import workbook: headers and text are trimmed, full-width digits and letters folded, codes
compared without case and kept in capitals, thousands commas, numbers stored as text.
"""

import re
import unicodedata
from dataclasses import dataclass, field


@dataclass(frozen=True)
class BrokenCell:
    """A cell whose formula ended in an error (`#REF!`, `#DIV/0!`), or was saved without its result (`text` empty)."""

    text: str = ""


@dataclass(frozen=True)
class PlainSheet:
    """One sheet as it was found: `rows` are (row number as Excel shows it, cells from column A on)."""

    name: str
    rows: list[tuple[int, list]] = field(default_factory=list)


# Zero-width and direction characters that web pages and chat programs leave in copied text.
_INVISIBLE = dict.fromkeys(
    [0x00AD, 0x180E, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065)]
)
# Full-width digits, letters and the ideographic space. Punctuation of a sentence stays as it was written.
_FULL_WIDTH = {
    **{code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))},
    0x3000: " ",
    0x00A0: " ",
    0x202F: " ",
}
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－ー"), "-")
_CAPITALS = {code: code - 32 for code in range(ord("a"), ord("z") + 1)}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def fold_text(text: str) -> str:
    """A sentence or name: trimmed, without invisible characters, full-width digits and letters folded."""
    text = unicodedata.normalize("NFC", _CONTROL.sub("", text.translate(_INVISIBLE).translate(_FULL_WIDTH)))
    return _without_quote_mark(text.strip())


def fold_sign(text: str) -> str:
    """Text that stands for a number, date or choice: everything compatible folded (NFKC), trimmed."""
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFKC", _CONTROL.sub("", text.translate(_INVISIBLE)))
    return _without_quote_mark(text.strip())


def fold_code(text: str) -> str:
    """A code as it is kept: folded, dashes of all lengths made hyphens, letters a–z in capitals."""
    return fold_sign(text).translate(_DASHES).translate(_CAPITALS)


def fold_header(text) -> str:
    """A header for comparison: folded, without blanks inside and without the marks some forms put on required ones."""
    return unicodedata.normalize("NFKC", re.sub(r"[\s★*?]", "", fold_sign(str(text))))


def _without_quote_mark(text: str) -> str:
    # A leading apostrophe is how people tell Excel "this is text"; exports of other programs keep it in the value.
    return text[1:].lstrip() if text[:1] in ("'", "’", "‘") else text


def is_blank(value) -> bool:
    """True for an empty cell and for one that holds nothing but blanks."""
    return value is None or (isinstance(value, str) and not fold_sign(value))


def shown(value) -> str:
    """A cell's value as a person recognises it in a message."""
    text = shown_whole(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def shown_whole(value) -> str:
    """A cell's value as text, however long."""
    if value is None:
        return ""
    if isinstance(value, BrokenCell):
        return value.text
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{value:.15g}"
    return fold_sign(str(value))
