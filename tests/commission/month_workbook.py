"""An invented month as a real import workbook: what `random_month` leaves out, and moments in a possible order."""

import random
from datetime import datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl

from tests.commission import random_month

PERIODS = ("2026-08", "2026-09", "2026-10")
SHEETS = [
    "门店", "班组", "员工", "客户", "车辆", "工单", "工单项目", "收款", "事故定损", "月度目标", "考核成绩", "投诉",
    "辅料领用", "工时扣除",
]  # fmt: skip
# Columns that name a document or a person; in another store they get another number.
_NAMES = {
    "工号", "服务顾问工号", "技师工号", "销售工号", "责任人工号",
    "工单号", "原工单号", "收款编号", "投诉编号", "领用单号", "扣除单号",
}  # fmt: skip
_MOMENTS = [time(0, 0), time(9, 15), time(12, 0), time(17, 30), time(23, 59)]


def sheets(seed: int, *, stores: tuple[str, ...] = (random_month.STORE,), orders: int = 40) -> dict[str, list[dict]]:
    """Sheet → rows by header, ready to be written: three months of targets and scores, one or more stores."""
    found = {name: [] for name in SHEETS}
    for place, store in enumerate(stores):
        for name, rows in _of_store(seed * 10 + place, store, orders).items():
            found[name] += rows
    return found


def write(tables: dict[str, list[dict]], path: Path) -> Path:
    """The tables as an .xlsx; columns that are empty in every row are left out, as people leave them out."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in tables.items():
        if not rows:
            continue
        sheet = book.create_sheet(name)
        headers = [header for header in rows[0] if any(row.get(header) is not None for row in rows)]
        sheet.append(headers)
        for row in rows:
            sheet.append([row.get(header) for header in headers])
    book.save(path)
    return path


def _of_store(seed: int, store: str, orders: int) -> dict[str, list[dict]]:
    dice = random.Random(seed)
    tables = random_month.sheets(seed, orders=orders)
    for month in set(PERIODS) - {random_month.PERIOD}:
        for name in ("月度目标", "考核成绩"):
            tables[name] += [row | {"月份": month} for row in tables[name] if row["月份"] == random_month.PERIOD]
    cars = [f"沪{chr(65 + seed % 20)}{number:05d}" for number in range(1, 13)]
    owners = [f"{store}-C{place}" for place in range(len(cars))]
    if store != random_month.STORE:
        tables = {name: [_elsewhere(row, store) for row in rows] for name, rows in tables.items()}
    for person in tables["员工"]:
        for column in ("转正日期", "离职日期"):
            if person[column] and person[column] < person["入职日期"]:
                person[column] = person["入职日期"]
    _order_moments(dice, tables, cars)
    _refunds_of_what_was_paid(tables["收款"])
    for row in tables["投诉"]:
        row |= {
            "来源": dice.choice(["电话", "前台", "厂家"]),
            "级别": dice.choice(["一般", "重要"]),
            "类别": "服务态度",
            "投诉时间": datetime.combine(row["投诉时间"], dice.choice(_MOMENTS)),
            # Nobody may be named guilty of what is nobody's; the sheet has no such column for the store.
            "责任人工号": row["责任人工号"] or tables["员工"][0]["工号"],
        }
    for row in tables["辅料领用"]:
        row["名称"] = "辅料"
        row["金额"] = f"{Decimal(row['金额']) / dice.choice([1, 20, 20]):.2f}"
    for row in tables["工单项目"]:
        if row["类别"] == "工时":  # long jobs, so that the teams earn more than their consumables cost
            row["数量"] = str(Decimal(row["数量"]) * dice.choice([1, 5, 8]))
    return {
        "门店": [{"门店代码": store, "门店名称": f"{store}店", "品牌": None}],
        "客户": [
            {"客户编号": code, "客户名称": f"客户{code}", "客户类型": "个人", "手机": 13800000000 + place}
            for place, code in enumerate(owners)
        ],
        "车辆": [{"车牌号": plate, "品牌": None, "客户编号": owner} for plate, owner in zip(cars, owners, strict=True)],
        **tables,
    }


def _elsewhere(row: dict, store: str) -> dict:
    def moved(header, value):
        if value is None or (header not in _NAMES and header != "门店代码"):
            return value
        return store if header == "门店代码" else f"{store}-{value}"

    return {header: moved(header, value) for header, value in row.items()}


def _order_moments(dice: random.Random, tables: dict[str, list[dict]], cars: list[str]) -> None:
    """Arrived ≤ completed ≤ settled ≤ delivered, each in any of the months, at any hour of the day."""
    orders, released = tables["工单"], {row["工单号"]: row for row in tables["事故定损"]}
    for place, row in enumerate(orders):
        assessment = released.get(row["工单号"], {})
        days = sorted(day for day in (row["竣工时间"], row["结算时间"]) if day)
        if row["竣工时间"] and row["结算时间"]:
            row["竣工时间"], row["结算时间"] = days
        known = [day for day in (*days, row["进厂时间"], assessment.get("出厂日期")) if day]
        earliest = min(known)
        hours = sorted(dice.choices(_MOMENTS, k=2))
        for column, hour in zip(("竣工时间", "结算时间"), hours, strict=True):
            row[column] = row[column] and datetime.combine(row[column], hour)
        row["进厂时间"] = datetime.combine(earliest, time(0, 0))
        row["承诺交车时间"] = row["进厂时间"] + timedelta(days=1, hours=17)
        row["交车时间"] = row["结算时间"] + timedelta(hours=1) if row["结算时间"] and dice.random() < 0.9 else None
        row["车牌号"] = dice.choice(cars)
        row["原工单号"] = orders[place - 1]["工单号"] if row["维修类型"] == "返修" and place else None
        if row["维修类型"] == "返修" and not place:
            row["维修类型"] = "普通修理"


def _refunds_of_what_was_paid(receipts: list[dict]) -> None:
    """A refund gives back at most what the same payer has paid on the order; others become payments."""
    paid: dict[tuple, Decimal] = {}
    for row in receipts:
        account, amount = (row["工单号"], row["付费方"]), Decimal(row["金额"])
        if amount < 0 and paid.get(account, Decimal(0)) + amount < 0:
            row["金额"], amount = str(-amount), -amount
            row["其中精品金额"] = row["其中精品金额"] and str(-Decimal(row["其中精品金额"])).replace("-0", "0")
        paid[account] = paid.get(account, Decimal(0)) + amount
