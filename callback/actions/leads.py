"""The showroom's leads (潜客): entered, talked to, won, lost. Source: spec `callback.md`, showroom."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from callback import formulas
from callback.choices import IN_THE_HOUSE, LeadLevel, LeadState, LostReason, TalkKind, VisitSource
from callback.models import Handover, Lead, LeadTalk, ShowroomVisit
from callback.queries.showroom import follow_up_days
from dealer_crm.journal import actions as journal
from dealer_crm.journal.queries import refuse_stale
from dealer_crm.organization.models import Staff, Store
from dealer_crm.values import Refusal
from dealer_crm.values.phone import masked_phone, parse_typed_phone

FACTS = ("name", "phone", "gender", "features", "model", "first_quote", "consultant")
"""What may be put right later. Level and next contact change with a talk."""


@transaction.atomic
def note_visit(
    *, store: Store, source: VisitSource, by: Staff | None, at: datetime, people: int = 1, is_return: bool = False,
    note: str = "", lead: Lead | None = None, came_at: datetime | None = None,
) -> ShowroomVisit:  # fmt: skip
    """Count somebody who came, called or wrote because of a car."""
    came_at = came_at or at
    _refuse_wrong_moment(came_at, store, at)
    if people < 1:
        raise Refusal(_("At least one person came."), field="people", code="nobody")
    return ShowroomVisit.objects.create(
        store=store, came_at=came_at, source=source, people=people, is_return=is_return, note=note.strip()[:200],
        lead=lead, noted_by=by,
    )  # fmt: skip


@transaction.atomic
def enter_lead(
    *, store: Store, source: VisitSource, level: LeadLevel, by: Staff | None, at: datetime,
    came_at: datetime | None = None, people: int = 1, next_contact_on: date | None = None, said: str = "",
    kind: TalkKind | None = None, gifts: str = "", **facts,
) -> Lead:  # fmt: skip
    """A visitor who may buy: counted among the visitors, kept as a lead, with the first talk when there was one.
    What is not known yet may stay empty. Refused: without name and number, or while an open lead has the number."""
    came_at = came_at or at
    _refuse_wrong_moment(came_at, store, at)
    lead = Lead(store=store, source=source, level=level, entered_by=by, entered_at=came_at)
    _state(lead, facts)
    lead.next_contact_on = _next_contact(lead, level, next_contact_on, came_at, at)
    _save_new(lead)
    note_visit(store=store, source=source, people=people, lead=lead, came_at=came_at, by=by, at=at)
    if said.strip():
        kind = kind or (TalkKind.VISIT if source == VisitSource.WALK_IN else TalkKind.PHONE)
        LeadTalk.objects.create(
            lead=lead, kind=kind, at=came_at, by=by, said=said.strip(), price=lead.first_quote, level=level,
            gifts=gifts.strip()[:200],
        )  # fmt: skip
    journal.record(by=by, at=at, verb="lead.entered", subject=lead, store=store, note=lead.model)
    return lead


@transaction.atomic
def change_lead(*, lead: Lead, by: Staff, at: datetime, expected_version: int | None = None, **facts) -> Lead:
    """Put right or complete what is known of a lead."""
    lead = locked_lead(lead, expected_version, must_be_open=False)
    _state(lead, facts)
    lead.version += 1
    _save(lead, [*facts, "version"])
    journal.record(by=by, at=at, verb="lead.changed", subject=lead, store=lead.store)
    return lead


@transaction.atomic
def note_talk(
    *, lead: Lead, kind: TalkKind, said: str, level: LeadLevel, by: Staff | None, at: datetime,
    talked_at: datetime | None = None, next_contact_on: date | None = None, price: Decimal | None = None,
    gifts: str = "", reason: str = "", car: str = "", expected_version: int | None = None,
) -> LeadTalk:  # fmt: skip
    """A talk with a lead, its level after it and the next contact. Who came for it counts as a visitor again."""
    lead = locked_lead(lead, expected_version)
    talked_at = talked_at or at
    _refuse_wrong_moment(talked_at, lead.store, at)
    if not said.strip():
        raise Refusal(_("Write down what was said."), field="said", code="said_missing")
    if kind == TalkKind.TEST_DRIVE and not car.strip():
        raise Refusal(_("Say which car was driven."), field="car", code="car_missing")
    lead.next_contact_on = _next_contact(lead, level, next_contact_on, talked_at, at)
    lead.level, lead.version = level, lead.version + 1
    if lead.first_quote is None:
        lead.first_quote = price
    lead.save(update_fields=["next_contact_on", "level", "first_quote", "version"])
    talk = LeadTalk.objects.create(
        lead=lead, kind=kind, at=talked_at, by=by, said=said.strip(), price=price, gifts=gifts.strip()[:200],
        reason=reason, level=level, car=car.strip()[:60],
    )  # fmt: skip
    if kind in IN_THE_HOUSE:
        note_visit(
            store=lead.store, source=VisitSource.WALK_IN, is_return=True, lead=lead, came_at=talked_at, by=by, at=at
        )
    journal.record(by=by, at=at, verb="lead.talked", subject=lead, store=lead.store, note=str(talk.get_kind_display()))
    return talk


@transaction.atomic
def lose_lead(
    *, lead: Lead, reason: LostReason, by: Staff, at: datetime, note: str = "", expected_version: int | None = None
) -> Lead:
    """Nothing will come of it, and why."""
    lead = locked_lead(lead, expected_version)
    if reason not in LostReason.values:
        raise Refusal(_("Say why the lead does not buy."), field="reason", code="reason_missing")
    lead.state, lead.lost_reason, lead.lost_note = LeadState.LOST, reason, note.strip()[:200]
    return closed_lead(lead, "lead.lost", str(lead.get_lost_reason_display()), by, at)


@transaction.atomic
def reopen_lead(*, lead: Lead, by: Staff, at: datetime, expected_version: int | None = None) -> Lead:
    """Somebody thought lost is interested again."""
    lead = locked_lead(lead, expected_version, must_be_open=False)
    if lead.state != LeadState.LOST:
        raise Refusal(_("Only a lost lead is taken up again."), code="not_lost")
    lead.lost_reason = lead.lost_note = ""
    return _reopened(lead, by, at)


def reopen_won_leads(*, handover: Handover, by: Staff, at: datetime) -> None:
    """A handover is taken back: who it was entered for is followed up again."""
    for lead in Lead.objects.select_for_update(of=["self"]).select_related("store").filter(handover=handover):
        lead.handover = lead.customer = None
        _reopened(lead, by, at)


@transaction.atomic
def reveal_lead_phone(*, lead: Lead, by: Staff, at: datetime) -> str:
    """The whole number (E.164) of a lead somebody follows up; the journal keeps that it was shown."""
    if not lead.phone:
        raise Refusal(_("There is no number of this lead yet."), code="no_number")
    journal.record(by=by, at=at, verb="phone.revealed", subject=lead, store=lead.store, note=masked_phone(lead.phone))
    return lead.phone


def locked_lead(lead: Lead, expected_version: int | None, *, must_be_open: bool = True) -> Lead:
    """The lead as it stands now, held until the transaction ends. Refused: when it is closed."""
    lead = Lead.objects.select_for_update(of=["self"]).select_related("store").get(pk=lead.pk)
    refuse_stale(lead, expected_version)
    if must_be_open and lead.state != LeadState.OPEN:
        raise Refusal(_("This lead is closed already."), code="closed")
    return lead


def closed_lead(lead: Lead, verb: str, note: str, by: Staff, at: datetime) -> Lead:
    """Close a locked lead, won or lost."""
    lead.closed_at, lead.next_contact_on, lead.version = at, None, lead.version + 1
    lead.save()
    journal.record(by=by, at=at, verb=verb, subject=lead, store=lead.store, note=note)
    return lead


def _state(lead: Lead, facts: dict) -> None:
    """Take over what is said of a lead, the number in E.164."""
    for name, value in facts.items():
        if name not in FACTS:
            raise TypeError(f"unknown fact {name}")
        setattr(lead, name, value.strip() if isinstance(value, str) else value)
    if lead.phone and "phone" in facts:
        try:
            lead.phone = parse_typed_phone(lead.phone)
        except ValueError as error:
            raise Refusal(_("This is no telephone number."), field="phone", code="bad_phone") from error
    if not lead.name and not lead.phone:
        raise Refusal(_("Enter a name or a number, else count a visitor."), field="name", code="nobody_known")


def _save_new(lead: Lead) -> None:
    _save(lead, None)


def _save(lead: Lead, fields: list[str] | None) -> None:
    try:
        with transaction.atomic():
            lead.save(update_fields=fields)
    except IntegrityError as error:
        known = Lead.objects.open().of_store(lead.store).filter(phone=lead.phone).exclude(pk=lead.pk).first()
        if known is None:
            raise
        raise Refusal(
            _("%(lead)s has this number and is followed up already.") % {"lead": known}, field="phone",
            code="lead_known", details={"lead": known.pk},
        ) from error  # fmt: skip


def _next_contact(lead: Lead, level: str, wanted: date | None, talked_at: datetime, at: datetime) -> date:
    """The day somebody speaks to the lead again: as wanted, within the level's interval."""
    talked_on, today = talked_at.astimezone(lead.store.tz).date(), at.astimezone(lead.store.tz).date()
    days = follow_up_days(lead.store, on=today)
    last = formulas.last_contact_day(level, talked_on, days)
    if wanted is not None and wanted < today:
        raise Refusal(_("The next contact lies behind."), field="next_contact_on", code="contact_behind")
    if wanted is not None and wanted > last:
        raise Refusal(
            _("A lead of level %(level)s is contacted within %(days)d days, by %(day)s.")
            % {"level": level, "days": days[level], "day": last},
            field="next_contact_on", code="contact_too_late",
        )  # fmt: skip
    return wanted or last


def _refuse_wrong_moment(moment: datetime, store: Store, at: datetime) -> None:
    """Visitors and talks are entered on the day or in the days after; none lies ahead."""
    if moment > at:
        raise Refusal(_("This moment lies ahead."), field="came_at", code="ahead")
    begin = datetime.combine(at.astimezone(store.tz).date() - timedelta(days=LATEST_DAYS), time.min, store.tz)
    if moment < begin:
        raise Refusal(
            _("Visitors are entered within %(days)d days.") % {"days": LATEST_DAYS}, field="came_at", code="long_ago"
        )


LATEST_DAYS = 7
"""A visitor of longer ago is not remembered well enough to be entered."""


def _reopened(lead: Lead, by: Staff, at: datetime) -> Lead:
    lead.state, lead.closed_at = LeadState.OPEN, None
    lead.next_contact_on = at.astimezone(lead.store.tz).date()
    lead.version += 1
    _save(lead, None)
    journal.record(by=by, at=at, verb="lead.reopened", subject=lead, store=lead.store)
    return lead
