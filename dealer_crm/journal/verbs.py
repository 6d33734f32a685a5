"""What the verbs of the journal are called on screen. Each app registers the words for its own deeds when it is ready.

verbs.register({"repair_order.opened": _("Car taken in")})
"""

_words: dict[str, str] = {}


def register(words: dict) -> None:
    """Add words: verb → what a reader of the story sees (lazily translated)."""
    _words.update(words)


def words_for(verb: str) -> str:
    """The words for a verb; a verb nobody registered speaks for itself."""
    return str(_words.get(verb, verb))


def known() -> dict[str, str]:
    """Every registered verb with its words, in the order of the words."""
    return dict(sorted(((verb, str(words)) for verb, words in _words.items()), key=lambda pair: pair[1]))
