"""Last month's score sheets: most are final, some wait for the supervisor or the review, one is appealed against.

Everything goes through the actions the pages use.
"""

from datetime import datetime, time, timedelta
from decimal import Decimal
from random import Random

from commission.actions import compute_run
from dealer_crm.appraisal import actions, queries
from dealer_crm.appraisal.choices import LineKind
from dealer_crm.appraisal.models import Sheet
from dealer_crm.organization.models import Staff
from dealer_crm.seeding.people import House
from dealer_crm.values import Period

# Who enters the points of whom, by the letters of the short work numbers; left out: those whose points still wait.
_ENTERED = (("A", "F01", ("A04",)), ("T", "W01", ("T03", "T08")), ("H0", "H09", ("H02", "H09")), ("H09", "M01", ()))
_UNDER_REVIEW = ("A03", "T05", "H09")
_WORDS = ("当月检查两次未达标", "抽查记录不完整", "现场整改迟一天", "培训笔记缺一次", "例会迟到一次")


def judge_people(house: House, random: Random, at: datetime) -> None:
    """The sheets of last month as they stand today, and last month's pay counted with their scores."""
    period = Period.of(at, house.store.tz).previous()
    opened = min(at, datetime.combine(period.next().first_day, time(9, 30), house.store.tz))
    actions.open_sheets(store=house.store, period=period, at=opened)
    sheets = {sheet.staff_id: sheet for sheet in Sheet.objects.filter(store=house.store, period=str(period))}
    reviewed = max(opened, at - timedelta(days=1))
    for letters, enterer, waiting in _ENTERED:
        for person in house.of(letters):
            short = person.work_number.removeprefix(house.store.code)
            if person.pk in sheets and sheets[person.pk].state == "self":
                given = min(at, opened + timedelta(hours=random.randint(2, 50)))
                sheets[person.pk] = _score_self(random, sheets[person.pk], person, given)
            if short in waiting or person.pk not in sheets:
                continue
            sheet = _enter(random, sheets[person.pk], house.staff[enterer], max(opened, at - timedelta(days=3)))
            if short not in _UNDER_REVIEW:
                sheets[person.pk] = actions.finish_review(
                    sheet=sheet, changes={}, remark="", by=house.staff["M01"], at=reviewed
                )  # fmt: skip
    actions.go_on_without_self_score(store=house.store, at=at)
    _appeal(house, sheets, at)
    compute_run(store=house.store, period=period, by=house.staff["L01"], at=at)


def _score_self(random: Random, sheet: Sheet, person: Staff, at: datetime) -> Sheet:
    points = {
        line.pk: max(line.indicator.points - random.choice((0, 0, 0, 1)), Decimal(0))
        for line in queries.own_lines(queries.lines_of(sheet))
    }
    return actions.score_self(sheet=sheet, points=points, remark="", by=person, at=at)


def _enter(random: Random, sheet: Sheet, enterer: Staff, at: datetime) -> Sheet:
    """Full points but for one or two lines, one in three with a word of praise."""
    lines = queries.lines_to_enter(queries.lines_of(sheet), enterer)
    points, notes = {}, {}
    for line in lines:
        is_own = line.indicator.kind == LineKind.INDICATOR
        points[line.pk] = line.indicator.points if is_own else Decimal(0)
    for line in random.sample([line for line in lines if line.indicator.kind == LineKind.INDICATOR], k=1):
        points[line.pk] -= random.choice((1, 2))
        notes[line.pk] = random.choice(_WORDS)
    praise = next((line for line in lines if line.indicator.kind == LineKind.BONUS), None)
    if praise and random.random() < 0.34:
        points[praise.pk], notes[praise.pk] = Decimal(1), "客户送锦旗一面"
    return actions.enter_points(sheet=sheet, points=points, notes=notes, by=enterer, at=at)


def _appeal(house: House, sheets: dict[int, Sheet], at: datetime) -> None:
    """One advisor contradicts; the station manager has not answered yet."""
    person = house.staff["A02"]
    text = "有一台延误是等保险公司定损，客户已确认改期，请核减一台延误车辆。"
    actions.make_sheet_appeal(sheet=sheets[person.pk], text=text, by=person, at=at)
