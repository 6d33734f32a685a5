"""What is done in the callback centre. One module for each noun; all verbs meet here.

Every action takes `by` (a Staff, or None for the program itself) and `at` (aware moment), locks what it changes,
refuses with a sentence (`Refusal`), writes the journal and announces.
"""

from callback.actions.claims import assign_task, claim_next, claim_task, keep_claim, release_claim, release_lapsed
from callback.actions.generation import Made, generate_callbacks, settle_called
from callback.actions.merging import follow_merged_customer, follow_merged_vehicle, forget_dialled_numbers
from callback.actions.outcomes import raise_complaint, record_outcome, reveal_number
from callback.actions.paper import PaperCall, catch_up_calls, reveal_on_paper
from callback.actions.rules import change_rule, ship_rules
from callback.actions.texts import send_owed_texts

__all__ = [
    "Made",
    "PaperCall",
    "assign_task",
    "catch_up_calls",
    "change_rule",
    "claim_next",
    "claim_task",
    "follow_merged_customer",
    "follow_merged_vehicle",
    "forget_dialled_numbers",
    "generate_callbacks",
    "keep_claim",
    "raise_complaint",
    "record_outcome",
    "release_claim",
    "release_lapsed",
    "reveal_number",
    "reveal_on_paper",
    "send_owed_texts",
    "settle_called",
    "ship_rules",
]
