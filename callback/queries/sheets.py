"""What the record sheets of calls show: every owed call of a month with what came of it last."""

from dataclasses import dataclass

from callback.models import CallTask, Contact, Rule
from callback.queries.measured import with_mean_score
from callback.queries.preview import calls_of_month
from dealer_crm.values import Period


@dataclass(frozen=True)
class Recorded:
    """An owed call and its last contact (None: nobody called yet), with the mean of the scores given in it."""

    task: CallTask
    contact: Contact | None


def recorded_calls(store, period: Period, codes) -> list[Recorded]:
    """The calls of some rules whose last moment lies in the month, those left out on purpose too; in two queries."""
    tasks = list(
        calls_of_month(store, period)
        .filter(rule__code__in=codes)
        .select_related("rule", "customer", "vehicle__handover", "order__advisor")
    )
    last = {
        contact.task_id: contact
        for contact in with_mean_score(Contact.objects.filter(task__in=[task.pk for task in tasks]))
        .select_related("agent", "complaint")
        .order_by("at", "pk")
    }
    return [Recorded(task, last.get(task.pk)) for task in tasks]


def scripts_of(store, codes) -> list[Rule]:
    """The rules of some codes with their scripts, the most urgent first."""
    rules = Rule.objects.of_store(store).filter(code__in=codes).prefetch_related("script")
    return list(rules.order_by("priority", "code"))
