"""Filling names into what is said or sent. Source: spec `callback.md` (the script with names filled in)."""

import re
from collections.abc import Mapping

_NAME = re.compile(r"\{([^{}\s]+)\}")


def fill_in(text: str, names: Mapping[str, str]) -> str:
    """The text with every `{name}` replaced; a name nobody knows stays as it was written, so that it is seen."""
    return _NAME.sub(lambda found: names.get(found[1], found[0]), text)


def unknown_names(text: str, known) -> list[str]:
    """Names in braces that would not be filled in, in the order they stand."""
    return [name for name in dict.fromkeys(_NAME.findall(text)) if name not in known]
