"""The floor of the workshop: bays, the catalogues of operations and parts, tools; and who works when."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from dealer_crm.organization.models import Store
from dealer_crm.seeding import names
from reception.choices import LineKind, Skill
from reception.models import Operation, OperationHours, Part, PartCost
from workshop.choices import BayKind, ToolKind, ToolState
from workshop.formulas.shifts import monday_of
from workshop.models import Attendance, Bay, ClockEntry, Shift, TechnicianSkills, Tool, ToolReport

_M, _E, _D, _H, _F = Skill.MECHANICAL, Skill.ELECTRICAL, Skill.DIAGNOSIS, Skill.HIGH_VOLTAGE, Skill.FITTING

# code, name, skill, standard hours, customer price ("" = by the hour), how long the car stands ("" = the hours)
_MORE_WORKS = (
    ("BY07", "更换变速箱油（重力换油）", Skill.MAINTENANCE, "1.20", "", "2.00"),
    ("BY08", "更换防冻液", Skill.MAINTENANCE, "0.80", "", "1.50"),
    ("BY09", "全车常规检查（36 项）", Skill.MAINTENANCE, "0.50", "0", ""),
    ("BY10", "空调蒸发箱清洗杀菌", Skill.MAINTENANCE, "0.60", "128", ""),
    ("XL11", "更换后制动片", _M, "1.00", "", ""),
    ("XL12", "更换前制动盘", _M, "1.60", "", ""),
    ("XL13", "更换下摆臂", _M, "1.80", "", ""),
    ("XL14", "更换轮毂轴承", _M, "1.50", "", ""),
    ("XL15", "更换发动机支架胶", _M, "1.40", "", ""),
    ("XL16", "补胎（含动平衡）", _M, "0.30", "50", ""),
    ("DQ01", "更换发电机", _E, "1.80", "", ""),
    ("DQ02", "更换起动机", _E, "1.60", "", ""),
    ("DQ03", "检修大灯线路", _E, "1.00", "", ""),
    ("DQ04", "更换电动车窗升降器", _E, "1.20", "", ""),
    ("ZD01", "变速箱故障诊断", _D, "1.20", "", "2.00"),
    ("ZD02", "底盘异响诊断", _D, "0.80", "", "1.50"),
    ("GY01", "高压电池包检测", _H, "1.50", "360", "2.00"),
    ("GY02", "更换高压电池冷却液", _H, "1.20", "", "2.00"),
    ("JZ01", "安装行车记录仪", _F, "0.80", "120", ""),
    ("JZ02", "全车贴膜", _F, "4.00", "480", "6.00"),
    ("JZ03", "加装倒车雷达", _F, "1.50", "180", ""),
)
_OTHER_SKILLS = {"XL03": _E, "XL05": _E, "XL08": _D, "BP02": Skill.BODY, "BP04": Skill.BODY}
# The larger the car, the longer it takes.
_LONGER = {"GL8": Decimal("1.20"), "昂科威": Decimal("1.10"), "探界者": Decimal("1.10")}

# number, name, kind, place, state, days until the next check (None: never checked)
_TOOLS = (
    ("JSJ-01", "双柱举升机 1", ToolKind.EQUIPMENT, "1 号工位", ToolState.INTACT, 45),
    ("JSJ-02", "双柱举升机 2", ToolKind.EQUIPMENT, "2 号工位", ToolState.INTACT, 45),
    ("JSJ-03", "双柱举升机 3", ToolKind.EQUIPMENT, "3 号工位", ToolState.DEFECTIVE, 45),
    ("JSJ-04", "剪式举升机", ToolKind.EQUIPMENT, "四轮定位工位", ToolState.INTACT, 120),
    ("DWY-01", "四轮定位仪", ToolKind.GAUGE, "四轮定位工位", ToolState.INTACT, -3),
    ("DPH-01", "轮胎动平衡机", ToolKind.EQUIPMENT, "轮胎区", ToolState.INTACT, 90),
    ("CTJ-01", "轮胎拆装机", ToolKind.EQUIPMENT, "轮胎区", ToolState.INTACT, None),
    ("ZDY-01", "故障诊断仪", ToolKind.SPECIAL, "工具间", ToolState.INTACT, 200),
    ("ZDY-02", "故障诊断仪（备用）", ToolKind.SPECIAL, "工具间", ToolState.REPAIR, 200),
    ("NLJ-01", "扭力扳手 20–100 N·m", ToolKind.GAUGE, "工具间", ToolState.INTACT, 12),
    ("NLJ-02", "扭力扳手 60–340 N·m", ToolKind.GAUGE, "工具间", ToolState.INTACT, 12),
    ("WYB-01", "万用表", ToolKind.GAUGE, "机电一组工具车", ToolState.INTACT, 160),
    ("JYC-01", "绝缘测试仪（高压）", ToolKind.GAUGE, "新能源工位", ToolState.INTACT, 30),
    ("JYT-01", "绝缘手套与防护套装", ToolKind.SPECIAL, "新能源工位", ToolState.INTACT, 20),
    ("KTJ-01", "空调冷媒加注机", ToolKind.EQUIPMENT, "空调工位", ToolState.INTACT, 75),
    ("ZSQ-01", "正时专用工具套装", ToolKind.SPECIAL, "工具间", ToolState.INTACT, None),
    ("DHJ-01", "气体保护焊机", ToolKind.EQUIPMENT, "钣金工位", ToolState.INTACT, 60),
    ("KFS-01", "烤漆房", ToolKind.EQUIPMENT, "喷漆区", ToolState.INTACT, 33),
    ("LJQ-01", "减振器弹簧压缩器", ToolKind.TOOL, "工具间", ToolState.SCRAPPED, None),
)
_TROUBLE = {
    ToolState.DEFECTIVE: "右臂锁止爪磨损，暂停使用",
    ToolState.REPAIR: "屏幕不亮，已送厂家维修",
    ToolState.SCRAPPED: "螺杆滑丝，报废",
}

# What the technicians of a house may do, by their short work numbers.
_SKILLS = {
    "T01": (Skill.MAINTENANCE, _M, _E, _D),
    "T02": (Skill.MAINTENANCE, _M, _E),
    "T03": (Skill.MAINTENANCE, _M),
    "T04": (Skill.MAINTENANCE, _M, _D, _H),
    "T05": (Skill.MAINTENANCE, _M, _H),
    "T06": (Skill.MAINTENANCE, _E),
    "T07": (Skill.BODY, Skill.PAINT),
    "T08": (Skill.PAINT, Skill.BODY),
    "T09": (_F, _E),
    "T10": (_F,),
}
EARLY, LATE = (time(8), time(17)), (time(10), time(19))


def furnish_floor(store: Store, make: str, at: datetime) -> None:
    """Bays of every kind, the catalogue of the make, tools with their checks."""
    kinds = [BayKind.MECHANICAL] * 8 + [BayKind.BODY] * 2 + [BayKind.PAINT, BayKind.INSPECTION]
    Bay.objects.bulk_create(
        Bay(store=store, name=f"{place}号工位", kind=kind) for place, kind in enumerate(kinds, start=1)
    )
    Bay.objects.create(store=store, name="洗车位", kind=BayKind.WASH)
    _write_catalogue(store, make)
    _write_parts(store, at)
    today = at.astimezone(store.tz).date()
    tools = Tool.objects.bulk_create(
        Tool(
            store=store, number=number, name=name, kind=kind, place=place, state=state,
            next_check_on=None if days is None else today + timedelta(days=days),
        )
        for number, name, kind, place, state, days in _TOOLS
    )  # fmt: skip
    ToolReport.objects.bulk_create(
        ToolReport(tool=tool, state=tool.state, note=_TROUBLE[tool.state], reported_at=at - timedelta(days=2))
        for tool in tools
        if tool.state in _TROUBLE
    )


def man_the_floor(house, random: Random, at: datetime) -> None:
    """Who may do what, the shifts of this week and the next, who is here today.

    Written last: what the scene did is older than the plan. Whoever starts the demo at night finds people on shift.
    """
    people = {number: house.staff[number] for number in _SKILLS}
    TechnicianSkills.objects.bulk_create(
        TechnicianSkills(technician=person, skills=list(_SKILLS[number]), starts_on=person.hired_on)
        for number, person in people.items()
    )
    zone = house.store.tz
    now = at.astimezone(zone)
    monday, span = monday_of(now.date()), _hours_around(now)
    was_there = set(Attendance.objects.filter(staff__store=house.store, day__gte=monday).values_list("staff", "day"))
    shifts, present = [], []
    for place, (number, person) in enumerate(people.items()):
        for offset in range(14):
            day = monday + timedelta(days=offset)
            starts, ends = shift_of(place, day)
            hours = datetime.combine(day, starts, zone), datetime.combine(day, ends, zone)
            if day == now.date():
                is_off, hours = number == "T08", span
            else:
                is_off = is_day_off(place, day) or (day < now.date() and (person.pk, day) not in was_there)
            shifts.append(Shift(staff=person, day=day, **_times(None if is_off else hours)))
        if number != "T08":
            present.append(_arrival(person, span[0] + timedelta(minutes=random.randint(-12, 4)), now))
    Shift.objects.bulk_create(shifts)
    Attendance.objects.bulk_create(present)


def is_day_off(place: int, day: date) -> bool:
    """Whether the person at this place of the list is off: one day of the week and one of the weekend, in turns."""
    return day.weekday() in (place % 5, 5 + place % 2)


def shift_of(place: int, day: date) -> tuple[time, time]:
    """The shift of the person at this place of the list: two of three begin early, in turns by the week."""
    return EARLY if (place + day.isocalendar().week) % 3 else LATE


def _write_catalogue(store: Store, make: str) -> None:
    works = [
        (work.code, work.name, skill, str(work.hours), "", "")
        for group, skill in (
            (names.MAINTENANCE, Skill.MAINTENANCE), (names.REPAIRS, _M), (names.PAINT, Skill.PAINT),
        )
        for work in group
    ]  # fmt: skip
    operations = Operation.objects.bulk_create(
        Operation(
            store=store, code=code, name=name, skill=_OTHER_SKILLS.get(code, skill),
            price=Decimal(price) if price else None, duration_hours=Decimal(stands) if stands else None,
        )
        for code, name, skill, _hours, price, stands in (*works, *_MORE_WORKS)
    )  # fmt: skip
    families = [series for series, _prefix in names.MODELS[make]]
    hours = []
    for operation, (_code, _name, skill, standard, *_rest) in zip(operations, (*works, *_MORE_WORKS), strict=True):
        own = {
            family: (Decimal(standard) * _LONGER[family]).quantize(Decimal("0.01"))
            for family in families
            if family in _LONGER and skill == _M
        }
        hours += [
            OperationHours(operation=operation, family=family, standard_hours=value)
            for family, value in {"": Decimal(standard), **own}.items()
        ]
    OperationHours.objects.bulk_create(hours)


def _write_parts(store: Store, at: datetime) -> None:
    """The parts catalogue with what is paid for each article; of one nobody has entered it yet."""
    since = at.date() - timedelta(days=1200)
    kinds = [(one, LineKind.PART) for one in names.PARTS] + [(one, LineKind.ACCESSORY) for one in names.FITTED]
    parts = Part.objects.bulk_create(
        Part(store=store, code=one.code, name=one.name, kind=kind, price=one.price, unit="件") for one, kind in kinds
    )
    PartCost.objects.bulk_create(
        PartCost(part=part, starts_on=since, unit_cost=one.cost)
        for part, (one, _kind) in zip(parts, kinds, strict=True)
        if one.cost is not None
    )


def _hours_around(now: datetime) -> tuple[datetime, datetime]:
    """Today's shift: the usual one, stretched so that the demo has people at work for hours to come."""
    before, after = now - timedelta(hours=5, minutes=30), now + timedelta(hours=6)
    usual = [datetime.combine(now.date(), moment, now.tzinfo) for moment in EARLY]
    if now < usual[0] or now.hour >= 18:
        return _half_hour(before), _half_hour(after)
    return usual[0], max(usual[1], _half_hour(after))


def _half_hour(moment: datetime) -> datetime:
    return moment.replace(minute=moment.minute // 30 * 30, second=0, microsecond=0)


def _times(hours) -> dict:
    return {"starts_at": hours[0], "ends_at": hours[1]} if hours else {}


def _arrival(person, planned: datetime, now: datetime) -> Attendance:
    """Nobody works before they have come."""
    today = ClockEntry.objects.filter(technician=person, started_at__gt=now - timedelta(hours=8))
    first = today.order_by("started_at").first()
    came_at = min([planned, now, *([first.started_at - timedelta(minutes=6)] if first else [])])
    return Attendance(staff=person, day=came_at.astimezone(now.tzinfo).date(), came_at=came_at, entered_by=person)
