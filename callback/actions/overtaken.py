"""Owed calls that are owed no more: their occasion is gone, or the customer does not want them."""

from datetime import timedelta

from django.db.models import CharField, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.translation import gettext as _

from callback.choices import AFTER_HANDOVER, PURPOSES, CampaignState, Purpose, RuleCode, TaskState
from callback.models import CallTask, Campaign, Handover, Rule
from callback.queries.campaigns import visits_in
from callback.queries.owed import suggestion_key
from callback.queries.owed.reminders import SERVICES
from complaints.choices import ComplaintState
from dealer_crm.journal import actions as journal
from reception.choices import AppointmentState, OrderState
from reception.models import Appointment, RepairOrder, Suggestion, Vehicle
from satisfaction.models import Response

SWEPT = timedelta(days=60)
"""Campaigns that are over are looked at for so long, in case the machine was off."""

_REMINDED = {
    RuleCode.MAINTENANCE: (":service:", "vehicle__forecast__target"),
    RuleCode.INSURANCE_RENEWAL: (":insurance:", "vehicle__insurance_ends_on"),
}
"""Reminders whose source key says what of the car they are about: the word, and the column that says it today."""


def refusal_words(purpose: Purpose, reason: str = "") -> str:
    """Why a customer is left out who does not want to be called for a purpose."""
    words = _("The customer refuses such calls (%(purpose)s).") % {"purpose": Purpose(purpose).label}
    return f"{words} {reason}".strip()


def drop_overtaken(*, rule: Rule, by, at) -> int:
    """Close open calls nobody is on whose occasion is gone or whose customer has come to refuse calls."""
    free = CallTask.objects.unfinished().filter(rule=rule, claimed_by=None)
    dropped = drop_tasks(
        free.filter(customer__no_call_since__isnull=False), _("The customer refuses calls."), by=by, at=at
    )
    if purpose := PURPOSES.get(RuleCode(rule.code)):
        unwilling = free.filter(customer__call_refusals__purpose=purpose)
        dropped += drop_tasks(unwilling, refusal_words(purpose), by=by, at=at)
    if rule.code == RuleCode.COMPLAINT_NEXT_DAY:
        round_of_key = Concat(
            Value("complaint:"), Cast("complaint_id", CharField()), Value(":"), Cast("complaint__round", CharField())
        )
        gone = free.annotate(now=round_of_key).exclude(complaint__state=ComplaintState.CHECKED, source_key=F("now"))
        dropped += drop_tasks(gone, _("The customer was asked already, or the case goes on."), by=by, at=at)
    if rule.code == RuleCode.COMPLAINT_SECOND:
        answered = Response.objects.filter(customer=OuterRef("customer"), answered_at__gt=OuterRef("created_at"))
        gone = free.filter(Exists(answered) | Q(complaint__second_asked_at__isnull=False))
        dropped += drop_tasks(gone, _("The customer was asked already."), by=by, at=at)
    if rule.code == RuleCode.APPOINTMENT_CONFIRM:
        asked = Exists(
            Appointment.objects.filter(pk=OuterRef("appointment"), state=AppointmentState.BOOKED, starts_at__gt=at)
        )
        moved = Exists(CallTask.objects.filter(rule=rule, appointment=OuterRef("appointment"), pk__gt=OuterRef("pk")))
        dropped += drop_tasks(
            free.filter(~asked | moved), _("The appointment is confirmed, moved, called off or over."), by=by, at=at
        )
    if rule.code == RuleCode.APPOINTMENT_MISSED:
        again = Appointment.objects.expected().filter(
            plate=OuterRef("appointment__plate"), store=OuterRef("store"), starts_at__gt=at
        )
        gone = free.exclude(appointment__state=AppointmentState.MISSED) | free.filter(Exists(again))
        dropped += drop_tasks(gone, _("The car came after all or has an appointment again."), by=by, at=at)
    if rule.code == RuleCode.SUGGESTION:
        standing = Suggestion.objects.open().annotate(key=suggestion_key()).filter(key=OuterRef("source_key"))
        dropped += drop_tasks(
            free.filter(~Exists(standing)), _("The suggestion is done, declined or put off."), by=by, at=at
        )
    if rule.code in _REMINDED:
        now = Concat(
            Value("vehicle:"), Cast("vehicle_id", CharField()), Value(_REMINDED[rule.code][0]),
            Coalesce(Cast(_REMINDED[rule.code][1], CharField()), Value("")), Value(":"),
        )  # fmt: skip
        newer = CallTask.objects.filter(rule=rule, vehicle=OuterRef("vehicle"), pk__gt=OuterRef("pk"))
        gone = free.annotate(now=now).filter(~Q(source_key__startswith=F("now")) | Exists(newer))
        dropped += drop_tasks(gone, _("The occasion is gone or a later reminder took its place."), by=by, at=at)
    if rule.code == RuleCode.FIRST_SERVICE:
        served = RepairOrder.objects.filter(vehicle=OuterRef("vehicle"), kind__in=SERVICES)
        newer = CallTask.objects.filter(rule=rule, vehicle=OuterRef("vehicle"), pk__gt=OuterRef("pk"))
        gone = free.filter(Exists(served.exclude(state=OrderState.CANCELLED)) | Exists(newer))
        dropped += drop_tasks(gone, _("The occasion is gone or a later reminder took its place."), by=by, at=at)
    if rule.code == RuleCode.MONTHLY_SURVEY:
        answered = Response.objects.filter(customer=OuterRef("customer"), answered_at__gte=OuterRef("opens_at"))
        dropped += drop_tasks(free.filter(Exists(answered)), _("The customer was asked already."), by=by, at=at)
    if rule.code == RuleCode.BIRTHDAY:
        late = free.filter(due_at__lt=at - timedelta(days=1))
        dropped += drop_tasks(late, _("The birthday is over."), by=by, at=at)
    if rule.code == RuleCode.DORMANT:
        came = Vehicle.objects.filter(owner=OuterRef("customer"), last_visit_at__gt=OuterRef("created_at"))
        dropped += drop_tasks(free.filter(Exists(came)), _("The customer has come again."), by=by, at=at)
    if rule.code == RuleCode.CAMPAIGN:
        today = at.astimezone(rule.store.tz).date()
        begun = Campaign.objects.of_store(rule.store).filter(last_day__gte=today - SWEPT, started_at__isnull=False)
        for campaign in begun.select_related("store"):
            theirs = free.filter(source_key__startswith=f"campaign:{campaign.pk}:")
            came = Exists(visits_in(campaign).filter(customer=OuterRef("customer")))
            dropped += drop_tasks(
                theirs.filter(came), _("The customer has come since the campaign began."), by=by, at=at
            )
            if campaign.last_day < today or campaign.state == CampaignState.WITHDRAWN:
                dropped += drop_tasks(theirs, _("The campaign is over."), by=by, at=at)
    if rule.code in AFTER_HANDOVER:
        key = Concat(Value("handover:"), Cast("pk", CharField()), output_field=CharField())
        standing = Handover.objects.annotate(key=key).filter(key=OuterRef("source_key"))
        gone = free.filter(~Exists(standing), source_key__startswith="handover:")
        dropped += drop_tasks(gone, _("The handover was taken back."), by=by, at=at)
    return dropped


def drop_tasks(tasks, reason: str, *, by, at) -> int:
    """Close tasks that are not to be called; one an agent is taking this moment is left to the next run."""
    found = list(
        CallTask.objects.filter(pk__in=list(tasks.values_list("pk", flat=True)), claimed_by=None)
        .select_for_update(skip_locked=True, of=["self"])
        .select_related("store")
        .order_by("pk")
    )
    CallTask.objects.filter(pk__in=[task.pk for task in found]).update(
        state=TaskState.DROPPED, done_at=at, closing_reason=reason, next_try_at=None, version=F("version") + 1
    )
    journal.record_many(
        journal.entry(by=by, at=at, verb="call_task.dropped", subject=task, store=task.store, note=reason)
        for task in found
    )
    return len(found)
