"""What is done at the reception. One module for each noun; all verbs meet here.

Every action takes `by` (a Staff, or None for the program itself) and `at` (aware moment), locks what it changes,
refuses with a sentence (`Refusal`; `Stale` when `expected_version` is not the one on record), writes the journal
and announces.
"""

from reception.actions.addons import (
    agree_to_add_on,
    change_add_on,
    decline_add_on,
    propose_add_on,
    suggest_declined,
    withdraw_add_on,
)
from reception.actions.agreements import (
    ItemDraft,
    apply_terms,
    approve_agreement,
    change_agreement,
    discard_agreement,
    draft_agreement,
    end_agreement,
    end_expired,
    renew_agreement,
    warn_of_running_out,
)
from reception.actions.appointments import (
    cancel_appointment,
    change_appointment,
    confirm_appointment,
    make_appointment,
    miss_appointment,
    miss_late_appointments,
    move_appointment,
    set_slot_places,
)
from reception.actions.arrivals import take_in_appointment
from reception.actions.assessments import release_accident_car, set_assessment
from reception.actions.catalogue import change_operation, enter_operation
from reception.actions.catching_up import PaperOrder, catch_up_orders
from reception.actions.changes import accept_change, reject_change, reveal_change, withdraw_change
from reception.actions.classes import compute_missing_classes
from reception.actions.costs import complete_costs, set_line_costs
from reception.actions.customers import (
    add_phone,
    change_customer,
    change_phone,
    create_customer,
    make_phone_primary,
    mark_phone_wrong,
    remove_phone,
    reveal_phone,
)
from reception.actions.delivery import check_delay, deliver, hand_over
from reception.actions.erasing import erase_customer
from reception.actions.intake import take_in, take_in_new_car, wrong_at_intake
from reception.actions.lateness import note_customer_lateness
from reception.actions.lines import LineDraft, add_line, change_line, remove_line, save_lines, share_line
from reception.actions.merging import merge_customers, merge_vehicles
from reception.actions.orders import (
    cancel_order,
    check_in,
    edit_order,
    open_order,
    reassign_order,
)
from reception.actions.parts import change_part, enter_part, set_part_cost
from reception.actions.points import (
    correct_points,
    set_membership_terms,
    spend_points,
    withdraw_membership_terms,
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
from reception.actions.promises import move_promise
from reception.actions.quality import accept_flaw, find_flaws
from reception.actions.receipts import enter_receipt, enter_receipts, enter_transfer, pay_back, refund_receipt
from reception.actions.segments import change_segment, create_segment, delete_segment
from reception.actions.settlements import decline_reversal, request_reversal, reverse_settlement, settle
from reception.actions.silence import note_texts_refused
from reception.actions.suggestions import (
    change_suggestion,
    decline_suggestion,
    finish_suggestion,
    follow_up_day,
    reopen_suggestion,
    suggest,
    take_up_suggestion,
)
from reception.actions.vehicles import (
    add_driver,
    change_vehicle,
    create_vehicle,
    remove_driver,
    reveal_driver_phone,
)
from reception.actions.visits import MarkDraft, record_walk_round, refuse_unsignable, remove_photo, sign, take_photos

__all__ = [
    "ItemDraft",
    "LineDraft",
    "MarkDraft",
    "PaperOrder",
    "accept_change",
    "accept_flaw",
    "add_driver",
    "add_line",
    "add_phone",
    "agree_to_add_on",
    "apply_terms",
    "approve_agreement",
    "cancel_appointment",
    "cancel_order",
    "catch_up_orders",
    "change_add_on",
    "change_agreement",
    "change_appointment",
    "change_customer",
    "change_line",
    "change_operation",
    "change_part",
    "change_phone",
    "change_segment",
    "change_suggestion",
    "change_vehicle",
    "check_delay",
    "check_in",
    "complete_costs",
    "compute_missing_classes",
    "confirm_appointment",
    "correct_points",
    "create_customer",
    "create_segment",
    "create_vehicle",
    "decline_add_on",
    "decline_reversal",
    "decline_suggestion",
    "delete_segment",
    "deliver",
    "discard_agreement",
    "draft_agreement",
    "edit_order",
    "end_agreement",
    "end_expired",
    "enter_operation",
    "enter_part",
    "enter_receipt",
    "enter_receipts",
    "enter_transfer",
    "erase_customer",
    "find_flaws",
    "finish_suggestion",
    "follow_up_day",
    "hand_over",
    "make_appointment",
    "make_phone_primary",
    "mark_dispatched",
    "mark_phone_wrong",
    "mark_ready",
    "mark_started",
    "mark_waiting",
    "merge_customers",
    "merge_vehicles",
    "miss_appointment",
    "miss_late_appointments",
    "move_appointment",
    "move_promise",
    "note_customer_lateness",
    "note_texts_refused",
    "open_order",
    "pay_back",
    "propose_add_on",
    "reassign_order",
    "record_walk_round",
    "refund_receipt",
    "refuse_unsignable",
    "reject_change",
    "release_accident_car",
    "remove_driver",
    "remove_line",
    "remove_phone",
    "remove_photo",
    "renew_agreement",
    "reopen_suggestion",
    "request_reversal",
    "resume",
    "return_to_work",
    "reveal_change",
    "reveal_driver_phone",
    "reveal_phone",
    "reverse_settlement",
    "save_lines",
    "send_to_inspection",
    "set_assessment",
    "set_line_costs",
    "set_membership_terms",
    "set_part_cost",
    "set_slot_places",
    "settle",
    "share_line",
    "sign",
    "spend_points",
    "suggest",
    "suggest_declined",
    "take_in",
    "take_in_appointment",
    "take_in_new_car",
    "take_photos",
    "take_up_suggestion",
    "warn_of_running_out",
    "withdraw_add_on",
    "withdraw_change",
    "withdraw_membership_terms",
    "wrong_at_intake",
]
