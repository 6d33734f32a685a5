"""The honesty ledger of a month."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from callback import actions, queries
from callback.forms.honesty import ReviewForm
from dealer_crm.organization.queries import store_of
from dealer_crm.ui.fields import month_asked
from dealer_crm.ui.posted import valid
from dealer_crm.values import Period


def honesty(request):
    """Every finding of the month by kind, with its review."""
    store = store_of(request.user)
    period, form = month_asked(request.GET, Period.of(timezone.now(), store.tz))
    begin, until = period.bounds(store.tz)
    found = queries.findings(store, begin, until)
    context = {
        "filter_form": form,
        "period": period,
        "store": store,
        "kinds": [(kind, rows, sum(one.review is None for one in rows)) for kind, rows in found.items()],
    }
    return render(request, "callback/honesty.html", context)


def review(request):
    """The page's dialog: what one finding comes to."""
    if request.method == "POST":
        period = request.POST.get("period", "")[:7]
        actions.review_finding(
            store=store_of(request.user), **valid(ReviewForm(request.POST)), by=request.user, at=timezone.now()
        )
        messages.success(request, _("The review is kept."))
        return redirect(f"{reverse('callback:honesty')}?period={period}" if period else "callback:honesty")
    asked = {name: request.GET.get(name, "") for name in ("kind", "key")}
    context = {
        "form": ReviewForm(initial=asked),
        "what": request.GET.get("what", ""),
        "period": request.GET.get("period", ""),
    }
    return render(request, "callback/honesty.html#review", context)
