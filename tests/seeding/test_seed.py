"""The made-up world: repeatable, obeying every rule, and alive in the demo."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.db.models import Count, F, Sum
from django.db.models.functions import TruncDate
from django.test import override_settings

from benchmarks.history import lengthen
from callback.actions import claim_task, record_outcome
from callback.choices import Direction, Outcome, RuleCode
from callback.models import CallTask, Contact
from commission.models import Run
from complaints.choices import ComplaintState
from complaints.models import Complaint
from dealer_crm.access.roles import Role
from dealer_crm.organization.models import Staff, Store
from dealer_crm.seeding.scene import seed_stores
from reception.choices import OrderState
from reception.formulas.identity import has_right_check_digit, plate_form
from reception.models import (
    Agreement,
    CustomerClass,
    MembershipTerms,
    OrderLine,
    Receipt,
    Receivable,
    RepairOrder,
    Segment,
    Settlement,
    Vehicle,
)
from workshop.models import ClockEntry

NOON = datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
MORNING = datetime(2026, 11, 20, 23, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def seed(orders=40, **wishes):
    wishes = {"stores": 1, "orders": orders, "months": 2, "random_seed": 7, "is_demo": False, "at": NOON, **wishes}
    seed_stores(**wishes, say=lambda _text: None)


def world() -> list:
    return list(
        RepairOrder.objects.order_by("number").values_list(
            "number", "kind", "vehicle__plate", "customer__name", "delivered_at"
        )
    )


def test_the_same_number_gives_the_same_world():
    worlds = []
    for random_seed in (7, 7, 8):
        with transaction.atomic():
            seed(random_seed=random_seed)
            worlds.append((world(), Receipt.objects.aggregate(total=Sum("amount"), count=Count("pk"))))
            transaction.set_rollback(True)
    first, again, other = worlds
    assert len(first[0]) == 40
    assert again == first
    assert other != first


def test_seeding_again_adds_a_store_and_leaves_the_first_alone():
    seed()
    before = world()
    seed()
    assert Store.objects.order_by("code").values_list("code", flat=True)[1] == "JB02"
    assert [row for row in world() if row[0].startswith("JB01")] == before


def test_plates_and_vins_are_such_as_the_desk_would_accept():
    seed()
    assert [plate for plate in Vehicle.objects.values_list("plate", flat=True) if plate_form(plate) is None] == []
    assert [vin for vin in Vehicle.objects.values_list("vin", flat=True) if not has_right_check_digit(vin)] == []


def test_a_car_has_driven_at_least_as_far_as_its_visits_say():
    seed(orders=200)
    assert not RepairOrder.objects.filter(mileage__gt=F("vehicle__mileage")).exists()

    counters: dict[int, list[int]] = {}
    for vehicle, km in RepairOrder.objects.order_by("arrived_at").values_list("vehicle", "mileage"):
        counters.setdefault(vehicle, []).append(km)
    assert max(map(len, counters.values())) > 4
    assert [one for one in counters.values() if one != sorted(one)] == []  # and no counter ever falls


# ── The demo: one living store, looked at from all sides ─────────────────────────────────────────────────────────────
@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """At seven in the morning of China, when UTC is still a day behind."""
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(DEMO=True):
        seed(orders=60, months=3, is_demo=True, at=MORNING)
        yield
        transaction.set_rollback(True)


def test_the_demo_shows_work_at_every_stage(demo):
    states = set(RepairOrder.objects.values_list("state", flat=True))
    assert {OrderState.OPEN, OrderState.DISPATCHED, OrderState.IN_PROGRESS, OrderState.INSPECTION, OrderState.READY,
            OrderState.SETTLED, OrderState.DELIVERED} <= states  # fmt: skip
    assert ClockEntry.objects.filter(ended_at=None).count() >= 1
    assert CallTask.objects.filter(rule__code=RuleCode.SERVICE_3D, state="open").count() >= 1
    assert set(Complaint.objects.values_list("state", flat=True)) == set(ComplaintState)
    assert dict(Run.objects.values_list("period", "state")) == {"2026-09": "locked", "2026-10": "draft"}


def test_the_next_call_of_the_demo_is_taken_down_with_its_answers(demo):
    agent = Staff.objects.get(username="agent")
    task = CallTask.objects.filter(rule__code=RuleCode.SERVICE_3D, state="open", agent=None).first()
    noon = max(MORNING, task.opens_at) + timedelta(hours=3)
    last = Contact.objects.filter(order__isnull=False).order_by("pk").last()
    with transaction.atomic():
        claim_task(task=task, by=agent, at=noon)
        contact = record_outcome(
            task=task, outcome=Outcome.COMPLETED, answers={"F01": 9}, was_on_time=True, by=agent, at=noon
        )
        assert contact.response.number == f"call:{contact.pk}"
        transaction.set_rollback(True)
    assert last.response is None or last.response.number == f"call:{last.pk}"


def test_nobody_in_the_demo_was_called_about_two_things_on_one_day(demo):
    calls = Contact.objects.filter(direction=Direction.OUT, task__isnull=False)
    days = calls.annotate(day=TruncDate("at", tzinfo=Store.objects.get().tz)).values("customer", "day").order_by()
    assert days.count() > 60
    assert list(days.annotate(tasks=Count("task", distinct=True)).filter(tasks__gt=1)) == []


def test_every_role_can_sign_in_to_the_demo(demo):
    for role in Role:
        person = Staff.objects.get(username=role.value)
        assert person.check_password("demo")
        assert role.value in person.roles


def test_the_demo_shows_what_customers_are_worth_and_what_was_agreed(demo):
    assert set(Agreement.objects.values_list("state", flat=True)) == {"draft", "active"}
    assert Segment.objects.count() == 4
    assert MembershipTerms.objects.exists()
    assert CustomerClass.objects.values("period").distinct().count() == 2
    assert RepairOrder.objects.filter(agreement__isnull=False).exists()
    assert OrderLine.objects.exclude(price_basis="").exists()
    assert Vehicle.objects.dormant(MORNING - timedelta(days=731)).exists()


def test_the_demo_has_money_due_money_to_pay_back_and_a_reversal_to_approve(demo):
    assert Receivable.objects.unpaid().exists() and Receivable.objects.overpaid().exists()
    assert Settlement.objects.live().filter(reversal_requested_at__isnull=False).count() == 1


def is_right(car: Vehicle) -> bool:
    return plate_form(car.plate) is not None and has_right_check_digit(car.vin)


def test_the_past_of_the_demo_is_made_longer_without_breaking_a_rule_or_opening_anything(demo):
    """Every index and foreign key is put on again by the lengthening itself: PostgreSQL refuses what does not hold."""
    unfinished = {
        "orders": RepairOrder.objects.in_shop(), "calls": CallTask.objects.unfinished(),
        "complaints": Complaint.objects.exclude(state="closed"), "money due": Receivable.objects.unpaid(),
        "jobs": ClockEntry.objects.filter(ended_at=None),
    }  # fmt: skip
    before = {name: rows.count() for name, rows in unfinished.items()}
    wrong = {car.vin for car in Vehicle.objects.all() if not is_right(car)}
    newest = RepairOrder.objects.order_by("-pk").values_list("number", flat=True)
    there, was_newest, answers = RepairOrder.objects.count(), newest[0], Contact.objects.count()
    with transaction.atomic(), connection.cursor() as cursor:
        made = lengthen(cursor, 4 * there)
        assert made == RepairOrder.objects.count() >= 4 * there
        assert newest[0] == was_newest
        assert {name: rows.count() for name, rows in unfinished.items()} == before
        assert Contact.objects.count() > 3 * answers
        assert {car.vin for car in Vehicle.objects.all() if not is_right(car)} == wrong
        days = list(RepairOrder.objects.order_by("pk").values_list("arrived_at", flat=True))[:: made // 3]
        assert days == sorted(days) and days[0] < MORNING - timedelta(days=200)
        transaction.set_rollback(True)
