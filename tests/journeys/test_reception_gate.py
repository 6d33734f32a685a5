"""Cars at the gate: one the house knows, by keyboard alone; one it has never seen, with everything typed wrong."""

from datetime import timedelta
from decimal import Decimal

from reception.choices import OrderState
from reception.models import Customer, RepairOrder, Suggestion, Vehicle
from tests.factories.reception import RepairOrderFactory, SuggestionFactory, VehicleFactory
from tests.journeys.conftest import TUESDAY
from tests.journeys.desks import expect
from tests.journeys.test_reception_money import amounts

KNOWN, NEW = "京A12345", "京B54321"
VIN = "LFPH3ACC0N1E12345"


def test_a_known_car_from_its_plate_to_the_board_by_keyboard_alone(people, clock, desk_of):
    car = VehicleFactory(store=people.store, plate=KNOWN, mileage=24_000, owner__name="王建平")
    oil = {"name": "全合成机油", "kind": "part", "quantity": 4, "unit_price": 68}
    RepairOrderFactory(
        advisor=people.advisor, vehicle=car, state=OrderState.DELIVERED, lines=[{}, oil], paid=True,
        began_at=TUESDAY - timedelta(days=180),
    )  # fmt: skip
    SuggestionFactory(vehicle=car, name="更换前刹车片", quoted_amount=Decimal("680.00"))

    desk = desk_of(people.advisor).go("今日看板").key("n")
    page = desk.type(KNOWN).page
    page.keyboard.press("Enter")
    desk.sees("在册车辆", "王建平")
    assert desk.fact("档案里程") == "24,000 km"
    for typed in ("23100", "40", "保养，刹车异响"):
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    page.get_by_label("更换前刹车片").press("Space")
    desk.key("Control+Enter").sees("23,100 公里小于档案中的 24,000 公里。")
    page.get_by_label("行驶里程").fill("32100")
    desk.key("Control+Enter").sees("保养，刹车异响", "更换前刹车片")

    # What was done half a year ago is taken over, and added up with what was suggested then.
    desk.key("l").key("Alt+c")
    expect(page.locator("input[value='全合成机油']")).to_be_visible()
    desk.key("Control+Enter").sees("项目已保存。")
    assert amounts(desk, "客户") == ["客户", "1,132.00"]  # 680 + 1.5 × 120 + 4 × 68
    order = RepairOrder.objects.get(mileage=32_100)
    assert (order.state, order.advisor, order.customer) == (OrderState.OPEN, people.advisor, car.owner)
    assert Suggestion.objects.get().done_in == order

    desk.go("今日看板")
    expect(desk.main.locator(".desk-column", has_text="等待").get_by_text("王建平")).to_be_visible()


def test_a_new_customer_is_asked_for_once_and_known_from_then_on(people, clock, desk_of):
    desk = desk_of(people.advisor).go("接车开单")
    desk.page.keyboard.type(NEW)
    desk.sees("新车辆与客户").fill({
        "客户": "欧阳晓梅", "手机": "1391077886", "品牌": "红旗", "车系": "HS5", "车架号": VIN[:-1],
        "行驶里程": 8, "客户描述": "新车首保咨询，右后门异响",
    })  # fmt: skip
    desk.key("Control+Enter").sees("“1391077886”", f"“{VIN[:-1]}”")
    desk.fill({"手机": "139 1077 8866", "车架号": VIN}).key("Control+Enter").sees("校验位")
    desk.fill({"车架号放行原因": "行驶证照此登记"}).key("Control+Enter").sees("已开", "右后门异响")
    assert Customer.objects.get().phones.get().number == "+8613910778866"
    assert (Vehicle.objects.get().vin, Vehicle.objects.get().owner.name) == (VIN, "欧阳晓梅")

    # Found by the last four digits, shown masked, and met again at the gate.
    desk.find("8866").sees("欧阳晓梅", "139****8866")
    desk.go("接车开单").page.keyboard.type(NEW)
    desk.sees("在册车辆", "该车有未完成的工单")
    assert desk.fact("车主") == "欧阳晓梅"
