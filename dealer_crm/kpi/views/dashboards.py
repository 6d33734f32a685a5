"""The figures of a store: all of them, and one by itself."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dealer_crm.kpi import queries
from dealer_crm.kpi.choices import Topic
from dealer_crm.kpi.views.asked import asked_of
from dealer_crm.organization.queries import figures_asked_once
from dealer_crm.values import Period, Refusal

_BY = {
    "kind": _("By repair type"),
    "brand": _("By brand"),
    "advisor": _("By service advisor"),
    "seller": _("By seller"),
    "team": _("By team"),
    "mark": _("By mileage"),
}


def dashboard(request):
    """The measures of one store for a month, a week or a day, against target, the one before and last year."""
    at = timezone.now()
    asked = asked_of(request, at)
    with figures_asked_once():
        tiles = queries.tiles(asked.store, asked.span, at, with_trend=True) if asked.store else []
    topics = [(topic.label, [tile for tile in tiles if tile.entry.topic == topic]) for topic in Topic]
    context = {
        "asked": asked,
        "form": asked.form,
        "store": asked.store,
        "tiles": tiles,
        "topics": [(label, found) for label, found in topics if found],
    }
    return render(request, "kpi/dashboard.html", context)


def measure(request, code):
    """One measure: its trend, the numbers it is made of, and whose they are."""
    at = timezone.now()
    asked = asked_of(request, at)
    if code not in queries.MEASURES or asked.store is None:
        raise Http404
    found = queries.tiles(asked.store, asked.span, at, with_trend=True, only=[code])
    if not found:
        raise Refusal(_("This figure is told of whole months."), code="month_only")
    [tile] = found
    cuts = queries.cuts_of(tile.entry, asked.store, asked.span, at) if isinstance(asked.span, Period) else []
    context = {
        "asked": asked,
        "tile": tile,
        "cuts": [(_BY[by], by, rows) for by, rows in cuts],
        "is_of_orders": tile.entry.code in queries.OF_ORDERS,
        "rows_of": tile.entry.less[0] if tile.entry.less else tile.opens[0][0].code if tile.opens else "",
    }
    return render(request, "kpi/dashboard_measure.html", context)
