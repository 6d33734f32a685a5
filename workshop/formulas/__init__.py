"""What the workshop counts: pure functions on frozen facts; no Django, clock or database."""

from workshop.formulas.board import WALL_TWELFTHS, countdown, minutes_left, promise_tone, spans
from workshop.formulas.clock import shift_end
from workshop.formulas.dispatch import Proposal, TeamFact, TechnicianFact, loaded, propose
from workshop.formulas.inspection import FINAL, SELF, TEAM, CheckFact, demanded_levels, levels_due, unconfirmed
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
    "FINAL",
    "ONE",
    "SELF",
    "TEAM",
    "WALL_TWELFTHS",
    "CheckFact",
    "DAY_OFF",
    "DayPlan",
    "Hours",
    "Proposal",
    "intact_rate",
    "lasts_too_long",
    "moments",
    "monday_of",
    "read_patterns",
    "read_shift",
    "written",
    "TeamFact",
    "TechnicianFact",
    "countdown",
    "demanded_levels",
    "levels_due",
    "loaded",
    "minutes_left",
    "promise_tone",
    "propose",
    "shares_add_up",
    "shares_by_clock",
    "shift_end",
    "spans",
    "unconfirmed",
]
