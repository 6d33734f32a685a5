"""Tools and equipment: the list, what is reported of them, how many are intact."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from dealer_crm.values import Refusal, Stale
from tests.factories.organization import StoreFactory
from tests.factories.workshop import BayFactory, JobFactory, ToolFactory
from workshop import actions, queries
from workshop.choices import BayKind, JobState, ToolKind, ToolState
from workshop.models import Bay, Tool

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 10, 12, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = date(2026, 10, 12)


def signed_in(client, person):
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")
    return client


def report(tool, state, by, note="检查", **fields):
    return actions.report_tool(tool=tool, state=state, note=note, by=by, at=NOW, **fields)


def test_the_newest_report_is_the_state_of_a_tool(people):
    tool = ToolFactory(store=people.store, next_check_on=TODAY)
    report(tool, ToolState.DEFECTIVE, people.technician, "锁止爪磨损")
    report(tool, ToolState.REPAIR, people.workshop, "送厂家修理")
    report(tool, ToolState.INTACT, people.inspector, "修好，年检合格", next_check_on=date(2027, 10, 12))
    tool.refresh_from_db()
    assert (tool.state, tool.next_check_on, tool.version) == ("intact", date(2027, 10, 12), 4)
    assert [one.note for one in tool.reports.all()] == ["修好，年检合格", "送厂家修理", "锁止爪磨损"]
    report(tool, ToolState.SCRAPPED, people.workshop, "报废")
    tool.refresh_from_db()
    assert (tool.state, tool.next_check_on) == ("scrapped", None)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"note": " "}, "note_missing"),
        ({"next_check_on": TODAY}, "check_past"),
        ({"state": ToolState.SCRAPPED}, "scrapping_needs_supervisor"),
        ({"expected_version": 7}, "stale"),
    ],
)
def test_a_report_that_can_not_be_is_refused(people, asked, code):
    tool = ToolFactory(store=people.store)
    given = {"state": ToolState.DEFECTIVE, "by": people.technician} | asked
    with pytest.raises(Refusal) as refused:
        report(tool, **given)
    assert refused.value.code == code
    assert not tool.reports.exists()


@pytest.mark.parametrize(
    ("fields", "field"), [({"number": " "}, "number"), ({"number": "jsj-01"}, "number"), ({"name": ""}, "name")]
)
def test_every_tool_has_a_number_of_its_own_and_a_name(people, others, fields, field):
    ToolFactory(store=people.store, number="JSJ-01")
    given = {"number": "JSJ-02", "name": "举升机", "kind": ToolKind.EQUIPMENT} | fields
    with pytest.raises(Refusal) as refused:
        actions.enter_tool(store=people.store, by=people.workshop, at=NOW, **given)
    assert refused.value.field == field
    actions.enter_tool(
        store=others.store, number="JSJ-01", name="举升机", kind=ToolKind.EQUIPMENT, by=others.workshop, at=NOW
    )


def test_scrapped_tools_count_nowhere_and_what_needs_seeing_to_is_on_the_first_page(people, others):
    states = [ToolState.INTACT] * 3 + [ToolState.DEFECTIVE, ToolState.REPAIR, ToolState.SCRAPPED]
    tools = [ToolFactory(store=people.store, state=state) for state in states]
    Tool.objects.filter(pk__in=[tools[0].pk, tools[5].pk]).update(next_check_on=TODAY)
    ToolFactory(store=others.store, state=ToolState.DEFECTIVE)
    counts = queries.tool_counts(people.store, TODAY)
    assert (counts.tools, counts.intact, counts.defective, counts.in_repair, counts.due) == (5, 3, 1, 1, 1)
    assert counts.intact_rate == Decimal("0.6")
    assert queries.tool_counts(StoreFactory(), TODAY).intact_rate is None
    assert set(queries.tools_to_see_to(people.workshop, TODAY)) == {tools[0], tools[3]}


def test_a_technician_reports_from_the_list_and_the_supervisor_keeps_it(people, client):
    signed_in(client, people.workshop)
    sent = {"number": "nlj-01", "name": "扭力扳手", "kind": "gauge", "place": "工具间", "keeper": people.technician.pk}
    assert client.post(reverse("workshop:tool_new"), sent).status_code == 302
    tool = Tool.objects.get()
    again = client.post(reverse("workshop:tool_new"), sent)
    assert (again.status_code, list(again.context["form"].errors)) == (422, ["number"])
    client.post(reverse("workshop:tool_change", args=[tool.pk]), {**sent, "name": "扭力扳手 20-100Nm", "version": 1})
    signed_in(client, people.technician)
    asked = {"state": "defective", "note": "打滑", "version": 2}
    page = reverse("workshop:tool_report", args=[tool.pk])
    assert client.post(page, asked).status_code == 302
    tool.refresh_from_db()
    assert (tool.name, tool.number, tool.state) == ("扭力扳手 20-100Nm", "NLJ-01", "defective")
    assert client.post(page, {**asked, "note": ""}, headers={"HX-Request": "true"}).status_code == 422
    with pytest.raises(Stale):
        report(tool, ToolState.INTACT, people.technician, expected_version=2)
    assert [one.note for one in client.get(reverse("workshop:tool", args=[tool.pk])).context["reports"]] == ["打滑"]


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_costs_the_same_however_long_it_is(people, rows, client, django_assert_max_num_queries):
    for _number in range(rows):
        ToolFactory(store=people.store, keeper=people.technician)
    signed_in(client, people.technician)
    with django_assert_max_num_queries(8):
        page = client.get(reverse("workshop:tools"))
    assert len(page.context["page"].rows) == rows
    assert len(client.get(reverse("workshop:tools"), {"q": "工具间 xx"}).context["page"].rows) == 0


def test_bays_say_what_is_done_in_them_and_which_car_stands_there(people, client):
    signed_in(client, people.workshop).post(reverse("workshop:bays"), {"name": "烤漆房", "kind": "paint"})
    booth = Bay.objects.get()
    assert booth.kind == BayKind.PAINT
    client.post(reverse("workshop:bay", args=[booth.pk]), {"name": "烤漆房 1", "kind": "body", "is_active": "on"})
    lift = BayFactory(store=people.store, name="A")
    running, waiting = [
        JobFactory(order__store=people.store, order__advisor=people.advisor, team=people.mechanics,
                   technician=person, state=state, bay=lift)
        for person, state in ((people.technician, JobState.RUNNING), (people.second_technician, JobState.ASSIGNED))
    ]  # fmt: skip
    shown = client.get(reverse("workshop:bays")).context["bays"]
    assert [(used.bay.name, used.bay.kind, used.standing, used.coming) for used in shown] == [
        ("A", "mechanical", running, [waiting]), ("烤漆房 1", "body", None, []),
    ]  # fmt: skip
    assert queries.car_standing_in(lift, other_than_order=waiting.order_id) == running
    assert queries.car_standing_in(lift, other_than_order=running.order_id) is None
