"""What the workshop counts: pure functions on frozen facts; no Django, clock or database."""

from workshop.formulas.bays import by_number
from workshop.formulas.board import (
    WALL_TWELFTHS,
    countdown,
    density,
    minutes_left,
    promise_tone,
    shown_promise,
    spans,
)
from workshop.formulas.clock import efficiency_rate, shift_end
from workshop.formulas.comebacks import CountedHours, LabourFact, hours_counted
from workshop.formulas.dispatch import BayFact, Proposal, TeamFact, TechnicianFact, WorkFact, loaded, propose, urgency
from workshop.formulas.inspection import (
    FINAL,
    SELF,
    TEAM,
    CheckFact,
    confirmed,
    demanded_levels,
    levels_due,
    unconfirmed,
)
from workshop.formulas.measures import Ratio, StageTime, is_met, ratio, tone_of
from workshop.formulas.shares import ONE, shares_add_up, shares_by_clock
from workshop.formulas.shifts import (
    DAY_OFF,
    DayPlan,
    Hours,
    lasts_too_long,
    moments,
    monday_of,
    read_patterns,
    read_shift,
    written,
)
from workshop.formulas.tools import intact_rate

__all__ = [
    "DAY_OFF",
    "FINAL",
    "ONE",
    "SELF",
    "TEAM",
    "WALL_TWELFTHS",
    "BayFact",
    "CheckFact",
    "CountedHours",
    "DayPlan",
    "Hours",
    "LabourFact",
    "Proposal",
    "Ratio",
    "StageTime",
    "TeamFact",
    "TechnicianFact",
    "WorkFact",
    "by_number",
    "confirmed",
    "countdown",
    "demanded_levels",
    "density",
    "efficiency_rate",
    "hours_counted",
    "intact_rate",
    "is_met",
    "lasts_too_long",
    "levels_due",
    "loaded",
    "minutes_left",
    "moments",
    "monday_of",
    "promise_tone",
    "propose",
    "ratio",
    "read_patterns",
    "read_shift",
    "shares_add_up",
    "shares_by_clock",
    "shift_end",
    "shown_promise",
    "spans",
    "tone_of",
    "unconfirmed",
    "urgency",
    "written",
]
