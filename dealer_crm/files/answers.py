"""Handing a kept file out. Called by the page of the thing it belongs to, which has asked for permission and store."""

from django.http import FileResponse, Http404, HttpResponse

from dealer_crm.files.formulas import small_picture
from dealer_crm.files.models import StoredFile
from dealer_crm.files.queries import content_of, place_of

SMALL_SIDE = 320
"""Longest side of a picture in a row of small ones, in pixels."""


def file_response(stored: StoredFile) -> HttpResponse:
    """The file as it is kept: shown in the browser (pictures, PDF, sound: nothing else is kept), under its own name."""
    try:
        held = place_of(stored).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return _sealed(FileResponse(held, content_type=stored.media_type, filename=stored.name))


def small_response(stored: StoredFile) -> HttpResponse:
    """A picture of at most `SMALL_SIDE` pixels. A kept file never changes, so the browser asks once."""
    try:
        picture = small_picture(content_of(stored), longest_side=SMALL_SIDE)
    except FileNotFoundError:
        raise Http404 from None
    return _sealed(HttpResponse(picture.content, content_type=picture.media_type))


def _sealed(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "private, max-age=86400, immutable"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
