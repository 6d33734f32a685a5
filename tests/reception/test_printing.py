"""What goes on paper: the items of JT/T 1133, masked phones, the paper the desk chose, sheets that hold sixty lines."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from dealer_crm.organization.models import Store
from reception import actions
from reception.choices import LineKind, OrderState, Payer
from reception.queries import printed_items
from reception.queries.settlements import printed_item_of
from tests.factories.reception import MORNING, ReceiptFactory, RepairOrderFactory, SuggestionFactory

pytestmark = pytest.mark.django_db

SHEETS = ["order_print", "estimate_print", "suggestions_print", "delivery_print"]


def work(count: int) -> list[dict]:
    kinds = list(LineKind)
    return [
        {
            "kind": kinds[n % len(kinds)], "name": f"更换前制动片并清洁制动分泵 {n}", "code": f"BR{n:04d}",
            "quantity": Decimal(1), "unit_price": Decimal("12.50"),
            "payer": Payer.INSURANCE if n % 3 else Payer.CUSTOMER,
        }
        for n in range(count)
    ]  # fmt: skip


@pytest.fixture
def settled(people):
    return RepairOrderFactory(advisor=people.advisor, state=OrderState.SETTLED, lines=work(6))


@pytest.fixture
def desk(client, people):
    client.force_login(people.cashier)
    return client


def text_of(answer) -> str:
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


# ── The settlement list ──────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("kind", "name", "item"),
    [
        (LineKind.LABOUR, "更换机油机滤", "Labour charge"),
        (LineKind.LABOUR, "发动机故障诊断", "Diagnosis charge"),
        (LineKind.OTHER, "诊断费", "Diagnosis charge"),
        (LineKind.LABOUR, "四轮定位检测", "Testing charge"),
        (LineKind.OTHER, "尾气检测费", "Testing charge"),
        (LineKind.LABOUR, "检测并更换蓄电池", "Labour charge"),
        (LineKind.PART, "诊断", "Material charge"),
        (LineKind.ACCESSORY, "行车记录仪", "Material charge"),
        (LineKind.SUBLET, "轮毂检测", "Sublet charge"),
        (LineKind.OTHER, "施救费", "Other charges"),
    ],
)
def test_every_line_counts_to_one_item_of_the_list(kind, name, item):
    from django.utils import translation

    with translation.override("en"):
        assert str(printed_item_of(kind, name)) == item


def test_the_items_add_up_to_what_was_settled(settled):
    items = printed_items(settled.settlements.get())

    assert [len(item.lines) for item in items] == [0, 0, 2, 2, 1, 1]
    assert sum(item.amount for item in items) == sum(one.amount for one in settled.settlements.get().amounts.all())


def test_the_settlement_list_has_what_the_standard_asks_for(desk, people, settled):
    settlement = settled.settlements.get()

    sheet = text_of(desk.get(reverse("reception:settlement_print", args=[settlement.pk])))

    phone = settled.customer.phones.get()
    for wanted in (
        "机动车维修费用结算清单", people.store.name, settlement.number, settled.number, settled.customer.name,
        str(phone), settled.vehicle.plate, settled.vehicle.brand, "12,000 km", "诊断费", "检测费", "工时费", "材料费",
        "外加工费", "其他费用", "BR0000", "25.00", "贰拾伍元整", "维修质量保证期", "旧件", "客户签字", "承修方（盖章）",
    ):  # fmt: skip
        assert wanted in sheet, wanted
    assert phone.number not in sheet
    assert str(phone.number)[-11:] not in sheet


def test_the_settlement_list_names_who_is_paid_as_far_as_it_is_known(desk, people, settled):
    address = reverse("reception:settlement_print", args=[settled.settlements.get().pk])
    known = {
        "legal_name": "北京远航汽车销售服务有限公司", "credit_code": "91110105MA01ABCD2X",
        "repair_licence": "京交维备 110105001 号", "bank_name": "中国工商银行朝阳支行", "bank_account": "0200 1920",
    }  # fmt: skip
    labels = ["统一社会信用代码", "备案编号", "开户银行", "银行账号"]

    bare = text_of(desk.get(address))
    Store.objects.filter(pk=people.store.pk).update(**known)
    whole = text_of(desk.get(address))

    assert [one for one in labels if one in bare] == []
    assert [one for one in (*labels, *known.values()) if one not in whole] == []


def test_a_reversed_settlement_says_so_on_paper(desk, people, settled):
    settlement = settled.settlements.get()
    actions.request_reversal(settlement=settlement, reason="付费方选错", by=people.cashier, at=MORNING)
    actions.reverse_settlement(settlement=settlement, by=people.manager, at=MORNING)

    assert "已红冲" in text_of(desk.get(reverse("reception:settlement_print", args=[settlement.pk])))


# ── The other sheets ─────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("name", SHEETS)
@pytest.mark.parametrize("state", [OrderState.DRAFT, OrderState.OPEN, OrderState.DELIVERED])
@pytest.mark.parametrize("lines", [0, 1])
def test_every_sheet_of_an_order_is_printed_with_a_masked_phone(desk, people, name, state, lines):
    if state == OrderState.DELIVERED and not lines:
        lines = 2
    order = RepairOrderFactory(advisor=people.advisor, state=state, lines=lines)

    sheet = text_of(desk.get(reverse(f"reception:{name}", args=[order.pk])))

    assert order.number in sheet and order.vehicle.plate in sheet
    assert str(order.customer.phones.get()) in sheet
    assert order.customer.phones.get().number[3:] not in sheet


def test_the_suggestion_sheet_holds_what_is_open_on_the_car(desk, people, settled):
    SuggestionFactory(vehicle=settled.vehicle, store=people.store, name="更换刹车油", quoted_amount=Decimal(280))

    sheet = text_of(desk.get(reverse("reception:suggestions_print", args=[settled.pk])))

    assert "更换刹车油" in sheet and "280.00" in sheet


def test_a_receipt_and_a_refund_are_slips_in_capitals(desk, people, settled):
    receipt = ReceiptFactory(order=settled, amount=Decimal("1234.05"))
    refund = actions.refund_receipt(
        receipt=receipt, amount=Decimal("34.05"), reason="多收", by=people.cashier, at=receipt.entered_at
    )

    slip = text_of(desk.get(reverse("reception:receipt_print", args=[receipt.pk])))
    back = text_of(desk.get(reverse("reception:receipt_print", args=[refund.pk])))

    assert "收据" in slip and "壹仟贰佰叁拾肆元零伍分" in slip and settled.customer.name in slip
    assert "退款单" in back and "叁拾肆元零伍分" in back and receipt.number in back and "负" not in back


# ── Paper ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_paper_chosen_once_is_that_of_the_next_sheet(desk, settled):
    url = reverse("reception:order_print", args=[settled.pk])
    assert 'class="paper-a4"' in desk.get(url).content.decode()

    chosen = desk.get(url, {"paper": "241"})
    other = desk.get(reverse("reception:estimate_print", args=[settled.pk]))
    unknown = desk.get(url, {"paper": "a3"})

    assert all('class="paper-241"' in answer.content.decode() for answer in (chosen, other, unknown))
    assert chosen.cookies["paper"]["httponly"]
    assert not unknown.cookies


# Sheets of each paper (millimetres) and how many sixty lines need at most.
PAPERS = {"a4": (210, 297, 3), "241": (241, 140, 6), "241-full": (241, 280, 3)}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("paper", PAPERS)
def test_sixty_lines_repeat_the_header_and_keep_the_signatures_with_the_sums(live_server, browser, people, paper):
    order = RepairOrderFactory(advisor=people.advisor, state=OrderState.SETTLED, lines=work(60))
    page = signed_in(browser, live_server, people.cashier)
    page.goto(
        f"{live_server.url}{reverse('reception:settlement_print', args=[order.settlements.get().pk])}?paper={paper}"
    )

    pdf = page.pdf(prefer_css_page_size=True)
    page.context.close()

    width, height, most = PAPERS[paper]
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert 2 <= len(boxes) <= most
    for wide, high in boxes:
        assert (round(float(wide) / 72 * 25.4), round(float(high) / 72 * 25.4)) == (width, height)


@pytest.mark.django_db(transaction=True)
def test_what_is_for_the_screen_is_not_printed(live_server, browser, people):
    order = RepairOrderFactory(advisor=people.advisor, state=OrderState.SETTLED)
    page = signed_in(browser, live_server, people.cashier)
    page.goto(live_server.url + reverse("reception:order_print", args=[order.pk]))
    assert page.locator(".on-screen").is_visible()

    page.emulate_media(media="print")

    assert not page.locator(".on-screen").is_visible()
    assert page.locator("thead").first.evaluate("one => getComputedStyle(one).display") == "table-header-group"
    assert page.locator(".print-end").evaluate("one => getComputedStyle(one).breakInside") == "avoid"
    page.context.close()


def signed_in(browser, live_server, person):
    from django.test import Client

    client = Client()
    client.force_login(person)
    context = browser.new_context(locale="zh-CN")
    context.add_cookies([
        {"name": name, "value": cookie.value, "url": live_server.url} for name, cookie in client.cookies.items()
    ])  # fmt: skip
    return context.new_page()
