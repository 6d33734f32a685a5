"""What a month's figures are counted from (`facts`), targets (`targets`), the measures themselves (`measures`)."""

from dealer_crm.kpi.queries.facts import line_fact, order_facts, touched_orders, waiting_orders
from dealer_crm.kpi.queries.grids import Grid, GridRow, proposal, year_grid
from dealer_crm.kpi.queries.measures import MEASURES, Measured, Months, measured, month_measures
from dealer_crm.kpi.queries.meetings import carried_to, follow_ups_of, goal_figures, meetings_for
from dealer_crm.kpi.queries.pay import ask_of_locked_months, locked_months
from dealer_crm.kpi.queries.targets import (
    Aim,
    aim_of,
    bound_staff,
    is_ceiling,
    month_targets,
    months_to_sign,
    unsigned_targets_of,
    waiting_for,
)
from dealer_crm.kpi.queries.tiles import Tile, tiles

__all__ = [
    "MEASURES",
    "Aim",
    "Grid",
    "GridRow",
    "Measured",
    "Months",
    "Tile",
    "aim_of",
    "ask_of_locked_months",
    "bound_staff",
    "carried_to",
    "follow_ups_of",
    "goal_figures",
    "is_ceiling",
    "line_fact",
    "locked_months",
    "measured",
    "meetings_for",
    "month_measures",
    "month_targets",
    "months_to_sign",
    "order_facts",
    "proposal",
    "tiles",
    "touched_orders",
    "unsigned_targets_of",
    "waiting_for",
    "waiting_orders",
    "year_grid",
]
