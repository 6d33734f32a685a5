"""The pages: what an agent and a supervisor see and press."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from callback import actions
from callback.choices import Outcome, RuleCode, TaskState
from callback.models import CallTask, Contact
from complaints.choices import Category
from complaints.models import Complaint, Topic
from complaints.queries import choice_of
from dealer_crm.journal.queries import entries_about
from dealer_crm.values.phone import national_phone
from reception.choices import OrderState
from satisfaction.models import Response
from satisfaction.queries import csi_version
from tests.factories.callback import CallTaskFactory, ContactFactory
from tests.factories.reception import RepairOrderFactory

HTMX = {"HX-Request": "true"}


def now():
    return timezone.now()


def owed(people, **fields):
    """An after-service call of a delivered order that may be made at this moment."""
    order = RepairOrderFactory(
        advisor=people.advisor, state=OrderState.DELIVERED, began_at=now() - timedelta(days=1, hours=6)
    )
    times = {"opens_at": now() - timedelta(hours=3), "due_at": now() + timedelta(hours=5), "created_at": now()}
    return CallTaskFactory(order=order, **times | fields)


@pytest.fixture
def agent(client, people):
    client.force_login(people.agent)
    return client


@pytest.fixture
def supervisor(client, people):
    client.force_login(people.crc)
    return client


@pytest.fixture
def taken(people, agent):
    task = owed(people)
    actions.claim_next(by=people.agent, at=now())
    return task


def post_outcome(client, task, outcome="", token=None, **said):
    data = {"outcome": outcome, "token": token or uuid4(), **said}
    return client.post(reverse("callback:outcome", args=[task.pk]), data, headers=HTMX)


def test_an_empty_desk_offers_the_next_call(agent, people):
    owed(people)
    page = agent.get(reverse("callback:call"))
    assert (page.status_code, page.context["counts"].today + page.context["counts"].later) == (200, 1)
    assert "desk" not in page.context


def test_the_next_call_comes_with_everything_the_agent_needs(agent, people):
    task = owed(people)
    page = agent.post(reverse("callback:next_call"), headers=HTMX)
    desk = page.context["desk"]
    assert (desk.task, desk.order.advisor, [line.name for line in desk.lines]) == (
        task,
        people.advisor,
        ["更换机油机滤"],
    )
    opening = desk.script[0].text
    assert task.customer.name in opening and people.agent.name in opening and "{" not in opening
    assert [field.name[2:] for field in page.context["form"].questions] == [
        each.code for each in csi_version().questions.all()
    ]
    assert task.customer.phones.get().number not in page.content.decode()
    assert national_phone(task.customer.phones.get().number) not in page.content.decode()


def test_showing_the_number_is_noted(agent, taken):
    number = taken.customer.phones.get().number
    page = agent.post(reverse("callback:phone", args=[taken.pk]), headers=HTMX)
    assert national_phone(number) in page.content.decode()
    assert entries_about(taken.customer).first().verb == "phone.revealed"


def test_an_outcome_hands_over_the_next_call_at_once(agent, people, taken):
    following = owed(people)
    codes = [each.code for each in csi_version().questions.all() if each.kind == "score"]
    page = post_outcome(
        agent, taken, "completed", was_on_time="no", note="等久了", **{f"q_{code}": 8 for code in codes}
    )
    assert page.status_code == 200
    assert page.context["task"] == following
    contact = Contact.objects.get()
    assert (contact.outcome, contact.was_on_time, contact.note) == (Outcome.COMPLETED, False, "等久了")
    assert Response.objects.get().answers.count() == len(codes)
    taken.order.refresh_from_db()
    assert taken.order.late_by_customer is True


def test_the_supervisor_re_checks_one_talk_after_another_and_leaves_the_agents_their_queue(supervisor, people):
    owed(people, due_at=now() - timedelta(minutes=1))
    first, second = (owed(people, code=RuleCode.SPOT_CHECK, source_key=f"contact:{place}") for place in (1, 2))
    assert supervisor.get(reverse("callback:call")).context["re_checks"] == 2
    pressed = lambda: supervisor.post(reverse("callback:next_call"), {"re_check": "1"}, headers=HTMX)  # noqa: E731
    assert [pressed().context["task"], pressed().context["task"]] == [first, first]
    assert post_outcome(supervisor, first, "completed").context["task"] == second
    assert "desk" not in post_outcome(supervisor, second, "completed").context


def test_after_a_pause_no_call_is_taken(agent, people, taken):
    owed(people)
    page = post_outcome(agent, taken, "busy", pause="1")
    assert "desk" not in page.context
    assert CallTask.objects.taken().count() == 0


def test_pressing_twice_writes_once(agent, people, taken):
    token = uuid4()
    for _press in range(2):
        assert post_outcome(agent, taken, "refused", token).status_code == 200
    assert Contact.objects.count() == 1


def test_what_is_missing_is_said_and_nothing_typed_is_lost(agent, taken):
    page = post_outcome(agent, taken, "completed", note="很满意")
    assert page.status_code == 422
    assert "data-toast" in page.content.decode()
    assert Contact.objects.count() == 0


@pytest.mark.parametrize(
    ("said", "state", "reserved"),
    [
        ({"proposed_at": "2099"}, TaskState.OPEN, True),
        ({"no_more": "all", "no_call_reason": "不想再接电话"}, TaskState.REFUSED, False),
        ({"no_more": "survey", "no_call_reason": "不愿接受调查"}, TaskState.REFUSED, False),
        ({"outcome": "refused", "no_call_reason": "没写完"}, TaskState.REFUSED, False),
    ],
)
def test_times_and_refusals_come_from_their_dialogs(agent, people, taken, said, state, reserved):
    if "proposed_at" in said:
        local = now().astimezone(people.store.tz) + timedelta(days=2)
        said = {"proposed_at": local.replace(hour=10, minute=0, second=0, microsecond=0).isoformat()}
    assert post_outcome(agent, taken, **said).status_code == 200
    taken.refresh_from_db()
    taken.customer.refresh_from_db()
    assert (taken.state, taken.agent == people.agent) == (state, reserved)
    assert taken.customer.refuses_calls is (said.get("no_more") == "all")
    assert taken.customer.call_refusals.filter(purpose="survey").exists() is (said.get("no_more") == "survey")


@pytest.mark.parametrize("no_more", ["all", "reminder"])
def test_a_refusal_of_more_calls_needs_a_reason(agent, taken, no_more):
    page = post_outcome(agent, taken, no_more=no_more)
    assert (page.status_code, "data-toast" in page.content.decode(), Contact.objects.count()) == (422, True, 0)


def test_a_complaint_is_one_dialog_and_goes_with_the_call(agent, people, taken):
    address = reverse("callback:complaint", args=[taken.pk])
    dialog = agent.get(address, {"note": "刹车异响没有修好"}, headers=HTMX)
    assert dialog.context["complaint_form"]["description"].value() == "刹车异响没有修好"
    assert "非常抱歉" in dialog.content.decode()  # the store's own first words
    topic = Topic.objects.filter(category=Category.SKILL, parent__isnull=False).first()
    answer = agent.post(
        address, {"category": choice_of(topic), "severity": "general", "description": "刹车异响没有修好"}, headers=HTMX
    )
    complaint = Complaint.objects.get()
    assert (complaint.order, complaint.customer, complaint.created_by) == (taken.order, taken.customer, people.agent)
    assert (complaint.category, complaint.topic) == (Category.SKILL, topic)
    assert "close-dialog" in answer["HX-Trigger"]
    post_outcome(agent, taken, "completed", was_on_time="yes", complaint=complaint.pk)
    assert Contact.objects.get().complaint == complaint


def test_typing_keeps_the_call_and_one_that_is_gone_is_said_in_the_page(agent, people, taken):
    address = reverse("callback:keep", args=[taken.pk])
    said = []
    for change in ({}, {"claimed_by": None, "claimed_at": None, "lapsed_by": people.agent}, {"claimed_by": people.crc},
                   {"claimed_by": None, "claimed_at": None, "state": TaskState.DONE, "done_at": now()}):  # fmt: skip
        CallTask.objects.update(**change)
        page = agent.post(address, headers=HTMX)
        said.append((page.status_code, "data-toast" in page.text, str(people.crc) in page.text))
    assert said == [(204, False, False), (204, False, False), (200, False, True), (200, False, False)]


def test_a_call_is_put_back(agent, taken):
    agent.post(reverse("callback:release", args=[taken.pk]), headers=HTMX)
    taken.refresh_from_db()
    assert taken.claimed_by is None


@pytest.mark.parametrize(("view", "count"), [("", 3), ("overdue", 1), ("waiting", 1), ("done", 1), ("taken", 0)])
def test_the_queue_shows_what_is_asked_for(agent, people, view, count):
    owed(people)
    owed(people, due_at=now() - timedelta(minutes=1))
    owed(people, next_try_at=now() + timedelta(hours=2))
    owed(people, state=TaskState.DONE, done_at=now())
    page = agent.get(reverse("callback:queue"), {"view": view})
    assert len(page.context["page"].rows) == count


def test_a_call_tells_its_story(agent, people, taken):
    post_outcome(agent, taken, "no_answer", pause="1")
    page = agent.get(reverse("callback:task", args=[taken.pk]))
    outcomes = [each.outcome for each in page.context["contacts"]]
    assert (outcomes, len(page.context["story"]), len(page.context["texts"])) == (
        [Outcome.NO_ANSWER, Outcome.SMS], 1, 1,
    )  # fmt: skip


def test_a_call_is_taken_from_the_list(agent, people):
    task = owed(people)
    answer = agent.post(reverse("callback:take", args=[task.pk]))
    assert answer.url == reverse("callback:call")
    assert agent.get(answer.url).context["task"] == task


def test_the_supervisor_sees_who_is_on_the_phone_and_takes_a_call_back(supervisor, people):
    task = owed(people)
    actions.claim_next(by=people.agent, at=now())
    rows = supervisor.get(reverse("callback:live")).context["agents"]
    assert [(row.agent, row.task) for row in rows] == [(people.agent, task), (people.crc, None)]
    supervisor.post(reverse("callback:send_back", args=[task.pk]), {"reason": "下班"})
    task.refresh_from_db()
    assert (task.claimed_by, entries_about(task).first().note) == (None, "下班")


def test_the_supervisor_gives_a_call_to_an_agent(supervisor, people):
    task = owed(people)
    supervisor.post(reverse("callback:assign", args=[task.pk]), {"agent": people.agent.pk})
    task.refresh_from_db()
    assert task.agent == people.agent


def test_an_agent_does_not_give_calls_away(agent, people):
    task = owed(people)
    assert agent.post(reverse("callback:assign", args=[task.pk]), {"agent": people.agent.pk}).status_code == 403


@pytest.mark.parametrize("name", ["task", "take", "outcome", "phone", "complaint", "keep", "release"])
def test_another_stores_call_does_not_exist(client, people, others, name):
    task = owed(people)
    client.force_login(others.agent)
    method = client.get if name in ("task", "complaint") else client.post
    assert method(reverse(f"callback:{name}", args=[task.pk])).status_code == 404


def test_contacts_are_listed_and_narrowed(agent, people):
    mine = ContactFactory(store=people.store, agent=people.agent, at=now() - timedelta(days=2))
    ContactFactory(store=people.store, agent=people.crc, outcome=Outcome.BUSY, at=now())
    assert len(agent.get(reverse("callback:contacts")).context["page"].rows) == 2
    assert agent.get(reverse("callback:contacts"), {"agent": people.agent.pk}).context["page"].rows == [mine]
    assert agent.get(reverse("callback:customer", args=[mine.customer_id])).context["page"].rows == [mine]


def test_the_group_picks_a_store_in_the_lists_and_comes_to_them_from_its_figures(client, people, others):
    mine, theirs = owed(people), owed(others)
    mine_said, theirs_said = (ContactFactory(task=task, agent=one.agent, store=one.store, customer=task.customer)
                              for task, one in ((mine, people), (theirs, others)))  # fmt: skip
    client.force_login(people.group)
    code = others.store.code
    for name, both, one in (("queue", {mine, theirs}, theirs), ("contacts", {mine_said, theirs_said}, theirs_said)):
        address = reverse(f"callback:{name}")
        assert set(client.get(address).context["page"].rows) == both
        page = client.get(address, {"store": code})
        assert (page.context["page"].rows, f'value="{code}" selected' in page.content.decode()) == ([one], True)
    figures = client.get(reverse("callback:figures"), {"store": code}).content.decode()
    links = re.findall(r'href="(/callback/(?:queue|contacts)/[^"]*)"', figures.replace("&amp;", "&"))
    assert len(links) > 8
    assert {f"store={code}" in link for link in links if "?" in link} == {True}
    client.force_login(people.crc)  # who has one store is not asked, and sees no other
    assert client.get(reverse("callback:queue"), {"store": code}).context["page"].rows == [mine]


def test_a_wrong_number_is_listed_until_the_customer_has_another(agent, people, taken):
    post_outcome(agent, taken, "invalid_number", pause="1")
    rows = lambda: agent.get(reverse("callback:wrong_numbers")).context["page"].rows  # noqa: E731
    assert [row.customer for row in rows()] == [taken.customer]
    taken.customer.phones.update(number="+8613900000001")
    assert rows() == []


def test_the_figures_count_what_was_owed_and_what_was_called(supervisor, people):
    task = owed(people, due_at=now(), claimed_by=people.agent, claimed_at=now())
    owed(people, due_at=now())
    owed(people, due_at=now(), state=TaskState.DROPPED, done_at=now())
    actions.record_outcome(
        task=task, outcome=Outcome.COMPLETED, by=people.agent, at=now() - timedelta(minutes=1), was_on_time=True
    )
    page = supervisor.get(reverse("callback:figures"))
    total = page.context["total"]
    assert (total.owed, total.called, total.called_inside, total.completed, total.dropped, total.calls) == (
        2,
        1,
        1,
        1,
        1,
        1,
    )
    assert [(row["name"], row["figures"].calls) for row in page.context["agents"]] == [(people.agent.name, 1)]
    rule = task.rule_id
    span = {"first": "2020-01-01", "last": "2020-01-07", "rule": rule}
    assert supervisor.get(reverse("callback:figures"), span).context["total"].owed == 0


def test_rules_are_seen_by_agents_and_changed_by_the_supervisor(client, people):
    task = owed(people)
    address = reverse("callback:rule", args=[task.rule_id])
    client.force_login(people.agent)
    assert client.get(reverse("callback:rules")).status_code == 200
    assert client.get(address).status_code == 403
    client.force_login(people.crc)
    form = client.get(address).context["form"]
    said = {name: form[name].value() for name in form.fields if form[name].value() is not None} | {"priority": 3}
    assert client.post(address, said).url == reverse("callback:rules")
    task.refresh_from_db()
    assert (task.priority, task.rule.priority) == (3, 3)
    refused = client.post(address, said | {"script_closing": "{颜色}"})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["script_closing"])
    reminder = type(task.rule).objects.get(store=people.store, code=RuleCode.INSURANCE_RENEWAL)
    assert client.get(reverse("callback:rule", args=[reminder.pk])).context["form"]["lead_days"].value() in (
        [60, 30, 7],
        "60,30,7",
    )


def test_the_first_page_says_what_is_to_be_called(client, people):
    owed(people, due_at=now() - timedelta(minutes=1))
    for person in (people.agent, people.crc):
        client.force_login(person)
        assert client.get("/").status_code == 200


PAGES = [
    "callback:queue",
    "callback:contacts",
    "callback:figures",
    "callback:wrong_numbers",
    "callback:rules",
]


def test_lists_need_the_same_queries_with_one_row_and_with_thirty(client, people):
    client.force_login(people.crc)

    def counted(rows):
        for _number in range(rows):
            task = owed(people)
            ContactFactory(
                task=task, agent=people.agent, outcome=Outcome.WRONG_NUMBER, at=now(),
                phone=task.customer.phones.get().number,
            )  # fmt: skip
        asked = {}
        for page in PAGES:
            client.get(reverse(page))
            with CaptureQueriesContext(connection) as caught:
                client.get(reverse(page))
            asked[page] = len(caught)
        return asked

    one = counted(1)
    assert counted(29) == one
    assert max(one.values()) <= 12


def test_the_desk_needs_few_queries(agent, people, taken):

    ContactFactory.create_batch(8, store=people.store, customer=taken.customer, agent=people.agent)
    agent.get(reverse("callback:call"))
    with CaptureQueriesContext(connection) as caught:
        agent.get(reverse("callback:call"))
    assert len(caught) <= 20
