"""The nine standard sheets of customer relations: one page to open, print or take out each. Source: `callback.md`."""

from django.shortcuts import render
from django.utils import timezone

from callback.choices import STANDARD_SHEETS
from dealer_crm.reporting.registry import report_named
from dealer_crm.ui.fields import month_asked
from dealer_crm.ui.stores import store_asked
from dealer_crm.values import Period


def standard_sheets(request):
    """All nine with the month chosen above; each under its own permission."""
    store = store_asked(request)
    period, form = month_asked(request.GET, Period.of(timezone.now(), store.tz))
    sheets = [(place, report_named(code)) for place, code in enumerate(STANDARD_SHEETS, start=1)]
    context = {
        "form": form,
        "period": period,
        "store": store,
        "sheets": [(place, one, request.user.can(one.permission)) for place, one in sheets],
    }
    return render(request, "callback/standard_sheets.html", context)
