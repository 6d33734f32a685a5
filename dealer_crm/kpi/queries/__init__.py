"""The measures (`measures`), the parts they are made of (`counts`) and their numbers by month and day (`days`), what is
kept of them (`kept`); what orders are to the formulas (`facts`), whose they are (`credits`); targets (`targets`) and
how far they are reached (`reached`)."""

from dealer_crm.kpi.queries.breakdowns import NOBODY, OF_ORDERS, Cut, cuts_of, cuts_of_orders, parts_in
from dealer_crm.kpi.queries.counts import PARTS, Part
from dealer_crm.kpi.queries.days import Numbers, output_rows, source_numbers, spans_of_months
from dealer_crm.kpi.queries.facts import line_fact, order_facts, touched_orders, waiting_orders
from dealer_crm.kpi.queries.grids import Grid, GridRow, proposal, year_grid
from dealer_crm.kpi.queries.kept import (
    KeptMonth,
    first_months,
    kept_months,
    kept_numbers,
    kept_since,
    months_to_count,
    ripe_at,
)
from dealer_crm.kpi.queries.measures import MEASURES, Measured, MeasureOfMonth, Months, all_of, measured, month_measures
from dealer_crm.kpi.queries.meetings import carried_to, follow_ups_of, goal_figures, meetings_for
from dealer_crm.kpi.queries.pay import ask_of_locked_months, locked_months
from dealer_crm.kpi.queries.reached import ReachedTarget, beside, own_targets, reached
from dealer_crm.kpi.queries.rows import ROW_FILTERS, CountedRow, all_rows, page_of_rows, words_of
from dealer_crm.kpi.queries.stores import FIRST_SHOWN, Comparison, compared_stores, together
from dealer_crm.kpi.queries.targets import (
    Aim,
    aim_of,
    bound_staff,
    is_ceiling,
    month_targets,
    months_to_sign,
    unsigned_targets_near,
    unsigned_targets_of,
    waiting_for,
)
from dealer_crm.kpi.queries.tiles import Judged, Tile, held_against, tiles

__all__ = [
    "FIRST_SHOWN",
    "MEASURES",
    "NOBODY",
    "OF_ORDERS",
    "PARTS",
    "ROW_FILTERS",
    "Aim",
    "Comparison",
    "CountedRow",
    "Cut",
    "Grid",
    "GridRow",
    "Judged",
    "KeptMonth",
    "MeasureOfMonth",
    "Measured",
    "Months",
    "Numbers",
    "Part",
    "ReachedTarget",
    "Tile",
    "aim_of",
    "all_of",
    "all_rows",
    "ask_of_locked_months",
    "beside",
    "bound_staff",
    "carried_to",
    "compared_stores",
    "cuts_of",
    "cuts_of_orders",
    "first_months",
    "follow_ups_of",
    "goal_figures",
    "held_against",
    "is_ceiling",
    "kept_months",
    "kept_numbers",
    "kept_since",
    "line_fact",
    "locked_months",
    "measured",
    "meetings_for",
    "month_measures",
    "month_targets",
    "months_to_count",
    "months_to_sign",
    "order_facts",
    "output_rows",
    "own_targets",
    "page_of_rows",
    "parts_in",
    "proposal",
    "reached",
    "ripe_at",
    "source_numbers",
    "spans_of_months",
    "tiles",
    "together",
    "touched_orders",
    "unsigned_targets_near",
    "unsigned_targets_of",
    "waiting_for",
    "waiting_orders",
    "words_of",
    "year_grid",
]
