"""The paper pack: what goes on paper, for whom, and how a day of paper comes in again."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from callback.choices import Outcome, TaskState
from callback.models import CallTask, Contact
from dealer_crm.journal.models import Entry
from dealer_crm.reporting.paper import RowsRefused
from dealer_crm.values.written import written_moment
from reception import actions
from reception.choices import OrderKind
from reception.formulas.paper import short_lines
from reception.models import Customer, RepairOrder
from tests.factories import cast
from tests.factories.callback import CallTaskFactory
from tests.factories.reception import CustomerFactory, RepairOrderFactory, VehicleFactory

TZ = ZoneInfo("Asia/Shanghai")


# ── what is written by hand ──────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("换机油 0.5*120", [("labour", "换机油", "0.5", "120")]),
        ("配 机油 5W-30 4*68；配件：机滤 45", [("part", "机油 5W-30", "4", "68"), ("part", "机滤", "1", "45")]),
        (
            "精品 脚垫 1×380\n外 钣金喷漆 ¥600元",
            [("accessory", "脚垫", "1", "380"), ("sublet", "钣金喷漆", "1", "600")],
        ),
        ("其他 拖车 200.50;", [("other", "拖车", "1", "200.50")]),
        ("外观检查 30", [("labour", "外观检查", "1", "30")]),
        ("", []),
    ],
)
def test_short_lines_are_read(text, lines):
    assert [(line.kind, line.name, line.quantity, line.unit_price) for line in short_lines(text)] == [
        (kind, name, Decimal(quantity), Decimal(price)) for kind, name, quantity, price in lines
    ]


@pytest.mark.parametrize("text", ["换机油", "换机油 免费", "120", "换机油 0.5*120；机滤"])
def test_what_can_not_be_read_is_named(text):
    with pytest.raises(ValueError) as wrong:
        short_lines(text)
    assert str(wrong.value) == text.split("；")[-1]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("9:10", (2026, 10, 12, 9, 10)),
        ("16：30", (2026, 10, 12, 16, 30)),
        ("13 8:00", (2026, 10, 13, 8, 0)),
        ("10-15 16:30", (2026, 10, 15, 16, 30)),
        ("3 10:00", (2026, 11, 3, 10, 0)),
        ("1/2 10:00", (2027, 1, 2, 10, 0)),
    ],
)
def test_clock_times_are_of_the_sheets_day_and_another_day_lies_ahead(text, moment):
    assert written_moment(text, date(2026, 10, 12), TZ) == datetime(*moment, tzinfo=TZ)


@pytest.mark.parametrize("text", ["", "abc", "25:00", "9", "32 10:00", "13-01 10:00"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError):
        written_moment(text, date(2026, 10, 12), TZ)


# ── printing ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def people(db):
    return cast.of_store()


@pytest.fixture
def order(people):
    customer = CustomerFactory(name="陈大文", store=people.store, phone="+8613812345678")
    vehicle = VehicleFactory(plate="京B00123", owner=customer, store=people.store, mileage=30_000)
    return RepairOrderFactory(
        vehicle=vehicle, customer=customer, store=people.store, advisor=people.advisor, state="open"
    )


def sign_in(client, person):
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")


def printed(client, *codes: str, **more):
    answer = client.post(reverse("reporting:paper_print"), {"sheets": codes, "copies": 2, **more})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("role", "codes"),
    [
        ("advisor", ["orders", "appointments", "intake", "inspection"]),
        ("agent", ["orders", "appointments", "calls", "call_sheet"]),
        ("workshop", ["orders", "inspection"]),
        ("cashier", ["orders"]),
    ],
)
def test_everybody_prints_the_sheets_of_their_own_work(client, people, role, codes):
    sign_in(client, getattr(people, role))
    form = client.get(reverse("reporting:paper")).context["form"]
    assert [code for code, _title in form.fields["sheets"].choices] == codes
    assert printed(client, *codes).count("<section") == sum(
        2 if code in ("intake", "inspection", "call_sheet") else 1 for code in codes
    )


def test_open_orders_stand_on_paper_with_masked_phones(client, people, order):
    sign_in(client, people.advisor)
    paper = printed(client, "orders")
    assert order.number in paper
    assert "138****5678" in paper
    assert "13812345678" not in paper
    assert Entry.objects.filter(verb="paper.printed", by_id=str(people.advisor.pk)).count() == 1


@pytest.fixture
def call(people, order):
    now = timezone.now()
    RepairOrder.objects.filter(pk=order.pk).update(
        state="delivered", settled_at=now - timedelta(days=3), delivered_at=now - timedelta(days=3),
        completed_at=now - timedelta(days=3), arrived_at=now - timedelta(days=4),
        promised_at=now - timedelta(days=3),
    )  # fmt: skip
    order.refresh_from_db()
    return CallTaskFactory(order=order, opens_at=now - timedelta(days=2), due_at=now - timedelta(hours=1))


def test_whoever_dials_has_the_whole_numbers_and_every_one_is_in_the_journal(client, people, call):
    sign_in(client, people.agent)
    assert "138****5678" in printed(client, "calls")
    assert not Entry.objects.filter(verb="phone.revealed").exists()
    assert "13812345678" in printed(client, "calls", with_phones="on")
    (told,) = Entry.objects.filter(verb="phone.revealed")
    assert (told.by_id, told.subject_label) == (str(people.agent.pk), call.customer.name)
    assert f"#{call.pk}" in told.note


def test_another_stores_calls_and_orders_are_on_nobodys_paper(client, people, order, call):
    others = cast.of_second_store()
    sign_in(client, others.agent)
    paper = printed(client, "orders", "calls", with_phones="on")
    assert order.number not in paper
    assert call.customer.name not in paper


def test_nothing_chosen_is_said(client, people):
    sign_in(client, people.advisor)
    assert client.post(reverse("reporting:paper_print"), {"copies": 2}).status_code == 422
    assert client.post(reverse("reporting:paper_print"), {"sheets": ["calls"], "copies": 2}).status_code == 422


# ── keying in ────────────────────────────────────────────────────────────────────────────────────────────────────────
def sheet_rows(prefix: str, *rows: dict) -> dict:
    sent = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": 0}
    for number, row in enumerate(rows):
        sent |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return sent


def paper_row(people, **changes) -> dict:
    return {
        "paper_number": "A-007", "plate": "京B00123", "kind": "maintenance", "arrived": "0:01", "promised": "23:50",
        "mileage": 31_000, "symptoms": "保养", "lines": "换机油 0.5*120；配 机油 4*68", "advisor": people.advisor.pk,
        "customer_name": "", "customer_phone": "", **changes,
    }  # fmt: skip


@pytest.fixture
def known_car(people):
    customer = CustomerFactory(name="陈大文", store=people.store, phone="+8613812345678")
    return VehicleFactory(plate="京B00123", owner=customer, store=people.store, mileage=30_000)


def yesterday() -> str:
    return (timezone.localdate() - timedelta(days=1)).isoformat()


def keyed_in(client, *rows: dict):
    return client.post(reverse("reception:catch_up"), {"day": yesterday(), **sheet_rows("orders", *rows)})


def test_a_day_of_paper_becomes_orders_that_arrived_when_the_paper_says(client, people, known_car):
    sign_in(client, people.advisor)
    new = paper_row(
        people, paper_number="A-008", plate="京C88888", customer_name="李小明", customer_phone="139 0000 1111", lines=""
    )
    assert keyed_in(client, paper_row(people), new).status_code == 302
    known, unknown = RepairOrder.objects.order_by("pk")
    assert timezone.localtime(known.arrived_at, TZ).strftime("%F %H:%M") == f"{yesterday()} 00:01"
    assert [(line.kind, line.name, line.payable_amount) for line in known.lines.all()] == [
        ("labour", "换机油", Decimal("60.00")), ("part", "机油", Decimal("272.00")),
    ]  # fmt: skip
    assert (unknown.customer.name, unknown.vehicle.plate) == ("李小明", "京C88888")
    origins = Entry.objects.filter(verb="repair_order.opened").order_by("pk").values_list("origin", flat=True)
    assert list(origins) == ["paper A-007", "paper A-008"]


def test_everything_wrong_with_any_row_is_said_at_once_and_nothing_is_kept(client, people, known_car):
    sign_in(client, people.advisor)
    answer = keyed_in(
        client,
        paper_row(people),
        paper_row(people, plate="京C88888"),
        paper_row(people, plate="京C99999", customer_name="王五", customer_phone="123"),
        paper_row(people, promised="0:00"),
    )
    assert answer.status_code == 422
    errors = [set(form.errors) for form in answer.context["form"].rows.forms]
    assert errors == [set(), {"customer_name"}, {"customer_phone"}, {"confirmed"}]
    assert (RepairOrder.objects.count(), Customer.objects.count()) == (0, 1)


def test_what_can_not_be_read_is_said_beside_its_cell(client, people, known_car):
    sign_in(client, people.advisor)
    answer = keyed_in(client, paper_row(people, arrived="neun", promised="", lines="换机油"))
    assert set(answer.context["form"].rows.forms[0].errors) == {"arrived", "promised", "lines"}


@pytest.mark.parametrize(("days", "code"), [(-1, "time_wrong"), (8, "time_wrong")])
def test_sheets_of_tomorrow_and_of_last_month_are_refused(people, known_car, days, code):
    now = timezone.now()
    one = actions.PaperOrder(
        paper_number="1", plate="京B00123", kind=OrderKind.REPAIR, advisor=people.advisor,
        arrived_at=now - timedelta(days=days), promised_at=now + timedelta(days=2),
    )  # fmt: skip
    with pytest.raises(RowsRefused) as refused:
        actions.catch_up_orders(orders=[one], store=people.store, by=people.advisor, at=now)
    assert refused.value.refusals[0].code == code


def test_an_empty_sheet_is_said(client, people):
    sign_in(client, people.advisor)
    assert keyed_in(client).status_code == 422


def called(client, *rows: dict):
    day = timezone.localdate().isoformat()
    return client.post(reverse("callback:catch_up"), {"day": day, **sheet_rows("calls", *rows)})


def minutes_ago(minutes: int) -> str:
    moment = timezone.localtime(timezone.now() - timedelta(minutes=minutes))
    return f"{moment:%H:%M}"


@pytest.fixture
def late_enough():
    if timezone.localtime().hour == 0:
        pytest.skip("the first hour of the day has no earlier call on it")


def test_calls_made_from_paper_are_written_down_at_their_moments(client, people, call, late_enough):
    sign_in(client, people.agent)
    row = {"call": call.pk, "called": minutes_ago(30), "outcome": Outcome.COMPLETED.value, "was_on_time": "yes",
           "next_call": "", "answers": "", "note": "很满意"}  # fmt: skip
    assert called(client, row).status_code == 302
    contact, task = Contact.objects.get(), CallTask.objects.get()
    assert (task.state, contact.agent, contact.note, contact.was_on_time) == (
        TaskState.DONE, people.agent, "很满意", True,
    )  # fmt: skip
    assert timedelta(minutes=29) < timezone.now() - contact.at < timedelta(minutes=32)
    assert Entry.objects.filter(verb="call_task.completed").latest("pk").origin == "paper"


def test_calls_are_kept_all_or_none_and_every_refusal_stands_beside_its_row(client, people, call, late_enough):
    sign_in(client, people.agent)
    good = {"call": call.pk, "called": minutes_ago(30), "outcome": Outcome.NO_ANSWER.value, "was_on_time": "",
            "next_call": "", "answers": "", "note": ""}  # fmt: skip
    answer = called(client, good, {**good, "outcome": Outcome.CALL_LATER.value}, {**good, "call": 99_999_999})
    assert answer.status_code == 422
    assert [set(form.errors) for form in answer.context["form"].rows.forms] == [set(), set(), {"call"}]
    answer = called(client, {**good, "outcome": Outcome.CALL_LATER.value}, good)
    assert [set(form.errors) for form in answer.context["form"].rows.forms] == [{"next_call"}, set()]
    assert not Contact.objects.exists()


def test_another_stores_call_has_no_number_here(client, people, call, late_enough):
    sign_in(client, cast.of_second_store().agent)
    answer = called(client, {"call": call.pk, "called": minutes_ago(30), "outcome": Outcome.NO_ANSWER.value})
    assert set(answer.context["form"].rows.forms[0].errors) == {"call"}


@pytest.mark.parametrize("sheet", ["orders", "calls"])
def test_the_pack_asks_the_same_with_one_and_with_thirty_rows(client, people, order, sheet, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    sign_in(client, people.agent)
    now = timezone.now()

    def one_more():
        if sheet == "orders":
            RepairOrderFactory(store=people.store, state="open")
        else:
            done = RepairOrderFactory(store=people.store)
            CallTaskFactory(order=done, opens_at=now - timedelta(days=2), due_at=now - timedelta(hours=1))

    one_more()
    printed(client, sheet)
    with CaptureQueriesContext(connection) as asked:
        printed(client, sheet)
    for _each in range(29):
        one_more()
    with django_assert_num_queries(len(asked)):
        printed(client, sheet)
