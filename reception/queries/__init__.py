"""What the screens, reports and rules ask of the reception. One module for each noun; all names meet here."""

from reception.queries.archive import (
    customer_with_phone,
    customers_visible_to,
    phones_visible_to,
    vehicle_at_gate,
    vehicles_visible_to,
)
from reception.queries.orders import (
    Board,
    Step,
    advisors_of,
    board,
    comebacks_may_name,
    may_change,
    orders_visible_to,
    own_open_counts,
    steps_of,
    visits_of,
    whole_orders,
)
from reception.queries.receivables import Ageing, Due, age_in_days, ageing, due_by_payer, open_receivables
from reception.queries.search import customers_found, matching_anything, orders_found, vehicles_found
from reception.queries.settlements import (
    amounts_by_payer,
    frozen_lines,
    line_facts,
    orders_to_settle,
    printed_items,
    reversals_to_approve,
    settlements_visible_to,
)
from reception.queries.story import Deed, story_of, story_of_order

__all__ = [
    "Ageing",
    "Board",
    "Deed",
    "Due",
    "Step",
    "advisors_of",
    "age_in_days",
    "ageing",
    "amounts_by_payer",
    "board",
    "comebacks_may_name",
    "customer_with_phone",
    "customers_found",
    "customers_visible_to",
    "due_by_payer",
    "frozen_lines",
    "line_facts",
    "matching_anything",
    "may_change",
    "open_receivables",
    "orders_found",
    "orders_to_settle",
    "orders_visible_to",
    "own_open_counts",
    "phones_visible_to",
    "printed_items",
    "reversals_to_approve",
    "settlements_visible_to",
    "steps_of",
    "story_of",
    "story_of_order",
    "vehicle_at_gate",
    "vehicles_found",
    "vehicles_visible_to",
    "visits_of",
    "whole_orders",
]
