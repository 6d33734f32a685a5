"""What a customer does not want to be called for, on the page of their contacts."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from callback import actions
from callback.forms.refusals import PurposeForm
from reception.models import Customer


@require_POST
def refuse(request, pk):
    customer, form = _customer(request, pk), PurposeForm(request.POST)
    if form.is_valid():
        actions.refuse_purpose(customer=customer, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Noted; the customer is not called for that any more."))
    else:
        messages.error(request, _("Choose what for, and say why."))
    return redirect("callback:customer", customer.pk)


@require_POST
def allow(request, pk):
    customer = _customer(request, pk)
    actions.allow_purpose(
        customer=customer, purpose=request.POST.get("purpose", ""), reason=request.POST.get("reason", ""),
        by=request.user, at=timezone.now(),
    )  # fmt: skip
    messages.success(request, _("The customer may be called for that again."))
    return redirect("callback:customer", customer.pk)


def _customer(request, pk) -> Customer:
    return get_object_or_404(Customer.objects.visible_to(request.user).standing(), pk=pk)
