"""The figures of the clocks and of what makes a complaint graver, as they hold, in the shape of their page."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from complaints.choices import Severity
from complaints.settings import (
    ALARMING_WORDS,
    APPEAL_DAYS,
    COUNTED_REPLY_HOURS,
    COUNTED_SOLVE_HOURS,
    FIRST_WORDS,
    GOODWILL_BUDGET,
    GOODWILL_LIMIT_AGENT,
    GOODWILL_LIMIT_CRC,
    GOODWILL_LIMIT_MANAGER,
    IN_TIME_TARGET,
    MANUFACTURER_REPLY_HOURS,
    REPEAT_DAYS,
    REPEATS,
    REPLY_HOURS,
    SATISFIED_TARGET,
    SOLVE_HOURS,
    SURVEY_GAP_DAYS,
    WARNING_MINUTES,
)
from dealer_crm.organization.models import Store
from dealer_crm.organization.queries import figure, figures
from dealer_crm.values import Figure


@dataclass(frozen=True)
class InForce:
    """A figure and what it says today."""

    figure: Figure
    value: object


@dataclass(frozen=True)
class SeverityClocks:
    """The clocks of one severity, in hours."""

    severity: Severity
    reply: InForce
    solve: InForce
    manufacturer: InForce


@dataclass(frozen=True)
class RulesOfComplaints:
    clocks: list[SeverityClocks]
    words: InForce
    first_words: InForce
    others: list[InForce]


def survey_gap(store: Store, *, on: date) -> timedelta:
    """The span in which no customer is surveyed twice."""
    return timedelta(days=figure(SURVEY_GAP_DAYS, store=store, on=on))


def rules_of(store: Store, *, at: datetime) -> RulesOfComplaints:
    values = figures("complaints.", store=store, on=at.astimezone(store.tz).date())

    def in_force(figure: Figure) -> InForce:
        value = values[figure.code]
        return InForce(figure, f"{value.normalize():f}" if isinstance(value, Decimal) else value)

    clocks = [
        SeverityClocks(
            one, in_force(REPLY_HOURS[one]), in_force(SOLVE_HOURS[one]), in_force(MANUFACTURER_REPLY_HOURS[one])
        )
        for one in Severity
    ]
    others = [
        WARNING_MINUTES,
        REPEATS,
        REPEAT_DAYS,
        SURVEY_GAP_DAYS,
        APPEAL_DAYS,
        GOODWILL_LIMIT_AGENT,
        GOODWILL_LIMIT_CRC,
        GOODWILL_LIMIT_MANAGER,
        GOODWILL_BUDGET,
        COUNTED_REPLY_HOURS,
        COUNTED_SOLVE_HOURS,
        IN_TIME_TARGET,
        SATISFIED_TARGET,
    ]
    return RulesOfComplaints(clocks, in_force(ALARMING_WORDS), in_force(FIRST_WORDS), [in_force(one) for one in others])
