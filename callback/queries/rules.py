from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from callback.formulas import draw
from callback.models import CallTask, Rule, Sample
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


@dataclass(frozen=True)
class DrawnSample:
    """A draw as its page shows it: how many could be drawn and were, and whether drawing again gives the same."""

    sample: Sample
    eligible: int
    drawn: int
    groups: list[tuple[str, int, int]]
    is_repeatable: bool


def samples_of(rule: Rule, most: int = 12) -> list[DrawnSample]:
    """The last draws of a rule, each drawn once more to see that it comes out the same."""
    return [
        DrawnSample(
            sample=sample,
            eligible=sum(map(len, sample.eligible.values())),
            drawn=sum(map(len, sample.drawn.values())),
            groups=[(group, len(ids), len(sample.drawn.get(group, ()))) for group, ids in sample.eligible.items()],
            is_repeatable=draw(sample.eligible, seed=sample.seed, share=Decimal(sample.share)) == sample.drawn,
        )
        for sample in rule.samples.order_by("-span")[:most]
    ]
