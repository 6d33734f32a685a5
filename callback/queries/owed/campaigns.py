"""Calls and texts of campaigns. Source: spec `callback.md` (campaign: segment, as set)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat

from callback.choices import CampaignState
from callback.models import CallTask, CampaignMember, Rule
from callback.queries.owed.occasions import Owed


def of_campaign(rule: Rule, at: datetime, make_up: timedelta) -> Iterator[Owed]:
    """The customers of started campaigns that are not over, from the campaign's first day to its last."""
    today = at.astimezone(rule.store.tz).date()
    known = CallTask.objects.filter(rule=rule, source_key=OuterRef("key"))
    members = (
        CampaignMember.objects.filter(
            campaign__store=rule.store_id, campaign__state=CampaignState.RUNNING, campaign__first_day__lte=today,
            campaign__last_day__gte=today, customer__erased_at=None,
        )
        .annotate(key=member_key())
        .filter(~Exists(known))
        .select_related("campaign", "customer")
        .order_by("pk")
    )  # fmt: skip
    for one in members:
        campaign = one.campaign
        begins = max(campaign.first_day, campaign.started_at.astimezone(rule.store.tz).date())
        yield Owed(
            source_key=one.key,
            event_on=begins,
            customer_id=one.customer_id,
            refuses_calls=one.customer.no_call_since is not None,
            within_days=(campaign.last_day - begins).days,
            channel=campaign.channel,
        )


def member_key() -> Concat:
    """The source event of a member's call."""
    campaign, member = Cast("campaign_id", CharField()), Cast("pk", CharField())
    return Concat(Value("campaign:"), campaign, Value(":"), member, output_field=CharField())
