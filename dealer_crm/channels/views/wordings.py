"""The words of messages, store by store."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.channels import actions, queries
from dealer_crm.channels.forms import WordingForm
from dealer_crm.channels.shipped import WORDINGS
from dealer_crm.organization.queries import stores_to_choose, stores_visible_to
from dealer_crm.values import Refusal


def wording_list(request):
    stores = stores_to_choose(request.user)
    context = {"wordings": queries.wordings_of(stores, on=timezone.localdate()), "shows_store": len(stores) > 1}
    return render(request, "channels/wordings.html", context)


def wording(request, code, purpose):
    """Change a store's words for a purpose; the preview shows what is typed before it is kept."""
    found = _meant(request, code, purpose)
    form = WordingForm(request.POST or None, initial={name: getattr(found, name) for name in WordingForm.base_fields})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_wording(
                store=found.store, purpose=found.purpose, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("The wording is changed."))
            return redirect("channels:wordings")
    shown = queries.as_typed(found, form["text"].value() or "", on=timezone.localdate())
    return render(
        request, "channels/wording.html", {"wording": found, "shown": shown, "form": form},
        status=422 if form.errors else 200,
    )  # fmt: skip


def preview(request, code, purpose):
    """What is typed as a customer would read it."""
    found = _meant(request, code, purpose)
    shown = queries.as_typed(found, request.POST.get("text", ""), on=timezone.localdate())
    return render(request, "channels/wording.html#preview", {"wording": found, "shown": shown})


def as_shipped(request, code, purpose):
    found = _meant(request, code, purpose)
    if request.method == "POST":
        actions.use_shipped_wording(store=found.store, purpose=found.purpose, by=request.user, at=timezone.now())
        messages.success(request, _("The wording is as shipped again."))
    return redirect("channels:wording", code, purpose)


def _meant(request, code: str, purpose: str):
    if purpose not in WORDINGS:
        raise Http404
    return queries.wording_in_force(get_object_or_404(stores_visible_to(request.user), code=code), purpose)
