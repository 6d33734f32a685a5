"""A month workbook as the facts of the pay formulas, without a database. For tests of the formulas only."""

from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal

from commission.formulas import (
    ComplaintFact,
    ConsumableFact,
    HourDeductionFact,
    MonthFacts,
    PositionFact,
    ScoreFact,
    StaffFact,
    TargetFact,
    TeamFact,
)
from dealer_crm.values import Period
from reception.formulas import AssessmentFact, LineFact, OrderFact, ReceiptFact, SettlementFact, line_payable

POSTS = {
    "业务接待": "advisor",
    "业务接待助理": "advisor_assistant",
    "前台主管": "frontdesk_supervisor",
    "技师": "technician",
    "班组长": "team_leader",
    "精品销售": "accessory_seller",
    "回访专员": "callback_agent",
    "客服主管": "crc_supervisor",
    "服务经理": "service_manager",
    "站长": "station_manager",
}
TEAM_KINDS = {
    "机电": "mechanical",
    "钣喷": "body_paint",
    "加装": "installation",
    "业务": "front",
    "客服": "customer_care",
    "配件": "parts",
}
ORDER_KINDS = {
    "常规保养": "maintenance",
    "首保": "first_service",
    "普通修理": "repair",
    "事故车": "accident",
    "索赔": "warranty",
    "PDI": "pdi",
    "免费活动": "campaign",
    "精品加装": "accessory",
    "返修": "comeback",
}
LINE_KINDS = {"工时": "labour", "配件": "part", "精品": "accessory", "外加工": "sublet", "其他": "other"}
PAYERS = {"客户": "customer", "索赔": "warranty", "保险": "insurance", "内部": "internal", "免费": "free"}
MEASURES = {"产值": "output", "接车台次": "car_count", "精品销售": "accessory_sales"}


def number(cell) -> Decimal:
    return Decimal(0) if cell in (None, "") else Decimal(str(cell))


def day(cell) -> date | None:
    if cell in (None, ""):
        return None
    return cell.date() if isinstance(cell, datetime) else date.fromisoformat(str(cell)[:10])


def month_facts(sheets: dict[str, list[dict]], store: str, period: str) -> MonthFacts:
    """`sheets`: rows by header, as `reference.read_sheets` gives them."""
    month = Period.parse(period)
    by_order = {name: defaultdict(list) for name in ("工单项目", "收款", "事故定损")}
    for name, rows in by_order.items():
        for row in sheets.get(name, []):
            rows[row["工单号"]].append(row)

    def of_store(name):
        return [row for row in sheets.get(name, []) if row["门店代码"] == store]

    return MonthFacts(
        store=store,
        period=month,
        staff=tuple(staff_fact(row, store) for row in of_store("员工")),
        teams=tuple(TeamFact(row["班组名称"], TEAM_KINDS[row["班组类型"]]) for row in of_store("班组")),
        orders=tuple(
            order_fact(row, *(by_order[name][row["工单号"]] for name in by_order)) for row in of_store("工单")
        ),
        targets=tuple(
            TargetFact(MEASURES[row["指标"]], number(row["目标值"]), row.get("工号") or None, row["已签认"] == "是")
            for row in of_store("月度目标")
            if row["月份"] == period
        ),
        scores=tuple(
            ScoreFact(row["工号"], number(row["成绩"])) for row in sheets.get("考核成绩", []) if row["月份"] == period
        ),
        complaints=tuple(
            ComplaintFact(
                row["投诉编号"],
                day(row["投诉时间"]),
                {"是": True, "否": False}.get(row.get("是否属实")),
                responsible=(row["责任人工号"],) if row.get("责任人工号") else (),
            )
            for row in sheets.get("投诉", [])
        ),
        consumables=tuple(
            ConsumableFact(row["领用单号"], row["班组"], day(row["领用日期"]), number(row["金额"]))
            for row in of_store("辅料领用")
        ),
        hour_deductions=tuple(
            HourDeductionFact(row["扣除单号"], row["工号"], day(row["日期"]), number(row["工时"]), row["原因"])
            for row in sheets.get("工时扣除", [])
        ),
    )


def staff_fact(row: dict, store: str) -> StaffFact:
    hired_on = day(row["入职日期"])
    position = PositionFact(store, POSTS[row["岗位"]], hired_on, number(row.get("提成系数")), row.get("班组") or None)
    return StaffFact(
        row["工号"], row["姓名"], hired_on, day(row.get("转正日期")), day(row.get("离职日期")), (position,)
    )


def order_fact(row: dict, lines: list[dict], receipts: list[dict], assessments: list[dict]) -> OrderFact:
    settled_on = day(row.get("结算时间"))
    return OrderFact(
        number=row["工单号"],
        kind=ORDER_KINDS[row["维修类型"]],
        advisor=row["服务顾问工号"],
        arrived_on=day(row["进厂时间"]),
        completed_on=day(row.get("竣工时间")),
        lines=tuple(line_fact(line) for line in lines),
        settlements=(SettlementFact(f"{row['工单号']}-S1", settled_on),) if settled_on else (),
        receipts=tuple(
            ReceiptFact(
                receipt["收款编号"],
                PAYERS[receipt["付费方"]],
                day(receipt["收款日期"]),
                number(receipt["金额"]),
                None if receipt.get("其中精品金额") in (None, "") else number(receipt["其中精品金额"]),
            )
            for receipt in receipts
        ),
        assessment=next(
            (
                AssessmentFact(number(found["定审金额"]), day(found.get("定审日期")), day(found.get("出厂日期")))
                for found in assessments
            ),
            None,
        ),
    )


def line_fact(row: dict) -> LineFact:
    quantity, price, discount = number(row["数量"]), number(row["单价"]), number(row.get("折扣率"))
    return LineFact(
        number=str(row["行号"]),
        kind=LINE_KINDS[row["类别"]],
        payer=PAYERS[row["付费方"]],
        quantity=quantity,
        unit_price=price,
        discount_rate=discount,
        payable=line_payable(quantity=quantity, unit_price=price, discount_rate=discount),
        team=row.get("班组") or None,
        technicians=((row["技师工号"], Decimal(1)),) if row.get("技师工号") else (),
        seller=row.get("销售工号") or None,
        is_installed=row.get("是否安装") == "是",
        installation_team=row.get("加装班组") or None,
        name=row["名称"],
    )
