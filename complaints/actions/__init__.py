"""What can be done with a complaint; each verb stands in the file of its part of the loop.

Every action takes `by` (a Staff, or None for the program itself) and `at` (aware moment), locks the complaint, refuses
with a sentence (`Refusal`; `Stale` when `expected_version` is not the one on record), keeps the step, writes the
journal and announces.
"""

from complaints.actions.alarms import mark_passed_silently, raise_alarms
from complaints.actions.clocks import pause_clock, resume_clock
from complaints.actions.intake import record_complaint
from complaints.actions.loop import (
    advise,
    ask_customer,
    check_remedy,
    close_unsatisfied,
    decide,
    remedy,
    reply_to_customer,
)
from complaints.actions.verification import verify_complaint

__all__ = [
    "advise",
    "ask_customer",
    "check_remedy",
    "close_unsatisfied",
    "decide",
    "mark_passed_silently",
    "pause_clock",
    "raise_alarms",
    "record_complaint",
    "remedy",
    "reply_to_customer",
    "resume_clock",
    "verify_complaint",
]
