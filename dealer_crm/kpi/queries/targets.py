"""Targets, whom they bind, who has not signed yet, what a month's parts miss to the whole."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet

from dealer_crm.kpi.choices import Measure
from dealer_crm.kpi.models import Target
from dealer_crm.kpi.queries.measures import MEASURES
from dealer_crm.kpi.settings import SIGN_NOTICE_DAYS
from dealer_crm.organization.choices import Post
from dealer_crm.organization.models import Position, Staff, Store
from dealer_crm.organization.queries import figure
from dealer_crm.values import Period

_WORKSHOP = (Post.TECHNICIAN, Post.TEAM_LEADER)
_CUSTOMER_CARE = (Post.CALLBACK_AGENT, Post.CRC_SUPERVISOR)
# Whom a store target of a measure binds, so who signs it. Source: spec commission.md, A (targets of the month).
_BOUND_POSTS = {
    Measure.ACCESSORY_SALES: (Post.ACCESSORY_SELLER,),
    Measure.EXTERNAL_COMEBACK: _WORKSHOP,
    Measure.INTERNAL_REWORK: _WORKSHOP,
    Measure.FIRST_TIME_FIX: _WORKSHOP,
    Measure.LABOUR_UTILISATION: _WORKSHOP,
    Measure.WORK_EFFICIENCY: _WORKSHOP,
    Measure.PARTS_FILL: (Post.PARTS_CLERK,),
    Measure.CALL_COVERAGE: _CUSTOMER_CARE,
    Measure.CALL_IN_WINDOW: _CUSTOMER_CARE,
    Measure.CALL_CONNECTED: _CUSTOMER_CARE,
    Measure.COMPLAINT_REPLIED: _CUSTOMER_CARE,
    Measure.COMPLAINT_SOLVED: _CUSTOMER_CARE,
    Measure.COMPLAINT_CONTENT: _CUSTOMER_CARE,
}
_BOUND_BY_DEFAULT = (Post.ADVISOR, Post.ADVISOR_ASSISTANT)


@dataclass(frozen=True)
class Aim:
    """What a target is of: a measure in a month, of the store, a team or a person, of all orders or of one type."""

    measure: str
    period: Period
    team_id: int | None = None
    staff_id: int | None = None
    order_kind: str = ""


def aim_of(target: Target) -> Aim:
    return Aim(target.measure, Period.parse(target.period), target.team_id, target.staff_id, target.order_kind)


def is_ceiling(measure: str) -> bool:
    """Whether the measure is to be at most its goal."""
    entry = MEASURES.get(measure)
    return entry is not None and entry.is_ceiling


# ── Whom it binds ────────────────────────────────────────────────────────────────────────────────────────────────────
def bound_staff(target: Target) -> QuerySet[Staff]:
    """The people a target binds: the one it names, or when the month begins the team's people or everyone in the posts
    of the measure."""
    if target.staff_id:
        return Staff.objects.filter(pk=target.staff_id)
    first = Period.parse(target.period).first_day
    in_force = Position.objects.in_force_on(first).filter(staff__store_id=target.store_id)
    wanted = Q(team=target.team_id) if target.team_id else Q(post__in=posts_of(target.measure))
    holders = Position.objects.filter(wanted, pk__in=in_force.values("pk")).values("staff")
    return Staff.objects.filter(pk__in=holders).employed_on(first).order_by("work_number")


def posts_of(measure: str) -> tuple[Post, ...]:
    return _BOUND_POSTS.get(Measure(measure), _BOUND_BY_DEFAULT)


def month_targets(store: Store, period: Period) -> QuerySet[Target]:
    return Target.objects.filter(store=store, period=str(period)).select_related("store", "staff", "team")


def store_goals(store: Store, period: Period) -> dict[str, Decimal]:
    """What the whole store is to reach in a month: measure → goal."""
    rows = Target.objects.filter(store=store, period=str(period), staff=None, team=None, order_kind="")
    return dict(rows.values_list("measure", "goal"))


# ── Signing ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def unsigned_targets_near(staff: Staff) -> QuerySet[Target]:
    """Unsigned targets of this person, of a team the person is or was in, and of the store if they bind a post
    the person has or had; whether they bind the person in their month has to be looked at."""
    bound = Q(staff=staff) | Q(Exists(staff.positions.filter(team=OuterRef("team"))), staff=None)
    for posts in {posts_of(measure) for measure in Measure}:
        held = Exists(staff.positions.filter(post__in=posts))
        bound |= Q(held, staff=None, measure__in=[measure for measure in Measure if posts_of(measure) == posts])
    return (
        Target.objects.filter(bound, store_id=staff.store_id, is_signed=False)
        .exclude(signatures__staff=staff)
        .select_related("team", "staff")
        .order_by("period", "measure", "order_kind")
    )


def unsigned_targets_of(
    staff: Staff, *, until: Period | None = None, since: Period | None = None, near: list[Target] | None = None
) -> list[Target]:
    """Targets that bind this person and wait for their signature, of the months `since` to `until`. `near`: where they
    were asked already."""
    waiting = unsigned_targets_near(staff) if near is None else near
    held = _Held(staff)
    return [
        target
        for target in waiting
        if (until is None or target.period <= str(until))
        and (since is None or target.period >= str(since))
        and (target.staff_id or held.binds(target))
    ]


def binding(staff: Staff, targets: Iterable[Target]) -> list[Target]:
    """Those of some targets that bind a person: named, or by their team or post when the month begins."""
    held = _Held(staff)
    return [one for one in targets if one.staff_id == staff.pk or (one.staff_id is None and held.binds(one))]


class _Held:
    """What one person is on the first days of months, asked once for all of them."""

    def __init__(self, staff: Staff):
        self.staff = staff
        self._rows: list[Position] | None = None

    def binds(self, target: Target) -> bool:
        first = Period.parse(target.period).first_day
        held = self._on(first)
        if held is None or not _is_employed(self.staff, first):
            return False
        return held.team_id == target.team_id if target.team_id else held.post in posts_of(target.measure)

    def _on(self, day: date) -> Position | None:
        if self._rows is None:
            self._rows = list(self.staff.positions.order_by("starts_on"))
        return next((row for row in reversed(self._rows) if row.starts_on <= day), None)


def _is_employed(staff: Staff, day: date) -> bool:
    return (staff.hired_on is None or staff.hired_on <= day) and (staff.left_on is None or staff.left_on >= day)


@dataclass(frozen=True)
class Waiting:
    """A person and the targets of a month they have not signed."""

    staff: Staff
    targets: list[Target]


def waiting_for(store: Store, period: Period) -> list[Waiting]:
    """Whose signature a month's targets wait for, by work number; three statements, however many targets and people."""
    targets = list(
        month_targets(store, period).filter(is_signed=False).prefetch_related("signatures").order_by("measure", "pk")
    )
    if not targets:
        return []
    held = list(
        Position.objects.in_force_on(period.first_day).filter(staff__store=store).select_related("staff", "team")
    )
    found: dict[int, list[Target]] = defaultdict(list)
    people = {row.staff_id: row.staff for row in held if _is_employed(row.staff, period.first_day)}
    people |= {target.staff_id: target.staff for target in targets if target.staff_id}
    for target in targets:
        signed = {signature.staff_id for signature in target.signatures.all()}
        for person in _bound(target, held, people) - signed:
            found[person].append(target)
    order = sorted(found, key=lambda person: people[person].work_number)
    return [Waiting(people[person], found[person]) for person in order]


def _bound(target: Target, held: list[Position], people: dict[int, Staff]) -> set[int]:
    if target.staff_id:
        return {target.staff_id}
    posts = posts_of(target.measure)
    return {
        row.staff_id
        for row in held
        if row.staff_id in people and (row.team_id == target.team_id if target.team_id else row.post in posts)
    }


def months_to_sign(store: Store, on: date) -> tuple[Period, Period]:
    """The months whose targets are to be signed now: last month's still, and those that begin within the notice."""
    notice = figure(SIGN_NOTICE_DAYS, store=store, on=on)
    return Period.of(on).previous(), Period.of(on + timedelta(days=notice))
