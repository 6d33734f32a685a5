"""Repair suggestions: made on an order or at a car, taken up, declined, asked about again."""

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from dealer_crm.access.permissions import Permission
from dealer_crm.ui.paging import keyset_page
from reception import actions, forms, queries
from reception.choices import SuggestionState
from reception.models import Vehicle
from reception.views.acting import act, own_order


def suggestion_list(request):
    """What should be done to cars of the store; only what is open unless asked otherwise."""
    asked = request.GET if "state" in request.GET else {**request.GET.dict(), "state": SuggestionState.OPEN}
    found = forms.SuggestionFilter(asked, queries.suggestions_visible_to(request.user), request=request)
    page = keyset_page(found.qs, request.GET, order=("rank", "due_on", "pk"))
    template = "reception/suggestions.html#rows" if request.htmx else "reception/suggestions.html"
    shown = {"filter_form": found.form, "page": page, "today": timezone.localdate(), **_may(request.user)}
    return render(request, template, shown)


def suggestion_new(request, pk):
    """What was found on an order and is not done now."""
    order = own_order(request, pk)
    return _make(request, vehicle=order.vehicle, order=order, to=_page_of(order))


def vehicle_suggestion_new(request, pk):
    """What was found on a car without an order: by telephone, at the counter."""
    vehicle = get_object_or_404(queries.vehicles_visible_to(request.user), pk=pk)
    return _make(request, vehicle=vehicle, to=_page_of(vehicle), store=request.user.store or vehicle.store)


def _make(request, *, to, **about):
    form = forms.SuggestionForm(request.POST or None)

    def deed(**given):
        return actions.suggest(by=request.user, at=timezone.now(), **about, **given)

    return act(request, form, deed, title=_("Suggest a repair"), submit=_("Save"), to=to)


def suggestion_edit(request, pk):
    suggestion = _suggestion(request, pk)
    names = ("name", "reason", "urgency", "quoted_amount", "follow_up_on")
    form = forms.SuggestionForm(request.POST or None, initial={name: getattr(suggestion, name) for name in names})

    def deed(follow_up_on, **given):
        day = follow_up_on or suggestion.follow_up_on
        return actions.change_suggestion(
            suggestion=suggestion, follow_up_on=day, by=request.user, at=timezone.now(), **given
        )

    return act(request, form, deed, title=suggestion.name, submit=_("Save"), to=_home_of(request, suggestion))


def suggestion_done(request, pk):
    suggestion = _suggestion(request, pk)
    form = forms.DoneForm(request.POST or None, suggestion=suggestion, staff=request.user)

    def deed(order):
        return actions.finish_suggestion(suggestion=suggestion, order=order, by=request.user, at=timezone.now())

    return act(
        request,
        form,
        deed,
        title=suggestion.name,
        submit=pgettext("suggestion", "Done"),
        to=_home_of(request, suggestion),
    )


def suggestion_decline(request, pk):
    suggestion = _suggestion(request, pk)
    form = forms.ReasonForm(request.POST or None)

    def deed(reason, **_given):
        return actions.decline_suggestion(suggestion=suggestion, reason=reason, by=request.user, at=timezone.now())

    return act(
        request, form, deed, title=_("Customer does not want it: %(name)s") % {"name": suggestion.name},
        submit=_("Decline"), to=_home_of(request, suggestion),
    )  # fmt: skip


@require_POST
def suggestion_reopen(request, pk):
    suggestion = _suggestion(request, pk)
    actions.reopen_suggestion(suggestion=suggestion, by=request.user, at=timezone.now())
    return redirect(_home_of(request, suggestion))


@require_POST
def suggestion_take_up(request, pk, order):
    """Do it on the visit the car is here for: its work becomes lines of the order."""
    suggestion, order = _suggestion(request, pk), own_order(request, order)
    actions.take_up_suggestion(suggestion=suggestion, order=order, by=request.user, at=timezone.now())
    return redirect("reception:order_lines", order.pk)


def _suggestion(request, pk: int):
    return get_object_or_404(queries.suggestions_visible_to(request.user), pk=pk)


def _may(staff) -> dict:
    return {"may_suggest": staff.can(Permission.SUGGESTION_CHANGE), "may_see_cars": staff.can(Permission.VEHICLE_VIEW)}


def _home_of(request, suggestion) -> str:
    """Back to where the button was pressed: the list, the order or the car."""
    return (request.htmx.current_url_abs_path if request.htmx else None) or _page_of(suggestion.vehicle)


def _page_of(thing) -> str:
    name = "vehicle" if isinstance(thing, Vehicle) else "order"
    return reverse(f"reception:{name}", args=[thing.pk])
