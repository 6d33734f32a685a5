"""Lists taken out as workbooks: what the page shows, phones as allowed, text as text, everything told of."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from dealer_crm.importing.opening import open_workbook
from dealer_crm.journal.models import Entry
from dealer_crm.reporting import actions
from dealer_crm.reporting.choices import ReportState
from dealer_crm.reporting.exports import export_named
from dealer_crm.reporting.models import Export
from reception.models import Customer
from tests.factories import cast
from tests.factories.reception import CustomerFactory, ReceiptFactory, RepairOrderFactory, VehicleFactory
from tests.importing.workbooks import take_in

pytestmark = pytest.mark.django_db

LISTS = ["customers", "orders", "receipts", "vehicles"]


@pytest.fixture
def people():
    return cast.of_store()


@pytest.fixture
def order(people):
    customer = CustomerFactory(
        code="KH0001",
        name="=1+1",
        kind="person",
        store=people.store,
        phone="+8613812345678",
        address="+cmd|' /C calc'!A0",
    )
    vehicle = VehicleFactory(plate="京B00123", vin="LSVAU2180N2183294", owner=customer, store=people.store)
    order = RepairOrderFactory(vehicle=vehicle, customer=customer, store=people.store, advisor=people.advisor)
    ReceiptFactory(order=order, number="SK-000123")
    return order


def sign_in(client, person):
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")


def taken_out(client, code: str, **sent) -> Export:
    answer = client.post(reverse(f"reporting:export_{code}"), sent)
    assert answer.status_code == 302, answer.content[:300]
    return Export.objects.latest("pk")


def fetched(client, export: Export) -> bytes:
    return b"".join(client.get(reverse("reporting:export_file", args=[export.pk])).streaming_content)


def first_row(content: bytes) -> dict:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return dict(zip(*[[cell.value for cell in row] for row in sheet.iter_rows(max_row=2)], strict=True))


@pytest.mark.parametrize("code", LISTS)
def test_every_list_is_taken_out_from_its_page_with_masked_phones(client, people, order, code):
    sign_in(client, people.frontdesk)
    page = client.get(reverse(f"reception:{code}")).content.decode()
    assert reverse(f"reporting:export_{code}") in page
    assert "with_phones" not in page
    export = taken_out(client, code)
    assert (export.state, export.row_count) == (ReportState.MADE, 1)
    row = first_row(fetched(client, export))
    assert "13812345678" not in str(row)
    if export_named(code).has_phones:
        assert row["手机"] == "138****5678"


def test_full_phones_need_their_permission_and_carry_who_took_them_on_the_sheet(client, people, order):
    sign_in(client, people.frontdesk)
    assert client.post(reverse("reporting:export_customers"), {"with_phones": "1"}).status_code == 403
    sign_in(client, people.director)
    assert "with_phones" in client.get(reverse("reception:customers")).content.decode()
    content = fetched(client, taken_out(client, "customers", with_phones="1"))
    row = first_row(content)
    assert row["手机"] == "13812345678"
    stamp = list(row)[-1]
    assert people.director.name in stamp
    assert f"{timezone.localtime():%Y-%m-%d}" in stamp
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert people.director.name in sheet.oddFooter.left.text


def test_what_was_taken_out_is_in_the_journal_with_its_filter(client, people, order):
    sign_in(client, people.director)
    export = taken_out(client, "customers", with_phones="1", asked="kind=person&after=abc")
    fetched(client, export)
    told = Entry.objects.filter(verb__startswith="export.").order_by("pk")
    assert [(line.verb, line.by_id, line.note) for line in told] == [
        ("export.ordered_with_phones", str(people.director.pk), "kind=person"),
        ("export.fetched", str(people.director.pk), "1 rows"),
    ]


def test_the_filter_of_the_list_is_the_filter_of_the_file(client, people, order):
    CustomerFactory(code="KH0002", name="某某公司", kind="company", store=people.store)
    sign_in(client, people.frontdesk)
    for asked, names in (("", {"=1+1", "某某公司"}), ("kind=company", {"某某公司"}), ("kind=person", {"=1+1"})):
        (sheet, *_notes) = open_workbook(fetched(client, taken_out(client, "customers", asked=asked)))
        assert {cells[1] for _row, cells in sheet.rows[1:]} == names


def test_another_stores_rows_are_in_nobodys_file(client, people, order):
    others = cast.of_second_store()
    sign_in(client, others.frontdesk)
    for code in LISTS:
        assert taken_out(client, code).row_count == 0


def test_a_file_is_its_takers_alone(client, people, order):
    sign_in(client, people.frontdesk)
    export = taken_out(client, "customers")
    for other in (people.manager, cast.of_second_store().frontdesk):
        sign_in(client, other)
        for name in ("export", "export_file"):
            assert client.get(reverse(f"reporting:{name}", args=[export.pk])).status_code == 404


def test_a_file_with_phones_is_closed_once_the_permission_is_gone(client, people, order):
    sign_in(client, people.director)
    export = taken_out(client, "customers", with_phones="1")
    people.director.roles = ["manager"]
    people.director.save()
    assert client.get(reverse("reporting:export_file", args=[export.pk])).status_code == 403


def test_text_stays_text_and_numbers_that_are_codes_keep_their_zeros(client, people, order):
    sign_in(client, people.director)
    book = openpyxl.load_workbook(io.BytesIO(fetched(client, taken_out(client, "customers", with_phones="1"))))
    cells = {cell.value: cell for cell in book.worksheets[0][2] if cell.value}
    assert {value: cells[value].data_type for value in ("=1+1", "+cmd|' /C calc'!A0", "13812345678", "KH0001")} == {
        "=1+1": "s", "+cmd|' /C calc'!A0": "s", "13812345678": "s", "KH0001": "s",
    }  # fmt: skip
    assert cells["13812345678"].number_format == "@"


def test_a_list_taken_out_comes_in_again_and_changes_nothing(client, people, order):
    Customer.objects.filter(pk=order.customer_id).update(name="陈大文")
    sign_in(client, people.director)
    for code in ("customers", "vehicles"):
        book = take_in(fetched(client, taken_out(client, code, with_phones="1")))
        assert book.problems == []
        (counts,) = book.counts().values()
        assert counts == {"new": 0, "changed": 0, "unchanged": 1, "refused": 0}


def test_a_masked_list_does_not_come_in_as_phones(client, people, order):
    sign_in(client, people.frontdesk)
    book = take_in(fetched(client, taken_out(client, "customers")))
    assert [problem.column for problem in book.problems] == ["手机"]


def test_a_long_list_is_made_by_a_worker_and_by_the_page_when_none_comes(client, people, order, monkeypatch):
    monkeypatch.setattr("dealer_crm.reporting.views.SMALL", 0)
    sign_in(client, people.frontdesk)
    export = taken_out(client, "customers")
    assert export.state == ReportState.OWED
    page = client.get(reverse("reporting:export", args=[export.pk]))
    assert b"hx-get" in page.content
    Export.objects.update(ordered_at=export.ordered_at - timedelta(minutes=1))
    client.get(reverse("reporting:export", args=[export.pk]))
    export.refresh_from_db()
    assert export.state == ReportState.MADE


def test_files_are_forgotten_after_a_day(client, people, order):
    sign_in(client, people.frontdesk)
    taken_out(client, "customers")
    assert actions.forget_old_exports(at=timezone.now() + timedelta(hours=23)) == 0
    assert actions.forget_old_exports(at=timezone.now() + timedelta(hours=25)) == 1


@pytest.mark.parametrize("code", LISTS)
def test_a_file_of_thirty_rows_asks_no_more_than_one_of_a_single_row(
    client, people, order, code, django_assert_max_num_queries
):
    registered = export_named(code)

    def written():
        report = registered.report(by=people.director, asked="", with_phones=True, at=timezone.now())
        return len(list(report.sheets[0].rows))

    with django_assert_max_num_queries(8):
        assert written() == 1
    for _each in range(29):
        ReceiptFactory(order=RepairOrderFactory(store=people.store))
    with django_assert_max_num_queries(8):
        assert written() == 30


def test_the_receipts_page_asks_the_same_with_one_and_with_thirty_rows(
    client, people, order, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    sign_in(client, people.cashier)
    address = reverse("reception:receipts")
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(address)
    for _each in range(29):
        ReceiptFactory(order=RepairOrderFactory(store=people.store))
    with django_assert_num_queries(len(one)):
        assert len(client.get(address).context["page"].rows) == 30
