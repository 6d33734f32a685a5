"""Pages of segments, agreements, levels, points and dormant cars, as the people of the house use them."""

import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from dealer_crm.journal.models import Entry
from reception import actions, queries
from reception.choices import AgreementKind, AgreementState, CustomerLevel, OrderState
from reception.models import Agreement, MembershipTerms, PointsEntry, Segment
from tests.factories.agreements import AgreementFactory, MembershipTermsFactory, SegmentFactory
from tests.factories.reception import MORNING, CustomerFactory, RepairOrderFactory, VehicleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sign_in(client):
    def signed_in(person):
        client.force_login(person)
        return client

    return signed_in


@pytest.fixture
def customer(people):
    return CustomerFactory(store=people.store, name="恒信物流", level=CustomerLevel.MEMBER)


def to(name, *args):
    return reverse(f"reception:{name}", args=args)


# ── Segments ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_segment_is_put_together_counted_saved_and_listed(people, sign_in, customer):
    desk = sign_in(people.crc)
    asked = {"name": "会员", "levels": ["member"]}

    counted = desk.get(to("segment_count"), asked)
    assert "1" in counted.content.decode()
    saved = desk.post(to("segment_new"), asked)

    segment = Segment.objects.get()
    assert (saved.status_code, saved.url) == (302, to("segment", segment.pk))
    assert segment.criteria == {"levels": ["member"]}
    page = desk.get(to("segment", segment.pk)).content.decode()
    assert "恒信物流" in page
    assert str(customer.phones.get().number) not in page  # masked


def test_a_range_the_wrong_way_round_is_said_at_its_field(people, sign_in):
    answer = sign_in(people.crc).post(to("segment_new"), {"name": "里程", "mileage_from": "5", "mileage_to": "1"})

    assert answer.status_code == 422
    assert "mileage_to" in answer.context["form"].errors


def test_a_segment_is_changed_with_what_it_asked_before(people, sign_in):
    segment = SegmentFactory(
        store=people.store, criteria={"is_dormant": True, "tags": ["车友会"], "spent_from": "10.00"}
    )
    desk = sign_in(people.crc)

    form = desk.get(to("segment_edit", segment.pk)).context["form"]
    assert (form["is_dormant"].value(), form["tags"].value(), form["spent_from"].value()) == ("yes", "车友会", "10.00")
    desk.post(to("segment_edit", segment.pk), {"name": "新名", "tags": "a，b", "version": 1})

    segment.refresh_from_db()
    assert (segment.name, segment.criteria) == ("新名", {"tags": ["a", "b"]})


def test_the_export_is_a_workbook_and_noted(people, sign_in, customer):
    segment = SegmentFactory(store=people.store, name="会员", criteria={"levels": ["member"]})

    answer = sign_in(people.crc).get(to("segment_export", segment.pk))

    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    rows = list(book["客户"].iter_rows(values_only=True))
    assert (rows[0][1], rows[1][1], rows[1][5]) == ("客户名称", "恒信物流", str(customer.phones.get()))
    assert Entry.objects.filter(verb="report.exported", subject_id=str(segment.pk)).exists()


# ── Agreements ───────────────────────────────────────────────────────────────────────────────────────────────────────
def agreement_as_typed(**typed):
    return {
        "kind": "package", "name": "保养套餐", "starts_on": "2026-10-12", "ends_on": "2027-10-11",
        "labour_percent": "12.5", "items-TOTAL_FORMS": "2", "items-INITIAL_FORMS": "0",
        "items-0-kind": "labour", "items-0-name": "更换机油机滤",
        "items-0-code": "BY01", "items-0-times": "3", "items-1-kind": "labour", **typed,
    }  # fmt: skip


def test_an_agreement_goes_from_the_customers_page_to_approval(people, sign_in, customer):
    made = sign_in(people.advisor).post(to("agreement_new", customer.pk), agreement_as_typed())

    agreement = Agreement.objects.get()
    assert (made.status_code, made.url) == (302, to("agreement", agreement.pk))
    assert (agreement.labour_discount_rate, agreement.items.get().times) == (Decimal("0.125"), 3)
    desk = sign_in(people.manager)
    assert agreement.number in desk.get(to("agreements")).content.decode()
    desk.post(to("agreement_approve", agreement.pk), {"version": agreement.version})
    agreement.refresh_from_db()
    assert (agreement.state, agreement.approved_by) == (AgreementState.ACTIVE, people.manager)


def test_what_is_wrong_with_a_draft_is_said_and_nothing_typed_is_lost(people, sign_in, customer):
    answer = sign_in(people.advisor).post(
        to("agreement_new", customer.pk), agreement_as_typed(ends_on="2026-10-11", name="短")
    )

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["ends_on"]
    assert 'value="短"' in answer.content.decode()
    assert 'value="更换机油机滤"' in answer.content.decode()


def test_a_draft_is_edited_with_its_items(people, sign_in, customer):
    draft = AgreementFactory(store=people.store, customer=customer, state="draft", made_by=people.advisor)
    typed = agreement_as_typed(**{"items-INITIAL_FORMS": "1", "items-0-times": "5", "version": "1"})

    answer = sign_in(people.advisor).post(to("agreement_edit", draft.pk), typed)

    assert answer.status_code == 302
    assert [item.times for item in draft.items.all()] == [5]
    stale = sign_in(people.advisor).post(to("agreement_edit", draft.pk), typed)
    assert stale.status_code == 422


def test_an_agreement_is_ended_with_a_reason_and_renewed(people, sign_in, customer):
    agreement = AgreementFactory(store=people.store, customer=customer, approver=people.director)
    desk = sign_in(people.manager)

    desk.post(to("agreement_end", agreement.pk), {"reason": "客户换车", "version": 1})
    desk.post(to("agreement_renew", agreement.pk))

    agreement.refresh_from_db()
    assert (agreement.state, agreement.end_reason) == (AgreementState.ENDED, "客户换车")
    assert Agreement.objects.filter(state=AgreementState.DRAFT).count() == 1


def test_intake_order_and_customer_page_show_what_the_customer_may_expect(people, sign_in, customer):
    car = VehicleFactory(store=people.store, owner=customer)
    AgreementFactory(
        store=people.store, customer=customer, approver=people.director, name="车队协议", kind=AgreementKind.FLEET,
        has_priority=True, starts_on=date(2020, 1, 1), ends_on=date(2099, 1, 1),
    )  # fmt: skip
    order = RepairOrderFactory(vehicle=car, advisor=people.advisor)
    desk = sign_in(people.advisor)

    for address in (
        f"{to('intake_favour')}?plate={car.plate}", to("order_favour", order.pk), to("customer_value", customer.pk),
    ):  # fmt: skip
        page = desk.get(address).content.decode()
        assert ("车队协议" in page, "500.00" in page) == (True, True), address


def test_agreed_prices_are_filled_in_from_the_order_page(people, sign_in, customer):
    order = RepairOrderFactory(
        vehicle=VehicleFactory(store=people.store, owner=customer), advisor=people.advisor, lines=[{"code": "BY01"}]
    )
    AgreementFactory(store=people.store, customer=customer, approver=people.director)

    sign_in(people.advisor).post(to("order_terms", order.pk))

    line = order.lines.get()
    assert (line.payable_amount, line.price_basis) == (0, "agreement")


@pytest.mark.parametrize(("name", "make"), [("agreements", "agreement"), ("customers", "customer")])
def test_lists_ask_no_more_for_more_rows(people, sign_in, django_assert_max_num_queries, name, make):
    def crowd(size):
        for _ in range(size):
            one = CustomerFactory(store=people.store, value_class="A")
            AgreementFactory(store=people.store, customer=one, approver=people.director)

    desk = sign_in(people.manager)
    crowd(1)
    with django_assert_max_num_queries(50) as few:
        desk.get(to(name))
    crowd(29)
    with django_assert_max_num_queries(len(few)):
        desk.get(to(name))


def test_the_list_of_a_segment_asks_no_more_for_more_rows(people, sign_in, django_assert_max_num_queries):
    segment = SegmentFactory(store=people.store)
    desk = sign_in(people.crc)
    VehicleFactory(store=people.store)
    with django_assert_max_num_queries(50) as few:
        desk.get(to("segment", segment.pk))
    for _ in range(29):
        VehicleFactory(store=people.store)
    with django_assert_max_num_queries(len(few)):
        desk.get(to("segment", segment.pk))


def test_the_points_of_a_customer_ask_no_more_for_more_rows(people, sign_in, customer, django_assert_max_num_queries):
    def crowd(size):
        for _ in range(size):
            actions.correct_points(customer=customer, points=10, note="补录", by=people.manager, at=MORNING)

    desk = sign_in(people.frontdesk)
    crowd(1)
    with django_assert_max_num_queries(50) as few:
        desk.get(to("points", customer.pk))
    crowd(29)
    with django_assert_max_num_queries(len(few)):
        desk.get(to("points", customer.pk))


# ── Levels and points ────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_manager_sets_what_a_level_gives(people, sign_in):
    desk = sign_in(people.manager)
    day = date(2099, 1, 1)

    desk.post(
        to("membership_terms"), {"level": "vip", "starts_on": day, "labour_percent": "10", "points_per_yuan": "1.5"}
    )

    terms = MembershipTerms.objects.get()
    assert (terms.level, terms.labour_discount_rate, terms.points_per_yuan) == ("vip", Decimal("0.1"), Decimal("1.5"))
    assert "2099" in desk.get(to("membership")).content.decode()
    desk.post(to("membership_withdraw", terms.pk))
    assert not MembershipTerms.objects.exists()


def test_terms_in_the_past_are_refused_at_their_field(people, sign_in):
    answer = sign_in(people.manager).post(to("membership_terms"), {"level": "vip", "starts_on": "2020-01-01"})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["starts_on"]


def test_points_are_redeemed_at_the_desk(people, sign_in, customer):
    MembershipTermsFactory(store=people.store)
    actions.correct_points(customer=customer, points=100, note="开户赠送", by=people.manager, at=MORNING)
    desk = sign_in(people.frontdesk)

    refused = desk.post(to("points_spend", customer.pk), {"points": "101", "note": "洗车"})
    done = desk.post(to("points_spend", customer.pk), {"points": "30", "note": "洗车"})

    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["points"])
    assert done.status_code == 302
    assert list(PointsEntry.objects.values_list("points", flat=True)) == [-30, 100]


# ── Dormant cars ─────────────────────────────────────────────────────────────────────────────────────────────────────
def test_dormant_cars_are_packed_away_but_found(people, sign_in, customer):
    here = VehicleFactory(store=people.store, owner=customer, last_visit_at=datetime.now(UTC))
    gone = VehicleFactory(store=people.store, owner=customer, last_visit_at=datetime(2020, 1, 1, tzinfo=UTC))
    desk = sign_in(people.advisor)

    def plates(**asked):
        return {car.plate for car in desk.get(to("vehicles"), asked).context["page"].rows}

    assert plates() == {here.plate}
    assert plates(dormant=1) == {gone.plate}
    assert plates(q=gone.plate) == {gone.plate}
    page = desk.get(to("customer", customer.pk))
    assert (list(page.context["vehicles"]), list(page.context["dormant_vehicles"])) == ([here], [gone])


def test_the_page_says_how_fast_the_cars_of_an_agreement_were_begun(
    people, sign_in, customer, django_assert_num_queries
):
    at, hour = timezone.now(), timedelta(hours=1)
    came = at - timedelta(days=2)
    agreement = AgreementFactory(
        store=people.store, customer=customer, approver=people.manager, response_hours=2,
        starts_on=(at - timedelta(days=3)).date(), ends_on=(at + timedelta(days=30)).date(),
    )  # fmt: skip

    def visit(plate, begun_after=None, **said):
        car = VehicleFactory(store=people.store, owner=said.pop("owner", customer), plate=plate)
        said = {"state": OrderState.DISPATCHED, "arrived_at": came, **said}
        order = RepairOrderFactory(advisor=people.advisor, vehicle=car, **said)
        if begun_after is not None:
            actions.mark_started(order=order, by=people.technician, at=order.arrived_at + begun_after)

    visit("京A00001", begun_after=hour)
    visit("京A00002", begun_after=3 * hour)
    visit("京A00003")
    visit("京A00004", arrived_at=at)
    visit("京A00005", state=OrderState.DELIVERED)
    visit("京A00006", arrived_at=at - timedelta(days=9))  # before the agreement
    visit("京A00007", owner=CustomerFactory(store=people.store))
    visit("京A00008", state=OrderState.CANCELLED)

    with django_assert_num_queries(2):
        queries.responses(agreement, at)
    shown = sign_in(people.advisor).get(to("agreement", agreement.pk))

    assert {one.order.vehicle.plate: one.is_kept for one in shown.context["answered"]} == {
        "京A00001": True, "京A00002": False, "京A00003": False, "京A00004": None, "京A00005": None,
    }  # fmt: skip
    assert "3 次中 1 次按时开工" in shown.content.decode()
