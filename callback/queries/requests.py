"""Service requests as people look at them, by when they are answered, how they are counted."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Avg, Count, Exists, F, OuterRef, Q, QuerySet, Sum

from callback import settings
from callback.choices import ROUND_THE_CLOCK, Department, RequestKind, RequestProblem, RequestState
from callback.formulas import AnswerTime, answer_due, rate
from callback.models import CallTask, RequestPart, ServiceRequest
from callback.queries.plan import call_plan
from dealer_crm.access.permissions import Permission
from dealer_crm.organization.models import Staff, Store
from dealer_crm.organization.queries import figure
from reception.models import Agreement, Customer, Vehicle
from reception.queries.agreements import agreements_for

DEPARTMENTS = {
    RequestKind.RESCUE: Department.RECEPTION,
    RequestKind.PICK_UP: Department.RECEPTION,
    RequestKind.ENQUIRY: Department.CARE,
    RequestKind.PARTS: Department.PARTS,
    RequestKind.INVOICE: Department.FINANCE,
    RequestKind.LOAN_CAR: Department.RECEPTION,
    RequestKind.OTHER: Department.CARE,
}
"""Who answers a kind unless the person who takes it down says otherwise."""


# ── By when ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def agreement_answering(
    store: Store, customer: Customer | None, vehicle: Vehicle | None, *, at: datetime
) -> Agreement | None:
    """The agreement in force that promises this customer the quickest answer; without a car, one for all their cars."""
    day = at.astimezone(store.tz).date()
    if vehicle is not None:
        found = agreements_for(vehicle, store, on=day)
    elif customer is not None:
        found = Agreement.objects.of_store(store).in_force(day).filter(customer=customer, vehicles=None)
    else:
        return None
    return min(found.exclude(response_hours=None), key=lambda one: (one.response_hours, -one.pk), default=None)


def answer_due_of(store: Store, kind: str, agreement: Agreement | None, received_at: datetime) -> datetime:
    """By when a request of this kind is answered (`formulas.answer_due`)."""
    day = received_at.astimezone(store.tz).date()
    time = AnswerTime(
        usual=timedelta(minutes=figure(settings.REQUEST_MINUTES[RequestKind(kind)], store=store, on=day)),
        round_the_clock=kind in ROUND_THE_CLOCK,
        agreed=timedelta(hours=agreement.response_hours) if agreement else None,
    )
    return answer_due(received_at, time, call_plan(store, day).hours)


# ── Lists ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def requests_shown(staff: Staff) -> QuerySet[ServiceRequest]:
    """Every request of the store for who may see all, else those one answers or took down."""
    rows = ServiceRequest.objects.visible_to(staff).select_related(
        "store", "customer", "vehicle", "order", "agreement", "person", "entered_by", "answered_by", "ended_by"
    )
    if staff.can(Permission.SERVICE_REQUEST_VIEW):
        return rows
    return rows.filter(Q(person=staff) | Q(entered_by=staff))


def requests_matching(
    staff: Staff, *, at: datetime, view="", q="", begin=None, until=None, **wanted
) -> QuerySet[ServiceRequest]:
    """The list narrowed; `view`: a state, "open", "overdue" (not answered, time over), "late" (these and answers given
    late), "unassigned" or "mine"; `q`: number, name, plate, end of the phone, a part, or words of the matter; `wanted`:
    fields as they stand."""
    rows = requests_shown(staff)
    if view == "open":
        rows = rows.open()
    elif view == "late":
        rows = rows.filter(late(at))
    elif view == "overdue":
        rows = rows.unanswered().filter(answer_by__lt=at)
    elif view == "unassigned":
        rows = rows.open().filter(person=None)
    elif view == "mine":
        rows = rows.open().filter(person=staff)
    elif view:
        rows = rows.filter(state=view)
    if q := q.strip():
        rows = rows.filter(_saying(q))
    wanted |= {"received_at__gte": begin, "received_at__lt": until}
    return rows.filter(**{name: value for name, value in wanted.items() if value})


def _saying(q: str) -> Q:
    part = RequestPart.objects.filter(Q(name__icontains=q) | Q(code__istartswith=q), request=OuterRef("pk"))
    found = (
        Q(number__iendswith=q) | Q(number__istartswith=q) | Q(description__icontains=q) | Q(caller_name__icontains=q)
        | Q(customer__name__icontains=q) | Q(vehicle__plate__icontains=q) | Q(place__icontains=q) | Exists(part)
    )  # fmt: skip
    digits = q.replace(" ", "").replace("-", "")
    return found | Q(caller_phone__endswith=digits) if digits.isdigit() and len(digits) >= 4 else found


def late(at: datetime) -> Q:
    """Answered late, or not answered though the time is over; withdrawn ones are nobody's fault."""
    return ~Q(state=RequestState.WITHDRAWN) & (
        Q(answered_at=None, answer_by__lt=at) | Q(answered_at__gt=F("answer_by"))
    )


def my_requests(staff: Staff) -> QuerySet[ServiceRequest]:
    """What a person has to answer or to finish, the most urgent first."""
    rows = ServiceRequest.objects.visible_to(staff).select_related("customer", "vehicle", "store", "agreement")
    return rows.open().filter(person=staff).order_by("-state", "answer_by", "pk")


def call_about(request: ServiceRequest) -> CallTask | None:
    """The call that follows a closed request, once the generator has made it."""
    tasks = CallTask.objects.of_store(request.store).filter(source_key=request.call_key)
    return tasks.select_related("rule").first()


def agreements_asked_under(staff: Staff) -> QuerySet[Agreement]:
    """Agreements under which something was asked."""
    asked = ServiceRequest.objects.filter(agreement=OuterRef("pk"))
    return Agreement.objects.visible_to(staff).filter(Exists(asked)).select_related("customer").order_by("-pk")


# ── Counting ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class RequestFigures:
    """Requests received in a span. `due`: those that were answered or whose time is over; `in_time`: answered not after
    it; `mean_minutes`: from receipt to the first answer; `cost` in CNY. Withdrawn ones are counted nowhere but in
    `withdrawn`."""

    key: str
    label: str
    received: int
    due: int
    in_time: int
    late: int
    closed: int
    solved: int
    withdrawn: int
    mean_minutes: Decimal | None
    cost: Decimal

    @property
    def in_time_rate(self) -> Decimal | None:
        """Answered in time ÷ due."""
        return rate(self.in_time, self.due)

    @property
    def solved_rate(self) -> Decimal | None:
        """Closed as solved ÷ closed."""
        return rate(self.solved, self.closed)


def request_figures(
    store: Store, begin: datetime, until: datetime, *, at: datetime, by: str = ""
) -> list[RequestFigures]:
    """What was asked in [begin, until), the most first, by `kind`, `problem`, `person` or `agreement`; without `by` one
    row for all."""
    valid = ~Q(state=RequestState.WITHDRAWN)
    answered = valid & Q(answered_at__isnull=False)
    counts = {
        "received": Count("pk", filter=valid),
        "due": Count("pk", filter=answered | (valid & Q(answer_by__lte=at))),
        "in_time": Count("pk", filter=answered & Q(answered_at__lte=F("answer_by"))),
        "late": Count("pk", filter=late(at)),
        "closed": Count("pk", filter=Q(state=RequestState.CLOSED)),
        "solved": Count("pk", filter=Q(is_solved=True)),
        "withdrawn": Count("pk", filter=Q(state=RequestState.WITHDRAWN)),
        "mean": Avg(F("answered_at") - F("received_at"), filter=answered),
        "cost": Sum("cost_amount", default=Decimal(0)),
    }
    rows = ServiceRequest.objects.of_store(store).filter(received_at__gte=begin, received_at__lt=until)
    if not by:
        return [_figures("", "", rows.aggregate(**counts))]
    names = {"person": ("person__name",), "agreement": ("agreement__number", "agreement__name")}.get(by, ())
    found = rows.order_by().values(by, *names).annotate(**counts).order_by("-received", by)
    return [_figures(str(row[by] or ""), _label(by, row, names), row) for row in found]


def _label(by: str, row: dict, names: tuple[str, ...]) -> str:
    if by == "kind":
        return str(RequestKind(row[by]).label)
    if by == "problem":
        return str(RequestProblem(row[by]).label)
    return " ".join(row[name] for name in names if row[name])


def _figures(key: str, label: str, row: dict) -> RequestFigures:
    mean = row["mean"]
    return RequestFigures(
        key=key, label=label,
        mean_minutes=None if mean is None else _tenth(Decimal(mean.total_seconds()) / 60),
        **{name: row[name] for name in ("received", "due", "in_time", "late", "closed", "solved", "withdrawn", "cost")},
    )  # fmt: skip


def _tenth(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def parts_asked_for(store: Store, begin: datetime, until: datetime) -> list[dict]:
    """Parts of the span's requests, those asked for most first: name, code, times, quantity."""
    rows = RequestPart.objects.filter(
        request__store=store, request__received_at__gte=begin, request__received_at__lt=until
    ).exclude(request__state=RequestState.WITHDRAWN)
    counts = {"times": Count("request", distinct=True), "sum": Sum("quantity")}
    return list(rows.order_by().values("name", "code").annotate(**counts).order_by("-times", "-sum", "name"))


# ── what the watch asks, locked ──────────────────────────────────────────────────────────────────────────────────────
def requests_late(*, store: Store, at: datetime) -> QuerySet[ServiceRequest]:
    """Answers that are late and of which nobody was told; what another run has in hand is left to it."""
    return _watched(store).filter(answer_by__lte=at)


def requests_to_warn(*, store: Store, at: datetime) -> QuerySet[ServiceRequest]:
    """Answers that will be late soon (`settings.REQUEST_WARNING_MINUTES`) and of which nobody was warned."""
    minutes = figure(settings.REQUEST_WARNING_MINUTES, store=store, on=at.astimezone(store.tz).date())
    return _watched(store).filter(warned_at=None, answer_by__gt=at, answer_by__lte=at + timedelta(minutes=minutes))


def _watched(store: Store) -> QuerySet[ServiceRequest]:
    return (
        ServiceRequest.objects.of_store(store)
        .unanswered()
        .filter(told_late_at=None)
        .select_related("store", "customer", "person", "entered_by")
        .select_for_update(of=["self"], skip_locked=True)
        .order_by("answer_by", "pk")
    )
