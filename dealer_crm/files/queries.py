"""Where a kept file lies."""

from pathlib import Path

from django.conf import settings

from dealer_crm.files.models import StoredFile


def place_of(stored: StoredFile) -> Path:
    """The file of a row on the disk."""
    return Path(settings.MEDIA_ROOT) / stored.path


def content_of(stored: StoredFile) -> bytes:
    return place_of(stored).read_bytes()
