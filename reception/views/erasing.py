"""A customer who asks to be forgotten."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from reception import actions, forms
from reception.models import Customer
from reception.views.acting import act


def customer_erase(request, pk):
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    form = forms.ReasonForm(request.POST or None, initial={"version": customer.version})
    form.fields["reason"].label = _("how the customer asked for it")
    form.fields["reason"].help_text = _(
        "Name, phones, birthday and address go for good, also where they were copied; visits and money stay."
    )

    def deed(**given):
        return actions.erase_customer(customer=customer, by=request.user, at=timezone.now(), **given)

    return act(
        request, form, deed, title=_("Erase personal data of %(name)s") % {"name": customer.name},
        submit=_("Erase for good"), tone="danger", done=_("The personal data are erased."),
        to=reverse("reception:customer", args=[customer.pk]),
    )  # fmt: skip
