"""Which calls are owed and have no task yet, rule by rule. Source: spec `callback.md`, first table."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from callback.choices import RuleCode
from callback.models import Rule
from callback.queries.owed.appointments import after_missed_appointment, before_appointment
from callback.queries.owed.campaigns import of_campaign
from callback.queries.owed.care import on_birthday, win_back
from callback.queries.owed.handovers import after_handover
from callback.queries.owed.occasions import Owed
from callback.queries.owed.reminders import before_first_service, before_insurance_end, before_service
from callback.queries.owed.requests import after_request
from callback.queries.owed.samples import drawn_calls, drawn_orders
from callback.queries.owed.visits import (
    after_bad_answer,
    after_closing,
    after_complaint,
    after_service,
    after_suggestion,
    suggestion_key,
)

__all__ = ["GENERATED", "Owed", "owed_calls", "suggestion_key"]

GENERATED: dict[RuleCode, Callable[[Rule, datetime, timedelta], Iterator[Owed]]] = {
    RuleCode.COMPLAINT_NEXT_DAY: after_complaint,
    RuleCode.COMPLAINT_SECOND: after_closing,
    RuleCode.BAD_ANSWER: after_bad_answer,
    RuleCode.SERVICE_3D: after_service,
    RuleCode.SALES_2H: after_handover,
    RuleCode.SALES_3D: after_handover,
    RuleCode.SALES_7D: after_handover,
    RuleCode.RUN_IN_3W: after_handover,
    RuleCode.INSURANCE_RENEWAL: before_insurance_end,
    RuleCode.FIRST_SERVICE: before_first_service,
    RuleCode.MAINTENANCE: before_service,
    RuleCode.SUGGESTION: after_suggestion,
    RuleCode.APPOINTMENT_CONFIRM: before_appointment,
    RuleCode.APPOINTMENT_MISSED: after_missed_appointment,
    RuleCode.WEEKLY_SAMPLE: drawn_orders,
    RuleCode.MONTHLY_SURVEY: drawn_orders,
    RuleCode.SPOT_CHECK: drawn_calls,
    RuleCode.BIRTHDAY: on_birthday,
    RuleCode.DORMANT: win_back,
    RuleCode.CAMPAIGN: of_campaign,
    RuleCode.SERVICE_REQUEST: after_request,
}
"""The rules whose calls the program makes; a rule without a way to know what is owed is not shown."""


def owed_calls(rule: Rule, *, at: datetime, make_up: timedelta) -> list[Owed]:
    """What `rule` owes at `at` and nobody has made a task of; events older than `make_up` are let go."""
    return list(GENERATED[RuleCode(rule.code)](rule, at, make_up))
