"""The pages: shown, scoped to the store, one domain call for each form, as many queries for 1 row as for 30."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dealer_crm.journal.models import Entry
from dealer_crm.ui import home, search
from reception import actions
from reception.choices import OrderKind, OrderState, Payer
from reception.models import Customer, Receipt, RepairOrder, Settlement, Vehicle
from tests.factories import cast
from tests.factories.reception import CustomerFactory, RepairOrderFactory, VehicleFactory

pytestmark = pytest.mark.django_db


def at(name, *args):
    return reverse(f"reception:{name}", args=args)


@pytest.fixture
def desk(client, people):
    client.force_login(people.advisor)
    return client


@pytest.fixture
def till(client, people):
    client.force_login(people.cashier)
    return client


def queries_of(client, url) -> int:
    client.get(url)  # what is loaded once per process doesn't count
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


# ── Seen by whom ─────────────────────────────────────────────────────────────────────────────────────────────────────
def test_every_page_of_another_store_is_not_there(client, people):
    order = RepairOrderFactory(advisor=cast.of_second_store().advisor, state=OrderState.DELIVERED, paid=True)
    settlement, phone = order.settlements.get(), order.customer.phones.get()
    client.force_login(people.frontdesk)
    seen_by_advisor = [at(name, order.pk) for name in (
        "order", "order_print", "order_edit", "order_lines", "order_check_in", "order_promise", "order_reassign",
        "order_wait", "order_resume", "order_cancel", "order_assessment", "order_deliver",
    )]  # fmt: skip
    seen_by_advisor += [at("customer", order.customer_id), at("customer_edit", order.customer_id),
                        at("vehicle", order.vehicle_id), at("vehicle_edit", order.vehicle_id),
                        at("phone_primary", phone.pk), at("phone_reveal", phone.pk)]  # fmt: skip
    assert {url: client.post(url).status_code for url in seen_by_advisor} == dict.fromkeys(seen_by_advisor, 404)

    client.force_login(people.cashier)
    at_the_till = [at(name, settlement.pk) for name in ("settlement", "settlement_print", "settlement_reversal")]
    at_the_till += [
        at("order_settle", order.pk),
        at("receipt_new", order.pk),
        at("receipt_refund", order.receipts.get().pk),
    ]
    assert {url: client.post(url).status_code for url in at_the_till} == dict.fromkeys(at_the_till, 404)


def test_an_advisor_writes_only_the_own_orders_and_the_front_desk_any(client, people):
    order = RepairOrderFactory(advisor=people.second_advisor)
    client.force_login(people.advisor)
    assert client.get(at("order", order.pk)).status_code == 200
    assert client.get(at("order_lines", order.pk)).status_code == 403

    client.force_login(people.frontdesk)
    assert client.get(at("order_lines", order.pk)).status_code == 200


@pytest.mark.parametrize("state", OrderState)
def test_the_order_page_shows_every_state_to_every_role_that_may_see_it(client, people, state):
    order = RepairOrderFactory(advisor=people.advisor, state=state, lines=2)
    for person in (people.advisor, people.cashier, people.workshop, people.agent, people.manager, people.group):
        client.force_login(person)
        assert client.get(at("order", order.pk)).status_code == 200


# ── Lists ────────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("name", "who", "state"),
    [
        ("today", "frontdesk", OrderState.IN_PROGRESS),
        ("orders", "advisor", OrderState.OPEN),
        ("customers", "advisor", OrderState.OPEN),
        ("vehicles", "advisor", OrderState.OPEN),
        ("cashier", "cashier", OrderState.READY),
        ("settlements", "cashier", OrderState.SETTLED),
        ("receivables", "cashier", OrderState.SETTLED),
    ],
)
def test_a_list_asks_the_same_questions_for_one_row_and_for_thirty(client, people, name, who, state):
    client.force_login(getattr(people, who))
    url = at(name) + ("?all=1" if name == "today" else "")
    RepairOrderFactory(advisor=people.advisor, state=state)
    with_one = queries_of(client, url)
    RepairOrderFactory.create_batch(29, advisor=people.advisor, state=state)

    assert queries_of(client, url) == with_one
    assert with_one <= 12


def test_the_order_page_asks_the_same_questions_for_one_line_and_for_thirty(client, people):
    client.force_login(people.advisor)
    few = RepairOrderFactory(advisor=people.advisor, state=OrderState.SETTLED, lines=1)
    many = RepairOrderFactory(advisor=people.advisor, state=OrderState.SETTLED, lines=30)

    assert queries_of(client, at("order", few.pk)) == queries_of(client, at("order", many.pk)) <= 12


def test_the_order_list_is_searched_and_filtered(desk, people):
    owner = CustomerFactory(store=people.store, phone="+8613812347788")
    car = VehicleFactory(store=people.store, owner=owner, plate="京AD12345")
    sought = RepairOrderFactory(advisor=people.advisor, vehicle=car, state=OrderState.READY)
    RepairOrderFactory(advisor=people.advisor, kind=OrderKind.REPAIR)

    def found(**query):
        return [order.pk for order in desk.get(at("orders"), query).context["page"].rows]

    for query in ({"q": "d123"}, {"q": "7788"}, {"q": sought.number}, {"state": "ready"}, {"kind": "maintenance"}):
        assert found(**query) == [sought.pk]
    assert len(found(state="in_shop")) == len(found(arrived_from="2026-10-12", arrived_to="2026-10-12")) == 2
    assert found(arrived_from="2026-10-13") == []


# ── Intake ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def intake(people, **values):
    promised = timezone.localtime() + timedelta(hours=3)
    return {
        "plate": "京a·12345", "kind": "maintenance", "advisor": people.advisor.pk, "mileage": 25_000,
        "symptoms": "保养", "promised_at": f"{promised:%Y-%m-%dT%H:%M}", "wants_wash": "on", **values,
    }  # fmt: skip


def test_a_known_car_is_taken_in_by_its_plate(desk, people):
    car = VehicleFactory(store=people.store, plate="京A12345")

    answer = desk.post(at("intake"), intake(people))

    order = RepairOrder.objects.get()
    assert (order.vehicle, order.customer, order.created_by, order.mileage) == (car, car.owner, people.advisor, 25_000)
    assert answer.url == at("order", order.pk)


def test_a_new_car_and_its_customer_are_entered_with_the_order(desk, people):
    new = {"customer_name": "王 小明", "customer_phone": "138 1234 5678", "customer_kind": "person", "brand": "红旗"}

    desk.post(at("intake"), intake(people, **new))

    order = RepairOrder.objects.select_related("vehicle", "customer").get()
    assert (order.vehicle.plate, order.vehicle.brand, order.customer.name) == ("京A12345", "红旗", "王 小明")
    assert order.customer.phones.get().number == "+8613812345678"


def test_a_known_customer_with_a_new_car_is_not_entered_twice(desk, people):
    known = CustomerFactory(store=people.store, name="王小明", phone="+8613812345678")

    desk.post(
        at("intake"), intake(people, customer_name="王小明", customer_phone="13812345678", customer_kind="person")
    )

    assert Customer.objects.get() == known
    assert Vehicle.objects.get().owner == known


def test_a_wrong_phone_leaves_neither_customer_nor_car_nor_order(desk, people):
    answer = desk.post(
        at("intake"), intake(people, customer_name="王小明", customer_phone="123", customer_kind="person")
    )

    assert answer.status_code == 422
    assert not (Customer.objects.exists() or Vehicle.objects.exists() or RepairOrder.objects.exists())


def test_a_car_with_an_open_order_is_taken_in_again_after_a_tick(desk, people):
    car = VehicleFactory(store=people.store, plate="京A12345")
    first = RepairOrderFactory(advisor=people.advisor, vehicle=car)

    warned = desk.post(at("intake"), intake(people))
    assert warned.status_code == 422
    assert warned.context["open_order"] == first

    desk.post(at("intake"), intake(people, confirmed="on"))
    assert RepairOrder.objects.count() == 2


def test_the_gate_knows_a_car_of_another_store_but_not_its_history(desk, people):
    elsewhere = RepairOrderFactory(advisor=cast.of_second_store().advisor, state=OrderState.DELIVERED)

    page = desk.get(at("intake_lookup"), {"plate": elsewhere.vehicle.plate}, headers={"HX-Request": "true"})

    assert page.context["vehicle"] == elsewhere.vehicle
    assert page.context["visits"] == []
    assert page.context["is_from_elsewhere"] is True


# ── Acts ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def line(number="", **values):
    typed = {
        "number": number, "kind": "labour", "name": "更换机油", "code": "", "quantity": "1.5", "unit_price": "120",
        "discount_percent": "", "payer": "customer", "team": "", "technician": "", "seller": "",
        "installation_team": "",
    }  # fmt: skip
    return {**typed, **values}


def lines_form(*rows, version=1, initial=0):
    posted = {"version": version, "lines-TOTAL_FORMS": len(rows), "lines-INITIAL_FORMS": initial}
    for place, row in enumerate(rows):
        posted |= {f"lines-{place}-{name}": value for name, value in row.items()}
    return posted


def test_lines_are_typed_changed_and_removed_in_one_form(desk, people):
    order = RepairOrderFactory(advisor=people.advisor, lines=2)
    rows = [
        line(1, quantity="2"),
        line(2, DELETE="on"),
        line(name="机油滤芯", kind="part", technician=""),
        line(name="贴膜", kind="accessory", unit_price="1000", discount_percent="10", seller=people.advisor.pk,
             installation_team=people.fitters.pk),
    ]  # fmt: skip

    answer = desk.post(at("order_lines", order.pk), lines_form(*rows, initial=2))

    assert answer.url == at("order", order.pk)
    assert [(one.number, one.name, one.payable_amount, one.is_installed) for one in order.lines.all()] == [
        (1, "更换机油", Decimal("240.00"), False),
        (3, "机油滤芯", Decimal("180.00"), False),
        (4, "贴膜", Decimal("1350.00"), True),
    ]


def test_a_deep_discount_is_refused_in_the_form_and_what_was_typed_stays(desk, people):
    order = RepairOrderFactory(advisor=people.advisor, lines=0)

    answer = desk.post(at("order_lines", order.pk), lines_form(line(discount_percent="21")))

    assert answer.status_code == 422
    assert len(answer.context["form"].non_field_errors()) == 1
    assert answer.context["lines"].forms[0]["name"].value() == "更换机油"
    assert not order.lines.exists()


def test_several_technicians_of_a_line_survive_an_edit_of_the_line(desk, people):
    order = RepairOrderFactory(advisor=people.advisor, lines=1)
    both = [(people.technician, Decimal("0.5")), (people.second_technician, Decimal("0.5"))]
    actions.share_line(line=order.lines.get(), shares=both, by=people.workshop, at=timezone.now())

    desk.post(
        at("order_lines", order.pk), lines_form(line(1, quantity="3", technician="several"), version=2, initial=1)
    )

    assert order.lines.get().quantity == 3
    assert order.lines.get().shares.count() == 2


def test_an_edit_of_an_old_page_answers_412_and_keeps_what_was_typed(desk, people):
    order = RepairOrderFactory(advisor=people.advisor, symptoms="异响")
    actions.edit_order(order=order, by=people.frontdesk, at=timezone.now(), symptoms="抖动")

    answer = desk.post(
        at("order_edit", order.pk), {"version": 1, "kind": "repair", "mileage": 12000, "symptoms": "漏油"}
    )

    assert answer.status_code == 412
    assert answer.context["form"]["symptoms"].value() == "漏油"


@pytest.mark.parametrize("htmx", [False, True])
def test_a_promise_is_moved_in_the_dialog_or_on_its_page(desk, people, htmx):
    order = RepairOrderFactory(advisor=people.advisor)
    promised = timezone.localtime() + timedelta(days=1)
    posted = {"version": 1, "promised_at": f"{promised:%Y-%m-%dT%H:%M}", "confirmed_by": "车主", "reason": "等配件"}
    headers = {"HX-Request": "true"} if htmx else {}

    answer = desk.post(at("order_promise", order.pk), posted, headers=headers)

    assert order.promises.count() == 2
    assert answer.status_code == (204 if htmx else 302)


def test_the_way_of_a_car_from_settlement_to_delivery(client, people):
    order = RepairOrderFactory(advisor=people.advisor, state=OrderState.READY)
    client.force_login(people.cashier)
    client.post(at("order_settle", order.pk))
    settlement = Settlement.objects.get()
    client.post(
        at("receipt_new", order.pk),
        {"payer": "customer", "amount": "180", "method": "cash", "received_on": timezone.localdate()},
    )
    assert Receipt.objects.get().amount == 180
    for url in (at("settlement", settlement.pk), at("settlement_print", settlement.pk), at("order_print", order.pk)):
        assert client.get(url).status_code == 200

    client.force_login(people.advisor)
    late = client.post(at("order_deliver", order.pk), {"version": 2})
    assert late.status_code == 422  # promised weeks ago: the cause must be given
    client.post(at("order_deliver", order.pk), {"version": 2, "delay_cause": "shop", "was_explained": "on"})
    order.refresh_from_db()
    assert (order.state, order.delay_cause) == (OrderState.DELIVERED, "shop")


def test_more_than_is_due_is_refused_at_the_field(till, people):
    order = RepairOrderFactory(advisor=people.advisor, state=OrderState.SETTLED)

    answer = till.post(
        at("receipt_new", order.pk),
        {"payer": "customer", "amount": "180.01", "method": "cash", "received_on": timezone.localdate()},
    )

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["amount"]


def test_a_reversal_goes_from_the_till_to_the_manager(client, people):
    settlement = RepairOrderFactory(advisor=people.advisor, state=OrderState.SETTLED).settlements.get()
    client.force_login(people.cashier)
    client.post(at("settlement_reversal", settlement.pk), {"reason": "付费方选错"})
    assert client.post(at("settlement_reverse", settlement.pk)).status_code == 403

    client.force_login(people.manager)
    assert [one.number for one in client.get(at("cashier")).context["reversals"]] == [settlement.number]
    client.post(at("settlement_reverse", settlement.pk))

    settlement.refresh_from_db()
    assert settlement.reversal_approved_by == people.manager


# ── Customers, vehicles, phones ──────────────────────────────────────────────────────────────────────────────────────
def test_phones_are_masked_and_shown_for_a_reason_that_is_kept(desk, people):
    customer = CustomerFactory(store=people.store, phone="+8613812345678")
    phone = customer.phones.get()
    page = desk.get(at("customer", customer.pk)).content.decode()
    assert "138****5678" in page
    assert "13812345678" not in page

    refused = desk.post(at("phone_reveal", phone.pk), {"reason": " "}, headers={"HX-Request": "true"})
    assert refused.status_code == 422
    shown = desk.post(at("phone_reveal", phone.pk), {"reason": "通知取车"}, headers={"HX-Request": "true"})

    assert shown.content.decode() == '<a class="num" href="tel:+8613812345678">13812345678</a>'
    entry = Entry.objects.get(verb="phone.revealed")
    assert (entry.by_name, entry.note) == (people.advisor.name, "138****5678 通知取车")


def test_a_customer_is_entered_changed_and_given_another_phone(desk, people):
    desk.post(at("customer_new"), {"name": "李雷", "phone": "13812345678", "kind": "person", "level": "ordinary"})
    customer = Customer.objects.get()

    edited = {"version": 1, "name": "李雷", "kind": "person", "level": "vip", "contact_channel": "phone", "tags": ""}
    desk.post(at("customer_edit", customer.pk), edited)
    desk.post(at("phone_new", customer.pk), {"number": "010-58881234"})

    customer.refresh_from_db()
    assert (customer.name, customer.level) == ("李雷", "vip")
    assert [(one.number, one.is_primary) for one in customer.phones.all()] == [
        ("+8613812345678", True),
        ("+861058881234", False),
    ]


def test_a_vehicle_is_entered_and_changed(desk, people):
    owner = CustomerFactory(store=people.store)
    desk.post(at("vehicle_new"), {"plate": "沪ad12345", "owner": owner.code})
    car = Vehicle.objects.get()
    assert (car.plate, car.owner) == ("沪AD12345", owner)

    wrong = desk.post(
        at("vehicle_edit", car.pk),
        {"version": 1, "plate": "沪AD12345", "vin": "LSVAA4187E2184841", "owner": owner.code},
    )
    assert list(wrong.context["form"].errors) == ["vin"]
    desk.post(
        at("vehicle_edit", car.pk),
        {
            "version": 1,
            "plate": "沪AD12345",
            "vin": "LSVAA4187E2184841",
            "vin_override_reason": "与行驶证一致",
            "owner": owner.code,
            "next_service_km": 30_000,
        },
    )
    car.refresh_from_db()
    assert (car.vin, car.next_service_km) == ("LSVAA4187E2184841", 30_000)


# ── Search box and first page ────────────────────────────────────────────────────────────────────────────────────────
CAR, OWNER, ORDER = "京AD12345", "王小明", "BJ01-261012-0001"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("D123", [CAR]),
        ("京ad·12345", [CAR]),
        ("AD", [CAR]),
        ("5678", [OWNER]),
        ("138 1234 5678", [OWNER]),
        ("小明", [OWNER]),
        ("LSVAA4187E2184841", [CAR]),
        ("184841", [CAR]),
        ("261012-0001", [ORDER]),
        ("bj01-261012-0001", [ORDER]),
        ("无此人", []),
    ],
)
def test_the_search_box_finds_by_what_people_have_at_hand_and_only_in_the_own_store(people, query, found):
    owner = CustomerFactory(store=people.store, name=OWNER, phone="+8613812345678")
    car = VehicleFactory(store=people.store, owner=owner, plate=CAR, vin="LSVAA4187E2184841")
    RepairOrderFactory(advisor=people.advisor, vehicle=car, number=ORDER)
    RepairOrderFactory(vehicle__plate="京AD12399", vehicle__owner__name="王小明明")  # another store's

    assert [hit.label for section in search.find(people.advisor, query) for hit in section.hits] == found


def test_the_first_page_says_what_waits(client, people):
    overdue = RepairOrderFactory(advisor=people.advisor, state=OrderState.IN_PROGRESS)  # promised in October
    ready = RepairOrderFactory(advisor=people.second_advisor, state=OrderState.READY, began_at=timezone.now())

    def waits(person):
        return [
            (card.count, [item.label for item in card.items])
            for card in home.cards_for(person, timezone.now())
            if card.url.startswith("/reception")
        ]

    assert waits(people.advisor) == [(1, [f"{overdue.vehicle.plate} {overdue.customer.name}"])]
    assert waits(people.cashier) == [(1, [f"{ready.vehicle.plate} {ready.customer.name}"])]
    assert waits(people.manager) == []


def test_amounts_by_payer_are_shown_before_settlement_too(desk, people):
    order = RepairOrderFactory(
        advisor=people.advisor,
        lines=[{}, {"payer": Payer.WARRANTY, "unit_price": Decimal(100), "quantity": Decimal(1)}],
    )

    context = desk.get(at("order", order.pk)).context

    assert [(label, amount) for label, amount, _due in context["totals"]] == [
        (Payer.CUSTOMER.label, Decimal(180)),
        (Payer.WARRANTY.label, Decimal(100)),
    ]
