"""Making one of two: find the double, see both side by side, choose, merge."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from reception import actions, forms, queries
from reception.actions.merging import CUSTOMER_FIELDS, PRIMARY_PHONE, VEHICLE_FIELDS
from reception.models import Customer, Vehicle
from reception.queries import Pair
from reception.views.acting import attempt


def customer_doubles(request, pk):
    customer = get_object_or_404(_customers(request), pk=pk)
    found = queries.customer_doubles(customer, request.user, request.GET.get("q", ""))
    page = {"customer": customer, "found": found, "query": request.GET.get("q", "")}
    return render(request, "reception/merge_customers.html", page)


def customer_merge(request, pk, other):
    kept, double = (get_object_or_404(_customers(request), pk=one) for one in (pk, other))
    pairs = [*_first_phone(kept, double), *queries.side_by_side(kept, double, CUSTOMER_FIELDS)]
    sides = [(one, queries.what_hangs_on(one)) for one in (kept, double)]

    def deed(said):
        return actions.merge_customers(kept=kept, double=double, by=request.user, at=timezone.now(), **said)

    page = reverse("reception:customer", args=[kept.pk])
    return _merge(request, "reception/merge_customer.html", kept, double, pairs, deed, page, {"sides": sides})


def vehicle_doubles(request, pk):
    vehicle = get_object_or_404(_vehicles(request), pk=pk)
    found = queries.vehicle_doubles(vehicle, request.user, request.GET.get("q", ""))
    page = {"vehicle": vehicle, "found": found, "query": request.GET.get("q", "")}
    return render(request, "reception/merge_vehicles.html", page)


def vehicle_merge(request, pk, other):
    kept, double = (get_object_or_404(_vehicles(request), pk=one) for one in (pk, other))
    pairs = queries.side_by_side(kept, double, VEHICLE_FIELDS)
    sides = [(one, queries.visits_of(one, request.user).count()) for one in (kept, double)]

    def deed(said):
        return actions.merge_vehicles(kept=kept, double=double, by=request.user, at=timezone.now(), **said)

    page = reverse("reception:vehicle", args=[kept.pk])
    return _merge(request, "reception/merge_vehicle.html", kept, double, pairs, deed, page, {"sides": sides})


def _merge(request, template, kept, double, pairs, deed, to, shown):
    """The pair as a form; once merged, the page of the one that is kept."""
    form = forms.MergeForm(request.POST or None, pairs=pairs, kept=kept, double=double)
    if request.method == "POST" and form.is_valid() and attempt(form, lambda: deed(form.said())):
        messages.success(request, _("%(double)s is now a part of %(kept)s.") % {"double": double, "kept": kept})
        return redirect(to)
    page = {"kept": kept, "double": double, "form": form, "back": to, **shown}
    status = 412 if getattr(form, "is_stale", False) else 422 if form.errors else 200
    return render(request, template, page, status=status)


def _first_phone(kept: Customer, double: Customer) -> list[Pair]:
    mine, theirs = (one.phones.filter(is_primary=True).first() for one in (kept, double))
    if theirs is None or (mine and mine.number == theirs.number):
        return []
    return [Pair(PRIMARY_PHONE, _("First number"), str(mine or "—"), str(theirs), takes_double=mine is None)]


def _customers(request):
    return Customer.objects.visible_to(request.user).standing().prefetch_related("phones")


def _vehicles(request):
    return Vehicle.objects.visible_to(request.user).standing().select_related("owner")
