"""What a line costs. Source: spec `reception.md`, Lines."""

from decimal import Decimal

from dealer_crm.values import fen, share_out


def line_payable(*, quantity: Decimal, unit_price: Decimal, discount_rate: Decimal = Decimal(0)) -> Decimal:
    """CNY to the fen: round(quantity × unit price × (1 − discount), 2), half-up. A discount of 0.2 is 八折."""
    return fen(Decimal(quantity) * Decimal(unit_price) * (1 - Decimal(discount_rate)))


def even_shares(count: int) -> list[Decimal]:
    """Shares of a labour line for so many technicians in whole percents, the first getting what is left over."""
    return share_out(Decimal(1), [Decimal(1)] * count)
