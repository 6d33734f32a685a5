"""Keeping, handing out, dropping and sweeping files."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction

from dealer_crm.files import actions
from dealer_crm.files.answers import file_response, small_response
from dealer_crm.files.choices import FileKind
from dealer_crm.files.models import StoredFile
from dealer_crm.files.queries import content_of, place_of
from dealer_crm.organization.models import StoreFigure
from dealer_crm.values import Refusal
from tests.factories.files import PDF, SOUND, photo, picture, upload
from tests.factories.reception import MORNING

pytestmark = pytest.mark.django_db(transaction=True)

EVERYTHING = (FileKind.IMAGE, FileKind.PDF, FileKind.AUDIO)


class Undone(Exception):
    """The transaction around is rolled back."""


def keep(people, brought, kinds=EVERYTHING, **options):
    return actions.keep_file(upload=brought, store=people.store, by=people.advisor, at=MORNING, kinds=kinds, **options)


def files_below(folder) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in Path(folder).rglob("*") if path.is_file())


def test_a_photo_is_kept_outside_the_web_root_under_a_name_of_its_own(people, settings):
    stored = keep(people, photo("IMG_0001.jpg"))

    assert files_below(settings.MEDIA_ROOT) == [f"BJ01/2026/10/{stored.pk}.jpg"] == [stored.path]
    assert (stored.name, stored.kind, stored.brought_by, stored.width) == ("IMG_0001.jpg", "image", people.advisor, 400)
    assert stored.size == place_of(stored).stat().st_size
    assert place_of(stored).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("content", "kind", "ending"), [(PDF, FileKind.PDF, "pdf"), (SOUND, FileKind.AUDIO, "mp3")])
def test_documents_and_recordings_are_kept_as_they_are(people, content, kind, ending):
    stored = keep(people, upload(content, "证据"))

    assert (stored.kind, content_of(stored)) == (kind, content)
    assert stored.path.endswith(f".{ending}")


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "logo.png", "file_kind"),
        (b"<!doctype html><script>alert(1)</script>", "照片.jpg", "file_kind"),
        (b"MZ\x90\x00", "发票.pdf", "file_kind"),
        (b"", "照片.jpg", "file_empty"),
        (picture()[:400], "照片.jpg", "picture_unreadable"),
        (b"\xff\xd8\xff\xe0" + b"no picture at all", "照片.jpg", "picture_unreadable"),
    ],
)
def test_a_name_deceives_nobody_and_nothing_is_left_behind(people, settings, content, name, code):
    with pytest.raises(Refusal) as refused:
        keep(people, upload(content, name, "image/jpeg"))

    assert (refused.value.code, refused.value.field, name in str(refused.value)) == (code, "file", True)
    assert files_below(settings.MEDIA_ROOT) == []


def test_only_the_kinds_that_are_asked_for_are_taken(people):
    with pytest.raises(Refusal) as refused:
        keep(people, upload(PDF), kinds=[FileKind.IMAGE])

    assert refused.value.code == "file_kind"


def test_the_limit_is_a_dated_figure_of_the_kind_and_may_be_set_lower(people):
    megabyte = 1024 * 1024
    with pytest.raises(Refusal) as refused:
        keep(people, upload(PDF + b" " * 20 * megabyte))
    assert refused.value.code == "file_too_large"

    StoreFigure.objects.create(
        store=people.store, code="files.pdf_megabytes", value=40, starts_on=MORNING.date(), changed_at=MORNING
    )
    assert keep(people, upload(PDF + b" " * 20 * megabyte)).kind == FileKind.PDF
    with pytest.raises(Refusal):
        keep(people, upload(PDF), max_bytes=10)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("C:\\照片\\车头.jpg", "车头.jpg"),
        ("../../etc/passwd", "passwd"),
        ('a<b>"\n.jpg', "ab.jpg"),
        ("长" * 300 + ".jpg", "长" * 156 + ".jpg"),
    ],
)
def test_names_are_for_reading_only(people, typed, kept):
    brought = photo()
    brought._name = typed

    assert keep(people, brought).name == kept


def test_a_rolled_back_transaction_leaves_no_file(people, settings):
    with pytest.raises(Undone), transaction.atomic():
        keep(people, photo())
        assert len(files_below(settings.MEDIA_ROOT)) == 1
        raise Undone

    assert not StoredFile.objects.exists()
    assert files_below(settings.MEDIA_ROOT) == []


def test_a_rolled_back_part_of_a_transaction_leaves_no_file(people, settings):
    with transaction.atomic():
        kept = keep(people, photo())
        with pytest.raises(Undone), transaction.atomic():
            keep(people, photo())
            raise Undone

    assert files_below(settings.MEDIA_ROOT) == [kept.path]


def test_a_file_whose_placing_failed_waits_for_the_sweep(people, settings):
    settings.MEDIA_ROOT.mkdir()
    (settings.MEDIA_ROOT / "BJ01").write_text("in the way")
    stored = keep(people, photo())
    assert files_below(settings.MEDIA_ROOT) == ["BJ01", f"waiting/{stored.pk}"]

    (settings.MEDIA_ROOT / "BJ01").unlink()
    age(settings, days=2)
    assert actions.sweep_files(at=MORNING) == (1, 0)
    assert files_below(settings.MEDIA_ROOT) == [stored.path]


def age(settings, **length):
    for name in files_below(settings.MEDIA_ROOT):
        moment = (MORNING - timedelta(**length)).timestamp()
        os.utime(Path(settings.MEDIA_ROOT) / name, (moment, moment))


def test_the_sweep_takes_what_no_row_names_and_nothing_younger_than_a_day(people, settings):
    kept, lost, late = (keep(people, photo()) for _ in range(3))
    StoredFile.objects.filter(pk__in=[lost.pk, late.pk]).delete()
    foreign = Path(settings.MEDIA_ROOT) / "BJ01/2026/10/readme.txt"
    foreign.write_text("not of this house")
    age(settings, days=2)
    os.utime(place_of(late), (MORNING.timestamp(), MORNING.timestamp()))

    assert actions.sweep_files(at=MORNING) == (0, 1)
    assert files_below(settings.MEDIA_ROOT) == sorted([kept.path, late.path, "BJ01/2026/10/readme.txt"])


def test_a_dropped_file_goes_with_its_row_and_stays_when_the_row_stays(people, settings):
    stored = keep(people, photo())
    with pytest.raises(Undone), transaction.atomic():
        actions.drop_file(stored=stored, by=people.advisor, at=MORNING)
        raise Undone
    stored = StoredFile.objects.get()
    assert place_of(stored).exists()

    actions.drop_file(stored=stored, by=people.advisor, at=MORNING)
    assert files_below(settings.MEDIA_ROOT) == []


def test_a_file_is_handed_out_for_reading_and_kept_by_nobody_on_the_way(people):
    stored = keep(people, photo("车头.jpg"))
    answer = file_response(stored)

    assert b"".join(answer.streaming_content) == content_of(stored)
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"].startswith("inline; filename*=utf-8''")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "private" in answer["Cache-Control"]
    assert small_response(stored)["Content-Type"] == "image/jpeg"
