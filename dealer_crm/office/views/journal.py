"""The journal: who did what to which thing, when, from what to what."""

from datetime import datetime, time, timedelta

from django.shortcuts import render
from django.views.decorators.http import require_safe

from dealer_crm.journal.queries import entries_matching, read_lines
from dealer_crm.office.forms import JournalFilter
from dealer_crm.organization.models import Staff
from dealer_crm.organization.queries import staff_named, stores_visible_to
from dealer_crm.ui.paging import keyset_page
from dealer_crm.values.period import SHANGHAI


@require_safe
def journal(request):
    form = JournalFilter(request.GET, stores=stores_visible_to(request.user))
    asked = form.cleaned_data if form.is_valid() else {}
    rows = entries_matching(**_conditions(request.user, asked))
    page = keyset_page(rows, request.GET, order=("-at", "-pk"))
    context = {
        "page": page,
        "lines": read_lines(page.rows, reader=request.user, of_everything=True),
        "filter_form": form,
        "shows_stores": "store" in form.fields,
    }
    return render(request, "office/journal.html#rows" if request.htmx else "office/journal.html", context)


def _conditions(reader: Staff, asked: dict) -> dict:
    """What the filter asks, within the stores the reader may know of."""
    store = asked.get("store") if reader.sees_all_stores else reader.store
    tz = store.tz if store else SHANGHAI
    conditions = {"verb": asked.get("verb", ""), "subject": asked.get("subject", "")}
    if not reader.sees_all_stores or store:
        # Somebody without a store who doesn't see all of them reads nothing (no line has this code).
        conditions["store_code"] = store.code if store else "-"
    if person := asked.get("person", "").strip():
        conditions["by_ids"] = [str(pk) for pk in staff_named(person).values_list("pk", flat=True)]
    if since := asked.get("since"):
        conditions["since"] = datetime.combine(since, time.min, tz)
    if until := asked.get("until"):
        conditions["until"] = datetime.combine(until + timedelta(days=1), time.min, tz)
    return conditions
