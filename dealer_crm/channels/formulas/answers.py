"""What a customer's answer means. Source: spec `callback.md` (inbound "T"/"退订" unsubscribes)."""

import re
import unicodedata
from collections.abc import Iterable

_AROUND = re.compile(r"^[\W_]+|[\W_]+$")


def is_refusal(text: str, words: Iterable[str]) -> bool:
    """Whether the whole answer is one of `words`: full width, case, blanks and marks around it do not count, and a
    leading "回" or "回复" (people copy what they read) neither. "T恤到了吗" is a question and no refusal."""
    said = _plain(text)
    return said != "" and {said, re.sub(r"^回复?", "", said)} & {_plain(word) for word in words} != set()


def _plain(text: str) -> str:
    return _AROUND.sub("", unicodedata.normalize("NFKC", text)).casefold().replace(" ", "")
