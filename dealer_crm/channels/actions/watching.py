"""Somebody is told when messages stand still: no worker, a gateway that is away, a channel switched off."""

from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from dealer_crm.access.roles import Role
from dealer_crm.channels.choices import Channel
from dealer_crm.channels.models import Message
from dealer_crm.notices.actions import notify
from dealer_crm.organization.models import Staff, Store
from dealer_crm.organization.queries import staff_with_role

STANDS_STILL = timedelta(minutes=30)
"""Due for longer than this: nobody sends."""
IN_VAIN = 3
"""Tries after which the carrier is taken to be away."""


def tell_of_standstill(*, at: datetime) -> int:
    """Tell the customer-relations supervisors of a store, and the administrators, once a day for each channel whose
    messages do not go out. Returns how many people are told anew."""
    still = Q(due_at__lt=at - STANDS_STILL) | Q(attempts__gte=IN_VAIN)
    rows = Message.objects.waiting().filter(still).order_by().values("store", "channel").annotate(number=Count("pk"))
    return sum(_tell(row, at) for row in rows)


def _tell(row, at: datetime) -> int:
    store, channel = Store.objects.get(pk=row["store"]), Channel(row["channel"])
    people = [*staff_with_role(store, Role.CRC), *Staff.objects.with_role(Role.ADMIN)]
    text = _("%(store)s: %(number)d messages by %(channel)s do not go out.") % {
        "store": store, "number": row["number"], "channel": channel.label,
    }  # fmt: skip
    day = at.astimezone(store.tz).date()
    return notify(
        recipients=people, key=f"channel:{store.pk}:{channel}:{day}", text=text, at=at, url=reverse("channels:state")
    )
