from django.db.models import Count, Q, QuerySet

from callback.choices import TaskState
from callback.models import Rule
from callback.queries.owed import GENERATED


def rules_of(staff) -> QuerySet[Rule]:
    """The rules a person may see, with how many of their calls are open."""
    return (
        Rule.objects.visible_to(staff)
        .filter(code__in=list(GENERATED))
        .select_related("store", "questionnaire")
        .annotate(open_calls=Count("tasks", filter=Q(tasks__state=TaskState.OPEN)))
        .order_by("store__code", "priority", "code")
    )
