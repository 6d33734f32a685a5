"""Site checks as people look at them: what is to be walked, what was found, how a month went, whose points."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, F, Prefetch, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from dealer_crm.appraisal.choices import WORKPLACES, Area, FindingState, RoundState
from dealer_crm.appraisal.formulas.scales import FAILURES, FIGURE, Fact, Row
from dealer_crm.appraisal.models import SiteFinding, SiteItem, SiteList, SitePhoto, SitePlan, SiteResult, SiteRound
from dealer_crm.appraisal.settings import ROUND_LATE_DAYS
from dealer_crm.organization.choices import TeamKind
from dealer_crm.organization.models import Position, Staff, Store
from dealer_crm.organization.queries import figure
from dealer_crm.values import Period

HUNDRED = Decimal(100)


# ── Lists and plans ──────────────────────────────────────────────────────────────────────────────────────────────────
def site_lists(staff: Staff) -> QuerySet[SiteList]:
    """The check-lists with how many items and points they have, those in use first."""
    standing = Q(items__withdrawn_at=None, items__isnull=False)
    return (
        SiteList.objects.visible_to(staff)
        .select_related("store", "answers")
        .prefetch_related(
            Prefetch("plans", SitePlan.objects.filter(ended_on=None).select_related("checker"), "standing")
        )
        .annotate(count=Count("items", filter=standing), full=Sum("items__points", filter=standing, default=0))
        .order_by("-is_on", "store", "area", "name")
    )


def items_of(site_list: SiteList) -> QuerySet[SiteItem]:
    """What stands on the list today."""
    return site_list.items.filter(withdrawn_at=None).order_by("place", "pk")


# ── Rounds ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def last_day_to_walk(store: Store, today: date) -> date:
    """Rounds planned before it are missed."""
    return today - timedelta(days=figure(ROUND_LATE_DAYS, store=store, on=today))


def rounds_matching(
    staff: Staff, *, today: date, view: str = "", area: str = "", kind: str = ""
) -> QuerySet[SiteRound]:
    """The rounds a list shows; `view`: "" those to walk by today, "ahead", "walked", "missed"."""
    rounds = (
        SiteRound.objects.visible_to(staff)
        .select_related("store", "list__store", "checker", "answers")
        .annotate(found=Count("results__finding"))
    )
    first = last_day_to_walk(staff.store, today) if staff.store else today
    rounds = {
        "": rounds.open().filter(planned_on__lte=today, planned_on__gte=first),
        "ahead": rounds.open().filter(planned_on__gt=today),
        "walked": rounds.walked(),
        "missed": rounds.open().filter(planned_on__lt=first),
    }[view]
    wanted = {"list__area": area, "list__kind": kind}
    return rounds.filter(**{name: value for name, value in wanted.items() if value})


def rounds_planned(staff: Staff, today: date) -> QuerySet[SiteRound]:
    """What was planned for somebody up to today and not walked, however long ago."""
    return SiteRound.objects.open().filter(checker=staff, planned_on__lte=today)


def rounds_to_walk(staff: Staff, today: date) -> QuerySet[SiteRound]:
    """What somebody has to walk by today, the oldest first."""
    return (
        rounds_planned(staff, today)
        .filter(planned_on__gte=last_day_to_walk(staff.store, today))
        .select_related("list")
        .order_by("planned_on", "pk")
    )


@dataclass(frozen=True)
class ItemSeen:
    """An item of a round with what was seen of it, if anything was yet, and how often it was wrong before."""

    item: SiteItem
    result: SiteResult | None
    before: SiteFinding | None


def items_seen(walk: SiteRound) -> list[ItemSeen]:
    """The items of a round in the order of the list, in four queries whatever their number."""
    results = {
        one.item_id: one
        for one in walk.results.select_related("owner", "item", "finding").prefetch_related("photos").order_by("pk")
    }
    standing = [] if walk.state == RoundState.WALKED else list(items_of(walk.list))
    items = {item.pk: item for item in (*standing, *(one.item for one in results.values()))}
    last = {}
    if walk.is_open:
        before = SiteFinding.objects.filter(item__in=items).order_by("item_id", "-found_at", "-pk").distinct("item_id")
        last = {one.item_id: one for one in before}
    ordered = sorted(items.values(), key=lambda item: (item.place, item.pk))
    return [ItemSeen(item, results.get(item.pk), last.get(item.pk)) for item in ordered]


def photos_visible_to(staff: Staff) -> QuerySet[SitePhoto]:
    return SitePhoto.objects.visible_to(staff).select_related("file")


# ── Findings ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def findings_matching(
    staff: Staff, *, today: date, view: str = "", area: str = "", owner: Staff | None = None
) -> QuerySet[SiteFinding]:
    """The findings a list shows; `view`: "" all not closed, "late", "repeats", "closed", "mine"."""
    findings = SiteFinding.objects.visible_to(staff).select_related(
        "store", "owner", "found_by", "result__round__list", "repeats"
    )
    findings = {
        "": findings.unfinished(),
        "late": findings.late(today),
        "repeats": findings.filter(times__gt=1),
        "closed": findings.filter(state=FindingState.CLOSED),
        "mine": findings.unfinished().filter(owner=staff),
    }[view]
    wanted = {"result__round__list__area": area, "owner": owner}
    return findings.filter(**{name: value for name, value in wanted.items() if value})


def findings_to_remedy(staff: Staff) -> QuerySet[SiteFinding]:
    """What somebody has to put right, the most urgent first."""
    return (
        SiteFinding.objects.filter(owner=staff, state=FindingState.OPEN)
        .select_related("result__round__list")
        .order_by("due_on", "pk")
    )


def findings_to_look_at(staff: Staff) -> QuerySet[SiteFinding]:
    """What somebody found that is said to be put right."""
    return (
        SiteFinding.objects.filter(found_by=staff, state=FindingState.REMEDIED)
        .select_related("result__round__list", "owner")
        .order_by("remedied_at", "pk")
    )


# ── A month ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class ListMonth:
    """A list in a month: rounds owed by now, walked of them, missed; the points; findings, of them repeats, and those
    whose day has come that were put right by it."""

    list: SiteList
    planned: int
    walked: int
    missed: int
    full: int
    given: Decimal
    findings: int
    repeats: int
    due: int
    in_time: int

    @property
    def rate(self) -> Decimal | None:
        return self.given / self.full if self.full else None

    @property
    def in_time_rate(self) -> Decimal | None:
        return Decimal(self.in_time) / self.due if self.due else None


def month_of_lists(store: Store, period: Period, *, today: date) -> list[ListMonth]:
    """Every list that was planned or walked in the month, in three queries."""
    last = min(period.last_day, today)
    first_open = last_day_to_walk(store, today)
    rounds = SiteRound.objects.of_store(store).filter(planned_on__range=(period.first_day, last))
    counts = {
        row.pop("list"): row
        for row in rounds.exclude(state=RoundState.CALLED_OFF)
        .values("list")
        .annotate(
            planned=Count("pk"),
            walked=Count("pk", filter=Q(state=RoundState.WALKED)),
            missed=Count("pk", filter=~Q(state=RoundState.WALKED) & Q(planned_on__lt=first_open)),
            full_sum=Sum("full", default=0),
            given_sum=Sum("given", default=Decimal(0)),
        )
        .order_by()
    }
    remedied_on = TruncDate("remedied_at", tzinfo=store.tz)
    found = {
        row.pop("result__round__list"): row
        for row in SiteFinding.objects.of_store(store)
        .filter(result__round__planned_on__range=(period.first_day, last))
        .annotate(remedied_on=remedied_on)
        .values("result__round__list")
        .annotate(
            findings=Count("pk"),
            repeats=Count("pk", filter=Q(times__gt=1)),
            due=Count("pk", filter=Q(due_on__lt=today) | Q(remedied_at__isnull=False)),
            in_time=Count("pk", filter=Q(remedied_on__lte=F("due_on"))),
        )
        .order_by()
    }
    nothing = {"findings": 0, "repeats": 0, "due": 0, "in_time": 0}
    lists = SiteList.objects.filter(pk__in=counts).select_related("answers").order_by("area", "name")
    return [
        ListMonth(
            list=one,
            full=counts[one.pk]["full_sum"],
            given=counts[one.pk]["given_sum"],
            **{name: counts[one.pk][name] for name in ("planned", "walked", "missed")},
            **found.get(one.pk, nothing),
        )
        for one in lists
    ]


def rounds_of_month(store: Store, period: Period) -> QuerySet[SiteRound]:
    return (
        SiteRound.objects.of_store(store)
        .filter(planned_on__range=(period.first_day, period.last_day))
        .select_related("list", "checker", "answers")
        .annotate(found=Count("results__finding"))
        .order_by("planned_on", "pk")
    )


def findings_of_month(store: Store, period: Period) -> QuerySet[SiteFinding]:
    return (
        SiteFinding.objects.of_store(store)
        .filter(result__round__planned_on__range=(period.first_day, period.last_day))
        .select_related("owner", "found_by", "closed_by", "result__round__list")
        .order_by("found_at", "pk")
    )


# ── What scorecards read ─────────────────────────────────────────────────────────────────────────────────────────────
def site_points(asked, source: str) -> dict[int, Fact]:
    """Points given ÷ full points, out of 100, of the rounds of the month in areas one answers for; each round a row."""
    return _points_by(asked, source, "answers", answers__in=asked.people)


def workplace_points(asked, source: str) -> dict[int, Fact]:
    """The same of the rounds where one works by the post held on the last day: a place is everybody's who works
    there."""
    held = Position.objects.in_force_on(asked.period.last_day).filter(staff__in=asked.people)
    places = {person: _workplace(post, kind) for person, post, kind in held.values_list("staff", "post", "team__kind")}
    found = _points_by(asked, source, "list__area")
    return {person: found[place] for person, place in places.items() if place in found}


def _workplace(post: str, team_kind: str | None) -> Area | None:
    place = WORKPLACES.get(post)
    return Area.BODY_SHOP if place == Area.WORKSHOP and team_kind == TeamKind.BODY_PAINT else place


def _points_by(asked, source: str, whose: str, **condition) -> dict:
    """Points given ÷ full points, out of 100, of the rounds walked in the month, by a field of theirs; each round a
    row."""
    start, end = asked.bounds
    walked = (
        SiteRound.objects.walked()
        .filter(store=asked.store, walked_at__gte=start, walked_at__lt=end, **condition)
        .order_by("walked_at", "pk")
        .values_list(whose, "pk", "list__name", "walked_at", "full", "given")
    )
    sums: dict[object, list] = defaultdict(lambda: [0, Decimal(0)])
    rows = defaultdict(list)
    for key, pk, name, moment, full, given in walked:
        sums[key][0] += full
        sums[key][1] += given
        rows[key].append(Row("check", name, asked.day(moment), f"{given.normalize():f}/{full}", pk))
    return {
        key: Fact(source, FIGURE, tuple(rows[key]), Decimal(len(rows[key])), given * HUNDRED / full)
        for key, (full, given) in sums.items()
    }


def late_findings(asked, source: str) -> dict[int, Fact]:
    """Findings one had to put right by a day of the month that were late or are not put right; each a row."""
    today = asked.at.astimezone(asked.store.tz).date()
    first, last = asked.period.first_day, asked.period.last_day
    found = (
        SiteFinding.objects.filter(store=asked.store, owner__in=asked.people, due_on__range=(first, last))
        .filter(Q(due_on__lt=today) | Q(remedied_at__isnull=False))
        .annotate(remedied_on=TruncDate("remedied_at", tzinfo=asked.store.tz))
        .order_by("due_on", "pk")
        .values_list("owner", "pk", "what", "due_on", "remedied_on")
    )
    base: dict[int, int] = defaultdict(int)
    rows = defaultdict(list)
    for person, pk, what, due_on, remedied_on in found:
        base[person] += 1
        if remedied_on is None or remedied_on > due_on:
            rows[person].append(Row("finding", what, due_on.isoformat(), "", pk))
    return {person: Fact(source, FAILURES, tuple(rows[person]), Decimal(count)) for person, count in base.items()}
