from dataclasses import dataclass
from datetime import date, time, timedelta

from callback import settings
from callback.formulas import Hours, QuietHours, RetryPlan
from dealer_crm.organization.models import Store
from dealer_crm.organization.queries import figures

ON_LINE = timedelta(minutes=10)
"""Who was spoken to a moment ago is taken to be still on the line: what else is owed to them is asked in one go."""


@dataclass(frozen=True)
class CallPlan:
    """How a store calls on a day: its figures in the shape the formulas and actions need."""

    hours: Hours
    retries: RetryPlan
    make_up: timedelta
    claim_lasts: timedelta
    personal_lasts: timedelta
    gap: timedelta
    answer_within: timedelta

    @property
    def quiet(self) -> QuietHours:
        return self.retries.quiet


def call_plan(store: Store, on: date) -> CallPlan:
    """The figures in force, in one query."""
    values = figures("callback.", store=store, on=on)
    quiet = QuietHours(
        begins=time.fromisoformat(values[settings.CALLS_FROM.code]),
        ends=time.fromisoformat(values[settings.CALLS_UNTIL.code]),
        rests_from=time.fromisoformat(values[settings.REST_FROM.code]),
        rests_until=time.fromisoformat(values[settings.REST_UNTIL.code]),
    )
    return CallPlan(
        hours=Hours(opens=max(store.opens_at, quiet.begins), closes=min(store.closes_at, quiet.ends), tz=store.tz),
        retries=RetryPlan(tries=values[settings.TRIES.code], quiet=quiet),
        make_up=timedelta(days=values[settings.MAKE_UP_DAYS.code]),
        claim_lasts=timedelta(minutes=values[settings.CLAIM_MINUTES.code]),
        personal_lasts=timedelta(minutes=values[settings.PERSONAL_MINUTES.code]),
        gap=timedelta(days=values[settings.GAP_DAYS.code]),
        answer_within=timedelta(hours=values[settings.REFERRAL_HOURS.code]),
    )
