"""The list of receipts; every list of the reception can be taken out from its page (`reception.reports.lists`)."""

from django.shortcuts import render

from dealer_crm.ui.paging import keyset_page
from reception import forms, queries


def receipt_list(request):
    """Money taken and paid back, newest first."""
    rows = queries.receipts_visible_to(request.user)
    found = forms.ReceiptFilter(request.GET, rows, request=request)
    page = keyset_page(found.qs, request.GET, order=("-pk",))
    template = "reception/receipts.html#rows" if request.htmx else "reception/receipts.html"
    return render(request, template, {"filter_form": found.form, "page": page})
