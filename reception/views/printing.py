"""What goes on paper: order, estimate, suggestions, settlement list, receipt, delivery sheet.

On A4 or on continuous three-part paper of 241 mm; the choice is kept for the next sheet (a cookie of the workplace, as
the printer belongs to the desk and not to the person). Phones are masked. Source: spec reception.md (Pages).
"""

from decimal import Decimal

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dealer_crm.organization.queries import figures
from reception import queries
from reception.choices import PAYING, Belonging, Payer, SignedPaper
from reception.queries.visits import marks_of, signature_on, walk_round_of

PAPERS = {
    "a4": _("A4"),
    "241": _("Three-part 241 × 140 mm"),
    "241-full": _("Three-part 241 × 280 mm"),
}
_KEPT_FOR = 365 * 24 * 3600


def printed(request, template: str, page: dict):
    """A sheet on the paper asked for (`?paper=`), or on the one this desk used last."""
    asked = request.GET.get("paper")
    paper = next((one for one in (asked, request.COOKIES.get("paper")) if one in PAPERS), "a4")
    response = render(request, template, {**page, "paper": paper, "papers": PAPERS.items()})
    if asked in PAPERS:
        response.set_cookie(
            "paper", paper, max_age=_KEPT_FOR, secure=request.is_secure(), httponly=True, samesite="Lax"
        )
    return response


def order_print(request, pk):
    """委托书: what the customer signs."""
    order = get_object_or_404(queries.orders_with_lines(request.user), pk=pk)
    walked = walk_round_of(order)
    page = {
        "order": order,
        "walk_round": walked,
        "marks": marks_of(walked),
        "belongings": [Belonging(one).label for one in walked.belongings] if walked else [],
        "signed": signature_on(order, SignedPaper.ORDER),
        **_sums_of_order(order),
    }
    return printed(request, "reception/order_print.html", page)


def estimate_print(request, pk):
    """估价单: what the work would cost, before it is ordered."""
    order = get_object_or_404(queries.orders_with_lines(request.user), pk=pk)
    held = figures("reception.estimate", store=order.store, on=timezone.localdate())
    page = {"order": order, "valid_days": held["reception.estimate_valid_days"], **_sums_of_order(order)}
    return printed(request, "reception/estimate_print.html", page)


def _sums_of_order(order) -> dict:
    totals = queries.amounts_of(order.lines.all())
    return {
        "items": queries.printed_items_of_order(order),
        "standings": queries.standings(queries.agreements_of_order(order)),
        "totals": [(Payer(one.payer).label, one.amount) for one in totals],
        "total_amount": sum((one.amount for one in totals), Decimal(0)),
        "due_amount": sum((one.amount for one in totals if one.payer in PAYING), Decimal(0)),
        "customer_amount": sum((one.amount for one in totals if one.payer == Payer.CUSTOMER), Decimal(0)),
    }


def suggestions_print(request, pk):
    """维修建议单: what was found on the car and not done."""
    order = get_object_or_404(queries.orders_with_lines(request.user), pk=pk)
    rows = list(queries.open_suggestions(order.vehicle, request.user))
    page = {"order": order, "rows": rows, "quoted_amount": sum((row.quoted_amount or 0 for row in rows), Decimal(0))}
    return printed(request, "reception/suggestions_print.html", page)


def delivery_print(request, pk):
    """交车单: what was done, given back and explained."""
    order = get_object_or_404(queries.orders_with_lines(request.user), pk=pk)
    page = {
        "order": order,
        "items": queries.printed_items_of_order(order),
        "signed": signature_on(order, SignedPaper.DELIVERY),
        "suggestions": queries.open_suggestions(order.vehicle, request.user),
        **_warranty(order, order.delivered_at or timezone.now()),
    }
    return printed(request, "reception/delivery_print.html", page)


def settlement_print(request, pk):
    """结算清单, with the items of JT/T 1133."""
    settlement = get_object_or_404(queries.settlements_visible_to(request.user), pk=pk)
    amounts = settlement.amounts.all()
    page = {
        "settlement": settlement,
        "order": settlement.order,
        "signed": signature_on(settlement.order, SignedPaper.SETTLEMENT),
        "items": queries.printed_items(settlement),
        "drawn": queries.drawn_by(settlement),
        "totals": [(Payer(one.payer).label, one.amount) for one in amounts],
        "total_amount": sum((one.amount for one in amounts), Decimal(0)),
        "customer_amount": sum((one.amount for one in amounts if one.payer == Payer.CUSTOMER), Decimal(0)),
        **_warranty(settlement.order, settlement.settled_at),
    }
    return printed(request, "reception/settlement_print.html", page)


def _warranty(order, at) -> dict:
    held = figures("reception.repair_warranty", store=order.store, on=timezone.localdate(at))
    return {
        "warranty_days": held["reception.repair_warranty_days"],
        "warranty_km": held["reception.repair_warranty_km"],
    }


def receipt_print(request, pk):
    """收据, or the slip of a refund."""
    receipt = get_object_or_404(queries.receipts_visible_to(request.user), pk=pk)
    live = receipt.order.settlements.live().first()
    page = {"receipt": receipt, "order": receipt.order, "settlement": live, "paid_amount": abs(receipt.amount)}
    return printed(request, "reception/receipt_print.html", page)
