"""服务请求: taken down, answered in time, worked on, closed with a result; told of before and when it is late.

Source: spec `callback.md`, service requests.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from callback.actions.checks import clock, refuse_stranger, said
from callback.choices import (
    ANSWERS,
    OPEN_REQUESTS,
    ActivityKind,
    Department,
    RequestKind,
    RequestProblem,
    RequestSource,
    RequestState,
)
from callback.events import service_request_closed
from callback.models import Contact, RequestActivity, RequestPart, ServiceRequest
from callback.queries.requests import DEPARTMENTS, agreement_answering, answer_due_of, requests_late, requests_to_warn
from dealer_crm.access.permissions import Permission
from dealer_crm.access.roles import Role
from dealer_crm.channels.actions import tell_staff
from dealer_crm.journal import actions as journal
from dealer_crm.journal.queries import refuse_stale
from dealer_crm.notices.actions import notify
from dealer_crm.organization.models import Staff, Store
from dealer_crm.organization.queries import staff_with_role
from dealer_crm.values import Refusal
from dealer_crm.values.phone import masked_phone, parse_typed_phone
from reception.actions.numbering import next_number
from reception.models import Customer, RepairOrder, Vehicle

SERIES = "QQ"  # 请求


@dataclass(frozen=True)
class PartAsked:
    """A part the customer asks for."""

    name: str
    code: str = ""
    quantity: Decimal = Decimal(1)


@transaction.atomic
def take_request(
    *, store: Store, kind: str, source: str, description: str, by: Staff | None, at: datetime,
    problem: str = RequestProblem.OTHER, customer: Customer | None = None, vehicle: Vehicle | None = None,
    order: RepairOrder | None = None, contact: Contact | None = None, caller_name: str = "", caller_phone: str = "",
    place: str = "", department: str = "", person: Staff | None = None, received_at: datetime | None = None,
    answer_by: datetime | None = None, parts: Sequence[PartAsked] = (), token: UUID | None = None,
) -> ServiceRequest:  # fmt: skip
    """Take down what a customer wants done. Who answers is told at once, by text too when it is a rescue; without a
    person the department's supervisors are. The same form (`token`) is taken down once.

    `answer_by` left out: the customer's service agreement, else the kind's own time (`answer_due_of`). Refused: nothing
    wanted, nobody it is for, a rescue without a place, a car of somebody else, somebody of another store, a time that
    is over.
    """
    if token and (known := ServiceRequest.objects.filter(token=token).first()):
        return known
    received_at = received_at or at
    description = said(description, "description", _("Write down what the customer wants."))
    caller_phone = _number(caller_phone)
    customer = customer or getattr(vehicle, "owner", None) or getattr(order, "customer", None)
    customer, vehicle = (getattr(one, "merged_into", None) or one for one in (customer, vehicle))
    _refuse_unfounded(store, kind, customer, vehicle, order, caller_name, caller_phone, place, received_at, at)
    refuse_stranger(store, person)
    agreement = agreement_answering(store, customer, vehicle, at=received_at)
    due = answer_by or answer_due_of(store, kind, agreement, received_at)
    if answer_by and answer_by <= at:
        raise Refusal(_("The answer can't be due in the past."), field="answer_by", code="answer_past")
    request = ServiceRequest(
        store=store, kind=kind, source=source, problem=problem, customer=customer, vehicle=vehicle, order=order,
        contact=contact, agreement=None if answer_by else agreement, caller_name=caller_name.strip()[:80],
        caller_phone=caller_phone, place=place.strip()[:120], description=description,
        department=department or DEPARTMENTS[RequestKind(kind)], person=person, received_at=received_at, entered_by=by,
        entered_at=at, answer_by=due, token=token,
        number=next_number(model=ServiceRequest, field="number", prefix=SERIES, store=store, at=at),
    )  # fmt: skip
    try:
        with transaction.atomic():
            request.save()
    except IntegrityError:
        if token and (known := ServiceRequest.objects.filter(token=token).first()):
            return known  # two presses at the same moment
        raise
    _keep_parts(request, parts)
    journal.record(
        by=by, at=at, verb="service_request.taken", subject=request,
        note=f"{request.get_kind_display()} {person or ''} {clock(store, due)}",
    )  # fmt: skip
    _tell_of_work(request, at)
    return request


@transaction.atomic
def take_request_from_public(
    *, store: Store, kind: str, caller_name: str, caller_phone: str, description: str, token: UUID, at: datetime,
    plate: str = "", place: str = "", by=None,
) -> ServiceRequest:  # fmt: skip
    """What somebody asks by the public form: nobody is matched by machine, a person says whose it is."""
    if not caller_phone.strip():
        raise Refusal(_("Give us a number to call you at."), field="caller_phone", code="phone_missing")
    told = description.strip()
    if told and plate.strip():
        told = f"{told}\n{_('Plate')}: {plate.strip().upper()}"
    return take_request(
        store=store, kind=kind, source=RequestSource.WEB, description=told, caller_name=caller_name,
        caller_phone=caller_phone, place=place, token=token, by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def name_customer_of_request(
    *, request: ServiceRequest, customer: Customer, vehicle: Vehicle | None = None, by: Staff, at: datetime,
    expected_version: int | None = None,
) -> ServiceRequest:  # fmt: skip
    """Say whose request it is, which came from somebody unknown. While nobody has answered, the customer's agreement
    may call for a sooner answer."""
    request = _locked(request, expected_version)
    _refuse_ended(request)
    _refuse_other_car(customer, vehicle)
    agreement = agreement_answering(request.store, customer, vehicle, at=request.received_at)
    request.customer, request.vehicle = customer, vehicle
    fields = ["customer", "vehicle"]
    if agreement and request.state == RequestState.ASKED and request.agreement_id is None:
        due = answer_due_of(request.store, request.kind, agreement, request.received_at)
        if due < request.answer_by:
            request.agreement, request.answer_by = agreement, due
            fields += ["agreement", "answer_by"]
    return _keep(request, "named", by, at, customer.name, *fields)


@transaction.atomic
def hand_on_request(
    *, request: ServiceRequest, department: str, person: Staff | None, by: Staff, at: datetime,
    answer_by: datetime | None = None, expected_version: int | None = None,
) -> ServiceRequest:  # fmt: skip
    """Give it to somebody (else). The customer's clock runs on; another time is set only with `answer_by`, and then it
    is watched anew."""
    request = _locked(request, expected_version)
    _refuse_ended(request)
    refuse_stranger(request.store, person)
    note = f"{request.person or '—'} → {person or Department(department).label}"
    request.department, request.person = department, person
    fields = ["department", "person"]
    if answer_by and request.state == RequestState.ASKED and answer_by != request.answer_by:
        if answer_by <= at:
            raise Refusal(_("The answer can't be due in the past."), field="answer_by", code="answer_past")
        note = f"{note} {clock(request.store, answer_by)}"
        request.answer_by, request.agreement, request.warned_at, request.told_late_at = answer_by, None, None, None
        fields += ["answer_by", "agreement", "warned_at", "told_late_at"]
    RequestActivity.objects.create(request=request, kind=ActivityKind.HANDED_ON, text=note, by=by, at=at)
    _keep(request, "handed_on", by, at, note, *fields)
    _tell_of_work(request, at)
    return request


@transaction.atomic
def log_activity(
    *, request: ServiceRequest, kind: str, text: str, by: Staff, at: datetime, parts: Sequence[PartAsked] = (),
    expected_version: int | None = None,
) -> RequestActivity:  # fmt: skip
    """Write down what was done about it. The first that reaches the customer is the answer and stops the clock.

    For who answers, who took it down, and who leads: bystanders are refused.
    """
    request = _locked(request, expected_version)
    _refuse_ended(request)
    _refuse_bystander(request, by)
    text = said(text, "text", _("Write down what was done."))
    if kind == ActivityKind.HANDED_ON:
        raise Refusal(_("Use “Hand on” for that."), field="kind", code="hand_on")
    made = RequestActivity.objects.create(request=request, kind=kind, text=text, by=by, at=at)
    _keep_parts(request, parts)
    fields = []
    if kind in ANSWERS and request.state == RequestState.ASKED:
        request.state, request.answered_by, request.answered_at = RequestState.ANSWERED, by, at
        fields = ["state", "answered_by", "answered_at"]
    _keep(request, "answered" if fields else "worked_on", by, at, text, *fields)
    return made


@transaction.atomic
def close_request(
    *, request: ServiceRequest, is_solved: bool, result: str, by: Staff, at: datetime,
    cost_amount: Decimal = Decimal(0), expected_version: int | None = None,
) -> ServiceRequest:  # fmt: skip
    """What came of it, and what it cost the house. Refused before the customer was answered. A call follows."""
    request = _locked(request, expected_version)
    _refuse_ended(request)
    _refuse_bystander(request, by)
    if request.state != RequestState.ANSWERED:
        raise Refusal(_("The customer has not been answered yet; write that down first."), code="not_answered")
    if cost_amount < 0:
        raise Refusal(_("A cost is not negative."), field="cost_amount", code="negative")
    request.is_solved, request.cost_amount = is_solved, cost_amount
    _end(request, RequestState.CLOSED, result, "result", _("Write down what came of it."), by, at)
    _keep(
        request, "closed", by, at, request.result,
        "is_solved", "cost_amount", "result", "state", "ended_by", "ended_at",
    )  # fmt: skip
    service_request_closed.send(ServiceRequest, request_id=request.pk, store_id=request.store_id, at=at)
    return request


@transaction.atomic
def withdraw_request(
    *, request: ServiceRequest, reason: str, by: Staff, at: datetime, expected_version: int | None = None
) -> ServiceRequest:
    """The customer wants it no more, or it was taken down twice; why is said. Nobody is called about it."""
    request = _locked(request, expected_version)
    _refuse_ended(request)
    _refuse_bystander(request, by)
    _end(request, RequestState.WITHDRAWN, reason, "reason", _("Say why."), by, at)
    return _keep(request, "withdrawn", by, at, request.result, "result", "state", "ended_by", "ended_at")


@transaction.atomic
def reveal_requester(*, request: ServiceRequest, by: Staff, at: datetime) -> str:
    """The whole number (E.164) of who asks, for whoever works on it; the journal keeps that it was shown."""
    _refuse_bystander(request, by)
    if not request.caller_phone:
        raise Refusal(_("Nobody left a number on %(number)s.") % {"number": request.number}, code="no_number")
    note = masked_phone(request.caller_phone)
    journal.record(by=by, at=at, verb="phone.revealed", subject=request, store=request.store, note=note)
    return request.caller_phone


@transaction.atomic
def watch_requests(*, store: Store, by=None, at: datetime) -> int:
    """Tell of answers that will be late in a quarter of an hour, and of those that are; each mark once.

    The rows are marked in the transaction that tells: late, doubled or killed, nothing is lost and nothing told twice.
    """
    late, near = list(requests_late(store=store, at=at)), list(requests_to_warn(store=store, at=at))
    supervisors = list(staff_with_role(store, Role.CRC)) if late or near else []
    for one in near:
        _tell_of_clock(one, "near", _("%(number)s %(who)s: an answer is due at %(when)s."), supervisors, at)
    for one in late:
        _tell_of_clock(one, "late", _("%(number)s %(who)s: the answer was due at %(when)s."), supervisors, at)
    ServiceRequest.objects.filter(pk__in=[one.pk for one in near]).update(warned_at=at)
    ServiceRequest.objects.filter(pk__in=[one.pk for one in late]).update(told_late_at=at)
    return len(late) + len(near)


# ── telling ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def _tell_of_work(request: ServiceRequest, at: datetime) -> None:
    """Who has it now is told; of what nobody has, who leads the call centre."""
    text = _("Service request %(number)s (%(kind)s), answer by %(when)s: %(what)s") % {
        "number": request.number, "kind": request.get_kind_display(), "when": clock(request.store, request.answer_by),
        "what": request.description[:120],
    }  # fmt: skip
    people = [request.person] if request.person else list(staff_with_role(request.store, Role.CRC))
    _tell(request, people, f"given:{request.version}", text, at, is_urgent=request.kind == RequestKind.RESCUE)


def _tell_of_clock(request: ServiceRequest, mark: str, text: str, supervisors: list[Staff], at: datetime) -> None:
    """Before it is late the person is told, afterwards also who took it down and the supervisors."""
    people = [request.person] if request.person else supervisors
    if mark == "late":
        people = [*people, *filter(None, [request.entered_by]), *supervisors]
    names = {"number": request.number, "who": request.who, "when": clock(request.store, request.answer_by)}
    _tell(request, people, f"{mark}:{request.answer_by:%y%m%d%H%M}", text % names, at, is_urgent=mark == "late")


def _tell(request: ServiceRequest, people, occasion: str, text: str, at: datetime, *, is_urgent: bool) -> None:
    """A notice, once for each person and occasion; what is urgent leaves the house as a text or e-mail too."""
    key = f"request:{request.pk}:{occasion}"
    notify(recipients=people, key=key, text=text, url=reverse("callback:request", args=[request.pk]), at=at)
    if is_urgent:
        tell_staff(people=people, key=key, store=request.store, text=text, by=None, at=at)


# ── the first and the last lines of every verb ───────────────────────────────────────────────────────────────────────
def _locked(request: ServiceRequest, expected_version: int | None) -> ServiceRequest:
    fresh = (
        ServiceRequest.objects.select_for_update(of=["self"])
        .select_related("store", "customer", "vehicle", "person", "entered_by")
        .get(pk=request.pk)
    )
    refuse_stale(fresh, expected_version)
    return fresh


def _keep(request: ServiceRequest, verb: str, by: Staff, at: datetime, note: str, *fields: str) -> ServiceRequest:
    request.version = F("version") + 1
    request.save(update_fields=[*fields, "version"])
    request.refresh_from_db(fields=["version"])
    journal.record(by=by, at=at, verb=f"service_request.{verb}", subject=request, note=note[:300])
    return request


def _end(request, state: RequestState, text: str, field: str, missing: str, by: Staff, at: datetime) -> None:
    request.result = said(text, field, missing)
    request.state, request.ended_by, request.ended_at = state, by, at


def _keep_parts(request: ServiceRequest, parts: Sequence[PartAsked]) -> None:
    for part in parts:
        if not part.name.strip():
            raise Refusal(_("Say which part is asked for."), field="part_name", code="part_missing")
        if part.quantity <= 0:
            raise Refusal(_("How many? At least some."), field="part_quantity", code="quantity_missing")
    RequestPart.objects.bulk_create(
        RequestPart(
            request=request, code=part.code.strip().upper()[:40], name=part.name.strip()[:80], quantity=part.quantity
        )
        for part in parts
    )


def _refuse_ended(request: ServiceRequest) -> None:
    if request.state not in OPEN_REQUESTS:
        raise Refusal(_("Request %(number)s is over already.") % {"number": request.number}, code="request_ended")


def _refuse_bystander(request: ServiceRequest, by: Staff) -> None:
    if by.pk in (request.person_id, request.entered_by_id) or by.can(Permission.SERVICE_REQUEST_LEAD):
        return
    raise Refusal(
        _("Only who answers it, who took it down and who leads requests may do this on %(number)s.")
        % {"number": request.number},
        code="not_concerned",
    )


def _refuse_unfounded(
    store, kind, customer, vehicle, order, caller_name, caller_phone, place, received_at, at
) -> None:  # fmt: skip
    if received_at > at:
        raise Refusal(_("It can't have been received in the future."), field="received_at", code="received_later")
    if customer is None and not (caller_name.strip() or caller_phone):
        raise Refusal(
            _("Say whose request it is: find the customer, or write down name and number of who asks."),
            field="caller_name",
            code="nobody",
        )
    _refuse_other_car(customer, vehicle)
    if order is not None and order.store_id != store.pk:
        raise Refusal(_("The order belongs to another store."), field="order", code="other_store")
    if kind == RequestKind.RESCUE and not place.strip():
        raise Refusal(_("Ask where the car stands."), field="place", code="place_missing")


def _refuse_other_car(customer: Customer | None, vehicle: Vehicle | None) -> None:
    if vehicle is not None and customer is not None and vehicle.owner_id not in (None, customer.pk):
        raise Refusal(_("This car is not the customer's."), field="vehicle", code="other_car")


def _number(text: str) -> str:
    if not text.strip():
        return ""
    try:
        return parse_typed_phone(text)
    except ValueError as error:
        raise Refusal(_("This is no telephone number."), field="caller_phone", code="phone_wrong") from error
