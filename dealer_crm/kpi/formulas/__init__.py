"""Figures that are counted once and used everywhere: output, car count, achievement, margin.

Pure functions on frozen facts. Source: spec `commission.md`, A; `kpi.md` (one definition in one place).
"""

from dealer_crm.kpi.formulas.margin import CostRow, Costs, Uncosted, month_costs, month_margin
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
from dealer_crm.kpi.formulas.targets import Season, by_season, missing_to, read, shared, typed, written

__all__ = [
    "CostRow",
    "Costs",
    "Counted",
    "Output",
    "RecognisedReceipt",
    "Season",
    "SettlementChange",
    "Uncosted",
    "achievement",
    "by_season",
    "car_count",
    "missing_to",
    "month_costs",
    "month_margin",
    "month_output",
    "read",
    "recognised_receipts",
    "settlement_changes",
    "shared",
    "typed",
    "written",
]
