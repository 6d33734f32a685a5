"""Keeping the numbers of a month. Source: spec `kpi.md` (dashboards)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from dealer_crm.kpi.models import Fact, FactMonth, TouchedMonth
from dealer_crm.kpi.queries import first_months, kept_since, source_numbers, spans_of_months
from dealer_crm.organization.models import Store
from dealer_crm.values import Period


@transaction.atomic
def count_month(*, store: Store, period: Period, at: datetime) -> FactMonth:
    """Count a month from the source and keep its numbers instead of those that were kept.

    The marks of a change that are there when it begins are taken away with it. A change that commits while the month is
    counted brings a mark of its own, which stays: the month is counted again.
    """
    FactMonth.objects.get_or_create(store=store, period=str(period), defaults={"made_at": at})
    month = FactMonth.objects.select_for_update().get(store=store, period=str(period))
    marks = TouchedMonth.objects.filter(store_id=store.pk, period=str(period))
    marks.filter(pk__in=list(marks.values_list("pk", flat=True))).delete()
    numbers = source_numbers(store, spans_of_months(store, [period], at))[period]
    month.facts.all().delete()
    whole = [Fact(month=month, part=part, number=number) for part, number in numbers.whole.items()]
    days = [
        Fact(month=month, part=part, cut=cut, day=day, number=number)
        for (part, cut, day), number in numbers.days.items()
    ]
    Fact.objects.bulk_create([*whole, *days], batch_size=5000)
    month.made_at = at
    month.save(update_fields=["made_at"])
    return month


@transaction.atomic
def forget_months(*, at: datetime) -> None:
    """Let go of what lies further back than is kept, and of marks of months that are not counted: those long gone are
    counted whenever somebody asks, those to come and those before a store's first order for the first time."""
    oldest, coming = kept_since(at), Period.of(at).next()
    FactMonth.objects.filter(period__lt=str(oldest)).delete()
    TouchedMonth.objects.filter(Q(period__lt=str(oldest)) | Q(period__gt=str(coming))).delete()
    kept = FactMonth.objects.filter(store_id=OuterRef("store_id"), period=OuterRef("period"))
    for store, first in first_months().items():
        TouchedMonth.objects.filter(~Exists(kept), store_id=store, period__lt=str(first)).delete()
