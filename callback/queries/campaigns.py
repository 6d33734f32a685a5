"""What came of a campaign. Source: spec `callback.md`, care (effect page: reached, came, revenue, cost)."""

from dataclasses import dataclass
from datetime import tzinfo
from decimal import Decimal

from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Cast, Concat, TruncDate
from django.utils import timezone

from callback import formulas
from callback.choices import CampaignState, RuleCode, TaskState
from callback.models import CallTask, Campaign, CampaignMember
from reception.choices import OrderState
from reception.models import RepairOrder, SettlementAmount

_IS_CALLED_OFF = Q(campaign__state=CampaignState.WITHDRAWN)
MEMBER_VIEWS = {
    "reached": Q(call_state=TaskState.DONE),
    "unreached": Q(call_state__in=[TaskState.UNREACHED, TaskState.REFUSED]),
    "waiting": Q(call_state=TaskState.OPEN) | Q(call_state=None, has_come=False) & ~_IS_CALLED_OFF,
    "left_out": Q(has_come=False) & (Q(call_state=TaskState.DROPPED) | Q(call_state=None) & _IS_CALLED_OFF),
    "came": Q(has_come=True),
    "came_reached": Q(has_come=True, call_state=TaskState.DONE),
    "came_uncalled": Q(has_come=True) & (Q(call_state=TaskState.DROPPED) | Q(call_state=None)),
}
"""Which customers a figure of the effect counts, by the name their list is narrowed with. The first four and
`came_uncalled` together are everybody."""


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
    """The effect as it stands, in two queries whatever the size. Orders of the period count from the start on."""
    members = members_with_outcome(zone=campaign.store.tz).filter(campaign=campaign)
    counts = members.aggregate(
        members=Count("pk"), **{view: Count("pk", filter=counted) for view, counted in MEMBER_VIEWS.items()}
    )
    meant = CampaignMember.objects.filter(campaign=campaign).values("customer")
    brought = SettlementAmount.objects.filter(
        settlement__reversed_at=None, settlement__order__in=visits_in(campaign).filter(customer__in=meant)
    ).aggregate(revenue=Sum("amount", default=Decimal(0)))
    return CampaignEffect(**counts, **brought, cost=campaign.cost, goal=campaign.goal)


def members_in_list(campaign: Campaign, view: str = "") -> QuerySet[CampaignMember]:
    """The customers of one campaign a figure counts (`MEMBER_VIEWS`; all without), with `task` and `called_at` of their
    call, `came_at` and what their settled orders of the period `brought`; in one query whatever the number."""
    visits = visits_in(campaign).filter(customer=OuterRef("customer"))
    paid = SettlementAmount.objects.filter(
        settlement__reversed_at=None, settlement__order__in=visits_in(campaign),
        settlement__order__customer=OuterRef("customer"),
    )  # fmt: skip
    total = paid.order_by().values("settlement__order__customer").annotate(total=Sum("amount")).values("total")
    rows = members_with_outcome(zone=campaign.store.tz).filter(campaign=campaign)
    return rows.filter(MEMBER_VIEWS.get(view, Q())).annotate(
        task=Subquery(_call().values("pk")[:1]), called_at=Subquery(_call().values("first_called_at")[:1]),
        came_at=Subquery(visits.order_by("arrived_at").values("arrived_at")[:1]), brought=Subquery(total),
    )  # fmt: skip


def members_with_outcome(*, zone: tzinfo | None = None) -> QuerySet[CampaignMember]:
    """Whom campaigns meant, with `call_state` (None: no call was owed yet) and `has_come`; days are those of `zone`."""
    about = {name: OuterRef(f"campaign__{name}") for name in ("store", "started_at", "first_day", "last_day")}
    visits = _visits(**about, zone=zone or timezone.get_default_timezone()).filter(customer=OuterRef("customer"))
    return (
        CampaignMember.objects.select_related("campaign__store", "customer")
        .annotate(key=member_key())
        .annotate(call_state=Subquery(_call().values("state")[:1]), has_come=Exists(visits))
    )


def _call() -> QuerySet[CallTask]:
    """The owed call of a member."""
    return CallTask.objects.filter(rule__code=RuleCode.CAMPAIGN, source_key=OuterRef("key"))


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
