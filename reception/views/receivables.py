"""What is due and for how long, what must be paid back, how much comes in, one payment over many orders."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dealer_crm.access.permissions import Permission
from dealer_crm.ui.fields import month_asked
from dealer_crm.ui.paging import keyset_page
from dealer_crm.values import Period
from reception import actions, forms, queries
from reception.choices import PAYING, Payer, PaymentMethod
from reception.models import Receivable
from reception.views.acting import act, attempt

# Rows one transfer may be shared over.
TRANSFER_ROWS = 300
RECOVERY_MONTHS = 12


def receivables(request):
    """The longest due first, with the sums by age and payer above."""
    tz, today = timezone.get_current_timezone(), timezone.localdate()
    rows = queries.receivables_visible_to(request.user)
    found = forms.ReceivableFilter(request.GET, rows, request=request, today=today)
    page = keyset_page(found.qs, request.GET, order=("due_since", "pk"))
    for row in page.rows:
        row.age = queries.age_in_days(row.due_since, today, tz)
    shown = {"page": page, "filter_form": found.form, "may_receive": request.user.can(Permission.RECEIPT_CREATE)}
    if request.htmx:
        return render(request, "reception/receivables.html#rows", shown)
    *by_payer, together = queries.ageing(rows, today, tz)
    shown |= {"ageing": together, "by_payer": by_payer, "overpaid": queries.overpayments(request.user)[:1]}
    return render(request, "reception/receivables.html", shown)


def overpayments(request):
    """Money to pay back: a settlement was reversed or lowered after it was paid."""
    page = keyset_page(queries.overpayments(request.user), request.GET, order=("-pk",))
    template = "reception/receivables_overpaid.html" + ("#rows" if request.htmx else "")
    return render(request, template, {"page": page, "may_pay_back": request.user.can(Permission.RECEIPT_CREATE)})


def pay_back(request, pk):
    row = get_object_or_404(queries.receivables_visible_to(request.user), pk=pk)
    newest = row.order.receipts.filter(payer=row.payer, refunds=None).order_by("-pk").first()
    initial = {
        "amount": max(-row.open_amount, 0), "refunded_on": timezone.localdate(),
        "method": newest.method if newest else PaymentMethod.TRANSFER, "reason": _("Paid too much"),
    }  # fmt: skip
    form = forms.RefundForm(request.POST or None, initial=initial)

    def deed(**given):
        return actions.pay_back(order=row.order, payer=row.payer, by=request.user, at=timezone.now(), **given)

    return act(
        request, form, deed, title=_("Pay back on %(number)s") % {"number": row.order.number}, submit=_("Pay back"),
        tone="danger", to=reverse("reception:overpayments"), done=_("The refund is entered."),
    )  # fmt: skip


def recovery(request):
    """回款率: of what was settled in each month, how much has come in."""
    tz, now = timezone.get_current_timezone(), timezone.now()
    until, form = month_asked(request.GET, Period.of(now, tz))
    rows = queries.recovery(
        Receivable.objects.visible_to(request.user), until.shifted(1 - RECOVERY_MONTHS), until, tz
    )  # fmt: skip
    return render(request, "reception/receivables_recovery.html", {"rows": rows, "form": form})


def transfer(request):
    """One payment of a manufacturer or insurer over many orders."""
    payer = request.GET.get("payer", Payer.INSURANCE)
    payer = Payer(payer) if payer in PAYING else Payer.INSURANCE
    rows = queries.open_receivables(request.user).filter(payer=payer)
    form = forms.TransferForm(
        request.POST or None, rows=rows[:TRANSFER_ROWS], initial={"received_on": timezone.localdate()}
    )
    if request.method == "POST" and form.is_valid():
        receipts = attempt(
            form, lambda: actions.enter_transfer(payer=payer, by=request.user, at=timezone.now(), **form.given())
        )
        if receipts is not None:
            done = ngettext("%(count)s receipt is entered.", "%(count)s receipts are entered.", len(receipts))
            messages.success(request, done % {"count": len(receipts)})
            return redirect("reception:receivables")
    tabs = [{"url": f"{request.path}?payer={one.value}", "label": one.label, "active": one == payer} for one in PAYING]
    page = {"form": form, "tabs": tabs, "is_cut": len(form.rows) == TRANSFER_ROWS}
    return render(request, "reception/receipt_transfer.html", page, status=422 if request.method == "POST" else 200)
