"""Plain values every floor of the house may use: pure Python, no Django models, no clock, no database.

Source: spec `README.md` (conventions), `architecture.md` (ground floor).
"""

from dealer_crm.values.calendar import WorkCalendar
from dealer_crm.values.figures import Figure
from dealer_crm.values.money import capital_numerals, fen, share_out
from dealer_crm.values.period import Day, Period, Quarter, Span, Week
from dealer_crm.values.refusal import Refusal, Stale

__all__ = [
    "Day",
    "Figure",
    "Period",
    "Quarter",
    "Refusal",
    "Span",
    "Stale",
    "Week",
    "WorkCalendar",
    "capital_numerals",
    "fen",
    "share_out",
]
