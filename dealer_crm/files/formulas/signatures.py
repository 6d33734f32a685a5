"""Kinds of files by their first bytes. A name or a header a browser sends is never asked.

Only what is written here can come in, so a page, a script or an SVG can't: they have no signature of these.
Source: the formats' own specifications (PNG, JFIF, WebP container, ISO 32000, ID3, ISO 14496-12, RFC 3533, RFC 4867).
"""

# Media type → the ending its files get in the store.
EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "application/pdf": "pdf",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
    "audio/amr": "amr",
    "audio/webm": "webm",
}

_BEGINNINGS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"%PDF-", "application/pdf"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"#!AMR", "audio/amr"),
    (b"\x1aE\xdf\xa3", "audio/webm"),  # what a browser's own recorder writes
)
_SOUND_BRANDS = (b"M4A ", b"M4B ", b"mp42", b"isom", b"iso5", b"3gp4", b"3gp5")


def media_type_of(content: bytes) -> str | None:
    """The media type of a content this house takes, or None."""
    for beginning, media_type in _BEGINNINGS:
        if content.startswith(beginning):
            return media_type
    if content[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(content[8:12])
    if content[4:8] == b"ftyp" and content[8:12] in _SOUND_BRANDS:
        return "audio/mp4"
    # A frame of MPEG sound without a title in front: eleven set bits, then layer III.
    if len(content) > 2 and content[0] == 0xFF and content[1] & 0xE6 == 0xE2:
        return "audio/mpeg"
    return None
