from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from callback.models import CallTask, Rule
from callback.queries.owed import GENERATED


def rules_of(staff) -> QuerySet[Rule]:
    """The rules a person may see, with how many of their calls are open (counted over the index of open calls)."""
    waiting = CallTask.objects.unfinished().filter(store=OuterRef("store"), rule=OuterRef("pk"))
    return (
        Rule.objects.visible_to(staff)
        .filter(code__in=list(GENERATED))
        .select_related("store", "questionnaire")
        .annotate(
            open_calls=Coalesce(Subquery(waiting.order_by().values("rule").annotate(n=Count("pk")).values("n")), 0)
        )
        .order_by("store__code", "priority", "code")
    )
