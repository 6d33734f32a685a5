from datetime import date
from decimal import Decimal

from django.db.models import QuerySet, Sum

from dealer_crm.organization.models import Staff, Store
from dealer_crm.values import Period
from workshop.models import ConsumableIssue, HourDeduction


def consumables_of_month(store: Store, day: date) -> list[tuple[str, Decimal]]:
    """What each team has signed out in the month of `day`, in CNY."""
    month = Period.of(day)
    rows = ConsumableIssue.objects.filter(store=store, issued_on__range=(month.first_day, month.last_day))
    return list(rows.order_by("team__name").values_list("team__name").annotate(amount=Sum("amount")))


def deductions_to_decide(staff: Staff) -> QuerySet[HourDeduction]:
    """Deductions that wait for a second pair of eyes, oldest first."""
    rows = HourDeduction.objects.visible_to(staff).undecided()
    return rows.select_related("staff", "entered_by").order_by("deducted_on", "id")
