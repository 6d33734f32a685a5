"""The order page and what is done on it."""

from datetime import timedelta
from decimal import Decimal

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.access.permissions import Permission
from dealer_crm.organization.queries import figures
from dealer_crm.values import Refusal
from reception import actions, forms, queries
from reception.choices import PAYING, OrderState, Payer
from reception.views.acting import act, own_order, version
from reception.views.next_steps import next_steps, rare_steps


def order(request, pk):
    order = get_object_or_404(queries.whole_orders(request.user), pk=pk)
    may_change = queries.may_change(order, request.user) and request.user.can(Permission.ORDER_CHANGE)
    page = {
        "order": order,
        "now": timezone.now(),
        "steps": queries.steps_of(order),
        "next_steps": next_steps(order, request.user),
        "rare_steps": rare_steps(order, request.user),
        "may_change": may_change and order.is_editable,
        "may_reveal": request.user.can(Permission.PHONE_REVEAL),
        "may_see_jobs": request.user.can(Permission.JOB_VIEW),
        "story": queries.story_of_order(order),
        **_money(order),
    }
    return render(request, "reception/order.html", page)


def _money(order) -> dict:
    """What is owed: by the live settlement with what came in, or by the lines as they stand."""
    live = next((one for one in order.settlements.all() if one.reversed_at is None), None)
    totals = live.amounts.all() if live else queries.amounts_by_payer(order)
    due = queries.due_by_payer(order)
    return {
        "settlement": live,
        "total_amount": sum((one.amount for one in totals), Decimal(0)),
        "totals": [(Payer(one.payer).label, one.amount, due.get(one.payer) if live else None) for one in totals],
        "credit": [] if live else [one for one in due.values() if one.received_amount],
        "open_amount": sum((due[payer].open_amount for payer in PAYING), Decimal(0)) if live else None,
    }


def order_print(request, pk):
    """委托书: what the customer signs."""
    order = get_object_or_404(queries.whole_orders(request.user), pk=pk)
    totals = queries.amounts_by_payer(order)
    due = sum((one.amount for one in totals if one.payer in PAYING), Decimal(0))
    return render(request, "reception/order_print.html", {"order": order, "totals": totals, "due_amount": due})


def order_edit(request, pk):
    order = own_order(request, pk)
    form = forms.OrderForm(request.POST or None, instance=order, staff=request.user)

    def deed(**given):
        return actions.edit_order(order=order, by=request.user, at=timezone.now(), **given)

    return act(request, form, deed, title=_("Change the order"), submit=_("Save"), to=_page_of(order), order=order)


def order_lines(request, pk):
    order = own_order(request, pk)
    lines = forms.LinesForm(order, request.POST or None)
    wanted_version = forms.VersionedForm(request.POST or None, initial=version(order))
    if request.method == "POST" and lines.is_valid() and wanted_version.is_valid():
        try:
            actions.save_lines(
                order=order, lines=lines.drafts(), by=request.user, at=timezone.now(),
                expected_version=wanted_version.cleaned_data["version"],
            )  # fmt: skip
        except Refusal as refusal:
            wanted_version.add_error(None, str(refusal))
        else:
            messages.success(request, _("The lines are saved."))
            return redirect(_page_of(order))
    page = {"order": order, "lines": lines.formset, "form": wanted_version}
    return render(request, "reception/lines.html", page, status=422 if request.method == "POST" else 200)


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


def order_deliver(request, pk):
    order = own_order(request, pk)
    now = timezone.now()
    is_late = order.promised_at is not None and now > order.promised_at and order.state == OrderState.SETTLED
    shape = forms.LateDeliveryForm if is_late else forms.DeliveryForm
    form = shape(request.POST or None, initial={**version(order), **_next_service(order, now)})

    def deed(**given):
        return actions.deliver(order=order, by=request.user, at=now, **given)

    return act(
        request, form, deed, title=_("Hand the car over"), submit=_("Deliver"), to=_page_of(order), is_late=is_late,
        done=_("%(plate)s is delivered.") % {"plate": order.vehicle.plate}, order=order,
    )  # fmt: skip


def _next_service(order, now) -> dict:
    """The next service proposed on the sticker."""
    held = figures("reception.next_service", store=order.store, on=timezone.localdate(now))
    months, km = held["reception.next_service_months"], held["reception.next_service_km"]
    return {
        "next_service_on": timezone.localdate(now) + timedelta(days=round(months * 30.4375)),
        "next_service_km": order.mileage + km if order.mileage else None,
    }


def _page_of(order) -> str:
    return reverse("reception:order", args=[order.pk])
