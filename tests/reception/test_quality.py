"""The data quality list follows the archive: what is wrong comes on, what is mended goes, and whose entry it was."""

from datetime import timedelta

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from callback.choices import Outcome
from callback.queries import dialled_phone
from dealer_crm.kpi.queries import month_measures
from dealer_crm.values import Period, Refusal
from dealer_crm.values.phone import is_valid_phone, parse_phone
from reception import actions, queries
from reception.choices import FlawEnd, FlawKind
from reception.formulas.identity import PLATE_PATTERN, has_right_check_digit, plate_form
from reception.models import CustomerPhone, Flaw, Vehicle
from reception.queries.quality import facts
from tests.factories.callback import CallTaskFactory
from tests.factories.reception import MORNING, CustomerFactory, RepairOrderFactory, VehicleFactory
from tests.reception.test_views import queries_of

RIGHT_VIN, WRONG_VIN = "LSVAA4182E2184847", "LSVAA4187E2184841"

pytestmark = pytest.mark.django_db


def listed(**about) -> list[tuple]:
    return sorted(Flaw.objects.open().filter(**about).values_list("kind", "value"))


def found() -> list[tuple]:
    actions.find_flaws(at=MORNING)
    return listed()


# ── What is found ────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("make", "flaws"),
    [
        (lambda store: CustomerFactory(store=store, name="王伟", phone="+8613812345678"), []),
        (lambda store: CustomerFactory(store=store, phone="+8612012345678"), [("phone_invalid", "+8612012345678")]),
        (lambda store: CustomerFactory(store=store, phone=""), [("phone_missing", "")]),
        (lambda store: CustomerFactory(store=store, name="先生"), [("name_missing", "先生")]),
        (lambda store: CustomerFactory(store=store, name="客户12"), [("name_missing", "客户12")]),
        (lambda store: CustomerFactory(store=store, name="Unknown"), [("name_missing", "Unknown")]),
        (lambda store: CustomerFactory(store=store, name="吴先生"), []),
        (lambda store: VehicleFactory(store=store, vin=RIGHT_VIN), []),
        (lambda store: VehicleFactory(store=store, vin=WRONG_VIN), [("vin_check_digit", WRONG_VIN)]),
        (lambda store: VehicleFactory(store=store, vin=WRONG_VIN, vin_override_reason="进口车"), []),
        (lambda store: VehicleFactory(store=store, vin="LSV12"), [("vin_check_digit", "LSV12")]),
        (lambda store: VehicleFactory(store=store, plate="京A1234"), [("plate_form", "京A1234")]),
        (lambda store: VehicleFactory(store=store, plate="新车E2184847"), []),
        (lambda store: VehicleFactory(store=store, owner=None), [("owner_missing", "")]),
    ],
)  # fmt: skip
def test_each_kind_of_wrong_entry_is_found(people, make, flaws):
    make(people.store)
    assert found() == flaws


def test_a_number_of_two_customers_of_a_store_is_listed_with_both(people):
    first = CustomerFactory(store=people.store, phone="+8613812345678")
    second = CustomerFactory(store=people.store, phone="+8613812345678")
    CustomerFactory(phone="+8613812345678")  # of another store
    actions.find_flaws(at=MORNING)
    assert set(Flaw.objects.open().values_list("kind", "customer")) == {
        ("phone_double", first.pk),
        ("phone_double", second.pk),
    }


def test_a_vin_of_two_cars_is_listed_with_both(people):
    for _ in range(2):
        VehicleFactory(store=people.store, vin=RIGHT_VIN)
    assert found() == [("vin_double", RIGHT_VIN)] * 2


@settings(max_examples=60, deadline=None)
@given(st.from_regex(r"1[0-9]{10}|0(10|2[0-9]|[3-9][0-9]{2})[2-8][0-9]{6,7}|400[0-9]{7}", fullmatch=True))
def test_the_database_takes_the_same_numbers_as_the_phone_library(number):
    from django.db import connection

    from dealer_crm.values.phone import valid_numbers_pattern

    try:
        kept = parse_phone(number)
    except ValueError:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s ~ %s", [kept, valid_numbers_pattern()])
        assert cursor.fetchone()[0] == is_valid_phone(kept)


@pytest.mark.parametrize("vin", [RIGHT_VIN, WRONG_VIN, "LFV3A23C5G3048715", "1M8GDM9AXKP042788", "11111111111111111"])
def test_the_database_counts_the_check_digit_as_the_formula_does(people, vin):
    car = VehicleFactory(store=people.store, vin=vin)
    wrong = [fact for fact in facts(vehicles=[car.pk]) if fact.kind == FlawKind.VIN_CHECK_DIGIT]
    assert bool(wrong) == (not has_right_check_digit(vin))


@pytest.mark.parametrize(
    "plate",
    ["京A12345", "京AD12345", "京A12345D", "京AABCDE", "京A1234挂", "使123456", "新车E2184847", "A12345", "京I12345"],
)
def test_the_pattern_takes_the_same_plates_as_the_formula(people, plate):
    import re

    assert bool(re.search(PLATE_PATTERN, plate)) == (plate_form(plate) is not None)
    car = VehicleFactory(store=people.store, plate=plate)
    wrong = [fact for fact in facts(vehicles=[car.pk]) if fact.kind == FlawKind.PLATE_FORM]
    assert bool(wrong) == (plate_form(plate) is None)


# ── What comes and goes ──────────────────────────────────────────────────────────────────────────────────────────────
def test_looking_twice_lists_once_and_a_mended_row_goes_by_itself(people):
    car = VehicleFactory(store=people.store, vin=WRONG_VIN)
    assert [actions.find_flaws(at=MORNING).found for _ in range(2)] == [1, 0]

    Vehicle.objects.filter(pk=car.pk).update(vin=RIGHT_VIN)

    assert actions.find_flaws(at=MORNING).ended == 1
    assert Flaw.objects.get().end == FlawEnd.FIXED


def test_what_is_entered_wrong_is_listed_at_once_with_who_entered_it(people):
    actions.create_customer(store=people.store, name="先生", phones=["12012345678"], by=people.advisor, at=MORNING)
    assert set(Flaw.objects.open().values_list("kind", "entered_by")) == {
        ("name_missing", people.advisor.pk),
        ("phone_invalid", people.advisor.pk),
    }


def test_mending_one_of_two_doubles_takes_both_from_the_list(people):
    first = CustomerFactory(store=people.store, phone="+8613812345678")
    CustomerFactory(store=people.store, phone="+8613812345678")
    assert len(found()) == 2

    actions.change_phone(phone=first.phones.get(), number="13912345678", by=people.crc, at=MORNING)

    assert listed() == []


def test_a_wrong_value_is_the_entry_of_who_changed_it_last_or_asked_for_it(people):
    car = VehicleFactory(store=people.store, vin=RIGHT_VIN, created_by=people.frontdesk)
    actions.change_vehicle(
        vehicle=car, vin=WRONG_VIN, vin_override_reason="照抄", reason="行驶证", by=people.advisor, at=MORNING
    )  # fmt: skip
    actions.accept_change(change=car.change_requests.get(), by=people.crc, at=MORNING)
    Vehicle.objects.filter(pk=car.pk).update(vin_override_reason="")
    actions.find_flaws(at=MORNING)
    assert Flaw.objects.get().entered_by == people.advisor


def test_what_is_right_as_it_is_stays_off_the_list_until_it_reads_differently(people):
    customer = CustomerFactory(store=people.store, name="无")
    found()
    actions.accept_flaw(flaw=Flaw.objects.get(), by=people.crc, at=MORNING)
    assert found() == []

    actions.change_customer(customer=customer, name="没有", by=people.crc, at=MORNING)

    assert listed() == [("name_missing", "没有")]


# ── Wrong numbers of calls ───────────────────────────────────────────────────────────────────────────────────────────
def call(task, people, outcome=Outcome.WRONG_NUMBER):
    from callback.actions import record_outcome
    from callback.models import CallTask

    CallTask.objects.filter(pk=task.pk).update(claimed_by=people.agent, claimed_at=MORNING)
    return record_outcome(task=task, outcome=outcome, by=people.agent, at=MORNING)


def test_a_call_that_met_a_wrong_number_lists_it_until_the_number_changes(people):
    customer = CustomerFactory(store=people.store)
    CustomerPhone.objects.update(entered_by=people.advisor)
    call(CallTaskFactory(store=people.store, customer=customer), people)
    assert set(Flaw.objects.open().values_list("kind", "entered_by")) == {("phone_wrong", people.advisor.pk)}
    assert dialled_phone(customer) is None

    actions.change_phone(phone=customer.phones.get(), number="13912345678", by=people.crc, at=MORNING)

    assert listed() == []
    assert dialled_phone(customer).number == "+8613912345678"


def test_a_number_said_to_be_right_is_dialled_again_and_listed_when_it_is_met_wrong_again(people):
    customer = CustomerFactory(store=people.store)
    call(CallTaskFactory(store=people.store, customer=customer), people)
    actions.accept_flaw(flaw=Flaw.objects.get(), by=people.crc, at=MORNING)
    assert dialled_phone(customer) is not None

    call(CallTaskFactory(store=people.store, customer=customer), people, Outcome.INVALID_NUMBER)

    assert [kind for kind, _value in listed()] == ["phone_wrong"]


# ── The page ─────────────────────────────────────────────────────────────────────────────────────────────────────────
MENDED = [
    (lambda store: CustomerFactory(store=store, name="无"), {"value": "王伟"}),
    (lambda store: CustomerFactory(store=store, phone=""), {"value": "13912345678"}),
    (lambda store: CustomerFactory(store=store, phone="+8612012345678"), {"value": "13912345678"}),
    (lambda store: VehicleFactory(store=store, vin=WRONG_VIN), {"value": RIGHT_VIN}),
    (lambda store: VehicleFactory(store=store, vin=WRONG_VIN), {"value": WRONG_VIN, "vin_override_reason": "进口车"}),
    (lambda store: VehicleFactory(store=store, plate="京A1234"), {"value": "京A12345"}),
    (lambda store: VehicleFactory(store=store, owner=None), {"value": "C-OWNER"}),
]  # fmt: skip


@pytest.mark.parametrize(("make", "typed"), MENDED)
def test_the_supervisor_puts_a_row_right_in_its_place(client, people, make, typed):
    CustomerFactory(store=people.store, code="C-OWNER")
    make(people.store)
    found()
    client.force_login(people.crc)
    url = reverse("reception:flaw_mend", args=[Flaw.objects.open().get().pk])
    assert client.get(url, headers={"HX-Request": "true"}).status_code == 200

    assert client.post(url, typed).status_code == 302

    assert listed() == []


def test_an_advisor_asks_for_it_in_the_row_and_the_row_stays_until_it_is_decided(client, people):
    CustomerFactory(store=people.store, name="无")
    found()
    client.force_login(people.advisor)
    url = reverse("reception:flaw_mend", args=[Flaw.objects.get().pk])
    assert list(client.post(url, {"value": "王伟"}).context["form"].errors) == ["reason"]
    client.post(url, {"value": "王伟", "reason": "问过客户"})

    row = client.get(reverse("reception:flaws")).context["page"].rows[0]
    assert row.is_asked


def test_a_wrong_mend_is_refused_in_the_row(client, people):
    VehicleFactory(store=people.store, plate="京A1234")
    found()
    client.force_login(people.crc)
    answer = client.post(reverse("reception:flaw_mend", args=[Flaw.objects.get().pk]), {"value": "A1"})
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors() or answer.context["form"].errors


def test_only_the_supervisor_says_that_a_row_is_right_as_it_is(client, people):
    CustomerFactory(store=people.store, name="无")
    found()
    url = reverse("reception:flaw_accept", args=[Flaw.objects.get().pk])
    client.force_login(people.advisor)
    assert client.post(url).status_code == 403
    client.force_login(people.crc)
    client.post(url)
    assert listed() == []
    with pytest.raises(Refusal):
        actions.accept_flaw(flaw=Flaw.objects.get(), by=people.crc, at=MORNING)


def test_the_list_is_filtered_by_kind_and_person_and_masks_numbers(client, people):
    actions.create_customer(store=people.store, name="无", phones=["12012345678"], by=people.advisor, at=MORNING)
    CustomerFactory(store=people.store, phone="")
    found()
    client.force_login(people.crc)

    def rows(**asked):
        return [row.kind for row in client.get(reverse("reception:flaws"), asked).context["page"].rows]

    assert rows(kind="phone_invalid") == ["phone_invalid"]
    assert sorted(rows(entered_by=people.advisor.pk)) == ["name_missing", "phone_invalid"]
    page = client.get(reverse("reception:flaws")).content.decode()
    assert "120****5678" in page
    assert "12012345678" not in page


def test_the_list_asks_the_same_questions_for_one_row_and_for_thirty(client, people):
    client.force_login(people.crc)

    def make():
        CustomerFactory(store=people.store, name="无", created_by=people.advisor)
        VehicleFactory(
            store=people.store, owner=CustomerFactory(store=people.store), plate=f"京A{Vehicle.objects.count():04d}"
        )
        actions.find_flaws(at=MORNING)

    make()
    few = queries_of(client, reverse("reception:flaws"))
    for _ in range(14):
        make()
    assert queries_of(client, reverse("reception:flaws")) == few


# ── Whose entries ────────────────────────────────────────────────────────────────────────────────────────────────────
def test_wrong_entries_are_counted_by_person_and_month_without_what_was_right(client, people):
    def enter(person, name):
        return actions.create_customer(store=people.store, name=name, phones=["13912345678"], by=person, at=MORNING)

    enter(people.advisor, "无")
    mended = enter(people.advisor, "客户")
    enter(people.frontdesk, "先生")
    Flaw.objects.filter(kind="phone_double").delete()
    actions.change_customer(customer=mended, name="王伟", by=people.crc, at=MORNING)
    actions.accept_flaw(
        flaw=Flaw.objects.get(entered_by=people.frontdesk, kind="name_missing"), by=people.crc, at=MORNING
    )
    Flaw.objects.filter(kind="phone_double").delete()

    day = timedelta(days=1)
    counted = queries.wrong_entries(people.store, MORNING - day, MORNING + day)
    assert [(one.person, one.found, one.fixed, one.left) for one in counted] == [(people.advisor.name, 2, 1, 1)]
    assert queries.wrong_entries(people.store, MORNING + day, MORNING + 2 * day) == []

    client.force_login(people.manager)
    page = client.get(reverse("reception:flaw_people"), {"period": "2026-10"})
    assert [one.found for one in page.context["people"]] == [2]


def test_a_reversed_settlement_is_a_wrong_entry_of_who_settled(people):
    """One definition: the page by person, and the store's measure of the month."""
    day, who = timedelta(days=1), {"by": people.advisor, "at": MORNING}
    actions.create_customer(store=people.store, name="无", phones=["13912345678"], **who)
    for _reversed in range(3):
        order = RepairOrderFactory(advisor=people.advisor, state="ready", completed_at=MORNING)
        settlement = actions.settle(order=order, by=people.cashier, at=MORNING)
        actions.request_reversal(settlement=settlement, reason="付费方选错", by=people.cashier, at=MORNING)
        actions.reverse_settlement(settlement=settlement, by=people.manager, at=MORNING + day)
    before, span, after = [(MORNING + shift * day, MORNING + (shift + 2) * day) for shift in (-3, 0, 3)]

    shown = queries.wrong_entries(people.store, *span)
    assert [(one.person, one.found, one.reversed, one.total) for one in shown] == [
        (people.cashier.name, 0, 3, 3), (people.advisor.name, 1, 0, 1),
    ]  # fmt: skip
    assert queries.wrong_entry_counts(people.store, before, span, after) == [
        {}, {people.advisor.pk: 1, people.cashier.pk: 3}, {},
    ]  # fmt: skip
    measured = month_measures(people.store, Period(2026, 10))["wrong_entries"]
    assert (measured.numerator, measured.denominator, measured.value) == (4, 2, 2)
