"""What is done in the callback centre. One module for each noun; all verbs meet here.

Every action takes `by` (a Staff, or None for the program itself) and `at` (aware moment), locks what it changes,
refuses with a sentence (`Refusal`), writes the journal and announces.
"""

from callback.actions.campaigns import (
    call_off_campaign,
    judge_campaign,
    prepare_campaign,
    start_campaign,
    tell_of_campaigns,
)
from callback.actions.claims import (
    assign_task,
    claim_next,
    claim_re_check,
    claim_task,
    hand_over_calls,
    keep_claim,
    release_claim,
    release_lapsed,
)
from callback.actions.forecasts import forecast_cars
from callback.actions.generation import Made, generate_callbacks, settle_called
from callback.actions.handovers import (
    KeptHandover,
    hand_over_new_car,
    note_handovers,
    win_lead,
    withdraw_handover,
    wrong_moment,
)
from callback.actions.honesty import review_finding
from callback.actions.leads import (
    change_lead,
    enter_lead,
    lose_lead,
    note_talk,
    note_visit,
    reopen_lead,
    reveal_lead_phone,
)
from callback.actions.logs import keep_log, read_log
from callback.actions.merging import follow_merged_customer, follow_merged_vehicle, forget_dialled_numbers
from callback.actions.outcomes import raise_complaint, record_outcome, reveal_number
from callback.actions.paper import PaperCall, catch_up_calls, reveal_on_paper
from callback.actions.quality import comment_score, score_call
from callback.actions.records import complete_record, record_incoming
from callback.actions.referrals import (
    agree_on_time,
    answer_referral,
    confirm_referral,
    hand_on_referral,
    refer,
    remind_of_referrals,
    withdraw_referral,
)
from callback.actions.refusals import allow_purpose, refuse_purpose
from callback.actions.reminders import remind_of_call_backs
from callback.actions.requests import (
    PartAsked,
    close_request,
    hand_on_request,
    log_activity,
    name_customer_of_request,
    reveal_requester,
    take_request,
    take_request_from_public,
    watch_requests,
    withdraw_request,
)
from callback.actions.rules import change_rule, ship_rules
from callback.actions.samples import draw_samples
from callback.actions.showroom import check_showroom_day
from callback.actions.texts import send_owed_texts

__all__ = [
    "KeptHandover",
    "Made",
    "PaperCall",
    "PartAsked",
    "agree_on_time",
    "allow_purpose",
    "answer_referral",
    "assign_task",
    "call_off_campaign",
    "catch_up_calls",
    "change_lead",
    "change_rule",
    "check_showroom_day",
    "claim_next",
    "claim_re_check",
    "claim_task",
    "close_request",
    "comment_score",
    "complete_record",
    "confirm_referral",
    "draw_samples",
    "enter_lead",
    "follow_merged_customer",
    "follow_merged_vehicle",
    "forecast_cars",
    "forget_dialled_numbers",
    "generate_callbacks",
    "hand_on_referral",
    "hand_on_request",
    "hand_over_calls",
    "hand_over_new_car",
    "judge_campaign",
    "keep_claim",
    "keep_log",
    "log_activity",
    "lose_lead",
    "name_customer_of_request",
    "note_handovers",
    "note_talk",
    "note_visit",
    "prepare_campaign",
    "raise_complaint",
    "read_log",
    "record_incoming",
    "record_outcome",
    "refer",
    "refuse_purpose",
    "release_claim",
    "release_lapsed",
    "remind_of_call_backs",
    "remind_of_referrals",
    "reopen_lead",
    "reveal_lead_phone",
    "reveal_number",
    "reveal_on_paper",
    "reveal_requester",
    "review_finding",
    "score_call",
    "send_owed_texts",
    "settle_called",
    "ship_rules",
    "start_campaign",
    "take_request",
    "take_request_from_public",
    "tell_of_campaigns",
    "watch_requests",
    "win_lead",
    "withdraw_handover",
    "withdraw_referral",
    "withdraw_request",
    "wrong_moment",
]
