"""A complaint taken in, and its sheet put right; what is found and foreseen while somebody types."""

import uuid

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from complaints import actions, queries
from complaints.choices import ComplaintSource, Severity
from complaints.forms import AmendForm, ComplaintForm, SheetForm
from complaints.models import Complaint
from dealer_crm.organization.models import Staff
from dealer_crm.organization.queries import store_of
from dealer_crm.ui.posted import version_of
from dealer_crm.values import Refusal
from reception.models import RepairOrder


def complaint_new(request):
    """Take a complaint in; `?order=`, `?plate=`, `?customer=` fill in whose it is."""
    store, now = store_of(request.user), timezone.now()
    initial = {
        "received_at": timezone.localtime(now).replace(second=0, microsecond=0, tzinfo=None),
        "source": request.GET.get("source") or ComplaintSource.PHONE,
        "severity": Severity.GENERAL,
        "form_key": uuid.uuid4(),
        "plate": request.GET.get("plate", ""),
        "customer": request.GET.get("customer", ""),
        "order": _order_number(request),
    }
    form = ComplaintForm(request.POST or None, request.FILES or None, initial=initial, staff=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            complaint = actions.record_complaint(store=store, **form.facts(), by=request.user, at=now)
        except Refusal as refusal:
            _say(form, refusal)
        else:
            messages.success(request, _("Complaint %(number)s is recorded.") % {"number": complaint.number})
            return redirect("complaints:complaint", complaint.pk)
    context = {"form": form, "first_words": queries.first_words(store, at=now), **_whose(request.user, form)}
    return render(request, "complaints/new.html", context, status=422 if form.errors else 200)


def amend(request, pk):
    """The sheet of a complaint, put right; `?customer=` proposes whose it is."""
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user).with_people(), pk=pk)
    initial = AmendForm.initial_of(complaint) | {
        name: request.GET[name] for name in ("customer",) if name in request.GET
    }
    form = AmendForm(request.POST or None, initial=initial, staff=request.user, complaint=complaint)
    if request.method == "POST" and form.is_valid():
        try:
            actions.amend_complaint(
                complaint=complaint,
                **form.facts(),
                by=request.user,
                at=timezone.now(),
                expected_version=version_of(request),
            )
        except Refusal as refusal:
            _say(form, refusal)
        else:
            messages.success(request, _("The sheet is put right."))
            return redirect("complaints:complaint", pk)
    context = {"form": form, "complaint": complaint, **_whose(request.user, form)}
    return render(request, "complaints/amend.html", context, status=422 if form.errors else 200)


@require_safe
def lookup(request):
    """`?q=`: what is found of what is being typed. Else: what is known of the one that was picked."""
    if "q" in request.GET:
        found = queries.hits_of(request.user, request.GET["q"], at=timezone.now())
        return render(request, "complaints/whose.html#hits", {"hits": found, "asked": request.GET["q"].strip()})
    known = queries.whose(request.user, **{name: request.GET.get(name, "") for name in ("order", "plate", "customer")})
    initial = {
        "order": getattr(known.order, "number", ""),
        "plate": getattr(known.vehicle, "plate", ""),
        "customer": getattr(known.customer, "pk", ""),
    }
    form = SheetForm(initial=initial, staff=request.user)
    return render(request, "complaints/whose.html#picked", {"form": form, **_whose(request.user, form)})


@require_safe
def concern(request, pk):
    """One of our people, as a ticked box of the sheet."""
    person = get_object_or_404(Staff.objects.filter(store=store_of(request.user)), pk=pk)
    return render(request, "complaints/whose.html#person", {"person": person, "is_ticked": True})


@require_POST
def weigh(request):
    """What the severity will be by words, source and repeats, while the sheet is being written."""
    form, now = ComplaintForm(request.POST, staff=request.user), timezone.now()
    form.is_valid()
    said = form.cleaned_data
    known = queries.whose(
        request.user, order=_text(form, "order"), plate=_text(form, "plate"), customer=_text(form, "customer")
    )
    rise, earlier = queries.severity_foreseen(
        store_of(request.user),
        severity=said.get("severity"),
        text=f"{_text(form, 'description')} {_text(form, 'wish')}",
        source=said.get("source", ""),
        category=(said.get("category") or ("",))[0],
        customer=known.customer,
        vehicle=known.vehicle,
        at=now,
    )
    context = {"rise": rise, "severity": Severity(rise.severity), "earlier": earlier}
    return render(request, "complaints/whose.html#weighed", context)


def _whose(staff: Staff, form) -> dict:
    """What the form's fields say of whose it is, and who of the house is ticked."""
    known = queries.whose(staff, **{name: _text(form, name) for name in ("order", "plate", "customer")})
    ticked = [str(one) for one in form["concerned"].value() or ()]
    people = Staff.objects.filter(store_id=staff.store_id, pk__in=[one for one in ticked if one.isdecimal()])
    chosen = list(people.order_by("work_number"))
    offered = [one for one in known.people if one not in chosen]
    return {"whose": known, "ticked": chosen, "offered": offered}


def _text(form, name: str) -> str:
    return str(form[name].value() or "").strip()


def _say(form, refusal: Refusal) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


def _order_number(request) -> str:
    order = request.GET.get("order", "")
    if not order.isdigit():
        return order
    return RepairOrder.objects.visible_to(request.user).filter(pk=order).values_list("number", flat=True).first() or ""
