"""Who pays: insurer and owner, factory, the buyer of an accessory; and a settlement that was a mistake."""

from datetime import timedelta
from decimal import Decimal

from reception.choices import OrderKind, OrderState
from reception.models import OrderLine, Receipt, RepairOrder, Settlement
from tests.factories.reception import RepairOrderFactory, VehicleFactory
from tests.journeys.conftest import TUESDAY
from tests.journeys.desks import fill

PLATE = "京A12345"


def opened(people, kind, lines=(), **said) -> RepairOrder:
    """A car of Wang Jianping that came an hour ago."""
    car = VehicleFactory(store=people.store, plate=PLATE, mileage=24_000, owner__name="王建平")
    came = TUESDAY - timedelta(hours=1)
    return RepairOrderFactory(advisor=people.advisor, vehicle=car, kind=kind, lines=lines, began_at=came, **said)


def the_workshop_is_done(order: RepairOrder) -> None:
    """Not what these journeys are about."""
    RepairOrder.objects.filter(pk=order.pk).update(state=OrderState.READY, completed_at=TUESDAY)


def amounts(desk, payer: str) -> list[str]:
    """The row of a payer among the amounts of an order: payable, received, still due."""
    return desk.main.locator("section.card", has_text="应付").locator("tr", has_text=payer).first.inner_text().split()


def write_lines(desk, *lines: dict) -> None:
    """Type lines into the line editor, which is open."""
    for place, line in enumerate(lines):
        row = desk.main.locator("tr[data-row]:visible").nth(place)
        for label, value in line.items():
            fill(row.get_by_label(label, exact=True), value)
        if line is not lines[-1]:
            row.get_by_label("名称", exact=True).press("Enter")


def test_an_accident_car_is_paid_by_the_insurer_and_its_owner(people, clock, desk_of):
    order = opened(people, OrderKind.ACCIDENT)
    desk = desk_of(people.advisor).find(order.number).key("l")
    write_lines(
        desk,
        {"名称": "前保险杠喷漆", "数量/工时": "6", "单价": "100", "付费方": "保险", "班组": "钣喷一组"},
        {"类型": "配件", "名称": "前保险杠", "数量/工时": "1", "单价": "1900", "付费方": "保险"},
        {"类型": "配件", "名称": "前雾灯（自付）", "数量/工时": "1", "单价": "500"},
    )
    desk.key("Control+Enter").sees("项目已保存。", "保险公司尚未定审")
    desk.main.get_by_role("link", name="定审", exact=True).click()
    desk.sees("车主自付").fill({"定审金额": "3000", "车主自付": "3500", "定审日期": "2026-11-10"})
    desk.form.get_by_role("button", name="保存").click()
    desk.sees("不能超过定审金额")
    desk.fill({"车主自付": "500"}).press("保存")
    assert (desk.fact("定审金额"), desk.fact("车主自付")) == ("¥3,000.00", "¥500.00")
    the_workshop_is_done(order)

    till = desk_of(people.cashier).go("收银台").follow(order.number)
    till.key("s", sure=True).sees("已结算：")
    till.ask("r").fill({"付费方": "客户", "收款方式": "微信"}).key("Control+Enter").sees("收款已录入。")
    assert amounts(till, "客户") == ["客户", "500.00", "500.00", "0.00"]
    assert amounts(till, "保险") == ["保险", "2,500.00", "0.00", "2,500.00"]

    desk.find(order.number).press("出厂", sure=True).sees(f"{PLATE} 已出厂。")
    desk.key("d").fill({"已向客户说明维修项目和费用": True}).key("Control+Enter").sees("已交车。")

    clock.forward(days=40)
    office = desk_of(people.finance).go("应收款").sees("31–60 天", "2,500.00")
    office.key("t").fill({"到账金额": "2500", "银行凭证号": "PICC-20261220-7"})
    office.main.get_by_role("button", name=f"{order.number} 全额").click()
    office.key("Control+Enter").sees("已入账 1 笔收款")
    assert office.find(order.number) and amounts(office, "保险") == ["保险", "2,500.00", "2,500.00", "0.00"]
    assert list(Receipt.objects.order_by("pk").values_list("payer", "amount", "method")) == [
        ("customer", Decimal(500), "wechat"),
        ("insurance", Decimal(2500), "transfer"),
    ]


def test_a_warranty_job_costs_the_customer_nothing_and_the_factory_pays(people, clock, desk_of):
    order = opened(people, OrderKind.WARRANTY)
    desk = desk_of(people.advisor).find(order.number).key("l")
    write_lines(
        desk,
        {"名称": "更换右前门升降器", "数量/工时": "1.5", "单价": "120", "付费方": "索赔"},
        {"类型": "配件", "名称": "右前门升降器", "数量/工时": "1", "单价": "460", "付费方": "索赔"},
    )
    desk.key("Control+Enter").sees("项目已保存。")
    the_workshop_is_done(order)

    till = desk_of(people.cashier).go("收银台").follow(order.number).key("s", sure=True).sees("已结算：")
    till.key("p").sees("640.00", "客户应付: ¥0.00（零元整）")

    desk.find(order.number).key("d").fill({"已向客户说明维修项目和费用": True}).key("Control+Enter").sees("已交车。")
    assert not Receipt.objects.exists()

    clock.forward(days=30)
    office = desk_of(people.finance).go("应收款").follow(order.number)
    office.ask("r").sees("索赔 ¥640.00").fill({"金额": "600"}).key("Control+Enter").sees("收款已录入。")
    assert amounts(office, "索赔") == ["索赔", "640.00", "600.00", "40.00"]
    receipt = Receipt.objects.get()
    assert (receipt.payer, receipt.method, receipt.amount) == ("warranty", "transfer", Decimal(600))


def test_an_accessory_is_sold_below_the_limit_by_a_supervisor_and_fitted(people, clock, desk_of):
    order = opened(people, OrderKind.ACCESSORY)
    desk = desk_of(people.advisor).find(order.number).key("l")
    camera = {
        "类型": "精品", "名称": "行车记录仪", "数量/工时": "1", "单价": "1000", "优惠 %": "30", "销售人": "李明",
        "加装班组": "加装组",
    }  # fmt: skip
    write_lines(desk, camera)
    desk.key("Control+Enter").sees("折后价低于原价的 80%")
    desk.main.get_by_label("优惠 %").first.fill("15")
    desk.key("Control+Enter").sees("项目已保存。")
    assert amounts(desk, "客户") == ["客户", "850.00"]

    supervisor = desk_of(people.frontdesk).find(order.number).key("l")
    supervisor.main.get_by_label("优惠 %").first.fill("30")
    supervisor.key("Control+Enter").sees("项目已保存。")
    line = OrderLine.objects.get()
    assert (line.payable_amount, line.discount_approved_by, line.seller) == (700, people.frontdesk, people.advisor)
    assert line.installation_team == people.fitters
    the_workshop_is_done(order)

    till = desk_of(people.cashier).go("收银台").follow(order.number).key("s", sure=True).sees("已结算：", "其中精品")
    till.ask("r").fill({"收款方式": "支付宝"}).key("Control+Enter")
    assert amounts(till, "客户") == ["客户", "700.00", "700.00", "0.00"]
    assert Settlement.objects.get().amounts.get().accessory_amount == Decimal(700)


def test_a_settlement_by_mistake_is_reversed_by_two_and_settled_right(people, clock, desk_of):
    order = opened(people, OrderKind.REPAIR, [{"quantity": 2}, {"name": "轮毂轴承", "kind": "part", "unit_price": 300}])
    the_workshop_is_done(order)

    till = desk_of(people.cashier).go("收银台").follow(order.number).key("s", sure=True).sees("已结算：")
    till.ask("r").fill({"收款方式": "微信"}).key("Control+Enter")
    assert amounts(till, "客户") == ["客户", "690.00", "690.00", "0.00"]
    wrong = Settlement.objects.get()
    till.follow(wrong.number).main.get_by_role("link", name="红冲").click()
    till.sees("提交审批").fill({"原因": "轴承只用了一个"}).press("提交审批").sees("已通知经理审批。", "轴承只用了一个")

    manager = desk_of(people.manager).go("收银台").follow(wrong.number).press("批准红冲", sure=True).sees("已红冲")

    desk = desk_of(people.advisor).find(order.number).sees("¥690.00")
    desk.key("l").main.get_by_label("数量/工时").nth(1).fill("1")
    desk.key("Control+Enter").sees("项目已保存。")

    till.find(order.number).key("s", sure=True).sees("已结算：")
    right = Settlement.objects.live().get()
    assert (right != wrong, Settlement.objects.count()) == (True, 2)
    till.go("应收款").follow("应退款").sees("150.00")
    till.main.get_by_role("link", name="确认退款").click()
    till.sees("退款金额").press("确认退款").sees("没有应退款。")
    assert manager.find(order.number) and amounts(manager, "客户") == ["客户", "540.00", "540.00", "0.00"]
    assert list(Receipt.objects.order_by("pk").values_list("amount", flat=True)) == [Decimal(690), Decimal(-150)]
