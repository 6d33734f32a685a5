from collections.abc import Iterable

from dealer_crm.notices.models import Notice


def notify(*, recipients: Iterable, key: str, text: str, at, url: str = "") -> int:
    """Tell people of an occasion; who has been told of it already isn't told again. Returns how many are new."""
    rows = [
        Notice(recipient=person, key=key, text=str(text)[:300], url=url, at=at)
        for person in {person.pk: person for person in recipients}.values()
    ]
    before = Notice.objects.filter(key=key).count()
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    return Notice.objects.filter(key=key).count() - before


def mark_read(*, notice: Notice, by, at) -> None:
    """Note that the recipient has seen it."""
    Notice.objects.filter(pk=notice.pk, recipient=by, read_at=None).update(read_at=at)


def mark_all_read(*, by, at) -> int:
    return Notice.objects.filter(recipient=by).unread().update(read_at=at)
