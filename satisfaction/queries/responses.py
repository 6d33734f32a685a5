from django.db.models import Avg, Count, Exists, Min, OuterRef

from dealer_crm.organization.models import Staff
from satisfaction.models import Answer, Response
from satisfaction.queries.counts import counted_score
from satisfaction.queries.scopes import Scope


def responses_matching(staff, scope: Scope | None, *, most: int | None = None):
    """The responses behind a figure that a person may see; with `most` only those that gave the factor asked for, or
    any factor, at most that score (on the scale 1–10), which is where a weak figure leads to."""
    if scope is None:
        return Response.objects.none()
    rows = scope.responses().visible_to(staff)
    if most is not None:
        low = Answer.objects.filter(response=OuterRef("pk"), question__weight__isnull=False, score__isnull=False)
        if scope.factor:
            low = low.filter(question__code=scope.factor)
        if scope.step:
            low = low.filter(question__section__code=scope.step)
        rows = rows.filter(Exists(low.alias(counted=counted_score()).filter(counted__lte=most)))
    return rows.select_related("version__questionnaire", "order__vehicle", "customer", "advisor", "taken_by")


def with_scores(responses):
    """Annotate the mean and the lowest score of the factors on the scale 1–10, whatever their kind; the rows must
    already be few (one page)."""
    rows = Answer.objects.filter(response__in=responses, question__weight__isnull=False, score__isnull=False)
    found = rows.order_by().values_list("response").annotate(mean=Avg(counted_score()), lowest=Min(counted_score()))
    scores = {pk: said for pk, *said in found}
    return [(one, *scores.get(one.pk, (None, None))) for one in responses]


def answers_of(response: Response):
    return response.answers.select_related("question", "flag__dealt_by").order_by("question__position")


def responses_by_agent(store, period) -> list[tuple[Staff, int]]:
    """Who took down how many customers' answers in a span, by work number."""
    start, end = period.bounds(store.tz)
    rows = Response.objects.filter(store=store, answered_at__gte=start, answered_at__lt=end, taken_by__isnull=False)
    counts = dict(rows.order_by().values_list("taken_by").annotate(times=Count("pk")))
    return [(person, counts[person.pk]) for person in Staff.objects.filter(pk__in=counts).order_by("work_number")]
