"""What bytes are, and what is left of a picture: no database."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from dealer_crm.files.formulas import (
    PictureTooLarge,
    Unreadable,
    clean_picture,
    is_blank,
    media_type_of,
    small_picture,
)
from tests.factories.files import PDF, SOUND, picture


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (picture(), "image/jpeg"),
        (picture(form="PNG"), "image/png"),
        (picture(form="WEBP"), "image/webp"),
        (PDF, "application/pdf"),
        (SOUND, "audio/mpeg"),
        (b"\xff\xfb\x90\x64", "audio/mpeg"),
        (b"OggS\x00\x02", "audio/ogg"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"\x00\x00\x00\x20ftypM4A ", "audio/mp4"),
        (b"#!AMR\n", "audio/amr"),
        (b"\x1aE\xdf\xa3", "audio/webm"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", None),
        (b"<!doctype html><script>alert(1)</script>", None),
        (b"GIF89a<script>alert(1)</script>", None),
        (b"PK\x03\x04", None),
        (b"MZ\x90\x00", None),
        (b"RIFF\x24\x00\x00\x00AVI ", None),
        (b"\x00\x00\x00\x20ftypheic", None),
        (b"", None),
    ],
)
def test_the_kind_is_read_from_the_content(content, media_type):
    assert media_type_of(content) == media_type


def test_a_kept_photo_knows_neither_camera_nor_place_and_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # held sideways
    exif[0x010F] = "某某手机"
    exif.get_ifd(0x8825)[1] = "N"
    kept = clean_picture(picture(400, 300, exif=exif), longest_side=2048)

    with Image.open(BytesIO(kept.content)) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("JPEG", (300, 400), {})
    assert b"Exif" not in kept.content
    assert (kept.width, kept.height, kept.media_type) == (300, 400, "image/jpeg")


def test_what_hangs_behind_a_picture_is_gone():
    kept = clean_picture(picture() + b"<script>alert(1)</script>", longest_side=2048)

    assert b"script" not in kept.content


@pytest.mark.parametrize(
    ("size", "kept"), [((4000, 3000), (2048, 1536)), ((3000, 4000), (1536, 2048)), ((800, 600), (800, 600))]
)
def test_the_longer_side_is_2048_at_most(size, kept):
    made = clean_picture(picture(*size), longest_side=2048)

    assert (made.width, made.height) == kept


def test_a_drawing_stays_a_drawing_on_white_paper():
    drawn = BytesIO()
    Image.new("RGBA", (60, 20), (0, 0, 0, 0)).save(drawn, "PNG")
    made = clean_picture(drawn.getvalue(), longest_side=2048)

    with Image.open(BytesIO(made.content)) as image:
        assert (image.format, image.getpixel((5, 5))) == ("PNG", (255, 255, 255))


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that says it is that large."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(20_000, 20_000), (60_000, 2_000), (50_000, 50_000)])
def test_a_bomb_is_refused_before_it_is_unpacked(size):
    with pytest.raises(PictureTooLarge):
        clean_picture(bomb(*size), longest_side=2048)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_cut_off_on_the_way_is_not_taken(form, share):
    whole = picture(600, 400, form=form)

    with pytest.raises(Unreadable):
        clean_picture(whole[: int(len(whole) * share)], longest_side=2048)


def test_an_empty_pad_is_told_from_a_signature():
    assert is_blank(picture(300, 100, form="PNG", colour="white", stroke=False))
    assert not is_blank(picture(300, 100, form="PNG", colour="white"))


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_small_one_of_a_kept_picture(form):
    small = small_picture(clean_picture(picture(2000, 1000, form=form), longest_side=2048).content, longest_side=320)

    assert (small.width, small.height) == (320, 160)
