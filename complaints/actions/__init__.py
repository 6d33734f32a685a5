"""What can be done with a complaint; each verb stands in the file of its part of the loop.

Every action takes `by` (a Staff, or None for the program itself) and `at` (aware moment), locks the complaint, refuses
with a sentence (`Refusal`; `Stale` when `expected_version` is not the one on record), keeps the step, writes the
journal and announces.
"""

from complaints.actions.alarms import mark_passed_silently, raise_alarms
from complaints.actions.appeals import decide_appeal, make_appeal
from complaints.actions.arrangements import arrange, keep_arrangement, remind_of_arrangements
from complaints.actions.clocks import pause_clock, resume_clock
from complaints.actions.evidence import add_evidence, remove_evidence
from complaints.actions.goodwill import (
    approve_goodwill,
    change_goodwill_budget,
    decline_goodwill,
    request_goodwill,
    reverse_goodwill,
)
from complaints.actions.incidents import file_case, write_incident_report
from complaints.actions.intake import Sheet, amend_complaint, record_complaint
from complaints.actions.knowledge import (
    approve_knowledge,
    change_knowledge,
    draft_from_case,
    use_knowledge,
    withdraw_knowledge,
    write_knowledge,
)
from complaints.actions.loop import (
    advise,
    ask_customer,
    ask_once_more,
    check_remedy,
    close_unsatisfied,
    decide,
    remedy,
    reply_to_customer,
)
from complaints.actions.public import reveal_caller, take_from_public
from complaints.actions.topics import add_topic, change_topic, ship_topics
from complaints.actions.verification import verify_complaint

__all__ = [
    "Sheet",
    "add_evidence",
    "add_topic",
    "advise",
    "amend_complaint",
    "approve_goodwill",
    "approve_knowledge",
    "arrange",
    "ask_customer",
    "ask_once_more",
    "change_goodwill_budget",
    "change_knowledge",
    "change_topic",
    "check_remedy",
    "close_unsatisfied",
    "decide",
    "decide_appeal",
    "decline_goodwill",
    "draft_from_case",
    "file_case",
    "keep_arrangement",
    "make_appeal",
    "mark_passed_silently",
    "pause_clock",
    "raise_alarms",
    "record_complaint",
    "remedy",
    "remind_of_arrangements",
    "remove_evidence",
    "reply_to_customer",
    "request_goodwill",
    "resume_clock",
    "reveal_caller",
    "reverse_goodwill",
    "ship_topics",
    "take_from_public",
    "use_knowledge",
    "verify_complaint",
    "withdraw_knowledge",
    "write_incident_report",
    "write_knowledge",
]
