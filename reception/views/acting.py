"""One act, one form: shown as a page or in the page's dialog, answered the same way everywhere."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render

from dealer_crm.values import Refusal, Stale
from reception import queries
from reception.models import RepairOrder


def attempt(form, deed):
    """Do `deed` and return what it gives, or None with the refusal written into the form."""
    try:
        return deed()
    except Refusal as refusal:
        field = refusal.field if refusal.field in form.fields else None
        form.add_error(field, [str(refusal.message), *map(str, refusal.details)])
        form.is_stale = isinstance(refusal, Stale)
        if form.is_stale and refusal.version and "version" in form.fields:
            form.data = form.data.copy()  # who has read what changed may send what was typed again
            form.data["version"] = str(refusal.version)
        return None


def act(request, form, deed, *, title, submit, to, done="", tone="primary", template="reception/act.html", **shown):
    """Show the form of an act; when it is sent and the deed isn't refused, say `done` and go `to` (an address or the
    deed's result → address). A `template` of its own has the partial `dialog` as this one."""
    if request.method == "POST" and form.is_valid():
        result = attempt(form, lambda: deed(**_given(form)))
        if result is not None:
            if done:
                messages.success(request, done)
            return redirect(to(result) if callable(to) else to)
    back = "" if callable(to) else to
    page = {"form": form, "title": title, "submit": submit, "back": back, "tone": tone, **shown}
    return render(request, f"{template}#dialog" if request.htmx else template, page, status=status_of(request, form))


def _given(form) -> dict:
    """What was typed, with the version the person has seen under its name in the actions."""
    given = dict(form.cleaned_data)
    if "version" in given:
        given["expected_version"] = given.pop("version")
    return given


def status_of(request, form) -> int:
    """Shown: 200. Refused: 412 when somebody was faster, else 422 (a dialog swaps only the latter)."""
    if request.method != "POST":
        return 200
    return 412 if getattr(form, "is_stale", False) and not request.htmx else 422


def own_order(request, pk: int, orders=queries.whole_orders) -> RepairOrder:
    """An order the person may write: of the store (else 404), and one's own unless the role writes any (else 403).

    `orders`: the query of `queries/orders.py` that loads what the page shows.
    """
    order = get_object_or_404(orders(request.user), pk=pk)
    if not queries.may_change(order, request.user):
        raise PermissionDenied
    return order


def version(order) -> dict:
    return {"version": order.version}
