"""The cashier's desk: settle, receive, refund, reverse."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.access.permissions import Permission
from dealer_crm.ui.paging import keyset_page
from reception import actions, forms, queries
from reception.choices import Payer, PaymentMethod
from reception.models import Receipt, RepairOrder
from reception.views.acting import act


def cashier(request):
    """Finished cars, reversals to approve, money still open."""
    page = {
        "orders": queries.orders_to_settle(request.user)[:100],
        "reversals": queries.reversals_to_approve(request.user)[:50],
        "receivables": queries.open_receivables(request.user).order_by("-due_since", "-pk")[:20],
        "may_settle": request.user.can(Permission.SETTLEMENT_CREATE),
        "may_receive": request.user.can(Permission.RECEIPT_CREATE),
        "may_see_receivables": request.user.can(Permission.RECEIVABLE_VIEW),
    }
    return render(request, "reception/cashier.html", page)


def order_settle(request, pk):
    order = get_object_or_404(RepairOrder.objects.visible_to(request.user), pk=pk)
    if request.method != "POST":
        return redirect("reception:order", order.pk)
    settlement = actions.settle(order=order, by=request.user, at=timezone.now())
    messages.success(request, _("Settled: %(number)s") % {"number": settlement.number})
    return redirect("reception:settlement", settlement.pk)


def settlement_list(request):
    page = keyset_page(queries.settlements_visible_to(request.user), request.GET, order=("-pk",))
    template = "reception/settlements.html#rows" if request.htmx else "reception/settlements.html"
    return render(request, template, {"page": page})


def settlement(request, pk):
    settlement = get_object_or_404(queries.settlements_visible_to(request.user), pk=pk)
    staff, asked = request.user, settlement.reversal_requested_at is not None
    may_decide = asked and staff.can(Permission.SETTLEMENT_APPROVE) and settlement.reversal_requested_by_id != staff.pk
    due = queries.due_by_payer(settlement.order)
    still_due = any(one.open_amount > 0 for one in due.values())
    page = {
        "settlement": settlement,
        "order": settlement.order,
        "items": queries.printed_items(settlement),
        "drawn": queries.drawn_by(settlement),
        "due": due,
        "story": queries.story_of(settlement, *settlement.order.receipts.all()),
        "may_receive": staff.can(Permission.RECEIPT_CREATE) and settlement.reversed_at is None and still_due,
        "may_ask": staff.can(Permission.SETTLEMENT_REVERSE) and settlement.reversed_at is None and not asked,
        "may_refund": staff.can(Permission.RECEIPT_CREATE),
        "may_print_receipts": staff.can(Permission.RECEIPT_VIEW),
        "may_decide": may_decide and settlement.reversed_at is None,
    }
    return render(request, "reception/settlement.html", page)


def settlement_reversal(request, pk):
    """Ask for a reversal."""
    settlement = get_object_or_404(queries.settlements_visible_to(request.user), pk=pk)
    form = forms.ReasonForm(request.POST or None)

    def deed(reason, expected_version):
        return actions.request_reversal(settlement=settlement, reason=reason, by=request.user, at=timezone.now())

    return act(
        request, form, deed, title=_("Reverse %(number)s") % {"number": settlement.number},
        submit=_("Ask for approval"), tone="danger",
        to=reverse("reception:settlement", args=[settlement.pk]), done=_("The managers are told."),
    )  # fmt: skip


def settlement_reverse(request, pk):
    """Approve a reversal."""
    settlement = get_object_or_404(queries.settlements_visible_to(request.user), pk=pk)
    if request.method == "POST":
        actions.reverse_settlement(settlement=settlement, by=request.user, at=timezone.now())
        messages.success(request, _("%(number)s is reversed.") % {"number": settlement.number})
    return redirect("reception:settlement", settlement.pk)


def settlement_decline(request, pk):
    settlement = get_object_or_404(queries.settlements_visible_to(request.user), pk=pk)
    if request.method == "POST":
        note = request.POST.get("reason", "")
        actions.decline_reversal(settlement=settlement, note=note, by=request.user, at=timezone.now())
    return redirect("reception:settlement", settlement.pk)


def receipt_new(request, pk):
    order = get_object_or_404(RepairOrder.objects.visible_to(request.user), pk=pk)
    due = [one for one in queries.due_by_payer(order).values() if one.open_amount > 0]
    first = next((one for one in due if one.payer == request.GET.get("payer")), due[0] if due else None)
    initial = {"received_on": timezone.localdate()}
    if first:
        usual = PaymentMethod.WECHAT if first.payer == Payer.CUSTOMER else PaymentMethod.TRANSFER
        initial |= {"payer": first.payer, "amount": first.open_amount, "method": usual}
    form = forms.ReceiptForm(request.POST or None, initial=initial)

    def deed(**given):
        return actions.enter_receipts(order=order, by=request.user, at=timezone.now(), **given)

    return act(
        request, form, deed, title=_("Receive money"), submit=_("Enter the receipt"), due=due, order=order,
        to=reverse("reception:order", args=[order.pk]), done=_("The receipt is entered."),
    )  # fmt: skip


def receipt_refund(request, pk):
    receipt = get_object_or_404(Receipt.objects.visible_to(request.user).select_related("order"), pk=pk)
    form = forms.RefundForm(
        request.POST or None,
        initial={
            "amount": queries.left_of_receipt(receipt),
            "method": receipt.method,
            "refunded_on": timezone.localdate(),
        },
    )

    def deed(**given):
        return actions.refund_receipt(receipt=receipt, by=request.user, at=timezone.now(), **given)

    return act(
        request, form, deed, title=_("Refund of %(number)s") % {"number": receipt.number}, submit=_("Pay back"),
        tone="danger", to=reverse("reception:order", args=[receipt.order_id]), done=_("The refund is entered."),
    )  # fmt: skip
