"""What came of a campaign. Source: spec `callback.md`, care (effect page: reached, came, revenue, cost)."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Cast, Concat, TruncDate
from django.utils import timezone

from callback import formulas
from callback.choices import CampaignState, RuleCode, TaskState
from callback.models import CallTask, Campaign, CampaignMember
from reception.choices import OrderState
from reception.models import RepairOrder, SettlementAmount


@dataclass(frozen=True)
class CampaignEffect:
    """`reached`: talked to or texted; `left_out`: refuse such calls, or nobody came to it; `came`: customers whose car
    came in the period, `came_reached` of them had been reached, `came_uncalled` came before anybody had called them
    (and were not called any more); `revenue`: what their settled orders brought."""

    members: int
    reached: int
    unreached: int
    left_out: int
    waiting: int
    came: int
    came_reached: int
    came_uncalled: int
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
    visits = visits_in(campaign)
    tasks = CallTask.objects.filter(store=campaign.store_id, source_key__startswith=f"campaign:{campaign.pk}:")
    has_come = Exists(visits.filter(customer=OuterRef("customer")))
    counts = tasks.annotate(has_come=has_come).aggregate(
        reached=Count("pk", filter=Q(state=TaskState.DONE)),
        unreached=Count("pk", filter=Q(state__in=[TaskState.UNREACHED, TaskState.REFUSED])),
        left_out=Count("pk", filter=Q(state=TaskState.DROPPED, has_come=False)),
        waiting=Count("pk", filter=Q(state=TaskState.OPEN)),
    )
    members = CampaignMember.objects.filter(campaign=campaign)
    called = tasks.exclude(state=TaskState.DROPPED).filter(customer=OuterRef("customer"))
    came_counts = members.filter(has_come).aggregate(
        came=Count("pk"),
        came_reached=Count("pk", filter=Exists(called.filter(state=TaskState.DONE))),
        came_uncalled=Count("pk", filter=~Exists(called)),
    )
    brought = SettlementAmount.objects.filter(
        settlement__reversed_at=None,
        settlement__order__in=visits.filter(customer__in=members.values("customer")),
    ).aggregate(revenue=Sum("amount", default=Decimal(0)))
    return CampaignEffect(
        members=members.count(), **counts, **came_counts, **brought, cost=campaign.cost, goal=campaign.goal
    )


def members_with_outcome() -> QuerySet[CampaignMember]:
    """Whom campaigns meant, with `call_state` (None: no call was owed yet) and `has_come`."""
    call = CallTask.objects.filter(rule__code=RuleCode.CAMPAIGN, source_key=OuterRef("key")).values("state")
    about = {name: OuterRef(f"campaign__{name}") for name in ("store", "started_at", "first_day", "last_day")}
    visits = _visits(**about, zone=timezone.get_default_timezone()).filter(customer=OuterRef("customer"))
    return (
        CampaignMember.objects.select_related("campaign__store", "customer")
        .annotate(key=member_key())
        .annotate(call_state=Subquery(call[:1]), has_come=Exists(visits))
    )


def member_key() -> Concat:
    """The source event of a member's call."""
    campaign, member = Cast("campaign_id", CharField()), Cast("pk", CharField())
    return Concat(Value("campaign:"), campaign, Value(":"), member, output_field=CharField())


def visits_in(campaign: Campaign) -> QuerySet[RepairOrder]:
    """Orders of the store in the campaign's days, after it was started."""
    if campaign.state == CampaignState.DRAFT:
        return RepairOrder.objects.none()
    about = {name: getattr(campaign, name) for name in ("store", "started_at", "first_day", "last_day")}
    return _visits(**about, zone=campaign.store.tz)


def _visits(*, store, started_at, first_day, last_day, zone) -> QuerySet[RepairOrder]:
    arrived = RepairOrder.objects.filter(store=store, arrived_at__gte=started_at).exclude(state=OrderState.CANCELLED)
    day = TruncDate("arrived_at", tzinfo=zone)
    return arrived.annotate(arrived_on=day).filter(arrived_on__gte=first_day, arrived_on__lte=last_day)
