"""The operations catalogue (工时定额): kept by page and workbook, offered to whoever types a line."""

import io
from datetime import datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.urls import reverse

from dealer_crm.journal.models import Entry
from dealer_crm.reporting.models import Export
from dealer_crm.values import Refusal, Stale
from reception import actions, queries
from reception.actions import LineDraft
from reception.choices import LineKind, Skill
from reception.formulas.catalogue import finished_at, hours_for, price_of_hour
from reception.models import Operation
from tests.factories.reception import MORNING, RepairOrderFactory, VehicleFactory
from tests.factories.workshop import OperationFactory
from tests.importing.test_undo import imported, undone
from tests.importing.workbooks import take_in, told, written

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
HEADERS = ["门店代码", "工时代码", "名称", "技能", "车系", "标准工时", "客户价", "标准用时", "是否启用"]


def signed_in(client, person):
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")
    return client


def catalogue():
    """Every operation as (code, name, skill, price, duration, in use, {family: hours})."""
    return [
        (one.code, one.name, one.skill, one.price, one.duration_hours, one.is_active,
         {row.family: row.standard_hours for row in one.hours.all()})
        for one in Operation.objects.order_by("store", "code")
    ]  # fmt: skip


# ── Formulas ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("hours", "family", "found"),
    [
        ({"": "0.8", "帕萨特": "0.9"}, "帕萨特", "0.9"),
        ({"": "0.8", "Tiguan L": "0.9"}, " tiguan l ", "0.9"),
        ({"": "0.8", "帕萨特": "0.9"}, "途观", "0.8"),
        ({"": "0.8", "帕萨特": "0.9"}, "", "0.8"),
        ({"帕萨特": "0.9"}, "途观", None),
    ],
)
def test_a_car_has_the_hours_of_its_own_family_else_those_of_every_other(hours, family, found):
    known = {name: Decimal(value) for name, value in hours.items()}
    assert hours_for(known, family) == (found and Decimal(found))


@pytest.mark.parametrize(
    ("price", "hours", "found"),
    [("96", "0.8", "120.00"), ("300", "2.6", "115.38"), ("0", "1", "0.00"), (None, "1", "130"), ("96", None, "130")],
)
def test_an_hour_costs_the_customer_price_divided_else_the_hourly_rate(price, hours, found):
    given = [value and Decimal(value) for value in (price, hours)]
    assert price_of_hour(*given, Decimal(130)) == Decimal(found)


@pytest.mark.parametrize(
    ("begins", "hours", "done"),
    [
        ("12 09:00", "1.5", "12 10:30"),
        ("12 09:00", "1.6", "12 11:00"),
        ("12 07:00", "1", "12 09:30"),
        ("12 17:00", "1", "12 18:00"),
        ("12 17:00", "3", "13 10:30"),
        ("12 19:30", "2", "13 10:30"),
        ("12 09:00", "20", "14 10:00"),
    ],
)
def test_a_car_is_promised_within_opening_hours_at_the_next_half_hour(begins, hours, done):
    moment = datetime.strptime(f"2026-10-{begins}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)
    found = finished_at(moment, Decimal(hours), time(8, 30), time(18))
    assert f"{found:%d %H:%M}" == done


# ── Entered and changed ──────────────────────────────────────────────────────────────────────────────────────────────
def entered(people, **fields):
    given = {"code": "by01", "name": "更换机油机滤", "skill": Skill.MAINTENANCE, "hours": {"": Decimal("0.8")}} | fields
    return actions.enter_operation(store=people.store, by=people.workshop, at=MORNING, **given)


def test_an_operation_is_entered_changed_and_taken_out_of_use(people):
    operation = entered(people, price=Decimal(96), hours={"": Decimal("0.8"), "H5": Decimal("0.9")})
    standing = operation.hours.get(family="")
    assert (operation.code, operation.version) == ("BY01", 1)
    changed = {"name": "更换机油", "skill": Skill.MAINTENANCE, "hours": {"": Decimal(1), "H9": Decimal("1.2")}}
    actions.change_operation(operation=operation, is_active=False, by=people.workshop, at=MORNING, **changed)
    assert catalogue() == [
        ("BY01", "更换机油", "maintenance", None, None, False, {"": Decimal(1), "H9": Decimal("1.2")})
    ]
    standing.refresh_from_db()  # the row that stands is changed, not made anew
    noted = Entry.objects.filter(verb="operation.changed").get().changes
    assert noted["hours"] == ["* 0.80, H5 0.90", "* 1, H9 1.2"]
    with pytest.raises(Stale):
        actions.change_operation(
            operation=operation, by=people.workshop, at=MORNING, expected_version=1, **changed
        )  # fmt: skip


def test_what_can_not_be_an_operation_is_refused(people):
    OperationFactory(store=people.store, code="BY02")
    for fields, code in (
        ({"code": " "}, "code_missing"),
        ({"code": "ＢＹ ０２"}, "code_taken"),
        ({"name": " "}, "name_missing"),
        ({"skill": "cooking"}, "skill_unknown"),
        ({"hours": {}}, "hours_missing"),
        ({"hours": {"": Decimal(0)}}, "hours_wrong"),
        ({"hours": {"": Decimal(201)}}, "hours_wrong"),
        ({"hours": {"h5": Decimal(1), "H5 ": Decimal(1)}}, "family_twice"),
        ({"price": Decimal(-1)}, "price_negative"),
        ({"duration_hours": Decimal(0)}, "duration_wrong"),
    ):
        with pytest.raises(Refusal) as refused:
            entered(people, **fields)
        assert refused.value.code == code


def test_the_supervisor_keeps_the_catalogue_on_its_page(people, others, client):
    signed_in(client, people.workshop)
    rows = {"hours-TOTAL_FORMS": 2, "hours-INITIAL_FORMS": 0, "hours-0-family": "", "hours-0-standard_hours": "0.8",
            "hours-1-family": "H5", "hours-1-standard_hours": "0.9"}  # fmt: skip
    sent = {"code": "by01", "name": "更换机油机滤", "skill": "maintenance", "price": "96", "is_active": "on", **rows}
    assert client.post(reverse("workshop:operation_new"), sent).status_code == 302
    again = client.post(reverse("workshop:operation_new"), sent)
    assert (again.status_code, list(again.context["form"].errors)) == (422, ["code"])
    [operation] = Operation.objects.all()
    twice = {**sent, "version": 1, "hours-1-family": ""}
    page = client.post(reverse("workshop:operation", args=[operation.pk]), twice)
    assert len(page.context["families"].non_form_errors()) == 1
    client.post(reverse("workshop:operation", args=[operation.pk]), {**sent, "version": 1, "hours-1-DELETE": "on"})
    assert catalogue()[0][-1] == {"": Decimal("0.80")}
    assert client.get(reverse("workshop:operation", args=[OperationFactory(store=others.store).pk])).status_code == 404


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_costs_the_same_however_long_it_is(people, rows, client, django_assert_max_num_queries):
    for _number in range(rows):
        OperationFactory(store=people.store, hours={"": "1.0", "H5": "1.2"})
    signed_in(client, people.workshop)
    with django_assert_max_num_queries(10):
        page = client.get(reverse("workshop:operations"))
        listed = client.get("/api/v1/operations/", {"q": "检查"}).json()
    assert (len(page.context["page"].rows), len(listed["results"])) == (rows, rows)
    assert listed["results"][0]["hours"][1] == {"family": "H5", "standard_hours": "1.20"}


# ── Workbook ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def brought(people, *rows, headers=HEADERS):
    return take_in(written({"工时定额": [headers, *rows]}))


def test_the_sheet_makes_and_changes_operations_and_a_blank_cell_says_nothing(people):
    code = people.store.code
    brought(
        people,
        [code, "by01", "更换机油机滤", "保养", None, 0.8, 96, 1.5, "是"],
        [code, "by01", "更换机油机滤", "保养", "H5", 0.9, None, None, None],
        [code, "XL01", "更换前制动片", "机修", None, "1.20", None, None, None],
    )
    oil = ("BY01", "更换机油机滤", "maintenance", Decimal(96), Decimal("1.5"))
    assert catalogue() == [
        (*oil, True, {"": Decimal("0.8"), "H5": Decimal("0.9")}),
        ("XL01", "更换前制动片", "mechanical", None, None, True, {"": Decimal("1.2")}),
    ]
    brought(
        people,
        [code, "BY01", "更换机油机滤", "保养", "H9", 1, None, None, "否"],
        [code, "XL01", "更换前刹车片", "机修", None, 1.3, None, None, None],
    )
    assert catalogue() == [
        (*oil, False, {"": Decimal("0.8"), "H5": Decimal("0.9"), "H9": Decimal(1)}),
        ("XL01", "更换前刹车片", "mechanical", None, None, True, {"": Decimal("1.3")}),
    ]


def test_a_row_of_the_sheet_that_can_not_be_is_refused_with_its_place(people):
    code = people.store.code
    for row, column in (
        (["BY01", "换机油", "保养", "H5", 1], "名称"),
        (["BY01", "更换机油机滤", "保养", None, 1], "车系"),
        (["BY02", "洗车", "洗车", None, 1], "技能"),
        (["BY02", "洗车", "保养", None, 0], "标准工时"),
        (["BY02", "洗车", "保养", None, None], "标准工时"),
    ):
        book = brought(people, [code, "BY01", "更换机油机滤", "保养", None, 0.8], [code, *row])
        assert told(book) == [("工时定额", 3, column)]
    assert not Operation.objects.exists()


def test_what_is_taken_out_can_be_brought_back_unchanged(people, client):
    OperationFactory(store=people.store, code="BY01", price=Decimal(96), hours={"": "0.8", "H5": "0.9"})
    OperationFactory(store=people.store, code="XL01", duration_hours=Decimal(3), is_active=False)
    signed_in(client, people.workshop).post(reverse("reporting:export_operations"))
    export = Export.objects.latest("pk")
    workbook = b"".join(client.get(reverse("reporting:export_file", args=[export.pk])).streaming_content)
    cells = openpyxl.load_workbook(io.BytesIO(workbook))["工时定额"]
    assert [cell.value for cell in cells[1]][: len(HEADERS)] == HEADERS
    before = catalogue()
    book = take_in(workbook)
    assert book.problems == []
    assert book.counts()["工时定额"] == {"new": 0, "changed": 0, "unchanged": 3, "refused": 0}
    Operation.objects.all().delete()
    assert take_in(workbook).counts()["工时定额"]["new"] == 3
    assert catalogue() == before


def test_an_import_of_the_catalogue_is_taken_back_whole(people):
    code = people.store.code
    OperationFactory(store=people.store, code="BY01", name="更换机油", hours={"": "0.8"})
    before = catalogue()
    rows = [[code, "BY01", "更换机油机滤", "保养", "H5", 0.9], [code, "XL01", "更换前制动片", "机修", None, 1.2]]
    run = imported(people, {"工时定额": [HEADERS[:6], *rows]})
    assert [one[0] for one in catalogue()] == ["BY01", "XL01"]
    undone(people, run)
    assert catalogue() == before


# ── Offered to whoever types a line ──────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def works(people):
    OperationFactory(
        store=people.store, code="BY01", name="更换机油机滤", price=Decimal(108), hours={"": "0.8", "H5": "0.9"}
    )
    OperationFactory(
        store=people.store, code="BY10", name="更换变速箱油", hours={"H9": "2.0"}, duration_hours=Decimal(4)
    )
    OperationFactory(store=people.store, code="BY99", name="更换滤芯（停用）", is_active=False)


def test_a_half_typed_code_or_name_is_answered_with_hours_and_price_for_this_car(people, others, works, client):
    OperationFactory(store=others.store, code="BY02", name="别店的更换")
    order = RepairOrderFactory(advisor=people.advisor, vehicle=VehicleFactory(store=people.store, series="H5"))
    signed_in(client, people.advisor)

    def offered(text, **asked):
        offers = client.get(reverse("reception:operations_offered"), {"q": text, **asked}).context["offers"]
        return [(one.operation.code, one.hours, one.unit_price) for one in offers]

    own, every_other = ("BY01", Decimal("0.90"), Decimal("120.00")), ("BY01", Decimal("0.80"), Decimal("135.00"))
    unknown = ("BY10", None, Decimal("120.00"))
    assert offered("by", order=order.pk) == [own, unknown]
    assert offered("机油", order=order.pk) == [own]
    assert offered("更换 箱油", plate=order.vehicle.plate) == [unknown]
    assert offered("by0", plate=order.vehicle.plate) == [own]
    assert offered("by01", plate="京A", series="H7") == [every_other]
    assert offered("  ") == []


def test_the_promise_proposed_holds_the_durations_of_the_works_typed_so_far(people, works, client, monkeypatch):
    now = datetime(2026, 10, 12, 9, 7, tzinfo=SHANGHAI)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    signed_in(client, people.advisor)

    def proposed(*rows, **asked):
        sent = {"lines-TOTAL_FORMS": len(rows), **asked}
        for number, (kind, code, quantity, removed) in enumerate(rows):
            sent |= {f"lines-{number}-kind": kind, f"lines-{number}-name": "x", f"lines-{number}-code": code}
            sent |= {f"lines-{number}-quantity": quantity} | ({f"lines-{number}-DELETE": "on"} if removed else {})
        moment = client.get(reverse("reception:promise_proposed"), sent).context["promised"]
        return moment and f"{moment:%H:%M}"

    oil, gearbox, removed = ("labour", "BY01", "0.8", 0), ("labour", "by10", "2", 0), ("labour", "BY10", "2", 1)
    part, half_typed = ("part", "", "4", 0), ("labour", "", "", 0)
    assert proposed() == "12:30"  # the usual stay
    assert proposed(oil, part, half_typed, removed) == "11:00"  # 0.8 hours of work and an hour besides
    assert proposed(oil, gearbox) == "15:00"  # the gearbox stands four hours
    order = RepairOrderFactory(advisor=people.advisor, promised_at=now.replace(hour=16, minute=0))
    assert proposed(oil, order=order.pk) == "17:00"
    assert proposed(part, order=order.pk) is None


def test_duration_and_skill_of_lines_are_asked_at_once(people, works, django_assert_num_queries):
    lines = [
        LineDraft(LineKind.LABOUR, "变速箱油", Decimal(2), Decimal(120), code="by10"),
        LineDraft(LineKind.LABOUR, "异响检查", Decimal("0.5"), Decimal(120)),
        LineDraft(LineKind.PART, "机油", Decimal(4), Decimal(90), code="BY01"),
    ]
    with django_assert_num_queries(1):
        assert queries.duration_of(lines, people.store) == Decimal("4.5")
    with django_assert_num_queries(1):
        skills = queries.skills_of_codes(people.store, ["by01", "", "BY10", "XX"])
    assert skills == {"BY01": Skill.MAINTENANCE, "BY10": Skill.MAINTENANCE}
