"""One car from the gate to pay day, each step by the role it belongs to."""

from decimal import Decimal

from django.core.management import call_command

from callback.choices import TaskState
from callback.models import CallTask, Contact
from commission.choices import RunState
from commission.models import Run, Statement
from complaints.choices import ComplaintState
from complaints.models import Complaint
from dealer_crm.kpi.models import Target
from reception.choices import OrderState
from reception.models import Customer, Receipt, RepairOrder, Settlement
from satisfaction.models import Response
from tests.journeys.desks import PASSWORD, PHONE, expect, fill

PLATE, CUSTOMER = "京A88866", "刘建华"
SCORES = 16  # questions of the service questionnaire that are answered by a number


def test_one_car_from_the_gate_to_pay_day(people, clock, desk_of):
    the_gate(people, desk_of)
    the_workshop(people, desk_of)
    the_cashier(people, desk_of)
    the_road(people, desk_of)

    clock.forward(days=2)
    call_command("generate_callbacks")
    the_call(people, desk_of)
    the_complaint(people, desk_of)
    the_targets(people, desk_of)

    clock.forward(days=19)
    call_command("generate_callbacks")
    the_pay_day(people, desk_of)


def the_order() -> RepairOrder:
    return RepairOrder.objects.get()


def the_gate(people, desk_of):
    desk = desk_of(people.advisor, password=PASSWORD).go("接车开单").type(PLATE)
    desk.sees("新车辆与客户").fill({
        "客户": CUSTOMER, "手机": "139 1077 8866", "品牌": "红旗", "车系": "H5", "维修类型": "普通修理",
        "行驶里程": 31250, "承诺交车时间": "2026-11-10T16:30", "客户描述": "右前轮转弯时异响",
    })  # fmt: skip
    desk.photograph("intake").key("Control+Enter").sees("已开", "右前轮转弯时异响")
    desk.key("l")
    lines = [
        {"名称": "更换右前轮轴承", "数量/工时": "2", "单价": "120", "班组": "机电一组"},
        {"类型": "配件", "名称": "轮毂轴承", "数量/工时": "1", "单价": "300"},
        {
            "类型": "精品",
            "名称": "行车记录仪",
            "数量/工时": "1",
            "单价": "1000",
            "销售人": "李明",
            "加装班组": "加装组",
        },
    ]
    for place, line in enumerate(lines):
        row = desk.main.locator("tr[data-row]:visible").nth(place)
        for label, value in line.items():
            fill(row.get_by_label(label, exact=True), value)
        if line is not lines[-1]:
            row.get_by_label("名称", exact=True).press("Enter")
    desk.photograph("lines").key("Control+Enter").sees("项目已保存。", "行车记录仪").photograph("order")
    order = the_order()
    assert (order.state, order.advisor, order.customer.name) == (OrderState.OPEN, people.advisor, CUSTOMER)
    assert [line.payable_amount for line in order.lines.all()] == [Decimal(240), Decimal(300), Decimal(1000)]
    assert Customer.objects.get().phones.get().number == "+8613910778866"


def the_workshop(people, desk_of):
    desk = desk_of(people.workshop).go("派工").fill({"班组或技师": "王刚"}).photograph("dispatch")
    desk.key("d").sees("所有项目均已派工。")
    assert the_order().state == OrderState.DISPATCHED

    desk = desk_of(people.technician, PHONE).go("我的派工").sees(PLATE, "右前轮转弯时异响")
    desk.press("开工").photograph("my-jobs").press("完工，自检合格").sees("目前没有派给您的项目。")
    assert the_order().state == OrderState.INSPECTION

    desk = desk_of(people.inspector).go("检验").key("o")
    for answer in desk.main.locator("label.answer-fine").all():
        answer.click()
    desk.photograph("inspection").key("Control+Enter").sees("没有待检车辆。")
    assert the_order().state == OrderState.READY


def the_cashier(people, desk_of):
    desk, other = desk_of(people.cashier), desk_of(people.cashier, another=True)
    number = the_order().number
    for window in (desk, other):
        window.go("收银台").follow(number)
    desk.page.keyboard.press("s")
    desk.page.locator("#confirm.show").wait_for()
    with desk.page.expect_navigation():
        desk.page.locator("#confirm.show").get_by_role("button", name="确定").dblclick(no_wait_after=True)
    desk.sees("已结算：").photograph("settlement")
    settlement = Settlement.objects.get()
    other.key("s", sure=True).sees(f"工单 {number} 已经结算（{settlement.number}）")
    assert Settlement.objects.count() == 1

    desk.ask("r").fill({"收款方式": "微信"}).photograph("receipt").key("Control+Enter")
    desk.sees("1,540.00").go("收银台").sees("全部款项已收齐。")
    assert Receipt.objects.get().amount == Decimal(1540)


def the_road(people, desk_of):
    desk = desk_of(people.advisor).photograph("home-advisor").go("今日看板").follow(PLATE)
    desk.key("d").sees("与客户当面确认").fill({"已向客户说明维修项目和费用": True}).photograph("deliver")
    desk.key("Control+Enter").sees("已交车。").photograph("delivered")
    assert the_order().state == OrderState.DELIVERED


def the_call(people, desk_of):
    desk = desk_of(people.agent).photograph("home-agent").go("开始回访")
    desk.page.keyboard.press("n")
    desk.sees(CUSTOMER, "您好，我是北京远航店客服专员吴婷").photograph("call")
    desk.page.keyboard.press("x")
    desk.page.keyboard.press("q")
    for _score in range(SCORES):
        desk.page.keyboard.type("4")
        desk.page.keyboard.press("Tab")
    desk.page.keyboard.press("Tab")
    desk.page.keyboard.type("说好四点半，六点才交车，没人打招呼")
    desk.page.keyboard.press("Tab")
    desk.photograph("call-filled").ask("c").photograph("call-complaint")
    desk.page.keyboard.press("Control+Enter")
    expect(desk.page.locator("#raised .alert")).to_be_visible()
    expect(desk.page.locator("#dialog")).to_be_hidden()
    desk.page.keyboard.press("Control+Enter")
    desk.sees(f"{CUSTOMER}：成功")
    assert CallTask.objects.get().state == TaskState.DONE
    assert Contact.objects.get().complaint == Complaint.objects.get()
    assert the_order().late_by_customer is True
    assert Response.objects.get().advisor == people.advisor


def the_complaint(people, desk_of):
    number = Complaint.objects.get().number

    supervisor = desk_of(people.crc).go("待我处理").follow(number).sees("六点才交车").photograph("complaint-crc")
    say(supervisor, "首次回复客户", "已致歉，说明正在调查，今日内再联系")
    supervisor.press("保存回复")
    say(supervisor, "处理建议", "核实交车时间，由服务顾问上门致歉")
    supervisor.press("提交建议")

    manager = desk_of(people.manager).photograph("home-manager").go("待我处理").follow(number)
    manager.fill({"责任人": "李明", "期限": "2026-11-13T12:00", "处理要求": "上门致歉，赠送一次洗车"}).photograph(
        "decision"
    )
    manager.press("确定").sees("已通知责任人。")

    owner = desk_of(people.advisor).photograph("home-owner").go("待我处理").follow(number)
    say(owner, "处理措施和结果", "已上门致歉，客户收下洗车券")
    owner.press("提交处理结果")

    manager.go("待我处理").follow(number).fill({"合格，可以回访客户": True}).press("保存检查结果")
    supervisor = desk_of(people.crc).go("待我处理").follow(number).fill({"满意，结案": True}).press("保存客户意见")
    complaint = Complaint.objects.get()
    assert (complaint.state, complaint.is_satisfied) == (ComplaintState.CLOSED, True)
    supervisor.sees("已结案").photograph("complaint-closed")

    manager.go("待我处理").follow(number)
    manager.main.get_by_role("button", name="更多").click()
    manager.main.get_by_role("button", name="是否属实").click()
    manager.form.get_by_label("属实", exact=True).check()
    row = manager.form.locator("tr[data-row]:visible").first
    fill(row.get_by_label("员工"), "李明")
    fill(row.get_by_label("责任份额（%）"), "100")
    manager.form.get_by_role("button", name="判定").click()
    manager.sees("说明: 该字段是必填项。").fill({"说明": "交车晚 90 分钟且未告知客户"}).photograph("verdict")
    manager.press("判定").sees("属实")
    responsible = Complaint.objects.get().responsibilities.get()
    assert (responsible.staff, responsible.share) == (people.advisor, Decimal(1))


def say(desk, card: str, text: str) -> None:
    """Write into the only text of a card."""
    desk.main.locator("section.card", has=desk.page.get_by_role("heading", name=card, exact=True)).get_by_role(
        "textbox"
    ).fill(text)


def the_targets(people, desk_of):
    desk = desk_of(people.manager).go("目标")
    for measure, goal in (("产值", "540"), ("接车台次", "1")):
        desk.key("n").fill({"月份": "2026-11", "指标": measure, "目标值": goal}).key("Control+Enter").sees(
            measure, "未签认"
        )
    desk.photograph("targets")
    for advisor in (people.advisor, people.second_advisor):
        desk = desk_of(advisor).go("我的目标").photograph("own-targets")
        desk.press("签认 2026-11 全部目标", sure=True).sees("没有待签认的目标。")
    assert list(Target.objects.values_list("is_signed", flat=True)) == [True, True]


def the_pay_day(people, desk_of):
    finance = desk_of(people.finance).go("提成核算")
    finance.press("核算").sees("未写入任何数据。", "由前台主管、服务经理处理").photograph("missing")
    assert Run.objects.count() == 0

    manager = desk_of(people.manager).go("考核成绩").photograph("scores")
    for advisor in (people.advisor, people.second_advisor):
        manager.fill({f"{advisor.work_number} {advisor.name}": "98"})
    manager.key("Control+Enter")

    finance.press("核算").sees("2026-11", "62.70").photograph("run")
    manager.go("提成核算").follow("2026-11").press("标记为已审核", sure=True)
    director = desk_of(people.director).photograph("home-director").go("提成核算").follow("2026-11")
    director.press("批准", sure=True)
    finance.go("提成核算").follow("2026-11").press("锁定", sure=True).sees("已锁定")
    run = Run.objects.get()
    assert run.state == RunState.LOCKED
    net = Statement.objects.get(run=run, staff=people.advisor).net_amount
    assert net == Decimal("29.78")  # pool 2.70 + 60.00, half of it 31.35, 5 % off for one verified complaint

    book = finance.download("导出工作簿")
    assert book.sheetnames == ["汇总", "项目", "业务接待", "班组", "明细", "结转", "说明"]
    assert paid(book["汇总"])[people.advisor.name] == net

    supervisor = desk_of(people.crc).go("报表").follow("CSI").photograph("csi-report")
    book = supervisor.download("Excel")
    assert book.sheetnames == ["汇总", "因子", "人员", "明细", "改进计划", "说明"]

    advisor = desk_of(people.advisor).photograph("home-payday").go("我的提成").follow("2026-11")
    advisor.sees("29.78", "1.57").photograph("slip")
    advisor.row("投诉").get_by_role("link", name="1.57").click()
    advisor.sees(Complaint.objects.get().number).photograph("slip-complaint")


def paid(sheet) -> dict[str, Decimal]:
    """Name → 实发提成 of the sheet 汇总."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(row for row in rows if "姓名" in row)
    name, net = head.index("姓名"), head.index("实发提成")
    return {row[name]: Decimal(str(row[net])) for row in rows[rows.index(head) + 1 :] if row[name]}
