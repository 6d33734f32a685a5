"""Handing the car back: the last look at the bill, the sticker of the next service, the customer's signature."""

from datetime import timedelta

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.access.permissions import Permission
from dealer_crm.organization.queries import figures
from reception import actions, forms, queries
from reception.choices import OrderState, SignedPaper
from reception.queries.visits import signature_on, walk_round_of
from reception.views.acting import attempt, own_order, status_of, version
from reception.views.visits import belongings_shown


def order_deliver(request, pk):
    order, now = own_order(request, pk), timezone.now()
    is_late = order.promised_at is not None and now > order.promised_at and order.state == OrderState.SETTLED
    shape = forms.LateHandOverForm if is_late else forms.HandOverForm
    proposed = {**version(order), **_next_service(order, now), "signer": order.customer.name}
    form = shape(request.POST or None, order=order, initial=proposed)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        given["expected_version"] = given.pop("version")
        if attempt(form, lambda: actions.hand_over(order=order, by=request.user, at=now, **given)):
            messages.success(request, _("%(plate)s is delivered.") % {"plate": order.vehicle.plate})
            return redirect("reception:order_delivered", order.pk)
    page = {
        "order": order, "form": form, "is_late": is_late, "belongings": belongings_shown(walk_round_of(order)),
        "due": [one for one in queries.due_by_payer(order).values() if one.open_amount > 0],
        "settlement": queries.live_settlement(order),
    }  # fmt: skip
    return render(request, "reception/delivery.html", page, status=status_of(request, form))


def order_delivered(request, pk):
    """After the hand-over: the sticker to print, the questionnaire's code for the customer's phone."""
    order = get_object_or_404(queries.whole_orders(request.user), pk=pk)
    if order.delivered_at is None:
        return redirect("reception:order", order.pk)
    page = {
        "order": order,
        "signature": signature_on(order, SignedPaper.DELIVERY),
        "may_invite": request.user.can(Permission.SURVEY_INVITE),
        "may_sign": request.user.can(Permission.SIGNATURE_TAKE) and queries.may_change(order, request.user),
    }
    return render(request, "reception/delivered.html", page)


def order_sticker(request, pk):
    """下次保养提示贴: for the windscreen, 80 × 50 mm."""
    order = get_object_or_404(queries.whole_orders(request.user), pk=pk)
    if not (order.next_service_on or order.next_service_km):
        messages.warning(request, _("No next service is set for %(number)s.") % {"number": order.number})
        return redirect(reverse("reception:order", args=[order.pk]))
    return render(request, "reception/sticker.html", {"order": order})


def _next_service(order, now) -> dict:
    """The next service proposed on the sticker."""
    held = figures("reception.next_service", store=order.store, on=timezone.localdate(now))
    months, km = held["reception.next_service_months"], held["reception.next_service_km"]
    return {
        "next_service_on": timezone.localdate(now) + timedelta(days=round(months * 30.4375)),
        "next_service_km": order.mileage + km if order.mileage else None,
    }
