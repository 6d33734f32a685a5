"""How alike a text that is being typed is to what the knowledge base knows. Chinese has no spaces, so pairs count."""

import re

_SIGNS = re.compile(r"[\W_]+")


def pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters of a text, without blanks and punctuation, small letters."""
    folded = _SIGNS.sub(" ", text.casefold())
    return frozenset(
        word[place : place + 2] for word in folded.split() for place in range(max(1, len(word) - 1)) if word
    )


def likeness(typed: frozenset[str], known: frozenset[str]) -> float:
    """The share (0–1) of the shorter text's pairs that stand in the other too; 0 where either says nothing."""
    return len(typed & known) / min(len(typed), len(known)) if typed and known else 0.0
