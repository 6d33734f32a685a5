"""Figures that are counted once and used everywhere: output, car count, achievement.

Pure functions on frozen facts. Source: spec `commission.md`, A; `kpi.md` (one definition in one place).
"""

from dealer_crm.kpi.formulas.output import (
    Counted,
    Output,
    RecognisedReceipt,
    SettlementChange,
    achievement,
    car_count,
    month_output,
    recognised_receipts,
    settlement_changes,
)

__all__ = [
    "Counted",
    "Output",
    "RecognisedReceipt",
    "SettlementChange",
    "achievement",
    "car_count",
    "month_output",
    "recognised_receipts",
    "settlement_changes",
]
