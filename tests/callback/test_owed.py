"""Which calls are owed of new cars, of services to come, by lot, and out of care."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command

from callback import actions
from callback.actions import Made
from callback.choices import Outcome, Purpose, RuleCode, TaskState
from callback.formulas import (
    Hours,
    Look,
    call_window,
    draw,
    errors_in_days,
    forecast_service,
    hours_window,
    months_later,
)
from callback.models import CallRefusal, CallTask, Forecast, Handover, Rule, Sample
from callback.queries.forecasts import forecast_accuracy
from dealer_crm.values import Refusal
from dealer_crm.workdays.queries import work_calendar
from reception.choices import CustomerKind, OrderKind, OrderState
from reception.models import MileageReading
from tests.factories.callback import TEN, CallTaskFactory, ContactFactory, shipped_rule
from tests.factories.reception import CustomerFactory, RepairOrderFactory, VehicleFactory
from tests.factories.satisfaction import response

SHANGHAI = ZoneInfo("Asia/Shanghai")
SALES = (RuleCode.SALES_2H, RuleCode.SALES_3D, RuleCode.SALES_7D, RuleCode.RUN_IN_3W)


def at(month, day, hour=10, minute=0, year=2026):
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def generate(codes, moment=TEN):
    return actions.generate_callbacks(at=moment, codes=codes)


def delivered(people, moment, **fields):
    return RepairOrderFactory(
        advisor=people.advisor, state=OrderState.DELIVERED, arrived_at=moment - timedelta(hours=5), began_at=moment,
        delivered_at=moment, **fields,
    )  # fmt: skip


# ── Windows against the published calendar ───────────────────────────────────────────────────────────────────────────
GOLDEN_WEEK = {
    # day of the event → last day to call of a window of three days. 2026: off 1–7 October, worked Saturday the 10th.
    27: 30, 28: 30, 29: 30, 30: 8,  # from here on no working day lies inside the window
}  # fmt: skip
OCTOBER = {1: 8, 2: 8, 3: 8, 4: 8, 5: 8, 6: 9, 7: 10, 8: 10, 9: 12, 10: 13, 11: 14, 12: 15, 13: 16, 14: 16, 15: 16}
SHIFTED = {(9, 30), (10, 1), (10, 2), (10, 3), (10, 4)}


def test_golden_week_and_the_make_up_saturday_day_by_day(people, calendar_2026):
    calendar = work_calendar(people.store, date(2026, 9, 1), date(2026, 11, 1))
    hours = Hours(at(1, 1, 9).time(), at(1, 1, 18).time(), SHANGHAI)
    days = {(9, day): (10 if due == 8 else 9, due) for day, due in GOLDEN_WEEK.items()}
    days |= {(10, day): (10, due) for day, due in OCTOBER.items()}
    found = {
        (month, day): call_window(
            event_on=date(2026, month, day), opens_after=1, closes_after=3, calendar=calendar, hours=hours
        )
        for month, day in days
    }
    assert {key: (due.due_at.month, due.due_at.day) for key, due in found.items()} == days
    assert {key for key, due in found.items() if due.was_shifted} == SHIFTED
    assert {names for key in SHIFTED for names in found[key].why["free"]} == {
        "国庆节", "国庆节（补假）", "休息日（由 2026-09-20 调休）", "休息日（由 2026-10-10 调休）",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("handed_over", "opens", "due", "shifted"),
    [
        (at(10, 15, 10), at(10, 15, 10), at(10, 15, 12), False),
        (at(10, 15, 17, 30), at(10, 15, 17, 30), at(10, 16, 10, 30), False),  # half an hour today, the rest tomorrow
        (at(10, 15, 21), at(10, 16, 9), at(10, 16, 11), False),  # after closing
        (at(10, 15, 7), at(10, 15, 9), at(10, 15, 11), False),
        (at(10, 16, 17), at(10, 16, 17), at(10, 19, 10), False),  # over a weekend
        (at(10, 17, 15), at(10, 19, 9), at(10, 19, 11), True),  # a Saturday
        (at(10, 10, 15), at(10, 10, 15), at(10, 10, 17), False),  # the make-up Saturday
        (at(10, 2, 11), at(10, 8, 9), at(10, 8, 11), True),  # Golden Week
    ],
)
def test_two_hours_are_hours_in_which_calls_are_made(people, calendar_2026, handed_over, opens, due, shifted):
    calendar = work_calendar(people.store, date(2026, 9, 1), date(2026, 11, 1))
    hours = Hours(at(1, 1, 9).time(), at(1, 1, 18).time(), SHANGHAI)
    found = hours_window(moment=handed_over, within=2, calendar=calendar, hours=hours)
    assert (found.opens_at, found.due_at, found.was_shifted) == (opens, due, shifted)


# ── New cars ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def hand_over(people, car, moment, **fields):
    return actions.hand_over_new_car(
        store=people.store, vehicle=car, handed_over_at=moment, by=people.agent, at=max(TEN, moment), **fields
    )


def test_a_new_car_is_called_about_after_2_hours_3_days_7_days_and_three_weeks(people, calendar_2026):
    car = VehicleFactory(store=people.store)
    handover = hand_over(people, car, at(10, 15, 9, 30), salesperson="钱进")
    assert generate(SALES) == Made(made=4)
    assert generate(SALES) == Made()
    tasks = {task.rule.code: task for task in CallTask.objects.select_related("rule")}
    assert {code: task.due_at for code, task in tasks.items()} == {
        "sales_2h": at(10, 15, 11, 30),
        "sales_3d": at(10, 16, 18),  # the 18th is a Sunday
        "sales_7d": at(10, 22, 18),
        "run_in_3w": at(11, 5, 18),
    }
    assert {task.source_key for task in tasks.values()} == {f"handover:{handover.pk}"}
    assert "2026-10-15 11:30" in tasks["sales_2h"].due_sentence
    assert tasks["sales_7d"].rule.questionnaire.kind == "sales_ssi"


def test_a_car_is_new_once_and_a_mistaken_handover_takes_its_calls_along(people):
    car = VehicleFactory(store=people.store)
    handover = hand_over(people, car, at(10, 15, 9))
    generate(SALES)
    for moment, code in ((at(10, 15, 9), "handed_over_already"), (at(10, 16), None)):
        with pytest.raises(Refusal) as refused:
            actions.hand_over_new_car(
                store=people.store, vehicle=car if code else VehicleFactory(store=people.store),
                handed_over_at=moment, by=people.agent, at=TEN,
            )  # fmt: skip
        assert refused.value.code == (code or "ahead")
    with pytest.raises(Refusal):
        actions.withdraw_handover(handover=handover, reason=" ", by=people.crc, at=TEN)
    actions.withdraw_handover(handover=handover, reason="录错车辆", by=people.crc, at=TEN)
    assert not Handover.objects.exists()
    assert set(CallTask.objects.values_list("state", "closing_reason")) == {("dropped", "录错车辆")}


# ── The next service ─────────────────────────────────────────────────────────────────────────────────────────────────
def looks(*pairs):
    return [Look(date.fromisoformat(on), km) for on, km in pairs]


USUAL = Decimal(40)
EVEN = looks(("2026-01-01", 10_000), ("2026-03-02", 13_000), ("2026-05-01", 16_000))  # 50 km a day


@pytest.mark.parametrize(
    ("history", "service_on", "service_km", "expected"),
    [
        (EVEN, None, 20_000, (date(2026, 7, 20), "mileage", Decimal("50.0"))),
        (EVEN, date(2026, 6, 1), 20_000, (date(2026, 6, 1), "day", Decimal("50.0"))),
        (EVEN, date(2026, 12, 1), 20_000, (date(2026, 7, 20), "mileage", Decimal("50.0"))),
        (EVEN, None, 15_000, (date(2026, 5, 1), "mileage", Decimal("50.0"))),  # past it already
        (EVEN, date(2026, 12, 1), None, (date(2026, 12, 1), "day", Decimal("50.0"))),
        (EVEN[:1], None, 14_000, (date(2026, 4, 11), "mileage", None)),  # no history: the store's usual 40 km
        ([], date(2026, 12, 1), 20_000, (date(2026, 12, 1), "day", None)),
        ([], None, 20_000, (None, "", None)),
        # One mistyped reading among many does not move the rate.
        ([*EVEN, *looks(("2026-06-30", 19_000), ("2026-08-29", 29_000))], None, 30_000,
         (date(2026, 9, 18), "mileage", Decimal("50.0"))),
        # A new counter: what was before it says nothing of it.
        ([*EVEN, *looks(("2026-06-01", 10), ("2026-07-01", 910))], None, 1_510,
         (date(2026, 7, 21), "mileage", Decimal("30.0"))),
        (looks(("2026-01-01", 100), ("2026-01-05", 1_100)), None, 2_100, (date(2026, 1, 30), "mileage", None)),
    ],
)  # fmt: skip
def test_the_next_service_is_its_day_or_its_mileage_whichever_comes_first(history, service_on, service_km, expected):
    found = forecast_service(history, service_on=service_on, service_km=service_km, usual=USUAL)
    assert (found.due_on, found.basis, found.km_a_day) == expected


def test_the_forecast_is_tested_on_the_look_it_did_not_see():
    assert errors_in_days([*EVEN, *looks(("2026-07-10", 19_000))], USUAL) == (10, 5)
    assert errors_in_days(EVEN[:2], USUAL) is None
    assert [months_later(date(2026, 8, 31), months) for months in (1, 6, 18)] == [
        date(2026, 9, 30), date(2027, 2, 28), date(2028, 2, 29),
    ]  # fmt: skip


@pytest.fixture
def driven_car(people):
    """Served on 1 May at 16,000 km, driven 50 km a day: 26,000 km on 17 November, six months on 1 November."""
    car = VehicleFactory(store=people.store, mileage=16_000, last_visit_at=at(5, 1))
    for moment, km in ((at(1, 1), 10_000), (at(3, 2), 13_000), (at(5, 1), 16_000)):
        delivered(people, moment, vehicle=car, mileage=km, kind=OrderKind.MAINTENANCE)
    return car


def test_a_maintenance_call_follows_the_cars_own_history_and_one_target_is_one_call(people, calendar_2026, driven_car):
    rules = (RuleCode.MAINTENANCE,)
    assert generate(rules, at(10, 17)) == Made()  # 14 days before 1 November is the 18th
    assert generate(rules, at(10, 18)) == Made(made=1)
    assert Forecast.objects.get(vehicle=driven_car).due_on == date(2026, 11, 1)

    MileageReading.objects.create(vehicle=driven_car, km=25_900, read_at=at(10, 18, 12))
    driven_car.mileage = 25_900
    driven_car.save()
    assert generate(rules, at(10, 19)) == Made()
    assert Forecast.objects.get(vehicle=driven_car).due_on == date(2026, 10, 20)

    delivered(people, at(10, 20), vehicle=driven_car, mileage=26_000, kind=OrderKind.MAINTENANCE)
    driven_car.mileage, driven_car.last_visit_at = 26_000, at(10, 20)
    driven_car.save()
    assert generate(rules, at(10, 20, 12)) == Made(overtaken=1)
    assert forecast_accuracy(people.store, date(2026, 10, 20)).cars == 0  # the last looks are two days apart


@pytest.mark.parametrize("cars", [1, 30])
def test_forecasting_asks_the_same_number_of_questions_however_many_cars(
    people, calendar_2026, django_assert_num_queries, cars
):
    for _number in range(cars):
        car = VehicleFactory(store=people.store, mileage=16_000, last_visit_at=at(5, 1))
        delivered(people, at(5, 1), vehicle=car, mileage=16_000, kind=OrderKind.MAINTENANCE)
    with django_assert_num_queries(9):
        assert actions.forecast_cars(store=people.store, at=TEN) == cars
    with django_assert_num_queries(2):
        assert actions.forecast_cars(store=people.store, at=TEN) == 0


def test_the_first_service_is_recalled_before_the_free_term_ends_until_the_car_comes(people, calendar_2026):
    rules = (RuleCode.FIRST_SERVICE,)
    car = VehicleFactory(store=people.store, purchased_on=date(2026, 4, 30))
    served = VehicleFactory(store=people.store, purchased_on=date(2026, 4, 30))
    delivered(people, at(9, 1), vehicle=served, kind=OrderKind.FIRST_SERVICE)
    VehicleFactory(store=people.store, purchased_on=date(2026, 3, 10))  # its term is over
    handed_over = VehicleFactory(store=people.store, purchased_on=date(2026, 4, 1))
    Handover.objects.create(
        store=people.store, vehicle=handed_over, customer=handed_over.owner, handed_over_at=at(5, 5), noted_at=at(5, 5)
    )
    assert generate(rules, at(9, 29)) == Made()
    assert generate(rules, at(9, 30)) == Made(made=1)
    assert CallTask.objects.get().source_key == f"vehicle:{car.pk}:first:2026-10-30:30"
    assert generate(rules, at(10, 20)) == Made(made=2, overtaken=1)  # ten days before; the other car's thirty
    delivered(people, at(10, 21), vehicle=car, kind=OrderKind.FIRST_SERVICE)
    assert generate(rules, at(10, 22)) == Made(overtaken=1)
    assert CallTask.objects.unfinished().get().vehicle == handed_over


# ── By lot ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_lots_are_the_same_for_everybody_who_has_the_seed():
    eligible = {"别克": list(range(1, 41)), "雪佛兰": [7, 9]}
    first = draw(eligible, seed=42, share=Decimal(5))
    assert {group: len(ids) for group, ids in first.items()} == {"别克": 5, "雪佛兰": 2}
    assert first == draw({"雪佛兰": [9, 7], "别克": list(range(40, 0, -1))}, seed=42, share=Decimal(5))
    assert first == {"别克": [8, 14, 18, 22, 33], "雪佛兰": [7, 9]}
    assert first != draw(eligible, seed=43, share=Decimal(5))
    shares = {count: len(draw({"": range(count)}, seed=1, share=Decimal("0.3"))[""]) for count in (0, 1, 2, 5, 10, 15)}
    assert shares == {0: 0, 1: 1, 2: 1, 5: 2, 10: 3, 15: 5}
    assert len(draw({"": range(9)}, seed=1, share=Decimal(0))[""]) == 9


def test_nobody_is_liked_better_by_the_lots():
    drawn = [one for seed in range(2000) for one in draw({"": range(10)}, seed=seed, share=Decimal(3))[""]]
    assert all(520 < drawn.count(one) < 680 for one in range(10))  # 600 expected, 4 standard deviations are 82


MONDAY = at(10, 19, 9)


def test_on_monday_five_customers_of_each_brand_are_drawn_from_last_week(people, calendar_2026):
    for number in range(7):
        delivered(people, at(10, 12 + number), vehicle__brand="别克")
    refusing = CustomerFactory(store=people.store, no_call_since=date(2026, 1, 5), no_call_reason="本人要求")
    for owner in (CustomerFactory(store=people.store), refusing):
        delivered(people, at(10, 13), vehicle=VehicleFactory(store=people.store, owner=owner, brand="雪佛兰"))
    delivered(people, at(10, 19, 8), vehicle__brand="别克")  # this week
    rules = (RuleCode.WEEKLY_SAMPLE,)
    assert generate(rules, at(10, 18, 23)) == Made()
    assert generate(rules, MONDAY) == Made(made=6)
    sample = Sample.objects.get()
    assert (sample.span, {brand: len(ids) for brand, ids in sample.drawn.items()}) == (
        "2026-W43", {"别克": 5, "雪佛兰": 1},
    )  # fmt: skip
    assert draw(sample.eligible, seed=sample.seed, share=Decimal(sample.share)) == sample.drawn
    assert set(CallTask.objects.values_list("due_at", flat=True)) == {at(10, 19, 18)}
    assert generate(rules, MONDAY + timedelta(days=2)) == Made()
    # A machine that was off on the next Monday makes it up on Tuesday.
    delivered(people, at(10, 24), vehicle__brand="别克")
    assert generate(rules, at(10, 27)).made == 2
    assert CallTask.objects.filter(due_at=at(10, 26, 18)).count() == 2


def test_the_months_visitors_are_surveyed_from_the_25th_and_nobody_twice(people, calendar_2026):
    rules = (RuleCode.MONTHLY_SURVEY,)
    twice = VehicleFactory(store=people.store)
    for day in (3, 9):
        delivered(people, at(11, day), vehicle=twice)
    other = delivered(people, at(11, 20))
    delivered(people, at(10, 31))
    assert generate(rules, at(11, 24)) == Made()
    assert generate(rules, at(11, 25)) == Made(made=2)
    assert generate(rules, at(11, 26)) == Made()
    tasks = CallTask.objects.all()
    assert {task.due_at for task in tasks} == {at(11, 30, 18)}
    response(people, customer=other.customer, at=at(11, 26))
    assert generate(rules, at(11, 27)) == Made(overtaken=1)
    assert CallTask.objects.unfinished().get().customer == twice.owner


def test_in_february_the_survey_ends_with_the_month(people):
    delivered(people, at(2, 10, year=2027))
    generate((RuleCode.MONTHLY_SURVEY,), at(2, 25, year=2027))
    assert CallTask.objects.get().due_at == at(2, 26, 18, year=2027)  # the 28th is a Sunday


def test_a_third_of_yesterdays_talks_is_re_checked_by_the_supervisor_alone(people, calendar_2026):
    task = CallTaskFactory(store=people.store, state=TaskState.DONE)
    for number in range(10):
        ContactFactory(
            store=people.store, agent=people.agent, task=task, at=at(10, 14, 9, number), customer=CustomerFactory(
                store=people.store
            ),
        )  # fmt: skip
    ContactFactory(store=people.store, agent=people.crc, task=task, at=at(10, 14, 11))
    ContactFactory(store=people.store, agent=people.agent, task=task, at=at(10, 14, 12), outcome=Outcome.NO_ANSWER)
    rules = (RuleCode.SPOT_CHECK,)
    assert generate(rules, at(10, 15, 8)) == Made(made=3)
    assert generate(rules, at(10, 15, 9)) == Made()
    assert {each.due_at for each in CallTask.objects.unfinished()} == {at(10, 15, 18)}
    assert actions.claim_next(by=people.agent, at=TEN) is None
    with pytest.raises(Refusal, match="客服主管"):
        actions.claim_task(task=CallTask.objects.unfinished().first(), by=people.agent, at=TEN)
    taken = actions.claim_next(by=people.crc, at=TEN)
    assert taken.source_key.startswith("contact:")
    # A Friday's talks are re-checked on Monday, those of an outage with them.
    ContactFactory(store=people.store, agent=people.agent, task=task, at=at(10, 16, 9))
    assert generate(rules, at(10, 19, 8)).made == 1
    assert CallTask.objects.order_by("-pk")[0].due_at == at(10, 19, 18)


# ── Care ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_birthdays_are_greeted_once_a_year_and_packed_away_cars_bring_no_greeting(people, calendar_2026):
    def born(day, **fields):
        owner = CustomerFactory(store=people.store, birthday=day, **fields)
        VehicleFactory(store=people.store, owner=owner, last_visit_at=at(5, 1))
        return owner

    greeted = born(date(1980, 10, 15))
    born(date(1980, 10, 16))
    born(date(1980, 10, 15), kind=CustomerKind.COMPANY)
    away = born(date(1980, 10, 15))
    away.vehicles.update(last_visit_at=at(1, 1, year=2024))
    yesterday = born(date(1990, 10, 14))
    rules = (RuleCode.BIRTHDAY,)
    assert generate(rules) == Made(made=2)
    assert generate(rules, TEN + timedelta(hours=3)) == Made()
    assert {task.customer for task in CallTask.objects.all()} == {greeted, yesterday}
    born(date(2000, 2, 29))
    assert generate(rules, at(2, 28, year=2027)).made == 1


def test_who_stayed_away_two_years_is_called_in_the_months_batch_and_once(people, calendar_2026):
    rules = (RuleCode.DORMANT,)
    shipped_rule(people.store, RuleCode.DORMANT)
    cars = [VehicleFactory(store=people.store, last_visit_at=at(9, day, year=2024)) for day in (1, 5)]
    VehicleFactory(store=people.store, last_visit_at=at(11, 1, year=2024))
    VehicleFactory(store=people.store, last_visit_at=None)
    assert generate(rules, at(10, 15)) == Made(made=2)
    assert {task.due_at for task in CallTask.objects.all()} == {at(10, 30, 18)}  # the 31st is a Saturday
    assert generate(rules, at(10, 16)) == Made()
    cars[0].last_visit_at = at(10, 20)
    cars[0].save()
    assert generate(rules, at(10, 21)) == Made(overtaken=1)
    assert generate(rules, at(11, 2)).made == 1  # the car of November 2024


def test_a_refusal_holds_for_its_purpose_alone(people, calendar_2026):
    car = VehicleFactory(store=people.store, insurance_ends_on=date(2026, 12, 14))
    CallRefusal.objects.create(customer=car.owner, purpose=Purpose.REMINDER, reason="自己会记得", noted_at=TEN)
    order = delivered(people, TEN - timedelta(days=1), vehicle=car)
    assert generate((RuleCode.INSURANCE_RENEWAL, RuleCode.SERVICE_3D)) == Made(made=1, excluded=1)
    left_out = CallTask.objects.get(state=TaskState.DROPPED)
    assert "自己会记得" in left_out.closing_reason
    CallRefusal.objects.create(customer=car.owner, purpose=Purpose.SURVEY, reason="不愿评价", noted_at=TEN)
    assert generate((RuleCode.SERVICE_3D,)) == Made(overtaken=1)
    assert CallTask.objects.get(order=order).state == TaskState.DROPPED


def test_every_rule_says_what_it_is_for_and_stands_idle_without_occasions(people, django_assert_max_num_queries):
    actions.ship_rules(store=people.store, at=TEN)
    assert Rule.objects.filter(store=people.store).count() == 21
    with django_assert_max_num_queries(165):
        assert generate(None) == Made()


def test_the_command_says_how_good_the_forecast_is(people):
    said = StringIO()
    call_command("forecast_accuracy", "--store", people.store.code, stdout=said)
    car = VehicleFactory(store=people.store, mileage=19_000, last_visit_at=at(7, 10))
    for moment, km in ((at(1, 1), 10_000), (at(3, 2), 13_000), (at(5, 1), 16_000), (at(7, 10), 19_000)):
        delivered(people, moment, vehicle=car, mileage=km)
    call_command("forecast_accuracy", "--store", people.store.code.lower(), stdout=said)
    first, second = said.getvalue().splitlines()
    assert first == "没有三次以上且间隔足够的里程读数。"
    assert second.startswith("1 辆车：误差中位数 10 天")
    with pytest.raises(CommandError):
        call_command("forecast_accuracy", "--store", "NONE")
