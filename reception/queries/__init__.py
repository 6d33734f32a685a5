"""What the screens, reports and rules ask of the reception. One module for each noun; all names meet here."""

from reception.queries.settlements import amounts_by_payer, frozen_lines

__all__ = ["amounts_by_payer", "frozen_lines"]
