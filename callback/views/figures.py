"""How the callback centre did, day by day, with the way to the calls behind each figure."""

from datetime import timedelta

from django.shortcuts import render
from django.utils import timezone

from callback import queries
from callback.forms import SpanForm
from callback.views.day import bounds
from dealer_crm.access.permissions import Permission
from dealer_crm.ui.stores import store_asked
from reception.queries import wrong_entries

DAYS = 7


def figures(request):
    store = store_asked(request)
    today = timezone.now().astimezone(store.tz).date()
    rules = queries.rules_of(request.user).filter(store=store)
    span = {"first": today - timedelta(days=DAYS - 1), "last": today, "rule": None}
    form = SpanForm(request.GET if "first" in request.GET else {**span, "rule": ""}, rules=rules)
    if form.is_valid():
        span = form.cleaned_data
    rule = span["rule"].pk if span["rule"] else None
    days = queries.daily_figures(store, span["first"], span["last"], rule)
    begin, until = bounds(store, span["first"], span["last"])
    days_asked = f"first={span['first']:%Y-%m-%d}&last={span['last']:%Y-%m-%d}"
    context = {
        "filter_form": form,
        "days": list(reversed(days)),
        "total": queries.figures_of_span(days),
        "agents": queries.figures_by_agent(store, span["first"], span["last"], rule),
        "referrals": queries.referral_figures(store, begin, until, at=timezone.now()),
        "flaws": wrong_entries(store, begin, until),
        "may_mend": request.user.can(Permission.REPORT_VIEW),
        "span": span,
        "days_asked": days_asked,
        "asked": f"{days_asked}&rule={rule or ''}&store={store.code}",
        "rule_id": rule or "",
        "store": store,
    }
    return render(request, "callback/figures.html", context)
