"""Orders written by hand in a day without network, keyed in afterwards: all of them, or none."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Staff
from dealer_crm.reporting.paper import all_or_nothing
from dealer_crm.values import Refusal
from reception.actions.intake import take_in
from reception.actions.lines import LineDraft
from reception.choices import OrderKind
from reception.formulas.identity import folded_code
from reception.models import RepairOrder
from reception.queries.archive import vehicle_at_gate

# What is keyed in later than this is not what a day without network left behind.
OLDEST = timedelta(days=7)


@dataclass(frozen=True)
class PaperOrder:
    """One intake sheet as it was written. `paper_number` stands in the journal as the origin of all that comes of it;
    name and phone are asked only of a car nobody knows."""

    paper_number: str
    plate: str
    kind: OrderKind
    advisor: Staff
    arrived_at: datetime
    promised_at: datetime
    mileage: int | None = None
    symptoms: str = ""
    customer_name: str = ""
    customer_phone: str = ""
    lines: Sequence[LineDraft] = field(default_factory=tuple)
    confirmed: bool = False


def catch_up_orders(*, orders: Sequence[PaperOrder], store, by: Staff, at: datetime) -> list[RepairOrder]:
    """Open every order through the ordinary intake, arrived when the paper says. Raises `RowsRefused` with everything
    that is wrong with any of them; nothing is kept then."""
    return all_or_nothing(orders, lambda order: _caught_up(order, store, by, at))


def _caught_up(order: PaperOrder, store, by: Staff, at: datetime) -> RepairOrder:
    if not at - OLDEST <= order.arrived_at <= at:
        raise Refusal(
            _("The arrival lies in the past, at most %(days)d days ago.") % {"days": OLDEST.days},
            field="arrived",
            code="time_wrong",
        )
    if order.kind == OrderKind.COMEBACK:
        raise Refusal(_("A comeback names its original order; open it on the intake page."), field="kind")
    vehicle = vehicle_at_gate(folded_code(order.plate))
    if vehicle is None and not order.customer_name.strip():
        raise Refusal(
            _("Nobody knows the car %(plate)s: add the customer's name and phone.") % {"plate": order.plate},
            field="customer_name",
            code="customer_missing",
        )
    with journal.from_paper(order.paper_number):
        return take_in(
            by=by, at=at, store=store, vehicle=vehicle, plate=order.plate,
            customer={"name": order.customer_name, "phone": order.customer_phone}, kind=order.kind,
            advisor=order.advisor, arrived_at=order.arrived_at, promised_at=order.promised_at, mileage=order.mileage,
            symptoms=order.symptoms, lines=order.lines, confirmed=order.confirmed,
        )  # fmt: skip
