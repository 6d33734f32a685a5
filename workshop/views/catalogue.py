"""The operations catalogue (工时定额): what the workshop does, how long it takes and what it costs."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.access.permissions import Permission
from dealer_crm.ui.paging import keyset_page
from dealer_crm.ui.stores import store_asked
from dealer_crm.values import Refusal
from reception import actions as reception
from reception.queries import operations_visible_to
from workshop.forms import FamiliesForm, OperationFilter, OperationForm
from workshop.views.shared import said


def operations(request):
    """The catalogue by code."""
    found = OperationFilter(request.GET, operations_visible_to(request.user))
    context = {
        "page": keyset_page(found.qs, request.GET, order=("code", "pk")),
        "filter_form": found.form,
        "may_change": request.user.can(Permission.WORKSHOP_CHANGE),
        "may_import": request.user.can(Permission.WORKBOOK_IMPORT),
    }
    return render(request, "workshop/operations.html#rows" if request.htmx else "workshop/operations.html", context)


def operation_new(request):
    form, families = OperationForm(request.POST or None), FamiliesForm(request.POST or None)

    def enter(version, **given):
        return reception.enter_operation(
            store=store_asked(request), hours=families.hours(), by=request.user, at=timezone.now(), **given
        )

    return _entered(request, form, families, enter, title=_("New operation"))


def operation(request, pk):
    found = get_object_or_404(operations_visible_to(request.user), pk=pk)
    form = OperationForm(request.POST or None, operation=found)
    families = FamiliesForm(request.POST or None, operation=found)

    def change(version, **given):
        return reception.change_operation(
            operation=found,
            hours=families.hours(),
            by=request.user,
            at=timezone.now(),
            expected_version=version,
            **given,
        )

    return _entered(request, form, families, change, title=str(found))


def _entered(request, form, families, deed, *, title):
    if request.method == "POST" and all([form.is_valid(), families.is_valid()]):
        try:
            messages.success(request, _("%(operation)s is saved.") % {"operation": deed(**form.cleaned_data)})
            return redirect("workshop:operations")
        except Refusal as refusal:
            said(form, refusal)
    page = {"form": form, "families": families.formset, "title": title}
    return render(request, "workshop/operation.html", page, status=422 if request.method == "POST" else 200)
