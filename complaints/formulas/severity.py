"""When a complaint weighs more than it was entered with. Source: complaints.md, "Severity rises by itself"."""

from collections.abc import Iterable
from dataclasses import dataclass

# From light to heavy, by the codes of `choices.Severity`.
SCALE = ("general", "important", "major")
# Sources that are major by themselves: "major 重大 (media, injury, group, legal)".
MAJOR_SOURCES = frozenset({"media", "regulator"})


@dataclass(frozen=True)
class Rise:
    """The severity that holds, with what raised it: "words", "repeat", "source"; the words found."""

    severity: str
    causes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


def raised_severity(
    severity: str,
    *,
    text: str,
    source: str,
    earlier_of_the_matter: int,
    words: Iterable[str],
    repeats: int,
) -> Rise:
    """The severity after the rules: an alarming word or a source like the media makes it major, the third complaint of
    one matter (`repeats`) makes it one degree heavier. It never falls.

    Source: complaints.md, "Severity rises by itself on the third repeat of one matter and on key words".
    """
    folded = text.casefold()
    found = tuple(word for word in words if word and word.casefold() in folded)
    place, causes = SCALE.index(severity), []
    if earlier_of_the_matter + 1 >= repeats and place < 2:
        place, causes = place + 1, [*causes, "repeat"]
    if found and place < 2:
        place, causes = 2, [*causes, "words"]
    if source in MAJOR_SOURCES and place < 2:
        place, causes = 2, [*causes, "source"]
    return Rise(SCALE[place], tuple(causes), found)
