"""Agreed prices on the lines of an order: filled in when a line is new, marked on it, kept while it stays as agreed."""

from dataclasses import replace
from functools import cached_property

from reception.choices import Payer
from reception.formulas.agreements import AskedLine, Offer, Terms, best_offer
from reception.models import AddOnLine, OrderLine, RepairOrder
from reception.queries.agreements import terms_of_order


class AgreedPrices:
    """The agreed prices of one locked order, asked for only when a line needs them.

    `reprices`: also lines that stand without an agreed price are offered one. A counted item that a line takes is
    gone for the next one. `drafts` None: all lines of the order stay (an add-on is priced beside them).
    """

    def __init__(self, order: RepairOrder, drafts=None, *, reprices: bool = False):
        self.order, self.reprices = order, reprices
        self.kept_lines = None if drafts is None else {draft.number for draft in drafts if draft.number}
        self.taken: dict[int, int] = {}

    @cached_property
    def terms(self) -> list[Terms]:
        return terms_of_order(self.order)

    def applied(self, line: OrderLine, draft):
        """The draft with the best price agreed; marks the line with what gave it.

        A line that stands keeps its mark as long as nobody changes what it stands for. Once the mark goes, the
        discount goes with it: what the draft asks then is judged like any discount.
        """
        if draft.add_on and not line.pk:  # the customer agreed to what was written on the add-on
            line.price_basis, line.agreement_item_id = draft.price_basis, draft.agreement_item_id
            return draft
        if line.price_basis and not _stands(line, draft):
            line.price_basis, line.agreement_item, line.discount_rate = "", None, 0
        if draft.payer != Payer.CUSTOMER or line.price_basis or (line.pk and not self.reprices):
            return draft
        offer = best_offer(
            AskedLine(draft.kind, draft.code, draft.name, draft.quantity, draft.unit_price, draft.discount_rate),
            self._left(),
        )
        return self._marked(line, draft, offer) if offer else draft

    def proposed(self, line: AddOnLine, draft, known: AddOnLine | None):
        """The same for a line of an add-on; `known`: the line as it was proposed before. One that is changed by hand
        afterwards is what the hand wrote: its mark stays while it stands for the same, and no other price is put in."""
        if known is None:
            return self.applied(line, draft)
        if known.price_basis and _stands(known, draft):
            line.price_basis, line.agreement_item_id = known.price_basis, known.agreement_item_id
        return draft

    def _marked(self, line: OrderLine, draft, offer: Offer):
        line.price_basis = offer.basis
        if offer.item:
            line.agreement_item_id = offer.item.id
            self.taken[offer.item.id] = self.taken.get(offer.item.id, 0) + 1
        return replace(draft, unit_price=offer.unit_price, discount_rate=offer.discount_rate)

    def _left(self) -> list[Terms]:
        """The terms without what the other lines of this order take."""
        return [
            replace(one, items=tuple(replace(item, left=self._left_of(item)) for item in one.items))
            for one in self.terms
        ]

    def _left_of(self, item) -> int | None:
        if item.left is None:
            return None
        return max(item.left - self.taken.get(item.id, 0) - self._standing.get(item.id, 0), 0)

    @cached_property
    def _standing(self) -> dict[int, int]:
        """How many lines that stay stand on each item already."""
        rows = self.order.lines.filter(agreement_item__isnull=False)
        if self.kept_lines is not None:
            rows = rows.filter(number__in=self.kept_lines)
        counts: dict[int, int] = {}
        for item in rows.values_list("agreement_item", flat=True):
            counts[item] = counts.get(item, 0) + 1
        return counts


def _stands(line: OrderLine | AddOnLine, draft) -> bool:
    """Whether the draft leaves what was agreed as it is: for a discount kind and rate, for an item also which and at
    what price."""
    same = (line.kind, line.discount_rate, Payer.CUSTOMER) == (draft.kind, draft.discount_rate, draft.payer)
    if not same or line.agreement_item_id is None:
        return same
    return (line.code, line.name) == (draft.code.strip(), draft.name.strip()) and (
        line.unit_price == draft.unit_price or line.discount_rate == 1
    )
