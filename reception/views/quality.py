"""The data quality list: what is wrong, put right in its row; whose entries it were."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dealer_crm.access.permissions import Permission
from dealer_crm.ui.fields import month_asked
from dealer_crm.ui.paging import keyset_page
from dealer_crm.values import Period
from reception import actions, forms, queries
from reception.choices import FlawKind
from reception.models import Flaw
from reception.views.acting import attempt
from reception.views.customers import say_if_asked


def flaw_list(request):
    found = forms.FlawFilter(request.GET, queries.open_flaws(request.user), request=request)
    page = keyset_page(found.qs, request.GET, order=("-pk",))
    counts = queries.flaw_counts(request.user)
    kinds = [(kind, counts[kind]) for kind in FlawKind if counts.get(kind)]
    shown = {"filter_form": found.form, "page": page, "kinds": kinds, **_rights(request.user)}
    template = "reception/flaws.html#rows" if request.htmx else "reception/flaws.html"
    return render(request, template, shown)


def flaw_people(request):
    """Wrong entries by the person who made them, month by month."""
    store = request.user.store
    today = timezone.localdate()
    month, form = month_asked(request.GET, Period.of(today))
    tz = store.tz if store else timezone.get_current_timezone()
    shown = {
        "month": month,
        "month_form": form,
        "people": queries.wrong_entries(store, *month.bounds(tz)),
        "may_list": request.user.can(Permission.CUSTOMER_CHANGE),
    }
    return render(request, "reception/flaws_people.html" + ("#rows" if request.htmx else ""), shown)


def flaw_mend(request, pk):
    """One row as a form; put right through the ordinary acts, so that what needs a decision is asked for."""
    flaw = _flaw(request, pk)
    if flaw.vehicle_id and not request.user.can(Permission.VEHICLE_CHANGE):
        raise PermissionDenied
    form = forms.MendForm(request.POST or None, flaw=flaw, staff=request.user)
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        if attempt(form, lambda: _mended(flaw, form.cleaned_data, request.user, at)):
            say_if_asked(request, flaw.subject, at)
            return redirect(_back(request))
    template = "reception/flaws.html#mend" if request.htmx else "reception/flaw.html"
    shown = {"flaw": flaw, "form": form, "back": _back(request), **_rights(request.user)}
    return render(request, template, shown, status=422 if form.errors else 200)


@require_POST
def flaw_accept(request, pk):
    flaw = actions.accept_flaw(flaw=_flaw(request, pk), by=request.user, at=timezone.now())
    messages.success(request, _("Right as it is: %(flaw)s") % {"flaw": flaw})
    return redirect(_back(request))


def _flaw(request, pk) -> Flaw:
    return get_object_or_404(queries.open_flaws(request.user), pk=pk)


def _mended(flaw: Flaw, said: dict, by, at):
    """Write the field of the flaw where it stands."""
    value, who = said["value"], {"reason": said.get("reason", ""), "by": by, "at": at}
    if flaw.kind == FlawKind.NAME_MISSING:
        return actions.change_customer(customer=flaw.customer, name=value, **who)
    if flaw.kind == FlawKind.PHONE_MISSING or (flaw.customer and flaw.phone is None):
        return actions.add_phone(customer=flaw.customer, number=value, **who)
    if flaw.customer:
        return actions.change_phone(phone=flaw.phone, number=value, **who)
    fields = {
        FlawKind.VIN_CHECK_DIGIT: {"vin": value, "vin_override_reason": said.get("vin_override_reason", "")},
        FlawKind.VIN_DOUBLE: {"vin": value},
        FlawKind.PLATE_FORM: {"plate": value},
        FlawKind.OWNER_MISSING: {"owner": value},
    }[FlawKind(flaw.kind)]
    return actions.change_vehicle(vehicle=flaw.vehicle, **fields, **who)


def _rights(staff) -> dict:
    return {
        "may_decide": staff.can(Permission.CUSTOMER_APPROVE),
        "may_change_vehicles": staff.can(Permission.VEHICLE_CHANGE),
        "may_count": staff.can(Permission.REPORT_VIEW),
    }


def _back(request) -> str:
    """The list as it was filtered, whichever row was written."""
    asked = "&".join(f"{name}={value}" for name, value in request.GET.items() if name in ("kind", "entered_by"))
    return reverse("reception:flaws") + (f"?{asked}" if asked else "")
