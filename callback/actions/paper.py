"""Calls made from paper: whose numbers were printed, and what came of them, keyed in afterwards."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from callback.actions.outcomes import record_outcome
from callback.choices import Outcome
from callback.models import CallTask, Contact
from callback.queries.desk import dialled_phone
from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Staff
from dealer_crm.reporting.paper import all_or_nothing
from dealer_crm.values import Refusal
from dealer_crm.values.phone import masked_phone, national_phone

# What is keyed in later than this is not what a day without network left behind.
OLDEST = timedelta(days=7)


@dataclass(frozen=True)
class PaperCall:
    """One call as it was written down: when, what came of it, what the customer said."""

    task: CallTask
    outcome: Outcome
    called_at: datetime
    was_on_time: bool | None = None
    note: str = ""
    next_at: datetime | None = None
    answers: Mapping[str, object] = field(default_factory=dict)


def reveal_on_paper(*, tasks: Iterable[CallTask], by: Staff, at: datetime) -> dict[int, str]:
    """The whole numbers for the calls of a printed sheet: task id → number as it is dialled; each is in the journal."""
    phones = {task.pk: (task, phone) for task in tasks if (phone := dialled_phone(task.customer))}
    journal.record_many(
        journal.entry(
            by=by,
            at=at,
            verb="phone.revealed",
            subject=task.customer,
            store=by.store,
            note=f"{masked_phone(phone.number)} {task.rule.get_code_display()} #{task.pk} {_('printed for calling')}",
        )
        for task, phone in phones.values()
    )
    return {pk: national_phone(phone.number) for pk, (_task, phone) in phones.items()}


def catch_up_calls(*, calls: Sequence[PaperCall], by: Staff, at: datetime) -> list[Contact]:
    """Write down all calls of a sheet at the moments they were made, or none of them."""
    return all_or_nothing(calls, lambda call: _caught_up(call, by, at))


def _caught_up(call: PaperCall, by: Staff, at: datetime) -> Contact:
    if not at - OLDEST <= call.called_at <= at:
        raise Refusal(
            _("A call is keyed in within %(days)d days, and not before it was made.") % {"days": OLDEST.days},
            field="called_at",
            code="time_wrong",
        )
    if call.called_at < call.task.opens_at:
        raise Refusal(
            _("This call was not due before %(when)s.")
            % {"when": f"{timezone.localtime(call.task.opens_at):%m-%d %H:%M}"},
            field="called_at",
            code="too_early",
        )
    with journal.from_paper(""):
        return record_outcome(
            task=call.task, outcome=call.outcome, by=by, at=call.called_at, note=call.note, answers=call.answers,
            was_on_time=call.was_on_time, next_at=call.next_at, from_paper=True,
        )  # fmt: skip
