"""The reception over HTTP: the main path, scope, versions, keys, problems in the reader's language."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from rest_framework.test import APIClient

from reception import actions
from reception.choices import OrderState
from reception.models import Customer, Receipt, RepairOrder, Settlement
from tests.factories import cast
from tests.factories.files import picture
from tests.factories.reception import AddOnFactory, CustomerFactory, RepairOrderFactory, VehicleFactory
from tests.factories.visits import SignatureFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def caller():
    """A client of the API for one person."""

    def call_as(person) -> APIClient:
        client = APIClient()
        client.force_authenticate(person)
        return client

    return call_as


@pytest.fixture
def desk(caller, people):
    return caller(people.advisor)


@pytest.fixture
def till(caller, people):
    return caller(people.cashier)


def test_a_car_goes_from_the_gate_to_the_road(caller, people):
    desk, till = caller(people.advisor), caller(people.cashier)
    customer = desk.post("/api/v1/customers/", {"name": "王小明", "phones": ["138 1234 5678"]})
    assert (customer.status_code, customer.data["phones"][0]["number"]) == (201, "138****5678")
    vehicle = desk.post("/api/v1/vehicles/", {"plate": "京ad12345", "owner": customer.data["id"], "brand": "红旗"})
    assert (vehicle.status_code, vehicle.data["plate"]) == (201, "京AD12345")

    promised = timezone.now() + timedelta(hours=3)
    line = {"kind": "labour", "name": "保养", "quantity": "1.5", "unit_price": "120"}
    order = desk.post(
        "/api/v1/repair-orders/",
        {
            "vehicle": vehicle.data["id"],
            "kind": "maintenance",
            "promised_at": promised,
            "mileage": 12000,
            "lines": [line],
        },
    )
    assert (order.status_code, order.data["state"], order.data["amounts"]) == (201, "open", {"customer": "180.00"})
    address = f"/api/v1/repair-orders/{order.data['id']}/"
    RepairOrder.objects.update(state=OrderState.READY)  # the workshop's part

    settled = till.post(f"{address}settle/")
    assert [(one["payer"], one["amount"]) for one in settled.data["amounts"]] == [("customer", "180.00")]
    receipt = till.post(
        "/api/v1/receipts/", {"order": order.data["id"], "payer": "customer", "amount": "180", "method": "cash"}
    )
    assert receipt.status_code == 201
    delivered = desk.post(f"{address}deliver/", {"next_service_km": 22000})
    assert (delivered.status_code, delivered.data["state"]) == (200, "delivered")


def test_another_stores_things_are_not_there(caller, people):
    order = RepairOrderFactory(advisor=cast.of_second_store().advisor, state=OrderState.SETTLED, paid=True)
    addresses = [
        f"customers/{order.customer_id}", f"vehicles/{order.vehicle_id}", f"repair-orders/{order.pk}",
        f"settlements/{order.settlements.get().pk}", f"receipts/{order.receipts.get().pk}",
    ]  # fmt: skip
    manager = caller(people.manager)

    assert [manager.get(f"/api/v1/{address}/").status_code for address in addresses] == [404] * 5
    named = caller(people.advisor).post("/api/v1/repair-orders/", {"vehicle": order.vehicle_id, "kind": "repair"})
    assert named.status_code == 422
    assert [error["field"] for error in named.data["errors"]] == ["vehicle"]


def test_who_may_not_is_told_403(caller, people):
    order = RepairOrderFactory(advisor=people.advisor, state=OrderState.READY)
    assert caller(people.advisor).post(f"/api/v1/repair-orders/{order.pk}/settle/").status_code == 403
    assert caller(people.technician).get("/api/v1/customers/").status_code == 403
    another_advisor = caller(people.second_advisor)
    assert another_advisor.patch(f"/api/v1/repair-orders/{order.pk}/", {"symptoms": "x"}).status_code == 403
    assert not Settlement.objects.exists()


def test_a_change_of_an_old_version_answers_412_and_changes_nothing(desk, people):
    order = RepairOrderFactory(advisor=people.advisor, symptoms="异响")
    address = f"/api/v1/repair-orders/{order.pk}/"
    seen = desk.get(address)["ETag"]
    actions.edit_order(order=order, by=people.frontdesk, at=timezone.now(), symptoms="抖动")

    stale = desk.patch(address, {"symptoms": "漏油"}, headers={"If-Match": seen})
    assert (stale.status_code, stale.data["type"]) == (412, "urn:dealer-crm:problem:stale")

    fresh = desk.patch(address, {"symptoms": "漏油"}, headers={"If-Match": desk.get(address)["ETag"]})
    assert (fresh.status_code, fresh.data["symptoms"], fresh["ETag"]) == (200, "漏油", '"3"')


def test_nobody_writes_over_an_order_without_saying_what_was_seen(desk, people):
    order = RepairOrderFactory(advisor=people.advisor, kind="accident", state=OrderState.IN_PROGRESS)
    AddOnFactory(order=order)
    line = {"kind": "labour", "name": "检查", "quantity": "1", "unit_price": "120"}
    address = f"/api/v1/repair-orders/{order.pk}/"
    writes = [
        ("patch", "", {"symptoms": "漏油"}),
        ("put", "lines/", [{**line, "number": 1}]),
        ("patch", "lines/1/", {"quantity": "2"}),
        ("put", "assessment/", {"assessed_amount": "10", "own_share_amount": "0"}),
        ("patch", "add-ons/1/", {"reason": "漏油"}),
        ("delete", "lines/1/", {}),
    ]

    blind = [getattr(desk, method)(address + path, said, format="json") for method, path, said in writes]
    order.refresh_from_db()
    assert {(one.status_code, one.data["type"]) for one in blind} == {(428, "urn:dealer-crm:problem:version_missing")}
    assert order.version == 1

    anyway = {"If-Match": "*"}
    done = [getattr(desk, method)(address + path, said, format="json", headers=anyway) for method, path, said in writes]
    assert {one.status_code for one in done} == {200}


def test_the_same_key_settles_once_and_gives_the_same_answer(till, people):
    order = RepairOrderFactory(advisor=people.advisor, state=OrderState.READY)
    key = {"Idempotency-Key": "desk-1-0001"}

    first = till.post(f"/api/v1/repair-orders/{order.pk}/settle/", headers=key)
    again = till.post(f"/api/v1/repair-orders/{order.pk}/settle/", headers=key)
    without = till.post(f"/api/v1/repair-orders/{order.pk}/settle/")

    assert first.data["number"] == again.data["number"] == Settlement.objects.get().number
    assert (without.status_code, without.data["type"]) == (409, "urn:dealer-crm:problem:already_settled")


@pytest.mark.parametrize(
    ("path", "said", "code"),
    [
        ("vehicles", {"plate": "京A1"}, "plate_wrong"),
        ("vehicles", {"plate": "京A12345", "vin": "LSVAA4187E2184841"}, "vin_check_digit"),
        ("vehicles", {"plate": "京A12345", "vin": "LSVAA4187E218484"}, "vin_wrong"),
        ("customers", {"name": "王", "phones": ["12345"]}, "phone_wrong"),
        ("customers", {"name": "  王  ", "phones": ["1381234567890123"]}, "phone_wrong"),
    ],
)
def test_wrong_input_is_a_clear_sentence_and_nothing_half_done(desk, path, said, code):
    answer = desk.post(f"/api/v1/{path}/", said)

    assert (answer.status_code, answer.data["type"], answer["Content-Type"]) == (
        409, f"urn:dealer-crm:problem:{code}", "application/problem+json",
    )  # fmt: skip
    assert not Customer.objects.exists()


def test_a_problem_speaks_the_readers_language(till, people):
    order = RepairOrderFactory(advisor=people.advisor, state=OrderState.SETTLED)
    said = {"order": order.pk, "payer": "customer", "amount": "181", "method": "cash"}

    english = till.post("/api/v1/receipts/", said, headers={"Accept-Language": "en"})
    chinese = till.post("/api/v1/receipts/", said, headers={"Accept-Language": "zh-CN"})

    assert english.data["title"] == "181.00 is more than the 180.00 still due from Customer."
    assert chinese.data["title"] == "181.00 超过了该付费方（客户）的未付金额 180.00。"
    assert not Receipt.objects.exists()


def test_lines_are_listed_replaced_added_changed_and_removed(desk, people):
    order = RepairOrderFactory(advisor=people.advisor, lines=1)
    address = f"/api/v1/repair-orders/{order.pk}/lines/"
    part = {"kind": "part", "name": "机油", "quantity": "4", "unit_price": "88.50", "payer": "warranty"}
    share = [{"technician": people.technician.work_number, "share": "1"}]

    added = desk.post(address, part)
    assert [line["payable_amount"] for line in added.data["lines"]] == ["180.00", "354.00"]
    seen, anyway = {"If-Match": added.headers["ETag"]}, {"If-Match": "*"}
    changed = desk.patch(f"{address}1/", {"quantity": "2", "shares": share}, headers=seen)
    assert (
        changed.data["lines"][0]
        | {"payable_amount": "240.00", "shares": [{"technician": people.technician.work_number, "share": "1.0000"}]}
        == changed.data["lines"][0]
    )
    assert [line["number"] for line in desk.delete(f"{address}1/", headers=anyway).data["lines"]] == [2]
    replaced = desk.put(address, [part, {**part, "number": 2, "quantity": "5"}], headers=anyway)
    assert [(line["number"], line["quantity"]) for line in replaced.data["lines"]] == [(2, "5.00"), (3, "4.00")]
    assert len(desk.get(address).data) == 2


def test_a_deep_discount_needs_somebody_who_may(caller, people):
    order = RepairOrderFactory(advisor=people.advisor, lines=0)
    film = {"kind": "accessory", "name": "贴膜", "quantity": "1", "unit_price": "1000", "discount_rate": "0.25"}
    address = f"/api/v1/repair-orders/{order.pk}/lines/"

    assert caller(people.advisor).post(address, film).data["type"] == "urn:dealer-crm:problem:discount_needs_approval"
    assert caller(people.frontdesk).post(address, film).status_code == 201


def test_promises_are_added_and_all_kept(desk, people):
    order = RepairOrderFactory(advisor=people.advisor)
    new = {"promised_at": timezone.now() + timedelta(days=1), "confirmed_by": "车主", "reason": "增项"}

    assert desk.post(f"/api/v1/repair-orders/{order.pk}/promises/", new).status_code == 201
    assert [one["reason"] for one in desk.get(f"/api/v1/repair-orders/{order.pk}/promises/").data] == ["", "增项"]


def test_a_reversal_and_a_refund(caller, people):
    order = RepairOrderFactory(advisor=people.advisor, state=OrderState.SETTLED, paid=True)
    settlement, receipt = order.settlements.get(), order.receipts.get()
    till, manager = caller(people.cashier), caller(people.manager)

    assert (
        till.post(f"/api/v1/settlements/{settlement.pk}/request-reversal/", {"reason": "付费方选错"}).status_code == 200
    )
    assert till.post(f"/api/v1/settlements/{settlement.pk}/reverse/").status_code == 403
    reversed_ = manager.post(f"/api/v1/settlements/{settlement.pk}/reverse/")
    assert reversed_.data["reversal_approved_by"] == people.manager.work_number
    refund = till.post(f"/api/v1/receipts/{receipt.pk}/refund/", {"amount": "180", "reason": "退款"})
    assert (refund.status_code, refund.data["amount"]) == (201, "-180.00")


def test_the_whole_number_is_given_for_a_reason_to_those_who_may(caller, people):
    customer = CustomerFactory(store=people.store, phone="+8613812345678")
    address = f"/api/v1/customers/{customer.pk}/phones/{customer.phones.get().pk}/reveal/"

    assert caller(people.cashier).post(address, {"reason": "通知"}).status_code == 403
    assert caller(people.advisor).post(address, {}).status_code == 422
    assert caller(people.advisor).post(address, {"reason": "通知取车"}).data == {
        "number": "+8613812345678",
        "national": "13812345678",
    }


def test_lists_are_filtered_like_the_pages_and_ask_a_fixed_number_of_questions(
    desk, people, django_assert_max_num_queries
):
    sought = RepairOrderFactory(advisor=people.advisor, state=OrderState.READY, vehicle__plate="京AD12345")
    RepairOrderFactory.create_batch(5, advisor=people.advisor)
    VehicleFactory(store=people.store)

    with django_assert_max_num_queries(6):
        assert len(desk.get("/api/v1/repair-orders/").data["results"]) == 6
    assert [one["id"] for one in desk.get("/api/v1/repair-orders/", {"q": "D123"}).data["results"]] == [sought.pk]
    assert [one["id"] for one in desk.get("/api/v1/repair-orders/", {"state": "ready"}).data["results"]] == [sought.pk]
    assert [one["plate"] for one in desk.get("/api/v1/vehicles/", {"q": "AD123"}).data["results"]] == ["京AD12345"]


def test_an_accident_assessment_is_put(desk, people):
    order = RepairOrderFactory(advisor=people.advisor, kind="accident")
    said = {"assessed_amount": "8000", "own_share_amount": "500", "assessed_on": "2026-10-12"}

    kept = desk.put(f"/api/v1/repair-orders/{order.pk}/assessment/", said, headers={"If-Match": "*"})

    assert Decimal(kept.data["assessment"]["assessed_amount"]) == 8000


def test_an_add_on_is_proposed_priced_and_answered_over_http(caller, people):
    order = RepairOrderFactory(advisor=people.advisor, state=OrderState.IN_PROGRESS, began_at=timezone.now())
    desk, shop = caller(people.advisor), caller(people.workshop)
    address = f"/api/v1/repair-orders/{order.pk}/add-ons/"
    line = {"kind": "part", "name": "前刹车片", "quantity": "1", "unit_price": "380"}
    answer = {"answer": "agreed", "answered_by": "王女士", "way": "phone"}

    found = shop.post(address, {"reason": "刹车片磨损", "urgency": "safety"})
    unpriced = desk.post(f"{address}1/answer/", answer)
    priced = desk.patch(f"{address}1/", {"lines": [line]}, headers={"If-Match": found.headers["ETag"]})
    stale = desk.patch(f"{address}1/", {"reason": "?"}, headers={"If-Match": found.headers["ETag"]})
    agreed, again = (desk.post(f"{address}1/answer/", answer, headers={"Idempotency-Key": "a"}) for _ in range(2))
    second = desk.post(f"{address}1/answer/", {**answer, "answer": "declined"})

    assert (found.status_code, found.data["number"], found.data["lines"]) == (201, 1, [])
    assert (unpriced.status_code, unpriced.data["type"].rpartition(":")[2]) == (409, "add_on_unpriced")
    assert [one["payable_amount"] for one in priced.data["lines"]] == ["380.00"]
    assert (stale.status_code, agreed.status_code, agreed.data) == (412, 200, again.data)
    assert agreed.data["state"] == "agreed"
    assert second.data["type"].rpartition(":")[2] == "add_on_answered"
    lines = desk.get(f"/api/v1/repair-orders/{order.pk}/lines/").data
    assert [(one["name"], one["add_on"]) for one in lines] == [("更换机油机滤", None), ("前刹车片", 1)]
    assert shop.post(f"{address}1/answer/", answer).status_code == 403


def test_what_is_seen_and_photographed_is_read_and_written_over_http(
    caller, people, django_capture_on_commit_callbacks
):
    order = RepairOrderFactory(advisor=people.advisor)
    desk, shop, address = caller(people.advisor), caller(people.workshop), f"/api/v1/repair-orders/{order.pk}/"
    sheet = {"marks": [{"kind": "dent", "x": 500, "y": 520}, {"kind": "scratch", "part": "left_front_door"}],
             "belongings": ["papers"], "fuel_percent": 40}  # fmt: skip

    assert desk.get(f"{address}walk-round/").status_code == 404
    first = desk.put(f"{address}walk-round/", sheet, format="json")
    blind = desk.put(f"{address}walk-round/", {"is_unmarked": True}, format="json")
    wrong = desk.put(f"{address}walk-round/", {"marks": [{"kind": "dent"}]}, format="json")
    seen = desk.put(f"{address}walk-round/", {"is_unmarked": True, "seen_at": first.data["walked_at"]}, format="json")
    assert [(one["kind"], one["part"]) for one in first.data["marks"]] == [
        ("dent", "roof"), ("scratch", "left_front_door"),
    ]  # fmt: skip
    assert (blind.status_code, wrong.data["errors"][0]["field"], seen.data["marks"]) == (412, "marks.0.part", [])
    assert shop.put(f"{address}walk-round/", sheet, format="json").status_code == 403
    assert shop.get(f"{address}walk-round/").data["walked_by"] == people.advisor.work_number

    upload = SimpleUploadedFile("车头.png", picture(40, 30, form="PNG", colour="red"))
    with django_capture_on_commit_callbacks(execute=True):
        taken = desk.post(f"{address}photos/", {"photos": [upload], "note": "左前角"}, format="multipart")
    broken = desk.post(f"{address}photos/", {"photos": [SimpleUploadedFile("x.png", b"?")]}, format="multipart")
    (photo,) = shop.get(f"{address}photos/").data
    assert (taken.status_code, broken.status_code, photo["note"]) == (201, 409, "左前角")
    assert desk.get(photo["picture"])["Content-Type"] == "image/png"
    assert caller(cast.of_second_store().advisor).get(photo["picture"]).status_code == 404


def test_signatures_are_read_with_what_was_signed_and_what_changed_since(caller, people):
    order = RepairOrderFactory(advisor=people.advisor, symptoms="异响")
    drawn = SignatureFactory(order=order)
    SignatureFactory(order=order, paper="delivery", file=None)
    actions.edit_order(order=order, by=people.advisor, at=timezone.now(), symptoms="抖动")
    address = f"/api/v1/repair-orders/{order.pk}/signatures/"

    on_order, on_paper = caller(people.cashier).get(address).data

    assert (on_order["signer"], on_order["content"]["symptoms"], on_order["changes"]) == (
        "王先生",
        "异响",
        ["客户描述"],
    )
    assert (on_order["content_hash"], on_paper["picture"]) == (drawn.content_hash, None)
    assert caller(people.cashier).get(on_order["picture"])["Content-Type"] == "image/png"
    assert caller(people.technician).get(address).status_code == 403


def test_suggestions_are_made_filtered_taken_up_and_declined_over_http(caller, people):
    order = RepairOrderFactory(advisor=people.advisor)
    desk = caller(people.advisor)
    words = {"vehicle": order.vehicle_id, "order": order.pk, "name": "更换轮胎", "reason": "磨损", "urgency": "soon"}

    made = [desk.post("/api/v1/suggestions/", words).data["id"] for _ in range(2)]
    done = desk.post(f"/api/v1/suggestions/{made[0]}/take-up/", {"order": order.pk})
    declined = desk.post(f"/api/v1/suggestions/{made[1]}/decline/", {"reason": "不做"})
    twice = desk.post(f"/api/v1/suggestions/{made[1]}/decline/", {"reason": "不做"})

    assert (done.data["state"], done.data["done_in"], declined.data["state"]) == ("done", order.pk, "declined")
    assert twice.data["type"].rpartition(":")[2] == "suggestion_declined"
    found = desk.get("/api/v1/suggestions/", {"vehicle": order.vehicle_id, "state": "done", "store": people.store.code})
    assert [one["id"] for one in found.data["results"]] == [made[0]]
    assert desk.get("/api/v1/suggestions/", {"store": "SH01"}).data["results"] == []


def test_orders_name_their_store_by_code_and_are_filtered_by_it(caller, people):
    order = RepairOrderFactory(advisor=people.advisor)
    desk = caller(people.advisor)

    shown = desk.get("/api/v1/repair-orders/", {"store": people.store.code}).data["results"]

    assert [(one["id"], one["store"]) for one in shown] == [(order.pk, people.store.code)]
    assert desk.get("/api/v1/repair-orders/", {"store": "SH01"}).data["results"] == []
