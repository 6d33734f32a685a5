from datetime import date
from decimal import Decimal

from django.db.models import QuerySet, Sum

from dealer_crm.organization.models import Staff, Store
from dealer_crm.values import Period
from workshop.models import ConsumableIssue, HourDeduction


def consumables_of_month(store: Store, day: date) -> list[tuple[str, Decimal]]:
    """What each team has signed out in the month of `day`, in CNY, less what was taken back."""
    rows = issues_of_month(ConsumableIssue.objects.filter(store=store), Period.of(day))
    return list(rows.order_by("team__name").values_list("team__name").annotate(amount=Sum("amount")))


def issues_of_month(issues: QuerySet[ConsumableIssue], month: Period) -> QuerySet[ConsumableIssue]:
    return issues.filter(issued_on__range=(month.first_day, month.last_day))


def consumable_issues(staff: Staff, month: Period) -> QuerySet[ConsumableIssue]:
    """What was signed out in a month, and what of it was taken back."""
    rows = issues_of_month(ConsumableIssue.objects.visible_to(staff), month)
    return rows.select_related("team", "issued_to", "takes_back", "taken_back_by")


def articles_known(store: Store) -> list[str]:
    """Names of articles signed out lately, for whoever types the next ones."""
    names = ConsumableIssue.objects.filter(store=store).order_by("-id").values_list("name", flat=True)[:300]
    return sorted(set(names))


def deductions_to_decide(staff: Staff) -> QuerySet[HourDeduction]:
    """Deductions that wait for a second pair of eyes, oldest first."""
    rows = HourDeduction.objects.visible_to(staff).undecided()
    return rows.select_related("staff", "entered_by").order_by("deducted_on", "id")
