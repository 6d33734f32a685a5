"""A cell becomes a value, or a sentence that says why not."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealer_crm.importing.cells import BrokenCell, fold_code, fold_header, fold_text
from dealer_crm.importing.widgets import (
    Choice,
    Code,
    Day,
    Discount,
    Moment,
    Money,
    Month,
    Number,
    Phone,
    Plate,
    Text,
    Vin,
    Whole,
    YesNo,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
KINDS = Choice({"常规保养": "maintenance", "PDI": "pdi"})

READ = [
    (Text(10), "  张三\u3000", "张三"),
    (Text(10), "Ａ１（公司）", "A1（公司）"),
    (Text(10), 12.0, "12"),
    (Text(10), "'007", "007"),
    (Code(), " gd81－０００１ ", "GD81-0001"),
    (Code(), "GD81–0001", "GD81-0001"),
    (Code(), "a\u200b01", "A01"),
    (Code(), 1001.0, "1001"),
    (Code(), "straße", "STRAßE"),
    (Plate(), "沪a·00001", "沪A00001"),
    (Plate(), "沪Ａ 00001", "沪A00001"),
    (Vin(), "lsvaa49j132047371", "LSVAA49J132047371"),
    (Phone(), 13800000011.0, "+8613800000011"),
    (Phone(), "１３８ 0000-0011", "+8613800000011"),
    (Phone(), "+86 138 0000 0011", "+8613800000011"),
    (Phone(), "1.3800000011E+10", "+8613800000011"),
    (Phone(), "13800000011.0", "+8613800000011"),
    (Phone(), "021-58881234", "+862158881234"),
    (Money(), "1,234.50", Decimal("1234.50")),
    (Money(), "￥1,234.50元", Decimal("1234.50")),
    (Money(), 0.1 + 0.2, Decimal("0.30")),
    (Money(), "-12", Decimal("-12.00")),
    (Money(), 6829.95, Decimal("6829.95")),
    (Number(places=2), " 3.6 ", Decimal("3.60")),
    (Number(places=2), "1e2", Decimal("100.00")),
    (Whole(), "29272.0", 29272),
    (Discount(), "20%", Decimal("0.2000")),
    (Discount(), 1, Decimal("1.0000")),
    (KINDS, "pdi", "pdi"),
    (KINDS, "ＰＤＩ", "pdi"),
    (KINDS, " 常规保养", "maintenance"),
    (YesNo(), "√", True),
    (YesNo(), "n", False),
    (YesNo(), True, True),
    (YesNo(), 0.0, False),
    (Day(), date(2026, 10, 5), date(2026, 10, 5)),
    (Day(), datetime(2026, 10, 5, 14, 30), date(2026, 10, 5)),
    (Day(), "2026-10-05", date(2026, 10, 5)),
    (Day(), "2026/10/5", date(2026, 10, 5)),
    (Day(), "2026.10.5", date(2026, 10, 5)),
    (Day(), "２０２６年１０月５日", date(2026, 10, 5)),
    (Day(), "20261005", date(2026, 10, 5)),
    (Day(), 20261005.0, date(2026, 10, 5)),
    (Moment(), "2026-10-05 14:30", datetime(2026, 10, 5, 14, 30, tzinfo=SHANGHAI)),
    (Moment(), "2026年10月5日 9:05", datetime(2026, 10, 5, 9, 5, tzinfo=SHANGHAI)),
    (Moment(), "2026/10/05 14:30:15", datetime(2026, 10, 5, 14, 30, 15, tzinfo=SHANGHAI)),
    (Moment(), "2026-10-05T14:30", datetime(2026, 10, 5, 14, 30, tzinfo=SHANGHAI)),
    (Moment(), "2026年10月5日14时30分", datetime(2026, 10, 5, 14, 30, tzinfo=SHANGHAI)),
    (Moment(), datetime(2026, 9, 1, 9, 14, 59, 999_900), datetime(2026, 9, 1, 9, 15, tzinfo=SHANGHAI)),
    (Moment(), date(2026, 10, 5), datetime(2026, 10, 5, tzinfo=SHANGHAI)),
    (Month(), "2026-10", "2026-10"),
    (Month(), "2026/9", "2026-09"),
    (Month(), "2026年9月", "2026-09"),
    (Month(), 202609.0, "2026-09"),
    (Month(), datetime(2026, 9, 1), "2026-09"),
]


@pytest.mark.parametrize(("widget", "cell", "value"), READ)
def test_a_cell_is_read(widget, cell, value):
    assert widget.clean(cell) == value


REFUSED = [
    (Text(3), "四个字啊"),
    (Code(), "A 01"),
    (Code(), 1e17),
    (Code(), True),
    (Code(), datetime(2026, 1, 1)),
    (Code(3), "ABCD"),
    (Vin(), "LSVAA49J13204737"),
    (Vin(), "ISVAA49J132047371"),
    (Phone(), "1.38E+10"),
    (Phone(), "无"),
    (Phone(), "123"),
    (Phone(), True),
    (Money(), "三百元"),
    (Money(), "1,23"),
    (Money(), "1,2345.00"),
    (Money(), "12.345"),
    (Money(), float("nan")),
    (Money(), float("inf")),
    (Money(), True),
    (Money(), "1e400"),
    (Money(), datetime(2026, 1, 1)),
    (Money(least=Decimal(0)), "-0.01"),
    (Number(places=2, above=Decimal(0)), 0),
    (Whole(), 1.5),
    (Whole(), 3_000_000_000),
    (Discount(), 8.5),
    (Discount(), "八折"),
    (Discount(), "120%"),
    (Discount(), -0.1),
    (KINDS, "大修"),
    (YesNo(), "也许"),
    (Day(), "2026-13-40"),
    (Day(), "2026年2月31日"),
    (Day(), "2026-10"),
    (Day(), "昨天"),
    (Day(), 46284.0),
    (Day(), "1026-01-01"),
    (Day(), datetime(3026, 1, 1)),
    (Day(), time(14, 30)),
    (Moment(), "14:30"),
    (Moment(), timedelta(hours=30)),
    (Moment(), "2026-10-05 25:00"),
    (Month(), "2026-13"),
    (Month(), "10"),
    (Month(), date(2026, 9, 5)),
    (Money(), BrokenCell("#REF!")),
    (Text(10), BrokenCell("")),
]


@pytest.mark.parametrize(("widget", "cell"), REFUSED)
def test_a_cell_that_can_not_be_read_says_why(widget, cell):
    with pytest.raises(ValueError) as refused:
        widget.clean(cell)
    assert str(refused.value).endswith((".", "。"))


@given(st.text(max_size=30))
def test_folding_twice_is_folding_once(text):
    for fold in (fold_text, fold_code, fold_header):
        once = fold(text)
        if not once.startswith(("'", "’", "‘")):
            assert fold(once) == once


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_an_amount_is_read_the_same_however_it_is_typed(amount):
    if abs(amount) < 10**12:
        assert {
            Money().clean(text)
            for text in (str(amount), f" {amount:,} ", f"￥{abs(amount)}" if amount >= 0 else str(amount))
        } == {amount}


@given(st.datetimes(min_value=datetime(1950, 1, 1), max_value=datetime(2099, 12, 31)))
def test_a_moment_is_read_the_same_in_every_form(moment):
    moment = moment.replace(second=0, microsecond=0)
    forms = [
        moment,
        f"{moment:%Y-%m-%d %H:%M}",
        f"{moment.year}/{moment.month}/{moment.day} {moment:%H:%M:%S}",
        f"{moment.year}年{moment.month}月{moment.day}日 {moment.hour}:{moment:%M}",
    ]
    assert {Moment().clean(form) for form in forms} == {moment.replace(tzinfo=SHANGHAI)}
