"""Calls and texts of campaigns. Source: spec `callback.md` (campaign: segment, as set)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from callback.choices import CampaignState
from callback.models import CallTask, Campaign, Rule
from callback.queries.campaigns import member_key, visits_in
from callback.queries.owed.occasions import Owed


def of_campaign(rule: Rule, at: datetime, make_up: timedelta) -> Iterator[Owed]:
    """The customers of started campaigns that are not over, from the campaign's first day to its last; who has come
    since needs no call."""
    today = at.astimezone(rule.store.tz).date()
    running = Campaign.objects.of_store(rule.store).filter(
        state=CampaignState.RUNNING, first_day__lte=today, last_day__gte=today
    )
    known = CallTask.objects.filter(rule=rule, source_key=OuterRef("key"))
    for campaign in running.select_related("store").order_by("pk"):
        visits = visits_in(campaign).filter(customer=OuterRef("customer"))
        members = (
            campaign.members.filter(customer__erased_at=None)
            .annotate(key=member_key())
            .filter(~Exists(known), ~Exists(visits))
            .select_related("customer")
            .order_by("pk")
        )
        begins = max(campaign.first_day, campaign.started_at.astimezone(rule.store.tz).date())
        for one in members:
            yield Owed(
                source_key=one.key,
                event_on=begins,
                customer_id=one.customer_id,
                refuses_calls=one.customer.no_call_since is not None,
                within_days=(campaign.last_day - begins).days,
                channel=campaign.channel,
            )
