"""Bad answers: who deals with them, until when, and how well that is kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Case, Count, DateTimeField, DurationField, ExpressionWrapper, F, Q, When
from django.db.models.aggregates import Aggregate

from satisfaction.models import Flag


class Median(Aggregate):
    """The middle one of the values."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True)
class FlagFigures:
    """How bad answers of a month were dealt with. `waited`: half of them were dealt with sooner."""

    raised: int
    dealt: int
    in_time: int
    open_now: int
    late_now: int
    waited: timedelta | None

    @property
    def in_time_share(self) -> Decimal | None:
        """Of those whose hour has come: dealt with before it."""
        return Decimal(self.in_time) / self.raised if self.raised else None


def flags_for(staff, *, dealt: bool = False):
    """The bad answers a person may see, with everything the list shows: those to be dealt with, or those that were."""
    rows = Flag.objects.visible_to(staff)
    rows = rows.exclude(dealt_at=None) if dealt else rows.undealt()
    return rows.select_related(
        "answer__question",
        "answer__response__order__vehicle",
        "answer__response__customer",
        "answer__response__advisor",
        "dealt_by",
        "owner",
        "store",
    )


def flags_matching(staff, *, at: datetime, shown: str = ""):
    """The list as its tabs show it: to be dealt with, late, one's own, dealt with."""
    rows = flags_for(staff, dealt=shown == "dealt")
    if shown == "late":
        rows = rows.late(at)
    if shown == "own":
        rows = rows.filter(owner=staff)
    return rows


def flag_counts(staff, *, at: datetime) -> dict[str, int]:
    """How many stand on each tab: one query."""
    rows = Flag.objects.visible_to(staff).undealt()
    return rows.aggregate(
        open=Count("pk"),
        late=Count("pk", filter=Q(due_at__lt=at)),
        own=Count("pk", filter=Q(owner=staff)),
    )


def flag_figures(staff, *, start: datetime, end: datetime, at: datetime) -> FlagFigures:
    """Of the bad answers raised in a span whose hour has come, and of those that are open now: one query."""
    rows = Flag.objects.visible_to(staff)
    raised = Q(raised_at__gte=start, raised_at__lt=end) & (Q(dealt_at__isnull=False) | Q(due_at__lt=at))
    dealt = raised & Q(dealt_at__isnull=False)
    waited = ExpressionWrapper(
        Case(When(dealt, then=F("dealt_at")), output_field=DateTimeField()) - F("raised_at"),
        output_field=DurationField(),
    )
    found = rows.aggregate(
        raised=Count("pk", filter=raised),
        dealt=Count("pk", filter=dealt),
        in_time=Count("pk", filter=dealt & (Q(due_at=None) | Q(dealt_at__lte=F("due_at")))),
        open_now=Count("pk", filter=Q(dealt_at=None)),
        late_now=Count("pk", filter=Q(dealt_at=None, due_at__lt=at)),
        waited=Median(waited),
    )
    return FlagFigures(**found)


def displeased(staff):
    """The responses that hold a bad answer nobody has dealt with, each once."""
    return Flag.objects.visible_to(staff).undealt().values("answer__response").distinct()
