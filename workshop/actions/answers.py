"""What the customer said to an add-on, passed on to those at the car."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from dealer_crm.access.permissions import Permission
from dealer_crm.access.roles import Role
from dealer_crm.notices.actions import notify
from dealer_crm.organization.queries import staff_with_role
from reception.choices import AddOnState
from reception.models import AddOn
from workshop.choices import JobState


@transaction.atomic
def pass_on_answer(*, add_on: AddOn, at: datetime) -> int:
    """Tell the workshop's supervisor, everybody with a job on the car and who found it; once for each add-on.

    Agreed labour is in the dispatch queue by itself: the queue is what is on the order and no live job.
    """
    if add_on.state not in (AddOnState.AGREED, AddOnState.DECLINED):
        return 0
    order = add_on.order
    text = _("%(plate)s: customer says “%(answer)s” to add-on %(number)s (%(reason)s)") % {
        "plate": order.vehicle.plate,
        "answer": add_on.get_state_display(),
        "number": add_on.number,
        "reason": add_on.reason,
    }
    jobs = order.jobs.exclude(state=JobState.CANCELLED).select_related("technician")
    hands = {job.technician for job in jobs if job.technician}
    heads = set(staff_with_role(order.store, Role.WORKSHOP))
    finder = {add_on.proposed_by} if add_on.proposed_by else set()
    told = 0
    for person in (heads | hands | finder) - {add_on.recorded_by}:
        told += notify(
            recipients=[person], key=f"add_on:{add_on.pk}:answered:{person.pk}", text=text, at=at,
            url=_address_for(person, order),
        )  # fmt: skip
    return told


def _address_for(person, order) -> str:
    if person.can(Permission.JOB_DISPATCH):
        return reverse("workshop:dispatch")
    if person.can(Permission.JOB_WORK):
        return reverse("workshop:my_jobs")
    return reverse("reception:order", args=[order.pk]) if person.can(Permission.ORDER_VIEW) else ""
