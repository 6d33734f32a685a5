from django.db.models import QuerySet

from callback.choices import AFTER_HANDOVER
from callback.models import CallTask, Handover


def handovers_in_list(staff) -> QuerySet[Handover]:
    """Handovers with what a row shows."""
    return Handover.objects.visible_to(staff).select_related("vehicle", "customer", "store", "noted_by")


def calls_of_handovers(handovers) -> dict[int, list[CallTask]]:
    """The calls each handover brought, in the order of their days."""
    keys = {f"handover:{one.pk}": one.pk for one in handovers}
    found: dict[int, list[CallTask]] = {pk: [] for pk in keys.values()}
    tasks = CallTask.objects.filter(source_key__in=list(keys), rule__code__in=AFTER_HANDOVER)
    for task in tasks.select_related("rule").order_by("due_at", "pk"):
        found[keys[task.source_key]].append(task)
    return found
