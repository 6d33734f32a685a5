"""Ordering messages, sending them, hearing what became of them. All names meet here."""

from dealer_crm.channels.actions.ordering import send_message, send_wording, tell_staff
from dealer_crm.channels.actions.outbox import (
    forget_address,
    reveal_address,
    send_again,
    send_test,
    withdraw_message,
)
from dealer_crm.channels.actions.receiving import forget_nonces, note_receipt, take_answer, use_nonce
from dealer_crm.channels.actions.sending import send_next
from dealer_crm.channels.actions.watching import tell_of_standstill
from dealer_crm.channels.actions.wordings import change_wording, use_shipped_wording

__all__ = [
    "change_wording",
    "forget_address",
    "forget_nonces",
    "note_receipt",
    "reveal_address",
    "send_again",
    "send_message",
    "send_next",
    "send_test",
    "send_wording",
    "take_answer",
    "tell_of_standstill",
    "tell_staff",
    "use_nonce",
    "use_shipped_wording",
    "withdraw_message",
]
