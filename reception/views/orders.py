"""The order page and what is done on it."""

from dataclasses import replace
from decimal import Decimal

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.access.permissions import Permission
from dealer_crm.ui.paging import keyset_page
from reception import actions, forms, queries
from reception.actions import LineDraft
from reception.choices import PAYING, LineKind, OrderKind, Payer
from reception.views.acting import act, attempt, own_order, status_of, version
from reception.views.next_steps import next_steps, rare_steps


def order(request, pk):
    """What is asked first of an order; the rest of its page comes by itself (`views/order_parts.py`)."""
    order = get_object_or_404(queries.whole_orders(request.user), pk=pk)
    may_change = queries.may_change(order, request.user)
    page = {
        "order": order,
        "now": timezone.now(),
        "steps": queries.steps_of(order),
        "next_steps": next_steps(order, request.user),
        "rare_steps": rare_steps(order, request.user),
        "may_change": may_change and request.user.can(Permission.ORDER_CHANGE) and order.is_editable,
        "may_reveal": request.user.can(Permission.PHONE_REVEAL),
        "may_see_jobs": request.user.can(Permission.JOB_VIEW),
        "may_assess": may_change
        and order.kind == OrderKind.ACCIDENT
        and request.user.can(Permission.ASSESSMENT_CHANGE),
        "sums": queries.sums_of(order.lines.all()),
        **_money(order),
    }
    return render(request, "reception/order.html", page)


def _money(order) -> dict:
    """What is owed: by the live settlement with what came in, or by the lines as they stand."""
    live = next((one for one in order.settlements.all() if one.reversed_at is None), None)
    totals = live.amounts.all() if live else queries.amounts_of(order.lines.all())
    due = queries.due_by_payer(order)
    return {
        "settlement": live,
        "total_amount": sum((one.amount for one in totals), Decimal(0)),
        "totals": [(Payer(one.payer).label, one.amount, due.get(one.payer) if live else None) for one in totals],
        "credit": [] if live else [one for one in due.values() if one.received_amount],
        "open_amount": sum((due[payer].open_amount for payer in PAYING), Decimal(0)) if live else None,
    }


def order_edit(request, pk):
    order = own_order(request, pk)
    form = forms.OrderForm(request.POST or None, instance=order, staff=request.user)

    def deed(**given):
        return actions.edit_order(order=order, by=request.user, at=timezone.now(), **given)

    return act(request, form, deed, title=_("Change the order"), submit=_("Save"), to=_page_of(order), order=order)


def order_lines(request, pk):
    order = own_order(request, pk, queries.orders_with_lines)
    visit = queries.last_visit(order, request.user)
    copied = visit.lines.all() if visit and "copy" in request.GET else ()
    lines = forms.LinesForm(order, request.POST or None, copied=copied)
    seen = forms.VersionedForm(request.POST or None, initial=version(order))
    if request.method == "POST" and lines.is_valid() and seen.is_valid():
        if attempt(seen, lambda: _save_lines(request, order, lines, seen)) is not None:
            messages.success(request, _("The lines are saved."))
            return redirect(_page_of(order))
        if seen.is_stale:
            order = own_order(request, pk, queries.orders_with_lines)
            lines = forms.LinesForm(order, forms.caught_up(request.POST, order))
    page = {
        "order": order,
        "lines": lines.formset,
        "form": seen,
        "last_visit": visit,
        "left_open": queries.open_suggestions(order.vehicle, request.user),
    }
    return render(request, "reception/lines.html", page, status=status_of(request, seen))


def _save_lines(request, order, lines, seen):
    return actions.save_lines(
        order=order, lines=lines.drafts(), by=request.user, at=timezone.now(),
        expected_version=seen.cleaned_data["version"],
    )  # fmt: skip


def line_shares(request, pk, number):
    """Who did a labour line, and how much of it each."""
    order = own_order(request, pk)
    line = get_object_or_404(order.lines.select_related("order__store"), number=number, kind=LineKind.LABOUR)
    rows = forms.SharesForm(line, request.POST or None)
    form = forms.VersionedForm(request.POST or None, initial=version(order))
    is_sound = request.method == "POST" and rows.is_valid() and form.is_valid()
    if is_sound and attempt(form, lambda: _share(request, line, rows, form)) is not None:
        return redirect(_page_of(order))
    page = {"order": order, "line": line, "rows": rows.formset, "form": form, "back": _page_of(order)}
    template = "reception/line_shares.html#dialog" if request.htmx else "reception/line_shares.html"
    return render(request, template, page, status=status_of(request, form))


def _share(request, line, rows, form):
    draft = replace(LineDraft.of(line), shares=tuple(rows.shares()))
    return actions.change_line(
        line=line, draft=draft, by=request.user, at=timezone.now(), expected_version=form.cleaned_data["version"]
    )


def order_check_in(request, pk):
    order = own_order(request, pk)
    form = forms.CheckInForm(
        request.POST or None, initial={**version(order), "promised_at": order.promised_at, "mileage": order.mileage}
    )

    def deed(**given):
        return actions.check_in(order=order, by=request.user, at=timezone.now(), **given)

    return act(
        request, form, deed, title=_("The car has arrived"), submit=_("Take in"), to=_page_of(order), order=order
    )


def order_promise(request, pk):
    order = own_order(request, pk)
    form = forms.PromiseForm(
        request.POST or None,
        initial={**version(order), "confirmed_by": order.customer.name, "promised_at": order.promised_at},
    )

    def deed(**given):
        return actions.move_promise(order=order, by=request.user, at=timezone.now(), **given)

    return act(
        request,
        form,
        deed,
        title=_("New delivery time"),
        submit=_("Confirm the new time"),
        to=_page_of(order),
        order=order,
    )


def order_reassign(request, pk):
    order = own_order(request, pk)
    form = forms.ReassignForm(
        request.POST or None, store=order.store, initial={**version(order), "advisor": order.advisor_id}
    )

    def deed(**given):
        return actions.reassign_order(order=order, by=request.user, at=timezone.now(), **given)

    return act(request, form, deed, title=_("Another advisor"), submit=_("Hand over"), to=_page_of(order), order=order)


def order_wait(request, pk):
    order = own_order(request, pk)
    form = forms.WaitForm(request.POST or None, initial=version(order))

    def deed(**given):
        return actions.mark_waiting(order=order, by=request.user, at=timezone.now(), **given)

    return act(
        request, form, deed, title=_("Work stands still"), submit=_("Put on hold"), to=_page_of(order), order=order
    )


def order_resume(request, pk):
    order = own_order(request, pk)
    if request.method == "POST":
        actions.resume(order=order, by=request.user, at=timezone.now())
    return redirect(_page_of(order))


def order_cancel(request, pk):
    order = own_order(request, pk)
    form = forms.ReasonForm(request.POST or None, initial=version(order))

    def deed(**given):
        return actions.cancel_order(order=order, by=request.user, at=timezone.now(), **given)

    return act(
        request, form, deed, title=_("Cancel order %(number)s") % {"number": order.number},
        submit=_("Cancel the order"), to=_page_of(order), tone="danger", order=order,
    )  # fmt: skip


def order_assessment(request, pk):
    order = own_order(request, pk)
    known = getattr(order, "assessment", None)
    names = ("assessed_amount", "own_share_amount", "assessed_on", "released_on")
    initial = {name: getattr(known, name) for name in names} if known else {}
    form = forms.AssessmentForm(request.POST or None, initial={**initial, **version(order)})

    def deed(**given):
        return actions.set_assessment(order=order, by=request.user, at=timezone.now(), **given)

    return act(request, form, deed, title=_("Accident assessment"), submit=_("Save"), to=_page_of(order), order=order)


def delays(request):
    """Delays called the customer's cause: the manager asks the customer about some of them (抽查)."""
    is_checked = "checked" in request.GET
    rows = (queries.delays_checked if is_checked else queries.delays_to_check)(request.user)
    page = keyset_page(rows, request.GET, order=("-delivered_at", "-pk"))
    template = "reception/delays.html#rows" if request.htmx else "reception/delays.html"
    return render(request, template, {"page": page, "is_checked": is_checked, "is_open": not is_checked})


def delay_check(request, pk):
    order = get_object_or_404(queries.whole_orders(request.user), pk=pk)
    form = forms.DelayCheckForm(request.POST or None)

    def deed(note):
        return actions.check_delay(order=order, note=note, by=request.user, at=timezone.now())

    return act(
        request, form, deed, title=_("Cause of the delay of %(number)s") % {"number": order.number},
        submit=_("Checked"), to=reverse("reception:delays"), order=order,
    )  # fmt: skip


def _page_of(order) -> str:
    return reverse("reception:order", args=[order.pk])
