"""What came of a campaign. Source: spec `callback.md`, care (effect page: reached, came, revenue, cost)."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from callback import formulas
from callback.choices import CampaignState, TaskState
from callback.models import CallTask, Campaign, CampaignMember
from reception.choices import OrderState
from reception.models import RepairOrder, SettlementAmount


@dataclass(frozen=True)
class CampaignEffect:
    """`reached`: talked to or texted; `left_out`: refuse such calls; `came`: customers whose car came in the period,
    `came_reached` of them had been reached; `revenue`: what their settled orders brought."""

    members: int
    reached: int
    unreached: int
    left_out: int
    waiting: int
    came: int
    came_reached: int
    revenue: Decimal
    cost: Decimal
    goal: int

    @property
    def reached_rate(self) -> Decimal | None:
        return formulas.rate(self.reached, self.members)

    @property
    def came_rate(self) -> Decimal | None:
        return formulas.rate(self.came, self.members)

    @property
    def goal_rate(self) -> Decimal | None:
        return formulas.rate(self.came, self.goal)

    @property
    def surplus(self) -> Decimal:
        """Revenue less cost."""
        return self.revenue - self.cost


def campaigns_in_list(staff) -> QuerySet[Campaign]:
    return Campaign.objects.visible_to(staff).select_related("store", "segment").annotate(count=Count("members"))


def campaign_effect(campaign: Campaign) -> CampaignEffect:
    """The effect as it stands, in four queries whatever the size. Orders of the period count from the start on."""
    tasks = CallTask.objects.filter(store=campaign.store_id, source_key__startswith=f"campaign:{campaign.pk}:")
    counts = tasks.aggregate(
        reached=Count("pk", filter=Q(state=TaskState.DONE)),
        unreached=Count("pk", filter=Q(state__in=[TaskState.UNREACHED, TaskState.REFUSED])),
        left_out=Count("pk", filter=Q(state=TaskState.DROPPED)),
        waiting=Count("pk", filter=Q(state=TaskState.OPEN)),
    )
    members = CampaignMember.objects.filter(campaign=campaign)
    visits = _visits(campaign)
    came = members.filter(Exists(visits.filter(customer=OuterRef("customer"))))
    reached = tasks.filter(state=TaskState.DONE, customer=OuterRef("customer"))
    came_counts = came.aggregate(came=Count("pk"), came_reached=Count("pk", filter=Exists(reached)))
    brought = SettlementAmount.objects.filter(
        settlement__reversed_at=None,
        settlement__order__in=visits.filter(customer__in=members.values("customer")),
    ).aggregate(revenue=Sum("amount", default=Decimal(0)))
    return CampaignEffect(
        members=members.count(), **counts, **came_counts, **brought, cost=campaign.cost, goal=campaign.goal
    )


def _visits(campaign: Campaign) -> QuerySet[RepairOrder]:
    """Orders of the store in the campaign's days, after it was started."""
    if campaign.state == CampaignState.DRAFT:
        return RepairOrder.objects.none()
    zone = campaign.store.tz
    begin = max(datetime.combine(campaign.first_day, time.min, zone), campaign.started_at)
    until = datetime.combine(campaign.last_day + timedelta(days=1), time.min, zone)
    return RepairOrder.objects.filter(store=campaign.store_id, arrived_at__gte=begin, arrived_at__lt=until).exclude(
        state=OrderState.CANCELLED
    )
