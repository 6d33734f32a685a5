"""Links as pictures that a customer's phone reads."""

import qrcode
from django.http import HttpResponse
from qrcode.image.svg import SvgPathImage


def code_of(link: str) -> HttpResponse:
    """The link as a code to be scanned; never kept by the browser, for some links belong to one customer."""
    picture = qrcode.make(link, image_factory=SvgPathImage, box_size=12, border=2)
    return HttpResponse(picture.to_string(), content_type="image/svg+xml", headers={"Cache-Control": "no-store"})
