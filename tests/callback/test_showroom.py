"""展厅: visitors by hour and source, leads with their talks, won and lost, the daily check."""

from datetime import timedelta
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from callback import actions, formulas, queries
from callback.choices import LeadFact, LeadLevel, LeadState, LostReason, TalkKind, VisitSource
from callback.models import CallTask, Handover, Lead, ShowroomCheck, ShowroomVisit
from dealer_crm.journal.queries import entries_about
from dealer_crm.values import Refusal
from tests.factories.callback import TEN, shipped_rule
from tests.factories.reception import CustomerFactory, VehicleFactory

TODAY = TEN.date()
WHOLE = {
    "name": "孙浩", "phone": "13916660001", "gender": "male", "features": "三十岁，教师，开旧款轿车", "model": "逸风",
    "first_quote": Decimal(128800), "consultant": "沈佳", "said": "看中白色，要求送装潢",
}  # fmt: skip


def enter(people, at=TEN, level=LeadLevel.H, **facts):
    facts = {"name": "孙浩", "source": VisitSource.WALK_IN, **facts}
    return actions.enter_lead(store=people.store, level=level, by=people.agent, at=at, **facts)


@pytest.mark.parametrize(("level", "days"), [("H", 2), ("A", 4), ("B", 7), ("C", 15)])
def test_each_level_has_its_follow_up_interval(people, level, days):
    assert formulas.last_contact_day(level, TODAY, queries.follow_up_days(people.store, on=TODAY)) == (
        TODAY + timedelta(days=days)
    )


@pytest.mark.parametrize(
    ("left_out", "missing"),
    [((), []), (("phone", "features"), [LeadFact.PHONE, LeadFact.FEATURES]), (("first_quote",), [LeadFact.FIRST_QUOTE]),
     (("said", "gender"), [LeadFact.GENDER, LeadFact.TALK])],
)  # fmt: skip
def test_what_an_entry_lacks_is_named_at_the_daily_check(people, left_out, missing):
    enter(people, **{name: value for name, value in WHOLE.items() if name not in left_out})
    actions.note_visit(store=people.store, source=VisitSource.PHONE, by=people.agent, at=TEN)
    found = queries.showroom_day(people.store, TODAY)
    assert ([list(entry.missing) for entry in found.entries], found.unnamed) == ([missing], 1)
    check = actions.check_showroom_day(store=people.store, day=TODAY, remark="补齐", by=people.crc, at=TEN)
    assert (check.leads, check.complete) == (1, int(not missing))
    again = actions.check_showroom_day(store=people.store, day=TODAY, by=people.crc, at=TEN)
    assert (again.pk, ShowroomCheck.objects.count()) == (check.pk, 1)
    with pytest.raises(Refusal):
        actions.check_showroom_day(store=people.store, day=TODAY + timedelta(days=1), by=people.crc, at=TEN)


def test_a_talk_moves_level_and_next_contact_and_a_visit_counts_again(people):
    lead = enter(people, phone="139 1666 0001")
    assert (lead.phone, lead.next_contact_on) == ("+8613916660001", TODAY + timedelta(days=2))
    later = TEN + timedelta(days=3)
    assert list(queries.showroom_day(people.store, later.date()).uncontacted) == [lead]
    said = {"lead": lead, "by": people.agent, "at": later, "said": "试驾满意", "level": LeadLevel.A}
    with pytest.raises(Refusal) as refused:
        actions.note_talk(kind=TalkKind.TEST_DRIVE, **said)
    assert refused.value.code == "car_missing"
    for day, code in (
        (later.date() - timedelta(days=1), "contact_behind"),
        (later.date() + timedelta(days=5), "contact_too_late"),
    ):
        with pytest.raises(Refusal) as refused:
            actions.note_talk(kind=TalkKind.PHONE, next_contact_on=day, **said)
        assert refused.value.code == code
    actions.note_talk(kind=TalkKind.TEST_DRIVE, car="逸风 沪A00001", price=Decimal(126000), **said)
    lead.refresh_from_db()
    assert (lead.level, lead.next_contact_on, lead.first_quote) == ("A", later.date() + timedelta(days=4), 126000)
    assert list(ShowroomVisit.objects.order_by("pk").values_list("is_return", flat=True)) == [False, True]
    figures = queries.showroom_figures(people.store, TODAY, later.date())
    assert (figures.arrivals, figures.returns, figures.leads, figures.test_drives, figures.named_rate) == (
        2,
        1,
        1,
        1,
        1,
    )


@pytest.mark.parametrize(
    ("facts", "code"),
    [({"name": ""}, "nobody_known"), ({"phone": "12"}, "bad_phone"), ({"came_at": TEN + timedelta(hours=1)}, "ahead"),
     ({"came_at": TEN - timedelta(days=9)}, "long_ago"), ({"phone": "13916660001"}, "lead_known")],
)  # fmt: skip
def test_what_cannot_be_a_lead_is_refused(people, facts, code):
    enter(people, phone="13916660001")
    with pytest.raises(Refusal) as refused:
        enter(people, **facts)
    assert (refused.value.code, Lead.objects.count(), ShowroomVisit.objects.count()) == (code, 1, 1)


def test_a_won_lead_has_its_handover_with_the_calls_after_it_and_loses_it_with_a_mistake(people):
    shipped_rule(people.store)
    lead, car = (
        enter(people, consultant="沈佳"),
        VehicleFactory(store=people.store, owner=CustomerFactory(store=people.store)),
    )
    actions.win_lead(lead=lead, vehicle=car, handed_over_at=TEN, by=people.agent, at=TEN)
    lead.refresh_from_db()
    handover = Handover.objects.get()
    assert (lead.state, lead.handover, lead.customer, handover.salesperson) == ("won", handover, car.owner, "沈佳")
    actions.generate_callbacks(at=TEN, store=people.store)
    assert CallTask.objects.filter(source_key=f"handover:{handover.pk}").count() == 4
    second = enter(people, name="李静")
    with pytest.raises(Refusal) as refused:
        actions.win_lead(lead=second, vehicle=car, handed_over_at=TEN, by=people.agent, at=TEN)
    assert refused.value.code == "car_won"
    actions.withdraw_handover(handover=handover, reason="录错车辆", by=people.crc, at=TEN)
    lead.refresh_from_db()
    assert (lead.state, lead.handover, lead.customer, lead.next_contact_on) == ("open", None, None, TODAY)


def test_a_lost_lead_says_why_and_may_be_taken_up_again(people):
    lead = enter(people, phone="13916660001")
    with pytest.raises(Refusal):
        actions.lose_lead(lead=lead, reason="", by=people.agent, at=TEN)
    actions.lose_lead(lead=lead, reason=LostReason.DEALER, by=people.agent, at=TEN)
    assert queries.showroom_figures(people.store, TODAY, TODAY).reasons == [("dealer", 1)]
    with pytest.raises(Refusal):
        actions.note_talk(lead=lead, kind=TalkKind.PHONE, said="x", level=LeadLevel.H, by=people.agent, at=TEN)
    other = enter(people, phone="13916660001")  # the same number comes back as a new lead
    with pytest.raises(Refusal) as refused:
        actions.reopen_lead(lead=lead, by=people.agent, at=TEN)
    assert refused.value.code == "lead_known"
    actions.lose_lead(lead=other, reason=LostReason.PRICE, by=people.agent, at=TEN)
    assert actions.reopen_lead(lead=lead, by=people.agent, at=TEN).state == LeadState.OPEN


@pytest.mark.django_db(transaction=True)
def test_two_who_enter_the_same_number_at_once_make_one_lead(people):
    start, ends = Barrier(2), []

    def race():
        start.wait()
        try:
            enter(people, phone="13916660001")
            ends.append("entered")
        except Refusal as refusal:
            ends.append(refusal.code)
        finally:
            connections.close_all()

    racers = [Thread(target=race) for _each in range(2)]
    [racer.start() for racer in racers]
    [racer.join() for racer in racers]
    assert (sorted(ends), Lead.objects.count(), ShowroomVisit.objects.count()) == (["entered", "lead_known"], 1, 1)


def test_the_way_of_a_lead_through_its_pages(client, people, others):
    client.force_login(people.agent)
    now = timezone.localtime(timezone.now(), people.store.tz)
    typed = {
        "source": "walk_in",
        "came_at": f"{now - timedelta(minutes=1):%Y-%m-%dT%H:%M}",
        "people": 2,
        "level": "H",
        "name": "孙浩",
        "phone": "13916660001",
    }
    page = client.post(reverse("callback:lead_new"), typed)
    lead = Lead.objects.get()
    address = reverse("callback:lead", args=[lead.pk])
    assert page["Location"] == address
    assert client.post(reverse("callback:lead_new"), typed).status_code == 422  # the number is known
    page = client.get(address)
    assert "139****0001" in page.content.decode() and "13916660001" not in page.content.decode()
    assert client.post(reverse("callback:lead_phone", args=[lead.pk])).content.decode() == "13916660001"
    assert entries_about(lead).filter(verb="phone.revealed").exists()
    client.post(reverse("callback:lead_edit", args=[lead.pk]), {"name": "孙浩然", "phone": "13916660001", "version": 1})
    client.post(
        reverse("callback:lead_talk", args=[lead.pk]), {"kind": "phone", "level": "B", "said": "再考虑", "version": 2}
    )
    stale = {"kind": "phone", "level": "C", "said": "旧页面", "version": 1}
    client.post(reverse("callback:lead_talk", args=[lead.pk]), stale)
    lead.refresh_from_db()
    assert (lead.name, lead.level, lead.talks.count()) == ("孙浩然", "B", 1)
    car = VehicleFactory(store=people.store, owner=CustomerFactory(store=people.store))
    won = {"plate": car.plate, "handed_over_at": f"{now:%Y-%m-%dT%H:%M}", "version": 3}
    client.post(reverse("callback:lead_won", args=[lead.pk]), won)
    lead.refresh_from_db()
    assert lead.state == LeadState.WON
    client.post(reverse("callback:visit"), {"source": "web", "people": 1, "note": "官网留言"})
    page = client.get(reverse("callback:showroom"))
    assert [(one.total, one.by_source) for one in page.context["hours"]] and page.context["figures"].people == 3
    client.force_login(people.crc)
    page = client.post(reverse("callback:showroom_check"), {"day": f"{now:%Y-%m-%d}", "remark": "好"}, follow=True)
    assert page.context["found"].check.remark == "好"
    client.force_login(others.agent)
    assert client.get(address).status_code == 404


def test_lists_ask_no_more_of_the_database_with_many_leads(client, people):
    client.force_login(people.crc)
    asked = {}
    for many in (1, 30):
        for number in range(Lead.objects.count(), many):
            enter(people, at=timezone.now(), name=f"客户{number}", said="来店看车")
        for name in ("showroom", "leads", "showroom_check"):
            with CaptureQueriesContext(
                connection,
            ) as counted:
                client.get(reverse(f"callback:{name}"))
            asked.setdefault(name, []).append(len(counted))
    assert all(few == lot for few, lot in asked.values()), asked
