"""A year of targets, and the goal meetings of the months gone by."""

from datetime import datetime, timedelta
from decimal import Decimal

from dealer_crm.kpi.actions import Aim, Said, Wish, finish_line, hold_meeting, open_meeting, set_targets, write_meeting
from dealer_crm.kpi.choices import Measure
from dealer_crm.kpi.models import GoalLine, Target
from dealer_crm.organization.choices import TeamKind
from dealer_crm.seeding.people import House
from dealer_crm.values import Period
from reception.choices import OrderKind

_SAID = {
    "output": ("淡季进店少，预约率偏低", "周末保养套餐＋流失客户短信回访", "F01", 12),
    "margin": ("配件进价上涨，外协占比偏高", "集中采购议价，轮毂修复改为店内自修", "W01", 20),
    "on_time": ("交车前洗车排队", "午前完工车辆优先洗车，错峰交车", "A01", 8),
    "external_comeback": ("新技师独立作业，复检不到位", "班组长签字后方可终检，每周通报返修", "W01", 20),
    "labour_utilisation": ("派工不均衡，工位等件", "早会按技能派工，配件提前一天备齐", "W01", 20),
    "call_coverage": ("旺时话务集中，三日内未拨完", "下班前清单交接，未拨通次日首拨", "H09", 15),
    "csi": ("等待时间说明不足", "每30分钟主动告知进度，延误先致电", "A01", 10),
}
_OTHERWISE = ("流程执行不到位", "班前会通报，每周抽查五单", "F01", 15)
_MATTERS = 4
"""Measure → cause, countermeasure, whose (short work number), days from the meeting; so many are missed at most."""


def set_goals(house: House, at: datetime) -> None:
    """Of this month and the next: rates of the store, output of people, teams and a type of orders; next year's plan
    begun. What the months gone by are held against stands already."""
    this, teams = Period.of(at, house.store.tz), list(house.teams.values())
    crews = [team for team in teams if team.kind in (TeamKind.MECHANICAL, TeamKind.BODY_PAINT)]
    fitters = [team for team in teams if team.kind == TeamKind.INSTALLATION]
    wishes = []
    for period in (this, this.next()):
        output = Target.objects.filter(store=house.store, period=str(period), measure=Measure.OUTPUT).first()
        whole = output.goal if output else Decimal(100_000)
        advisors = house.of("A")
        part = (whole / max(len(advisors), 1)).quantize(Decimal(1000))
        wishes += [
            Wish(Aim(Measure.CSI, period), Decimal(920), Decimal(900)),
            Wish(Aim(Measure.ON_TIME, period), Decimal("0.97"), Decimal("0.95")),
            Wish(Aim(Measure.EXTERNAL_COMEBACK, period), Decimal("0.005"), Decimal("0.01")),
            Wish(Aim(Measure.ACCESSORY_SALES, period), (whole / 8).quantize(Decimal(1000))),
            Wish(Aim(Measure.OUTPUT, period, order_kind=OrderKind.ACCIDENT.value), whole / 5),
            Wish(Aim(Measure.MARGIN, period, order_kind=OrderKind.MAINTENANCE.value), whole / 5),
            Wish(Aim(Measure.MARGIN, period, order_kind=OrderKind.ACCIDENT.value), whole / 8),
            *(Wish(Aim(Measure.OUTPUT, period, staff_id=person.pk), part) for person in advisors),
            *(Wish(Aim(Measure.MARGIN, period, staff_id=person.pk), part / 2) for person in advisors),
            *(
                Wish(Aim(Measure.OUTPUT, period, team_id=team.pk), (whole / len(crews)).quantize(Decimal(1000)))
                for team in crews
            ),
            *(
                Wish(Aim(Measure.ACCESSORY_SALES, period, team_id=team.pk), (whole / 20).quantize(Decimal(1000)))
                for team in fitters
            ),
        ]
    wishes += [Wish(Aim(Measure.CAR_COUNT, Period(this.year + 1, month)), Decimal(60 + month)) for month in (1, 2, 3)]
    standing = {
        (row.measure, row.period, row.team_id, row.staff_id, row.order_kind): row
        for row in Target.objects.filter(store=house.store)
    }
    new = [
        wish
        for wish in wishes
        if (wish.aim.measure, str(wish.aim.period), wish.aim.team_id, wish.aim.staff_id, wish.aim.order_kind)
        not in standing
    ]
    set_targets(store=house.store, wishes=new, by=house.staff["M01"], at=at)


def hold_meetings(house: House, at: datetime) -> None:
    """The month before last: held, one matter done and one overdue. Last month: held last week. This one waits."""
    this = Period.of(at, house.store.tz)
    for back, held_at in ((2, at - timedelta(days=40)), (1, at - timedelta(days=7))):
        meeting = open_meeting(store=house.store, period=this.shifted(-back), by=house.staff["M01"], at=held_at)
        lines = [line for line in meeting.lines.order_by("pk") if line.is_met is False][:_MATTERS]
        said = {line.pk: _said(line, house, held_at) for line in lines}
        meeting = write_meeting(
            meeting=meeting, said=said, present="站长、服务经理及各主管", note="", by=house.staff["M01"],
            at=held_at,
        )  # fmt: skip
        hold_meeting(meeting=meeting, by=house.staff["M01"], at=held_at)
        for line in meeting.lines.filter(owner__isnull=False).order_by("pk")[: 3 if back == 2 else 0]:
            finish_line(line=line, result="已按措施执行，下月看效果", by=line.owner, at=held_at + timedelta(days=10))


def _said(line: GoalLine, house: House, at: datetime) -> Said:
    cause, remedy, who, days = _SAID.get(line.measure, _OTHERWISE)
    return Said(cause, remedy, house.staff[who], (at + timedelta(days)).date())
