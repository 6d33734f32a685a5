"""A complaint comes in: its sheet, number, severity, clocks; and the sheet put right while the case is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from complaints.actions.evidence import keep_evidence
from complaints.actions.locking import (
    locked_complaint,
    refuse_bystander,
    refuse_closed,
    said,
    step_taken,
    tell,
)
from complaints.choices import Category, ComplaintSource, Severity, StepKind
from complaints.events import complaint_recorded
from complaints.formulas import Clocks, clocks_of, raised_severity
from complaints.formulas.severity import Rise
from complaints.models import Complaint, Topic
from complaints.queries.intake import earlier_of_the_matter
from complaints.settings import (
    ALARMING_WORDS,
    MANUFACTURER_REPLY_HOURS,
    REPEATS,
    REPLY_HOURS,
    SOLVE_HOURS,
)
from dealer_crm.access.permissions import Permission
from dealer_crm.access.roles import Role
from dealer_crm.organization.queries import figures, staff_with_role
from dealer_crm.values import Refusal
from dealer_crm.values.phone import parse_typed_phone
from reception.actions.numbering import next_number

SERIES = "TS"  # 投诉


@dataclass(frozen=True)
class Sheet:
    """What stands on the complaint sheet beside the matter itself: when and where it happened, who complains (when it
    is somebody else than the customer, or nobody known), which of our people it is about."""

    happened_at: datetime | None = None
    place: str = ""
    caller_name: str = ""
    caller_phone: str = ""
    concerned: Sequence = ()


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
    topic: Topic | None = None,
    sheet: Sheet = Sheet(),
    evidence: Sequence = (),
    form_key: UUID | None = None,
    by,
    at: datetime,
) -> Complaint:
    """Take a complaint in. Its clocks run from `received_at`; its severity may rise at once (words, repeat, source).

    With an order, customer and vehicle default to the order's; a double means the one it was merged into. `topic`: the
    row of the tree, which must count as `category`. `evidence`: files brought with it. `form_key`: the same form sent
    twice is one complaint. Refused: without a word of what happened, received in the future, happened after it was
    received, an order of another store, an order of another customer, people of another store, a telephone number that
    is none, a file that is not what it says.
    The customer-relations supervisor is told.
    Announces `complaint_recorded`. Source: spec `complaints.md`.
    """
    if form_key and (known := Complaint.objects.filter(form_key=form_key).first()):
        return known
    description = description.strip()
    _refuse_unfounded(store, order, customer, description, received_at, at)
    facts = _checked_sheet(sheet, store, received_at)
    _refuse_foreign_topic(topic, category)
    customer, vehicle = customer or getattr(order, "customer", None), vehicle or getattr(order, "vehicle", None)
    customer, vehicle = (getattr(one, "merged_into", None) or one for one in (customer, vehicle))
    rules = figures("complaints.", store=store, on=at.astimezone(store.tz).date())
    rise = raised_severity(
        severity,
        text=f"{description} {wish}",
        source=source,
        earlier_of_the_matter=earlier_of_the_matter(customer, vehicle, category, received_at, rules),
        words=rules[ALARMING_WORDS.code],
        repeats=rules[REPEATS.code],
    )
    clocks = clocks_in_force(rules=rules, source=source, severity=rise.severity)
    complaint = Complaint(
        store=store,
        order=order,
        customer=customer,
        vehicle=vehicle,
        source=source,
        severity=rise.severity,
        category=category,
        topic=topic,
        received_at=received_at,
        description=description,
        wish=wish.strip(),
        reply_clock=clocks.reply,
        solve_clock=clocks.solve,
        reply_due_at=received_at + clocks.reply,
        solve_due_at=received_at + clocks.solve,
        form_key=form_key,
        created_by=by,
        created_at=at,
        version=0,
        **facts,
    )
    try:
        with transaction.atomic():
            complaint.number = next_number(model=Complaint, field="number", prefix=SERIES, store=store, at=at)
            complaint.save(force_insert=True)
    except IntegrityError:
        if form_key and (known := Complaint.objects.filter(form_key=form_key).first()):
            return known
        raise
    complaint.concerned.set(sheet.concerned)
    step_taken(complaint=complaint, step=StepKind.RECORD, by=by, at=at, text=_reasons(severity, rise))
    keep_evidence(complaint=complaint, uploads=evidence, by=by, at=at)
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


@transaction.atomic
def amend_complaint(
    *,
    complaint: Complaint,
    order=None,
    customer=None,
    vehicle=None,
    category: Category,
    topic: Topic | None = None,
    severity: Severity,
    description: str,
    wish: str = "",
    sheet: Sheet = Sheet(),
    reason: str = "",
    by,
    at: datetime,
    expected_version: int | None = None,
) -> Complaint:
    """Put the sheet right: whose it is, what it is about, who is concerned; the whole sheet as it is to stand.

    Another severity is for those who lead complaints and needs its reason; the clocks that still run take its length.
    Words that alarm raise it here as at intake; an empty telephone number leaves the one on the sheet, which is shown
    masked. Refused as at intake, and once the case is closed.
    """
    complaint = locked_complaint(complaint=complaint, expected_version=expected_version)
    refuse_closed(complaint=complaint)
    refuse_bystander(complaint=complaint, by=by)
    store, description = complaint.store, description.strip()
    _refuse_unfounded(store, order, customer, description, complaint.received_at, at)
    facts = _checked_sheet(sheet, store, complaint.received_at)
    facts["caller_phone"] = facts["caller_phone"] or complaint.caller_phone
    _refuse_foreign_topic(topic, category)
    customer, vehicle = customer or getattr(order, "customer", None), vehicle or getattr(order, "vehicle", None)
    customer, vehicle = (getattr(one, "merged_into", None) or one for one in (customer, vehicle))
    if severity != complaint.severity:
        _refuse_rating(by)
        reason = said(text=reason, field="reason")
    rules = figures("complaints.", store=store, on=at.astimezone(store.tz).date())
    is_reworded = (description, wish.strip()) != (complaint.description, complaint.wish)
    rise = raised_severity(
        severity,
        text=f"{description} {wish}" if is_reworded else "",
        source="",
        earlier_of_the_matter=0,
        words=rules[ALARMING_WORDS.code],
        repeats=rules[REPEATS.code],
    )
    changes = {
        "order": order,
        "customer": customer,
        "vehicle": vehicle,
        "category": category,
        "topic": topic,
        "severity": rise.severity,
        "description": description,
        "wish": wish.strip(),
        **facts,
    }
    if rise.severity != complaint.severity:
        changes |= _clocks_of_other_severity(complaint, rise.severity, rules)
    before = [str(one) for one in complaint.concerned.order_by("work_number")]
    complaint.concerned.set(sheet.concerned)
    after = [str(one) for one in complaint.concerned.order_by("work_number")]
    people = _("Staff concerned: %(people)s") % {"people": "、".join(after) or "—"} if after != before else ""
    step_taken(
        complaint=complaint,
        step=StepKind.AMEND,
        by=by,
        at=at,
        text=" ".join(filter(None, [reason.strip(), _reasons(severity, rise), people])),
        **changes,
    )
    return complaint


def _clocks_of_other_severity(complaint: Complaint, severity: str, rules: dict) -> dict:
    """What still runs is due as long after its start as the other severity says; every stop so far stays counted."""
    clocks = clocks_in_force(rules=rules, source=complaint.source, severity=severity)
    changes = {"reply_clock": clocks.reply, "solve_clock": clocks.solve}
    if complaint.first_reply_at is None:
        changes["reply_due_at"] = complaint.reply_due_at + (clocks.reply - complaint.reply_clock)
    if complaint.solved_at is None:
        changes["solve_due_at"] = complaint.solve_due_at + (clocks.solve - complaint.solve_clock)
    return changes


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


def _checked_sheet(sheet: Sheet, store, received_at: datetime) -> dict:
    """The fields of the sheet as they are kept. Refuses what can't be."""
    if sheet.happened_at and sheet.happened_at > received_at:
        raise Refusal(
            _("It can't have happened after the complaint about it."), field="happened_at", code="happened_later"
        )
    strangers = [person.name for person in sheet.concerned if person.store_id != store.pk]
    if strangers:
        raise Refusal(
            _("%(people)s does not work in this store.") % {"people": "、".join(strangers)}, field="concerned"
        )
    try:
        phone = parse_typed_phone(sheet.caller_phone) if sheet.caller_phone.strip() else ""
    except ValueError:
        raise Refusal(
            _("%(number)s is no telephone number.") % {"number": sheet.caller_phone.strip()[:30]},
            field="caller_phone",
            code="phone_invalid",
        ) from None
    return {
        "happened_at": sheet.happened_at,
        "place": sheet.place.strip()[:120],
        "caller_name": sheet.caller_name.strip()[:80],
        "caller_phone": phone,
    }


def _refuse_foreign_topic(topic: Topic | None, category: str) -> None:
    if topic is not None and topic.category != category:
        raise Refusal(_("This sub-category belongs to another category."), field="category", code="foreign_topic")


def _refuse_rating(by) -> None:
    if by is not None and not any(by.can(one) for one in (Permission.COMPLAINT_ADVISE, Permission.COMPLAINT_DECIDE)):
        raise Refusal(
            _("Supervisor and manager decide how grave a complaint is."), field="severity", code="not_concerned"
        )


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
