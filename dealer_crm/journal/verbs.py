"""What the verbs of the journal are called on screen. Each app registers the words for its own deeds when it is ready.

verbs.register({"repair_order.opened": _("Car taken in")})
verbs.register_names({"line": _("Line")})  # a change that is no field of its thing; "line 2" is told as "Line 2"
verbs.register_fields(ComebackDecision)  # changes told of one thing that are fields of another, far uphill
"""

from django.db.models import Field, Model

_words: dict[str, str] = {}
_names: dict[str, str] = {}
_fields: dict[str, Field] = {}


def register(words: dict) -> None:
    """Add words: verb → what a reader of the story sees (lazily translated)."""
    _words.update(words)


def register_names(names: dict) -> None:
    """Add names of changes that are no fields of a model: name → what a reader sees (lazily translated)."""
    _names.update(names)


def register_fields(model: type[Model]) -> None:
    """Changes of other things are told by this model's names and words for them (a decision noted at its order)."""
    for field in model._meta.fields:
        _fields.setdefault(field.name, field)


def field_for(change: str) -> Field | None:
    """The registered field a change is told by, when its own thing has none of that name."""
    return _fields.get(change)


def name_for(change: str) -> str | None:
    """The registered name of a change, what follows it ("line 2") kept behind it; None when nobody registered it."""
    name, blank, rest = change.partition(" ")
    if name in _names:
        return f"{_names[name]}{blank}{rest}"
    return str(_fields[change].verbose_name) if change in _fields else None


def words_for(verb: str) -> str:
    """The words for a verb; a verb nobody registered speaks for itself."""
    return str(_words.get(verb, verb))


def known() -> dict[str, str]:
    """Every registered verb with its words, in the order of the words."""
    return dict(sorted(((verb, str(words)) for verb, words in _words.items()), key=lambda pair: pair[1]))
