"""Figures that are counted once and used everywhere: output, car count, achievement, margin, accessory sales; which
teams work is credited to.

Pure functions on frozen facts. Source: spec `commission.md`, A; `kpi.md` (one definition in one place).
"""

from dealer_crm.kpi.formulas.accessories import AccessoryReceipt, accessory_sales, received_accessories
from dealer_crm.kpi.formulas.credit import fitters, labour_shares, line_credits
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
    "AccessoryReceipt",
    "CostRow",
    "Costs",
    "Counted",
    "Output",
    "RecognisedReceipt",
    "Season",
    "SettlementChange",
    "Uncosted",
    "accessory_sales",
    "achievement",
    "by_season",
    "car_count",
    "fitters",
    "labour_shares",
    "line_credits",
    "missing_to",
    "month_costs",
    "month_margin",
    "month_output",
    "read",
    "received_accessories",
    "recognised_receipts",
    "settlement_changes",
    "shared",
    "typed",
    "written",
]
