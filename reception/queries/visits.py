"""What was seen, photographed and signed at intake and delivery, and what a customer would sign now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dealer_crm.organization.models import Staff
from dealer_crm.ui.formulas import grouped
from reception.choices import (
    Belonging,
    CarPart,
    LineKind,
    MarkKind,
    OrderKind,
    Payer,
    SignedPaper,
    Urgency,
)
from reception.formulas import diagram
from reception.formulas.signing import fingerprint
from reception.models import AddOn, OrderPhoto, RepairOrder, Settlement, Signature, WalkRound


# ── What was seen ────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Mark:
    """A mark as it is drawn and read; `number` is what stands beside it on the sheet."""

    number: int
    kind: str
    x: int
    y: int
    note: str

    @property
    def kind_label(self) -> str:
        return str(MarkKind(self.kind).label)

    @property
    def place(self) -> str:
        """Where SVG draws it."""
        return f"translate({self.x} {self.y})"

    @property
    def part(self) -> str:
        return diagram.part_at(self.x, self.y)

    @property
    def part_label(self) -> str:
        return str(CarPart(self.part).label)


def walk_round_of(order: RepairOrder) -> WalkRound | None:
    found = WalkRound.objects.filter(order=order).select_related("walked_by").prefetch_related("marks")
    return found.first()


def marks_of(walk_round: WalkRound | None) -> list[Mark]:
    rows = walk_round.marks.all() if walk_round else ()
    return [Mark(number, row.kind, row.x, row.y, row.note) for number, row in enumerate(rows, start=1)]


def car_parts() -> list[tuple[diagram.Part, str]]:
    """The parts of the diagram with their names, as they are drawn."""
    return [(part, str(CarPart(part.code).label)) for part in diagram.PARTS]


def photos_visible_to(staff: Staff):
    return OrderPhoto.objects.filter(order__in=RepairOrder.objects.visible_to(staff)).select_related("file", "order")


def signatures_visible_to(staff: Staff):
    return Signature.objects.filter(order__in=RepairOrder.objects.visible_to(staff)).select_related(
        "file", "order__vehicle", "order__customer", "order__store", "add_on", "taken_by"
    )


def signature_on(order: RepairOrder, paper: SignedPaper) -> Signature | None:
    """The newest signature under a paper of an order."""
    return Signature.objects.filter(order=order, paper=paper).order_by("-id").first()


@dataclass(frozen=True)
class SignedSheet:
    """A signature with what has changed since; `changes` is empty when the customer signed what stands."""

    signature: Signature
    changes: list[str]


@dataclass(frozen=True)
class Evidence:
    """What the order page shows of a visit."""

    walk_round: WalkRound | None
    marks: Sequence[Mark]
    belongings: Sequence[str]
    photos: Sequence[OrderPhoto]
    signed: Sequence[SignedSheet]

    @property
    def is_signed(self) -> bool:
        return any(sheet.signature.paper == SignedPaper.ORDER for sheet in self.signed)


def evidence_of(order: RepairOrder) -> Evidence:
    """Four queries however much there is. `order` as `whole_orders` gives it."""
    walk_round = walk_round_of(order)
    signatures = order.signatures.select_related("file", "add_on", "taken_by").prefetch_related("add_on__lines")
    return Evidence(
        walk_round=walk_round,
        marks=marks_of(walk_round),
        belongings=[str(Belonging(one).label) for one in walk_round.belongings] if walk_round else [],
        photos=list(order.photos.select_related("file", "taken_by")),
        signed=[SignedSheet(one, _changes_since(one, order, walk_round)) for one in signatures],
    )


# ── What is signed ───────────────────────────────────────────────────────────────────────────────────────────────────
# The parts of a signed content whose change is told; the promise is left out: every later one was confirmed by name.
_TOLD = {
    "lines": gettext_lazy("Lines"),
    "estimate": gettext_lazy("Estimate"),
    "total": gettext_lazy("Total"),
    "symptoms": gettext_lazy("What the customer says"),
    "walk_round": gettext_lazy("Walk-round"),
}


def content_to_sign(
    order: RepairOrder, paper: SignedPaper, *, add_on: AddOn | None = None, walk_round: WalkRound | None = None
) -> dict:
    """What stands on the paper now, in codes, figures and the customer's own words: no language, nothing worked out
    later. The same state gives the same content."""
    head = {
        "paper": str(paper), "store": order.store.name, "number": order.number, "customer": order.customer.name,
        "plate": order.vehicle.plate, "vin": order.vehicle.vin,
    }  # fmt: skip
    match paper:
        case SignedPaper.ORDER:
            return head | _order_content(order, walk_round or walk_round_of(order))
        case SignedPaper.ADD_ON:
            return head | _add_on_content(add_on)
        case SignedPaper.SETTLEMENT:
            return head | _settlement_content(order)
        case _:
            return head | _delivery_content(order, walk_round or walk_round_of(order))


def estimate_of(order: RepairOrder) -> Decimal:
    """What the customer is told it will cost: the sum named at intake, else what the lines ask of the customer."""
    if order.estimated_amount is not None:
        return order.estimated_amount
    lines = [line for line in order.lines.all() if line.payer == Payer.CUSTOMER and line.add_on_id is None]
    return sum((line.payable_amount for line in lines), Decimal("0.00"))


def _order_content(order: RepairOrder, walk_round: WalkRound | None) -> dict:
    lines = [line for line in order.lines.all() if line.add_on_id is None]  # add-ons are papers of their own
    return {
        "kind": order.kind, "mileage": order.mileage, "fuel_percent": order.fuel_percent, "symptoms": order.symptoms,
        "keeps_old_parts": order.keeps_old_parts, "wants_wash": order.wants_wash,
        "promised_at": _written(order.promised_at), "estimate": str(estimate_of(order)),
        "lines": [_line(line) for line in lines], "walk_round": _walked(walk_round),
    }  # fmt: skip


def _add_on_content(add_on: AddOn) -> dict:
    lines = list(add_on.lines.all())
    return {
        "add_on": add_on.number, "reason": add_on.reason, "urgency": add_on.urgency,
        "promised_at": _written(add_on.wanted_promise_at), "lines": [_line(line) for line in lines],
        "total": str(sum((line.payable_amount for line in lines), Decimal("0.00"))),
    }  # fmt: skip


def _settlement_content(order: RepairOrder) -> dict:
    settlement = live_settlement(order)
    amounts = {one.payer: str(one.amount) for one in settlement.amounts.all()} if settlement else {}
    return {
        "settlement": settlement.number if settlement else "",
        "lines": [_frozen(line) for line in settlement.lines] if settlement else [],
        "amounts": amounts,
        "total": amounts.get(Payer.CUSTOMER, "0.00"),
    }


def _delivery_content(order: RepairOrder, walk_round: WalkRound | None) -> dict:
    return {
        "delivered_at": _written(order.delivered_at), "mileage": order.mileage, "was_explained": order.was_explained,
        "old_parts_returned": order.old_parts_returned if order.keeps_old_parts else None,
        "next_service_on": order.next_service_on.isoformat() if order.next_service_on else None,
        "next_service_km": order.next_service_km, "belongings": _walked(walk_round).get("belongings", []),
    }  # fmt: skip


def live_settlement(order: RepairOrder) -> Settlement | None:
    return next((one for one in order.settlements.all() if one.reversed_at is None), None)


def _line(line) -> dict:
    return {
        "kind": line.kind, "code": line.code, "name": line.name, "quantity": str(line.quantity),
        "unit_price": str(line.unit_price), "discount_rate": str(line.discount_rate),
        "payable_amount": str(line.payable_amount), "payer": line.payer,
    }  # fmt: skip


def _frozen(line: dict) -> dict:
    names = ("kind", "code", "name", "quantity", "unit_price", "discount_rate", "payable_amount", "payer")
    return {name: line.get(name, "") for name in names}


def _walked(walk_round: WalkRound | None) -> dict:
    if walk_round is None:
        return {}
    return {
        "marks": [{"kind": one.kind, "x": one.x, "y": one.y, "note": one.note} for one in walk_round.marks.all()],
        "belongings": sorted(walk_round.belongings), "belongings_note": walk_round.belongings_note,
        "note": walk_round.note,
    }  # fmt: skip


def _written(moment: datetime | None) -> str | None:
    return moment.astimezone(timezone.get_default_timezone()).isoformat(timespec="minutes") if moment else None


def _changes_since(signature: Signature, order: RepairOrder, walk_round: WalkRound | None) -> list[str]:
    """Which parts of what was signed no longer stand."""
    if signature.paper == SignedPaper.SETTLEMENT and live_settlement(order) is None:
        return [_("the settlement is reversed")]
    now = content_to_sign(order, SignedPaper(signature.paper), add_on=signature.add_on, walk_round=walk_round)
    if fingerprint(now) == signature.content_hash:
        return []
    return [str(words) for name, words in _TOLD.items() if now.get(name) != signature.content.get(name)]


# ── The paper in the reader's words ──────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class PaperLine:
    kind: str
    name: str
    quantity: str
    unit_price: str
    discount_rate: str
    payable_amount: str
    payer: str


@dataclass(frozen=True)
class Paper:
    """A signed content, or one to sign, as it is read: `facts` are (label, value) pairs."""

    title: str
    facts: Sequence[tuple[str, object]]
    lines: Sequence[PaperLine]
    sum_label: str
    total: str | None
    marks: Sequence[Mark] | None
    belongings: Sequence[str]
    notes: Sequence[str]
    terms: str


def paper_in_words(content: dict) -> Paper:
    paper, walked = SignedPaper(content["paper"]), content.get("walk_round")
    belongings = (walked or content).get("belongings", [])
    return Paper(
        title=str(paper.label),
        facts=[(label, value) for label, value in _facts(paper, content) if value not in (None, "")],
        lines=[_line_in_words(line) for line in content.get("lines", [])],
        sum_label=_("Estimate") if paper == SignedPaper.ORDER else _("Payable by the customer"),
        total=content.get("estimate") or content.get("total"),
        marks=[Mark(place, **mark) for place, mark in enumerate(walked["marks"], start=1)] if walked else None,
        belongings=[str(Belonging(one).label) for one in belongings],
        notes=[note for note in ((walked or {}).get("belongings_note"), (walked or {}).get("note")) if note],
        terms=_terms(paper),
    )


def _facts(paper: SignedPaper, content: dict):
    yield _("Number"), content["number"]
    yield _("Customer"), content["customer"]
    yield _("Plate"), content["plate"]
    yield "VIN", content["vin"]
    if paper == SignedPaper.ORDER:
        yield _("Type"), OrderKind(content["kind"]).label
        yield _("Fuel or charge"), None if content["fuel_percent"] is None else f"{content['fuel_percent']}%"
        yield _("Old parts go back"), _yes(content["keeps_old_parts"])
        yield _("Wash"), _yes(content["wants_wash"])
        yield _("What the customer says"), content["symptoms"]
    if paper == SignedPaper.ADD_ON:
        yield _("What was found"), content["reason"]
        yield _("Urgency"), Urgency(content["urgency"]).label
    if paper == SignedPaper.SETTLEMENT:
        yield _("Settlement"), content["settlement"]
    if paper == SignedPaper.DELIVERY:
        yield _("Delivered"), _moment(content["delivered_at"])
        yield _("Work and bill explained"), _yes(content["was_explained"])
        yield _("Old parts handed over"), _yes(content["old_parts_returned"])
        yield _("Next service"), _next_service(content)
    if content.get("mileage") is not None:
        yield _("Mileage"), f"{grouped(content['mileage'])} km"
    if content.get("promised_at"):
        yield _("Promised delivery"), _moment(content["promised_at"])


def _next_service(content: dict) -> str:
    km = f"{grouped(content['next_service_km'])} km" if content["next_service_km"] else None
    return " / ".join(filter(None, [content["next_service_on"], km]))


def _line_in_words(line: dict) -> PaperLine:
    return PaperLine(
        kind=str(LineKind(line["kind"]).label), name=line["name"], quantity=line["quantity"],
        unit_price=line["unit_price"], discount_rate=line["discount_rate"], payable_amount=line["payable_amount"],
        payer=str(Payer(line["payer"]).label),
    )  # fmt: skip


def _terms(paper: SignedPaper) -> str:
    return {
        SignedPaper.ORDER: _(
            "The customer orders the work above. Further work is done only after the customer's consent; the final "
            "amount is that of the settlement list."
        ),
        SignedPaper.ADD_ON: _("The customer agrees to the additional work above, its price and its delivery time."),
        SignedPaper.SETTLEMENT: _("The customer has read the settlement list and agrees to it."),
        SignedPaper.DELIVERY: _("The customer has received the car with everything that was in it."),
    }[paper]


def _yes(value: bool | None) -> str | None:
    return None if value is None else _("yes") if value else _("no")


def _moment(written: str | None) -> str | None:
    return f"{timezone.localtime(parse_datetime(written)):%Y-%m-%d %H:%M}" if written else None
