"""Keeping what people bring, and sweeping away what nobody keeps.

A file waits under `MEDIA_ROOT/waiting` until its row is committed; then it is put into its place. A transaction that
is rolled back drops the only hold on the waiting file, which takes itself away. A program killed between commit and
placing leaves it waiting, and the sweep puts it into its place. So a row without its file ends, and a file without row.
"""

import hashlib
import logging
import os
import uuid
import weakref
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path, PurePath

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.files.choices import FileKind
from dealer_crm.files.formulas import EXTENSIONS, PictureTooLarge, Unreadable, clean_picture, media_type_of
from dealer_crm.files.models import StoredFile
from dealer_crm.files.queries import place_of
from dealer_crm.files.settings import AUDIO_MEGABYTES, IMAGE_MEGABYTES, IMAGE_SIDE, PDF_MEGABYTES, WAITING_HOURS
from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Store
from dealer_crm.organization.queries import figure
from dealer_crm.values import Refusal

WAITING = "waiting"
log = logging.getLogger(__name__)
_LIMITS = {FileKind.IMAGE: IMAGE_MEGABYTES, FileKind.PDF: PDF_MEGABYTES, FileKind.AUDIO: AUDIO_MEGABYTES}
_MEGABYTE = 1024 * 1024
_SWEEP_AT_ONCE = 500


@transaction.atomic
def keep_file(
    *, upload, store: Store, by, at: datetime, kinds: Collection[FileKind], max_bytes: int | None = None,
    field: str = "file",
) -> StoredFile:  # fmt: skip
    """Check what somebody brought, make it harmless and keep it; the owner's action gives the row its meaning.

    `upload`: Django's uploaded file (or anything with `name`, `size`, `read`). `kinds`: what is welcome here.
    `max_bytes`: the limit; without it the dated figure of the kind. `field`: the form field a refusal is about.
    """
    name = _plain_name(upload.name)
    day = at.astimezone(store.tz).date()
    limits = {kind: max_bytes or figure(_LIMITS[kind], store=store, on=day) * _MEGABYTE for kind in kinds}
    if not upload.size:
        raise Refusal(_("%(name)s is empty.") % {"name": name}, field=field, code="file_empty")
    _refuse_large(name, upload.size, max(limits.values()), field)
    content = upload.read()
    media_type = media_type_of(content)
    kind = _kind_of(media_type)
    if kind not in limits:
        raise Refusal(
            _("%(name)s can't be taken: it is no %(kinds)s.")
            % {"name": name, "kinds": _(" or ").join(str(FileKind(one).label) for one in kinds)},
            field=field,
            code="file_kind",
        )
    _refuse_large(name, len(content), limits[kind], field)
    width = height = None
    if kind == FileKind.IMAGE:
        picture = _cleaned(name, content, figure(IMAGE_SIDE, store=store, on=day), field)
        content, media_type, width, height = picture.content, picture.media_type, picture.width, picture.height
    key = uuid.uuid4()
    path = f"{store.code}/{day:%Y}/{day:%m}/{key}.{EXTENSIONS[media_type]}"
    _place_after_commit(content, key, path)
    return StoredFile.objects.create(
        id=key, store=store, kind=kind, media_type=media_type, name=name, path=path, size=len(content), width=width,
        height=height, content_hash=hashlib.sha256(content).hexdigest(), brought_by=by, brought_at=at,
    )  # fmt: skip


@transaction.atomic
def drop_file(*, stored: StoredFile, by, at: datetime) -> None:
    """Take a file away with its row; the owner's action writes into its own journal what for."""
    place = place_of(stored)
    journal.record(by=by, at=at, verb="file.dropped", subject=stored, note=stored.content_hash)
    stored.delete()
    transaction.on_commit(lambda: place.unlink(missing_ok=True))


def sweep_files(*, at: datetime) -> tuple[int, int]:
    """Put waiting files of committed rows into their places, take away what no row names. (placed, taken away)"""
    root = Path(settings.MEDIA_ROOT)
    oldest = (at - timedelta(hours=figure(WAITING_HOURS, on=at.date()))).timestamp()
    placed = gone = 0
    for waiting in _settled(root.glob(f"{WAITING}/*"), oldest):
        stored = StoredFile.objects.filter(pk=_key_of(waiting)).first()
        if stored is None:
            waiting.unlink(missing_ok=True)
            gone += 1
        else:
            _put(waiting, place_of(stored))
            placed += 1
    batch = []
    for path in _settled(root.glob("*/[0-9][0-9][0-9][0-9]/[0-9][0-9]/*"), oldest):
        batch.append(path)
        if len(batch) == _SWEEP_AT_ONCE:
            gone += _take_away_unknown(root, batch)
            batch = []
    return placed, gone + _take_away_unknown(root, batch)


def _take_away_unknown(root: Path, paths: list[Path]) -> int:
    names = {path.relative_to(root).as_posix(): path for path in paths if _key_of(path)}  # else none of ours
    known = set(StoredFile.objects.filter(path__in=names).values_list("path", flat=True))
    unknown = [path for name, path in names.items() if name not in known]
    for path in unknown:
        path.unlink(missing_ok=True)
    return len(unknown)


def _settled(paths, oldest: float):
    return (path for path in paths if path.is_file() and path.stat().st_mtime < oldest)


def _key_of(path: Path) -> uuid.UUID | None:
    """The id a file of this house has in its name."""
    try:
        return uuid.UUID(path.name[:36])
    except ValueError:
        return None


def _place_after_commit(content: bytes, key: uuid.UUID, path: str) -> None:
    waiting = _Waiting(content, key)

    def place():
        try:
            _put(waiting.path, Path(settings.MEDIA_ROOT) / path)
        except OSError:
            log.exception("%s waits for the sweep to be put into its place", waiting.path)
        # From here on the row is committed: whatever happened, the file stays.
        waiting.take_away.detach()

    transaction.on_commit(place)


class _Waiting:
    """A written file that takes itself away with its last holder: a rollback forgets the callback that holds it."""

    def __init__(self, content: bytes, key: uuid.UUID):
        room = Path(settings.MEDIA_ROOT) / WAITING
        room.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path = room / str(key)
        self.take_away = weakref.finalize(self, self.path.unlink, missing_ok=True)
        with os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())


def _put(waiting: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    waiting.replace(place)


def _kind_of(media_type: str | None) -> FileKind | None:
    if media_type is None:
        return None
    return FileKind.PDF if media_type == "application/pdf" else FileKind(media_type.partition("/")[0])


def _cleaned(name: str, content: bytes, longest_side: int, field: str):
    try:
        return clean_picture(content, longest_side=longest_side)
    except PictureTooLarge:
        raise Refusal(
            _("%(name)s has more pixels than any camera here: it is not taken.") % {"name": name}, field=field,
            code="picture_too_large",
        ) from None  # fmt: skip
    except Unreadable:
        raise Refusal(
            _("%(name)s can't be read as a picture: it is broken or was cut off on the way. Take it again.")
            % {"name": name},
            field=field,
            code="picture_unreadable",
        ) from None


def _refuse_large(name: str, size: int, limit: int, field: str) -> None:
    if size > limit:
        raise Refusal(
            _("%(name)s is too large: %(size)s MB; at most %(limit)s MB.")
            % {"name": name, "size": f"{size / _MEGABYTE:.1f}", "limit": f"{limit / _MEGABYTE:g}"},
            field=field,
            code="file_too_large",
        )


def _plain_name(name: str) -> str:
    """The last part of a name as somebody's computer has it, without signs that could mislead."""
    plain = "".join(sign for sign in PurePath(name.replace("\\", "/")).name if sign.isprintable() and sign not in '<>"')
    return plain[-160:] or _("file")
