"""The month's sheets: whose, in what state, who is missing, whose turn it is."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from dealer_crm.access.permissions import Permission
from dealer_crm.access.roles import PERMISSIONS, Role
from dealer_crm.appraisal.choices import LineKind, Origin, ScaleKind, SheetState
from dealer_crm.appraisal.formulas import Explained, from_json, total
from dealer_crm.appraisal.models import Indicator, Score, ScorecardVersion, Sheet, SheetAppeal, SheetLine
from dealer_crm.appraisal.queries.cards import versions_in_force
from dealer_crm.appraisal.queries.words import scale_in_words, sentence_of
from dealer_crm.appraisal.settings import APPEAL_DAYS, SELF_SCORE_DAYS
from dealer_crm.organization.models import Position, Staff, Store
from dealer_crm.organization.queries import figure, staff_with_role
from dealer_crm.values import Period


# ── Whose ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def people_judged(store: Store, period: Period) -> list[tuple[Staff, ScorecardVersion]]:
    """Everybody of a store whose post at the month's end has a card, with the version that holds; by work number."""
    versions = versions_in_force(store, period)
    posts = _posts(store, period)
    people = Staff.objects.filter(pk__in=posts).employed_on(period.first_day).order_by("work_number")
    return [(person, versions[posts[person.pk]]) for person in people if posts[person.pk] in versions]


def _posts(store: Store, period: Period) -> dict[int, str]:
    """Staff id → post on the month's last day; who has moved to another store by then is no longer of this one."""
    in_force = Position.objects.in_force_on(period.last_day)
    held = Position.objects.filter(pk__in=in_force.values("pk"), store=store).exclude(post="")
    return dict(held.values_list("staff", "post"))


def sees_all_sheets(staff: Staff) -> bool:
    """Who reviews or pays for the store; others see the sheets they enter points on, and their own."""
    return staff.can(Permission.SHEET_REVIEW) or staff.can(Permission.RUN_VIEW)


def sheets_for(staff: Staff) -> QuerySet[Sheet]:
    """The sheets a person may look at on the pages of the store."""
    rows = Sheet.objects.visible_to(staff).select_related("store", "staff", "version_of_card__card", "reviewed_by")
    if sees_all_sheets(staff):
        return rows
    entered = Indicator.objects.filter(version=OuterRef("version_of_card"), role__in=staff.roles)
    return rows.filter(Exists(entered)).exclude(staff=staff)


def own_sheets(staff: Staff) -> QuerySet[Sheet]:
    return Sheet.objects.filter(staff=staff).select_related("store", "staff", "version_of_card__card", "reviewed_by")


def lines_of(sheet: Sheet) -> list[SheetLine]:
    rows = sheet.lines.select_related("indicator", "given_by").order_by("indicator__place", "pk")
    return list(rows)


# ── A month ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class SheetRow:
    """A sheet in the month's list. `points`: as they stand; `waiting`: lines nobody has entered yet; `score`: what pay
    counts, where it is another."""

    sheet: Sheet
    points: Decimal
    waiting: int
    has_appeal: bool
    score: Score | None


@dataclass(frozen=True)
class MonthOfSheets:
    """`missing`: judged by a card and without a sheet; `unjudged`: with a post that no card judges."""

    rows: list[SheetRow]
    missing: list[Staff]
    unjudged: list[Staff]

    @property
    def by_state(self) -> list[tuple[SheetState, int]]:
        return [(state, sum(row.sheet.state == state for row in self.rows)) for state in SheetState]


def month_of_sheets(store: Store, period: Period, reader: Staff, *, state: str = "") -> MonthOfSheets:
    """The sheets of a store's month as one person may see them: the same few queries, however many people."""
    lines = SheetLine.objects.select_related("indicator")
    sheets = list(
        sheets_for(reader)
        .filter(store=store, period=str(period))
        .select_related("appeal")
        .prefetch_related(Prefetch("lines", lines))
        .order_by("staff__work_number")
    )
    known = Score.objects.filter(staff__in=[sheet.staff_id for sheet in sheets], period=str(period))
    scores = {score.staff_id: score for score in known}
    rows = [_row(sheet, scores.get(sheet.staff_id)) for sheet in sheets if state in ("", sheet.state)]
    if not sees_all_sheets(reader):
        return MonthOfSheets(rows, [], [])
    posts, judged = _posts(store, period), versions_in_force(store, period)
    there = {sheet.staff_id for sheet in sheets}
    people = Staff.objects.filter(pk__in=set(posts) - there).employed_on(period.first_day).order_by("work_number")
    without = list(people)
    return MonthOfSheets(
        rows,
        [person for person in without if posts[person.pk] in judged],
        [person for person in without if posts[person.pk] not in judged],
    )


def _row(sheet: Sheet, score: Score | None) -> SheetRow:
    lines = list(sheet.lines.all())
    appeal = getattr(sheet, "appeal", None)
    return SheetRow(
        sheet=sheet,
        points=points_of(lines),
        waiting=sum(line.holds is None for line in lines),
        has_appeal=appeal is not None and appeal.decided_at is None,
        score=score if score and score.score != sheet.points and sheet.is_final else None,
    )


def points_of(lines: Iterable[SheetLine]) -> Decimal:
    """The score as the lines stand; what nobody has entered yet counts nothing."""
    return total(line.holds for line in lines if line.holds is not None)


def score_of(sheet: Sheet) -> Score | None:
    """What pay counts for the person's month."""
    return Score.objects.filter(staff=sheet.staff_id, period=sheet.period).select_related("entered_by").first()


def imported_score(staff: Staff, period: Period) -> Score | None:
    """A score that came by workbook: it stays as given."""
    return Score.objects.filter(staff=staff, period=str(period), origin=Origin.IMPORTED).first()


# ── A sheet as it is read ────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class LineShown:
    """A line with its words. `sentence`: why it has its points, or who gave them for what."""

    line: SheetLine
    scale: str
    sentence: str

    @property
    def indicator(self) -> Indicator:
        return self.line.indicator


def sections_of(lines: Iterable[SheetLine]) -> list[tuple[str, list[LineShown]]]:
    """The lines by section, in the order of the card."""
    sections: dict[str, list[LineShown]] = defaultdict(list)
    for line in lines:
        one = line.indicator
        sentence = line.given_note if line.is_entered else sentence_of(from_json(line.explanation))
        sections[one.section].append(LineShown(line, scale_in_words(one.rule, one.role), sentence))
    return list(sections.items())


def explanation_of(line: SheetLine) -> Explained | None:
    return None if line.explanation is None else from_json(line.explanation)


# ── Whose turn ───────────────────────────────────────────────────────────────────────────────────────────────────────
def self_score_until(sheet: Sheet) -> date:
    """The last day of the self-score: the day the sheet was opened doesn't count."""
    opened = sheet.opened_at.astimezone(sheet.store.tz).date()
    return opened + timedelta(days=int(figure(SELF_SCORE_DAYS, store=sheet.store, on=opened)))


def appeal_until(sheet: Sheet) -> date | None:
    """The last day on which the person may appeal; None while nothing is final."""
    if not sheet.is_final:
        return None
    told = sheet.reviewed_at.astimezone(sheet.store.tz).date()
    return told + timedelta(days=int(figure(APPEAL_DAYS, store=sheet.store, on=told)))


def roles_entering(version: ScorecardVersion) -> set[str]:
    return set(
        version.indicators.filter(scale=ScaleKind.GIVEN).exclude(role="").values_list("role", flat=True)
    )  # fmt: skip


def enterers_of(sheet: Sheet) -> list[Staff]:
    """Who enters points on a sheet: the people of its roles but the person themselves."""
    roles = [Role(role) for role in roles_entering(sheet.version_of_card)]
    people = staff_with_role(sheet.store, *roles) if roles else []
    return [person for person in people if person.pk != sheet.staff_id]


def lines_to_enter(lines: Iterable[SheetLine], staff: Staff) -> list[SheetLine]:
    """The lines of a sheet whose points this person gives."""
    return [line for line in lines if line.is_entered and line.indicator.role in staff.roles]


def own_lines(lines: Iterable[SheetLine]) -> list[SheetLine]:
    """The lines a person gives their own points for: the indicators that are entered."""
    return [line for line in lines if line.is_entered and line.indicator.kind == LineKind.INDICATOR]


def reviewers_of(sheet: Sheet) -> list[Staff]:
    """Who does the final review: neither the person nor who gave the points, unless there is nobody else."""
    gave = set(sheet.lines.exclude(given_by=None).values_list("given_by", flat=True))
    return _first_of(people_who(sheet.store, Permission.SHEET_REVIEW), {sheet.staff_id}, gave)


def deciders_of(appeal: SheetAppeal) -> list[Staff]:
    """Who answers an appeal: neither the person nor who reviewed, unless there is nobody else."""
    people = people_who(appeal.sheet.store, Permission.APPEAL_DECIDE)
    return _first_of(people, {appeal.staff_id}, {appeal.reviewed_by_id})


def people_who(store: Store, permission: Permission) -> list[Staff]:
    """The people of a store who hold a permission by one of their roles."""
    return list(staff_with_role(store, *[role for role, allowed in PERMISSIONS.items() if permission in allowed]))


def _first_of(people: list[Staff], never: set[int], rather_not: set[int]) -> list[Staff]:
    able = [person for person in people if person.pk not in never]
    return [person for person in able if person.pk not in rather_not] or able


def sheets_to_enter(staff: Staff) -> QuerySet[Sheet]:
    """Sheets with lines of this person's roles that nobody has given points for."""
    open_line = SheetLine.objects.filter(
        sheet=OuterRef("pk"), explanation__isnull=True, given_points=None, indicator__role__in=staff.roles
    )
    waiting = Sheet.objects.visible_to(staff).filter(state=SheetState.ENTRY).exclude(staff=staff)
    return waiting.filter(Exists(open_line)).select_related("staff").order_by("period", "staff__work_number")


def sheets_of_others_in_review(staff: Staff) -> QuerySet[Sheet]:
    """The sheets that wait for a final review this person could be the one to do."""
    waiting = Sheet.objects.visible_to(staff).filter(state=SheetState.REVIEW).exclude(staff=staff)
    return waiting.select_related("store", "staff").order_by("period", "staff__work_number")


def sheets_to_review(staff: Staff, rows: list[Sheet]) -> list[Sheet]:
    """Those of them that wait for this person: two questions for each store, however many sheets."""
    if not rows:
        return []
    gave: dict[int, set[int]] = defaultdict(set)
    for sheet, person in (
        SheetLine.objects.filter(sheet__in=rows).exclude(given_by=None).values_list("sheet", "given_by")
    ):
        gave[sheet].add(person)
    people = {store: people_who(store, Permission.SHEET_REVIEW) for store in {sheet.store for sheet in rows}}
    return [sheet for sheet in rows if staff in _first_of(people[sheet.store], {sheet.staff_id}, gave[sheet.pk])]


def own_to_score(staff: Staff) -> QuerySet[Sheet]:
    """One's own sheets that wait for the self-score."""
    return own_sheets(staff).filter(state=SheetState.SELF)


def appeals_for(staff: Staff) -> QuerySet[SheetAppeal]:
    """The appeals of the store that this person could have to do with as one who decides."""
    rows = SheetAppeal.objects.visible_to(staff).exclude(staff=staff)
    return rows.select_related("sheet__store", "sheet__version_of_card__card", "staff", "reviewed_by", "decided_by")


def appeals_to_decide(staff: Staff, waiting: list[SheetAppeal] | None = None) -> list[SheetAppeal]:
    """Appeals that wait for this person's answer: a few questions, however many appeals. `waiting`: the open ones,
    where they were asked already."""
    waiting = list(appeals_for(staff).undecided().order_by("appealed_at")) if waiting is None else waiting
    stores = {appeal.sheet.store for appeal in waiting}
    people = {store: people_who(store, Permission.APPEAL_DECIDE) for store in stores}
    return [
        appeal
        for appeal in waiting
        if staff in _first_of(people[appeal.sheet.store], {appeal.staff_id}, {appeal.reviewed_by_id})
    ]


def lines_in(sheets: QuerySet[Sheet]) -> QuerySet[SheetLine]:
    """The lines of some sheets, with what their own page shows."""
    rows = SheetLine.objects.filter(sheet__in=sheets.order_by().values("pk"))
    return rows.select_related("sheet__staff", "indicator", "given_by")
