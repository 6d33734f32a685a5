"""The whole of a made-up world, in order: calendar, stores and people, months gone by, today."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from django.db import connection, transaction

from dealer_crm.kpi.actions import count_month
from dealer_crm.kpi.queries import months_to_count
from dealer_crm.seeding.agents import fill_agents_days
from dealer_crm.seeding.appointments import remember
from dealer_crm.seeding.appraisal import judge_people
from dealer_crm.seeding.calls import Calls
from dealer_crm.seeding.campaigns import run_campaigns
from dealer_crm.seeding.figures import make_figures
from dealer_crm.seeding.goals import hold_meetings, set_goals
from dealer_crm.seeding.judging import judge_and_learn
from dealer_crm.seeding.messages import fill_outbox
from dealer_crm.seeding.months import Months
from dealer_crm.seeding.owed import follow_bad_answers
from dealer_crm.seeding.pay import close_month_before
from dealer_crm.seeding.people import build_group_staff, build_house, houses_standing, set_demo_passwords
from dealer_crm.seeding.requests import ask_for_service
from dealer_crm.seeding.satisfaction import fill_satisfaction
from dealer_crm.seeding.showroom import keep_showroom
from dealer_crm.seeding.site import check_the_site, choose_stars, train_the_house
from dealer_crm.seeding.today import set_the_scene
from dealer_crm.seeding.workdone import work_of_the_past
from dealer_crm.seeding.worth import make_worth, note_last_visits
from dealer_crm.values import Period
from dealer_crm.workdays.actions import load_year
from dealer_crm.workdays.queries import work_calendar
from reception.models import Vehicle

NEIGHBOUR_ORDERS = 150
"""Finished orders of a neighbour: enough for a figure in every column of the comparison, month by month."""


def seed_stores(
    *,
    stores: int,
    orders: int,
    months: int,
    random_seed: int,
    is_demo: bool,
    at: datetime,
    say: Callable[[str], None],
    neighbours: int = 0,
) -> None:
    """Write `stores` new stores with `orders` finished orders each over the last `months` months up to yesterday, and
    behind them `neighbours` small ones that have a past and no today.

    Stores that stand are left alone; the numbering goes on behind them.
    """
    yesterday = at.date() - timedelta(days=1)
    first = Period.of(at).shifted(1 - months).first_day
    for year in sorted({first.year, at.year, at.year + 1}):
        load_year(year=year, at=at)
    build_group_staff(at=at, hired_on=first, is_demo=is_demo)
    standing = houses_standing()
    for number in range(standing, standing + stores + neighbours):
        is_neighbour = number >= standing + stores
        random, own_orders = Random(f"{random_seed}:{number}"), NEIGHBOUR_ORDERS if is_neighbour else orders
        with transaction.atomic():
            house = build_house(number=number, random=random, at=at, is_demo=is_demo)
            calendar = work_calendar(house.store, first, yesterday)
            writer = Months(house, random, calendar)
            cars = writer.make_cars(max(60, own_orders // 4), _long_ago(first, house.store), Vehicle.objects.count())
            calls = Calls(house, random, calendar, at)
            for batch in writer.make_orders(own_orders, first, yesterday, cars):
                calls.make_calls(batch)
                calls.flush()
            note_last_visits(house)
            writer.make_consumables(first, yesterday)
            make_figures(house, random, Period(first.year, first.month), Period.of(at), own_orders // months, at)
            if is_neighbour:
                work_of_the_past(house, Random(f"{random_seed}:{number}:workshop"), at)
            elif is_demo:
                _settle_statistics()  # what follows asks much of what was just written
                make_worth(house, Random(f"{random_seed}:{number}:worth"), at)
                work_of_the_past(house, Random(f"{random_seed}:{number}:workshop"), at)
                remember(house, Random(f"{random_seed}:{number}:appointments"), at)
                set_the_scene(house, random, at)
                judge_and_learn(house, at)
                fill_outbox(house, Random(f"{random_seed}:{number}:messages"), at)
                fill_agents_days(house, Random(f"{random_seed}:{number}:agents"), at)
                ask_for_service(house, Random(f"{random_seed}:{number}:requests"), at)
                keep_showroom(house, Random(f"{random_seed}:{number}:showroom"), at)
                run_campaigns(house, Random(f"{random_seed}:{number}:campaigns"), at)
                fill_satisfaction(house, Random(f"{random_seed}:{number}:satisfaction"), at)
                follow_bad_answers(house, at)
                check_the_site(house, Random(f"{random_seed}:{number}:site"), at)
                train_the_house(house, Random(f"{random_seed}:{number}:training"), at)
                choose_stars(house, at)
                set_goals(house, at)
                hold_meetings(house, at)
                judge_people(house, Random(f"{random_seed}:{number}:appraisal"), at)
                close_month_before(house, at)
        say(f"{house.store.code} {house.store.name}: {own_orders}")
    if is_demo:
        set_demo_passwords()
    _settle_statistics()
    if is_demo:
        _count_months(at)


def _long_ago(first, store) -> datetime:
    return datetime.combine(first, datetime.min.time(), store.tz) - timedelta(days=400)


def _count_months(at: datetime) -> None:
    """So that the first look at the figures shows how they went on; the worker would be at it minutes later."""
    for store, period in months_to_count(at):
        count_month(store=store, period=period, at=at)


def _settle_statistics() -> None:
    """Fresh planner statistics after a bulk load, so that the first page is as fast as the thousandth."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
