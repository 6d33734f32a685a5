from django.db.models import Avg, Min

from satisfaction.choices import ResponseSource
from satisfaction.models import Response


def responses_matching(staff, *, period=None, store=None, advisor=None, factor: str = "", most=None):
    """The responses a person may see, with their mean and lowest score; `factor` and `most`: only those that gave this
    factor at most that score, which is where a weak figure leads to."""
    rows = Response.objects.visible_to(staff).of_customers().exclude(source=ResponseSource.FACTORY)
    if store is not None:
        rows = rows.filter(store=store)
    if period is not None and store is not None:
        start, end = period.bounds(store.tz)
        rows = rows.filter(answered_at__gte=start, answered_at__lt=end)
    if advisor is not None:
        rows = rows.filter(advisor=advisor)
    if factor:
        asked = {"answers__question__code": factor}
        rows = rows.filter(**asked | ({"answers__score__lte": most} if most is not None else {}))
    return rows.select_related("version__questionnaire", "order__vehicle", "customer", "advisor", "taken_by")


def with_scores(responses):
    """Annotate the mean and the lowest score of the factors; the rows must already be few (one page)."""
    found = Response.objects.filter(pk__in=[one.pk for one in responses], answers__question__weight__isnull=False)
    scores = {row[0]: row[1:] for row in found.values_list("pk").annotate(Avg("answers__score"), Min("answers__score"))}
    return [(one, *scores.get(one.pk, (None, None))) for one in responses]


def answers_of(response: Response):
    return response.answers.select_related("question", "flag__dealt_by").order_by("question__position")
