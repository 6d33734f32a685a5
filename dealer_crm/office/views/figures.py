"""Dated figures: what holds, whose decision it was, and what shall hold from a day on."""

from decimal import Decimal

from django.apps import apps
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dealer_crm.access.permissions import Permission
from dealer_crm.office.forms import FigureForm, StoreFilter
from dealer_crm.office.views.shared import chosen_store, day_of, said
from dealer_crm.organization import actions, queries
from dealer_crm.values import Refusal


@require_safe
def figures(request):
    """Every figure of the program by app, as it holds for a store today."""
    store = chosen_store(request)
    sections = [
        (
            _app_name(app),
            [(one, _shown(one.figure, one.value), _shown(one.figure, one.figure.default)) for one in members],
        )
        for app, members in queries.figures_in_force(store=store, on=day_of(store, timezone.now()))
    ]
    context = {
        "sections": sections,
        "store": store,
        "filter_form": _store_filter(request),
        "may_change": request.user.can(Permission.FIGURE_CHANGE),
    }
    return render(request, "office/figures.html#rows" if request.htmx else "office/figures.html", context)


@require_safe
def figure(request, code):
    """One figure with every decision about it, and the form for the next one."""
    return _figure_page(request, _known(code), chosen_store(request))


def figure_change(request, code):
    key, at = _known(code), timezone.now()
    store = chosen_store(request)
    if request.method != "POST":
        return redirect("office:figure", code)
    form = _form(request, key, store, data=request.POST)
    if form.is_valid():
        target = form.cleaned_data["store"] if "store" in form.fields else request.user.store
        day = form.cleaned_data["starts_on"]
        try:
            actions.set_figure(
                figure=key, store=target, value=form.cleaned_data["value"], starts_on=day, by=request.user, at=at
            )
        except Refusal as refusal:
            said(form, refusal)
        else:
            messages.success(request, _("The new value holds from %(day)s.") % {"day": day})
            asked = f"?store={target.code}" if target and request.user.sees_all_stores else ""
            return redirect(f"{reverse('office:figure', args=[code])}{asked}")
    return _figure_page(request, key, store, form)


def _figure_page(request, key, store, form=None):
    today = day_of(store, timezone.now())
    value = queries.figure(key, store=store, on=today)
    history = [
        (row, _shown(key, key.read(row.value)), row.starts_on > today)
        for row in queries.figure_history(key, store=store)
    ]
    context = {
        "figure": key,
        "app_name": _app_name(key.code.split(".")[0]),
        "store": store,
        "value": _shown(key, value),
        "default": _shown(key, key.default),
        "history": history,
        "filter_form": _store_filter(request),
    }
    if request.user.can(Permission.FIGURE_CHANGE):
        context["form"] = form or _form(request, key, store, initial={"value": value, "starts_on": today})
    return render(request, "office/figure.html", context)


def _form(request, key, store, **options) -> FigureForm:
    """People who see every store say for which one; others decide for their own."""
    if not request.user.sees_all_stores:
        return FigureForm(figure=key, **options)
    options["initial"] = {"store": store.code if store else "", **options.get("initial", {})}
    return FigureForm(figure=key, stores=queries.stores_visible_to(request.user), **options)


def _store_filter(request):
    stores = queries.stores_visible_to(request.user)
    return StoreFilter(request.GET, stores=stores) if request.user.sees_all_stores else None


def _known(code):
    key = queries.figure_named(code)
    if key is None:
        raise Http404
    return key


def _app_name(label: str) -> str:
    try:
        return str(apps.get_app_config(label).verbose_name)
    except LookupError:
        return label


def _shown(key, value) -> str:
    """A figure's value in words, with its unit."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return "、".join(str((key.words or {}).get(item, item)) for item in value) or "—"
    if isinstance(value, Decimal):
        if str(key.unit) == "0–1":
            return f"{(value * 100).normalize():f} %"
        value = f"{value.normalize():f}"
    return f"{value} {key.unit}".strip()
