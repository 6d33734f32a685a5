"""The month's scores, and whose they are."""

from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet

from dealer_crm.appraisal.models import Score, Sheet
from dealer_crm.organization.models import Position, Staff, Store
from dealer_crm.values import Period


def scored_people(store: Store, period: Period, *, by: Staff) -> list[Staff]:
    """The people whose score of a month one person enters by hand: everyone employed with a post but oneself, and but
    those whom a sheet judges."""
    sheets = Sheet.objects.filter(store=store, period=str(period))
    in_month = Position.objects.in_force_on(period.last_day)
    holders = Position.objects.filter(pk__in=in_month.values("pk"), store=store).exclude(post="").values("staff")
    people = Staff.objects.filter(pk__in=holders).employed_on(period.first_day)
    people = people.exclude(pk=by.pk).exclude(pk__in=sheets.values("staff"))
    return list(people.order_by("work_number"))


def scores_of(store: Store, period: Period) -> dict[int, Decimal]:
    """Staff id → score of the month."""
    return dict(_of_whoever_was_here(store, period).values_list("staff_id", "score"))


def scores_by_number(store: Store, period: Period) -> list[tuple[str, Decimal]]:
    """(work number, score) of the month, by work number: what pay counts of everybody who was ever of the store. A
    score is the person's; who has moved on since is still paid by it for the months here."""
    rows = _of_whoever_was_here(store, period).order_by("staff__work_number")
    return list(rows.values_list("staff__work_number", "score"))


def scores_changed_since(store: Store, period: Period, moment: datetime) -> bool:
    """Whether a score of the month was entered or changed after a moment: pay computed before it is overtaken."""
    return _of_whoever_was_here(store, period).filter(entered_at__gt=moment).exists()


def _of_whoever_was_here(store: Store, period: Period) -> QuerySet[Score]:
    held = Position.objects.filter(store=store).values("staff")
    return Score.objects.filter(period=str(period), staff__in=held)
