"""Segments: what each criterion finds, saving and changing, dormant cars."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from dealer_crm.journal.queries import entries_about
from dealer_crm.values import Refusal, Stale
from reception import actions
from reception.choices import CustomerKind, CustomerLevel, LineKind, OrderState
from reception.models import Segment, Vehicle
from reception.queries import Criteria, count_up_to, customers_in, customers_matching, dormant_before
from reception.reports.segments import segment_report
from tests.factories import cast
from tests.factories.reception import MORNING, CustomerFactory, RepairOrderFactory, VehicleFactory

pytestmark = pytest.mark.django_db

AT = MORNING


@pytest.fixture
def crowd(people):
    """Four customers, each different from the others in everything a segment asks."""
    store = people.store
    rows = {
        "甲": ({"level": CustomerLevel.MEMBER, "area": "东城区", "tags": ["车友会"], "value_class": "A"},
               {"brand": "别克", "series": "君威", "purchased_on": date(2024, 5, 1), "mileage": 20_000,
                "last_visit_at": datetime(2026, 9, 30, 16, 30, tzinfo=UTC)}),
        "乙": ({"level": CustomerLevel.VIP, "address": "西城区中山路", "tags": ["投诉过"], "value_class": "C"},
               {"brand": "雪佛兰", "series": "探界者", "purchased_on": date(2020, 1, 1), "mileage": 90_000,
                "last_visit_at": datetime(2024, 10, 1, tzinfo=UTC)}),
        "丙": ({"kind": CustomerKind.COMPANY, "level": CustomerLevel.KEY_ACCOUNT},
               {"brand": "别克", "series": "GL8", "model": "GL8 2023 款", "mileage": 50_000, "last_visit_at": None}),
    }  # fmt: skip
    for name, (customer, car) in rows.items():
        VehicleFactory(store=store, owner=CustomerFactory(store=store, name=name, **customer), **car)
    CustomerFactory(store=store, name="丁")  # without a car
    return people


def named(people, **asked):
    found = customers_matching(people.store, Criteria(**asked), at=AT)
    return "".join(sorted(found.values_list("name", flat=True), key="甲乙丙丁".index))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"levels": ("member", "vip")}, "甲乙"),
        ({"kinds": ("company",)}, "丙"),
        ({"value_classes": ("A", "B")}, "甲"),
        ({"tags": ("车友会", "别的")}, "甲"),
        ({"area": "西城"}, "乙"),
        ({"brand": "别克"}, "甲丙"),
        ({"model": "gl8"}, "丙"),
        ({"purchased_from": date(2024, 5, 1)}, "甲"),
        ({"purchased_to": date(2020, 1, 1)}, "乙"),
        ({"mileage_from": 50_000}, "乙丙"),
        ({"mileage_from": 20_000, "mileage_to": 50_000}, "甲丙"),
        # 16:30 UTC on the 30th is the 1st in the store
        ({"visited_from": date(2026, 10, 1)}, "甲"),
        ({"visited_to": date(2026, 9, 30)}, "乙"),
        # the car that never came was entered within the 24 months
        ({"is_dormant": True}, "乙"),
        ({"is_dormant": False}, "甲丙"),
        # all must be true of one and the same car
        ({"brand": "别克", "mileage_from": 30_000}, "丙"),
        ({"levels": ("member",), "is_dormant": True}, ""),
    ],
)
def test_each_criterion_finds_its_customers(crowd, asked, found):
    assert named(crowd, **asked) == found


def test_two_cars_together_do_not_make_one(crowd):
    owner = CustomerFactory(store=crowd.store, name="戊")
    VehicleFactory(store=crowd.store, owner=owner, brand="别克", mileage=1)
    VehicleFactory(store=crowd.store, owner=owner, brand="雪佛兰", mileage=99_000)

    found = customers_matching(crowd.store, Criteria(brand="别克", mileage_from=90_000), at=AT)

    assert not found.exists()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"spent_from": Decimal(1000)}, "甲"),
        ({"spent_from": Decimal(1001)}, ""),
        ({"spent_to": Decimal(999)}, "乙丙丁"),
        ({"spent_from": Decimal(0), "spent_to": Decimal(300)}, "乙丙丁"),
        ({"spent_from": Decimal(300), "spent_to": Decimal(300)}, "乙"),
        ({"spent_from": Decimal(100), "spent_months": 1}, "甲"),
        ({"spent_from": Decimal(500), "spent_months": 1}, ""),
    ],
)
def test_money_is_what_the_customer_owed_by_settlements_that_stand(crowd, asked, found):
    for name, amount, months in (("甲", 600, 6), ("甲", 400, 0), ("乙", 300, 6)):
        car = Vehicle.objects.get(owner__name=name)
        RepairOrderFactory(
            vehicle=car, advisor=crowd.advisor, state=OrderState.DELIVERED,
            began_at=MORNING - timedelta(days=30 * months),
            lines=[{"kind": LineKind.PART, "quantity": Decimal(1), "unit_price": Decimal(amount)}],
        )  # fmt: skip

    assert named(crowd, **asked) == found


def test_customers_of_another_store_and_merged_ones_are_left_out(crowd):
    other = cast.of_second_store()
    VehicleFactory(store=other.store, owner=CustomerFactory(store=other.store, name="外"), brand="别克")
    kept = CustomerFactory(store=crowd.store, name="留")
    double = CustomerFactory(store=crowd.store, name="并", level="vip")
    type(double).objects.filter(pk=double.pk).update(merged_into=kept, merged_at=AT)

    assert named(crowd, brand="别克") == "甲丙"
    assert named(crowd, levels=("vip",)) == "乙"


def test_criteria_survive_being_saved(people):
    criteria = Criteria(
        levels=("vip",), tags=("a", "b"), area="东", purchased_from=date(2020, 1, 2), mileage_to=5,
        spent_from=Decimal("1.50"), spent_months=3, is_dormant=False,
    )  # fmt: skip
    segment = actions.create_segment(store=people.store, name="分类", criteria=criteria, by=people.crc, at=AT)

    segment.refresh_from_db()

    assert Criteria.of(segment.criteria) == criteria
    assert Criteria.of(segment.criteria | {"unknown": 1}) == criteria


def test_a_segment_is_changed_and_deleted_with_its_story(people):
    segment = actions.create_segment(
        store=people.store, name="会员", criteria=Criteria(levels=("member",)), by=people.crc, at=AT
    )
    changed = {"segment": segment, "name": "会员甲", "criteria": Criteria(levels=("vip",)), "by": people.crc, "at": AT}

    actions.change_segment(**changed, expected_version=1)
    with pytest.raises(Stale):
        actions.change_segment(**changed, expected_version=1)
    actions.delete_segment(segment=segment, by=people.manager, at=AT)

    assert not Segment.objects.exists()
    assert [entry.verb for entry in entries_about(segment)] == ["segment.deleted", "segment.changed", "segment.created"]
    with pytest.raises(Refusal) as refused:
        actions.delete_segment(segment=segment, by=people.manager, at=AT)
    assert refused.value.code == "deleted"


@pytest.mark.parametrize(
    ("name", "asked", "code", "field"),
    [
        (" ", {"brand": "别克"}, "name_missing", "name"),
        ("旧", {"brand": "别克"}, "segment_exists", "name"),
        ("新", {}, "segment_empty", None),
        ("新", {"mileage_from": 2, "mileage_to": 1}, "range_reversed", "mileage_to"),
        ("新", {"spent_from": Decimal(2), "spent_to": Decimal(1)}, "range_reversed", "spent_to"),
        ("新", {"visited_from": date(2026, 2, 1), "visited_to": date(2026, 1, 1)}, "range_reversed", "visited_to"),
    ],
)
def test_a_segment_that_makes_no_sense_is_refused(people, name, asked, code, field):
    actions.create_segment(store=people.store, name="旧", criteria=Criteria(brand="别克"), by=people.crc, at=AT)

    with pytest.raises(Refusal) as refused:
        actions.create_segment(store=people.store, name=name, criteria=Criteria(**asked), by=people.crc, at=AT)

    assert (refused.value.code, refused.value.field) == (code, field)


def test_the_count_stops_where_nobody_counts_on(crowd):
    everybody = customers_matching(crowd.store, Criteria(), at=AT)

    assert (count_up_to(everybody), count_up_to(everybody, 2), count_up_to(everybody, 4)) == (4, 3, 4)


@pytest.mark.parametrize(
    ("at", "before"),
    [
        (datetime(2026, 10, 12, 2, tzinfo=UTC), datetime(2024, 10, 12, 2, tzinfo=UTC)),
        (datetime(2028, 2, 29, 2, tzinfo=UTC), datetime(2026, 2, 28, 2, tzinfo=UTC)),
    ],
)
def test_a_car_is_dormant_after_the_months_of_the_figure(people, at, before):
    assert dormant_before(people.store, at) == before


def test_a_visit_wakes_a_dormant_car(people):
    car = VehicleFactory(store=people.store, last_visit_at=datetime(2023, 1, 1, tzinfo=UTC))
    before = dormant_before(people.store, AT)
    assert list(Vehicle.objects.dormant(before)) == [car]

    actions.open_order(
        by=people.advisor, at=AT, store=people.store, vehicle=car, kind="repair", advisor=people.advisor,
        promised_at=AT + timedelta(hours=2),
    )  # fmt: skip

    assert (list(Vehicle.objects.dormant(before)), list(Vehicle.objects.active(before))) == ([], [car])


@pytest.mark.parametrize(("role", "phone"), [("crc", "138****5678"), ("director", "13812345678")])
def test_phones_leave_the_house_masked_unless_the_role_may_take_them(people, role, phone):
    CustomerFactory(store=people.store, name="甲", level="vip", phone="+8613812345678")
    segment = actions.create_segment(
        store=people.store, name="VIP", criteria=Criteria(levels=("vip",)), by=people.crc, at=AT
    )

    report = segment_report(segment, by=getattr(people, role), at=AT)

    (row,) = report.sheets[0].rows
    assert (row[1], row[5]) == ("甲", phone)
    assert dict(report.notes)["导出人"] == getattr(people, role).name
    assert customers_in(segment, at=AT).count() == 1
