"""Stores and their teams."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dealer_crm.access.permissions import Permission
from dealer_crm.office.forms import StoreForm, TeamForm
from dealer_crm.office.views.shared import day_of, said
from dealer_crm.organization import actions, queries
from dealer_crm.organization.models import Team
from dealer_crm.values import Refusal


@require_safe
def stores(request):
    """The stores one may know of, each with its teams."""
    found = queries.stores_visible_to(request.user).prefetch_related("brands")
    teams = queries.teams_with_size(request.user, on=day_of(request.user.store, timezone.now()))
    by_store = {store.pk: [] for store in found}
    for team in teams.order_by("kind", "name"):
        by_store[team.store_id].append(team)
    context = {
        "stores": [(store, by_store[store.pk]) for store in found],
        "may_change": request.user.can(Permission.STORE_CHANGE),
    }
    return render(request, "office/stores.html", context)


def store_new(request):
    form = StoreForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            store = actions.create_store(by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            said(form, refusal)
        else:
            messages.success(request, _("Store %(store)s is open.") % {"store": store})
            return redirect("office:stores")
    return render(request, "office/form.html", {"form": form, "title": _("New store"), "back": "office:stores"})


def store_change(request, pk):
    store = get_object_or_404(queries.stores_visible_to(request.user), pk=pk)
    names = ("name", "address", "phone", "opens_at", "closes_at", "time_zone", *actions.ON_BILLS)
    initial = {name: getattr(store, name) for name in names} | {"brands": store.brands.all()}
    form = StoreForm(request.POST or None, is_new=False, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_store(store=store, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            said(form, refusal)
        else:
            return redirect("office:stores")
    context = {"form": form, "title": _("Change store"), "sub": f"{store.code} {store.name}", "back": "office:stores"}
    return render(request, "office/form.html", context)


def team_new(request, pk):
    store = get_object_or_404(queries.stores_visible_to(request.user), pk=pk)
    form = TeamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.create_team(store=store, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            said(form, refusal)
        else:
            return redirect("office:stores")
    context = {"form": form, "title": _("New team"), "sub": store.name, "back": "office:stores"}
    return render(request, "office/form.html", context)


def team_change(request, pk):
    team = get_object_or_404(Team.objects.visible_to(request.user).select_related("store"), pk=pk)
    form = TeamForm(request.POST or None, initial={"name": team.name, "kind": team.kind})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_team(team=team, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            said(form, refusal)
        else:
            return redirect("office:stores")
    context = {"form": form, "title": _("Change team"), "sub": f"{team.store} {team}", "back": "office:stores"}
    return render(request, "office/form.html", context)
