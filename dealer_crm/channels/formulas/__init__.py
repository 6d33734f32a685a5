"""Lengths, waits, signatures, answers. Pure functions."""

from dealer_crm.channels.formulas.addresses import is_mobile, masked_address
from dealer_crm.channels.formulas.answers import is_refusal
from dealer_crm.channels.formulas.parts import text_parts, with_ending
from dealer_crm.channels.formulas.signing import LASTS, is_right, signature
from dealer_crm.channels.formulas.waits import SendingHours, wait_after

__all__ = [
    "LASTS",
    "SendingHours",
    "is_mobile",
    "is_refusal",
    "is_right",
    "masked_address",
    "signature",
    "text_parts",
    "wait_after",
    "with_ending",
]
