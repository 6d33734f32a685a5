"""The month's scores, and whose they are."""

from decimal import Decimal

from dealer_crm.appraisal.models import Score
from dealer_crm.organization.models import Position, Staff, Store
from dealer_crm.values import Period


def scored_people(store: Store, period: Period, *, by: Staff) -> list[Staff]:
    """The people whose month needs an appraisal score, as one person enters them: everyone employed with a post but
    oneself."""
    in_month = Position.objects.in_force_on(period.last_day).filter(store=store)
    holders = Position.objects.filter(pk__in=in_month.values("pk")).exclude(post="").values("staff")
    people = Staff.objects.filter(pk__in=holders).employed_on(period.first_day).exclude(pk=by.pk)
    return list(people.order_by("work_number"))


def scores_of(store: Store, period: Period) -> dict[int, Decimal]:
    """Staff id → score of the month."""
    return dict(Score.objects.filter(staff__store=store, period=str(period)).values_list("staff_id", "score"))


def scores_by_number(store: Store, period: Period) -> list[tuple[str, Decimal]]:
    """(work number, score) of the month, by work number: what pay counts."""
    rows = Score.objects.filter(staff__store=store, period=str(period)).order_by("staff__work_number")
    return list(rows.values_list("staff__work_number", "score"))
