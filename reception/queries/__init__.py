"""What the screens, reports and rules ask of the reception. One module for each noun; all names meet here."""

from reception.queries.receivables import Ageing, Due, ageing, due_by_payer, open_receivables
from reception.queries.settlements import amounts_by_payer, frozen_lines, line_facts

__all__ = [
    "Ageing",
    "Due",
    "ageing",
    "amounts_by_payer",
    "due_by_payer",
    "frozen_lines",
    "line_facts",
    "open_receivables",
]
