"""Two records become one: everything follows, both stories stay readable, nobody finds the double any more."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from callback.choices import RuleCode, TaskState
from callback.models import CallTask
from complaints.actions import record_complaint
from complaints.choices import Category, ComplaintSource, Severity
from complaints.forms import ComplaintForm
from dealer_crm.values import Refusal, Stale
from reception import actions, queries
from reception.choices import Decision, OrderKind
from reception.models import Agreement, Customer, Flaw, MileageReading, PointsEntry, RepairOrder, Vehicle, VehicleDriver
from tests.factories import cast
from tests.factories.appointments import AppointmentFactory
from tests.factories.callback import CallTaskFactory, ContactFactory
from tests.factories.complaints import ComplaintFactory
from tests.factories.reception import (
    MORNING,
    CustomerFactory,
    RepairOrderFactory,
    SuggestionFactory,
    VehicleFactory,
)
from tests.importing.workbooks import take_in, written
from tests.reception.test_concurrency import at_once

RIGHT_VIN = "LSVAA4182E2184847"

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(people):
    """A customer entered twice: kept, double."""
    return (
        CustomerFactory(store=people.store, name="王伟", phone="+8613812345678"),
        CustomerFactory(store=people.store, name="王伟先生", phone="+8613912345678", level="vip", tags=["车友会"]),
    )


@pytest.fixture
def cars(people):
    """A car that stood here as a new car, and with its plate: kept, double."""
    owner = CustomerFactory(store=people.store)
    return (
        VehicleFactory(store=people.store, owner=owner, plate="新车E2184847", vin=RIGHT_VIN, mileage=10),
        VehicleFactory(store=people.store, owner=owner, plate="京A12345", vin="", mileage=5_000,
                       last_visit_at=MORNING - timedelta(days=9)),
    )  # fmt: skip


def merge(pair, people, **given):
    kept, double = pair
    return actions.merge_customers(kept=kept, double=double, by=people.crc, at=MORNING, **given)


def merge_cars(cars, people, **given):
    kept, double = cars
    return actions.merge_vehicles(kept=kept, double=double, by=people.crc, at=MORNING, **given)


# ── Customers ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_everything_of_the_double_goes_to_the_one_that_is_kept(people, pair):
    kept, double = pair
    order = RepairOrderFactory(advisor=people.advisor, vehicle=VehicleFactory(store=people.store, owner=double))
    task = CallTaskFactory(order=order)
    car = order.vehicle
    things = [
        order, AppointmentFactory(store=people.store, customer=double), task,
        ContactFactory(task=task), ComplaintFactory(order=order, customer=double),
        Agreement.objects.create(number="A1", store=people.store, customer=double, kind="fleet", name="车队",
                                 starts_on="2026-01-01", ends_on="2026-12-31", made_at=MORNING),
        PointsEntry.objects.create(customer=double, points=10, reason="earned", at=MORNING),
    ]  # fmt: skip

    merge(pair, people)

    for thing in [car, *things]:
        thing.refresh_from_db()
    assert {car.owner, *(thing.customer for thing in things)} == {kept}
    assert [(one.number, one.is_primary) for one in kept.phones.all()] == [
        ("+8613812345678", True),
        ("+8613912345678", False),
    ]


STAYS = {
    ("reception.customer", "reception.Customer.merged_into"): "led on to the kept one",
    ("reception.customer", "reception.CustomerClass.customer"): "a month's class is what was computed then",
    ("reception.customer", "reception.Flaw.customer"): "whose entry it was; ended by the comparison",
    ("reception.customer", "reception.ChangeRequest.customer"): "what was decided belongs to the double's own story",
    ("reception.vehicle", "reception.Vehicle.merged_into"): "led on to the kept one",
    ("reception.vehicle", "callback.Forecast.vehicle"): "computed anew from the history of the kept one",
    ("reception.vehicle", "reception.Flaw.vehicle"): "whose entry it was; ended by the comparison",
    ("reception.vehicle", "reception.ChangeRequest.vehicle"): "what was decided belongs to the double's own story",
    ("reception.vehicle", "reception.VehicleDriver.vehicle"): "a driver known to both is not doubled; others move",
}
MOVES = {
    ("reception.customer", name) for name in (
        "reception.CustomerPhone.customer", "reception.Vehicle.owner", "reception.RepairOrder.customer",
        "reception.Appointment.customer", "reception.Agreement.customer", "reception.PointsEntry.customer",
        "reception.ChangeRequest.after_owner", "callback.CallTask.customer", "callback.Contact.customer",
        "callback.Handover.customer", "callback.CallRefusal.customer", "callback.Referral.customer",
        "callback.ServiceRequest.customer",
        "callback.Lead.customer", "callback.CampaignMember.customer",
        "complaints.Complaint.customer", "satisfaction.Response.customer",
    )
} | {
    ("reception.vehicle", name) for name in (
        "reception.RepairOrder.vehicle", "reception.Appointment.vehicle", "reception.Suggestion.vehicle",
        "reception.MileageReading.vehicle", "callback.CallTask.vehicle", "callback.Contact.vehicle",
        "callback.Handover.vehicle", "callback.Referral.vehicle", "callback.ServiceRequest.vehicle",
        "complaints.Complaint.vehicle", "satisfaction.Response.vehicle", "reception.Agreement_vehicles.vehicle",
    )
}  # fmt: skip


def test_whoever_points_at_customers_and_cars_has_said_what_a_merge_means_for_it():
    pointing = {
        (field.related_model._meta.label_lower, f"{model._meta.label}.{field.name}")
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.concrete and field.many_to_one and field.related_model in (Customer, Vehicle)
    } | {
        (field.related_model._meta.label_lower, f"{model._meta.label}.{field.name}")
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.concrete and field.one_to_one and field.related_model in (Customer, Vehicle)
    }
    assert pointing == MOVES | set(STAYS)


def test_fields_are_chosen_tags_put_together_and_a_refusal_of_calls_holds_for_both(people, pair):
    kept, double = pair
    Customer.objects.filter(pk=double.pk).update(no_call_since=MORNING.date(), no_call_reason="不愿接听")
    Customer.objects.filter(pk=kept.pk).update(tags=["老客户"])

    merge(pair, people, chosen=["level", "primary_phone"])

    kept.refresh_from_db()
    assert (kept.name, kept.level, kept.tags) == ("王伟", "vip", ["老客户", "车友会"])
    assert (kept.no_call_since, kept.no_call_reason) == (MORNING.date(), "不愿接听")
    assert kept.phones.get(is_primary=True).number == "+8613912345678"


def test_the_same_number_is_kept_once(people):
    pair = [CustomerFactory(store=people.store, phone="+8613812345678") for _ in range(2)]
    actions.find_flaws(at=MORNING)
    assert Flaw.objects.open().count() == 2

    merge(pair, people)

    assert [phone.number for phone in pair[0].phones.all()] == ["+8613812345678"]
    assert not Flaw.objects.open().exists()


def test_what_waits_for_a_number_goes_with_it_and_what_waits_for_the_name_is_withdrawn(people, pair):
    kept, double = pair
    actions.change_phone(
        phone=double.phones.get(), number="13712345678", reason="停机", by=people.agent, at=MORNING
    )  # fmt: skip
    actions.change_customer(customer=double, name="王维", reason="客户来电", by=people.agent, at=MORNING)

    merge(pair, people)

    assert [change.after for change in queries.waiting_changes(kept).changes] == ["+8613712345678"]
    assert double.change_requests.get().decision == Decision.WITHDRAWN
    actions.accept_change(change=kept.change_requests.waiting().get(), by=people.crc, at=MORNING)
    assert kept.phones.filter(number="+8613712345678").exists()


def test_both_stories_are_read_on_the_page_of_the_one_that_is_kept(client, people, pair):
    kept, double = pair
    actions.change_customer(customer=double, level="member", by=people.advisor, at=MORNING)
    merge(pair, people)
    client.force_login(people.crc)

    story = client.get(reverse("reception:customer_story", args=[kept.pk])).context["story"]
    assert [deed.detail.splitlines()[-1] for deed in story] == [
        f"{kept.code} 王伟",  # the double's: where it went
        f"{double.code} 王伟先生",  # the kept one's: what came
        "级别: VIP → 会员",  # what was done with the double before
    ]

    answer = client.get(reverse("reception:customer", args=[double.pk]))
    assert answer.url == reverse("reception:customer", args=[kept.pk])


def test_the_double_is_in_no_list_and_found_by_nothing(client, people, pair):
    kept, double = pair
    merge(pair, people)
    client.force_login(people.crc)
    listed = client.get(reverse("reception:customers")).context["page"].rows
    assert [one.pk for one in listed] == [kept.pk]
    assert [one.pk for one in queries.customers_found(people.crc, "王伟")] == [kept.pk]
    assert queries.customers_named(people.crc, double.code) == []
    with pytest.raises(Refusal) as refused:
        actions.change_customer(customer=double, level="vip", by=people.crc, at=MORNING)
    assert refused.value.code == "merged"


def test_doubles_of_doubles_lead_to_the_last(people, pair):
    kept, double = pair
    last = CustomerFactory(store=people.store)
    merge(pair, people)
    merge((last, kept), people)
    double.refresh_from_db()
    assert double.merged_into == last


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("crossed", [False, True])
def test_two_people_merging_the_same_pair_merge_it_once(people, pair, crossed):
    kept, double = pair
    other = (double, kept) if crossed else (kept, double)

    answers = at_once(lambda: merge(pair, people), lambda: merge(other, people))

    assert [answer.code for answer in answers if isinstance(answer, Refusal)] == ["merged"]
    assert Customer.objects.standing().count() == 1


def test_a_pair_that_changed_since_it_was_shown_is_not_merged(people, pair):
    with pytest.raises(Stale):
        merge(pair, people, expected_version=1, double_version=9)
    with pytest.raises(Refusal):
        merge((pair[0], pair[0]), people)


# ── Vehicles ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_new_car_and_its_later_plate_become_one(people, cars):
    kept, double = cars
    order = RepairOrderFactory(advisor=people.advisor, vehicle=double)
    appointment = AppointmentFactory(store=people.store, vehicle=kept, customer=kept.owner, plate=kept.plate)
    suggestion = SuggestionFactory(order=order, vehicle=double)
    VehicleDriver.objects.create(vehicle=double, name="韩梅梅")
    MileageReading.objects.create(vehicle=double, km=5_000, read_at=MORNING)

    merge_cars(cars, people, chosen=["plate"])

    kept.refresh_from_db()
    double.refresh_from_db()
    assert (kept.plate, kept.vin, kept.mileage) == ("京A12345", RIGHT_VIN, 5_000)
    assert kept.last_visit_at == MORNING - timedelta(days=9)
    assert (double.plate, double.merged_into) == ("新车E2184847", kept)
    for thing in (order, suggestion, appointment):
        thing.refresh_from_db()
    assert {order.vehicle, suggestion.vehicle, appointment.vehicle} == {kept}
    assert appointment.plate == "京A12345"
    assert [driver.name for driver in kept.drivers.all()] == ["韩梅梅"]
    assert kept.readings.count() == 1


def test_the_plate_of_the_double_leads_the_gate_to_the_car(people, cars):
    kept, double = cars
    merge_cars(cars, people)
    assert queries.vehicle_at_gate(double.plate) == kept
    assert queries.vehicles_found(people.crc, "A12345") == []


def test_a_complaint_about_the_plate_or_the_id_of_the_double_is_about_the_car_that_is_kept(people, cars):
    kept, double = cars
    merge_cars(cars, people)
    said = {"plate": double.plate, "source": "phone", "category": "waiting", "severity": "general",
            "received_at": "2026-10-12T09:00", "description": "异响"}  # fmt: skip

    form = ComplaintForm(said, staff=people.agent)
    form.is_valid()
    assert (form.cleaned_data["plate"], queries.vehicle_of_plate(people.agent, "京Z99999")) == (kept, None)

    double.refresh_from_db()
    complaint = record_complaint(
        store=people.store, order=None, customer=None, vehicle=double, source=ComplaintSource.PHONE,
        severity=Severity.GENERAL, category=Category.ATTITUDE, received_at=MORNING, description="等太久",
        by=people.agent, at=MORNING,
    )  # fmt: skip
    assert complaint.vehicle == kept


@pytest.mark.parametrize("what", ["vehicle", "customer"])
def test_an_order_over_http_for_a_double_is_refused_and_names_the_one_that_is_kept(people, cars, pair, what):
    merge_cars(cars, people)
    merge(pair, people)
    kept, double = cars if what == "vehicle" else pair
    desk = APIClient()
    desk.force_authenticate(people.advisor)
    named = {"vehicle": cars[0].pk, "customer": pair[0].pk} | {what: double.pk}

    answer = desk.post(
        "/api/v1/repair-orders/", {**named, "kind": "repair", "promised_at": timezone.now() + timedelta(hours=3)}
    )

    assert (answer.status_code, answer.data["type"]) == (409, "urn:dealer-crm:problem:merged")
    assert str(kept) in answer.data["title"]
    assert not RepairOrder.objects.filter(**{what: double}).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_named", [True, False])
def test_no_order_is_left_with_a_customer_who_is_merged_while_it_is_opened(people, pair, is_named):
    kept, double = pair
    car = VehicleFactory(store=people.store, owner=double)
    take_in_car = lambda: actions.open_order(  # noqa: E731
        by=people.advisor, at=MORNING, store=people.store, vehicle=car, kind=OrderKind.REPAIR, advisor=people.advisor,
        customer=double if is_named else None, promised_at=MORNING + timedelta(hours=3),
    )  # fmt: skip

    opened, _merged = at_once(take_in_car, lambda: merge(pair, people))

    if isinstance(opened, Refusal):
        assert (is_named, opened.code) == (True, "merged")
    else:
        assert RepairOrder.objects.get(pk=opened.pk).customer == kept


@pytest.mark.django_db(transaction=True)
def test_a_promise_moved_while_the_customer_is_merged_waits_and_is_kept(people, pair):
    kept, double = pair
    car = VehicleFactory(store=people.store, owner=double)
    order = RepairOrderFactory(advisor=people.advisor, vehicle=car, customer=double)
    move = lambda: actions.move_promise(  # noqa: E731
        order=order, promised_at=MORNING + timedelta(hours=9), confirmed_by="王伟", reason="等配件", by=people.advisor,
        at=MORNING + timedelta(hours=1),
    )  # fmt: skip

    moved, _merged = at_once(move, lambda: merge(pair, people))

    assert moved.order.promised_at == MORNING + timedelta(hours=9)
    assert RepairOrder.objects.get().customer == kept


def test_agreements_name_the_car_once(people, cars):
    kept, double = cars
    agreement = Agreement.objects.create(
        number="A1", store=people.store, customer=kept.owner, kind="fleet", name="车队", starts_on="2026-01-01",
        ends_on="2026-12-31", made_at=MORNING,
    )  # fmt: skip
    agreement.vehicles.set([kept, double])
    merge_cars(cars, people)
    assert list(agreement.vehicles.all()) == [kept]


def test_a_reminder_owed_for_both_cars_is_called_once(people, cars):
    kept, double = cars

    def owed(car, day, **given):
        key = f"vehicle:{car.pk}:service:{day}:30"
        return CallTaskFactory(
            store=people.store, code=RuleCode.MAINTENANCE, source_key=key, vehicle=car, customer=car.owner, **given
        )

    owed(kept, "2026-11-01")
    twice, once = owed(double, "2026-11-01"), owed(double, "2026-12-01")

    merge_cars(cars, people)

    twice.refresh_from_db()
    once.refresh_from_db()
    assert (twice.state, twice.vehicle) == (TaskState.DROPPED, kept)
    assert (once.state, once.source_key) == (TaskState.OPEN, f"vehicle:{kept.pk}:service:2026-12-01:30")
    assert CallTask.objects.unfinished().count() == 2


# ── Pages ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_supervisor_finds_the_double_compares_and_merges(client, people, pair):
    kept, double = pair
    client.force_login(people.crc)
    found = client.get(reverse("reception:customer_doubles", args=[kept.pk]), {"q": "王伟"}).context["found"]
    assert found == [double]
    url = reverse("reception:customer_merge", args=[kept.pk, double.pk])
    form = client.get(url).context["form"]
    assert {pair.name for pair in form.pairs} == {"primary_phone", "name", "level"}

    client.post(url, {"kept_version": 1, "double_version": 1, "name": "kept", "level": "double",
                      "primary_phone": "kept"})  # fmt: skip

    kept.refresh_from_db()
    assert (kept.name, kept.level) == ("王伟", "vip")
    assert client.get(url).status_code == 404


def test_cars_with_the_same_vin_or_its_stand_in_are_proposed(client, people, cars):
    kept, double = cars
    Vehicle.objects.filter(pk=double.pk).update(vin=RIGHT_VIN)
    client.force_login(people.crc)
    assert client.get(reverse("reception:vehicle_doubles", args=[double.pk])).context["found"] == [kept]
    url = reverse("reception:vehicle_merge", args=[kept.pk, double.pk])
    proposed = {pair.name: pair.takes_double for pair in client.get(url).context["form"].pairs}
    assert proposed["plate"] is True


def test_only_the_supervisor_merges_and_only_what_the_store_knows(client, people, pair):
    kept, double = pair
    url = reverse("reception:customer_merge", args=[kept.pk, double.pk])
    client.force_login(people.advisor)
    assert client.post(url).status_code == 403
    client.force_login(cast.of_second_store().crc)
    assert client.post(url).status_code == 404


# ── Workbooks ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_workbook_that_names_the_double_means_the_one_that_is_kept(people, cars):
    kept, double = cars
    merge_cars(cars, people)
    book = {
        "车辆": [["车牌号", "品牌", "客户编号"], [double.plate, "奥迪", kept.owner.code]],
        "工单": [
            ["工单号", "门店代码", "车牌号", "维修类型", "服务顾问工号", "进厂时间", "承诺交车时间", "行驶里程"],
            ["DMS-1", people.store.code, double.plate, "普通修理", people.advisor.work_number, "2026-10-05 09:00",
             "2026-10-05 17:00", 6_000],
        ],
    }  # fmt: skip

    _first, second = (take_in(written(book), by=people.manager) for _time in range(2))

    kept.refresh_from_db()
    assert [(order.number, order.customer) for order in kept.repair_orders.all()] == [("DMS-1", kept.owner)]
    assert [(reading.km, reading.order.number) for reading in kept.readings.all()] == [(6_000, "DMS-1")]
    assert (kept.brand, kept.version) == (cars[0].brand, 2)
    assert [row.kind for row in second.sheets["工单"].rows] == ["unchanged"]
