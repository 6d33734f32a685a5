"""Bays (工位)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.values import Refusal
from workshop import actions
from workshop.forms import BayForm
from workshop.models import Bay
from workshop.views.shared import said, store_of


def bays(request):
    """The bays of the store, each changed in place; the last form enters a new one."""
    at, store = timezone.now(), store_of(request)
    form = BayForm(request.POST or None, initial={"is_active": True})
    if request.method == "POST" and form.is_valid():
        try:
            actions.open_bay(store=store, name=form.cleaned_data["name"], by=request.user, at=at)
            return redirect("workshop:bays")
        except Refusal as refusal:
            said(form, refusal)
    return render(request, "workshop/bays.html", {"form": form, "bays": Bay.objects.of_store(store)})


def bay(request, pk):
    found = get_object_or_404(Bay.objects.visible_to(request.user), pk=pk)
    form = BayForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_bay(bay=found, by=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("%(bay)s is changed.") % {"bay": form.cleaned_data["name"]})
            return redirect("workshop:bays")
        except Refusal as refusal:
            said(form, refusal)
    return render(request, "workshop/bay.html", {"form": form, "bay": found})
