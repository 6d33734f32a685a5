"""How long a text message is, as the networks of the mainland count and bill it."""

ALONE, IN_A_ROW = 70, 67
"""UTF-16 units of a message sent alone, and of each part of a longer one (three go to the numbering)."""


def text_parts(text: str) -> int:
    """How many parts a text is billed as. Every text here carries Chinese (the signature 【…】), so the alphabet of 160
    letters never applies; a picture letter counts as two units."""
    units = len(text.encode("utf-16-le")) // 2
    if units <= ALONE:
        return min(units, 1)
    return -(-units // IN_A_ROW)


def with_ending(text: str, ending: str) -> str:
    """The text with the way to unsubscribe at its end, once."""
    return text if not ending or ending in text else f"{text} {ending}"
