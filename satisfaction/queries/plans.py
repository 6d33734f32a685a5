from datetime import date

from dealer_crm.values import Period
from satisfaction.models import ImprovementPlan


def plans_for(staff, *, is_open: bool | None = None):
    """Improvement plans a person may see, newest month first."""
    rows = ImprovementPlan.objects.visible_to(staff).select_related("store", "owner", "created_by", "closed_by")
    if is_open is None:
        return rows
    return rows.filter(closed_at__isnull=is_open)


def plans_of_month(store, period: Period):
    return ImprovementPlan.objects.filter(store=store, period=str(period)).select_related("owner", "closed_by")


def overdue_plans(staff, *, on: date):
    """Open plans whose day has passed."""
    return plans_for(staff, is_open=True).filter(due_on__lt=on)
