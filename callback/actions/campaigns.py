"""Campaigns: prepared, started, called off, judged. Source: spec `callback.md`, care (关怀活动)."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from callback.choices import CampaignState, Occasion
from callback.events import campaign_moved
from callback.models import Campaign, CampaignMember
from dealer_crm.journal import actions as journal
from dealer_crm.journal.queries import refuse_stale
from dealer_crm.notices import actions as notices
from dealer_crm.organization.models import Staff, Store
from dealer_crm.values import Refusal
from reception.choices import Channel
from reception.models import Segment
from reception.queries import customers_in

MOST = 2000
"""More customers than a call centre reaches in a campaign's time."""


@transaction.atomic
def prepare_campaign(
    *, store: Store, name: str, occasion: Occasion, segment: Segment, channel: Channel, words: str, first_day: date,
    last_day: date, goal: int, cost: Decimal = Decimal(0), by: Staff | None, at: datetime,
    campaign: Campaign | None = None, expected_version: int | None = None,
) -> Campaign:  # fmt: skip
    """A new campaign, or a draft changed. Nobody is called before it is started."""
    if campaign is None:
        campaign = Campaign(store=store, made_by=by, made_at=at, version=0)
    else:
        campaign = _locked(campaign, expected_version, CampaignState.DRAFT)
    if last_day < first_day or last_day < at.astimezone(store.tz).date():
        raise Refusal(_("The campaign ends before it begins, or is over already."), field="last_day", code="over")
    if segment.store_id != store.pk:
        raise Refusal(_("This segment belongs to another store."), field="segment", code="other_store")
    if goal < 1:
        raise Refusal(_("Say how many customers should come."), field="goal", code="no_goal")
    campaign.name, campaign.occasion, campaign.segment, campaign.channel = name.strip(), occasion, segment, channel
    campaign.words, campaign.first_day, campaign.last_day = words.strip(), first_day, last_day
    campaign.goal, campaign.cost, campaign.version = goal, cost, campaign.version + 1
    campaign.save()
    journal.record(by=by, at=at, verb="campaign.prepared", subject=campaign, store=store, note=campaign.name)
    return campaign


@transaction.atomic
def start_campaign(
    *, campaign: Campaign, by: Staff | None, at: datetime, expected_version: int | None = None
) -> Campaign:
    """Ask the segment whom it means now, and owe each a call or a text. Refused: nobody, too many, or over."""
    campaign = _locked(campaign, expected_version, CampaignState.DRAFT)
    if campaign.last_day < at.astimezone(campaign.store.tz).date():
        raise Refusal(_("The campaign is over; set other days first."), code="over")
    if campaign.segment is None:
        raise Refusal(_("The segment of the campaign is gone; choose another."), code="segment_gone")
    customers = list(
        customers_in(campaign.segment, at=at)
        .filter(erased_at=None)
        .order_by("pk")
        .values_list("pk", flat=True)[: MOST + 1]
    )
    if not customers:
        raise Refusal(_("The segment means nobody at the moment."), code="nobody")
    if len(customers) > MOST:
        raise Refusal(_("The segment means more than %(most)d customers; narrow it.") % {"most": MOST}, code="too_many")
    CampaignMember.objects.bulk_create(CampaignMember(campaign=campaign, customer_id=each) for each in customers)
    campaign.state, campaign.started_at, campaign.version = CampaignState.RUNNING, at, campaign.version + 1
    campaign.save(update_fields=["state", "started_at", "version"])
    note = _("%(count)d customers") % {"count": len(customers)}
    journal.record(by=by, at=at, verb="campaign.started", subject=campaign, store=campaign.store, note=note)
    campaign_moved.send(Campaign, campaign_id=campaign.pk, store_id=campaign.store_id, at=at)
    return campaign


@transaction.atomic
def call_off_campaign(
    *, campaign: Campaign, reason: str, by: Staff, at: datetime, expected_version: int | None = None
) -> Campaign:
    """Nobody is called about it any more; the calls nobody is on are closed."""
    campaign = _locked(campaign, expected_version, CampaignState.RUNNING)
    if not reason.strip():
        raise Refusal(_("Say why the campaign is called off."), field="reason", code="reason_missing")
    campaign.state, campaign.version = CampaignState.WITHDRAWN, campaign.version + 1
    campaign.save(update_fields=["state", "version"])
    journal.record(
        by=by, at=at, verb="campaign.called_off", subject=campaign, store=campaign.store, note=reason.strip()[:200]
    )
    campaign_moved.send(Campaign, campaign_id=campaign.pk, store_id=campaign.store_id, at=at)
    return campaign


@transaction.atomic
def judge_campaign(
    *, campaign: Campaign, strengths: str, to_improve: str, cost: Decimal, by: Staff, at: datetime,
    expected_version: int | None = None,
) -> Campaign:  # fmt: skip
    """What went well, what to do better, and what it cost in the end."""
    campaign = Campaign.objects.select_for_update(of=["self"]).select_related("store").get(pk=campaign.pk)
    refuse_stale(campaign, expected_version)
    if campaign.state == CampaignState.DRAFT:
        raise Refusal(_("A campaign is judged after it has begun."), code="not_started")
    campaign.strengths, campaign.to_improve, campaign.cost = strengths.strip(), to_improve.strip(), cost
    campaign.version += 1
    campaign.save(update_fields=["strengths", "to_improve", "cost", "version"])
    journal.record(by=by, at=at, verb="campaign.judged", subject=campaign, store=campaign.store)
    return campaign


@transaction.atomic
def tell_of_campaigns(*, store: Store, at: datetime) -> int:
    """Who made a campaign is told to look at its effect: the day after it began, and after its end; each once."""
    today, told = at.astimezone(store.tz).date(), 0
    begun = Campaign.objects.of_store(store).filter(
        state=CampaignState.RUNNING,
        first_day__lt=today,
        last_day__gte=today - timedelta(days=30),
        made_by__isnull=False,
    )
    for campaign in begun.select_related("made_by"):
        is_over = campaign.last_day < today
        text = (
            _("The campaign %(name)s is over: see its effect.") if is_over else _("See the first effect of %(name)s.")
        )
        told += notices.notify(
            recipients=[campaign.made_by], key=f"campaign:{campaign.pk}:{'end' if is_over else 'next_day'}",
            text=text % {"name": campaign.name}, url=reverse("callback:campaign", args=[campaign.pk]), at=at,
        )  # fmt: skip
    return told


def _locked(campaign: Campaign, expected_version: int | None, state: CampaignState) -> Campaign:
    campaign = (
        Campaign.objects.select_for_update(of=["self"]).select_related("store", "segment__store").get(pk=campaign.pk)
    )
    refuse_stale(campaign, expected_version)
    if campaign.state != state:
        raise Refusal(_("The campaign is %(state)s.") % {"state": campaign.get_state_display()}, code="campaign_state")
    return campaign
