"""The working calendar: a year at a glance, a store's exceptions, loading a year."""

from datetime import date

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dealer_crm.access.permissions import Permission
from dealer_crm.office.forms import DayForm, YearFilter
from dealer_crm.office.views.shared import chosen_store, day_of, said
from dealer_crm.organization.queries import stores_visible_to
from dealer_crm.values import Refusal
from dealer_crm.workdays import actions, queries


@require_safe
def calendar(request):
    store = chosen_store(request)
    today = day_of(store, timezone.now())
    stores = stores_visible_to(request.user)
    asked = {"year": today.year, "store": store.code if store else "", **request.GET.dict()}
    form = YearFilter(asked, stores=stores)
    year = form.cleaned_data["year"] if form.is_valid() else today.year
    months = queries.year_shown(year, store)
    may_change = request.user.can(Permission.CALENDAR_CHANGE)
    is_loaded = queries.is_loaded(year)
    context = {
        "filter_form": form,
        "year": year,
        "years": (year - 1, year + 1),
        "store": store,
        "months": months,
        "working_days": sum(month.working_days for month in months),
        "today": today,
        "is_loaded": is_loaded,
        "is_provisional": is_loaded and queries.is_provisional(year),
        "may_change": may_change,
        "asked_store": f"?store={store.code}" if store and request.user.sees_all_stores else "",
    }
    return render(request, "office/calendar.html#year" if request.htmx else "office/calendar.html", context)


def calendar_day(request, year, month, day):
    """One day's rule for the store (or the country), and the form to change it."""
    when, store = _day(year, month, day), chosen_store(request)
    kept = queries.work_calendar(store, when, when)
    initial = {"is_working": "1" if kept.is_working(when) else "0", "name": kept.name(when)}
    form = DayForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_day(day=when, store=store, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            said(form, refusal)
        else:
            messages.success(request, _("The calendar of %(day)s is changed.") % {"day": when})
            return _to_year(request, when.year, store)
    context = {
        "form": form,
        "day": when,
        "store": store,
        "is_own": bool(store) and queries.has_exception(store, when),
        "address": request.get_full_path(),
        "asked_store": f"?store={store.code}" if store and request.user.sees_all_stores else "",
    }
    return render(request, "office/calendar_day.html#dialog" if request.htmx else "office/calendar_day.html", context)


@require_POST
def calendar_day_clear(request, year, month, day):
    when, store = _day(year, month, day), chosen_store(request)
    if store is None:
        raise Refusal(_("Choose a store first."))
    actions.clear_day(day=when, store=store, by=request.user, at=timezone.now())
    messages.success(request, _("On %(day)s the store keeps the country's calendar again.") % {"day": when})
    return _to_year(request, when.year, store)


@require_POST
def calendar_load(request, year):
    written = actions.load_year(year=year, by=request.user, at=timezone.now())
    if written:
        messages.success(request, _("%(count)s days of %(year)s are loaded.") % {"count": written, "year": year})
    else:
        messages.info(request, _("%(year)s is up to date.") % {"year": year})
    return redirect(f"{reverse('office:calendar')}?year={year}")


def _day(year, month, day) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise Http404 from error


def _to_year(request, year, store):
    asked = f"&store={store.code}" if store and request.user.sees_all_stores else ""
    return redirect(f"{reverse('office:calendar')}?year={year}{asked}")
