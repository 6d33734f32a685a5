"""Contact records: who called us about what, and what a record still lacks."""

from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from callback import actions, queries
from callback.forms.records import FactsForm, IncomingForm, RecordForm, facts_said
from callback.models import CallTask, Contact
from dealer_crm.access.permissions import Permission
from dealer_crm.organization.queries import store_of
from dealer_crm.values import Refusal
from reception.models import Customer, Vehicle
from reception.queries import customers_found, vehicles_found


def incoming(request):
    """Somebody calls: find the customer by phone, plate or name."""
    query = request.GET.get("q", "").strip()
    customers = customers_found(request.user, query) if query else []
    vehicles = [one for one in vehicles_found(request.user, query) if one.owner_id] if query else []
    context = {"query": query, "customers": customers, "vehicles": vehicles, "found": [*customers, *vehicles]}
    return render(request, "callback/incoming.html#found" if request.htmx else "callback/incoming.html", context)


def incoming_from(request, pk):
    """What this customer calls about; `?vehicle=` is the car it is about."""
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    cars = list(customer.vehicles.all()[:20])
    wanted = request.POST.get("vehicle") or request.GET.get("vehicle") or ""
    vehicle = next((car for car in cars if str(car.pk) == wanted), cars[0] if len(cars) == 1 else None)
    form = IncomingForm(request.POST or None, initial={"token": uuid4(), "category": "enquiry.station"})
    if request.method == "POST" and form.is_valid():
        contact = actions.record_incoming(
            store=store_of(request.user), customer=customer, vehicle=vehicle, facts=facts_said(request.POST),
            by=request.user, at=timezone.now(), **form.cleaned_data,
        )  # fmt: skip
        messages.success(request, _("The contact is written down."))
        return redirect("callback:record", contact.pk)
    category = request.POST.get("category") or form["category"].value()
    known = queries.known_facts(store_of(request.user), customer, vehicle, None)
    context = {
        "customer": customer, "cars": cars, "vehicle": vehicle, "form": form,
        "facts": FactsForm(request.POST or None, category=category, known=known),
        "contacts": queries.contacts_of_customer(request.user, customer)[:5],
    }  # fmt: skip
    return render(request, "callback/incoming_from.html", context, status=422 if form.errors else 200)


def facts(request):
    """The fields of `?category=`, filled in from what the archive knows of `task`, `contact` or `customer`."""
    known = _known(request)
    form = FactsForm(category=request.GET.get("category", ""), known=known)
    return render(request, "callback/incoming_from.html#facts", {"facts": form})


def record(request, pk):
    """One contact with its sentence, its facts and what they lack; its agent and the supervisor put it right."""
    found = get_object_or_404(queries.call_contacts(request.user), pk=pk)
    is_mine = found.agent_id == request.user.pk or request.user.can(Permission.CALL_ASSIGN)
    may_change = is_mine and request.user.can(Permission.CALL_TAKE) and found.outcome == "completed"
    form = RecordForm(request.POST or None, initial={"category": found.category, "note": found.note})
    if request.method == "POST" and form.is_valid():
        if not may_change:
            raise Refusal(_("Only who wrote it and the supervisor change a record."), code="not_own_record")
        actions.complete_record(
            contact=found, facts=facts_said(request.POST), by=request.user, at=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("The record is put right."))
        return redirect("callback:record", pk)
    known = queries.known_facts(found.store, found.customer, found.vehicle, found.order) | found.facts
    context = {
        "contact": found,
        "sentence": queries.sentence_of(found),
        "lines": queries.fact_lines(found),
        "answers": queries.answers_said(found),
        "form": form if may_change else None,
        "facts": FactsForm(category=found.category, known=known),
        "referrals": found.referrals.select_related("person"),
        "may_request": request.user.can(Permission.SERVICE_REQUEST_CREATE),
        "may_refer": request.user.can(Permission.CALL_TAKE),
        "shows_score": found.outcome == "completed"
        and (found.agent_id == request.user.pk or queries.sees_every_score(request.user)),
    }
    return render(request, "callback/record.html", context, status=422 if form.errors else 200)


def _known(request) -> dict[str, str]:
    asked = request.GET
    if not all(asked.get(name, "1").isdecimal() for name in ("task", "contact", "customer", "vehicle")):
        raise BadRequest
    if asked.get("task"):
        source = get_object_or_404(CallTask.objects.visible_to(request.user), pk=asked["task"])
    elif asked.get("contact"):
        source = get_object_or_404(Contact.objects.visible_to(request.user), pk=asked["contact"])
        return queries.known_facts(source.store, source.customer, source.vehicle, source.order) | source.facts
    elif asked.get("customer"):
        customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=asked["customer"])
        vehicle = Vehicle.objects.filter(owner=customer, pk=asked.get("vehicle") or 0).first()
        return queries.known_facts(store_of(request.user), customer, vehicle, None)
    else:
        return {}
    return queries.known_facts(source.store, source.customer, source.vehicle, source.order)
