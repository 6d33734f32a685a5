"""Handovers, refusals by purpose, a changed rule seen before it is kept, the programme of the month."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from callback import actions
from callback.choices import Purpose, RuleCode, TaskState
from callback.models import CallRefusal, CallTask, Handover, Rule, Sample
from callback.reports.programme import programme
from dealer_crm.values import Period
from tests.factories.callback import TEN, CallTaskFactory, shipped_rule
from tests.factories.reception import VehicleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, people):
    client.force_login(people.crc)
    return client


def messages_of(answer) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def test_a_handover_is_entered_by_plate_and_stands_in_the_list_with_its_calls(desk, people):
    car = VehicleFactory(store=people.store)
    page = reverse("callback:handover_new")
    wrong = desk.post(page, {"plate": "京Z00000", "handed_over_at": "2026-10-15T09:00"})
    assert (wrong.status_code, "请先建立车辆档案" in wrong.content.decode()) == (422, True)
    said, now = {"plate": car.plate, "salesperson": "钱进"}, timezone.localtime()
    assert desk.post(page, {**said, "handed_over_at": "2020-01-01T09:00"}).status_code == 422
    hour_ago = f"{now - timedelta(hours=1):%Y-%m-%dT%H:%M}"
    assert desk.post(page, {**said, "handed_over_at": hour_ago}).url == reverse("callback:handovers")
    handover = Handover.objects.get()
    actions.generate_callbacks(at=now, codes=[RuleCode.SALES_3D])
    listed = desk.get(reverse("callback:handovers")).content.decode()
    for part in (handover.customer.name, "钱进", str(RuleCode.SALES_3D.label)):
        assert part in listed
    gone = desk.post(reverse("callback:handover_withdraw", args=[handover.pk]), {"reason": "录错"}, follow=True)
    assert messages_of(gone) == ["新车交付已撤回。"]


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_of_handovers_asks_the_same_however_long(desk, people, count, django_assert_num_queries):
    for _number in range(count):
        car = VehicleFactory(store=people.store)
        Handover.objects.create(
            store=people.store, vehicle=car, customer=car.owner, handed_over_at=TEN, noted_at=TEN
        )  # fmt: skip
    desk.get(reverse("callback:handovers"))
    with django_assert_num_queries(5):
        desk.get(reverse("callback:handovers"))


def test_a_refusal_needs_its_reason_drops_the_calls_and_can_be_lifted(desk, people):
    reminder = CallTaskFactory(store=people.store, code=RuleCode.INSURANCE_RENEWAL)
    survey = CallTaskFactory(store=people.store, customer=reminder.customer)
    refuse, allow = (reverse(f"callback:{name}", args=[reminder.customer_id]) for name in ("refuse", "allow"))
    assert messages_of(desk.post(refuse, {"purpose": "reminder"}, follow=True)) == ["请选择用途并填写原因。"]
    desk.post(refuse, {"purpose": "reminder", "reason": "自己会记得"})
    reminder.refresh_from_db()
    survey.refresh_from_db()
    assert (reminder.state, survey.state) == (TaskState.DROPPED, TaskState.OPEN)
    assert "自己会记得" in reminder.closing_reason
    again = desk.post(refuse, {"purpose": "reminder", "reason": "自己会记得"}, follow=True)
    assert "此项已登记" in again.content.decode()
    page = desk.get(reverse("callback:customer", args=[reminder.customer_id])).content.decode()
    assert "自己会记得" in page
    desk.post(allow, {"purpose": "reminder", "reason": "本人要求恢复"})
    assert not CallRefusal.objects.exists()


def form_of(rule, **changes) -> dict:
    texts = {f"script_{text.stage}": text.text for text in rule.script.all()}
    return {
        "is_on": "on", "opens_after_days": rule.opens_after_days, "closes_after_days": rule.closes_after_days,
        "priority": rule.priority, "channel": rule.channel, "respects_gap": "on", **texts,
        **({"lead_days": ",".join(map(str, rule.lead_days))} if rule.lead_days else {}), **changes,
    }  # fmt: skip


def test_what_a_changed_rule_would_do_today_is_shown_before_it_is_kept(desk, people, monkeypatch):
    monkeypatch.setattr("callback.views.rules.timezone.now", lambda: TEN)
    rule = shipped_rule(people.store, RuleCode.INSURANCE_RENEWAL)
    for days in (20, 50, 80):
        VehicleFactory(store=people.store, insurance_ends_on=TEN.date() + timedelta(days=days))
    page = reverse("callback:rule", args=[rule.pk])
    shown = desk.post(page, form_of(rule, lead_days="90,60,30,7", preview="1"))
    preview = shown.context["preview"]
    assert (preview.before, preview.new, preview.open_calls) == (2, 3, 0)
    assert Rule.objects.get(pk=rule.pk).lead_days == [60, 30, 7]
    assert not CallTask.objects.exists()
    off = form_of(rule, preview="1")
    del off["is_on"]
    assert desk.post(page, off).context["preview"].new == 0
    assert desk.post(page, form_of(rule, lead_days="90,30")).status_code == 302
    assert Rule.objects.get(pk=rule.pk).lead_days == [90, 30]


def test_a_rule_shows_its_draws_and_whether_they_can_be_repeated(desk, people):
    rule = shipped_rule(people.store, RuleCode.WEEKLY_SAMPLE)
    kept = {"eligible": {"别克": [1, 2]}, "drawn": {"别克": [1, 2]}, "share": "5", "drawn_at": TEN}
    Sample.objects.create(rule=rule, span="2026-W41", seed=7, **kept)
    Sample.objects.create(rule=rule, span="2026-W42", seed=7, **{**kept, "drawn": {"别克": [2]}})
    shown = desk.get(reverse("callback:rule", args=[rule.pk])).context["samples"]
    assert [(row.sample.span, row.is_repeatable) for row in shown] == [("2026-W42", False), ("2026-W41", True)]


@pytest.mark.parametrize("count", [1, 30])
def test_the_programme_names_what_is_owed_and_what_is_to_come(
    people, calendar_2026, count, django_assert_max_num_queries
):
    for number in range(count):
        CallTaskFactory(store=people.store, source_key=f"x:{uuid4()}", vehicle=VehicleFactory(store=people.store))
        VehicleFactory(store=people.store, insurance_ends_on=date(2026, 11, 21 + number % 5))
    CallTaskFactory(store=people.store, state=TaskState.DONE)
    CallRefusal.objects.create(
        customer=VehicleFactory(store=people.store, insurance_ends_on=date(2026, 11, 22)).owner,
        purpose=Purpose.REMINDER, reason="不需要", noted_at=TEN,
    )  # fmt: skip
    with django_assert_max_num_queries(32):
        report = programme(store=people.store, period=Period(2026, 10), by=people.crc, at=TEN)
    by_rule, calls, coming = report.sheets
    assert {row[0]: row[1:] for row in by_rule.rows} == {
        "维修三日回访": (count + 1, 1, 0, 0, count, 0, 0, 0),
        "续保提醒": (0, 0, 0, 0, 0, 0, 0, count),
    }
    assert (len(calls.rows), len(coming.rows)) == (count + 1, count)
    if count == 1:
        assert coming.rows[0][0].date() == date(2026, 10, 27)


def test_the_programme_opens_on_this_month(desk):
    answer = desk.get(reverse("callback:programme"), follow=True)
    assert (answer.status_code, f"{timezone.localtime():%Y-%m}" in answer.redirect_chain[0][0]) == (200, True)
