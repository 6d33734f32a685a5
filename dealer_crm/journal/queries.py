from datetime import datetime

from django.db.models import QuerySet

from dealer_crm.journal.models import Entry


def entries_about(*subjects) -> QuerySet[Entry]:
    """The story of one or more things, newest first."""
    found = Entry.objects.none()
    for subject in subjects:
        found = found | Entry.objects.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))
    return found.order_by("-id")


def entries_matching(
    *,
    store_code: str | None = None,
    by_ids: list[str] | None = None,
    verb: str = "",
    subject_type: str = "",
    subject: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[Entry]:
    """Lines of the journal, every condition narrowing; without `store_code` those of all stores.

    `subject` is the beginning of a thing's name (an order number, a person, a store); `since` counts, `until` doesn't.
    """
    found = Entry.objects.all()
    if store_code is not None:
        found = found.filter(store_code=store_code)
    if by_ids is not None:
        found = found.filter(by_id__in=by_ids)
    if verb:
        found = found.filter(verb=verb)
    if subject_type:
        found = found.filter(subject_type=subject_type)
    if subject := subject.strip():
        found = found.filter(subject_label__istartswith=subject)
    if since:
        found = found.filter(at__gte=since)
    if until:
        found = found.filter(at__lt=until)
    return found
