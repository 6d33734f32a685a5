"""How well tools are kept. Source: spec `workshop.md` (Tools and equipment)."""

from decimal import Decimal


def intact_rate(intact: int, tools: int) -> Decimal | None:
    """Intact ÷ all tools that are not scrapped (完好率); None without tools."""
    return Decimal(intact) / tools if tools else None
