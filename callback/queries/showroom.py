"""Visitors and leads: what a page shows, what a day lacks, what comes of them. Source: spec `callback.md`, showroom."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import ExtractHour

from callback import formulas
from callback.choices import LeadFact, LeadLevel, LeadState, TalkKind, VisitSource
from callback.models import Lead, LeadTalk, ShowroomCheck, ShowroomVisit
from callback.settings import FOLLOW_UP_DAYS
from dealer_crm.organization.models import Store
from dealer_crm.organization.queries import figures


def follow_up_days(store: Store, *, on: date) -> dict[str, int]:
    """Level → days within which its leads are contacted again."""
    held = figures("callback.follow_up_", store=store, on=on)
    return {level.value: held[FOLLOW_UP_DAYS[level].code] for level in LeadLevel}


def leads_matching(
    staff, *, today: date, view: str = "", level: str = "", source: str = "", text: str = ""
) -> QuerySet[Lead]:
    """The leads a list shows: `view` is a state, `due` or `overdue`."""
    leads = Lead.objects.visible_to(staff).select_related("store")
    if view == "overdue":
        leads = leads.overdue(today)
    elif view == "due":
        leads = leads.open().filter(next_contact_on__lte=today)
    elif view:
        leads = leads.filter(state=view)
    if level:
        leads = leads.filter(level=level)
    if source:
        leads = leads.filter(source=source)
    if text:
        leads = leads.filter(
            Q(name__icontains=text) | Q(model__icontains=text) | Q(consultant__icontains=text) | Q(phone__endswith=text)
        )
    return leads


def leads_to_contact(staff, today: date) -> QuerySet[Lead]:
    """Whom somebody should speak to today, the longest waiting first."""
    return (
        Lead.objects.of_store(staff.store).open().filter(next_contact_on__lte=today).order_by("next_contact_on", "pk")
    )


# ── Traffic ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class HourOfTraffic:
    """Arrivals in one hour of the day over a span, by source in the order of `VisitSource`."""

    hour: int
    by_source: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.by_source)


@dataclass(frozen=True)
class ShowroomFigures:
    """What came of a span: arrivals and heads, arrivals that came again, that left neither name nor number; leads
    entered, those driven, handed a car, lost in the span. `reasons`: why, most frequent first: (reason, times)."""

    arrivals: int
    people: int
    returns: int
    unnamed: int
    leads: int
    test_drives: int
    won: int
    reasons: list[tuple[str, int]]

    @property
    def lost(self) -> int:
        return sum(times for _reason, times in self.reasons)

    @property
    def named_rate(self) -> Decimal | None:
        """Arrivals that are known by name or number ÷ arrivals (留档率)."""
        return formulas.rate(self.arrivals - self.unnamed, self.arrivals)

    @property
    def drive_rate(self) -> Decimal | None:
        """Test drives ÷ leads entered."""
        return formulas.rate(self.test_drives, self.leads)

    @property
    def won_rate(self) -> Decimal | None:
        """Won ÷ (won + lost), of those closed in the span."""
        return formulas.rate(self.won, self.won + self.lost)


def traffic_by_hour(store: Store, first: date, last: date) -> list[HourOfTraffic]:
    """From the first to the last hour in which anybody came."""
    rows = (
        _visits(store, first, last)
        .annotate(hour=ExtractHour("came_at", tzinfo=store.tz))
        .values_list("hour", "source")
        .annotate(times=Count("pk"))
        .order_by()
    )
    times = {(hour, source): count for hour, source, count in rows}
    hours = sorted({hour for hour, _source in times})
    return [
        HourOfTraffic(hour, tuple(times.get((hour, source.value), 0) for source in VisitSource))
        for hour in (range(hours[0], hours[-1] + 1) if hours else ())
    ]


def showroom_figures(store: Store, first: date, last: date) -> ShowroomFigures:
    """The counts of a span, in three queries."""
    begin, until = _bounds(store, first, last)
    entered = Q(entered_at__gte=begin, entered_at__lt=until)
    closed = Q(closed_at__gte=begin, closed_at__lt=until)
    rows = Lead.objects.of_store(store).filter(entered | closed).order_by().values_list("state", "lost_reason")
    leads = list(rows.annotate(entered=Count("pk", filter=entered), closed=Count("pk", filter=closed)))
    lost = [(reason, times) for state, reason, _entered, times in leads if state == LeadState.LOST and times]
    return ShowroomFigures(
        **_visits(store, first, last).aggregate(
            arrivals=Count("pk"),
            people=Sum("people", default=0),
            returns=Count("pk", filter=Q(is_return=True)),
            unnamed=Count("pk", filter=Q(lead=None)),
        ),
        leads=sum(times for _state, _reason, times, _closed in leads),
        test_drives=LeadTalk.objects.filter(
            lead__store=store, kind=TalkKind.TEST_DRIVE, at__gte=begin, at__lt=until
        ).count(),
        won=sum(times for state, _reason, _entered, times in leads if state == LeadState.WON),
        reasons=sorted(lost, key=lambda row: (-row[1], row[0])),
    )


def visits_in_list(staff) -> QuerySet[ShowroomVisit]:
    return ShowroomVisit.objects.visible_to(staff).select_related("lead", "noted_by", "store")


# ── The daily check ──────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class LeadEntry:
    lead: Lead
    missing: tuple[LeadFact, ...]


@dataclass(frozen=True)
class ShowroomDay:
    """`entries`: leads entered or talked to that day; `uncontacted`: whose next contact had come by then and who were
    not spoken to since; `unnamed`: arrivals without name and number."""

    entries: list[LeadEntry]
    uncontacted: list[Lead]
    unnamed: int
    check: ShowroomCheck | None

    @property
    def complete(self) -> int:
        return sum(not entry.missing for entry in self.entries)


def showroom_day(store: Store, day: date) -> ShowroomDay:
    """What the supervisor goes through, in four queries whatever the day brought."""
    begin, until = _bounds(store, day, day)
    talked = LeadTalk.objects.filter(lead=OuterRef("pk"))
    leads = (
        Lead.objects.of_store(store)
        .annotate(talk=Exists(talked))
        .filter(Q(entered_at__gte=begin, entered_at__lt=until) | Exists(talked.filter(at__gte=begin, at__lt=until)))
        .select_related("entered_by")
        .order_by("entered_at", "pk")
    )
    return ShowroomDay(
        entries=[LeadEntry(lead, tuple(missing_of(lead, has_talk=lead.talk))) for lead in leads],
        uncontacted=list(Lead.objects.of_store(store).open().filter(next_contact_on__lte=day).order_by("pk")),
        unnamed=_visits(store, day, day).filter(lead=None).count(),
        check=ShowroomCheck.objects.of_store(store).filter(day=day).select_related("checked_by").first(),
    )


def missing_of(lead: Lead, *, has_talk: bool) -> list[LeadFact]:
    known = {fact: getattr(lead, fact) for fact in LeadFact if fact != LeadFact.TALK}
    return formulas.missing_of_lead(known | {LeadFact.TALK: has_talk or None})


def _visits(store: Store, first: date, last: date) -> QuerySet[ShowroomVisit]:
    begin, until = _bounds(store, first, last)
    return ShowroomVisit.objects.of_store(store).filter(came_at__gte=begin, came_at__lt=until)


def _bounds(store: Store, first: date, last: date) -> tuple[datetime, datetime]:
    return (
        datetime.combine(first, time.min, store.tz), datetime.combine(last + timedelta(days=1), time.min, store.tz)
    )  # fmt: skip
