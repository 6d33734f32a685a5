"""What the formulas are told about an order. Days are days of the store's own time zone.

The codes are the values of `reception.choices`; a test keeps the two in step, because formulas can't import Django.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

# Order kinds the rules name.
ACCIDENT, PDI, COMEBACK = "accident", "pdi", "comeback"
# Line kinds the rules name.
LABOUR, ACCESSORY = "labour", "accessory"
MATERIAL = frozenset({"part", ACCESSORY, "sublet"})
# Payers.
CUSTOMER, WARRANTY, INSURANCE, INTERNAL, FREE = "customer", "warranty", "insurance", "internal", "free"
PAYING = frozenset({CUSTOMER, WARRANTY, INSURANCE})
GIFT_PAYERS = frozenset({INTERNAL, FREE})


@dataclass(frozen=True, slots=True)
class LineFact:
    """One line of an order. For labour `quantity` is standard hours.

    `team` is the team credited; without it the `technicians` (work number, share of the line) credit their own teams.
    `payable` is the frozen amount, never worked out again here. `unit_cost`: what one piece cost the house, None:
    nobody knows.
    """

    number: str
    kind: str
    payer: str
    quantity: Decimal
    unit_price: Decimal
    discount_rate: Decimal
    payable: Decimal
    team: str | None = None
    technicians: tuple[tuple[str, Decimal], ...] = ()
    seller: str | None = None
    is_installed: bool = False
    installation_team: str | None = None
    name: str = ""
    unit_cost: Decimal | None = None

    @property
    def is_accessory(self) -> bool:
        return self.kind == ACCESSORY

    @property
    def has_material(self) -> bool:
        """Whether something was bought for it: labour and other charges cost no material."""
        return self.kind in MATERIAL

    @property
    def cost(self) -> Decimal | None:
        return None if self.unit_cost is None else self.quantity * self.unit_cost

    @property
    def is_gift(self) -> bool:
        """Nobody outside the house pays for it."""
        return self.payer in GIFT_PAYERS

    @property
    def list_price_amount(self) -> Decimal:
        return self.quantity * self.unit_price

    @property
    def order_key(self) -> tuple[int, str]:
        """Lines in the order people count them: 2 before 10."""
        return (len(self.number), self.number)


@dataclass(frozen=True, slots=True)
class SettlementFact:
    """A settlement (结算) and, if it was reversed (红冲), when. `lines`: as frozen; None = the order's lines stand."""

    number: str
    settled_on: date
    reversed_on: date | None = None
    lines: tuple[LineFact, ...] | None = None

    def is_live_on(self, day: date) -> bool:
        """Whether the settlement stands at the end of `day`."""
        return self.settled_on <= day and (self.reversed_on is None or self.reversed_on > day)


@dataclass(frozen=True, slots=True)
class ReceiptFact:
    """Money in, or back out (negative). `accessory_amount` None: to be split in proportion."""

    number: str
    payer: str
    received_on: date
    amount: Decimal
    accessory_amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class AssessmentFact:
    """事故定损: the assessed amount, owner's own share included; the days of assessment and of release."""

    amount: Decimal
    assessed_on: date | None = None
    released_on: date | None = None


@dataclass(frozen=True, slots=True)
class OrderFact:
    number: str
    kind: str
    advisor: str | None = None
    arrived_on: date | None = None
    completed_on: date | None = None  # 竣工
    lines: tuple[LineFact, ...] = ()
    settlements: tuple[SettlementFact, ...] = ()
    receipts: tuple[ReceiptFact, ...] = ()
    assessment: AssessmentFact | None = None

    def settlement_on(self, day: date) -> SettlementFact | None:
        """The settlement that stands at the end of `day`."""
        return next((settlement for settlement in self.settlements if settlement.is_live_on(day)), None)

    def lines_under(self, settlement: SettlementFact | None) -> tuple[LineFact, ...]:
        """The lines as the settlement froze them, or as they stand now."""
        frozen = None if settlement is None else settlement.lines
        return self.lines if frozen is None else frozen

    def accessory_lines(self, settlement: SettlementFact | None) -> Iterator[LineFact]:
        return (line for line in self.lines_under(settlement) if line.is_accessory)
