from django.db.models import QuerySet

from dealer_crm.notices.models import Notice

MOST = 99


def notices_of(staff) -> QuerySet[Notice]:
    """A person's notices, newest first."""
    return Notice.objects.filter(recipient=staff)


def unread_count(staff) -> int:
    """How many a person has not read; counting stops one above `MOST`, which is shown as "99+"."""
    return notices_of(staff).unread()[: MOST + 1].count()
