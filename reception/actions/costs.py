"""What the lines of an order cost the house (成本): taken from the catalogue when a line is written, entered by hand
for outside work, corrected with a reason. Source: spec `kpi.md` (gross margin)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Store
from dealer_crm.values import Refusal, Stale
from reception.actions.locking import hold, locked_order
from reception.actions.parts import COST_AT_MOST, folded_part_code
from reception.choices import ARTICLES, COSTED, OrderState
from reception.models import OrderLine, RepairOrder, Settlement
from reception.queries.parts import costs_on, lines_to_complete

_CENT = Decimal("0.01")


@transaction.atomic
def set_line_costs(
    *, order: RepairOrder, costs: Mapping[int, Decimal | None], by, at: datetime, reason: str = "",
    seen: Mapping[int, Decimal | None] | None = None,
) -> list[OrderLine]:  # fmt: skip
    """Enter or correct what lines (by number) cost, CNY with tax for one piece; None: nobody knows.

    Settled orders too: bills of outside work come late, and the settlement asks the customer for nothing else by it.
    `seen`: what stood there before the eyes of who typed; refused as stale where it is something else by now. All or
    nothing; changing what is known needs a reason.
    """
    order = locked_order(order)
    if order.state == OrderState.CANCELLED:
        raise Refusal(_("Order %(number)s is cancelled.") % {"number": order.number}, code="order_cancelled")
    lines = {line.number: line for line in order.lines.all()}
    changed = []
    for number, cost in costs.items():
        line = lines.get(number)
        if line is None:
            raise Refusal(_("Order %(number)s has no line %(line)s.") % {"number": order.number, "line": number})
        cost = None if cost is None else Decimal(cost).quantize(_CENT)
        _refuse_wrong(line, cost)
        if seen is not None and seen.get(number) != line.unit_cost and line.unit_cost != cost:
            raise Stale(
                _("Line %(line)s: somebody else entered %(cost)s meanwhile.")
                % {"line": number, "cost": "—" if line.unit_cost is None else line.unit_cost}
            )
        if cost != line.unit_cost:
            changed.append((line, line.unit_cost, cost))
    if any(former is not None for _line, former, _cost in changed) and not reason.strip():
        raise Refusal(_("Say why a purchase price that is known is changed."), field="reason", code="reason_missing")
    for line, former, cost in changed:
        line.unit_cost = cost
        line.save(update_fields=["unit_cost"])
        note = " · ".join(filter(None, [f"{line.number}. {line.name}", reason.strip()]))
        journal.record(
            by=by, at=at, verb="order_line.cost_set", subject=line, store=order.store,
            changes={"unit_cost": [former, cost]}, note=note,
        )  # fmt: skip
    return [line for line, _former, _cost in changed]


@transaction.atomic
def complete_costs(*, store: Store, by, at: datetime) -> int:
    """Give every line without a purchase price the one its article had on the day the car came; how many got one.

    What is known stays as it is. For the day a catalogue is first brought in. The orders are held, because whoever
    writes their lines writes what these cost too.
    """
    unknown = lines_to_complete(store)
    hold(RepairOrder.objects.filter(pk__in=unknown.values("order")))
    lines = list(unknown.select_related("order").order_by("pk"))
    days = {line.pk: (store.pk, line.code.upper(), line.order.arrived_at.astimezone(store.tz).date()) for line in lines}
    known = costs_on(days.values())
    found = [line for line in lines if days[line.pk] in known]
    for line in found:
        line.unit_cost = known[days[line.pk]]
    OrderLine.objects.bulk_update(found, ["unit_cost"], batch_size=1000)
    if found:
        journal.record(
            by=by, at=at, verb="order_lines.costs_completed", subject=store, store=store,
            changes={"lines_costed": [None, len(found)]},
        )  # fmt: skip
    return len(found)


# ── When a line is written ───────────────────────────────────────────────────────────────────────────────────────────
def article_of(line) -> tuple[str, str]:
    """What a line (or a draft of one) stands for: its article by code, else by name. Another one has another cost."""
    code = folded_part_code(line.code)
    return line.kind, code or f"={line.name.strip()}"


def catalogue_costs(
    order: RepairOrder, drafts: Sequence, former: Mapping[int, OrderLine], at: datetime
) -> dict[str, Decimal]:
    """Code → purchase price today, of the articles that come new onto an order. One query, none without any."""
    new = [draft for draft in drafts if draft.kind in ARTICLES and draft.code.strip()]
    day = at.astimezone(order.store.tz).date()
    codes = {
        folded_part_code(draft.code)
        for draft in new
        if draft.number not in former or article_of(former[draft.number]) != article_of(draft)
    }
    return {
        code: cost for (_store, code, _day), cost in costs_on((order.store_id, code, day) for code in codes).items()
    }


def costs_at_reversal(settlement: Settlement) -> dict[str, str]:
    """Line number → what it cost when its settlement was reversed: from then on the lines may change."""
    lines = settlement.order.lines.filter(unit_cost__isnull=False)
    return {str(number): str(cost) for number, cost in lines.values_list("number", "unit_cost")}


def _refuse_wrong(line: OrderLine, cost: Decimal | None) -> None:
    if line.kind not in COSTED:
        raise Refusal(
            _("Line %(line)s is neither a part nor outside work: it has no purchase price.") % {"line": line.number},
            field=f"cost_{line.number}",
            code="no_material",
        )
    if cost is not None and not 0 <= cost <= COST_AT_MOST:
        raise Refusal(
            _("A purchase price lies between 0 and %(most)s.") % {"most": f"{COST_AT_MOST:,}"},
            field=f"cost_{line.number}",
            code="cost_wrong",
        )
