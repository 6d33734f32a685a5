"""What waits for me, the list, the month."""

from django.shortcuts import render
from django.utils import timezone

from complaints import queries
from complaints.forms import ComplaintFilter
from complaints.views.cards import judging_card
from complaints.views.charts import ages_chart, causes_chart
from dealer_crm.access.permissions import Permission
from dealer_crm.organization.queries import stores_visible_to
from dealer_crm.ui.fields import month_asked
from dealer_crm.ui.home import card_for
from dealer_crm.ui.paging import keyset_page
from dealer_crm.ui.stores import only_of, store_picked
from dealer_crm.values import Period

MOST = 100


def queue(request):
    """Complaints whose next step is this person's."""
    now = timezone.now()
    rows = list(queries.waiting_for(request.user, at=now)[:MOST])
    template = "complaints/queue.html#rows" if request.htmx else "complaints/queue.html"
    context = {
        "rows": [(complaint, queries.next_step_of(complaint)) for complaint in rows],
        "deciding": None if request.htmx else card_for(judging_card, request.user, now),
        "now": now,
        "may_create": request.user.can(Permission.COMPLAINT_CREATE),
        "may_list": request.user.can(Permission.COMPLAINT_VIEW),
    }
    return render(request, template, context)


def complaint_list(request):
    form, now = ComplaintFilter(request.GET), timezone.now()
    wanted = form.cleaned_data if form.is_valid() else {}
    store = store_picked(request)
    rows = queries.complaints_matching(request.user, at=now, **wanted).filter(**only_of(store))
    page = keyset_page(rows, request.GET, order=("-received_at", "-pk"))
    template = "complaints/list.html#rows" if request.htmx else "complaints/list.html"
    context = {
        "filter_form": form,
        "store": store,
        "page": page,
        "now": now,
        "may_create": request.user.can(Permission.COMPLAINT_CREATE),
    }
    return render(request, template, context)


def month(request):
    """A month's statistics of one store."""
    now = timezone.now()
    period, form = month_asked(request.GET, Period.of(now))
    stores = list(stores_visible_to(request.user).order_by("code"))
    store = next((one for one in stores if one.code == request.GET.get("store")), request.user.store or stores[0])
    statistics = queries.month_statistics(store, period, at=now)
    may_view = request.user.can(Permission.COMPLAINT_VIEW)  # who may not sees counts, no cases and no names
    is_now = period == Period.of(now, store.tz)
    context = {
        "form": form,
        "stores": stores,
        "store": store,
        "period": period,
        "month": statistics,
        "chart": causes_chart(statistics.categories),
        "ages": ages_chart(queries.ages_of(store, at=now)) if is_now and may_view else None,
        "ageing": queries.ageing(store)[:MOST] if is_now and may_view else [],
        "now": now,
        "may_view": may_view,
    }
    return render(request, "complaints/month.html", context)
