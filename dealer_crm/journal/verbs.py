"""What the verbs of the journal are called on screen. Each app registers the words for its own deeds when it is ready.

verbs.register({"repair_order.opened": _("Car taken in")})
verbs.register_names({"line": _("Line")})  # a change that is no field of its thing; "line 2" is told as "Line 2"
"""

_words: dict[str, str] = {}
_names: dict[str, str] = {}


def register(words: dict) -> None:
    """Add words: verb → what a reader of the story sees (lazily translated)."""
    _words.update(words)


def register_names(names: dict) -> None:
    """Add names of changes that are no fields of a model: name → what a reader sees (lazily translated)."""
    _names.update(names)


def name_for(change: str) -> str | None:
    """The registered name of a change, what follows it ("line 2") kept behind it; None when nobody registered it."""
    name, blank, rest = change.partition(" ")
    return f"{_names[name]}{blank}{rest}" if name in _names else None


def words_for(verb: str) -> str:
    """The words for a verb; a verb nobody registered speaks for itself."""
    return str(_words.get(verb, verb))


def known() -> dict[str, str]:
    """Every registered verb with its words, in the order of the words."""
    return dict(sorted(((verb, str(words)) for verb, words in _words.items()), key=lambda pair: pair[1]))
