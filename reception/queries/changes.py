"""Changes of the archive that were asked for: beside the value, and as the supervisor's list."""

from dataclasses import dataclass, field

from django.db.models import Prefetch

from dealer_crm.access.permissions import Permission
from dealer_crm.organization.models import Staff
from reception.models import ChangeRequest, Customer, CustomerPhone, Vehicle


@dataclass(frozen=True)
class Waiting:
    """What waits for a decision about one customer or car."""

    changes: list[ChangeRequest] = field(default_factory=list)

    @property
    def fields(self) -> set[str]:
        return {str(change.field) for change in self.changes}

    @property
    def phones(self) -> set[int]:
        return {change.phone_id for change in self.changes if change.phone_id}


def waiting_changes(subject: Customer | Vehicle) -> Waiting:
    """What was asked for and is not decided, oldest first."""
    about = {"customer": subject} if isinstance(subject, Customer) else {"vehicle": subject}
    rows = ChangeRequest.objects.waiting().filter(**about).select_related("asked_by").order_by("id")
    return Waiting(list(rows))


def changes_visible_to(staff: Staff):
    """The requests a person may know of: all of the store for whoever decides, one's own for the others."""
    rows = ChangeRequest.objects.visible_to(staff)
    return rows if staff.can(Permission.CUSTOMER_APPROVE) else rows.filter(asked_by=staff)


def listed_changes(staff: Staff):
    """The same with what a row of the list shows."""
    numbers = Prefetch("customer__phones", CustomerPhone.objects.order_by("-is_primary", "id"))
    return (
        changes_visible_to(staff)
        .select_related("customer", "vehicle__owner", "phone", "after_owner", "asked_by", "decided_by")
        .prefetch_related(numbers)
    )


def change_asked(subject: Customer | Vehicle, by: Staff, at) -> bool:
    """Whether the person asked for a change at that moment, instead of making it."""
    about = {"customer": subject} if isinstance(subject, Customer) else {"vehicle": subject}
    return ChangeRequest.objects.waiting().filter(**about, asked_by=by, asked_at=at).exists()
