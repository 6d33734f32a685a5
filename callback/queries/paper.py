"""What the callback centre has on paper in a day without network."""

from datetime import datetime, time, timedelta

from django.db.models import Prefetch

from callback.choices import SUPERVISED
from callback.models import CallTask
from callback.queries.queue import with_hold
from dealer_crm.access.permissions import Permission
from dealer_crm.values import Refusal
from reception.models import CustomerPhone
from satisfaction.models import Question, Questionnaire
from satisfaction.queries.questionnaires import csi_version

# As many as a team calls in a day; the rest of the queue waits.
MOST_CALLS = 300


def calls_for_paper(staff, *, at: datetime) -> list[CallTask]:
    """The calls of a person's store that are due until the end of the day, the most urgent first: nobody who refuses
    calls, nothing held back by a complaint, nothing agreed with another agent, nor what only a supervisor re-checks."""
    zone = staff.store.tz if staff.store else None
    day = at.astimezone(zone).date()
    ends_at = datetime.combine(day + timedelta(days=1), time.min, at.astimezone(zone).tzinfo)
    phones = Prefetch("customer__phones", CustomerPhone.objects.order_by("-is_primary", "id"))
    rows = with_hold(CallTask.objects.visible_to(staff).unfinished()).filter(is_held=False, due_at__lt=ends_at)
    rows = rows.filter(opens_at__lt=ends_at, customer__no_call_since=None)
    rows = rows.exclude(agent__isnull=False, next_try_at__gte=ends_at)
    rows = rows if staff.can(Permission.CALL_ASSIGN) else rows.exclude(rule__code__in=SUPERVISED)
    rows = rows.filter(store=staff.store) if staff.store else rows
    rows = rows.select_related("rule", "customer", "vehicle", "order").prefetch_related(phones)
    return list(rows.order_by("priority", "due_at", "pk")[:MOST_CALLS])


def survey_questions() -> list[Question]:
    """The questions of the service questionnaire in force, in their order; none where there is none."""
    try:
        return sorted(csi_version().questions.all(), key=lambda question: question.position)
    except (Questionnaire.DoesNotExist, Refusal):
        return []


def open_calls_numbered(staff, numbers: list[int]) -> list[CallTask]:
    """The open calls of a person's store with these numbers, as the printed list names them."""
    rows = CallTask.objects.visible_to(staff).unfinished().filter(pk__in=numbers)
    return list(rows.select_related("rule", "customer", "store"))
