"""What the people of a made-up store are paid beside commission, and the numbers of the rules that pay posts."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from commission.actions import (
    add_incentive,
    approve_proposal,
    approve_run,
    approve_version,
    change_version,
    compute_run,
    draft_version,
    lock_run,
    review_run,
)
from commission.choices import PlanState
from commission.formulas.plan import plan_from_json
from commission.models import PayItem, Plan
from dealer_crm.appraisal.models import Score
from dealer_crm.kpi.models import Target
from dealer_crm.organization.choices import Post
from dealer_crm.seeding.late import appeal_and_book_late, check_and_dispute
from dealer_crm.seeding.people import House
from dealer_crm.values import Period

# Parameter values a store might have agreed on; the shipped plan has none of its own.
NUMBERS = {
    "E.staff": {"appointment_rate": Decimal(12), "car_rate": Decimal("1.5")},
    "F.manager": {"scored": Decimal(3000), "coefficient": Decimal("0.004")},
    "F.management": {"scored": Decimal(2600), "coefficient": Decimal("0.002")},
    "F.rank_staff": {"target_place": Decimal(10)},
    "F.rank_managers": {"target_place": Decimal(10)},
}
SCORED = ("H", "M", "D", "F", "W")
"""Short work numbers of the people whom these rules pay by score."""

# CNY a month: base, position and skill pay.
_PAY = {
    Post.ADVISOR: (3000, 800, 200),
    Post.ADVISOR_ASSISTANT: (2800, 300, 100),
    Post.FRONTDESK_SUPERVISOR: (3800, 1500, 300),
    Post.TECHNICIAN: (2600, 400, 600),
    Post.TEAM_LEADER: (2800, 1000, 800),
    Post.ACCESSORY_SELLER: (2800, 300, 0),
    Post.CALLBACK_AGENT: (2800, 400, 100),
    Post.CRC_SUPERVISOR: (3500, 1200, 200),
    Post.SERVICE_MANAGER: (6000, 3000, 500),
    Post.STATION_MANAGER: (8000, 5000, 500),
    Post.WORKSHOP_SUPERVISOR: (4000, 1500, 600),
    Post.INSPECTOR: (3500, 800, 500),
    Post.PARTS_CLERK: (2800, 300, 100),
    Post.CASHIER: (2800, 300, 0),
    Post.PAYROLL: (4000, 500, 0),
}


def fill_pay(house: House, at: datetime) -> None:
    """Everything last month's pay needs beyond what every made-up store has."""
    random = Random(f"{house.store.code}:pay")
    set_numbers(house, at)
    make_pay_items(house, random, at)
    earn_incentives(house, at)
    last = Period.of(at, house.store.tz).previous()
    Score.objects.bulk_create(
        [
            Score(
                staff=person, period=str(month), score=Decimal(random.choice(["92", "94.5", "96", "97.5"])),
                entered_by=house.staff["L01"], entered_at=at,
            )
            for month in (last.previous(), last)
            for person in house.of(*SCORED)
        ],
        ignore_conflicts=True,  # who is scored by a card has a score already
    )  # fmt: skip


def close_month_before(house: House, at: datetime) -> None:
    """The month before last is paid: reviewed, approved, locked, so that everybody has a pay statement to read. Last of
    all, because nothing that a locked month counted can change any more."""
    month = Period.of(at, house.store.tz).previous().previous()
    if Target.objects.filter(store=house.store, period=str(month)).exists():
        run = compute_run(store=house.store, period=month, by=house.staff["L01"], at=at)
        run = review_run(run=run, by=house.staff["M01"], at=at)
        check_and_dispute(house, run, at)
        run = approve_run(run=run, by=house.staff["D01"], at=at)
        run = lock_run(run=run, by=house.staff["L01"], at=at)
        appeal_and_book_late(house, run, at)


def set_numbers(house: House, at: datetime) -> None:
    """A third version of the plan, with the numbers of the rules that pay posts, since the month before last."""
    plan, people = Plan.objects.get(store=house.store), house.staff
    source = plan.versions.filter(state=PlanState.APPROVED).order_by("-starts_period").first()
    draft = draft_version(source=source, by=people["L01"], at=at, name="含客服与管理岗位")
    rules = plan_from_json(draft.rules)
    blocks = [replace(block, **NUMBERS.get(block.code, {})) for block in rules.blocks]
    draft = change_version(
        version=draft, name=draft.name, starts=Period.of(at, house.store.tz).previous().previous(), blocks=blocks,
        expected_revision=draft.revision, by=people["L01"], at=at,
    )  # fmt: skip
    approve_version(version=draft, by=people["D01"], at=at, without_dry_run=True)


def make_pay_items(house: House, random: Random, at: datetime) -> None:
    """Base, position and skill pay, allowances and own parts of the insurances, each from the day of hire."""
    clerk, items = house.staff["L01"], []
    for person in house.staff.values():
        position = person.positions.first()
        base, of_post, skill = _PAY.get(position.post, (3000, 0, 0))
        amounts = {
            "base": base, "position": of_post, "skill": skill, "meal": 300, "phone": random.choice([0, 50, 100]),
            "social_insurance": Decimal(base) * Decimal("0.105"), "housing_fund": Decimal(base) * Decimal("0.07"),
            "certification": random.choice([0, 1, 2, 3]),
        }  # fmt: skip
        items += [
            PayItem(
                staff=person, kind=kind, amount=amount, starts_on=person.hired_on, reason="入职定薪", entered_by=clerk,
                entered_at=at,
            )
            for kind, amount in amounts.items() if amount
        ]  # fmt: skip
    PayItem.objects.bulk_create(items)


def earn_incentives(house: House, at: datetime) -> None:
    """Incentives of last month that were approved, one that waits, and add-on business of the callers."""
    people = house.staff
    last = Period.of(at, house.store.tz).previous()
    for number, kind, day, amount, reason, is_approved in (
        ("M01", "daily", 9, 200, "当日产值突破目标", True),
        ("F01", "daily", 16, 100, "客户锦旗表扬", True),
        ("H01", "add_on", 12, 180, "电话促成延保一单", True),
        ("H02", "add_on", 20, 90, "电话促成会员续费", True),
        ("W01", "daily", 23, 100, "车间连续十日零返工", False),
    ):
        incentive = add_incentive(
            store=house.store, staff=people[number], kind=kind, day=last.first_day + timedelta(days=day - 1),
            amount=Decimal(amount), reason=reason, by=people["L01"], at=at,
        )  # fmt: skip
        if is_approved:
            approve_proposal(proposal=incentive, by=people["D01"], at=at)
