"""From a bad month to a closed plan; from a customer's phone to a matter dealt with. Source: spec satisfaction.md."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from dealer_crm.notices.models import Notice
from dealer_crm.values import Period
from reception.choices import OrderState
from satisfaction.models import Flag, ImprovementPlan
from satisfaction.queries import effect_of, month_figures, survey_path
from satisfaction.queries.scopes import Scope
from tests.factories import cast
from tests.factories.reception import RepairOrderFactory
from tests.factories.satisfaction import response
from tests.journeys.desks import PHONE, expect

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def people():
    cache.clear()
    return cast.of_store()


def test_a_bad_month_becomes_a_weakness_a_plan_a_better_month_and_a_closed_plan(client, people):
    now = timezone.now()
    this_month = Period.of(now, people.store.tz)
    last = this_month.previous()
    bad_day = last.bounds(people.store.tz)[0] + timedelta(days=9, hours=4)
    for _n in range(12):
        response(people, {"F06": 4}, at=bad_day)
    client.force_login(people.manager)
    month = client.get(reverse("satisfaction:month"), {"period": str(last)})
    new = reverse("satisfaction:plan_new", args=[last, "F06"])
    assert new in month.text
    assert new in client.get(reverse("satisfaction:plans_owed"), {"period": str(last)}).text
    due = timezone.localdate(now) + timedelta(days=7)
    made = client.post(new, {"cause": "高峰时段无人告知", "measure": "看板提醒顾问", "owner": people.frontdesk.pk,
                             "due_on": due.isoformat()})  # fmt: skip
    plan = ImprovementPlan.objects.get()
    assert made.url == reverse("satisfaction:plan", args=[plan.pk])
    assert Notice.objects.filter(recipient=people.frontdesk).count() == 1
    client.force_login(people.frontdesk)
    client.post(reverse("satisfaction:plan_begin", args=[plan.pk]))
    client.post(reverse("satisfaction:plan_done", args=[plan.pk]), {"note": "已上线提醒"})
    plan.refresh_from_db()
    for _n in range(12):
        response(people, {"F06": 9}, at=plan.done_at)
    effect = effect_of(plan, at=timezone.now() + timedelta(minutes=1))
    assert (effect.change.gap.difference, effect.change.tone) == (5, "success")
    client.force_login(people.manager)
    page = client.get(reverse("satisfaction:plan", args=[plan.pk]))
    assert [str(one.period) for one in page.context["effect"].months] == [str(last), str(this_month)]
    client.post(
        reverse("satisfaction:plan_close", args=[plan.pk]),
        {"outcome": "helped", "result": "写入接待流程"},
        headers=HTMX,
    )
    plan.refresh_from_db()
    assert (plan.outcome, plan.closed_by) == ("helped", people.manager)
    assert (
        next(
            row for row in month_figures(Scope(people.store, this_month)).factors if row.question.code == "F06"
        ).now.mean
        == 9
    )


def test_a_customer_answers_on_the_phone_and_somebody_deals_with_what_was_bad(
    client, people, browser_page, live_server
):
    order = RepairOrderFactory(
        advisor=people.advisor, state=OrderState.DELIVERED, began_at=timezone.now() - timedelta(hours=30)
    )
    phone, link = browser_page, live_server.url + survey_path(order)
    phone.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    heading = phone.get_by_role("heading", level=1)
    phone.goto(link)
    expect(heading).to_have_text("您对这次服务满意吗？")
    expect(phone.get_by_text(order.vehicle.plate)).to_have_count(0)  # who finds the phone learns no plate
    phone.get_by_role("link", name="English").click()
    expect(phone.get_by_text("Was the price reasonable?")).to_be_visible()
    phone.get_by_role("link", name="简体中文").click()
    # Every answer is broad enough for a thumb, and nothing hangs over the edge.
    boxes = phone.locator(".survey-choices label").evaluate_all(
        "labels => labels.map(one => one.getBoundingClientRect()).map(box => [box.width, box.height, box.right])"
    )
    narrowest, right = min(min(box[:2]) for box in boxes), max(box[2] for box in boxes)
    assert (len(boxes), narrowest >= 40, right <= PHONE[0]) == (161, True, True)
    phone.get_by_role("button", name="提交").click()  # an empty sheet is not taken
    expect(phone.get_by_text("请至少回答一个问题。")).to_be_visible()
    for code, score in (("F02", 2), ("F03", 9)):
        phone.locator(f"label:has([name={code}][value='{score}'])").click()
    phone.get_by_label(re.compile("意见或建议")).fill("等了二十分钟没人理")
    phone.get_by_role("button", name="提交").click()
    expect(heading).to_have_text("非常感谢！")
    phone.goto(link)
    expect(heading).to_have_text("您已经评价过了。")
    flag = Flag.objects.get()
    client.force_login(people.crc)
    assert flag in client.get(reverse("satisfaction:flags")).context["page"].rows
    client.post(reverse("satisfaction:flag_assign", args=[flag.pk]), {"owner": people.advisor.pk})
    client.force_login(people.advisor)
    assert reverse("satisfaction:flag", args=[flag.pk]) in client.get("/").text
    client.post(reverse("satisfaction:flag_deal", args=[flag.pk]), {"result": "已致电道歉，赠送检测"})
    flag.refresh_from_db()
    assert (flag.dealt_by, flag.result) == (people.advisor, "已致电道歉，赠送检测")
    client.force_login(people.crc)
    assert client.get(reverse("satisfaction:flags")).context["page"].rows == []
    assert client.get(reverse("satisfaction:flags"), {"shown": "dealt"}).context["page"].rows == [flag]
