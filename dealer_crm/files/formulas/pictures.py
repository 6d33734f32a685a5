"""Pictures decoded and written anew: upright, no larger than needed, without EXIF (camera, time, place).

What isn't a whole picture doesn't survive decoding, so nothing can hide behind one.
"""

import warnings
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

MOST_PIXELS = 60_000_000
"""A picture larger than any camera's of the trade is a bomb: a few bytes that unpack to gigabytes."""

_FORMATS = ("JPEG", "PNG", "WEBP")
_QUALITY = 85


class Unreadable(ValueError):
    """Broken, cut off, or no picture at all."""


class PictureTooLarge(ValueError):
    """More pixels than `MOST_PIXELS`."""


@dataclass(frozen=True)
class Picture:
    content: bytes
    media_type: str
    width: int
    height: int


def clean_picture(content: bytes, *, longest_side: int) -> Picture:
    """The picture as it is kept: PNG for drawings (a signature, a screenshot), JPEG for photos."""
    image, is_drawing = _decoded(content)
    image.thumbnail((longest_side, longest_side), Image.Resampling.LANCZOS)
    return _written(image, is_drawing)


def small_picture(content: bytes, *, longest_side: int) -> Picture:
    """The picture for a row of small ones, from a kept one. JPEGs are decoded at the small size at once."""
    with Image.open(BytesIO(content), formats=_FORMATS) as image:
        image.draft("RGB", (longest_side, longest_side))
        image.thumbnail((longest_side, longest_side))
        return _written(image, image.format == "PNG")


def is_blank(content: bytes) -> bool:
    """Whether nothing is drawn on it: one colour all over."""
    image, _is_drawing = _decoded(content)
    return all(low == high for low, high in _flat(image).getextrema())


def _decoded(content: bytes) -> tuple[Image.Image, bool]:
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            image = Image.open(BytesIO(content), formats=_FORMATS)
            if image.width * image.height > MOST_PIXELS:
                raise PictureTooLarge(f"{image.width} × {image.height}")
            is_drawing = image.format == "PNG"
            image.load()
            return ImageOps.exif_transpose(image), is_drawing
        except PictureTooLarge:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
            raise PictureTooLarge(str(bomb)) from bomb
        # Pillow's decoders answer broken content with whatever went wrong inside them.
        except Exception as broken:
            raise Unreadable(str(broken)) from broken


def _written(image: Image.Image, is_drawing: bool) -> Picture:
    image = _flat(image)
    written = BytesIO()
    # A fresh image carries the pixels and nothing of what the old one knew.
    fresh = Image.frombytes(image.mode, image.size, image.tobytes())
    if is_drawing:
        fresh.save(written, "PNG", optimize=True)
    else:
        fresh.save(written, "JPEG", quality=_QUALITY, optimize=True)
    return Picture(written.getvalue(), "image/png" if is_drawing else "image/jpeg", fresh.width, fresh.height)


def _flat(image: Image.Image) -> Image.Image:
    """Plain colours on white paper."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layer = image.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(paper, layer).convert("RGB")
    return image.convert("RGB")
