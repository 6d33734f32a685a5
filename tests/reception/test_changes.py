"""A change of name, phone, plate, VIN or owner waits for the supervisor; who may decide changes at once."""

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from dealer_crm.journal.models import Entry
from dealer_crm.notices.models import Notice
from dealer_crm.values import Refusal
from reception import actions
from reception.choices import ArchiveField, Decision
from reception.models import ChangeRequest
from tests.factories import cast
from tests.factories.reception import MORNING, CustomerFactory, RepairOrderFactory, VehicleFactory
from tests.reception.test_concurrency import at_once
from tests.reception.test_views import queries_of

RIGHT_VIN, WRONG_VIN = "LSVAA4182E2184847", "LSVAA4187E2184841"

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(people):
    return CustomerFactory(store=people.store, name="李雷", phone="+8613812345678")


@pytest.fixture
def car(people, customer):
    return VehicleFactory(store=people.store, owner=customer, plate="京A12345", vin=RIGHT_VIN)


def change(customer, by, **given):
    return actions.change_customer(customer=customer, by=by, at=MORNING, **given)


def asked(**about) -> ChangeRequest:
    return ChangeRequest.objects.waiting().get(**about)


# ── Who asks, who changes ────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("role", ["advisor", "frontdesk", "agent"])
def test_another_name_waits_and_the_rest_holds_at_once(people, customer, role):
    person = getattr(people, role)

    change(customer, person, name="李磊", level="vip", reason="登记时写错")

    customer.refresh_from_db()
    assert (customer.name, customer.level) == ("李雷", "vip")
    request = asked(customer=customer)
    assert (request.field, request.before, request.after, request.reason) == ("name", "李雷", "李磊", "登记时写错")
    assert (request.asked_by, request.store) == (person, people.store)


def test_the_supervisor_changes_at_once_and_the_journal_says_so(people, customer):
    change(customer, people.crc, name="李磊")

    customer.refresh_from_db()
    assert customer.name == "李磊"
    assert not ChangeRequest.objects.exists()
    assert Entry.objects.get(verb="customer.changed").changes == {"name": ["李雷", "李磊"]}


def test_a_change_that_waits_needs_its_reason_and_nothing_of_it_holds_without(people, customer):
    with pytest.raises(Refusal) as refused:
        change(customer, people.advisor, name="李磊", level="vip")

    assert (refused.value.field, refused.value.code) == ("reason", "reason_missing")
    customer.refresh_from_db()
    assert (customer.name, customer.level) == ("李雷", "ordinary")


def test_a_further_number_holds_at_once_but_not_its_first_place(people, customer):
    phone = actions.add_phone(
        customer=customer, number="010-58881234", is_primary=True, reason="换了座机", by=people.agent, at=MORNING
    )

    assert [(one.number, one.is_primary) for one in customer.phones.all()] == [
        ("+8613812345678", True),
        ("+861058881234", False),
    ]
    assert phone.entered_by == people.agent
    request = asked(customer=customer)
    assert (request.field, request.before, request.after) == (
        ArchiveField.PRIMARY,
        "+8613812345678",
        "+861058881234",
    )


def test_the_first_number_of_a_customer_without_one_is_no_change(people):
    customer = CustomerFactory(store=people.store, phone="")

    actions.add_phone(customer=customer, number="13812345678", by=people.advisor, at=MORNING)

    assert [phone.is_primary for phone in customer.phones.all()] == [True]
    assert not ChangeRequest.objects.exists()


@pytest.mark.parametrize(
    ("known", "given"),
    [
        ({"vin": ""}, {"vin": RIGHT_VIN}),
        ({"owner": None}, {"owner": "customer"}),
        ({"plate": "新车E2184847", "vin": RIGHT_VIN}, {"plate": "京AD12345"}),
    ],
    ids=["a VIN nobody knew", "an owner where none was", "the plate of a new car"],
)
def test_filling_in_what_was_empty_is_no_change(people, customer, known, given):
    car = VehicleFactory(store=people.store, **{"owner": customer, **known})
    given = {name: customer if value == "customer" else value for name, value in given.items()}

    actions.change_vehicle(vehicle=car, by=people.advisor, at=MORNING, **given)

    car.refresh_from_db()
    assert {name: getattr(car, name) for name in given} == given
    assert not ChangeRequest.objects.exists()


@pytest.mark.parametrize(
    ("field", "given", "before", "after"),
    [
        ("plate", {"plate": "京A54321"}, "京A12345", "京A54321"),
        ("vin", {"vin": WRONG_VIN, "vin_override_reason": "与行驶证一致"}, RIGHT_VIN, WRONG_VIN),
        ("owner", {"owner": "other"}, "李雷", "韩梅梅"),
        ("owner", {"owner": None}, "李雷", ""),
    ],
)
def test_plate_vin_and_owner_of_a_car_wait(people, car, field, given, before, after):
    other = CustomerFactory(store=people.store, name="韩梅梅")
    given = {name: other if value == "other" else value for name, value in given.items()}
    stood = {name: getattr(car, name) for name in given}

    actions.change_vehicle(vehicle=car, by=people.advisor, at=MORNING, reason="核对证件", brand="奥迪", **given)

    car.refresh_from_db()
    assert {name: getattr(car, name) for name in given} == stood
    assert car.brand == "奥迪"
    request = asked(vehicle=car)
    assert (request.field, request.before, request.after) == (field, before, after)

    actions.accept_change(change=request, by=people.crc, at=MORNING)

    car.refresh_from_db()
    assert getattr(car, field) == given[field]


def test_what_could_never_hold_is_refused_before_it_is_asked_for(people, car):
    VehicleFactory(store=people.store, plate="京A54321")
    with pytest.raises(Refusal) as refused:
        actions.change_vehicle(vehicle=car, plate="京A54321", reason="换牌", by=people.advisor, at=MORNING)
    assert refused.value.code == "plate_known"


def test_intake_of_a_new_customer_and_car_asks_nobody(people):
    actions.take_in_new_car(
        by=people.advisor, at=MORNING, store=people.store, plate="沪AD12345", car={},
        customer={"name": "王小明", "phone": "13912345678"}, kind="maintenance", advisor=people.advisor,
        promised_at=MORNING, mileage=1000,
    )  # fmt: skip
    assert not ChangeRequest.objects.exists()


# ── Deciding ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_an_accepted_number_is_the_askers_entry_and_the_asker_is_told(people, customer):
    phone = customer.phones.get()
    actions.change_phone(phone=phone, number="13912345678", reason="停机", by=people.agent, at=MORNING)

    actions.accept_change(change=asked(customer=customer), by=people.crc, at=MORNING)

    phone.refresh_from_db()
    assert (phone.number, phone.entered_by) == ("+8613912345678", people.agent)
    notice = Notice.objects.get(recipient=people.agent)
    assert "139****5678" in notice.text
    assert notice.url == reverse("reception:customer", args=[customer.pk])


def test_a_rejected_change_leaves_the_value_and_tells_why(people, customer):
    change(customer, people.advisor, name="李磊", reason="客户来电")

    actions.reject_change(change=asked(), reason="与身份证不符", by=people.crc, at=MORNING)

    customer.refresh_from_db()
    assert customer.name == "李雷"
    assert "与身份证不符" in Notice.objects.get(recipient=people.advisor).text
    with pytest.raises(Refusal) as refused:
        actions.accept_change(change=ChangeRequest.objects.get(), by=people.crc, at=MORNING)
    assert refused.value.code == "decided"


def test_a_number_that_is_to_go_goes_when_it_is_accepted(people, customer):
    extra = actions.add_phone(customer=customer, number="010-58881234", by=people.advisor, at=MORNING)
    actions.remove_phone(phone=extra, reason="已拆机", by=people.advisor, at=MORNING)
    assert customer.phones.count() == 2

    actions.accept_change(change=asked(), by=people.crc, at=MORNING)

    assert [phone.number for phone in customer.phones.all()] == ["+8613812345678"]


def test_who_asked_never_decides_even_with_the_right_to(people, customer):
    change(customer, people.agent, name="李磊", reason="客户来电")
    people.agent.roles = ["agent", "crc"]
    people.agent.save()
    with pytest.raises(Refusal) as refused:
        actions.accept_change(change=asked(), by=people.agent, at=MORNING)
    assert refused.value.code == "own_request"


def test_a_value_changed_otherwise_meanwhile_is_not_overwritten(people, customer):
    change(customer, people.advisor, name="李磊", reason="客户来电")
    change(customer, people.crc, name="李蕾")

    with pytest.raises(Refusal) as refused:
        actions.accept_change(change=asked(), by=people.crc, at=MORNING)

    assert refused.value.code == "change_overtaken"
    customer.refresh_from_db()
    assert customer.name == "李蕾"


def test_ones_own_second_request_takes_the_place_of_the_first_and_anothers_is_refused(people, customer):
    change(customer, people.advisor, name="李磊", reason="客户来电")
    change(customer, people.advisor, name="李蕾", reason="听错了")
    assert [(one.after, one.decision) for one in ChangeRequest.objects.order_by("id")] == [
        ("李磊", Decision.WITHDRAWN),
        ("李蕾", Decision.WAITING),
    ]

    with pytest.raises(Refusal) as refused:
        change(customer, people.agent, name="李垒", reason="回访得知")
    assert refused.value.code == "change_waits"


def test_only_who_asked_withdraws(people, customer):
    change(customer, people.advisor, name="李磊", reason="客户来电")
    with pytest.raises(Refusal):
        actions.withdraw_change(change=asked(), by=people.agent, at=MORNING)
    actions.withdraw_change(change=asked(), by=people.advisor, at=MORNING)
    assert ChangeRequest.objects.get().decision == Decision.WITHDRAWN


@pytest.mark.django_db(transaction=True)
def test_two_supervisors_deciding_at_once_decide_once(people, customer):
    change(customer, people.advisor, name="李磊", reason="客户来电")
    request = asked()

    answers = at_once(
        lambda: actions.accept_change(change=request, by=people.crc, at=MORNING),
        lambda: actions.reject_change(change=request, reason="不符", by=people.manager, at=MORNING),
    )

    assert [answer.code for answer in answers if isinstance(answer, Refusal)] == ["decided"]
    assert Notice.objects.filter(recipient=people.advisor).count() == 1


# ── Pages ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_page_shows_what_waits_beside_the_value(client, people, customer):
    client.force_login(people.advisor)
    edited = {
        "version": 1, "name": "李磊", "kind": "person", "level": "ordinary", "contact_channel": "phone", "tags": "",
    }  # fmt: skip
    url = reverse("reception:customer_edit", args=[customer.pk])
    assert list(client.post(url, edited).context["form"].errors) == ["reason"]

    client.post(url, {**edited, "reason": "登记时写错"})

    page = client.get(reverse("reception:customer", args=[customer.pk]))
    assert [change.after for change in page.context["waiting"].changes] == ["李磊"]
    assert "李磊" in page.content.decode()


def test_the_queue_shows_everything_to_the_supervisor_and_others_their_own(client, people, customer):
    change(customer, people.advisor, name="李磊", reason="客户来电")
    seen = {}
    for role in ("advisor", "agent", "crc"):
        client.force_login(getattr(people, role))
        seen[role] = len(client.get(reverse("reception:changes")).context["page"].rows)
    assert seen == {"advisor": 1, "agent": 0, "crc": 1}


def test_another_stores_request_is_not_there(client, people, customer):
    change(customer, people.advisor, name="李磊", reason="客户来电")
    client.force_login(cast.of_second_store().crc)
    assert client.post(reverse("reception:change_accept", args=[asked().pk])).status_code == 404


def test_the_queue_masks_numbers_and_shows_them_for_a_reason_that_is_kept(client, people, customer):
    phone = customer.phones.get()
    actions.change_phone(phone=phone, number="13987654321", reason="停机", by=people.agent, at=MORNING)
    client.force_login(people.crc)
    page = client.get(reverse("reception:changes")).content.decode()
    assert "139****4321" in page
    assert "13987654321" not in page

    url = reverse("reception:change_reveal", args=[asked().pk])
    shown = client.post(url, {"reason": "核对"}, headers={"HX-Request": "true"}).content.decode()
    assert "13812345678 → 13987654321" in shown
    assert Entry.objects.get(verb="phone.revealed").note == "138****5678 139****4321 核对"


def test_the_queue_asks_the_same_questions_for_one_row_and_for_thirty(client, people):
    client.force_login(people.crc)

    def ask(number):
        one = CustomerFactory(store=people.store)
        change(one, people.advisor, name=f"李{number}", reason="客户来电")
        car = VehicleFactory(store=people.store, owner=one)
        actions.change_vehicle(
            vehicle=car, plate=f"沪B{number:05d}", reason="换牌", by=people.advisor, at=MORNING
        )  # fmt: skip
        actions.change_phone(
            phone=one.phones.get(), number=f"139{number:08d}", reason="停机", by=people.agent, at=MORNING
        )

    ask(1)
    few = queries_of(client, reverse("reception:changes"))
    for number in range(2, 11):
        ask(number)
    assert queries_of(client, reverse("reception:changes")) == few


# ── HTTP ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_api_answers_202_with_what_waits_and_200_to_the_supervisor(people, customer):
    client = APIClient()
    client.force_authenticate(people.advisor)
    address = f"/api/v1/customers/{customer.pk}/"
    refused = client.patch(address, {"name": "李磊"})
    assert (refused.status_code, refused.data["type"]) == (409, "urn:dealer-crm:problem:reason_missing")

    waits = client.patch(address, {"name": "李磊", "area": "朝阳", "reason": "登记时写错"})
    assert (waits.status_code, waits.data["name"], waits.data["area"]) == (202, "李雷", "朝阳")
    assert [(one["field"], one["after"]) for one in waits.data["waiting_changes"]] == [("name", "李磊")]
    assert client.patch(address, {"area": "海淀"}).status_code == 200

    client.force_authenticate(people.crc)
    done = client.patch(address, {"name": "李蕾"})
    assert (done.status_code, done.data["name"]) == (200, "李蕾")


def test_a_number_is_changed_and_removed_over_http_by_the_same_rules(people, customer):
    client = APIClient()
    client.force_authenticate(people.advisor)
    address = f"/api/v1/customers/{customer.pk}/phones/{customer.phones.get().pk}/"

    waits = client.patch(address, {"number": "13987654321", "reason": "停机"})
    assert (waits.status_code, waits.data["phones"][0]["number"]) == (202, "138****5678")
    assert waits.data["waiting_changes"][0]["after"] == "139****4321"
    assert client.delete(f"{address}?reason=停机").status_code == 202

    client.force_authenticate(people.crc)
    assert client.delete(address).data["phones"] == []


# ── Drivers and readings ─────────────────────────────────────────────────────────────────────────────────────────────
def test_drivers_are_kept_with_masked_numbers_and_shown_for_a_reason(client, people, car):
    client.force_login(people.advisor)
    client.post(reverse("reception:driver_new", args=[car.pk]), {"name": "韩梅梅", "phone": "13912345678",
                                                                  "relation": "妻子"})  # fmt: skip
    driver = car.drivers.get()
    assert (driver.phone, driver.shown_phone) == ("+8613912345678", "139****5678")

    page = client.get(reverse("reception:vehicle", args=[car.pk])).content.decode()
    assert "139****5678" in page
    assert "13912345678" not in page
    shown = client.post(reverse("reception:driver_reveal", args=[driver.pk]), {"reason": "通知取车"})
    assert "13912345678" in shown.content.decode()

    client.post(reverse("reception:driver_remove", args=[driver.pk]))
    assert not car.drivers.exists()


def test_every_reading_is_kept_with_its_order_and_a_fall_with_its_reason(people, car):
    order = actions.open_order(
        by=people.advisor, at=MORNING, store=people.store, vehicle=car, kind="repair", advisor=people.advisor,
        promised_at=MORNING, mileage=52_000,
    )  # fmt: skip
    with pytest.raises(Refusal):
        actions.edit_order(order=order, mileage=5_200, by=people.advisor, at=MORNING)
    actions.edit_order(order=order, mileage=5_200, mileage_reason="多打了一个零", by=people.advisor, at=MORNING)

    readings = car.readings.order_by("id").values_list("km", "reason", "order__number", "read_by__name")
    assert list(readings) == [
        (52_000, "", order.number, people.advisor.name),
        (5_200, "多打了一个零", order.number, people.advisor.name),
    ]


def test_a_draft_without_a_reading_keeps_none(people):
    RepairOrderFactory(advisor=people.advisor)
    car = VehicleFactory(store=people.store)
    actions.open_order(
        by=people.advisor, at=MORNING, store=people.store, vehicle=car, kind="repair", advisor=people.advisor,
        is_draft=True,
    )  # fmt: skip
    assert not car.readings.exists()


def test_an_agent_asks_for_another_plate_like_an_advisor(client, people, car):
    client.force_login(people.agent)
    page = client.post(
        reverse("reception:vehicle_edit", args=[car.pk]),
        {"plate": "京A54321", "vin": RIGHT_VIN, "owner": car.owner.code, "reason": "客户来电：换发号牌", "version": 1},
    )
    car.refresh_from_db()
    assert (page.status_code, car.plate, asked(vehicle=car).after) == (302, "京A12345", "京A54321")
