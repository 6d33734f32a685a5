"""Any number of invented months in the form of the import workbook: sheets as rows by header, from a seed."""

import random
from datetime import date, timedelta

STORE, PERIOD = "GD81", "2026-09"
FIRST = date(2026, 8, 1)
ADVISORS = [f"A{number:02d}" for number in range(1, 7)]
SELLERS = ["S01", "S02"]
TECHNICIANS = [f"T{number:02d}" for number in range(1, 11)]
TEAMS = {"机电一组": "机电", "机电二组": "机电", "钣喷一组": "钣喷", "加装组": "加装", "配件组": "配件"}
KINDS = ["常规保养", "首保", "普通修理", "普通修理", "事故车", "索赔", "PDI", "免费活动", "精品加装", "返修"]


def sheets(seed: int, *, orders: int = 40) -> dict[str, list[dict]]:
    """A month with every turn the workbook can express; targets are there, entitled people have scores."""
    dice = random.Random(seed)
    found = {
        "班组": [{"门店代码": STORE, "班组名称": name, "班组类型": kind} for name, kind in TEAMS.items()],
        "员工": _people(dice),
        "工单": [],
        "工单项目": [],
        "收款": [],
        "事故定损": [],
        "月度目标": _targets(dice),
        "考核成绩": [
            {"月份": PERIOD, "工号": number, "成绩": dice.choice([90, 95.99, 96, 100])} for number in ADVISORS
        ],
        "投诉": _complaints(dice),
        "辅料领用": _consumables(dice),
        "工时扣除": _hour_deductions(dice),
    }
    for number in range(1, orders + 1):
        _order(dice, f"{STORE}-{number:05d}", found)
    return found


def _people(dice: random.Random) -> list[dict]:
    def row(number, post, team=None, coefficient=None):
        return {
            "工号": number,
            "姓名": number,
            "门店代码": STORE,
            "岗位": post,
            "班组": team,
            "提成系数": coefficient,
            "入职日期": dice.choice(["2023-06-01", "2023-06-01", "2026-09-11"]),
            "转正日期": dice.choice(["2024-01-01", "2024-01-01", "2026-09-01", "2026-09-02", None]),
            "离职日期": dice.choice([None, None, None, "2026-09-20", "2026-08-31", "2026-10-05"]),
        }

    people = [row(number, "业务接待", None, dice.choice(["0.4", "0.5"])) for number in ADVISORS[:4]]
    people += [row(number, "业务接待助理", None, "0.1") for number in ADVISORS[4:]]
    people += [row(number, "精品销售") for number in SELLERS]
    people += [
        row(number, "技师", dice.choice(list(TEAMS)), dice.choice(["0.7", "0.8", "1.0", "1.2"]))
        for number in TECHNICIANS
    ]
    return people


def _targets(dice: random.Random) -> list[dict]:
    def row(measure, amount, staff=None):
        return {"门店代码": STORE, "月份": PERIOD, "指标": measure, "工号": staff, "目标值": amount, "已签认": "是"}

    return [
        row("产值", dice.choice([30000, 70000, 90000])),
        row("接车台次", dice.choice([7, 9, 30])),
        *(row("精品销售", dice.choice([3000, 7000]), seller) for seller in SELLERS),
    ]


def _day(dice: random.Random, chance: float = 1.0) -> date | None:
    return FIRST + timedelta(days=dice.randrange(90)) if dice.random() < chance else None


def _cents(dice: random.Random, most: int) -> str:
    return f"{dice.randrange(most * 100) / 100:.2f}"


def _complaints(dice: random.Random) -> list[dict]:
    return [
        {
            "投诉编号": f"P{number:03d}",
            "投诉时间": _day(dice),
            "是否属实": dice.choice(["是", "是", "是", "否", None]),
            "责任人工号": dice.choice([*ADVISORS[:3], *ADVISORS[:3], *ADVISORS, *TECHNICIANS[:2], None]),
        }
        for number in range(dice.randrange(25))
    ]


def _consumables(dice: random.Random) -> list[dict]:
    return [
        {
            "领用单号": f"L{number:03d}",
            "门店代码": STORE,
            "班组": dice.choice(["机电一组", "机电二组", "钣喷一组"]),
            "领用日期": _day(dice),
            "金额": _cents(dice, dice.choice([100, 300, 6000])),
        }
        for number in range(12)
    ]


def _hour_deductions(dice: random.Random) -> list[dict]:
    return [
        {
            "扣除单号": f"K{number:03d}",
            "工号": dice.choice(TECHNICIANS),
            "日期": _day(dice),
            "工时": dice.choice(["0.5", "1.25", "40"]),
            "原因": "漏检",
        }
        for number in range(6)
    ]


def _order(dice: random.Random, number: str, found: dict[str, list[dict]]) -> None:
    arrived, settled = _day(dice), _day(dice, 0.8)
    kind = dice.choice(KINDS)
    found["工单"].append(
        {
            "工单号": number,
            "门店代码": STORE,
            "维修类型": kind,
            "服务顾问工号": dice.choice(ADVISORS),
            "进厂时间": arrived,
            "竣工时间": _day(dice, 0.9),
            "结算时间": settled,
        }
    )
    for line in range(1, dice.randrange(2, 7)):
        found["工单项目"].append(_line(dice, number, line))
    for receipt in range(dice.randrange(4)):
        amount = dice.choice([1, 1, 1, -1]) * dice.randrange(1, 400000)
        accessory = None if dice.random() < 0.6 else f"{amount * dice.choice([0, 25, 100]) / 10000:.2f}"
        payer = dice.choice(["客户", "客户", "客户", "索赔", "保险"])
        lines = [line for line in found["工单项目"] if line["工单号"] == number]
        if accessory and not any(line["类别"] == "精品" and line["付费方"] == payer for line in lines):
            accessory = "0"  # an accessory part without an accessory line is somebody's mistake, not a month
        found["收款"].append(
            {
                "收款编号": f"R{number}-{receipt}",
                "工单号": number,
                "付费方": payer,
                "收款日期": _day(dice),
                "金额": f"{amount / 100:.2f}",
                "其中精品金额": accessory,
            }
        )
    if kind == "事故车":
        found["事故定损"].append(
            {
                "工单号": number,
                "定审金额": _cents(dice, 9000),
                "定审日期": _day(dice, 0.8),
                "出厂日期": _day(dice, 0.8),
            }
        )


def _line(dice: random.Random, order: str, number: int) -> dict:
    kind = dice.choice(["工时", "工时", "配件", "精品", "精品", "外加工"])
    row = {
        "工单号": order,
        "行号": number,
        "类别": kind,
        "名称": f"{kind}{number}",
        "数量": dice.choice(["1", "2", "0.35", "3.3"]) if kind == "工时" else dice.choice(["1", "2", "3"]),
        "单价": _cents(dice, 900),
        "折扣率": dice.choice(["0", "0", "0.1", "0.19", "0.1999", "0.2", "0.25", None]),
        "付费方": dice.choice(["客户", "客户", "客户", "索赔", "保险", "内部", "免费"]),
    }
    if kind == "工时":
        named = dice.random() < 0.7
        row["班组"] = dice.choice(["机电一组", "机电二组", "钣喷一组", "加装组"]) if named else None
        row["技师工号"] = None if named and dice.random() < 0.5 else dice.choice(TECHNICIANS)
    if kind == "精品":
        row["销售工号"] = dice.choice([*ADVISORS[:2], *SELLERS, *SELLERS, *TECHNICIANS[:2], None])
        row["是否安装"] = dice.choice(["是", "否"])
        row["加装班组"] = "加装组" if row["是否安装"] == "是" else None
    return row
