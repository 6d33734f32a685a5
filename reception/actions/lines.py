"""The lines of an order: saved together, priced by the formula, discounts within the limit, shares adding to 100 %."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.access.permissions import Permission
from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Staff, Team
from dealer_crm.organization.queries import figure
from dealer_crm.values import Refusal
from reception.actions.costs import article_of, catalogue_costs
from reception.actions.locking import locked_order, refuse_closed, saved
from reception.actions.parts import folded_part_code
from reception.actions.pricing import AgreedPrices
from reception.choices import ARTICLES, LineKind, Payer
from reception.formulas import line_payable
from reception.models import AddOn, AddOnLine, LineShare, OrderLine, RepairOrder
from reception.settings import DISCOUNT_FLOOR_RATE

_CENT, _BASIS_POINT = Decimal("0.01"), Decimal("0.0001")
LINE_AT_MOST = Decimal(10_000_000)
"""CNY at list price. Far above any repair; what lies above is a slip of the finger."""


@dataclass(frozen=True)
class LineDraft:
    """A line as somebody wants it. `number` None: a new line. `discount_rate` 0.2 is 20 % off (八折).

    `shares`: pairs of technician and share, adding up to 1; empty when the team alone is credited. A line that came by
    an add-on names it, who approved its discount there and what gave its price; set once, when the line is new.
    """

    kind: LineKind
    name: str
    quantity: Decimal
    unit_price: Decimal
    discount_rate: Decimal = Decimal(0)
    payer: Payer = Payer.CUSTOMER
    code: str = ""
    number: int | None = None
    team: Team | None = None
    seller: Staff | None = None
    is_installed: bool = False
    installation_team: Team | None = None
    shares: tuple[tuple[Staff, Decimal], ...] = ()
    add_on: AddOn | None = None
    approved_by: Staff | None = None
    price_basis: str = ""
    agreement_item_id: int | None = None

    @classmethod
    def of(cls, line: OrderLine) -> "LineDraft":
        """The line as it stands."""
        return cls(
            kind=LineKind(line.kind), name=line.name, quantity=line.quantity, unit_price=line.unit_price,
            discount_rate=line.discount_rate, payer=Payer(line.payer), code=line.code, number=line.number,
            team=line.team, seller=line.seller, is_installed=line.is_installed,
            installation_team=line.installation_team,
            shares=tuple((share.technician, share.share) for share in line.shares.all()),
        )  # fmt: skip


@transaction.atomic
def save_lines(
    *, order: RepairOrder, lines: Sequence[LineDraft], by, at, expected_version: int | None = None
) -> list[OrderLine]:
    """Make the lines of an order exactly these: known numbers are changed, new ones added, missing ones taken away."""
    order = locked_order(order, expected_version)
    refuse_closed(order)
    if write_lines(order, lines, by=by, at=at):
        saved(order)
    return list(order.lines.all())


@transaction.atomic
def add_line(*, order: RepairOrder, line: LineDraft, by, at, expected_version: int | None = None) -> OrderLine:
    order = locked_order(order, expected_version)
    lines = save_lines(order=order, lines=[*drafts_of(order), replace(line, number=None)], by=by, at=at)
    return lines[-1]


@transaction.atomic
def change_line(*, line: OrderLine, draft: LineDraft, by, at, expected_version: int | None = None) -> OrderLine:
    order = locked_order(line.order, expected_version)
    drafts = [replace(draft, number=line.number) if one.number == line.number else one for one in drafts_of(order)]
    save_lines(order=order, lines=drafts, by=by, at=at)
    line.refresh_from_db()
    return line


@transaction.atomic
def remove_line(*, line: OrderLine, by, at, expected_version: int | None = None) -> None:
    order = locked_order(line.order, expected_version)
    save_lines(order=order, lines=[one for one in drafts_of(order) if one.number != line.number], by=by, at=at)


@transaction.atomic
def share_line(*, line: OrderLine, shares: Sequence[tuple[Staff, Decimal]], by, at) -> OrderLine:
    """Say which technicians did a line and in which shares (the workshop knows); an empty list takes them away."""
    draft = replace(LineDraft.of(line), shares=tuple(shares))
    return change_line(line=line, draft=draft, by=by, at=at)


def write_lines(order: RepairOrder, drafts: Sequence[LineDraft], *, by, at, reprices: bool = False) -> bool:
    """Write the lines of a locked order; True when anything changed. All is refused before anything is written.

    New lines get the best price that was agreed with the customer; with `reprices` lines that stand are offered it too.
    What an article is bought for today becomes the line's own.
    """
    rows = order.lines.select_related("team", "seller", "installation_team", "discount_approved_by")
    former = {line.number: line for line in rows.prefetch_related("shares__technician")}
    floor = discount_floor(order.store, at)
    prices = AgreedPrices(order, drafts, reprices=reprices)
    costs = catalogue_costs(order, drafts, former, at)
    highest = max(former, default=0)
    kept, written, changes = set(), [], {}
    for place, draft in enumerate(drafts, start=1):
        line = former.get(draft.number)
        if draft.number is not None and line is None:
            raise Refusal(_("Order %(number)s has no line %(line)s.") % {"number": order.number, "line": draft.number})
        if line is None:
            highest += 1
        was, stood_for = (_written(line), article_of(line)) if line else ("", None)
        line = line or OrderLine(order=order, number=highest, add_on=draft.add_on)
        draft = prices.applied(line, draft)
        fill_line(line, draft, former=line if line.pk else None, store=order.store, place=place, floor=floor, by=by)
        if article_of(line) != stood_for:  # what it cost stays with the line as long as it is the same article
            line.unit_cost = costs.get(folded_part_code(line.code)) if line.kind in ARTICLES else None
        shares = draft.shares
        kept.add(line.number)
        if (now := _written(line, shares)) != was:
            written.append((line, shares))
            changes[f"line {line.number}"] = [was or None, now]
    gone = [line for number, line in former.items() if number not in kept]
    changes |= {f"line {line.number}": [_written(line), None] for line in gone}
    if not changes:
        return False
    OrderLine.objects.filter(pk__in=[line.pk for line in gone]).delete()
    for line, shares in written:
        line.save()
        LineShare.objects.filter(line=line).delete()
        LineShare.objects.bulk_create(LineShare(line=line, technician=person, share=share) for person, share in shares)
    journal.record(by=by, at=at, verb="repair_order.lines_changed", subject=order, changes=changes)
    return True


def drafts_of(order: RepairOrder) -> list[LineDraft]:
    """The lines of an order as they stand."""
    rows = order.lines.select_related("team", "seller", "installation_team", "order")
    return [LineDraft.of(line) for line in rows.prefetch_related("shares__technician")]


def add_on_drafts(add_on: AddOn) -> list[LineDraft]:
    """The lines of an add-on as they will stand on its order."""
    rows = add_on.lines.select_related("team", "seller", "installation_team", "discount_approved_by")
    return [
        LineDraft(
            kind=LineKind(line.kind), name=line.name, quantity=line.quantity, unit_price=line.unit_price,
            discount_rate=line.discount_rate, payer=Payer(line.payer), code=line.code, team=line.team,
            seller=line.seller, is_installed=line.is_installed, installation_team=line.installation_team,
            add_on=add_on, approved_by=line.discount_approved_by, price_basis=line.price_basis,
            agreement_item_id=line.agreement_item_id,
        )
        for line in rows
    ]  # fmt: skip


def discount_floor(store, at) -> Decimal:
    """The share of the list price below which a discount needs approval."""
    return figure(DISCOUNT_FLOOR_RATE, store=store, on=at.astimezone(store.tz).date())


def fill_line(
    line: OrderLine | AddOnLine, draft: LineDraft, *, former: OrderLine | AddOnLine | None, store, place: int,
    floor: Decimal, by,
) -> None:  # fmt: skip
    """Give a line of an order or of an add-on the draft's values; refuses what is wrong with them.

    `former` is the line as it stood (None: it is new); `place` is what the refusal calls it: its place in the form.
    Nothing is saved.
    """

    def refuse(sentence, field, code):
        raise Refusal(_("Line %(place)s: ") % {"place": place} + sentence, field=field, code=code)

    quantity, price = Decimal(draft.quantity).quantize(_CENT), Decimal(draft.unit_price).quantize(_CENT)
    discount = Decimal(draft.discount_rate).quantize(_BASIS_POINT)
    if not draft.name.strip():
        refuse(_("name what is done or sold."), "name", "name_missing")
    if quantity <= 0:
        refuse(_("the quantity must be above zero."), "quantity", "quantity_not_positive")
    if price < 0:
        refuse(_("the price can't be negative."), "unit_price", "price_negative")
    if quantity * price > LINE_AT_MOST:
        refuse(
            _("quantity × price is above %(most)s. Is there a digit too many?") % {"most": f"{LINE_AT_MOST:,}"},
            "quantity",
            "amount_too_large",
        )
    if not 0 <= discount <= 1:
        refuse(_("the discount lies between 0 and 1 (0.2 means 20 % off)."), "discount_rate", "discount_wrong")
    for team in (draft.team, draft.installation_team):
        if team and team.store_id != store.pk:
            refuse(_("team %(team)s belongs to another store.") % {"team": team}, "team", "other_store")
    for person in (draft.seller, *(technician for technician, _share in draft.shares)):
        if person and person.store_id != store.pk:
            refuse(_("%(name)s belongs to another store.") % {"name": person}, "seller", "other_store")
    if draft.is_installed and draft.kind != LineKind.ACCESSORY:
        refuse(_("only accessories are installed."), "is_installed", "not_an_accessory")
    _refuse_wrong_shares(draft, refuse)
    asked = replace(draft, quantity=quantity, unit_price=price, discount_rate=discount)
    line.discount_approved_by = _approver(line, asked, former, floor, by, refuse)
    line.kind, line.code, line.name = draft.kind, draft.code.strip(), draft.name.strip()
    line.quantity, line.unit_price, line.discount_rate = quantity, price, discount
    line.payable_amount = line_payable(quantity=quantity, unit_price=price, discount_rate=discount)
    line.payer, line.team, line.seller = draft.payer, draft.team, draft.seller
    line.is_installed, line.installation_team = draft.is_installed, draft.installation_team


def _refuse_wrong_shares(draft: LineDraft, refuse) -> None:
    if not draft.shares:
        return
    people, shares = zip(*draft.shares, strict=True)
    if len(set(people)) < len(people):
        refuse(_("a technician can be named only once."), "shares", "technician_twice")
    if min(shares) <= 0:
        refuse(_("each share must be above zero."), "shares", "shares_wrong")
    if sum(shares) != 1:
        refuse(
            _("the shares of the technicians must add up to 100 %%; they come to %(total)s %%.")
            % {"total": f"{sum(shares) * 100:.2f}".rstrip("0").rstrip(".")},
            "shares",
            "shares_wrong",
        )


def _approver(line: OrderLine | AddOnLine, draft: LineDraft, former, floor, by, refuse):
    """Who answers for a deep discount: the person writing it if allowed to, else whoever approved the same before.

    A line that stands (imported ones have no approver) and asks for no more than it has is not judged again: a
    technician who finishes a job writes shares, not prices.
    """
    if 1 - draft.discount_rate >= floor or line.price_basis:  # a manager approved what was agreed
        return None
    if former is not None and _covers(former, draft):
        return former.discount_approved_by
    if draft.approved_by is not None:
        return draft.approved_by
    if by is not None and by.can(Permission.DISCOUNT_APPROVE):
        return by
    return refuse(
        _("a price below %(share)s of the list price must be entered by the front-desk supervisor or a manager.")
        % {"share": f"{floor:.0%}"},
        "discount_rate",
        "discount_needs_approval",
    )


def _covers(former: OrderLine | AddOnLine, draft: LineDraft) -> bool:
    """Whether a discount that stands reaches as far as the draft: the same price for the same payer, no more of it, no
    deeper. What was agreed with the customer is no approval of what is asked once it is gone."""
    same = (former.kind, former.payer, former.unit_price) == (draft.kind, draft.payer, draft.unit_price)
    no_more = former.quantity >= draft.quantity and former.discount_rate >= draft.discount_rate
    return same and no_more and not former.price_basis


def _written(line: OrderLine, shares=None) -> str:
    """A line in one sentence of the journal."""
    if shares is None:
        shares = [(share.technician, share.share) for share in line.shares.all()]
    words = [
        line.get_kind_display(), line.code, line.name, f"{line.quantity} × {line.unit_price:,.2f}",
        f"-{line.discount_rate:.0%}" if line.discount_rate else "", f"= {line.payable_amount:,.2f}",
        line.get_payer_display(), line.team.name if line.team else "", line.seller.name if line.seller else "",
        line.installation_team.name if line.installation_team else "", "✓" if line.is_installed else "",
        f"({line.discount_approved_by})" if line.discount_approved_by else "", line.get_price_basis_display(),
        *(f"{technician.name} {share:.0%}" for technician, share in shares),
    ]  # fmt: skip
    return " ".join(str(word) for word in words if word)
