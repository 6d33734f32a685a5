"""A complaint comes in: number, severity, clocks."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actions.locking import step_taken, tell
from complaints.choices import Category, ComplaintSource, Severity, StepKind
from complaints.events import complaint_recorded
from complaints.formulas import Clocks, clocks_of, raised_severity
from complaints.formulas.severity import Rise
from complaints.models import Complaint
from complaints.settings import (
    ALARMING_WORDS,
    MANUFACTURER_REPLY_HOURS,
    REPEAT_DAYS,
    REPEATS,
    REPLY_HOURS,
    SOLVE_HOURS,
)
from dealer_crm.access.roles import Role
from dealer_crm.organization.queries import figures, staff_with_role
from dealer_crm.values import Refusal
from reception.actions.numbering import next_number

SERIES = "TS"  # 投诉


@transaction.atomic
def record_complaint(
    *,
    store,
    order,
    customer,
    vehicle,
    source: ComplaintSource,
    severity: Severity,
    category: Category,
    received_at: datetime,
    description: str,
    wish: str = "",
    by,
    at: datetime,
) -> Complaint:
    """Take a complaint in. Its clocks run from `received_at`; its severity may rise at once (words, repeat, source).

    With an order, customer and vehicle default to the order's; a double means the one it was merged into. Refused:
    without a word of what happened, received in the future, an order of another store, an order of another customer.
    The customer-relations supervisor is told.
    Announces `complaint_recorded`. Source: spec `complaints.md`.
    """
    description = description.strip()
    _refuse_unfounded(store, order, customer, description, received_at, at)
    customer, vehicle = customer or getattr(order, "customer", None), vehicle or getattr(order, "vehicle", None)
    customer, vehicle = (getattr(one, "merged_into", None) or one for one in (customer, vehicle))
    rules = figures("complaints.", store=store, on=at.astimezone(store.tz).date())
    rise = raised_severity(
        severity,
        text=f"{description} {wish}",
        source=source,
        earlier_of_the_matter=_earlier_of_the_matter(customer, vehicle, category, received_at, rules),
        words=rules[ALARMING_WORDS.code],
        repeats=rules[REPEATS.code],
    )
    clocks = clocks_in_force(rules=rules, source=source, severity=rise.severity)
    complaint = Complaint(
        number=next_number(model=Complaint, field="number", prefix=SERIES, store=store, at=at),
        store=store,
        order=order,
        customer=customer,
        vehicle=vehicle,
        source=source,
        severity=rise.severity,
        category=category,
        received_at=received_at,
        description=description,
        wish=wish.strip(),
        reply_clock=clocks.reply,
        solve_clock=clocks.solve,
        reply_due_at=received_at + clocks.reply,
        solve_due_at=received_at + clocks.solve,
        created_by=by,
        created_at=at,
        version=0,
    )
    complaint.save(force_insert=True)
    step_taken(complaint=complaint, step=StepKind.RECORD, by=by, at=at, text=_reasons(severity, rise))
    tell(
        complaint=complaint,
        people=staff_with_role(store, Role.CRC),
        occasion="recorded",
        text=_("New complaint %(number)s: %(category)s, %(severity)s")
        % {
            "number": complaint.number,
            "category": complaint.get_category_display(),
            "severity": complaint.get_severity_display(),
        },
        at=at,
    )
    complaint_recorded.send(Complaint, complaint_id=complaint.pk, at=at)
    return complaint


def clocks_in_force(*, rules: dict, source: str, severity: str) -> Clocks:
    """The clocks by the figures in force (`figures("complaints.", …)`)."""

    def lengths(keys):
        return {one: timedelta(hours=float(rules[figure.code])) for one, figure in keys.items()}

    return clocks_of(
        source=source,
        severity=severity,
        reply=lengths(REPLY_HOURS),
        solve=lengths(SOLVE_HOURS),
        manufacturer_reply=lengths(MANUFACTURER_REPLY_HOURS),
    )


def _refuse_unfounded(store, order, customer, description: str, received_at: datetime, at: datetime) -> None:
    if not description:
        raise Refusal(_("Write down what happened."), field="description", code="text_missing")
    if received_at > at:
        raise Refusal(_("A complaint can't have been received in the future."), field="received_at")
    if order is not None and order.store_id != store.pk:
        raise Refusal(_("Order %(order)s belongs to another store.") % {"order": order}, field="order")
    if order is not None and customer is not None and order.customer_id != customer.pk:
        raise Refusal(
            _("Order %(order)s is not of customer %(customer)s.") % {"order": order, "customer": customer},
            field="order",
        )


def _earlier_of_the_matter(customer, vehicle, category, received_at: datetime, rules: dict) -> int:
    """How often the same customer (or car) complained of the same thing lately."""
    since = received_at - timedelta(days=rules[REPEAT_DAYS.code])
    earlier = Complaint.objects.filter(category=category, received_at__gte=since, received_at__lte=received_at)
    if vehicle is not None:
        return earlier.filter(vehicle=vehicle).count()
    return earlier.filter(customer=customer).count() if customer is not None else 0


def _reasons(entered: Severity, rise: Rise) -> str:
    """Why the severity is another than the one entered, as the text of the first step."""
    sentences = {
        "words": _("alarming words: %(words)s") % {"words": "、".join(rise.words)},
        "repeat": _("the same matter again"),
        "source": _("source"),
    }
    if not rise.causes:
        return ""
    return _("Severity raised from “%(from)s” to “%(to)s” (%(why)s)") % {
        "from": Severity(entered).label,
        "to": Severity(rise.severity).label,
        "why": "; ".join(sentences[cause] for cause in rise.causes),
    }
