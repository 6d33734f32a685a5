"""Telling agents that the hour of a call that is theirs has come. Source: spec `callback.md` (personal call-backs)."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from callback.actions.checks import clock
from callback.models import CallTask
from callback.queries.plan import call_plan
from callback.queries.queue import with_hold
from dealer_crm.notices.actions import notify
from dealer_crm.organization.models import Store


@transaction.atomic
def remind_of_call_backs(*, store: Store, by=None, at: datetime) -> int:
    """Tell whoever a call is reserved for that its time has come, or that it must wait for an open complaint; once for
    each call and time. What was missed for too long is everybody's by now and told no more. Returns how many."""
    lasts = call_plan(store, at.astimezone(store.tz).date()).personal_lasts
    come = CallTask.objects.of_store(store).unfinished().filter(agent__isnull=False, claimed_by=None)
    come = come.filter(next_try_at__gt=at - lasts, next_try_at__lte=at).select_related("customer", "agent", "rule")
    due = _("It is time to call %(customer)s (%(rule)s, %(when)s).")
    held = _("%(customer)s (%(rule)s, agreed for %(when)s) is not called while complaint %(complaint)s is open.")
    return sum(
        notify(
            recipients=[task.agent],
            key=f"call_back:{task.pk}:{task.next_try_at:%y%m%d%H%M}",
            text=(held if task.is_held else due)
            % {
                "customer": task.customer,
                "rule": task.rule,
                "when": clock(store, task.next_try_at),
                "complaint": task.held_by,
            },
            url=reverse("callback:task", args=[task.pk]),
            at=at,
        )
        for task in with_hold(come).order_by("next_try_at", "pk")
    )
