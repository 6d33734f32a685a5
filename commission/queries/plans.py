"""Plans: which version holds when, where two differ, what a dry run came to. Source: spec `commission.md` (Plans)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from operator import attrgetter

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from commission.choices import PlanState, RunState
from commission.formulas.comparison import BlockChange, block_changes
from commission.formulas.plan import VAT_DIVISOR_NOW, Block, HoursPrice, plan_from_json
from commission.models import DryRun, DryRunMonth, Plan, PlanVersion, Run
from commission.queries.facts import version_in_force
from commission.queries.words import notice_from_json, parameter_word, parameters_in_words, said
from dealer_crm.organization.models import Staff, Store
from dealer_crm.reporting.queries import claimable
from dealer_crm.values import Period
from reception.models import RepairOrder

# A dry run over so many cars is made while the page waits, in a second or two; a longer one by a worker.
SMALL = 400


# ── versions ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def versions_for(staff: Staff) -> list[PlanVersion]:
    """Every version a person may see, latest first, each with the last month it holds for (`until`, None: open)."""
    rows = (
        PlanVersion.objects.visible_to(staff)
        .select_related("plan__store", "approved_by", "created_by", "changed_by")
        .defer("rules")
        .order_by("plan__store__code", "-number")
    )
    versions = list(rows)
    starts = defaultdict(list)
    for version in versions:
        if version.state == PlanState.APPROVED:
            starts[version.plan_id].append(version.starts_period)
    for version in versions:
        version.until = _until(version, starts[version.plan_id])
    return versions


def holds_until(version: PlanVersion) -> Period | None:
    """The last month an approved version holds for; None while no later one is approved, and for drafts."""
    return _until(version, version.plan.versions.approved().values_list("starts_period", flat=True))


def _until(version: PlanVersion, starts: Iterable[str]) -> Period | None:
    later = min((month for month in starts if month > version.starts_period), default=None)
    return Period.parse(later).previous() if later and version.state == PlanState.APPROVED else None


def first_free_month(plan: Plan, at: datetime) -> Period:
    """The first month a new version can start in: after this one and every locked one, where no approved one starts."""
    locked = (
        Run.objects.filter(store=plan.store_id, state=RunState.LOCKED)
        .order_by("-period")
        .values_list("period", flat=True)
        .first()
    )
    month = max(Period.of(at, plan.store.tz), Period.parse(locked) if locked else Period.of(at, plan.store.tz)).next()
    taken = set(plan.versions.approved().values_list("starts_period", flat=True))
    while str(month) in taken:
        month = month.next()
    return month


def offers_divisor(store: Store, period: Period) -> bool:
    """Whether the ready version with the VAT divisor of today is worth offering: the one in force has another."""
    version = version_in_force(store, period)
    hours = plan_from_json(version.rules).of(HoursPrice) if version else ()
    return any(block.divisor != VAT_DIVISOR_NOW for block in hours)


def versions_to_approve(staff: Staff) -> QuerySet[PlanVersion]:
    """Drafts that wait for this person's approval; nobody approves what they wrote."""
    rows = PlanVersion.objects.visible_to(staff).asked().exclude(created_by=staff).exclude(changed_by=staff)
    return rows.select_related("plan__store").defer("rules").order_by("asked_at")


# ── side by side ─────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Compared:
    """A rule in two versions: every parameter in words, and whether it differs. `kind`: same, changed, new, gone."""

    code: str
    title: str
    kind: str
    rows: list[tuple[str, str, str, bool]]


def compared(before: PlanVersion, after: PlanVersion) -> list[Compared]:
    """Two versions rule by rule."""
    return [_compared(change) for change in block_changes(plan_from_json(before.rules), plan_from_json(after.rules))]


def _compared(change: BlockChange) -> Compared:
    old, new = _words_of(change.before), _words_of(change.after)
    changed = {parameter_word(name) for name in change.parameters} if change.before and change.after else {*old, *new}
    names = [*new, *(name for name in old if name not in new)]
    kind = "new" if change.before is None else "gone" if change.after is None else "same" if change.is_same else ""
    rows = [(name, old.get(name, "—"), new.get(name, "—"), name in changed) for name in names]
    title = (change.after or change.before).title
    return Compared(change.code, _(title), kind or "changed", rows)


def _words_of(block: Block | None) -> dict[str, str]:
    return {parameter_word("title"): _(block.title), **dict(parameters_in_words(block))} if block else {}


# ── dry runs ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def current_dry_run(version: PlanVersion) -> DryRun | None:
    """The latest dry run of a version as it stands now; one of an earlier saving, or in which no month could be worked
    out, tried something else."""
    made = version.dry_runs.made().filter(revision=version.revision, parts__problems=[])
    return made.distinct().order_by("-made_at", "-pk").first()


def dry_runs_of(version: PlanVersion) -> QuerySet[DryRun]:
    return version.dry_runs.select_related("asked_by").order_by("-pk")


def claimable_dry_runs(at: datetime) -> QuerySet[DryRun]:
    return claimable(DryRun.objects.all(), at).order_by("asked_at", "pk")


def is_small(dry_run: DryRun) -> bool:
    """Whether it is made in a second or two, while the page waits."""
    store = dry_run.version.plan.store
    first, last = Period.parse(dry_run.first_period), Period.parse(dry_run.last_period)
    start, end = first.bounds(store.tz)[0], last.bounds(store.tz)[1]
    cars = RepairOrder.objects.filter(store=store, arrived_at__gte=start, arrived_at__lt=end)
    return cars[: SMALL + 1].count() <= SMALL


def dry_run_key(dry_run_id: int) -> str:
    """Under which its progress is told."""
    return f"dry run {dry_run_id}"


def months_to_try(store: Store, at: datetime) -> tuple[Period, Period]:
    """What is proposed: the last three locked months, else the last month that is over."""
    over = Period.of(at, store.tz).previous()
    locked = Run.objects.filter(store=store, state=RunState.LOCKED).order_by("-period").values_list("period", flat=True)
    months = [Period.parse(month) for month in locked[:3]]
    return (months[-1], months[0]) if months else (over, over)


def paid_in(store: Store, month: Period) -> Decimal | None:
    """What the locked run of a month paid; None where none is locked."""
    rows = Run.objects.filter(store=store, period=str(month), state=RunState.LOCKED)
    return rows.values_list("net_total_amount", flat=True).first()


@dataclass(frozen=True)
class Change:
    """What somebody, or a rule, or a month comes to before and after; `gain` is below zero for who loses."""

    subject: object
    before: Decimal
    after: Decimal

    @property
    def gain(self) -> Decimal:
        return self.after - self.before

    @property
    def order(self) -> tuple[int, Decimal]:
        """Who loses most first, then who gains most, then whom it leaves alone."""
        return (0 if self.gain < 0 else 1 if self.gain > 0 else 2), -abs(self.gain)

    @property
    def rate(self) -> Decimal | None:
        return self.gain / self.before if self.before else None

    @property
    def tone(self) -> str:
        return "success" if self.gain > 0 else "danger" if self.gain < 0 else ""


@dataclass(frozen=True)
class TriedMonth:
    """A month of a dry run; `drift`: documents changed since it was paid, so that today's figures differ from it."""

    part: DryRunMonth
    change: Change
    drift: Decimal | None
    problems: list[str]


@dataclass(frozen=True)
class DryRunResult:
    """What a dry run came to: its months, who gains and loses most first, the rules that make the difference."""

    months: list[TriedMonth]
    people: list[Change]
    rules: list[Change]
    total: Change

    @property
    def winners(self) -> list[Change]:
        return [one for one in self.people if one.gain > 0]

    @property
    def losers(self) -> list[Change]:
        return [one for one in self.people if one.gain < 0]


def result_of(dry_run: DryRun) -> DryRunResult:
    """In a fixed number of queries, however many people and months."""
    lines = list(dry_run.lines.select_related("staff"))
    people = _summed((line.staff, line) for line in lines)
    rules = _summed(((line.item, line.name), line) for line in lines)
    months = [_tried(part) for part in dry_run.parts.select_related("against__plan").order_by("period")]
    return DryRunResult(
        months=months,
        people=sorted(people, key=lambda one: (*one.order, one.subject.work_number)),
        rules=[one for one in sorted(rules, key=attrgetter("subject")) if one.before or one.after],
        total=Change(
            "", sum((one.before for one in people), Decimal(0)), sum((one.after for one in people), Decimal(0))
        ),
    )


def _tried(part: DryRunMonth) -> TriedMonth:
    return TriedMonth(
        part=part,
        change=Change(part.period, part.before_amount, part.after_amount),
        drift=None if part.paid_amount is None or part.problems else part.before_amount - part.paid_amount,
        problems=[said(notice_from_json(kept)) for kept in part.problems],
    )


def _summed(pairs) -> list[Change]:
    amounts: dict[object, list[Decimal]] = defaultdict(lambda: [Decimal("0.00"), Decimal("0.00")])
    for subject, line in pairs:
        amounts[subject][0] += line.before_amount
        amounts[subject][1] += line.after_amount
    return [Change(subject, *sums) for subject, sums in amounts.items()]


def lines_of_person(dry_run: DryRun, staff: Staff) -> list[tuple[str, str, Change]]:
    """What a person's difference is made of: month, rule, before and after."""
    lines = dry_run.lines.filter(staff=staff).order_by("period", "item")
    return [(line.period, _(line.name), Change(line.item, line.before_amount, line.after_amount)) for line in lines]
