"""What the measures are counted from: every count is a list of rows, the same that opens behind its figure.

A row says what is counted (`thing`), how much (`amount`: one, money or hours), when (`moment`), of which order, and two
words for a person (`what`, `who`); `cut` parts the count where the repair type of its order doesn't. The workshop's and
satisfaction's counts are their own; here they get a place in the one list. Source: spec `kpi.md` (definitions).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    DateField,
    DateTimeField,
    DecimalField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, Concat, Extract, Least
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from callback.choices import CONNECTED_OUTCOMES, Direction, RuleCode, TaskState
from callback.models import CallTask, Contact, Handover
from callback.settings import FIRST_SERVICE_MONTHS
from complaints.models import Complaint
from complaints.queries import complaint_marks
from dealer_crm.journal.models import Entry
from dealer_crm.kpi.settings import INSURANCE_MOVED_DAYS, SERVICE_KM, SERVICE_TOLERANCE_KM
from reception.choices import (
    AgreementKind,
    AgreementState,
    AppointmentState,
    Channel,
    CustomerLevel,
    DelayCause,
    FlawEnd,
    LineKind,
    OrderKind,
    OrderState,
    Payer,
    WaitReason,
)
from reception.models import (
    Agreement,
    Appointment,
    Customer,
    Flaw,
    MileageReading,
    OrderLine,
    Receivable,
    RepairOrder,
    Settlement,
    Vehicle,
)
from reception.queries.punctuality import ON_TIME
from reception.settings import DORMANT_MONTHS
from satisfaction.choices import QuestionKind, QuestionnaireKind, ResponseSource
from satisfaction.models import Answer, Response
from workshop.choices import HOURS, Counted, PauseReason
from workshop.models import ClockEntry, ConsumableIssue, Job
from workshop.queries import COUNTED_ROWS, Span

COLUMNS = ("thing", "moment", "amount", "order_pk", "what", "who", "cut")
ORDER, COSTS, VEHICLE, CUSTOMER, COMPLAINT = (
    "reception:order",
    "reception:order_costs",
    "reception:vehicle",
    "reception:customer",
    "complaints:complaint",
)
TASK, RECORD, APPOINTMENT, ANSWERS = (
    "callback:task",
    "callback:record",
    "reception:appointment",
    "satisfaction:response",
)
_AMOUNT = DecimalField(max_digits=24, decimal_places=8)
_UPKEEP = (OrderKind.MAINTENANCE, OrderKind.FIRST_SERVICE)


@dataclass(frozen=True)
class Rows:
    """What is counted, and where each column of a row is found; only those that are wanted are asked for."""

    found: QuerySet
    columns: Mapping[str, object]

    def of(self, *names: str) -> QuerySet:
        wanted = names or COLUMNS
        if self.found.query.group_by:  # one row for each car, say: its columns are made of sums and greatest values
            return self.found.annotate(**{name: self.columns[name] for name in wanted}).values(*wanted)
        own = [
            name for name in wanted if self.columns[name] == F(name)
        ]  # a field can't be given its own name once more
        made = {name: self.columns[name] for name in wanted if name not in own}
        return self.found.order_by().values(*own, **made)


@dataclass(frozen=True)
class Part:
    """A number above or below the line of a measure.

    `rows`: what it is counted from in a span; `leads_to`: the page of the counted thing. `is_sum`: amounts are added,
    else each thing counts once. `is_stock`: stands for the month as a whole and has no days. `is_told`: another app
    says the number, the rows are for reading only.
    """

    code: str
    label: str
    rows: Callable[[Span], Rows] | None = None
    leads_to: str = ""
    is_sum: bool = False
    is_stock: bool = False
    is_told: bool = False
    is_money: bool = False

    @property
    def has_days(self) -> bool:
        return not self.is_stock and (not self.is_told or self.is_sum)

    @property
    def opens(self) -> bool:
        """Whether there are rows to show behind it."""
        return self.rows is not None or self.is_sum


def _rows(found: QuerySet, *, moment, thing="pk", order=None, amount=1, what=None, who=None, cut=None) -> Rows:
    """Rows in the one shape: names of fields or expressions."""
    told = {
        "thing": (thing, BigIntegerField()),
        "moment": (moment, DateTimeField()),
        "amount": (Value(amount, _AMOUNT) if isinstance(amount, int) else amount, _AMOUNT),
        "order_pk": (order, BigIntegerField()),
        "what": (what, CharField()),
        "who": (who, CharField()),
        "cut": (cut, CharField()),
    }
    return Rows(found, {name: _column(said, kind) for name, (said, kind) in told.items()})


def _column(said, kind):
    if said is None:
        return Cast(Value(None), kind)
    return F(said) if isinstance(said, str) else said


class _Midnight(Func):
    """The store's midnight of a day."""

    template = "((%(expressions)s)::timestamp AT TIME ZONE '%(zone)s')"
    output_field = DateTimeField()

    def __init__(self, day, zone: str):
        super().__init__(day, zone=zone)


def months_before(span: Span, months: int, *, of_end: bool = False):
    """The moment so many months before the span's beginning, or before its end (now, of a month under way)."""
    moment = (span.end if of_end else span.start).astimezone(span.store.tz)
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    last = (moment.replace(year=year, month=month + 1, day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last.day))


# ── Orders ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def _orders(span: Span) -> QuerySet[RepairOrder]:
    return RepairOrder.objects.filter(store=span.store)


def _order_rows(found: QuerySet, moment: str, **more) -> Rows:
    return _rows(found, moment=moment, order="pk", **{"what": "symptoms", "who": "advisor__name"} | more)


def _promised(span: Span):
    """Orders delivered that had a promise."""
    found = _orders(span).filter(span.within("delivered_at"), promised_at__isnull=False)
    return _order_rows(found, "delivered_at")


def _on_time(span: Span):
    found = _orders(span).filter(span.within("delivered_at"), promised_at__isnull=False).alias(on_time=ON_TIME)
    return _order_rows(found.filter(on_time=True), "delivered_at")


def _customer_delays(span: Span):
    """Late by the clock, on time because the customer caused and confirmed the delay: looked into by spot check."""
    found = _orders(span).filter(
        span.within("delivered_at"), promised_at__lt=F("delivered_at"), delay_cause=DelayCause.CUSTOMER,
        delay_confirmed=True,
    ).exclude(late_by_customer=True)  # fmt: skip
    return _order_rows(found, "delivered_at", what="delay_note")


def _taken_in(span: Span) -> QuerySet[RepairOrder]:
    return _orders(span).filter(span.within("arrived_at")).exclude(state__in=[OrderState.DRAFT, OrderState.CANCELLED])


def _from_appointment(span: Span):
    return _order_rows(_taken_in(span).filter(appointment__isnull=False), "arrived_at")


def _greeted(span: Span):
    """Who was greeted, with the minutes the customer waited."""
    found = _orders(span).filter(span.within("arrived_at"), greeted_at__isnull=False)
    waited = Extract(ExpressionWrapper(F("greeted_at") - F("arrived_at"), DurationField()), "epoch") / 60
    told = Concat(Cast(Cast(waited, IntegerField()), CharField()), Value(f" {gettext('minutes')}"))
    return _order_rows(found, "arrived_at", what=told)


def _with_parts(span: Span) -> QuerySet[RepairOrder]:
    """Orders delivered with parts on them whose work went through the shop's clock, so that a wait would be known."""
    parts = OrderLine.objects.filter(order=OuterRef("pk"), kind=LineKind.PART)
    jobs = Job.objects.filter(order=OuterRef("pk"))
    return _orders(span).filter(span.within("delivered_at"), Exists(parts), Exists(jobs))


def _parts_at_once(span: Span):
    """Those that never stood still for parts: no clock was paused for them, the order never waited for them."""
    paused = ClockEntry.objects.filter(job__order=OuterRef("pk"), pause_reason=PauseReason.PARTS)
    waited = Entry.objects.filter(
        subject_type=RepairOrder._meta.label_lower, subject_id=Cast(OuterRef("pk"), CharField()),
        verb="repair_order.waiting", changes__wait_reason__1=WaitReason.PARTS,
    )  # fmt: skip
    return _order_rows(_with_parts(span).filter(~Exists(paused), ~Exists(waited)), "delivered_at")


# ── Appointments ─────────────────────────────────────────────────────────────────────────────────────────────────────
def _appointments(span: Span, *states: AppointmentState):
    found = Appointment.objects.filter(span.within("starts_at"), store=span.store, state__in=states)
    return _rows(found, moment="starts_at", order="order", what="plate", who="advisor__name", cut="kind")


# ── Money ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def _receivables(span: Span, amount):
    found = Receivable.objects.filter(span.within("due_since"), store=span.store, settled_amount__gt=0)
    return _rows(found, moment="due_since", order="order", what=_of_choice("payer"), who="order__advisor__name",
                 amount=amount)  # fmt: skip


def _of_choice(field: str):
    """A choice in the words of its catalogue."""
    return Case(*(When(**{field: one.value}, then=Value(str(one.label))) for one in Payer), output_field=CharField())


def _consumables(span: Span):
    """Shop supplies by the day they were signed out, less what was taken back; they belong to no order."""
    found = ConsumableIssue.objects.filter(store=span.store, issued_on__range=(span.first, span.last_begun))
    return _rows(found, moment=_Midnight(F("issued_on"), span.store.time_zone), what="name", who="team__name",
                 amount="amount")  # fmt: skip


# ── Calls ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def _owed(span: Span) -> QuerySet[CallTask]:
    """After-service calls by the day they were due, as the callback centre counts them."""
    return CallTask.objects.filter(
        span.within("due_at"), store=span.store, rule__code=RuleCode.SERVICE_3D
    ).exclude(state=TaskState.DROPPED)  # fmt: skip


def _task_rows(found: QuerySet[CallTask]):
    return _rows(found, moment="due_at", order="order", what="customer__name", who="order__advisor__name")


def _calls(span: Span) -> QuerySet[Contact]:
    return Contact.objects.filter(
        span.within("at"), store=span.store, direction=Direction.OUT, channel=Channel.PHONE
    )  # fmt: skip


def _call_rows(found: QuerySet[Contact]):
    return _rows(found, moment="at", order="task__order", what="customer__name", who="agent__name")


# ── Complaints ───────────────────────────────────────────────────────────────────────────────────────────────────────
def _complaints(mark: str) -> Callable[[Span], Rows]:
    def rows(span: Span):
        found = Complaint.objects.filter(span.within("received_at"), store=span.store)
        if mark:
            took, marks = complaint_marks(span.figures, span.at)
            found = found.alias(took=took).filter(marks[mark])
        return _rows(found, moment="received_at", order="order", what="number", who="order__advisor__name")

    return rows


# ── Customers kept and lost ──────────────────────────────────────────────────────────────────────────────────────────
def _visits(span: Span, since, until) -> QuerySet[RepairOrder]:
    """Cars that came as customers: new cars made ready for handover are no visit."""
    return (
        RepairOrder.objects.filter(store=span.store, arrived_at__gte=since, arrived_at__lt=until)
        .exclude(state__in=[OrderState.DRAFT, OrderState.CANCELLED])
        .exclude(kind=OrderKind.PDI)
    )


def _active_cars(span: Span):
    """Cars with a visit in the months before the span began, after which one without is dormant."""
    months = span.figures[DORMANT_MONTHS.code]
    found = _visits(span, months_before(span, months), span.start).order_by().values("vehicle").annotate(last=Max("pk"))
    return _rows(
        found, thing="vehicle", moment=Value(span.start, DateTimeField()), order="last", what=Max("vehicle__plate"),
        who=Max("customer__name"),
    )  # fmt: skip


def _lost_cars(span: Span):
    """Cars whose last visit grew so old in the span that they are dormant now."""
    months = span.figures[DORMANT_MONTHS.code]
    begin, end = months_before(span, months), months_before(span, months, of_end=True)
    seen = _visits(span, begin, span.end).order_by().values("vehicle").annotate(last=Max("arrived_at"))
    return _rows(
        seen.filter(last__lt=end), thing="vehicle", moment=F("last") + Value(span.start - begin), order=Max("pk"),
        what=Max("vehicle__plate"), who=Max("customer__name"),
    )  # fmt: skip


def _first_service(span: Span, *, lost: bool):
    """New cars by the day their first service was due, the free term after handover, else after the purchase."""
    months = span.figures[FIRST_SERVICE_MONTHS.code]
    handed = Handover.objects.filter(vehicle=OuterRef("pk")).order_by("handed_over_at")
    handed = handed.annotate(day=_LocalDay(F("handed_over_at"), span.store.time_zone)).values("day")[:1]
    new_on = Coalesce(Subquery(handed), "purchased_on", output_field=DateField())
    due = Func(new_on, Value(months), template="(%(expressions)s)", arg_joiner=" + interval '1 month' * ",
               output_field=DateTimeField())  # fmt: skip
    found = (
        Vehicle.objects.standing()
        .filter(store=span.store)
        .annotate(due_on=Cast(due, DateField()))
        .filter(due_on__gte=span.first, due_on__lte=span.last_begun)
    )
    if lost:
        over = _Midnight(OuterRef("due_on") + 1, span.store.time_zone)
        served = _visits_of_car(_UPKEEP).filter(arrived_at__lt=over)
        found = found.filter(~Exists(served), due_on__lt=span.at.astimezone(span.store.tz).date())
    return _rows(found, moment=_Midnight(F("due_on"), span.store.time_zone), what="plate", who="owner__name")


class _LocalDay(Func):
    template = "(%(expressions)s AT TIME ZONE '%(zone)s')::date"
    output_field = DateField()

    def __init__(self, moment, zone: str):
        super().__init__(moment, zone=zone)


def _visits_of_car(kinds) -> QuerySet[RepairOrder]:
    return RepairOrder.objects.filter(vehicle=OuterRef("pk"), kind__in=kinds).exclude(
        state__in=[OrderState.DRAFT, OrderState.CANCELLED]
    )


# ── Services by the counter ──────────────────────────────────────────────────────────────────────────────────────────
# A service is due every so many km (10 000). It was done by a maintenance or first service at most so far from the mark
# (2 000 km), on the day of that visit; it was missed when a look at the counter finds the car further than that beyond
# the mark without one, on the day of that look. Of several marks between two looks the last is asked about.
def _mark(span: Span, km, *, nearest: bool):
    """The mark next to a mileage, or (not `nearest`) the last mark that lies further behind than may be."""
    step, near = span.figures[SERVICE_KM.code], span.figures[SERVICE_TOLERANCE_KM.code]
    shift = step // 2 if nearest else -near
    return (Cast(km, IntegerField()) + Value(shift)) / Value(step) * Value(step)


def _done_at_mark(span: Span):
    near = span.figures[SERVICE_TOLERANCE_KM.code]
    found = (
        _taken_in(span)
        .filter(kind__in=_UPKEEP, mileage__isnull=False)
        .annotate(mark=_mark(span, "mileage", nearest=True))
        .filter(mark__gt=0, mileage__gte=F("mark") - near, mileage__lt=F("mark") + near)
    )
    again = _visits_at_mark(near, OuterRef("mark")).filter(vehicle=OuterRef("vehicle"), pk__lt=OuterRef("pk"))
    return _order_rows(found.filter(~Exists(again)), "arrived_at", what="vehicle__plate", cut=_as_text("mark"))


def _missed_at_mark(span: Span):
    near = span.figures[SERVICE_TOLERANCE_KM.code]
    earlier = (
        MileageReading.objects.filter(vehicle=OuterRef("vehicle"))
        .filter(Q(read_at__lt=OuterRef("read_at")) | Q(read_at=OuterRef("read_at"), pk__lt=OuterRef("pk")))
        .order_by("-read_at", "-pk")
    )
    found = (
        MileageReading.objects.filter(span.within("read_at"), vehicle__store=span.store, vehicle__merged_into=None)
        .annotate(mark=_mark(span, "km", nearest=False), before=Subquery(earlier.values("km")[:1]))
        .filter(mark__gt=0, before__lt=F("mark") + near)
    )
    done = _visits_at_mark(near, OuterRef("mark")).filter(
        vehicle=OuterRef("vehicle"), arrived_at__lte=OuterRef("read_at")
    )
    return _rows(
        found.filter(~Exists(done)), moment="read_at", order="order", what="vehicle__plate", who="vehicle__owner__name",
        cut=_as_text("mark"),
    )  # fmt: skip


def _visits_at_mark(near: int, mark) -> QuerySet[RepairOrder]:
    return RepairOrder.objects.filter(
        kind__in=_UPKEEP, mileage__gte=mark - near, mileage__lt=mark + near
    ).exclude(state__in=[OrderState.DRAFT, OrderState.CANCELLED])  # fmt: skip


def _as_text(field: str):
    return Cast(field, CharField())


# ── Retention ────────────────────────────────────────────────────────────────────────────────────────────────────────
def _insurance(span: Span, *, renewed: bool):
    """Cars whose insurance ended in the span: those it still ends for, and those whose end was moved on by a year.

    What the end was before is in the journal, which is read from four months before the span to three after it.
    """
    moved = Entry.objects.filter(
        subject_type=Vehicle._meta.label_lower, store_code=span.store.code,
        at__gte=span.start - timedelta(days=120), at__lt=span.end + timedelta(days=90),
        changes__insurance_ends_on__0__gte=str(span.first), changes__insurance_ends_on__0__lte=str(span.last),
    ).annotate(
        old=Cast(KT("changes__insurance_ends_on__0"), DateField()),
        new=Cast(KT("changes__insurance_ends_on__1"), DateField()),
    ).filter(new__gte=F("old") + span.figures[INSURANCE_MOVED_DAYS.code])  # fmt: skip
    cars = Vehicle.objects.standing().filter(store=span.store)
    ids = moved.order_by().values(car=Cast("subject_id", BigIntegerField()))
    if renewed:
        found = cars.filter(pk__in=ids)
    else:
        found = cars.filter(Q(pk__in=ids) | Q(insurance_ends_on__range=(span.first, span.last_begun)))
    was = moved.filter(subject_id=Cast(OuterRef("pk"), CharField())).order_by("-at", "-pk").values("old")[:1]
    found = found.annotate(was_on=Coalesce(Subquery(was), "insurance_ends_on", output_field=DateField()))
    found = found.filter(was_on__lte=span.last_begun)
    return _rows(found, moment=_Midnight(F("was_on"), span.store.time_zone), what="plate", who="owner__name")


def _active_customers(span: Span, *, members: bool = False):
    """Customers with a visit in the months before the span's end; members by an agreement then in force or a level."""
    months = span.figures[DORMANT_MONTHS.code]
    visits = _visits(span, months_before(span, months, of_end=True), span.end)
    found = Customer.objects.filter(pk__in=visits.order_by().values("customer"))
    if members:
        agreed = Agreement.objects.exclude(state=AgreementState.DRAFT).filter(
            Q(ended_at=None) | Q(ended_at__gte=span.end), customer=OuterRef("pk"), store=span.store,
            kind=AgreementKind.MEMBER, starts_on__lte=span.last_begun, ends_on__gte=span.last_begun,
        )  # fmt: skip
        then = Coalesce(Subquery(_level_then(span)), "level", output_field=CharField())
        level = then if span.end < span.at else F("level")
        found = found.annotate(level_then=level).filter(~Q(level_then=CustomerLevel.ORDINARY) | Exists(agreed))
    return _rows(found, moment=Value(span.start, DateTimeField()), what="name", who="code")


def _level_then(span: Span) -> QuerySet:
    """The level a customer had before the first change after the span."""
    changes = Entry.objects.filter(
        subject_type=Customer._meta.label_lower, subject_id=Cast(OuterRef("pk"), CharField()), at__gte=span.end,
        changes__has_key="level",
    )  # fmt: skip
    return changes.order_by("pk").values(then=KT("changes__level__0"))[:1]


# ── Entries ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def _flaws(span: Span):
    """Flaws of the archive found in the span, as `reception.queries.wrong_entry_counts` counts them."""
    found = Flaw.objects.filter(span.within("found_at"), store=span.store, entered_by__isnull=False)
    return _rows(found.exclude(end=FlawEnd.ACCEPTED), moment="found_at", what="kind", who="entered_by__name")


def _reversals(span: Span):
    found = Settlement.objects.filter(span.within("reversed_at"), order__store=span.store, settled_by__isnull=False)
    return _rows(found, moment="reversed_at", order="order", what="reversal_reason", who="settled_by__name")


# ── Other apps' counts ───────────────────────────────────────────────────────────────────────────────────────────────
def _of_workshop(count: Counted) -> Callable[[Span], Rows]:
    """The workshop's rows; several of them may be of one thing, which counts once, on its last day in the span."""

    def rows(span: Span) -> Rows:
        counted = COUNTED_ROWS[count](span)
        return Rows(counted.found, {**counted.columns, "cut": _column(None, CharField())})

    return rows


def _responses(kind: QuestionnaireKind):
    """Customers who gave a factor of a questionnaire a score; the factory's answers are its own."""

    def rows(span: Span):
        factor = Answer.objects.filter(response=OuterRef("pk"), question__weight__isnull=False, score__isnull=False)
        found = Response.objects.filter(
            span.within("answered_at"), Exists(factor), store=span.store, version__questionnaire__kind=kind
        ).exclude(source=ResponseSource.FACTORY)  # fmt: skip
        return _rows(found, moment="answered_at", order="order", what="customer__name", who="advisor__name")

    return rows


def _answers(kind: QuestionnaireKind, **conditions):
    def rows(span: Span):
        found = Answer.objects.filter(
            span.within("response__answered_at"), response__store=span.store, score__isnull=False,
            response__version__questionnaire__kind=kind, **conditions,
        ).exclude(response__source=ResponseSource.FACTORY)  # fmt: skip
        return _rows(
            found, thing="response", moment="response__answered_at", order="response__order", what="question__name",
            who="response__advisor__name",
        )  # fmt: skip

    return rows


_TEN, _CSI, _SSI = QuestionnaireKind.TEN_QUESTIONS, QuestionnaireKind.SERVICE_CSI, QuestionnaireKind.SALES_SSI
_RECEIVED = Least(F("received_amount"), F("settled_amount"))

PARTS: dict[str, Part] = {
    part.code: part
    for part in (
        Part("output", _("Output"), leads_to=ORDER, is_sum=True, is_told=True, is_money=True),
        Part("cars", _("Cars received"), leads_to=ORDER, is_sum=True, is_told=True),
        Part("accessory_sales", _("Received on accessories, line by line"), leads_to=ORDER, is_sum=True, is_told=True,
             is_money=True),
        Part("accessory_money", _("Accessory money"), leads_to=ORDER, is_sum=True, is_told=True, is_money=True),
        Part("uncosted_sold", _("Sold without a known purchase price"), leads_to=COSTS, is_sum=True, is_told=True,
             is_money=True),
        Part("uncosted_lines", _("Lines without a purchase price"), leads_to=COSTS, is_sum=True, is_told=True),
        Part("material_cost", _("Cost of parts, accessories and outside work"), leads_to=COSTS, is_sum=True,
             is_told=True, is_money=True),
        Part("consumables", _("Consumables issued"), _consumables, is_sum=True, is_money=True),
        Part("taken_in", _("Orders taken in"), lambda span: _order_rows(_taken_in(span), "arrived_at"), ORDER),
        Part("from_appointment", _("Orders from appointments"), _from_appointment, ORDER),
        Part(
            "appointments_ended", _("Appointments that came or were missed"),
            lambda span: _appointments(span, AppointmentState.ARRIVED, AppointmentState.MISSED), APPOINTMENT,
        ),
        Part(
            "appointments_kept", _("Appointments that came"),
            lambda span: _appointments(span, AppointmentState.ARRIVED), APPOINTMENT,
        ),
        Part("promised", _("Orders delivered that had a promise"), _promised, ORDER),
        Part("on_time", _("Orders delivered on time"), _on_time, ORDER),
        Part("customer_delays", _("Delays the customer caused, to be spot-checked"), _customer_delays, ORDER),
        Part("greeted", _("Customers greeted"), _greeted, ORDER),
        Part("with_parts", _("Orders with parts"),
             lambda span: _order_rows(_with_parts(span), "delivered_at"), ORDER),
        Part("parts_at_once", _("Orders whose parts were all there"), _parts_at_once, ORDER),
        *(
            Part(count.value, count.label, _of_workshop(count), ORDER if count != Counted.BAYS else "",
                 is_sum=count in HOURS, is_stock=count == Counted.BAYS)
            for count in COUNTED_ROWS
        ),
        Part(Counted.DAYS.value, Counted.DAYS.label, is_told=True),
        Part("due", _("Due by settlements"), lambda span: _receivables(span, F("settled_amount")), ORDER,
             is_sum=True, is_money=True),
        Part("received", _("Received of it"), lambda span: _receivables(span, _RECEIVED), ORDER,
             is_sum=True, is_money=True),
        Part("owed_calls", _("After-service calls owed"), lambda span: _task_rows(_owed(span)), TASK),
        Part("called", _("Owed calls that were made"),
             lambda span: _task_rows(_owed(span).filter(first_called_at__isnull=False)), TASK),
        Part("called_in_window", _("Owed calls made in the window"),
             lambda span: _task_rows(_owed(span).filter(first_called_at__lte=F("due_at"))), TASK),
        Part("calls", _("Calls dialled"), lambda span: _call_rows(_calls(span)), RECORD),
        Part("connected", _("Calls in which somebody answered"),
             lambda span: _call_rows(_calls(span).filter(outcome__in=CONNECTED_OUTCOMES)), RECORD),
        Part("complaints", _("Complaints received"), _complaints(""), COMPLAINT),
        Part("reply_due", _("Complaints replied to, or whose time for it is over"), _complaints("replied_ever"),
             COMPLAINT),
        Part("replied", _("Complaints replied to in time"), _complaints("replied_soon"), COMPLAINT),
        Part("solve_due", _("Complaints solved, or whose time for it is over"), _complaints("solved_ever"), COMPLAINT),
        Part("solved", _("Complaints solved in time"), _complaints("solved_soon"), COMPLAINT),
        Part("asked_again", _("Complainants asked again"), _complaints("asked"), COMPLAINT),
        Part("content", _("Complainants satisfied with the result"), _complaints("satisfied"), COMPLAINT),
        Part("active_cars", _("Cars active when it began"), _active_cars, VEHICLE, is_stock=True),
        Part("lost_cars", _("Cars that grew dormant"), _lost_cars, VEHICLE),
        Part("first_service_due", _("New cars whose first service was due"),
             lambda span: _first_service(span, lost=False), VEHICLE),
        Part("first_service_lost", _("New cars without their first service"),
             lambda span: _first_service(span, lost=True), VEHICLE),
        Part("services_done", _("Services done at their mark"), _done_at_mark, ORDER),
        Part("services_missed", _("Services missed at their mark"), _missed_at_mark, ORDER),
        Part("insurance_ended", _("Cars whose insurance ended"), lambda span: _insurance(span, renewed=False),
             VEHICLE),
        Part("insurance_renewed", _("Cars whose insurance was renewed"), lambda span: _insurance(span, renewed=True),
             VEHICLE),
        Part("active_customers", _("Active customers"), _active_customers, CUSTOMER, is_stock=True),
        Part("members", _("Members among them"), lambda span: _active_customers(span, members=True), CUSTOMER,
             is_stock=True),
        Part("csi_said", _("Customers who answered the service questionnaire"), _responses(_CSI), ANSWERS,
             is_told=True),
        Part("ssi_said", _("Customers who answered the sales questionnaire"), _responses(_SSI), ANSWERS,
             is_told=True),
        Part("ten_questions_said", _("Answers to the ten questions"), _answers(_TEN), ANSWERS, is_told=True),
        Part("ten_questions_yes", _("Of the ten questions answered yes"), _answers(_TEN, score=1), ANSWERS,
             is_told=True),
        Part("nps_said", _("Answers to the recommendation"),
             _answers(_CSI, question__kind=QuestionKind.RECOMMEND), ANSWERS, is_told=True),
        Part("nps_yes", pgettext_lazy("count", "Promoters less detractors"), is_told=True),
        Part("factory_rank_yes", _("Place in the region"), is_told=True),
        Part("factory_rank_said", _("Stores of the region"), is_told=True),
        Part("flaws", _("Flaws found in the archive"), _flaws),
        Part("reversals", _("Settlements reversed"), _reversals, ORDER),
        Part("wrong_people", _("People whose entries they were"), is_told=True),
    )
}  # fmt: skip
