"""What is done at the reception. One module for each noun; all verbs meet here.

Every action takes `by` (a Staff, or None for the program itself) and `at` (aware moment), locks what it changes,
refuses with a sentence (`Refusal`; `Stale` when `expected_version` is not the one on record), writes the journal
and announces.
"""

from reception.actions.customers import (
    add_phone,
    change_customer,
    change_phone,
    create_customer,
    make_phone_primary,
    remove_phone,
    reveal_phone,
)
from reception.actions.delivery import deliver
from reception.actions.intake import take_in_new_car
from reception.actions.lateness import note_customer_lateness
from reception.actions.lines import LineDraft, add_line, change_line, remove_line, save_lines, share_line
from reception.actions.orders import (
    cancel_order,
    check_in,
    edit_order,
    move_promise,
    open_order,
    reassign_order,
    set_assessment,
)
from reception.actions.progress import (
    mark_dispatched,
    mark_ready,
    mark_started,
    mark_waiting,
    resume,
    return_to_work,
    send_to_inspection,
)
from reception.actions.receipts import enter_receipt, refund_receipt
from reception.actions.settlements import decline_reversal, request_reversal, reverse_settlement, settle
from reception.actions.vehicles import change_vehicle, create_vehicle

__all__ = [
    "LineDraft",
    "add_line",
    "add_phone",
    "cancel_order",
    "change_customer",
    "change_line",
    "change_phone",
    "change_vehicle",
    "check_in",
    "create_customer",
    "create_vehicle",
    "decline_reversal",
    "deliver",
    "edit_order",
    "enter_receipt",
    "make_phone_primary",
    "mark_dispatched",
    "mark_ready",
    "mark_started",
    "mark_waiting",
    "move_promise",
    "note_customer_lateness",
    "open_order",
    "reassign_order",
    "refund_receipt",
    "remove_line",
    "remove_phone",
    "request_reversal",
    "resume",
    "return_to_work",
    "reveal_phone",
    "reverse_settlement",
    "save_lines",
    "send_to_inspection",
    "set_assessment",
    "settle",
    "share_line",
    "take_in_new_car",
]
