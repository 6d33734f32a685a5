"""关怀活动: whom the segment means is called or texted, and what came of it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from callback import actions, queries
from callback.choices import Occasion, RuleCode, TaskState
from callback.models import CallTask, Campaign, CampaignMember
from callback.queries.desk import text_message
from callback.reports import showroom
from dealer_crm.notices.models import Notice
from dealer_crm.values import Refusal
from reception.choices import Channel, OrderState
from reception.models import Settlement, SettlementAmount
from tests.factories.agreements import SegmentFactory
from tests.factories.callback import TEN
from tests.factories.reception import CustomerFactory, RepairOrderFactory, VehicleFactory

TODAY = TEN.date()


def prepared(people, at=TEN, **facts):
    facts = {
        "name": "冬检月", "occasion": Occasion.SEASON, "segment": SegmentFactory(store=people.store),
        "words": "免费检测电瓶",
        "channel": Channel.PHONE, "first_day": at.date(), "last_day": at.date() + timedelta(days=9), "goal": 2,
        "cost": 300,
        **facts,
    }  # fmt: skip
    return actions.prepare_campaign(store=people.store, by=people.crc, at=at, **facts)


def made(people, at=TEN):
    actions.generate_callbacks(at=at, store=people.store, codes=[RuleCode.CAMPAIGN])
    return CallTask.objects.filter(rule__code=RuleCode.CAMPAIGN).order_by("pk")


def test_each_of_the_segment_is_called_once_in_the_period_with_what_is_offered(people):
    people_meant = [CustomerFactory(store=people.store) for _each in range(2)]
    people_meant.append(CustomerFactory(store=people.store, no_call_since=TEN))
    campaign = prepared(people)
    assert not made(people).exists()  # a draft calls nobody
    actions.start_campaign(campaign=campaign, by=people.crc, at=TEN)
    later = CustomerFactory(store=people.store)  # the segment was asked once
    tasks = list(made(people))
    assert len(tasks) == len(made(people)) == 3 and later.pk not in {task.customer_id for task in tasks}
    assert [task.state for task in tasks] == ["open", "open", "dropped"]
    window = {(task.opens_at.date(), task.due_at.astimezone(people.store.tz).date()) for task in tasks}
    assert window == {(TODAY, TODAY + timedelta(days=8))}  # the last working day of the period
    assert "免费检测电瓶" in text_message(tasks[0], people.agent)


def test_a_campaign_by_text_is_texted_whatever_the_rule_s_channel(people):
    CustomerFactory(store=people.store)
    actions.start_campaign(campaign=prepared(people, channel=Channel.SMS), by=people.crc, at=TEN)
    assert made(people).get().channel == Channel.SMS


@pytest.mark.parametrize("ending", ["called off", "over"])
def test_what_nobody_has_called_is_closed_with_the_campaign(people, ending):
    CustomerFactory(store=people.store)
    campaign = prepared(people)
    actions.start_campaign(campaign=campaign, by=people.crc, at=TEN)
    assert made(people).get().state == TaskState.OPEN
    if ending == "called off":
        with pytest.raises(Refusal):
            actions.call_off_campaign(campaign=campaign, reason=" ", by=people.crc, at=TEN)
        actions.call_off_campaign(campaign=campaign, reason="活动取消", by=people.crc, at=TEN)
    assert made(people, TEN if ending == "called off" else TEN + timedelta(days=10)).get().state == TaskState.DROPPED


def test_the_effect_counts_who_was_reached_who_came_and_what_it_brought(people):
    meant = [CustomerFactory(store=people.store) for _each in range(3)]
    campaign = prepared(people)
    actions.start_campaign(campaign=campaign, by=people.crc, at=TEN)
    tasks = list(made(people))
    CallTask.objects.filter(pk=tasks[0].pk).update(state=TaskState.DONE, done_at=TEN)
    for customer, hours, state in (
        (meant[0], 24, OrderState.DELIVERED),
        (meant[1], -48, OrderState.DELIVERED),
        (meant[2], 24, OrderState.CANCELLED),
    ):
        car = VehicleFactory(store=people.store, owner=customer)
        order = RepairOrderFactory(
            advisor=people.advisor, vehicle=car, began_at=TEN + timedelta(hours=hours), state=state
        )
        order.settlements.all().delete()
        paid = Settlement.objects.create(number=f"JS{order.pk}", order=order, settled_at=TEN)
        SettlementAmount.objects.create(settlement=paid, payer="customer", amount=Decimal(880))
    effect = queries.campaign_effect(campaign)
    campaign.refresh_from_db()
    effect = queries.campaign_effect(campaign)
    assert (effect.members, effect.reached, effect.waiting, effect.came, effect.came_reached) == (3, 1, 2, 1, 1)
    assert (effect.revenue, effect.surplus, effect.goal_rate) == (880, 580, Decimal("0.5"))


def test_who_has_come_since_it_began_is_called_no_more_and_counts_as_come(people):
    meant = [CustomerFactory(store=people.store) for _each in range(4)]
    campaign = prepared(people)
    actions.start_campaign(campaign=campaign, by=people.crc, at=TEN)
    campaign.refresh_from_db()

    def come(customer, at, state=OrderState.IN_PROGRESS):
        car = VehicleFactory(store=people.store, owner=customer)
        RepairOrderFactory(advisor=people.advisor, vehicle=car, began_at=at, state=state)

    come(meant[0], TEN + timedelta(minutes=5))  # before the first call was listed
    assert made(people, TEN + timedelta(minutes=10)).count() == 3
    come(meant[1], TEN + timedelta(hours=2))
    come(meant[2], TEN + timedelta(hours=2), OrderState.CANCELLED)
    come(meant[3], TEN - timedelta(hours=2))
    left = made(people, TEN + timedelta(hours=3))
    assert {task.customer_id: task.state for task in left} == {
        meant[1].pk: TaskState.DROPPED, meant[2].pk: TaskState.OPEN, meant[3].pk: TaskState.OPEN,
    }  # fmt: skip
    effect = queries.campaign_effect(campaign)
    assert (effect.came, effect.came_uncalled, effect.left_out, effect.waiting) == (2, 2, 0, 2)
    told = {one.customer_id: (one.call_state, one.has_come) for one in queries.members_with_outcome()}
    assert [told[one.pk] for one in meant] == [
        (None, True), (TaskState.DROPPED, True), (TaskState.OPEN, False), (TaskState.OPEN, False)
    ]  # fmt: skip


def test_every_figure_of_the_effect_opens_into_as_many_customers(client, people):
    meant = [CustomerFactory(store=people.store) for _each in range(7)]
    campaign = prepared(people)
    actions.start_campaign(campaign=campaign, by=people.crc, at=TEN)
    tasks = {task.customer_id: task for task in made(people)}
    states = [
        TaskState.DONE,
        TaskState.DONE,
        TaskState.REFUSED,
        TaskState.UNREACHED,
        TaskState.DROPPED,
        TaskState.DROPPED,
    ]
    for customer, state in zip(meant, states, strict=False):
        CallTask.objects.filter(pk=tasks[customer.pk].pk).update(state=state, done_at=TEN)
    late = campaign.members.create(
        customer=CustomerFactory(store=people.store)
    )  # came before the first call was listed
    for customer in (meant[0], meant[2], meant[5], late.customer):
        car = VehicleFactory(store=people.store, owner=customer)
        RepairOrderFactory(
            advisor=people.advisor, vehicle=car, began_at=TEN + timedelta(days=1), state=OrderState.DELIVERED
        )
    client.force_login(people.crc)
    address = reverse("callback:campaign_members", args=[campaign.pk])
    effect = client.get(reverse("callback:campaign", args=[campaign.pk])).context["effect"]
    opened = {view: len(client.get(address, {"view": view}).context["page"].rows) for view in queries.MEMBER_VIEWS}
    assert opened == {
        "reached": 2, "unreached": 2, "waiting": 1, "left_out": 1, "came": 4, "came_reached": 1, "came_uncalled": 2,
    }  # fmt: skip
    assert {view: getattr(effect, view) for view in opened} == opened
    asked = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as counted:
            page = client.get(address, {"view": "no such"})
        asked.append(len(counted))
        CampaignMember.objects.bulk_create(
            CampaignMember(campaign=campaign, customer=CustomerFactory(store=people.store)) for _each in range(29)
        )
    assert len(page.context["page"].rows) == effect.members + 29 and asked[0] == asked[1]
    brought = [row.brought for row in page.context["page"].rows]
    assert sum(filter(None, brought)) == effect.revenue > 0
    said = QueryDict(f"campaign={campaign.pk}&view=came")
    assert showroom.members_asked(people.crc, said, TEN).count() == effect.came


@pytest.mark.parametrize(
    ("facts", "code"),
    [({"last_day": TODAY - timedelta(days=1), "first_day": TODAY - timedelta(days=3)}, "over"),
     ({"goal": 0}, "no_goal"),
     ({"first_day": TODAY + timedelta(days=20)}, "over")],
)  # fmt: skip
def test_what_is_no_campaign_is_refused(people, facts, code):
    with pytest.raises(Refusal) as refused:
        prepared(people, **facts)
    assert refused.value.code == code
    empty = prepared(people, segment=SegmentFactory(store=people.store, criteria={"tags": ["无人"]}))
    with pytest.raises(Refusal) as refused:
        actions.start_campaign(campaign=empty, by=people.crc, at=TEN)
    assert refused.value.code == "nobody"


def test_who_made_it_is_told_the_next_day_and_at_the_end_once_each(people):
    CustomerFactory(store=people.store)
    actions.start_campaign(campaign=prepared(people), by=people.crc, at=TEN)
    for days in (0, 1, 2, 10, 11):
        actions.tell_of_campaigns(store=people.store, at=TEN + timedelta(days=days))
    keys = Notice.objects.filter(recipient=people.crc, key__startswith="campaign:").values_list("key", flat=True)
    assert sorted(key.rpartition(":")[2] for key in keys) == ["end", "next_day"]


def test_a_merged_customer_stays_in_the_campaign_once(people):
    kept, double = CustomerFactory(store=people.store), CustomerFactory(store=people.store)
    actions.start_campaign(campaign=prepared(people), by=people.crc, at=TEN)
    actions.follow_merged_customer(kept_id=kept.pk, double_id=double.pk)
    assert list(CampaignMember.objects.values_list("customer", flat=True)) == [kept.pk]


def test_a_campaign_goes_its_way_through_the_pages(client, people):
    CustomerFactory(store=people.store)
    client.force_login(people.crc)
    today = timezone.localtime(timezone.now(), people.store.tz).date()
    typed = {
        "name": "冬检月", "occasion": "season", "segment": SegmentFactory(store=people.store).pk, "channel": "phone",
        "first_day": str(today), "last_day": str(today), "goal": 1, "cost": "100", "words": "免费检测",
    }  # fmt: skip
    assert client.post(reverse("callback:campaign_new"), typed | {"last_day": "2020-01-01"}).status_code == 422
    client.post(reverse("callback:campaign_new"), typed)
    campaign = Campaign.objects.get()
    client.post(reverse("callback:campaign_edit", args=[campaign.pk]), typed | {"goal": 3, "version": 1})
    client.post(reverse("callback:campaign_start", args=[campaign.pk]), {"version": 2})
    client.post(
        reverse("callback:campaign_judge", args=[campaign.pk]), {"cost": "120", "strengths": "到店多", "version": 3}
    )
    campaign.refresh_from_db()
    assert (campaign.goal, campaign.state, campaign.strengths, campaign.cost) == (3, "running", "到店多", 120)
    assert client.get(reverse("callback:campaign", args=[campaign.pk])).context["effect"].members == 1
    client.post(reverse("callback:campaign_call_off", args=[campaign.pk]), {"reason": "取消", "version": 4})
    campaign.refresh_from_db()
    assert campaign.state == "withdrawn"
    asked = []
    for many in (1, 30):
        for _each in range(Campaign.objects.count(), many):
            prepared(people, at=timezone.now())
        with CaptureQueriesContext(connection) as counted:
            client.get(reverse("callback:campaigns"))
        asked.append(len(counted))
    assert asked[0] == asked[1]


def test_two_entries_of_one_customer_are_one_of_the_segment_afterwards(people):
    kept, double = (CustomerFactory(store=people.store) for _each in range(2))
    actions.start_campaign(campaign=prepared(people), by=people.crc, at=TEN)
    assert CampaignMember.objects.count() == 2
    actions.follow_merged_customer(kept_id=kept.pk, double_id=double.pk)
    assert CampaignMember.objects.get().customer == kept
