"""投诉: a major complaint from the call to its closing over two rounds; and one a customer wrote by phone."""

from datetime import timedelta

from django.utils import timezone

from callback.actions import generate_callbacks
from callback.choices import RuleCode
from callback.models import CallTask
from complaints import queries
from complaints.choices import ComplaintSource, Severity
from complaints.models import Complaint
from complaints.tasks import watch_clocks
from dealer_crm.channels.models import Message
from dealer_crm.notices.models import Notice
from dealer_crm.organization.models import Staff
from reception.choices import OrderState
from tests.factories.callback import CallTaskFactory
from tests.factories.reception import CustomerFactory, RepairOrderFactory
from tests.journeys.desks import PHONE, expect


def owe_a_call(people):
    now = timezone.now()
    order = RepairOrderFactory(
        advisor=people.advisor, state=OrderState.DELIVERED, began_at=now - timedelta(days=1, hours=6)
    )
    CallTaskFactory(order=order, opens_at=now - timedelta(hours=2), due_at=now + timedelta(days=2), created_at=now)


def take(desk, complaint, step, *, choose="", **fields):
    """Open the complaint's page and take one step of its loop there."""
    desk.page.goto(f"{desk.address}/complaints/{complaint.pk}/")
    form = desk.page.locator(f"form[action$='/{complaint.pk}/{step}/']").first
    if choose:
        form.locator(f"input[value={choose}]").check()
    for name, value in fields.items():
        field = form.locator(f"[name={name}]")
        field.select_option(label=value) if name == "owner" else field.fill(value)
    with desk.page.expect_navigation():
        form.get_by_role("button").last.click()


def told(complaint, mark) -> set[str]:
    """Who was told of a mark of the clocks, in the program."""
    rows = Notice.objects.filter(key=f"complaint:{complaint.pk}:{mark}")
    return set(rows.values_list("recipient__name", flat=True))


def go_round(desk_of, people, complaint, *, satisfied):
    """The five steps from the supervisor's advice to the customer's answer."""
    deadline = f"{timezone.localtime(timezone.now() + timedelta(hours=6)):%Y-%m-%dT%H:%M}"
    take(desk_of(people.crc), complaint, "advise", text="停用车辆，技术主管复检，费用由本店承担")
    take(
        desk_of(people.manager), complaint, "decide", owner=people.frontdesk.name, deadline_at=deadline,
        text="当日复检，更换总泵",
    )  # fmt: skip
    take(desk_of(people.frontdesk), complaint, "remedy", text="已更换制动总泵，路试正常")
    take(desk_of(people.manager), complaint, "check", choose="yes")
    take(desk_of(people.agent), complaint, "ask", choose="yes" if satisfied else "no", text="客户已试车")
    complaint.refresh_from_db()


def test_a_major_complaint_from_the_call_to_its_closing_over_two_rounds(clock, people, desk_of):
    Staff.objects.filter(store=people.store).update(phone="13800138000")
    owe_a_call(people)
    agent = desk_of(people.agent)
    agent.page.goto(f"{agent.address}/callback/call/")
    agent.page.keyboard.press("n")
    expect(agent.page.locator("#call-form")).to_be_visible()
    agent.ask("c")
    agent.form.locator("[name=description]").fill("踩刹车没反应，差点追尾，要找记者")
    agent.page.keyboard.press("Control+Enter")
    agent.sees("已登记")
    complaint = Complaint.objects.get()
    assert (complaint.source, complaint.severity, complaint.created_by) == (
        ComplaintSource.CALL, Severity.MAJOR, people.agent,
    )  # fmt: skip

    clock.forward(hours=1, minutes=40)
    watch_clocks()
    clock.forward(minutes=30)
    watch_clocks()
    assert told(complaint, "reply:warning:1") == {people.crc.name}
    assert told(complaint, "reply:breach:1") == {people.manager.name}
    assert Message.objects.filter(key__startswith=f"complaint:{complaint.pk}:").count() == 2  # and by text
    manager = desk_of(people.manager)
    manager.page.goto(f"{manager.address}/complaints/{complaint.pk}/")
    manager.sees("已超时").photograph("complaint-late")
    take(agent, complaint, "reply", text="非常抱歉，技术主管马上联系您")

    go_round(desk_of, people, complaint, satisfied=False)
    assert (complaint.round, complaint.closed_at) == (2, None)
    clock.forward(hours=49)
    watch_clocks()
    assert told(complaint, "solve:breach:2") == {people.manager.name}
    assert told(complaint, "solve:double:2") == {people.director.name}
    go_round(desk_of, people, complaint, satisfied=True)
    assert (complaint.is_satisfied, complaint.closed_at is not None) == (True, True)
    agent.sees("已结案").photograph("complaint-closed")

    clock.forward(days=10)
    generate_callbacks(at=timezone.now(), store=people.store, codes=[RuleCode.COMPLAINT_SECOND])
    assert CallTask.objects.get(rule__code=RuleCode.COMPLAINT_SECOND).complaint == complaint


def test_a_customer_writes_by_phone_and_the_supervisor_finds_out_who_it_is(people, desk_of, browser):
    known = CustomerFactory(store=people.store, name="刘桂英")
    known.phones.update(number="+8613900001111")
    crc = desk_of(people.crc)
    outside = browser.new_context(locale="zh-CN", viewport=dict(zip(("width", "height"), PHONE, strict=True)))
    page = outside.new_page()
    page.goto(crc.address + queries.public_path(people.store))
    for name, text in (
        ("caller_name", "刘女士"), ("caller_phone", "139 0000 1111"), ("description", "洗车把后视镜碰坏了"),
    ):  # fmt: skip
        page.locator(f"[name={name}]").fill(text)
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("我们已收到")).to_be_visible()
    complaint = Complaint.objects.get()
    expect(page.get_by_text(complaint.number)).to_be_visible()
    outside.close()

    crc.page.goto(f"{crc.address}/complaints/queue/")
    crc.follow(complaint.number).sees("139****1111").follow("就是该客户").press("保存")
    complaint.refresh_from_db()
    assert complaint.customer == known
    take(crc, complaint, "reply", text="非常抱歉，我们负责修好")
    take(crc, complaint, "advise", text="由洗车班组长负责，更换后视镜")
    crc.photograph("complaint-from-outside", (1366, 768))
