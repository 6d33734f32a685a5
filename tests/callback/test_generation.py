"""Which calls are made, and that they are made once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from io import StringIO
from threading import Barrier

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from callback import actions
from callback.actions import Made
from callback.choices import Outcome, RuleCode, TaskState
from callback.models import CallTask, Rule
from callback.queries.owed import GENERATED
from complaints.choices import ComplaintState, StepKind
from complaints.models import Complaint, ComplaintStep
from dealer_crm.workdays.actions import set_day
from reception.choices import OrderKind, OrderState, Payer
from tests.factories.callback import TEN, ContactFactory
from tests.factories.reception import CustomerFactory, OrderLineFactory, RepairOrderFactory, VehicleFactory
from tests.factories.satisfaction import response

YESTERDAY = TEN - timedelta(days=1)


def delivered(people, delivered_at=YESTERDAY, **fields):
    return RepairOrderFactory(
        advisor=people.advisor,
        state=OrderState.DELIVERED,
        began_at=delivered_at - timedelta(hours=5),
        delivered_at=delivered_at,
        **fields,
    )


def generate(at=TEN, codes=(RuleCode.SERVICE_3D,)):
    return actions.generate_callbacks(at=at, codes=codes)


def test_a_delivered_car_is_owed_a_call_within_three_days(people, calendar_2026):
    order = delivered(people)
    assert generate() == Made(made=1)
    task = CallTask.objects.get()
    assert (task.order, task.customer, task.vehicle, task.store) == (order, order.customer, order.vehicle, people.store)
    assert (task.source_key, task.rule.code, task.priority) == (f"order:{order.pk}", "service_3d", 20)
    assert task.opens_at == datetime(2026, 10, 15, 9, 0, tzinfo=people.store.tz)
    assert task.due_at == datetime(2026, 10, 16, 18, 0, tzinfo=people.store.tz)  # the 17th is a Saturday
    assert task.due_reason["code"] == "last_working_day"


@pytest.mark.parametrize(
    ("delivered_on", "due_on", "shifted"),
    [
        (date(2026, 9, 29), date(2026, 9, 30), False),
        (date(2026, 9, 30), date(2026, 10, 8), True),
        (date(2026, 10, 7), date(2026, 10, 10), False),  # a make-up Saturday
        (date(2026, 10, 8), date(2026, 10, 10), False),
        (date(2026, 10, 9), date(2026, 10, 12), False),
    ],
)
def test_golden_week_and_its_make_up_saturday_by_the_published_calendar(
    people, calendar_2026, delivered_on, due_on, shifted
):
    delivered(people, datetime.combine(delivered_on, TEN.time(), people.store.tz))
    generate(at=datetime(2026, 10, 12, 9, tzinfo=people.store.tz))
    task = CallTask.objects.get()
    assert (task.due_at.astimezone(people.store.tz).date(), task.was_shifted) == (due_on, shifted)


def test_a_store_that_works_on_a_holiday_calls_on_it(people, calendar_2026):
    set_day(day=date(2026, 10, 2), store=people.store, is_working=True, name="值班", by=people.admin, at=TEN)
    delivered(people, datetime(2026, 9, 30, 15, tzinfo=people.store.tz))
    generate()
    task = CallTask.objects.get()
    assert (task.due_at.astimezone(people.store.tz).date(), task.was_shifted) == (date(2026, 10, 2), False)


def test_inspections_of_new_cars_and_internal_work_owe_no_call(people):
    delivered(people, kind=OrderKind.PDI)
    internal = delivered(people, lines=0)
    OrderLineFactory(order=internal, payer=Payer.INTERNAL)
    mixed = delivered(people)
    OrderLineFactory(order=mixed, payer=Payer.INTERNAL)
    generate()
    assert [task.order for task in CallTask.objects.all()] == [mixed]


def test_orders_still_in_the_shop_or_long_delivered_owe_no_call(people):
    RepairOrderFactory(advisor=people.advisor, state=OrderState.SETTLED)
    delivered(people, TEN - timedelta(days=31))
    recent = delivered(people, TEN - timedelta(days=29))
    generate()
    assert [task.order for task in CallTask.objects.all()] == [recent]


def test_a_second_run_makes_nothing_new(people):
    delivered(people)
    assert [generate(), generate(), generate(at=TEN + timedelta(hours=1))] == [Made(made=1), Made(), Made()]
    assert CallTask.objects.count() == 1


def test_a_day_without_runs_is_made_up(people):
    for day in (4, 3, 2):
        delivered(people, TEN - timedelta(days=day))
    assert generate() == Made(made=3)


def test_a_rule_that_is_off_makes_no_calls(people):
    delivered(people)
    actions.ship_rules(store=people.store, at=TEN)
    Rule.objects.update(is_on=False)
    assert generate() == Made()


def test_who_refuses_calls_is_in_no_queue_but_seen_to_be_left_out(people):
    customer = CustomerFactory(store=people.store, no_call_since=date(2026, 1, 5), no_call_reason="本人要求")
    delivered(people, vehicle=VehicleFactory(store=people.store, owner=customer))
    assert generate() == Made(excluded=1)
    task = CallTask.objects.get()
    assert (task.state, task.done_at, task.closing_reason) == (TaskState.DROPPED, TEN, "客户拒绝来电。")
    assert actions.claim_next(by=people.agent, at=TEN) is None


def test_who_comes_to_refuse_calls_leaves_the_queue(people):
    order = delivered(people)
    generate()
    order.customer.no_call_since, order.customer.no_call_reason = date(2026, 10, 15), "本人要求"
    order.customer.save()
    assert actions.claim_next(by=people.agent, at=TEN) is None
    assert generate(at=TEN + timedelta(minutes=10)) == Made(overtaken=1)
    assert CallTask.objects.get().state == TaskState.DROPPED


def test_calls_that_came_by_workbook_finish_the_call_they_belong_to(people):
    called, tried = delivered(people), delivered(people)
    ContactFactory(store=people.store, order=called, customer=called.customer, at=TEN - timedelta(hours=2))
    ContactFactory(
        store=people.store, order=tried, customer=tried.customer, at=TEN - timedelta(hours=1), outcome=Outcome.BUSY
    )
    assert generate() == Made(made=2, settled=1)
    done, still_open = CallTask.objects.get(order=called), CallTask.objects.get(order=tried)
    assert (done.state, done.done_at, done.attempts) == (TaskState.DONE, TEN - timedelta(hours=2), 1)
    assert (still_open.state, still_open.attempts, still_open.contacts.count()) == (TaskState.OPEN, 1, 1)


def _checked_complaint(people, order):
    complaint = Complaint.objects.create(
        number="TS-1", store=people.store, order=order, customer=order.customer, source="call", category="skill",
        state=ComplaintState.CHECKED, received_at=TEN - timedelta(days=2), description="异响未解决",
        reply_due_at=TEN, solve_due_at=TEN, solved_at=YESTERDAY, created_at=TEN - timedelta(days=2),
    )  # fmt: skip
    ComplaintStep.objects.create(complaint=complaint, kind=StepKind.CHECK, round=1, by=people.manager, at=YESTERDAY)
    return complaint


def test_a_solved_complaint_is_asked_about_the_next_day_and_each_round_anew(people):
    complaint = _checked_complaint(people, delivered(people))
    rules = (RuleCode.COMPLAINT_NEXT_DAY,)
    assert generate(codes=rules) == Made(made=1)
    task = CallTask.objects.get()
    assert (task.complaint, task.source_key) == (complaint, f"complaint:{complaint.pk}:1")
    assert task.due_at == datetime(2026, 10, 15, 18, tzinfo=people.store.tz)

    Complaint.objects.update(state=ComplaintState.RECORDED, round=2, solved_at=None)
    assert generate(at=TEN + timedelta(hours=1), codes=rules) == Made(overtaken=1)

    Complaint.objects.update(state=ComplaintState.CHECKED, solved_at=TEN)
    ComplaintStep.objects.create(complaint=complaint, kind=StepKind.CHECK, round=2, by=people.manager, at=TEN)
    assert generate(at=TEN + timedelta(hours=2), codes=rules) == Made(made=1)
    assert sorted(CallTask.objects.values_list("source_key", "state")) == [
        (f"complaint:{complaint.pk}:1", "dropped"),
        (f"complaint:{complaint.pk}:2", "open"),
    ]


def test_the_next_service_is_recalled_two_weeks_before_and_no_more_once_it_moved(people):
    car = VehicleFactory(store=people.store, next_service_on=date(2026, 10, 29))
    VehicleFactory(store=people.store, next_service_on=date(2026, 10, 30))  # tomorrow
    VehicleFactory(store=people.store, next_service_on=date(2026, 9, 20))  # too long ago
    rules = (RuleCode.MAINTENANCE,)
    assert generate(codes=rules) == Made(made=1)
    task = CallTask.objects.get()
    assert (task.vehicle, task.source_key) == (car, f"vehicle:{car.pk}:service:2026-10-29/:14")

    car.next_service_on = date(2027, 4, 20)
    car.save()
    assert generate(at=TEN + timedelta(hours=1), codes=rules) == Made(overtaken=1)


def test_a_car_in_the_shop_needs_no_reminder(people):
    car = VehicleFactory(store=people.store, next_service_on=date(2026, 10, 20))
    RepairOrderFactory(advisor=people.advisor, vehicle=car, state=OrderState.IN_PROGRESS)
    assert generate(codes=(RuleCode.MAINTENANCE,)) == Made()


def test_insurance_is_recalled_60_30_and_7_days_before_until_it_is_renewed(people):
    car = VehicleFactory(store=people.store, insurance_ends_on=date(2026, 12, 14))  # in 60 days
    rules = (RuleCode.INSURANCE_RENEWAL,)

    def run(days):
        generate(at=TEN + timedelta(days=days), codes=rules)
        return list(CallTask.objects.order_by("id").values_list("state", flat=True))

    assert run(-1) == []
    assert run(0) == ["open"]
    assert run(29) == ["open"]
    assert run(30) == ["dropped", "open"]
    assert CallTask.objects.unfinished().get().source_key == f"vehicle:{car.pk}:insurance:2026-12-14:30"
    assert run(53)[-1] == "open"
    assert CallTask.objects.unfinished().filter(source_key__endswith=":7").count() == 1
    car.insurance_ends_on = date(2027, 12, 14)
    car.save()
    assert set(run(54)) == {"dropped"}


def test_insurance_entered_late_is_recalled_once(people):
    VehicleFactory(store=people.store, insurance_ends_on=date(2026, 10, 20))
    assert generate(codes=(RuleCode.INSURANCE_RENEWAL,)) == Made(made=1)
    assert CallTask.objects.get().source_key.endswith(":7")


def test_every_store_gets_its_rules_once_and_keeps_its_changes(people, others):
    actions.generate_callbacks(at=TEN)
    rule = Rule.objects.get(store=people.store, code=RuleCode.SERVICE_3D)
    assert (rule.questionnaire.kind, rule.asks_on_time, rule.script.count()) == ("service_csi", True, 7)
    Rule.objects.filter(pk=rule.pk).update(priority=5)
    actions.generate_callbacks(at=TEN)
    rule.refresh_from_db()
    assert rule.priority == 5
    for one in (people, others):
        assert set(Rule.objects.filter(store=one.store).values_list("code", flat=True)) == set(GENERATED)


@pytest.mark.django_db(transaction=True)
def test_generators_at_the_same_moment_make_every_call_once(people):
    for number in range(30):
        delivered(people, TEN - timedelta(hours=number + 1))
    start = Barrier(4)

    def run(number):
        start.wait()
        try:
            return actions.generate_callbacks(at=TEN + timedelta(seconds=number)).made
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(run, range(4)))

    assert CallTask.objects.count() == sum(made) == 30
    assert Rule.objects.count() == len(GENERATED)


@pytest.mark.django_db(transaction=True)
def test_without_the_unique_rule_the_same_race_would_double_calls(people):
    """The control: the same race with the constraint taken away must fail, or the test above shows nothing."""
    for number in range(30):
        delivered(people, TEN - timedelta(hours=number + 1))
    actions.ship_rules(store=people.store, at=TEN)
    start = Barrier(4)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE callback_calltask DROP CONSTRAINT one_task_per_rule_and_event")

    def run(number):
        start.wait()
        try:
            actions.generate_callbacks(at=TEN + timedelta(seconds=number), codes=[RuleCode.SERVICE_3D])
        finally:
            connection.close()

    def race():
        CallTask.objects.all().delete()
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(run, range(4)))
        return CallTask.objects.count()

    try:
        assert any(race() > 30 for _round in range(30))
    finally:
        CallTask.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE callback_calltask ADD CONSTRAINT one_task_per_rule_and_event UNIQUE (rule_id, source_key)"
            )


def test_the_command_says_what_it_made(people):
    delivered(people)
    said = StringIO()
    call_command("generate_callbacks", "--now", "2026-10-15T10:00", stdout=said)
    assert said.getvalue() == "新建 1 条，按规定不拨打 0 条，因情况变化撤销 0 条，此前已回访 0 条\n"
    with pytest.raises(CommandError):
        call_command("generate_callbacks", "--now", "gestern")


def test_a_reminder_whose_window_has_passed_before_the_day_was_entered_is_counted_from_today(people, calendar_2026):
    VehicleFactory(store=people.store, insurance_ends_on=date(2026, 11, 4))  # its 30 days were on the 5th
    generate(codes=(RuleCode.INSURANCE_RENEWAL,))
    task = CallTask.objects.get()
    assert task.source_key.endswith(":30")
    assert task.due_at == datetime(2026, 10, 20, 18, 0, tzinfo=people.store.tz)
    assert task.due_reason["lead"] == 20


def test_a_closed_complaint_is_asked_about_once_more_after_ten_days_and_nobody_twice_in_the_span(people):
    rules, day = (RuleCode.COMPLAINT_SECOND,), timedelta(days=1)
    complaint = _checked_complaint(people, delivered(people))
    Complaint.objects.update(state=ComplaintState.CLOSED, closed_at=TEN)
    Complaint.objects.create(
        number="TS-2", store=people.store, customer=complaint.customer, source="call", category="skill",
        state=ComplaintState.CLOSED, received_at=TEN - day, reply_due_at=TEN, solve_due_at=TEN,
        closed_at=TEN - timedelta(hours=2), created_at=TEN,
    )  # fmt: skip
    assert generate(at=TEN + 9 * day, codes=rules) == Made()
    assert generate(at=TEN + 10 * day, codes=rules) == Made(made=1)
    assert generate(at=TEN + 11 * day, codes=rules) == Made()  # the other case of the same customer
    task = CallTask.objects.get()
    assert (task.complaint, task.source_key) == (complaint, f"complaint:{complaint.pk}:second")
    response(people, customer=complaint.customer, at=TEN + 11 * day)
    assert generate(at=TEN + 12 * day, codes=rules) == Made(overtaken=1)


def test_who_answered_a_questionnaire_in_the_span_is_not_asked_once_more(people):
    complaint = _checked_complaint(people, delivered(people))
    Complaint.objects.update(state=ComplaintState.CLOSED, closed_at=TEN)
    response(people, customer=complaint.customer, at=TEN - timedelta(days=15))
    assert generate(at=TEN + timedelta(days=10), codes=(RuleCode.COMPLAINT_SECOND,)) == Made()
    assert generate(at=TEN + timedelta(days=16), codes=(RuleCode.COMPLAINT_SECOND,)) == Made(made=1)
