"""An independent reading of the pay rules A–F, kept apart from the product on purpose.

It reads an import workbook with openpyxl, counts in exact fractions and imports nothing of the program, so that an
agreement between the two says something. One straight run down spec `commission.md`; plain rather than clever.
Knows what the import workbook can say and no more: one position a person, one settlement an order.

    python tests/commission/reference.py tests/months/2026-09/month.xlsx GD81 2026-09
"""

import json
import sys
from collections import Counter, defaultdict
from decimal import Decimal
from fractions import Fraction

ADVISORS = ("业务接待", "业务接待助理")
GIFTS = ("内部", "免费")
TEAM_RULES = {"机电": (120, Fraction(18, 100)), "钣喷": (100, Fraction(20, 100))}


def read_sheets(path):
    from openpyxl import load_workbook

    sheets = {}
    for sheet in load_workbook(path, data_only=True, read_only=True):
        rows = sheet.iter_rows(values_only=True)
        header = [str(name).strip() for name in next(rows) if name is not None]
        filled = (row for row in rows if any(cell is not None for cell in row))
        sheets[sheet.title] = [dict(zip(header, row, strict=False)) for row in filled]
    return sheets


def number(cell):
    return Fraction(Decimal(str(cell))) if cell not in (None, "") else Fraction(0)


def rounded(value):
    """Half-up to the fen, away from zero; the answer is still a fraction."""
    cents = int(abs(value) * 100 + Fraction(1, 2))
    return Fraction(cents if value >= 0 else -cents, 100)


def written(value):
    return str((Decimal(rounded(value).numerator) / Decimal(rounded(value).denominator)).quantize(Decimal("0.01")))


def parts(total, weights):
    """Largest remainder: `weights` is {key: weight}, ties to the lower key."""
    total, whole = rounded(total), sum(weights.values())
    if not whole:
        return {key: Fraction(0) for key in weights}
    exact = {key: total * weight / whole for key, weight in weights.items()}
    cut = {key: Fraction(int(amount * 100), 100) for key, amount in exact.items()}
    missing = int((total - sum(cut.values())) * 100)
    for key in sorted((k for k in weights if weights[k]), key=lambda k: (-abs(exact[k] - cut[k]), k))[: abs(missing)]:
        cut[key] += Fraction(1 if missing > 0 else -1, 100)
    return cut


def month_of(cell):
    """`2026-09` of an Excel date or of one written `2026-09-05`."""
    return str(cell)[:7] if cell else None


def day_of(cell):
    return int(str(cell)[8:10])


def compute(sheets, store, period, divisor=Fraction(117, 100)):
    year, month = map(int, period.split("-"))
    days = [
        31,
        29 if year % 4 == 0 and (year % 100 or year % 400 == 0) else 28,
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ][month - 1]
    orders = {row["工单号"]: row for row in sheets["工单"] if row["门店代码"] == store}
    people = {row["工号"]: row for row in sheets["员工"] if row["门店代码"] == store}
    kinds = {row["班组名称"]: row["班组类型"] for row in sheets["班组"] if row["门店代码"] == store}
    targets = {
        (row["指标"], row.get("工号")): number(row["目标值"])
        for row in sheets["月度目标"]
        if row["门店代码"] == store and row["月份"] == period
    }
    lines = defaultdict(list)
    for row in sheets["工单项目"]:
        if row["工单号"] in orders:
            lines[row["工单号"]].append(row)
    receipts = [row for row in sheets.get("收款", []) if row["工单号"] in orders]

    def payable(line):
        return rounded(number(line["数量"]) * number(line["单价"]) * (1 - number(line.get("折扣率"))))

    def accessory_part(receipt):
        if receipt.get("其中精品金额") not in (None, ""):
            return number(receipt["其中精品金额"])
        own = [line for line in lines[receipt["工单号"]] if line["付费方"] == receipt["付费方"]]
        whole = sum(payable(line) for line in own)
        accessories = sum(payable(line) for line in own if line["类别"] == "精品")
        return number(receipt["金额"]) * accessories / whole if whole else Fraction(0)

    def counted_month(receipt):
        settled = orders[receipt["工单号"]].get("结算时间")
        return max(month_of(settled), month_of(receipt["收款日期"])) if settled else None

    # A: output
    customer = warranty = Fraction(0)
    for receipt in receipts:
        rest = number(receipt["金额"]) - accessory_part(receipt)
        if receipt["付费方"] == "索赔" and month_of(receipt["收款日期"]) == period:
            warranty += rest
        ordinary = orders[receipt["工单号"]]["维修类型"] != "事故车"
        if receipt["付费方"] == "客户" and ordinary and counted_month(receipt) == period:
            customer += rest
    accident = sum(
        number(row["定审金额"])
        for row in sheets.get("事故定损", [])
        if row["工单号"] in orders
        and row.get("定审日期")
        and row.get("出厂日期")
        and max(month_of(row["定审日期"]), month_of(row["出厂日期"])) == period
    )
    output = customer + warranty + accident
    cars = sum(
        1
        for row in orders.values()
        if month_of(row.get("结算时间")) == period and row["维修类型"] not in ("PDI", "返修")
    )
    output_rate = output / targets["产值", None]
    car_rate = cars / targets["接车台次", None]
    output_commission = output * Fraction(5, 1000) * max(output_rate, 0) * car_rate

    # Accessories: whose rule a line falls under
    def owner(line):
        if line["付费方"] in GIFTS:
            return "another"
        seller = line.get("销售工号")
        post = people[seller]["岗位"] if seller else None
        if post is None or post in ADVISORS:
            return "front"
        return "seller" if post == "精品销售" else "another"

    received = []
    for receipt in receipts:
        if counted_month(receipt) != period:
            continue
        own = [
            line for line in lines[receipt["工单号"]] if line["类别"] == "精品" and line["付费方"] == receipt["付费方"]
        ]
        whole = sum(payable(line) for line in own)
        if whole:
            received.extend((line, accessory_part(receipt) * payable(line) / whole) for line in own)

    def earns(line):
        return 1 - number(line.get("折扣率")) > Fraction(8, 10)

    front = sum(money for line, money in received if owner(line) == "front")
    front_barred = sum(money for line, money in received if owner(line) == "front" and not earns(line))
    accessory_commission = (front - front_barred) * Fraction(6, 100)
    pool = rounded(output_commission + accessory_commission)

    installers = defaultdict(Fraction)
    items = defaultdict(list)
    brought = Counter()
    for line, money in received:
        if owner(line) == "seller":
            brought[line["销售工号"]] += money
    sold = defaultdict(Fraction)
    for line, money in received:
        if not earns(line):
            continue
        installed = line.get("是否安装") == "是"
        if owner(line) == "front" and installed:
            installers[line.get("加装班组")] += money * Fraction(4, 100)
        if owner(line) == "seller":
            achieved = max(brought[line["销售工号"]] / targets["精品销售", line["销售工号"]], 0)
            value = money * Fraction(10, 100) * achieved
            sold[line["销售工号"]] += value * (Fraction(6, 10) if installed else 1)
            if installed:
                installers[line.get("加装班组")] += value * Fraction(4, 10)
    another = defaultdict(Fraction)
    parts_department = Fraction(0)
    for code, order in orders.items():
        if month_of(order.get("结算时间")) != period:
            continue
        for line in lines[code]:
            if line["类别"] == "精品" and owner(line) == "another":
                price = number(line["数量"]) * number(line["单价"]) if line["付费方"] in GIFTS else payable(line)
                if line.get("销售工号"):
                    another[line["销售工号"]] += price * Fraction(7, 1000)
                if line.get("是否安装") == "是":
                    installers[line.get("加装班组")] += price * Fraction(7, 1000)
                parts_department += price * Fraction(6, 1000)
    installers.pop(None, None)
    for share in (sold, another):
        for person, money in share.items():
            items[person].append(rounded(money))

    # Days and coefficients
    def weight(person):
        first, last = 1, days
        hired, left = person.get("入职日期"), person.get("离职日期")
        if (hired and month_of(hired) > period) or (left and month_of(left) < period):
            return Fraction(0)
        if hired and month_of(hired) == period:
            first = day_of(hired)
        if left and month_of(left) == period:
            last = day_of(left)
        return number(person.get("提成系数")) * max(last - first + 1, 0)

    def regular(person):
        day = person.get("转正日期")
        return day is not None and (month_of(day) < period or (month_of(day) == period and day_of(day) == 1))

    result = {}
    entitled = {code: weight(row) for code, row in people.items() if row["岗位"] in ADVISORS and regular(row)}
    entitled = {code: value for code, value in entitled.items() if value}
    scores = {row["工号"]: number(row["成绩"]) for row in sheets["考核成绩"] if row["月份"] == period}
    verified = Counter(
        row["责任人工号"]
        for row in sheets.get("投诉", [])
        if row.get("是否属实") == "是" and row.get("责任人工号") and month_of(row["投诉时间"]) == period
    )
    deducted = {}
    for person, share in parts(pool, entitled).items():
        complaint_rate = (0, Fraction(5, 100), Fraction(20, 100), Fraction(50, 100))[min(verified[person], 3)]
        score_rate = Fraction(10, 100) if scores[person] < 96 else 0
        off = parts(max(share, 0) * (complaint_rate + score_rate), {"1": complaint_rate, "2": score_rate})
        items[person].append(share)
        deducted[person] = (off["1"], off["2"])

    # C and D, and the installers
    hours, consumed = Counter(), Counter()
    for code, order in orders.items():
        if month_of(order.get("竣工时间")) != period or order["维修类型"] in ("PDI", "免费活动", "精品加装"):
            continue
        for line in lines[code]:
            if line["类别"] == "工时" and line["付费方"] not in GIFTS:
                technician = people.get(line.get("技师工号"), {})
                hours[line.get("班组") or technician.get("班组")] += number(line["数量"])
    for row in sheets.get("辅料领用", []):
        if row["门店代码"] == store and month_of(row["领用日期"]) == period:
            consumed[row["班组"]] += number(row["金额"])
    teams = {}
    for team, kind in kinds.items():
        members = {code: weight(row) for code, row in people.items() if row.get("班组") == team and weight(row)}
        if kind in TEAM_RULES:
            price, rate = TEAM_RULES[kind]
            teams[team] = rounded(max((hours[team] * price - consumed[team]) / divisor * rate, 0))
            for person, share in parts(teams[team], members).items():
                lost = sum(
                    number(row["工时"])
                    for row in sheets.get("工时扣除", [])
                    if row["工号"] == person and month_of(row["日期"]) == period
                )
                items[person].append(share - min(rounded(lost * price / divisor * rate), max(share, 0)))
        if team in installers:
            for person, share in parts(installers[team], members).items():
                items[person].append(share)

    clerks = {code: weight(row) for code, row in people.items() if kinds.get(row.get("班组")) == "配件" and weight(row)}
    for person, share in parts(parts_department, clerks).items():
        items[person].append(share)

    for person, amounts in items.items():
        complaints, appraisal = deducted.get(person, (Fraction(0), Fraction(0)))
        gross = sum(amounts, Fraction(0))
        result[person] = {"gross": written(gross), "net": written(gross - complaints - appraisal)}
        if person in deducted:
            result[person] |= {"complaints": written(complaints), "appraisal": written(appraisal)}
    return {
        "store": store,
        "period": period,
        "pool": {
            "客户实收": written(customer),
            "索赔回款": written(warranty),
            "事故定审": written(accident),
            "产值": written(output),
            "台次": cars,
            "产值提成": written(output_commission),
            "精品实收": written(front),
            "不计提精品": written(front_barred),
            "精品提成": written(accessory_commission),
            "提成池": written(pool),
        },
        "teams": {team: written(money) for team, money in teams.items()},
        "hours": {team: str(float(hours[team])) for team in teams},
        "installers": written(sum(installers.values(), Fraction(0))),
        "parts_dept": written(parts_department),
        "people": dict(sorted(result.items())),
    }


# Rules E and F know figures the workbook has no sheet for; they are handed in by name, as somebody would write them
# beside the rule on a sheet of paper.


def relations_pay(given):
    """E: (kept appointments × rate + received cars × rate) × car achievement × key achievement × score %, supervisors
    × 1.3; and ±10 (supervisors ±20) for each place the factory's list differs from the target."""
    part = Fraction(given["days"], given["month_days"])
    money = given["kept"] * number(given["appointment_rate"]) + given["cars"] * part * number(given["car_rate"])
    money *= Fraction(given["cars"], given["car_target"])
    if given["key"]:
        money *= sum(number(actual) / number(goal) for actual, goal in given["key"]) / len(given["key"])
    money *= Fraction(given["score"], 100)
    if given.get("is_supervisor"):
        money *= Fraction(13, 10)
    each, code = (20, "F.rank_managers") if given.get("is_supervisor") else (10, "F.rank_staff")
    return {"E.staff": written(money)} | factory_places(given, each, code, part)


def management_pay(given):
    """F: (base + output × coefficient) × score ÷ 100 + daily incentives + certification + seniority, up to 3 000."""
    part = Fraction(given["days"], given["month_days"])
    found = {}
    scored = number(given["base"]) + given["output"] * number(given["coefficient"])
    found["F.manager"] = written(scored * Fraction(given["score"], 100) * part)
    if given["daily"]:
        found["F.daily"] = written(sum(number(amount) for amount in given["daily"]))
    if given["level"]:
        found["F.certification"] = written({1: 50, 2: 100, 3: 200, 4: 200}[given["level"]] * part)
    hired, end = given["hired"].split("-"), given["month_end"].split("-")
    years = int(end[0]) - int(hired[0]) - (1 if end[1:] < hired[1:] else 0)
    if years:
        found["F.seniority"] = written(min(50 * years, 200) * part)
    found |= factory_places(given, 20, "F.rank_managers", part)
    lacking = 3000 * part - sum(number(amount) for amount in found.values())
    if rounded(lacking) > 0:
        found["F.minimum"] = written(lacking)
    return found


def factory_places(given, each, code, part):
    if given["place"] is None or given["place"] == given["target_place"]:
        return {}
    return {code: written((given["target_place"] - given["place"]) * each * part)}


if __name__ == "__main__":
    print(json.dumps(compute(read_sheets(sys.argv[1]), *sys.argv[2:4]), ensure_ascii=False, indent=1))
