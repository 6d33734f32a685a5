"""What a month's figures are counted from (`facts`), targets (`targets`), the measures themselves (`measures`)."""

from dealer_crm.kpi.queries.facts import line_fact, order_facts, touched_orders, waiting_orders
from dealer_crm.kpi.queries.measures import MEASURES, Measured, Months, measured, month_measures
from dealer_crm.kpi.queries.targets import bound_staff, month_targets, unsigned_targets_of
from dealer_crm.kpi.queries.tiles import Tile, tiles

__all__ = [
    "MEASURES",
    "Measured",
    "Months",
    "Tile",
    "bound_staff",
    "line_fact",
    "measured",
    "month_measures",
    "month_targets",
    "order_facts",
    "tiles",
    "touched_orders",
    "unsigned_targets_of",
    "waiting_orders",
]
