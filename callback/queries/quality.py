"""Which calls are judged, and how they were judged. Source: spec `callback.md`, call quality scoring."""

from datetime import date, datetime, timedelta

from django.db.models import Avg, CharField, Count, F, Min, QuerySet, Value, Window
from django.db.models.functions import MD5, Cast, Concat, RowNumber

from callback import settings
from callback.choices import Direction, Outcome, QualityPoint
from callback.models import CallScore, Contact
from dealer_crm.access.permissions import Permission
from dealer_crm.organization.models import Staff, Store
from dealer_crm.organization.queries import figure, figures
from reception.choices import Channel


def quality_weights(store: Store, at: datetime) -> dict[str, int]:
    """The weight of every point of the form on that day."""
    values = figures("callback.quality_", store=store, on=at.astimezone(store.tz).date())
    return {point.value: int(values[settings.QUALITY_WEIGHTS[point].code]) for point in QualityPoint}


def sample_seed(store: Store, monday: date) -> str:
    """What the lots of a week are drawn with: whoever doubts the sample can draw it again."""
    return f"quality:{store.code}:{monday:%Y-%m-%d}"


def quality_sample(store: Store, monday: date, begin: datetime) -> QuerySet[Contact]:
    """The calls to judge of the week that begins at `begin`: of each agent the first few talks by lot (the fingerprint
    of seed and number), so that nobody chooses them."""
    per_agent = figure(settings.QUALITY_SAMPLE, store=store, on=monday)
    lot = MD5(Concat(Value(sample_seed(store, monday)), Cast("pk", CharField())))
    return (
        Contact.objects.of_store(store)
        .filter(
            at__gte=begin, at__lt=begin + timedelta(days=7), outcome=Outcome.COMPLETED, direction=Direction.OUT,
            channel=Channel.PHONE, agent__isnull=False,
        )
        .annotate(place=Window(RowNumber(), partition_by=F("agent_id"), order_by=lot.asc()))
        .filter(place__lte=per_agent)
        .select_related("agent", "customer", "vehicle", "task__rule", "score")
        .order_by("agent__work_number", "place")
    )  # fmt: skip


def sees_every_score(staff: Staff) -> bool:
    """Who judges or answers for the store; an agent sees their own."""
    return staff.can(Permission.CALL_SCORE) or staff.can(Permission.REPORT_VIEW)


def call_scores(staff: Staff) -> QuerySet[CallScore]:
    """Judged calls a person may see."""
    found = CallScore.objects.visible_to(staff).select_related(
        "agent", "scored_by", "contact__customer", "contact__vehicle", "contact__task__rule"
    )
    return found if sees_every_score(staff) else found.filter(agent=staff)


def scores_by_agent(store: Store, begin: datetime, until: datetime) -> list[dict]:
    """Judged calls of a span by agent: how many, mean and lowest points; the lowest mean first."""
    return list(
        CallScore.objects.of_store(store)
        .filter(scored_at__gte=begin, scored_at__lt=until)
        .values("agent_id", name=F("agent__name"))
        .annotate(calls=Count("pk"), mean=Avg("points"), lowest=Min("points"))
        .order_by("mean", "name")
    )
