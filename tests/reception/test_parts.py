"""What things cost: the parts catalogue with its purchase prices, what an order line keeps of them, and whose eyes see
them."""

import io
from datetime import date, timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from dealer_crm.access.hidden import HIDDEN
from dealer_crm.access.permissions import Permission
from dealer_crm.access.roles import PERMISSIONS, Role
from dealer_crm.importing.models import ImportRun
from dealer_crm.journal.models import Entry
from dealer_crm.journal.queries import read_lines
from dealer_crm.reporting.models import Export
from dealer_crm.ui import home
from dealer_crm.values import Refusal, Stale
from reception import actions, queries
from reception.actions import LineDraft
from reception.choices import LineKind, OrderState, Payer
from reception.models import OrderLine, Part, PartCost, Settlement
from reception.views.parts import uncosted_card
from tests.factories import cast
from tests.factories.reception import MORNING, OrderLineFactory, PartFactory, RepairOrderFactory
from tests.importing.test_undo import imported, undone
from tests.importing.workbooks import cell, month_tables, take_in, told, written

pytestmark = pytest.mark.django_db

COST = Decimal("31.37")
KNOWS = [role for role, allowed in PERMISSIONS.items() if Permission.COST_VIEW in allowed]


@pytest.fixture
def order(people):
    return RepairOrderFactory(advisor=people.advisor, lines=0)


def signed_in(client, person):
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")
    return client


def draft(name="机油滤清器", code="PJ001", kind=LineKind.PART, **more):
    return LineDraft(kind, name, Decimal(2), Decimal(48), code=code, **more)


def costs(order) -> dict[str, Decimal | None]:
    return dict(OrderLine.objects.filter(order=order).order_by("number").values_list("name", "unit_cost"))


def save(people, order, *lines, at=MORNING):
    return actions.save_lines(order=order, lines=lines, by=people.advisor, at=at)


# ── The catalogue ────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_purchase_price_holds_from_a_day_on_and_the_same_price_again_is_no_deed(people):
    made = {"store": people.store, "code": "ｐｊ 001", "name": "机油滤清器", "kind": "part", "by": people.workshop}
    part = actions.enter_part(**made, at=MORNING, price=Decimal(48), unit_cost=COST)
    for cost, day in (("33", None), ("30", date(2026, 9, 1)), ("30", date(2026, 9, 15)), ("35", date(2026, 11, 1))):
        actions.set_part_cost(
            part=part, unit_cost=Decimal(cost), starts_on=day, by=people.workshop, at=MORNING + timedelta(days=1)
        )
    assert {str(row.starts_on): str(row.unit_cost) for row in part.costs.all()} == {
        "2026-09-01": "30.00", "2026-10-12": "31.37", "2026-10-13": "33.00", "2026-11-01": "35.00"
    }  # fmt: skip
    days = [date(2026, 8, 31), date(2026, 9, 20), date(2026, 10, 12), date(2026, 12, 1)]
    known = queries.costs_on((people.store.pk, "PJ001", day) for day in days)
    assert [known.get((people.store.pk, "PJ001", day)) for day in days] == [
        None, Decimal(30), COST, Decimal(35)
    ]  # fmt: skip
    assert Entry.objects.filter(verb="part.cost_set").count() == 4
    with pytest.raises(Stale):
        actions.change_part(part=part, name="滤芯", kind="part", by=people.workshop, at=MORNING, expected_version=1)


def test_what_can_not_be_an_article_is_refused(people):
    PartFactory(store=people.store, code="PJ009")
    for fields, code in (
        ({"code": " "}, "code_missing"),
        ({"code": "PJ009"}, "code_taken"),
        ({"name": " "}, "name_missing"),
        ({"kind": "labour"}, "kind_wrong"),
        ({"price": Decimal(-1)}, "price_negative"),
        ({"unit_cost": Decimal(-1)}, "cost_wrong"),
        ({"unit_cost": Decimal(10_000_001)}, "cost_wrong"),
    ):
        made = {"code": "PJ001", "name": "机油滤清器", "kind": "part"} | fields
        with pytest.raises(Refusal) as refused:
            actions.enter_part(store=people.store, by=people.workshop, at=MORNING, **made)
        assert refused.value.code == code
    assert Part.objects.count() == 1


def test_the_catalogue_is_kept_on_its_page_and_over_http(people, client):
    signed_in(client, people.workshop)
    sent = {"code": "pj001", "name": "机油滤清器", "kind": "part", "price": "48", "unit_cost": "31.37",
            "starts_on": "2026-01-01", "is_active": "on"}  # fmt: skip
    assert client.post(reverse("reception:part_new"), sent).status_code == 302
    again = client.post(reverse("reception:part_new"), sent)
    assert (again.status_code, list(again.context["form"].errors)) == (422, ["code"])
    [part] = Part.objects.all()
    address = reverse("reception:part", args=[part.pk])
    assert (
        client.post(address, {**sent, "version": part.version, "unit_cost": "33", "starts_on": ""}).status_code == 302
    )
    assert client.post(address, {**sent, "version": 1}).status_code == 412
    found = client.get(f"/api/v1/parts/{part.pk}/")
    assert (found.json()["unit_cost"], part.costs.count()) == ("33.00", 2)
    changed = client.patch(
        f"/api/v1/parts/{part.pk}/", {"unit_cost": "34.00"}, content_type="application/json",
        headers={"If-Match": found["ETag"]},
    )  # fmt: skip
    assert (changed.status_code, changed.json()["unit_cost"]) == (200, "34.00")
    PartFactory(store=people.store, code="PJ002", is_active=False)
    PartFactory(store=cast.of_second_store().store, code="PJ003")
    signed_in(client, people.advisor)
    offered = reverse("reception:operations_offered")
    for kind, found in (("part", [part]), ("accessory", [])):
        assert client.get(offered, {"q": "pj", "kind": kind}).context["parts"] == found
    signed_in(client, people.workshop)
    new = {"code": "JP001", "name": "脚垫", "kind": "accessory", "unit_cost": "5"}
    assert client.post("/api/v1/parts/", new).status_code == 201
    assert client.post("/api/v1/parts/", new).data["type"].endswith("code_taken")


# ── What a line keeps ────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_line_keeps_what_its_article_cost_when_it_was_written(people, order):
    part = PartFactory(store=people.store, code="PJ001")
    PartFactory(store=people.store, code="JP001", kind="accessory", costs={"2026-01-01": "150"})
    PartFactory(store=cast.of_second_store().store, code="PJ009", costs={"2026-01-01": "9"})
    save(
        people, order, draft(), draft("脚垫", "jp001", LineKind.ACCESSORY), draft("客户自带", ""),
        draft("外协", "PJ001", LineKind.SUBLET), draft("工时", "PJ001", LineKind.LABOUR), draft("别店", "PJ009"),
    )  # fmt: skip
    known = {"机油滤清器": COST, "脚垫": Decimal(150), "客户自带": None, "外协": None, "工时": None, "别店": None}
    assert costs(order) == known
    actions.set_part_cost(part=part, unit_cost=Decimal(40), by=people.workshop, at=MORNING)
    lines = [LineDraft.of(line) for line in order.lines.all()]
    save(people, order, *lines[1:], draft(number=1, payer=Payer.WARRANTY), draft("机滤二"), at=MORNING)
    assert costs(order) == {**known, "机滤二": Decimal(40)}
    save(
        people,
        order,
        draft("脚垫", "JP001", LineKind.ACCESSORY, number=1),
        draft("改成工时", "", LineKind.LABOUR, number=2),
    )
    assert costs(order) == {"脚垫": Decimal(150), "改成工时": None}


def amounts(told):
    return told and {number: None if cost is None else Decimal(cost) for number, cost in told.items()}


def test_costs_are_entered_and_corrected_with_a_reason_and_nobody_is_overwritten(people):
    for given, seen, reason, code in (
        ({1: "70"}, None, "", "reason_missing"),
        ({1: "70"}, {1: "31.37"}, "供应商补差", None),
        ({1: "70"}, {1: "30"}, "供应商补差", "stale"),
        ({1: None}, None, "录错", None),
        ({2: "400"}, {2: None}, "", None),
        ({2: "400"}, {2: "390"}, "", "stale"),
        ({3: "10"}, None, "", "no_material"),
        ({2: "-1"}, None, "", "cost_wrong"),
        ({9: "1"}, None, "", "refused"),
    ):
        lines = [{"kind": "part", "unit_cost": COST}, {"kind": "sublet"}, {"kind": "labour"}]
        order = RepairOrderFactory(advisor=people.advisor, lines=lines)
        known, told = dict(order.lines.values_list("number", "unit_cost")), None
        entry = {"order": order, "costs": amounts(given), "seen": amounts(seen), "reason": reason}
        try:
            actions.set_line_costs(**entry, by=people.finance, at=MORNING)
        except Refusal as refusal:
            told = refusal.code
        assert told == code
        now = known | amounts(given) if code is None else known
        assert dict(order.lines.values_list("number", "unit_cost")) == now
    assert {entry.subject_type for entry in Entry.objects.filter(verb="order_line.cost_set")} == {"reception.orderline"}


def test_bills_come_after_the_settlement_and_a_reversal_keeps_what_things_cost_by_then(people, client):
    lines = [{"kind": "sublet"}, {"kind": "part", "unit_cost": COST}]
    order = RepairOrderFactory(advisor=people.advisor, state=OrderState.SETTLED, lines=lines)
    signed_in(client, people.finance)
    sent = {"cost_1": "400", "seen_1": "", "cost_2": "31.37", "seen_2": "31.37", "reason": ""}
    address = reverse("reception:order_costs_save", args=[order.pk])
    del sent["cost_2"], sent["seen_2"]  # a line somebody added since is left alone
    assert client.post(address, sent).status_code == 302
    late = client.post(address, {**sent, "cost_1": "410"})  # somebody entered 400 meanwhile
    assert (late.status_code, late.context["form"]["seen_1"].value()) == (412, "400.00")
    body = {"lines": [{"number": 1, "unit_cost": "420.00"}], "reason": "账单更正"}
    answer = client.patch(f"/api/v1/repair-orders/{order.pk}/costs/", body, content_type="application/json")
    assert [(one["number"], one["unit_cost"]) for one in answer.json()] == [(1, "420.00"), (2, "31.37")]
    settlement = Settlement.objects.get()
    assert "cost" not in str(settlement.lines)
    actions.request_reversal(settlement=settlement, reason="价格有误", by=people.cashier, at=MORNING)
    actions.reverse_settlement(settlement=settlement, by=people.manager, at=MORNING)
    settlement.refresh_from_db()
    assert settlement.costs == {"1": "420.00", "2": "31.37"}


def test_lines_written_before_their_article_had_a_price_are_completed_once(people, order, client):
    for code, kind, cost in (("PJ001", "part", None), ("PJ001", "part", Decimal(1)), ("", "part", None),
                             ("PJ404", "part", None), ("PJ001", "sublet", None)):  # fmt: skip
        OrderLineFactory(order=order, kind=kind, code=code, unit_cost=cost)
    PartFactory(store=people.store, code="PJ001", costs={"2026-01-01": "31.37", "2026-10-13": "50"})
    assert client.post(reverse("reception:parts_complete")).status_code == 302
    signed_in(client, people.workshop).post(reverse("reception:parts_complete"))
    assert list(order.lines.order_by("number").values_list("unit_cost", flat=True)) == [
        COST, Decimal(1), None, None, None
    ]  # fmt: skip
    assert actions.complete_costs(store=people.store, by=people.workshop, at=MORNING) == 0
    assert Entry.objects.filter(verb="order_lines.costs_completed").count() == 1


# ── Whose eyes see it ────────────────────────────────────────────────────────────────────────────────────────────────
def test_who_sees_the_margin_may_know_costs_and_the_desk_may_not():
    sees_margin = {role for role, allowed in PERMISSIONS.items() if Permission.KPI_VIEW in allowed}
    assert sees_margin <= set(KNOWS) == sees_margin | {Role.WORKSHOP, Role.FINANCE}
    assert {role for role, allowed in PERMISSIONS.items() if Permission.COST_CHANGE in allowed} == {
        Role.WORKSHOP, Role.MANAGER, Role.FINANCE
    }  # fmt: skip


def test_the_desk_and_the_customer_never_see_a_cost(people, client):
    PartFactory(store=people.store, code="PJ001")
    line = {"kind": "part", "code": "PJ001", "name": "机油滤清器", "unit_cost": COST}
    order = RepairOrderFactory(advisor=people.advisor, state=OrderState.DELIVERED, lines=[line])
    actions.set_line_costs(order=order, costs={1: COST + 1}, reason="更正", by=people.manager, at=MORNING)
    settlement = Settlement.objects.get()
    pages = [
        *(reverse(f"reception:{name}", args=[order.pk]) for name in (
            "order", "order_story", "order_print", "estimate_print", "delivery_print", "order_evidence")),
        *(reverse(f"reception:{name}", args=[settlement.pk]) for name in ("settlement", "settlement_print")),
        reverse("reception:parts"), f"{reverse('reception:operations_offered')}?kind=part&q=PJ&order={order.pk}",
        f"/api/v1/repair-orders/{order.pk}/", f"/api/v1/repair-orders/{order.pk}/lines/",
        f"/api/v1/settlements/{settlement.pk}/", "/api/v1/parts/",
    ]  # fmt: skip
    for person in (people.advisor, people.frontdesk):
        signed_in(client, person)
        for page in pages:
            answer = client.get(page)
            assert answer.status_code == 200, page
            shown = answer.content.decode()
            assert "31.37" not in shown, page
            assert "32.37" not in shown, page
            assert "unit_cost" not in shown, page
        for page in (reverse("reception:order_costs", args=[order.pk]), f"/api/v1/repair-orders/{order.pk}/costs/"):
            assert client.get(page).status_code == 403
        assert client.post(reverse("reporting:export_parts")).status_code == 403
    signed_in(client, people.manager)
    for page in (
        reverse("reception:parts"), "/api/v1/parts/", reverse("reception:order_costs", args=[order.pk]),
        f"/api/v1/repair-orders/{order.pk}/costs/",
    ):  # fmt: skip
        shown = client.get(page).content.decode()
        assert "31.37" in shown or "32.37" in shown, page


@pytest.mark.parametrize("rows", [1, 30])
def test_the_pages_cost_the_same_however_long_they_are(people, rows, client, django_assert_max_num_queries):
    unknown = {"kind": "sublet"}
    order = RepairOrderFactory(
        advisor=people.advisor, state=OrderState.SETTLED, lines=[unknown] * rows, settled_at=timezone.now()
    )
    RepairOrderFactory(advisor=people.advisor, lines=[unknown])  # not settled yet
    RepairOrderFactory(advisor=cast.of_second_store().advisor, state=OrderState.SETTLED, lines=[unknown])
    for _number in range(rows):
        PartFactory(store=people.store)
    signed_in(client, people.manager)
    with django_assert_max_num_queries(20):
        page = client.get(reverse("reception:parts"))
        listed = client.get("/api/v1/parts/", {"q": "滤清器"}).json()
        shown = client.get(reverse("reception:order_costs", args=[order.pk]))
        waiting = client.get(reverse("reception:parts_uncosted"))
    assert (len(page.context["page"].rows), len(listed["results"]), len(shown.context["form"].rows)) == (rows,) * 3
    assert len(waiting.context["page"].rows) == rows
    card = home.card_for(uncosted_card, people.finance, timezone.now())
    assert (card.count, card.items[0].url) == (rows, reverse("reception:order_costs", args=[order.pk]))


# ── Workbook ─────────────────────────────────────────────────────────────────────────────────────────────────────────
HEADERS = ["门店代码", "配件编码", "名称", "类别", "单位", "销售价", "进价", "进价生效日", "是否启用"]


def brought(*rows, **more):
    return take_in(written({"配件目录": [HEADERS, *rows]}), **more)


def prices() -> list[tuple]:
    rows = PartCost.objects.order_by("part__code", "starts_on")
    return [(row.part.code, str(row.starts_on), str(row.unit_cost)) for row in rows.select_related("part")]


def test_the_sheet_keeps_the_catalogue_the_same_file_again_changes_nothing_and_it_can_be_taken_back(people, client):
    code = people.store.code
    rows = [
        [code, "pj001", "机油滤清器", "配件", "件", 48, 31.37, "2026-01-01", "是"],
        [code, "JP001", "脚垫", "精品", None, 468, None, None, None],
    ]
    brought(*rows)
    assert prices() == [("PJ001", "2026-01-01", "31.37")]
    again = brought(*rows)
    assert {row.kind for row in again.sheets["配件目录"].rows} == {"unchanged"}
    run = imported(
        people, {"配件目录": [HEADERS, [code, "PJ001", "机油滤清器", "配件", None, None, 33, "2026-09-01", None]]}
    )
    assert prices() == [("PJ001", "2026-01-01", "31.37"), ("PJ001", "2026-09-01", "33.00")]
    undone(people, run)
    assert prices() == [("PJ001", "2026-01-01", "31.37")]
    book = brought([code, "PJ001", "机油滤清器", "配件", None, None, None, "2026-09-01", None])
    assert told(book) == [("配件目录", 2, "进价生效日")]
    signed_in(client, people.manager)
    client.post(reverse("reporting:export_parts"))
    export = Export.objects.latest("pk")
    content = b"".join(client.get(reverse("reporting:export_file", args=[export.pk])).streaming_content)
    sheet = openpyxl.load_workbook(io.BytesIO(content))["配件目录"]
    assert HEADERS in [[cell.value for cell in row][:9] for row in sheet.iter_rows()]
    assert {row.kind for row in take_in(content).sheets["配件目录"].rows} == {"unchanged"}


def test_who_may_not_see_costs_brings_them_and_reads_no_figure_in_preview_problems_or_journal(people, client):
    """The administrator keeps imports and the journal; what things are bought for is finance's business."""
    code = people.store.code
    brought([code, "PJ001", "机油滤清器", "配件", "件", 48, 31.37, "2026-01-01", "是"])
    tables = {"配件目录": [HEADERS, [code, "PJ001", "机油滤清器", "配件", None, None, 33.79, None, None],
                           [code, "PJ002", "空气滤清器", "配件", None, None, 27.53, None, None]]}  # fmt: skip
    wrong = {"配件目录": [HEADERS, [code, "PJ003", "机滤", "配件", None, 58, "-41.86元", None, None]]}
    figures = ("31.37", "33.79", "27.53", "41.86")

    signed_in(client, people.admin)
    bring = reverse("importing:bring")
    pages = [
        client.post(bring, {"file": SimpleUploadedFile("价目.xlsx", written(each))}).url for each in (wrong, tables)
    ]
    refused, run = ImportRun.objects.order_by("pk")
    problems, file = (reverse(f"importing:{name}", args=[refused.pk]) for name in ("problems", "refused"))

    def seen(person) -> set[str]:
        """The figures a person finds anywhere around the two imports and in the journal."""
        signed_in(client, person)
        told = "".join(client.get(page, {"show": show}).content.decode() for page in pages for show in ("", "refused"))
        told += b"".join(client.get(problems).streaming_content).decode()
        told += "".join(str(line) for line in read_lines(Entry.objects.all(), reader=person))
        return {figure for figure in figures if figure in told}

    client.post(reverse("importing:confirm", args=[run.pk]), {"fingerprint": run.fingerprint})
    assert ("PJ002", "27.53") in {(part, cost) for part, _day, cost in prices()}
    assert (seen(people.admin), seen(people.finance)) == (set(), set(figures))
    page = signed_in(client, people.admin).get(reverse("office:journal"))
    assert not any(figure in page.content.decode() for figure in figures)
    [told] = [line for line in page.context["lines"] if line.entry.verb == "part.changed_by_import"]
    assert [pair for _name, *pair in told.changes] == [[HIDDEN, HIDDEN]]
    # The file is handed back to who brought it, to nobody else who may not read all of it.
    assert client.get(file).status_code == 200
    ImportRun.objects.update(brought_by=people.manager)
    assert client.get(file).status_code == 302


def test_lines_may_bring_what_they_cost_and_else_take_it_from_the_catalogue():
    tables = month_tables()
    header, lines = tables["工单项目"][0], tables["工单项目"][1:]
    place = header.index("类别")
    first, second = [number for number, row in enumerate(lines, start=2) if row[place] == "配件"][:2]
    header += ["编码", "成本单价"]
    for row in lines:
        row += [None, None]
    lines[first - 2][-1] = 12.5
    lines[second - 2][-2] = "PJ001"
    store = tables["门店"][1][0]
    tables["配件目录"] = [HEADERS, [store, "PJ001", "滤清器", "配件", None, None, 31.37, "2026-01-01", None]]
    take_in(written(tables))
    known = OrderLine.objects.filter(unit_cost__isnull=False).order_by("unit_cost")
    assert [line.unit_cost for line in known] == [Decimal("12.50"), COST]
    again = take_in(written(tables))
    assert {row.kind for row in again.sheets["工单项目"].rows} == {"unchanged"}
    labour = next(number for number, row in enumerate(lines, start=2) if row[place] == "工时")
    wrong = take_in(written(cell(tables, "工单项目", labour, "成本单价", 5)))
    assert told(wrong) == [("工单项目", labour, "成本单价")]
