"""One car through two teams: a pause for parts, an add-on, a failed inspection; seen all the way on wall and phone."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.hashers import make_password

from reception import actions as reception
from reception.actions import LineDraft
from reception.choices import AnswerWay, LineKind, OrderState
from reception.models import AddOn
from tests.factories.organization import StaffFactory
from tests.factories.reception import RepairOrderFactory
from tests.journeys.desks import DESK, PASSWORD, PHONE, expect
from workshop.choices import InspectionResult
from workshop.models import Inspection, Job

WALL = (1920, 1080)


@pytest.fixture
def painter(people):
    return StaffFactory(role="technician", team=people.painters, name="徐彩", password=make_password(PASSWORD))


@pytest.fixture
def car(people, clock):
    """Two works wait for hands: one for the mechanics, one for body and paint."""
    now = clock.now()
    return RepairOrderFactory(
        store=people.store, advisor=people.advisor, began_at=now - timedelta(hours=1), symptoms="异响，有划痕",
        promised_at=now + timedelta(hours=6), lines=[{"name": "右前轮异响检查"}, {"name": "右前门喷漆"}],
    )  # fmt: skip


def test_a_car_through_two_teams_seen_on_the_wall_and_on_a_phone(people, painter, car, clock, desk_of):
    plate, number = car.vehicle.plate, car.number
    wall, phone = desk_of(people.workshop, WALL), desk_of(people.advisor, PHONE)
    wall.page.goto(f"{wall.address}/workshop/board/wall/")
    phone.page.goto(f"{phone.address}/workshop/board/")

    def stands(stage: str, *screens) -> None:
        """The screens (the wall, if none is named) have asked again, and show the car there."""
        for desk in screens or (wall,):
            column, target = (".wall-column", "#wall") if desk is wall else (".board-column", "#board")
            desk.page.evaluate("(at) => window.htmx.ajax('GET', location.pathname, {target: at})", target)
            shown = desk.page.locator(column, has=desk.page.get_by_role("heading", name=stage))
            expect(shown.get_by_text(plate)).to_be_visible()

    stands("待派工", wall, phone)
    supervisor = desk_of(people.workshop, DESK).go("派工")
    give(supervisor, {"右前轮异响检查": people.technician, "右前门喷漆": painter})
    stands("已派工")

    mechanic = desk_of(people.technician, PHONE).go("我的派工")
    fits_a_glove(mechanic)
    mechanic.press("开工")
    mechanic.main.get_by_text("暂停", exact=True).click()
    mechanic.press("等待配件")
    stands("等待", wall, phone)
    desk_of(painter, PHONE).go("我的派工").sees("右前门喷漆").press("开工").press("完工，自检合格")
    mechanic.go("我的派工").press("继续")
    stands("维修中")

    mechanic.follow("发现新问题").fill({"发现的问题": "右前减震器漏油"}).press("发送给服务顾问")
    the_customer_agrees(people, clock)
    give(supervisor.go("派工"), {"更换右前减震器": people.technician})
    mechanic.go("我的派工").sees("更换右前减震器").press("完工，自检合格")
    mechanic.press("开工").press("完工，自检合格").sees("目前没有派给您的项目。")
    stands("检验中")

    inspector = desk_of(people.inspector).go("检验").follow(number)
    inspector.fill({"不合格内容": "右前轮螺栓力矩不足", "责任方": people.technician.name}).press("不合格，返工")
    stands("维修中")
    mechanic.go("我的派工").sees("右前轮螺栓力矩不足").press("开工").press("完工，自检合格")
    inspector.go("检验").follow(number)
    for answer in inspector.main.locator("label.answer-fine").all():
        answer.click()
    inspector.key("Control+Enter")
    stands("待交车", wall, phone)

    car.refresh_from_db()
    assert car.state == OrderState.READY
    works = Job.objects.order_by("id").values_list("name", "technician__name", "team__name", "is_rework")
    assert [one[1:] for one in works] == [
        (people.technician.name, "机电一组", False), (painter.name, "钣喷一组", False),
        (people.technician.name, "机电一组", False), (people.technician.name, "机电一组", True),
    ]  # fmt: skip
    assert Inspection.objects.filter(result=InspectionResult.FAILED).get().responsible == people.technician

    clock.forward(seconds=1)
    supervisor.go("车间指标").sees("1 ÷ 1")
    assert "100.0%" in supervisor.main.locator(".stat", has_text="内返率").inner_text()


def fits_a_glove(technician) -> None:
    """What is touched is large enough for a glove, and nothing sticks out of the telephone's screen."""
    sizes = [button.bounding_box() for button in technician.main.locator(".btn-touch:visible").all()]
    assert sizes
    assert all(size["height"] >= 56 and size["width"] >= 150 for size in sizes)
    assert technician.page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def give(supervisor, works: dict) -> None:
    """Choose hands for each work, and dispatch by key."""
    for work, person in works.items():
        hands = supervisor.row(work).get_by_label("班组或技师")
        hands.select_option(label=hands.locator("option", has_text=person.name).inner_text())
    supervisor.key("d").sees("所有项目均已派工。")


def the_customer_agrees(people, clock):
    """The advisor prices what was found and calls."""
    found = AddOn.objects.get()
    lines = [LineDraft(LineKind.LABOUR, "更换右前减震器", Decimal("1.2"), Decimal(120), team=people.mechanics)]
    reception.change_add_on(add_on=found, lines=lines, by=people.advisor, at=clock.now())
    found.refresh_from_db()
    reception.agree_to_add_on(add_on=found, answered_by="车主", way=AnswerWay.PHONE, by=people.advisor, at=clock.now())
