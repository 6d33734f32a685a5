"""Bad answers: the list, one of them, who speaks with the customer, what was done."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dealer_crm.access.permissions import Permission
from dealer_crm.organization.queries import stores_visible_to
from dealer_crm.ui.paging import keyset_page
from dealer_crm.values import Period
from reception.queries import story_of
from satisfaction import actions, queries
from satisfaction.forms import AssignForm, FlagForm

TABS = {
    "": gettext_lazy("To be dealt with"),
    "late": gettext_lazy("Late"),
    "own": gettext_lazy("Given to me"),
    "dealt": gettext_lazy("Dealt with"),
}


def flag_list(request):
    """Bad answers: to be dealt with, the oldest first; or those that were, newest first; and how well that is kept."""
    now, shown = timezone.now(), request.GET.get("shown", "")
    dealt = shown == "dealt"
    rows = queries.flags_matching(request.user, at=now, shown=shown)
    page = keyset_page(rows, request.GET, order=("-raised_at", "-pk") if dealt else ("raised_at", "pk"))
    start, end = Period.of(now).bounds()
    context = {
        "page": page,
        "dealt": dealt,
        "tabs": _tabs(shown, queries.flag_counts(request.user, at=now)),
        "figures": queries.flag_figures(request.user, start=start, end=end, at=now),
        "now": now,
        "sees_responses": request.user.can(Permission.SATISFACTION_VIEW),
    }
    template = "satisfaction/flags.html#rows" if request.htmx else "satisfaction/flags.html"
    return render(request, template, context)


def flag_page(request, pk):
    """One bad answer with everything the customer said, and what can be done about it."""
    flag = _flag(request, pk)
    response = flag.answer.response
    may_act = flag.dealt_at is None and stores_visible_to(request.user).filter(pk=flag.store_id).exists()
    context = {
        "flag": flag,
        "answers": queries.answers_of(response),
        "form": FlagForm() if may_act else None,
        "assign_form": _assign_form(flag) if may_act and request.user.can(Permission.FLAG_DEAL) else None,
        "story": story_of(flag),
        "now": timezone.now(),
    }
    return render(request, "satisfaction/flag.html", context)


def flag_deal(request, pk):
    flag = _flag(request, pk)
    if request.method == "POST":
        form = FlagForm(request.POST)
        result = form.cleaned_data["result"] if form.is_valid() else ""
        actions.deal_with_flag(flag=flag, result=result, by=request.user, at=timezone.now())
        messages.success(request, _("Dealt with."))
    return redirect("satisfaction:flags")


def flag_assign(request, pk):
    flag = _flag(request, pk)
    if request.method == "POST":
        form = _assign_form(flag, request.POST)
        if form.is_valid():
            actions.assign_flag(flag=flag, owner=form.cleaned_data["owner"], by=request.user, at=timezone.now())
            messages.success(request, _("%(person)s is told.") % {"person": form.cleaned_data["owner"]})
        else:
            messages.error(request, _("Choose somebody of this store."))
    return redirect("satisfaction:flag", pk)


def _flag(request, pk):
    rows = queries.flags_for(request.user) | queries.flags_for(request.user, dealt=True)
    return get_object_or_404(rows, pk=pk)


def _assign_form(flag, *sent) -> AssignForm:
    return AssignForm(*sent, store=flag.store, initial={"owner": flag.owner_id})


def _tabs(shown: str, counts: dict[str, int]) -> list[dict]:
    here = reverse("satisfaction:flags")
    numbers = {"": counts["open"], "late": counts["late"], "own": counts["own"]}
    return [
        {
            "url": f"{here}?shown={code}" if code else here,
            "label": label,
            "active": code == shown,
            "count": numbers.get(code),
        }
        for code, label in TABS.items()
    ]
