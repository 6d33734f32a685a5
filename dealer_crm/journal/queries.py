from django.db.models import QuerySet

from dealer_crm.journal.models import Entry


def entries_about(*subjects) -> QuerySet[Entry]:
    """The story of one or more things, newest first."""
    found = Entry.objects.none()
    for subject in subjects:
        found = found | Entry.objects.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))
    return found.order_by("-id")
