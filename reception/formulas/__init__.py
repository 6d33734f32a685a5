"""Arithmetic of the reception desk: what a line costs, how a receipt divides, what a settlement asks of each payer.

Pure functions on frozen facts; no Django, clock or database. Source: spec `reception.md`, `interfaces.md` (receipts).
"""

from reception.formulas.facts import (
    ACCESSORY,
    ACCIDENT,
    COMEBACK,
    CUSTOMER,
    FREE,
    GIFT_PAYERS,
    INSURANCE,
    INTERNAL,
    LABOUR,
    MATERIAL,
    PAYING,
    PDI,
    WARRANTY,
    AssessmentFact,
    LineFact,
    OrderFact,
    ReceiptFact,
    SettlementFact,
)
from reception.formulas.lines import even_shares, line_payable
from reception.formulas.receipts import ReceiptSplit, split_receipt
from reception.formulas.settlements import PayerTotal, settlement_totals

__all__ = [
    "ACCESSORY",
    "ACCIDENT",
    "COMEBACK",
    "CUSTOMER",
    "FREE",
    "GIFT_PAYERS",
    "INSURANCE",
    "INTERNAL",
    "LABOUR",
    "MATERIAL",
    "PAYING",
    "PDI",
    "WARRANTY",
    "AssessmentFact",
    "LineFact",
    "OrderFact",
    "PayerTotal",
    "ReceiptFact",
    "ReceiptSplit",
    "SettlementFact",
    "even_shares",
    "line_payable",
    "settlement_totals",
    "split_receipt",
]
